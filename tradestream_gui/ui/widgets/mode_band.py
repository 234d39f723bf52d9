"""The band at the very top that says where orders go; it cannot be hidden."""

from enum import Enum

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QFont, QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, plain, plain_label


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

    shown = pyqtSignal(object)
    """The Band that it shows from now on."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._band = Band.STARTING
        self._word = plain_label("")
        self._words = plain_label("")
        self.action = QPushButton("")
        self.action.setProperty("role", "ghost")
        self.action.hide()
        self.waiting = QToolButton()
        self.waiting.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.waiting.setProperty("role", "band")
        self.waiting.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 8, 0)
        row.setSpacing(10)
        row.addWidget(self._word)
        row.addWidget(self._words)
        row.addStretch(1)
        row.addWidget(self.waiting)
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
        self.shown.emit(band)

    def show_waiting(self, count: int) -> None:
        """The button of the menu that the tray has too, with how many alerts wait."""
        words = "No alert waits" if not count else "1 alert waits" if count == 1 else f"{count} alerts wait"
        self.waiting.setText(words if count else "")
        self.waiting.setAccessibleName(f"Waiting alerts and the menu of the tray: {words}")
        explain(self.waiting, f"{words}. Opens the menu of the tray.")
        self.waiting.show()

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
        for button in (self.action, self.waiting):
            palette = button.palette()
            palette.setColor(palette.ColorRole.ButtonText, ink)
            button.setPalette(palette)
        self.waiting.setIcon(self._look.icons.icon("inbox", ink))
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(self.rect(), self._look.color(self._band.value[2]))
