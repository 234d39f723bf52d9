"""What the window shows when the profile did not open: each reason on a line, what to do now, and the way out."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain, plain_label
from tradestream_gui.ui.shell.tone import Tone

WIDTH_PX = 720
ICON_PX = 28
MAX_LINES = 12
NOW = "Mend what is named below, then start TradeStream again. Working stops stay where they rest: at the broker."


class FailurePage(QWidget):
    """A card in the middle; the reasons can be marked and copied."""

    quit_wanted = pyqtSignal()

    def __init__(self, look: Look, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._words = words
        self._icon = QLabel(self)
        self._card = QFrame(self)
        self._card.setProperty("role", "card")
        self._lay_out(words.splitlines())
        self.setAccessibleName("The profile did not open")
        self.setAccessibleDescription(plain(words))
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def _lay_out(self, lines: list[str]) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._icon)
        head.addWidget(plain_label("The profile did not open", role="h1", parent=self._card), 1)
        inner = QVBoxLayout(self._card)
        inner.setContentsMargins(24, 20, 24, 20)
        inner.setSpacing(12)
        inner.addLayout(head)
        now = plain_label(NOW, role="help", parent=self._card)
        now.setWordWrap(True)
        inner.addWidget(now)
        shown = lines[:MAX_LINES]
        if len(lines) > MAX_LINES:
            shown.append(f"… and {len(lines) - MAX_LINES} more")
        for line in shown:
            label = plain_label(line, role="mono", parent=self._card)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            inner.addWidget(label)
        inner.addSpacing(4)
        inner.addLayout(self._buttons())
        column = QVBoxLayout(self)
        column.addStretch(2)
        middle = QHBoxLayout()  # by stretches: an aligned card would not grow with its wrapped lines
        middle.addStretch(1)
        middle.addWidget(self._card)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addStretch(3)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        copy = QPushButton("Copy the reasons", self._card)
        copy.clicked.connect(self._on_copy)
        leave = QPushButton("Quit", self._card)
        leave.setProperty("role", "primary")
        leave.clicked.connect(self.quit_wanted)
        row.addWidget(copy)
        row.addWidget(leave)
        return row

    def _on_copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self._words)

    def _adopt_look(self) -> None:
        side = self._look.px(ICON_PX)
        self._icon.setPixmap(self._look.icons.pixmap("alert", side, self._look.tone(Tone.DANGER)))
        self._card.setFixedWidth(self._look.px(WIDTH_PX))
