"""The card of a copied alert: what it says, what sending it would do, and one key that sends it."""

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QClipboard, QGuiApplication, QKeySequence, QShortcut
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.domain.events import Notice, NoticeKind, Severity
from tradestream_gui.ui.format import countdown_text
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, plain, plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.messages.preview import preview_words

if TYPE_CHECKING:
    from tradestream_gui.core import Core

TICK_MS = 500
SEND_KEYS = "Ctrl+Shift+Return"


class TextClipboard(Protocol):
    """What is used of Qt's clipboard."""

    def text(self) -> str: ...

    def ownsClipboard(self) -> bool: ...


class ClipboardCardBox(QFrame):
    """Hidden until an alert is copied. It never takes the focus: a key pressed elsewhere must not send it."""

    sent = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._clipboard: QClipboard | None = QGuiApplication.clipboard()
        self.setProperty("role", "card")
        self.title = plain_label(role="strong")
        self.left = plain_label(role="caption")
        self.text = plain_label(role="mono")
        self.told = plain_label()
        for label in (self.text, self.told):
            label.setWordWrap(True)
        self.send = QPushButton("&Send copied alert   Ctrl+Shift+Enter")
        self.send.setProperty("role", "primary")
        self.dismiss = QPushButton("Dismiss")
        self._lay_out()
        self._shortcut = QShortcut(QKeySequence(SEND_KEYS), self)
        self._shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        self._shortcut.activated.connect(self._on_send)
        self._ticks = QTimer(self)
        self._ticks.setInterval(TICK_MS)
        self._ticks.timeout.connect(self._on_tick)
        self.send.clicked.connect(self._on_send)
        self.dismiss.clicked.connect(self._on_dismiss)
        self.setAccessibleName("Copied alert")
        self.hide()

    def attach(self, core: "Core") -> None:
        self._core = core
        if self._clipboard is not None:
            self._clipboard.dataChanged.connect(self._on_copied)

    def take_text(self, text: str) -> bool:
        """Shows the card where the text is an alert; leaves what is shown as it is where not."""
        core = self._core
        if core is None or core.clipboard.offer(text) is None:
            return False
        self._show()
        self._ticks.start()
        words = f"{self.title.text()}: {self.told.text()}"
        core.bus.publish(Notice(NoticeKind.ALERT, Severity.INFO, "Copied alert", words, core.clock.now()))
        return True

    def read_from(self, clipboard: "TextClipboard") -> None:
        """What this program copied itself is no message of a room; while the inbox is off nothing is even read."""
        if self._core is not None and self._core.clipboard.is_on and not clipboard.ownsClipboard():
            self.take_text(clipboard.text())

    # inside

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.title, 1)
        head.addWidget(self.left)
        head.addWidget(self.dismiss)
        head.addWidget(self.send)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.text)
        column.addWidget(self.told)

    def _on_copied(self) -> None:
        if self._clipboard is not None:
            self.read_from(self._clipboard)

    def _show(self) -> None:
        core = self._core
        card = core.clipboard.refresh() if core is not None else None
        if core is None or card is None:
            self._ticks.stop()
            self.hide()
            return
        from tradestream_gui.alerts.desk.clipboard_inbox import CARD_LIFE

        tone, words = preview_words(core, card.preview, by_key=True)
        left = CARD_LIFE - (core.clock.now() - card.message.sent_at)
        self.title.setText(plain(f"Copied: {card.message.author_name} in #{one_line(card.message.channel_name, 60)}"))
        self.left.setText(f"{countdown_text(max(left, timedelta(0)))} left")
        self.text.setText(plain(one_line(card.message.text, 240)))
        self.told.setText(plain(words))
        palette = self.told.palette()
        palette.setColor(
            self.told.foregroundRole(), self._look.tone(tone if tone is not Tone.MUTED else Tone.SECONDARY)
        )
        self.told.setPalette(palette)
        self.show()

    def _on_tick(self) -> None:
        self._show()

    def _on_send(self) -> None:
        if self._core is not None and self._core.clipboard.send():
            self.sent.emit()
        self._show()

    def _on_dismiss(self) -> None:
        if self._core is not None:
            self._core.clipboard.dismiss()
        self._show()
