"""The manual alert box: type or paste an alert, see what it would come to, and send it the way every alert goes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.alerts.desk.inbox import first_revision
from tradestream_gui.domain.ids import AnalystId, ChannelId, MessageKey
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.ports.source import IncomingMessage
from tradestream_gui.ui.shell.fonts import set_text_font
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain, plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.messages.preview import preview_words
from tradestream_gui.ui.widgets.choice_box import ChoiceBox

if TYPE_CHECKING:
    from tradestream_gui.core import Core

SOURCE = "typed"
ASK = "Type or paste an alert: what it would come to stands here before you send it."
PAUSE_MS = 120
"""After this pause in typing the text is read; faster would only flicker."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose words the text is, and in which channel."""

    analyst_id: AnalystId
    name: str
    author_id: str
    channel_id: ChannelId
    channel_name: str


class ManualAlertBox(QFrame):
    """Sends nothing but typed alerts; `replaced` names the message whose text was edited, just before it is sent.
    Emptying the box forgets where the text came from."""

    replaced = pyqtSignal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._speakers: tuple[Speaker, ...] = ()
        self._replaces: MessageKey | None = None
        self._last_no = 0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.read_now)
        self.setProperty("role", "panel")
        self._lay_out()
        look.changed.connect(self._adopt_look)
        self._adopt_look()
        self._update()

    def attach(self, core: "Core") -> None:
        self._core = core
        self._speakers = speakers(core)
        self.analyst.clear()
        for name in dict.fromkeys(speaker.name for speaker in self._speakers):
            self.analyst.addItem(plain(name, 60))
        own = next((each for each in self._speakers if each.channel_id == SOURCE), None)
        if own is not None:
            self._choose(own)
        self._update()

    def take_text(self, revision: MessageRevision, *, focus: bool = True) -> None:
        """Puts a message here to be changed and sent; the message itself is then answered with no."""
        self._replaces = revision.message_key
        wanted = [
            each
            for each in self._speakers
            if each.channel_id == revision.channel_id and each.author_id == revision.author_id
        ] or [each for each in self._speakers if each.channel_id == revision.channel_id]
        if wanted:
            self._choose(wanted[0])
        self.text.setPlainText(revision.text)
        if focus:
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def read_now(self) -> None:
        """Reads the text as of now; the sentence says what sending it would do."""
        core, message = self._core, self._message()
        if core is None or message is None:
            self._replaces = None
            self._say(Tone.MUTED, ASK)
            return
        tone, words = preview_words(core, core.alerts.preview(first_revision(message, core.clock.now())))
        if self._replaces in core.alerts.cards():
            words += " The card that this text comes from is then rejected."
        self._say(tone, words)

    def send(self) -> None:
        """Hands the text to the alert desk; it is stored, judged and routed like every other."""
        message = self._message()
        if message is not None:
            self._hand_over(message)

    def send_fixed(self, revision: MessageRevision, text: str, expect: Callable[[MessageKey], None]) -> None:
        """Sends a held message with what it lacked; what stands in the box meanwhile stays there. `expect` is told the
        key before the message is handed over."""
        typed, replaces = self.text.toPlainText(), self._replaces
        self.take_text(revision, focus=False)
        self.text.setPlainText(text)
        message = self._message()
        if message is not None:
            expect(MessageKey(f"{message.source}:{message.channel_id}:{message.message_id}"))
            reply_id = revision.reply_to.rpartition(":")[2] if revision.reply_to is not None else None
            self._hand_over(replace(message, reply_to_id=reply_id, reply_text=revision.reply_text))
        self.text.setPlainText(typed)
        self._replaces = replaces

    def _hand_over(self, message: IncomingMessage) -> None:
        core = self._core
        assert core is not None
        self._last_no = message.order_no
        if self._replaces is not None:
            self.replaced.emit(self._replaces)
        self._replaces = None
        self.text.clear()
        core.alerts.on_message(message)

    # -- inside --------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.text = QPlainTextEdit()
        self.text.setPlaceholderText("ES long 6326: A  Stop: 6316")
        self.text.setAccessibleName("Manual alert")
        self.text.setTabChangesFocus(True)
        self.analyst, self.channel = ChoiceBox(), ChoiceBox()
        for box in (self.channel, self.analyst):
            box.take_room_for(6)
        self.analyst.setAccessibleName("Whose alert this is")
        self.channel.setAccessibleName("In which channel")
        self.analyst.setToolTip("Whose alert this is: their mode, sizes and limits hold")
        self.channel.setToolTip("In which channel it speaks")
        self.button = QPushButton("Send alert")
        self.button.setProperty("role", "primary")
        self.button.setToolTip("Ctrl+Enter in the text")
        self.told = plain_label(ASK, role="help")
        self.told.setWordWrap(True)
        self.told.setAccessibleName("What sending would do")
        controls = QHBoxLayout()
        controls.setSpacing(6)
        controls.addWidget(plain_label("Manual alert by", role="caption"))
        controls.addWidget(self.analyst, 1)
        controls.addWidget(plain_label("in", role="caption"))
        controls.addWidget(self.channel, 1)
        controls.addStretch(1)
        controls.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 8)
        column.setSpacing(5)
        column.addLayout(controls)
        column.addWidget(self.text)
        column.addWidget(self.told)
        self.text.textChanged.connect(self._on_text)
        self.analyst.currentTextChanged.connect(self._on_analyst)
        self.channel.currentIndexChanged.connect(self._on_text)
        self.button.clicked.connect(self.send)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self.text)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self.send)

    def _choose(self, speaker: Speaker) -> None:
        self.analyst.setCurrentText(plain(speaker.name, 60))
        self._on_analyst()
        mine = self._mine()
        if speaker in mine:
            self.channel.setCurrentIndex(mine.index(speaker))

    def _mine(self) -> list[Speaker]:
        return [each for each in self._speakers if plain(each.name, 60) == self.analyst.currentText()]

    def _speaker(self) -> Speaker | None:
        mine, index = self._mine(), self.channel.currentIndex()
        return mine[index] if 0 <= index < len(mine) else None

    def _message(self) -> IncomingMessage | None:
        speaker, text, core = self._speaker(), self.text.toPlainText().strip(), self._core
        if core is None or speaker is None or not text:
            return None
        now = core.clock.now()
        number = max(int(now.timestamp() * 1_000_000), self._last_no + 1)
        return IncomingMessage(
            source=SOURCE,
            channel_id=speaker.channel_id,
            channel_name=speaker.channel_name,
            message_id=str(number),
            author_id=speaker.author_id,
            author_name=speaker.name,
            text=text,
            sent_at=now,
            order_no=number,
            arrival=Arrival.MANUAL,
        )

    def _on_analyst(self) -> None:
        self.channel.blockSignals(True)
        self.channel.clear()
        for speaker in self._mine():
            self.channel.addItem(plain(speaker.channel_name, 60))
        self.channel.blockSignals(False)
        self._on_text()

    def _on_text(self) -> None:
        self._update()
        self._pause.start()

    def _update(self) -> None:
        self.button.setEnabled(self._message() is not None)

    def _say(self, tone: Tone, words: str) -> None:
        self.told.setText(plain(words))
        palette = self.told.palette()
        palette.setColor(self.told.foregroundRole(), self._look.tone(tone))
        self.told.setPalette(palette)

    def _adopt_look(self) -> None:
        set_text_font(self.text, self._look.mono(12))
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * 2 + self._look.px(18))
        self.told.setMinimumHeight(self._look.px(17))


def speakers(core: "Core") -> tuple[Speaker, ...]:
    """Every followed analyst in every channel where the rules take a message for theirs, the user's own first."""
    rules = core.alerts.rules
    named = {message.channel_id: message.channel_name for message in core.alerts.messages()}
    found = []
    for channel in sorted(rules.channels.values(), key=lambda each: each.channel_id != SOURCE):
        for analyst in rules.analysts.values():
            author = next(iter(sorted(analyst.author_ids)), analyst.analyst_id)
            if rules.analyst_of(channel.channel_id, author) is not analyst:
                continue
            name = named.get(channel.channel_id, channel.name)
            found.append(Speaker(analyst.analyst_id, analyst.name, author, channel.channel_id, name))
    return tuple(found)
