"""A field that says in itself what it is for: in the longest words that it has room for, beside an icon."""

from collections.abc import Sequence

from PyQt6.QtGui import QFontMetrics, QResizeEvent
from PyQt6.QtWidgets import QLabel, QLineEdit, QWidget

from tradestream_gui.ui.shell.look import Look

ICON_PX, LEFT_PX, GAP_PX = 16, 8, 4
SIDES_PX = 30
"""Around the words: padding, border and the button that clears; these do not grow with the text."""


class HintField(QLineEdit):
    """`hints` say the same, the longest first. Qt's own icons in a field stay small under a large text."""

    def __init__(self, look: Look, hints: Sequence[str], *, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._hints = hints
        self._icon = icon
        self._mark = QLabel(self)
        self._mark.setVisible(bool(icon))
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def _adopt_look(self) -> None:
        if self._icon:
            side = self._look.px(ICON_PX)
            self._mark.setPixmap(self._look.icons.pixmap(self._icon, side, self._look.color("text_2")))
            self._mark.resize(side, side)
            self.setTextMargins(side + GAP_PX, 0, 0, 0)
        self._fit()

    def _fit(self) -> None:
        self._mark.move(LEFT_PX, (self.height() - self._mark.height()) // 2)
        metrics = QFontMetrics(self._look.font(13))
        room = self.width() - self.textMargins().left() - SIDES_PX
        fitting = (hint for hint in self._hints if metrics.horizontalAdvance(hint) <= room)
        self.setPlaceholderText(next(fitting, self._hints[-1]))

    # overridden Qt methods

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()
