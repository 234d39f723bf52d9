"""A ring that runs empty: how much of a card's life is left."""

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.messages.answer import LAST, LITTLE

SIDE_PX, WIDTH_PX = 28, 4
STEPS_OF_CIRCLE = 16 * 360
"""Qt counts arcs in sixteenths of a degree."""


class LifeRing(QWidget):
    """The words beside it say the same; the ring itself names them to a screen reader."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.share = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Time left to answer")
        look.changed.connect(self._adopt_look)

    def show_share(self, share: float, words: str) -> None:
        """`share` of the life is left, from 1 to 0."""
        self.share = min(max(share, 0.0), 1.0)
        self.setAccessibleDescription(words)
        self.update()

    @property
    def tone(self) -> Tone:
        return Tone.DANGER if self.share < LAST else Tone.WARN if self.share < LITTLE else Tone.ACCENT

    def _adopt_look(self) -> None:
        self.updateGeometry()
        self.update()

    # overridden Qt methods

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(SIDE_PX), self._look.px(SIDE_PX))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self._look.px(WIDTH_PX)
        area = QRectF(self.rect()).adjusted(width, width, -width, -width)
        pen = QPen(self._look.color("border"), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawEllipse(area)
        pen.setColor(self._look.tone(self.tone))
        painter.setPen(pen)
        painter.drawArc(area, STEPS_OF_CIRCLE // 4, round(STEPS_OF_CIRCLE * self.share))
        painter.end()
