"""The left side of the Config tab: the search box and the list of pages with what it found on each."""

from collections.abc import Mapping

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tradestream_gui.ui.shell.find_field import mark_find_field
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, tooltip
from tradestream_gui.ui.tabs.config.pages import PAGES

ROW_PX, LEAST_ROW_PX = 34, 24
"""At 100 %: rows come closer together before the list scrolls."""

WIDTH_PX, ICON_PX, ROOM_PX = 216, 16, 5
MARGIN_PX, AROUND_PX = 10, 26
"""Of the list, and around an icon in it: these do not grow with the text."""


class PageList(QFrame):
    page_chosen = pyqtSignal(str)
    searched = pyqtSignal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._counts: Mapping[str, int] = {}
        self.is_narrow = False
        self._is_searching = False
        self.setProperty("role", "panel")
        self.edit = QLineEdit(self)
        self.edit.setPlaceholderText("Search settings")
        mark_find_field(self.edit)
        self.edit.setAccessibleName("Search settings")
        self.edit.setClearButtonEnabled(True)
        self.edit.setEnabled(False)
        self.sign = QToolButton(self)
        self.sign.setAccessibleName("Search settings")
        explain(self.sign, "Search settings")
        self.sign.setEnabled(False)
        self.sign.hide()
        mark_find_field(self.sign)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Pages of settings")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for page in PAGES:
            self.list.addItem(QListWidgetItem(page.title))
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN_PX, 12, MARGIN_PX, 10)
        column.setSpacing(8)
        column.addWidget(self.edit)
        column.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.list, 1)
        self.sign.clicked.connect(self._on_sign)
        self.edit.editingFinished.connect(self._on_edited)
        self.list.currentRowChanged.connect(self._on_row)
        self.edit.textChanged.connect(self._on_text)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    @property
    def text(self) -> str:
        return self.edit.text().strip().lower()

    def set_ready(self) -> None:
        self.edit.setEnabled(True)
        self.sign.setEnabled(True)

    def set_narrow(self, narrow: bool) -> None:
        """Icons alone, where a page needs the room more; their names stand in the tool tips. A search needs words.

        Each page's icon stays at its height: who clicks one after the other must not miss.
        """
        narrow = narrow and not self.text and not self._is_searching
        if narrow is not self.is_narrow:
            self.is_narrow = narrow
            self.sign.setFixedHeight(self.edit.sizeHint().height())
            self.edit.setVisible(not narrow)
            self.sign.setVisible(narrow)
            self._show_titles()
            self._adopt_look()

    def choose(self, key: str) -> None:
        """Marks the page without telling that it was chosen."""
        before = self.list.blockSignals(True)
        self.list.setCurrentRow(next(row for row, page in enumerate(PAGES) if page.key == key))
        self.list.blockSignals(before)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How many settings a search found on each page; pages without one are hidden. Empty: no search."""
        self._counts = counts
        self._show_titles()

    def _show_titles(self) -> None:
        for row, page in enumerate(PAGES):
            item = self.list.item(row)
            if item is not None:
                count = self._counts.get(page.key, 0)
                title = f"{page.title}  ({count})" if count else page.title
                item.setText("" if self.is_narrow else title)
                item.setToolTip(tooltip(title if self.is_narrow else ""))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, title)
                item.setHidden(bool(self._counts) and not count)

    def _on_sign(self) -> None:
        """The list takes its words again for as long as something is searched."""
        self._is_searching = True
        self.set_narrow(False)
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_edited(self) -> None:
        self._is_searching = False
        self.searched.emit(self.text)

    def _on_row(self, row: int) -> None:
        if row >= 0:
            self.page_chosen.emit(PAGES[row].key)

    def _on_text(self) -> None:
        self.searched.emit(self.text)

    def _adopt_look(self) -> None:
        icon = self._look.px(ICON_PX) + AROUND_PX
        narrow = icon + self._look.px(ROOM_PX) + 2 * MARGIN_PX
        self.setFixedWidth(narrow if self.is_narrow else self._look.px(WIDTH_PX))
        self.sign.setIcon(self._look.icon("search"))
        self.sign.setFixedWidth(icon)  # above the icons of the pages
        for row, page in enumerate(PAGES):
            item = self.list.item(row)
            if item is not None:
                item.setIcon(self._look.icon(page.icon))
        self._fit_rows()

    def _fit_rows(self) -> None:
        px = self._look.px
        tall = max(min(px(ROW_PX), self.list.height() // len(PAGES)), px(LEAST_ROW_PX))
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item is not None:
                item.setSizeHint(QSize(0, tall))

    # overridden Qt methods

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit_rows()
