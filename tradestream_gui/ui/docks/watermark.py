"""A large faint word over a chart: these prices are invented."""

from PyQt6.QtCore import QEvent, QObject, QRect, Qt
from PyQt6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from tradestream_gui.ui.shell.look import Look

SIZE_PX = 40
STRENGTH = 46
"""Of 255: readable, and the bars stay so too."""


class Watermark(QWidget):
    """Lies over `host`, lets every click through, and covers no more than its word."""

    def __init__(self, look: Look, host: QWidget) -> None:
        super().__init__(host)
        self._look = look
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

    def _font(self) -> QFont:
        return self._look.font(SIZE_PX, QFont.Weight.DemiBold)

    def _place(self) -> None:
        host = self.parentWidget()
        if host is None or not self._words:
            return
        metrics = QFontMetrics(self._font())
        wide, tall = metrics.horizontalAdvance(self._words) + 8, metrics.height()
        self.setGeometry(QRect((host.width() - wide) // 2, host.height() // 3 - tall // 2, wide, tall))
        self.raise_()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() in (QEvent.Type.Resize, QEvent.Type.ChildAdded):
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        colour = self._look.color("demo")
        colour.setAlpha(STRENGTH)
        painter.setPen(colour)
        painter.setFont(self._font())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)
        painter.end()
