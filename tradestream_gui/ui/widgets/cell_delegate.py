"""Paints every table cell: its tone in the theme's colour, also when selected, and a short tint when it changed."""

from typing import Any

from PyQt6.QtCore import QElapsedTimer, QModelIndex, QRect, QSize, Qt, QTimer
from PyQt6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from tradestream_gui.ui.models.columns import Align
from tradestream_gui.ui.models.keyed_table import CellChange, KeyedTableModel
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.cell_flash import CellFlashes

PADDING_PX = 8
_SELECTED, _FOCUSED = QStyle.StateFlag.State_Selected.value, QStyle.StateFlag.State_HasFocus.value
ELIDED_TEXTS = 4096  # texts remembered in their cut form; cleared when full
_FLAGS = {
    Align.LEFT: int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine),
    Align.RIGHT: int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine),
    Align.CENTER: int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine),
}


class CellDelegate(QStyledItemDelegate):
    """One delegate for all tables; colours are resolved once per theme, texts are read from the model's lists."""

    def __init__(self, look: Look, model: KeyedTableModel[Any], view: QTableView) -> None:
        super().__init__(view)
        self._look = look
        self._model = model
        self._view = view
        self.hovered_row = -1
        self._elided: dict[tuple[str, int], str] = {}
        self._clock = QElapsedTimer()
        self._clock.start()
        self._flashes = CellFlashes()
        self._fade_timer = QTimer(self)
        self._fade_timer.setSingleShot(True)
        self._fade_timer.timeout.connect(self._fade)
        self._adopt_look()
        look.changed.connect(self._adopt_look)
        model.cells_changed.connect(self._on_cells_changed)

    def _adopt_look(self) -> None:
        theme = self._look.theme
        self._tone_colors: dict[Tone | None, QColor] = {tone: theme.tone(tone) for tone in (None, *Tone)}
        self._selected, self._hover = theme.color("selected"), theme.color("hover")
        self._hairline, self._focus = theme.color("hairline"), theme.color("focus")
        self._tints: dict[int, QColor] = {
            1: theme.tint("up", 0.22),
            -1: theme.tint("down", 0.22),
            0: theme.tint("info", 0.20),
        }
        self._fonts = [
            self._look.mono(12) if column.mono else self._look.font(13, _weight(column.strong))
            for column in self._model.columns
        ]
        self._metrics = [QFontMetrics(font) for font in self._fonts]
        self._wide = [metrics.horizontalAdvance("0") * 1.2 for metrics in self._metrics]
        self._padding = self._look.px(PADDING_PX)
        self._elided.clear()
        self._view.viewport().update()  # type: ignore[union-attr]  # an item view always has a viewport

    def _on_cells_changed(self, cells: list[CellChange]) -> None:
        if self._look.reduce_motion or not self._view.isVisible():
            return
        self._flashes.start(cells, self._clock.elapsed())
        if self._flashes and not self._fade_timer.isActive():
            self._fade_timer.start(self._flashes.next_end_in(self._clock.elapsed()))

    def _fade(self) -> None:
        now = self._clock.elapsed()
        for key, column in self._flashes.take_ended(now):
            position = self._model.position_of(key)
            if position is not None:
                self._view.update(self._model.index(position, column))
        if self._flashes:
            self._fade_timer.start(self._flashes.next_end_in(now))

    def _fitted(self, text: str, column: int, width: int) -> str:
        """The text, cut with an ellipsis only where it is wider than the cell."""
        if len(text) * self._wide[column] <= width and self._model.columns[column].align is Align.RIGHT:
            return text  # figures: no need to measure
        known = self._elided.get((text, width))
        if known is None:
            if len(self._elided) >= ELIDED_TEXTS:
                self._elided.clear()
            known = self._metrics[column].elidedText(text, Qt.TextElideMode.ElideRight, width)
            self._elided[(text, width)] = known
        return known

    def is_elided(self, index: QModelIndex, width: int) -> bool:
        """True when the cell cannot show its whole text."""
        text = self._model.text(index.row(), index.column())
        return self._metrics[index.column()].horizontalAdvance(text) > width - 2 * self._padding

    def paint_hairlines(self, painter: QPainter, first: int, last: int, width: int) -> None:
        """Below each of these rows, once for all its cells."""
        for row in range(first, last + 1):
            foot = self._view.rowViewportPosition(row) + self._view.rowHeight(row) - 1
            painter.fillRect(0, foot, width, 1, self._hairline)

    # overridden Qt methods

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        assert painter is not None
        row, column = index.row(), index.column()
        rect = option.rect
        left, top, width, height = rect.getRect()
        state = option.state.value  # as an int: flag objects cost a microsecond a cell
        if state & _SELECTED:
            painter.fillRect(rect, self._selected)
        elif row == self.hovered_row:
            painter.fillRect(rect, self._hover)
        if self._flashes:
            direction = self._flashes.direction(self._model.keys[row], column)
            if direction is not None:
                painter.fillRect(rect, self._tints[direction])
        left, width = left + self._padding, width - 2 * self._padding
        declared = self._model.columns[column]
        if declared.icon is not None:
            left, width = self._paint_icon(painter, index, rect, left, width)
        text = self._model.texts[row][column]
        if text and width > 0:
            painter.setFont(self._fonts[column])
            painter.setPen(self._tone_colors[self._model.tones[row][column]])
            text = self._fitted(text, column, width)
            painter.drawText(left, top, width, height, _FLAGS[declared.align], text)
        if state & _FOCUSED:
            painter.setPen(self._focus)
            painter.drawRect(rect.adjusted(0, 0, -1, -2))  # two lines: a ring of 2 px
            painter.drawRect(rect.adjusted(1, 1, -2, -3))

    def _paint_icon(self, painter: QPainter, index: QModelIndex, rect: QRect, left: int, width: int) -> tuple[int, int]:
        name = self._model.data(index, Qt.ItemDataRole.DecorationRole)
        if not name:
            return left, width
        side = self._look.px(14)
        tone = self._model.tones[index.row()][index.column()]
        pixmap = self._look.icons.pixmap(name, side, self._tone_colors[tone])
        painter.drawPixmap(left, rect.top() + (rect.height() - side) // 2, pixmap)
        return left + side + self._look.px(6), width - side - self._look.px(6)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        text = self._model.text(index.row(), index.column())
        extra = self._look.px(20) if self._model.columns[index.column()].icon is not None else 0
        width = self._metrics[index.column()].horizontalAdvance(text) + 2 * self._padding + extra
        return QSize(width, self._look.row_height())


def _weight(strong: bool) -> QFont.Weight:
    return QFont.Weight.DemiBold if strong else QFont.Weight.Normal
