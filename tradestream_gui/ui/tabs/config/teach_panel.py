"""Teach by example: add messages, click their words, propose a profile, see it on the history, save it."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.alerts.desk.questions import alert_text_of
from tradestream_gui.alerts.profiles.profiles import ProfileError
from tradestream_gui.alerts.teaching.taught import LabelRole
from tradestream_gui.alerts.teaching.teach import Proposal, propose
from tradestream_gui.alerts.teaching.teach_history import HistoryTrial, Verdict
from tradestream_gui.alerts.teaching.teach_session import TeachSession, messages_of
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import ActionKind
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, plain, plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.config.teach_example import ExampleEditor
from tradestream_gui.ui.tabs.config.teach_results import ResultPanes, ResultRow
from tradestream_gui.ui.tabs.config.teach_room import RoomBar
from tradestream_gui.ui.tabs.config.teach_source import MessageSource

if TYPE_CHECKING:
    from tradestream_gui.core import Core

CHUNK = 25
"""Messages judged between two turns of the loop: about 5 ms."""
BEGIN = "Add two or three messages of this room, click their words, then press Propose."
SHOWN_LINES = 6
BESIDE_PX, LEAST_PX = 860, 300
"""From this width on the source stands beside what is taught, else above it."""
SOURCE_PX = 210


class TeachPanel(QWidget):
    """Holds a teaching session; nothing is saved before the proposal has been tried on the history."""

    saved = pyqtSignal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._session: TeachSession | None = None
        self._proposal: Proposal | None = None
        self._wrong = self._trial_no = 0
        self.room = RoomBar(look)
        self.source = MessageSource(look)
        self.list = QListWidget()
        self.list.setAccessibleName("Messages that are taught")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(look.px(106))
        self.example = ExampleEditor(look)
        self.told = plain_label(BEGIN)
        self.told.setWordWrap(True)
        self.told.setAccessibleName("What the proposal teaches, or what is wrong with it")
        self.propose_button = QPushButton("&Propose")
        self.propose_button.setProperty("role", "primary")
        self.save_button = QPushButton("&Save profile")
        self.results = ResultPanes(look)
        self._lay_out()
        self._connect()
        self._show()

    def attach(self, core: "Core") -> None:
        self._core = core
        self.results.set_zone(ZoneInfo(core.settings.current.general.display_zone))
        self.room.attach(core)

    def show_channel(self, channel_id: str) -> None:
        """Turns to a channel, unless something is being taught already."""
        if self._session is None or not self._session.examples:
            self.room.choose_channel(channel_id)

    def add_message(self, revision: MessageRevision, *, is_alert: bool = True) -> None:
        """Teaches a stored message."""
        if self._session is not None:
            number = self._session.add(
                revision.text, revision.sent_at, is_alert=is_alert, reply_text=revision.reply_text
            )
            self._changed(number)

    # -- making --------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.taught = QWidget()
        column = QVBoxLayout(self.taught)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.list)
        column.addWidget(self.example, 1)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(10)
        self._top.addWidget(self.source, 2)
        self._top.addWidget(self.taught, 4)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.told, 1)
        buttons.addWidget(self.propose_button, 0, Qt.AlignmentFlag.AlignTop)
        buttons.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignTop)
        self.results.setMinimumHeight(self._look.px(200))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 10, 0, 0)
        outer.setSpacing(10)
        outer.addWidget(self.room)
        outer.addLayout(self._top, 1)
        outer.addLayout(buttons)
        outer.addWidget(self.results, 1)

    def _connect(self) -> None:
        self.room.chosen.connect(self._on_room)
        self.room.loaded.connect(self._on_loaded)
        self.room.named.connect(self._on_named)
        self.source.pasted.connect(self._on_pasted)
        self.source.picked.connect(self.add_message)
        self.list.currentRowChanged.connect(self._show)
        self.example.kind_chosen.connect(self._on_kind)
        self.example.role_given.connect(self._on_role)
        self.example.meaning_given.connect(self._on_meaning)
        self.example.remove_wanted.connect(self._on_remove)
        self.propose_button.clicked.connect(self.propose)
        self.save_button.clicked.connect(self._on_save)
        self.results.no_alert.connect(self._on_no_alert)
        self.results.example_wanted.connect(self.add_message)

    # -- proposing -----------------------------------------------------------------------------------------

    def propose(self) -> None:
        """Works the profile out and tries it on the room's history, a few messages at a time."""
        core, session, base = self._core, self._session, self.room.base_profile()
        if core is None or session is None or base is None or not session.examples:
            return
        unfit = _unfit_name(core, self.room.present_profile(), base.name)
        if unfit:
            self._say(Tone.DANGER, [unfit])
            return
        self._proposal = propose(base, session.examples, core.reference.calendar.is_trading_day)
        self._wrong = 0
        self._say(*_told(self._proposal))
        self._trial_no += 1
        core.tasks.spawn(self._try(core, self._proposal, self._trial_no), "try the proposal on the history")

    async def _try(self, core: "Core", proposal: Proposal, number: int) -> None:
        present = self.room.present_profile()
        assert present is not None
        trial = HistoryTrial(proposal.profile, present, core.reference.calendar.is_trading_day)
        messages, rows = await self.room.whole(), []
        for at, revision in enumerate(messages):
            if number != self._trial_no:
                return
            rows.append(ResultRow(revision, trial.judge(alert_text_of(revision))))
            if at % CHUNK == CHUNK - 1:
                await asyncio.sleep(0)
        self._wrong = sum(row.judged.verdict is Verdict.WRONG for row in rows)
        self.results.show_results(rows)
        self._show_save()

    def _show_save(self) -> None:
        proposal = self._proposal
        ready = proposal is not None and proposal.may_be_saved and self._wrong == 0
        self.save_button.setEnabled(ready)
        self.save_button.setProperty("role", "primary" if ready else "")
        self.propose_button.setProperty("role", "" if ready else "primary")
        _restyle(self.save_button)
        _restyle(self.propose_button)
        if self._wrong:
            words = "1 message" if self._wrong == 1 else f"{self._wrong} messages"
            self._say(Tone.DANGER, [f"{words} that you marked as no alert would trade. Resolve that before saving."])

    def _on_save(self) -> None:
        core, proposal = self._core, self._proposal
        if core is not None and proposal is not None and self.save_button.isEnabled():
            core.tasks.spawn(self._save(core, proposal), "save the taught profile")

    async def _save(self, core: "Core", proposal: Proposal) -> None:
        try:
            path = await asyncio.to_thread(core.profile_files.save, proposal.profile)
            loaded = await asyncio.to_thread(core.profile_files.load)
        except (ProfileError, OSError) as error:
            self._say(Tone.DANGER, [f"Not saved: {error}"])
            return
        core.alerts.profiles.replace_all(loaded.profiles)
        self.save_button.setEnabled(False)
        self._say(Tone.OK, [f"Saved as {path.name}. From the next message on the room is read by it."])
        self.saved.emit(proposal.profile.name)

    # -- the session ---------------------------------------------------------------------------------------

    def _on_room(self) -> None:
        present = self.room.present_profile()
        if present is not None:
            self._session = TeachSession(present)
        self.source.show_messages(self.room.messages(), self.room.reach())
        self.results.show_results([])
        self._changed(-1)

    def _on_loaded(self) -> None:
        """Nothing of what is being taught is lost by what was read meanwhile."""
        self.source.show_messages(self.room.messages(), self.room.reach())
        if self._session is None or not self._session.examples:
            self._on_room()

    def _on_named(self) -> None:
        self._changed(self.list.currentRow())

    def _on_pasted(self, text: str) -> None:
        if self._session is None or self._core is None:
            return
        numbers = [self._session.add(each, self._core.clock.now()) for each in messages_of(text)]
        if numbers:
            self._changed(numbers[0])
            self.example.chips.focus_first()

    def _on_no_alert(self, revision: MessageRevision) -> None:
        self.add_message(revision, is_alert=False)
        self.propose()

    def _on_kind(self, kind: ActionKind | None) -> None:
        self._edit(lambda session, row: session.set_kind(row, kind))

    def _on_role(self, start: int, role: LabelRole | None) -> None:
        self._edit(lambda session, row: session.set_label(row, start, role))

    def _on_meaning(self, start: int, means: str) -> None:
        self._edit(lambda session, row: session.set_meaning(row, start, means))

    def _edit(self, edit: Callable[[TeachSession, int], None]) -> None:
        row = self.list.currentRow()
        if self._session is not None and row >= 0:
            edit(self._session, row)
            self._changed(row)

    def _on_remove(self) -> None:
        row = self.list.currentRow()
        if self._session is not None and row >= 0:
            self._session.remove(row)
            self._changed(min(row, len(self._session.examples) - 1))

    def _changed(self, row: int) -> None:
        """What was proposed holds no more once an example changes."""
        self._proposal, self._wrong = None, 0
        self._trial_no += 1
        examples = self._session.examples if self._session is not None else ()
        before = self.list.blockSignals(True)
        self.list.clear()
        for example in examples:
            kind = example.kind.value if example.kind is not None else "no alert"
            self.list.addItem(f"{kind}   {one_line(example.text, 120)}")
        self.list.setCurrentRow(row)
        self.list.blockSignals(before)
        self._say(Tone.SECONDARY, [BEGIN] if not examples else ["Press Propose when every number has its role."])
        self._show()

    def _show(self) -> None:
        row = self.list.currentRow()
        examples = self._session.examples if self._session is not None else ()
        shown = 0 <= row < len(examples)
        self.example.setVisible(shown)
        self.taught.setVisible(bool(examples))
        if shown:
            self.example.show_example(examples[row])
        self.propose_button.setEnabled(bool(examples))
        self._show_save()

    # -- overridden Qt methods -----------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        """As wide as the narrower arrangement: the wider one must not keep itself in place."""
        return QSize(self._look.px(LEAST_PX), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        is_beside = self.width() >= self._look.px(BESIDE_PX)
        self._top.setDirection(QBoxLayout.Direction.LeftToRight if is_beside else QBoxLayout.Direction.TopToBottom)
        self.source.setMaximumHeight(16_777_215 if is_beside else self._look.px(SOURCE_PX))

    # -- saying --------------------------------------------------------------------------------------------

    def _say(self, tone: Tone, lines: list[str]) -> None:
        more = f"\n… and {len(lines) - SHOWN_LINES} more" if len(lines) > SHOWN_LINES else ""
        self.told.setText(plain("\n".join(lines[:SHOWN_LINES]) + more))
        palette = self.told.palette()
        palette.setColor(self.told.foregroundRole(), self._look.tone(tone))
        self.told.setPalette(palette)


def _unfit_name(core: "Core", present: AlertProfile | None, name: str) -> str:
    """Why the profile cannot have this name; "" when it can."""
    try:
        core.profile_files.file_of(name)
    except ProfileError as error:
        return _sentence(str(error))
    if core.alerts.profiles.named(name) is not None and (present is None or present.name != name):
        return f"There is a profile named {name} already, and it reads other rooms. Choose another name."
    return ""


def _told(proposal: Proposal) -> tuple[Tone, list[str]]:
    """What is wrong with the proposal, or else what it has learned."""
    wrong = [f"“{one_line(text, 60)}” is no alert, and would trade." for text in proposal.fired_wrongly]
    faults = [*map(_sentence, proposal.faults), *wrong]
    if faults:
        return Tone.DANGER, faults
    learned = ["Reads all of it: " + "; ".join(proposal.learned) + "."] if proposal.learned else ["Read already."]
    return Tone.WARN if proposal.cautions else Tone.OK, [*learned, *map(_sentence, proposal.cautions)]


def _restyle(widget: QWidget) -> None:
    style = widget.style()
    if style is not None:
        style.unpolish(widget)
        style.polish(widget)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
