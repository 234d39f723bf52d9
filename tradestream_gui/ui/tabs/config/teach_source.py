"""Where the messages to teach come from: pasted text, or the channel's own stored messages."""

from collections.abc import Sequence

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.ui.shell.fonts import set_text_font
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, plain, plain_label

SHOWN = 300
"""So many of the newest messages can be picked; the search finds among all."""
PASTE_HINT = "Paste one or more messages, one a line or with blank lines between them"


class MessageSource(QWidget):
    """Says which texts and stored messages shall be taught."""

    pasted = pyqtSignal(str)
    picked = pyqtSignal(object)  # MessageRevision

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._messages: tuple[MessageRevision, ...] = ()
        self.paste = QPlainTextEdit()
        self.paste.setPlaceholderText(PASTE_HINT)
        self.paste.setAccessibleName("Messages to teach")
        self.paste.setTabChangesFocus(True)
        self.add = QPushButton("&Add pasted")
        self.add.setToolTip("Ctrl+Enter in the text")
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search the channel's messages")
        self.search.setAccessibleName("Search the channel's messages")
        self.search.setClearButtonEnabled(True)
        self.store = QListWidget()
        self.store.setAccessibleName("Stored messages of the channel: Enter teaches the chosen one")
        self.store.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.store.installEventFilter(self)
        self.reach = plain_label("", role="help")
        self.reach.setWordWrap(True)
        self._lay_out()
        look.changed.connect(self._adopt_look)
        self._adopt_look()
        self.add.clicked.connect(self._on_add)
        self.search.textChanged.connect(self._fill)
        self.store.itemDoubleClicked.connect(self._on_item)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self.paste)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self._on_add)

    def show_messages(self, messages: Sequence[MessageRevision], reach: str) -> None:
        """The channel's messages, newest first, and in words from when to when they reach."""
        self._messages = tuple(messages)
        self.reach.setText(plain(reach))
        self._fill()

    # inside

    def _adopt_look(self) -> None:
        self.paste.setFixedHeight(self._look.px(66))
        set_text_font(self.paste, self._look.mono(12))

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.search, 1)
        tools.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.paste)
        column.addLayout(tools)
        column.addWidget(self.store, 1)
        column.addWidget(self.reach)

    def _fill(self) -> None:
        words = self.search.text().lower().split()
        found = [each for each in self._messages if all(word in each.text.lower() for word in words)][:SHOWN]
        self.store.clear()
        for message in found:
            item = QListWidgetItem(one_line(message.text, 120))
            item.setData(Qt.ItemDataRole.UserRole, message)
            self.store.addItem(item)
        self.store.setVisible(bool(self._messages))

    def _on_add(self) -> None:
        text = self.paste.toPlainText()
        if text.strip():
            self.paste.clear()
            self.pasted.emit(text)

    def _on_item(self, item: QListWidgetItem) -> None:
        self.picked.emit(item.data(Qt.ItemDataRole.UserRole))

    # overridden Qt methods

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is self.store:
            item = self.store.currentItem()
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
                self._on_item(item)
                return True
        return super().eventFilter(watched, event)
