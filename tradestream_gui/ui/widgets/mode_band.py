"""The band at the very top that says where orders go; it cannot be hidden."""

from enum import Enum

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFont, QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain, plain_label


class Band(Enum):
    """(word, words, colour token)."""

    STARTING = ("STARTING", "nothing can be sent yet", "hover")
    FAILED = ("NOT OPEN", "the profile did not open: nothing is sent, nothing was changed", "hover")
    DEMO = ("DEMO", "invented prices and messages, no order leaves this machine", "demo")
    PAPER = ("PAPER", "simulated fills, no broker order leaves this machine", "paper")
    BROKER_PAPER = ("BROKER PAPER", "orders go to your broker's paper or practice account, no real money", "paper")
    FUNDED = ("FUNDED", "orders go to your broker for a funded account", "live")
    LIVE = ("LIVE", "orders go to your broker with real money", "live")


class ModeBand(QWidget):
    """Painted in the mode's own colour, with the mode as a word in front: the colour is never alone."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._band = Band.STARTING
        self._word = plain_label("")
        self._words = plain_label("")
        self.action = QPushButton("")
        self.action.setProperty("role", "ghost")
        self.action.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 8, 0)
        row.setSpacing(10)
        row.addWidget(self._word)
        row.addWidget(self._words)
        row.addStretch(1)
        row.addWidget(self.action)
        self.setAccessibleName("Mode")
        look.changed.connect(self._adopt_look)
        self.show_band(Band.STARTING)

    def show_band(self, band: Band, detail: str = "") -> None:
        self._band = band
        word, words, _ = band.value
        self._word.setText(word)
        self._words.setText(plain(f"{words}  ·  {detail}" if detail else words))
        self.setAccessibleDescription(f"{word}: {words} {detail}")
        self._adopt_look()

    def offer(self, text: str) -> None:
        """Shows the band's button (`Leave demo`), or hides it for an empty text."""
        self.action.setText(text)
        self.action.setVisible(bool(text))

    @property
    def band(self) -> Band:
        return self._band

    def _adopt_look(self) -> None:
        self.setFixedHeight(self._look.px(26))
        ink = self._look.color("text" if self._band in (Band.STARTING, Band.FAILED) else "on_band")
        for label, weight in ((self._word, QFont.Weight.DemiBold), (self._words, QFont.Weight.Medium)):
            label.setFont(self._look.font(12, weight))
            palette = label.palette()
            palette.setColor(palette.ColorRole.WindowText, ink)
            label.setPalette(palette)
        palette = self.action.palette()
        palette.setColor(palette.ColorRole.ButtonText, ink)
        self.action.setPalette(palette)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(self.rect(), self._look.color(self._band.value[2]))
