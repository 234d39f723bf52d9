"""A large faint word over a chart: these prices are invented."""

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PyQt6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from tradestream_gui.ui.shell.look import Look

SIZE_PX = 40
STRENGTH = 46
"""Of 255: readable, and the bars stay so too."""


class Watermark(QWidget):
    """Lies over `host`, lets every click through, and covers no more than its word, in the middle of the pixels on the
    left that `width` answers with."""

    def __init__(self, look: Look, host: QWidget, width: Callable[[], int]) -> None:
        super().__init__(host)
        self._look = look
        self._width = width
        self._words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        host.installEventFilter(self)
        look.changed.connect(self._place)

    @property
    def words(self) -> str:
        return self._words

    def show_words(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self.setAccessibleName(words)
            self.setVisible(bool(words))
        self._place()

    def _place(self) -> None:
        host = self.parentWidget()
        if host is None or not self._words:
            return
        place = word_rect(self._look, QSize(self._width(), host.height()), self._words)
        if place != self.geometry():
            self.setGeometry(place)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() in (QEvent.Type.Resize, QEvent.Type.ChildAdded):
            self._place()
            self.raise_()
        return False

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        paint_word(painter, self._look, self.rect(), self._words)
        painter.end()


def word_rect(look: Look, room: QSize, words: str) -> QRect:
    """Where the word stands in a room of this size: in the middle, above the half."""
    metrics = QFontMetrics(_font(look))
    wide, tall = metrics.horizontalAdvance(words) + 8, metrics.height()
    return QRect((room.width() - wide) // 2, room.height() // 3 - tall // 2, wide, tall)


def paint_word(painter: QPainter, look: Look, rect: QRect, words: str, strength: int = STRENGTH) -> None:
    colour = look.color("demo")
    colour.setAlpha(strength)
    painter.setPen(colour)
    painter.setFont(_font(look))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)


def _font(look: Look) -> QFont:
    return look.font(SIZE_PX, QFont.Weight.DemiBold)
