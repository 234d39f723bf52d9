"""The three cards of a profile's very first start: watch the demo, trade on paper, paste an alert."""

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.overlays import keep_free
from tradestream_gui.ui.shell.plain import plain_label
from tradestream_gui.ui.shell.tone import Tone

CARD_PX, ICON_PX = 250, 28
VEIL = 250
"""Of 255: what lies behind is felt and not read."""


class StartCard(QFrame):
    """One way to begin, with its button."""

    wanted = pyqtSignal()

    def __init__(
        self, look: Look, icon: str, title: str, words: str, action: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name = icon
        self.setProperty("role", "card")
        self._icon = QLabel(self)
        text = plain_label(words, role="help", parent=self)
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.button = QPushButton(action, self)
        self.button.setAccessibleDescription(words)
        self.button.clicked.connect(self.wanted)
        keep_free(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 18, 14, 18)
        column.setSpacing(10)
        column.addWidget(self._icon)
        column.addWidget(plain_label(title, role="h2", parent=self))
        column.addWidget(text, 1)
        column.addWidget(self.button)
        look.changed.connect(self.adopt_look)
        self.adopt_look()

    def adopt_look(self) -> None:
        side = self._look.px(ICON_PX)
        self._icon.setPixmap(self._look.icons.pixmap(self._icon_name, side, self._look.tone(Tone.ACCENT)))
        self.setMaximumWidth(self._look.px(CARD_PX))
        self.setMinimumHeight(self._look.px(230))


ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FirstStart(QWidget):
    """Lies over its parent and goes away with a choice, its cross or Esc."""

    demo_wanted = pyqtSignal()
    paper_wanted = pyqtSignal()
    paste_wanted = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setAccessibleName("Welcome to TradeStream")
        self.demo = StartCard(
            look, "play", "Watch the demo day",
            "Analysts post, alerts are read and checked, paper orders fill, stops and targets work. Every price and "
            "message in it is invented.", "Watch the demo", self,
        )  # fmt: skip
        self.paper = StartCard(
            look, "wallet", "Trade on paper",
            "Place orders by hand with simulated fills and real rules: size, loss limit, stop. Prices come from a "
            "broker that you connect; without one, trade by hand in the demo.", "Open the ticket", self,
        )  # fmt: skip
        self.paste = StartCard(
            look, "messages", "Paste an alert",
            "See what the program reads in a message of yours, which limits it meets, and what it would do, before "
            "you connect anything.", "Paste an alert", self,
        )  # fmt: skip
        self.close_button = QToolButton(self)
        self.close_button.setAccessibleName("Close the welcome cards")
        self.close_button.setToolTip("Close (Esc)")
        self.close_button.clicked.connect(self.dismiss)
        self._lay_out()
        for card, slot in ((self.demo, self._on_demo), (self.paper, self._on_paper), (self.paste, self._on_paste)):
            card.wanted.connect(slot)
        parent.installEventFilter(self)
        look.changed.connect(self._adopt_look)
        self._adopt_look()
        self.setGeometry(parent.rect())
        self.raise_()
        self.demo.button.setFocus()

    def dismiss(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus()  # else the next field in the window's order would catch what is typed
        self.hide()
        self.closed.emit()
        self.deleteLater()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 8, 16)
        top = QHBoxLayout()
        top.addStretch(1)
        top.addWidget(self.close_button)
        column.addLayout(top)
        column.addStretch(2)
        title = plain_label("Welcome to TradeStream", role="h1", parent=self)
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words = plain_label("Three ways to begin. Nothing here can send a real order.", role="help", parent=self)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(title)
        column.addWidget(words)
        column.addSpacing(18)
        cards = QHBoxLayout()
        cards.setSpacing(10)
        cards.addStretch(1)
        for card in (self.demo, self.paper, self.paste):
            cards.addWidget(card, 100)  # as wide as it may become, before the room beside
        cards.addStretch(1)
        column.addLayout(cards)
        column.addStretch(3)

    def _on_demo(self) -> None:
        self.demo_wanted.emit()
        self.dismiss()

    def _on_paper(self) -> None:
        self.paper_wanted.emit()
        self.dismiss()

    def _on_paste(self) -> None:
        self.paste_wanted.emit()
        self.dismiss()

    def _adopt_look(self) -> None:
        self.close_button.setIcon(self._look.icon("close"))
        self.close_button.setMinimumSize(self._look.px(28), self._look.px(28))
        self.update()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        parent = self.parentWidget()
        if event is not None and event.type() is QEvent.Type.Resize and parent is not None:
            self.setGeometry(parent.rect())
        return False

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        button = self.focusWidget()
        if event is not None and event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event is not None and event.key() in ENTER and isinstance(button, QPushButton):
            button.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        veil = QColor(self._look.color("canvas"))
        veil.setAlpha(VEIL)
        painter.fillRect(self.rect(), veil)
        painter.end()
