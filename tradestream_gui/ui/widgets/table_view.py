"""The one table widget: fixed rows, kept header, copy, export, own menu, and a sentence where nothing is shown."""

from collections.abc import Hashable
from typing import Any, cast

from PyQt6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, pyqtSignal
from PyQt6.QtGui import (
    QAction,
    QGuiApplication,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QToolTip, QWidget

from tradestream_gui.ui.models.csv_text import csv_text
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import tooltip
from tradestream_gui.ui.widgets.cell_delegate import CellDelegate
from tradestream_gui.ui.widgets.column_fit import ColumnFit
from tradestream_gui.ui.widgets.columns_menu import ColumnsMenu


class TableView(QTableView):
    """Shows one KeyedTableModel. Selection is by row and survives a rebuild, because it is kept by key."""

    key_selected = pyqtSignal(object)  # the current row's key, None without one
    key_activated = pyqtSignal(object)  # double click or Enter
    menu_opening = pyqtSignal(object, QMenu)  # (key or None, menu): the owner adds its actions before it is shown
    export_wanted = pyqtSignal()  # the user asked for a CSV file; `to_csv()` is its text

    def __init__(
        self, look: Look, model: KeyedTableModel[Any], *, name: str, empty_text: str = "", parent: QWidget | None = None
    ) -> None:
        """`name` is what a screen reader says; `empty_text` stands in the middle while there is no row."""
        super().__init__(parent)
        self._look = look
        self._model = model
        self._empty_text = empty_text
        self._kept_keys: list[Hashable] = []
        self.setModel(model)
        self._delegate = CellDelegate(look, model, self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(name)
        _set_behaviour(self)
        self.customContextMenuRequested.connect(self._open_menu)
        self._port().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._set_header()
        self.fit = ColumnFit(look, self._header(), model.columns)
        self._set_columns()
        self._add_actions()
        model.modelAboutToBeReset.connect(self._keep_selection)
        model.modelReset.connect(self._restore_selection)
        self.doubleClicked.connect(self._on_activated)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    @property
    def keyed_model(self) -> KeyedTableModel[Any]:
        return self._model

    def selected_keys(self) -> list[Hashable]:
        """The keys of the selected rows, top to bottom."""
        selection = self.selectionModel()
        rows = sorted(index.row() for index in selection.selectedRows()) if selection is not None else []
        return [key for key in map(self._model.key_at, rows) if key is not None]

    def current_key(self) -> Hashable | None:
        return self._model.key_at(self.currentIndex().row())

    def select_key(self, key: Hashable) -> bool:
        """Selects the row and scrolls to it; False when it is not shown."""
        position = self._model.position_of(key)
        if position is None:
            return False
        self.selectRow(position)
        self.scrollTo(self._model.index(position, 0))
        return True

    def set_empty_text(self, text: str) -> None:
        self._empty_text = text
        self._port().update()

    def to_csv(self) -> str:
        """All shown rows as CSV text, in the order on screen, with the columns that the table has room for or not."""
        return csv_text(self._model, self._visual_columns())

    def ask_export(self) -> None:
        """Tells whoever listens, and the window around it, that the user wants this table as a file."""
        self.export_wanted.emit()
        _tell_window(self)

    def copy_rows(self) -> None:
        """Puts the selected rows on the clipboard, columns separated by tabs."""
        columns = self._visual_columns()
        rows = [self._model.position_of(key) for key in self.selected_keys()]
        lines = ["\t".join(self._model.text(row, column) for column in columns) for row in rows if row is not None]
        _to_clipboard("\n".join(lines))

    def copy_cell(self) -> None:
        index = self.currentIndex()
        if index.isValid():
            _to_clipboard(self._model.text(index.row(), index.column()))

    # inside

    def _set_header(self) -> None:
        header = self._header()
        _dress_header(header)
        header.customContextMenuRequested.connect(self.open_columns_menu)
        self.setSortingEnabled(True)
        rows = self.verticalHeader()
        assert rows is not None
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _set_columns(self) -> None:
        """After the header knows whether it stretches its last section: a hidden one would count into its length."""
        for number, column in enumerate(self._model.columns):
            self.setColumnWidth(number, self._look.px(column.width))
            self.setColumnHidden(number, column.hidden or column.stands_for > 0)

    def _add_actions(self) -> None:
        self._copy_action = QAction("Copy rows", self)
        self._copy_action.setShortcut(QKeySequence.StandardKey.Copy)
        self._copy_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._copy_action.triggered.connect(self.copy_rows)
        self._export_action = QAction("Export as CSV…", self)
        self._export_action.setShortcut(QKeySequence("Ctrl+E"))
        self._export_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._export_action.triggered.connect(self.ask_export)
        self.addActions((self._copy_action, self._export_action))

    def _adopt_look(self) -> None:
        rows = self.verticalHeader()
        assert rows is not None
        rows.setMinimumSectionSize(self._look.row_height())
        rows.setDefaultSectionSize(self._look.row_height())
        self._header().setFixedHeight(self._look.px(28))
        self.fit.adopt_look(self._port().width())
        self._port().update()

    def _keep_selection(self) -> None:
        self._kept_keys = self.selected_keys()

    def _restore_selection(self) -> None:
        kept, self._kept_keys = self._kept_keys, []
        selection = self.selectionModel()
        rows = [row for row in map(self._model.position_of, kept) if row is not None]
        if selection is None or not rows:
            return
        flag = QItemSelectionModel.SelectionFlag
        selection.setCurrentIndex(self._model.index(rows[0], 0), flag.NoUpdate)
        for row in rows:
            selection.select(self._model.index(row, 0), flag.Select | flag.Rows)

    def _visual_columns(self) -> list[int]:
        header = self._header()
        order = (header.logicalIndex(place) for place in range(header.count()))
        return [column for column in order if self.fit.is_wanted(column)]

    def _on_activated(self, index: QModelIndex) -> None:
        key = self._model.key_at(index.row())
        if key is not None:
            self.key_activated.emit(key)

    def _open_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        key = self._model.key_at(self.indexAt(where).row())
        self.menu_opening.emit(key, menu)
        if not menu.isEmpty():
            menu.addSeparator()
        if key is not None:
            menu.addAction("Copy cell", self.copy_cell)
            menu.addAction(self._copy_action)
        menu.addAction(self._export_action)
        menu.popup(self._port().mapToGlobal(where))

    def open_columns_menu(self, where: QPoint) -> None:
        header = self._header()
        menu = ColumnsMenu(header)
        menu.triggered.connect(self.fit.take_over)
        menu.add_reset(self._fit_again)
        menu.popup(header.mapToGlobal(where))

    def _fit_again(self) -> None:
        self.fit.start_again(self._port().width())

    def _hover(self, row: int) -> None:
        if row == self._delegate.hovered_row:
            return
        before, self._delegate.hovered_row = self._delegate.hovered_row, row
        for changed in (before, row):
            if 0 <= changed < self._model.rowCount():
                top, height = self.rowViewportPosition(changed), self.rowHeight(changed)
                self._port().update(QRect(0, top, self._port().width(), height))

    def _show_tooltip(self, event: QHelpEvent) -> bool:
        """The column's own tip, else the whole text of a cell that is too narrow for it."""
        index = self.indexAt(event.pos())
        tip = ""
        if index.isValid():
            tip = self._model.data(index, Qt.ItemDataRole.ToolTipRole) or ""
            if not tip and self._delegate.is_elided(index, self.columnWidth(index.column())):
                tip = tooltip(self._model.text(index.row(), index.column()))
        QToolTip.showText(event.globalPos(), tip, self)
        return True

    def _header(self) -> QHeaderView:
        header = self.horizontalHeader()
        assert header is not None
        return header

    def _port(self) -> QWidget:
        port = self.viewport()
        assert port is not None
        return port

    # overridden Qt methods

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        if current.row() != previous.row():
            self.key_selected.emit(self._model.key_at(current.row()))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        enter = event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.currentIndex().isValid():
            self._on_activated(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        super().mouseMoveEvent(event)
        if event is not None:
            self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent | None) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def viewportEvent(self, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.ToolTip:
            return self._show_tooltip(cast(QHelpEvent, event))
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        last = self.rowAt(self._port().height() - 1)
        self._model.set_window(self.rowAt(0), last if last >= 0 else self._model.rowCount())
        if event is not None:
            _paint_ground(self._port(), self._look, event.rect())
        super().paintEvent(event)
        if event is not None and self._model.rowCount():
            _paint_hairlines(self, self._delegate, event.rect())
        if self.hasFocus() and not self.currentIndex().isValid():
            _paint_focus_ring(self._port(), self._look)
        if self._empty_text and self._model.rowCount() == 0:
            _paint_sentence(self._port(), self._look, self._empty_text)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.fit.fit(self._port().width())

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._model.set_visible(True)

    def hideEvent(self, event: QHideEvent | None) -> None:
        super().hideEvent(event)
        self._model.set_visible(False)


def _paint_ground(port: QWidget, look: Look, rect: QRect) -> None:
    """The viewport says that it is opaque: else all that lies behind it is painted with every changed cell."""
    painter = QPainter(port)
    painter.fillRect(rect, look.color("panel"))
    painter.end()


def _paint_hairlines(table: TableView, delegate: CellDelegate, rect: QRect) -> None:
    header, port, first = table.horizontalHeader(), table.viewport(), table.rowAt(rect.top())
    if first < 0 or header is None or port is None:
        return
    last = table.rowAt(rect.bottom())
    painter = QPainter(port)
    painter.setClipRect(rect)
    rows = last if last >= 0 else table.keyed_model.rowCount() - 1
    delegate.paint_hairlines(painter, first, rows, min(header.length(), port.width()))
    painter.end()


def _tell_window(table: TableView) -> None:
    """Hands the wish for a file to the window around the table, if that takes it."""
    top: QWidget = table
    while (parent := top.parentWidget()) is not None:
        top = parent
    signal = getattr(top, "table_export_wanted", None)
    if signal is not None:
        signal.emit(table)


def _dress_header(header: QHeaderView) -> None:
    header.setHighlightSections(False)
    header.setSectionsMovable(True)
    header.setStretchLastSection(True)
    header.setMinimumSectionSize(28)
    header.setTextElideMode(Qt.TextElideMode.ElideRight)
    header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    header.setSortIndicatorShown(True)
    header.setSortIndicatorClearable(True)
    header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)


def _paint_focus_ring(port: QWidget, look: Look) -> None:
    painter = QPainter(port)
    painter.setPen(QPen(look.color("focus"), 2))
    painter.drawRect(port.rect().adjusted(1, 1, -1, -1))
    painter.end()


def _to_clipboard(text: str) -> None:
    clipboard = QGuiApplication.clipboard()
    if clipboard is not None:
        clipboard.setText(text)


def _set_behaviour(view: QTableView) -> None:
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setTextElideMode(Qt.TextElideMode.ElideRight)
    view.setWordWrap(False)
    view.setShowGrid(False)
    view.setTabKeyNavigation(False)  # Tab leaves the table: no keyboard trap
    view.setCornerButtonEnabled(False)
    view.setMouseTracking(True)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)


def _paint_sentence(port: QWidget, look: Look, text: str) -> None:
    painter = QPainter(port)
    painter.setPen(look.color("muted"))
    painter.setFont(look.font(13))
    painter.drawText(port.rect().adjusted(24, 0, -24, 0), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)
    painter.end()
