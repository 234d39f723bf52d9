"""One row of the palette: icon and name on the left, what it is beside it, its keys on the right."""

from PyQt6.QtCore import QModelIndex, QRect, QSize, Qt
from PyQt6.QtGui import QFont, QFontMetrics, QPainter
from PyQt6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from tradestream_gui.ui.palette.items import PaletteItem
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, tooltip
from tradestream_gui.ui.shell.tone import Tone

ITEM_ROLE = int(Qt.ItemDataRole.UserRole)
ROW_PX, ICON_PX, GAP_PX = 32, 16, 10
_SELECTED = QStyle.StateFlag.State_Selected.value
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)


def row_of(item: PaletteItem) -> QListWidgetItem:
    """The row with what a screen reader says of it."""
    row = QListWidgetItem(one_line(item.title, 80))
    row.setData(ITEM_ROLE, item)
    spoken = [item.title, item.kind.value, item.detail, item.keys]
    row.setData(Qt.ItemDataRole.AccessibleTextRole, one_line(", ".join(part for part in spoken if part)))
    row.setToolTip(tooltip(item.also if item.kind.value == "setting" else ""))
    return row


class RowDelegate(QStyledItemDelegate):
    def __init__(self, look: Look, view: QListWidget) -> None:
        super().__init__(view)
        self._look = look
        self._adopt_look()
        look.changed.connect(self._adopt_look)

    def _adopt_look(self) -> None:
        look = self._look
        self._title, self._detail, self._keys = look.font(13, QFont.Weight.Medium), look.font(12), look.mono(11)
        self._height = look.px(ROW_PX)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        item = index.data(ITEM_ROLE)
        if painter is None or not isinstance(item, PaletteItem):
            return
        look, gap, side = self._look, self._look.px(GAP_PX), self._look.px(ICON_PX)
        if option.state.value & _SELECTED:
            painter.fillRect(option.rect, look.color("selected"))
        room = option.rect.adjusted(gap, 0, -gap, 0)
        icon = QRect(room.left(), room.center().y() - side // 2, side, side)
        tone = Tone.DANGER if item.is_careful else Tone.SECONDARY
        look.icon(item.icon, tone).paint(painter, icon)
        room.setLeft(icon.right() + gap)
        room.setRight(self._text(painter, room, item.keys, self._keys, Tone.MUTED, _RIGHT).left() - gap)
        taken = self._text(painter, room, one_line(item.title, 80), self._title, Tone.TEXT, _LEFT)
        room.setLeft(taken.right() + gap)
        self._text(painter, room, one_line(item.detail, 120), self._detail, Tone.MUTED, _LEFT)

    def _text(self, painter: QPainter, room: QRect, text: str, font: QFont, tone: Tone, flags: int) -> QRect:
        """Draws what fits; answers the part of the room that it took."""
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room.width(), 0))
        width = min(metrics.horizontalAdvance(shown) + 1, max(room.width(), 0))
        painter.setFont(font)
        painter.setPen(self._look.tone(tone))
        painter.drawText(room, flags, shown)
        return QRect(room.right() - width + 1 if flags == _RIGHT else room.left(), room.top(), width, room.height())

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(self._look.px(200), self._height)
