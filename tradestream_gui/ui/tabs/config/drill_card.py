"""Practise an outage: three things that can be broken on the simulator, what runs now, and what was measured."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent, QShowEvent
from PyQt6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tradestream_gui.domain.drills import DrillKind
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.trading.drills.drill import LEAST_S, MOST_S, DrillChanged, OutageDrill
from tradestream_gui.ui.shell.dialogs import Question, ask
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, one_line, plain, plain_label
from tradestream_gui.ui.tabs.config.drill_result import DrillResult
from tradestream_gui.ui.tabs.config.drill_texts import TITLE, WHAT, held_words, last_words, progress_words
from tradestream_gui.ui.widgets.choice_box import ChoiceBox

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.events import LotChanged
    from tradestream_gui.ui.shell.signal_hub import SignalHub

HOW = (
    "Breaks one thing on purpose, on the simulator only, and watches the broker's own lists meanwhile: what stood "
    "there, what filled, what was refused. A live or funded account is never touched."
)
NOTHING_OPEN = "No position is open, so a drill proves little. Open one with a stop first; it stays until you close it."
USUAL_S = 20
KILL = "Kill and reopen…"
NARROW_PX = 560
"""At 100 %: a narrower card has its buttons below the words."""


class DrillCard(QFrame):
    """One drill at a time; the result of the last one of each kind stays."""

    said = pyqtSignal(str)  # what became of a position that was asked for
    sight_wanted = pyqtSignal(object)  # the part of it that has just come to say something

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core: Core | None = None
        self._drill: OutageDrill | None = None
        self.setProperty("role", "card")
        self.accounts = ChoiceBox(self)
        self.accounts.take_room_for(10)
        self.accounts.hide()
        self.accounts.setAccessibleName("Account of the drill")
        self.accounts.currentIndexChanged.connect(self._show_state)
        self.seconds = QSpinBox(self)
        self.seconds.setRange(LEAST_S, MOST_S)
        self.seconds.setValue(USUAL_S)
        self.seconds.setSuffix(" s")
        self.seconds.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.seconds.setAccessibleName("How long prices or the link are gone")
        self._look = look
        self._is_narrow: bool | None = None
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(0, 1)
        self._words: dict[DrillKind, QWidget] = {}
        self.starts: dict[DrillKind, QPushButton] = {}
        self.lasts: dict[DrillKind, QPushButton] = {}
        self.held = plain_label(role="help")
        self.held.setWordWrap(True)
        self.open_one = QPushButton("Open 1 MES with a stop", self)
        self.open_one.clicked.connect(self._on_open_one)
        self.running = plain_label(role="strong")
        self.running.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.end = QPushButton("End the outage now", self)
        self.end.clicked.connect(self._on_end)
        self.words = plain_label(role="error")
        self.words.setWordWrap(True)
        self.result = DrillResult(look)
        self._make_kinds()
        self._lay_out()
        self._place_kinds()
        look.changed.connect(self._place_kinds)
        self._complain("")
        self._show_progress(DrillChanged(None))

    def attach(self, core: Core, hub: SignalHub) -> None:
        self._core, self._drill = core, core.drill
        if core.drill is None:
            return
        for account in core.drill.accounts():
            self.accounts.addItem(one_line(account.name), account.account_id)
        self.accounts.setVisible(self.accounts.count() > 1)
        hub.drill_changed.connect(self._show_progress)
        hub.lot_changed.connect(self._on_lot)
        hub.account_state_changed.connect(self._on_fact)
        self._show_newest()
        self._show_progress(DrillChanged(core.drill.progress))

    @property
    def account_id(self) -> AccountId | None:
        found = self.accounts.currentData()
        return None if found is None else AccountId(found)

    def _on_start(self, kind: DrillKind) -> None:
        if self._core is not None and self.account_id is not None:
            self._core.tasks.spawn(self._practise(kind, self.account_id), "practise an outage")

    async def _practise(self, kind: DrillKind, account_id: AccountId) -> None:
        drill = self._drill
        if drill is None:
            return
        self._complain("")
        answer: object = drill.refusal(kind, account_id)
        if not answer and kind is DrillKind.PROCESS:
            answer = await drill.kill_program(account_id) if await self._is_sure() else ""
        elif not answer:
            answer = await drill.practise(kind, account_id, self.seconds.value())
        if isinstance(answer, str):
            self._complain(answer)
        else:
            self.sight_wanted.emit(self.result)

    def _complain(self, words: str) -> None:
        self.words.setText(plain(words, 400))
        self.words.setVisible(bool(words))
        if words:
            self.sight_wanted.emit(self)

    async def _is_sure(self) -> bool:
        text = "The window goes at once, as in a crash, and a new one opens by itself within seconds."
        core, account_id = self._core, self.account_id
        held = held_words(core, account_id) if core is not None and account_id is not None else ""
        facts = (("Held now", plain(held) or "nothing"),)
        return await ask(self, Question("Kill the program?", text, "Kill it now", facts=facts, role="danger"))

    def _on_open_one(self) -> None:
        if self._core is not None and self.account_id is not None:
            self._core.tasks.spawn(self._open(self.account_id), "open a position for the drill")

    async def _open(self, account_id: AccountId) -> None:
        if self._drill is not None:
            self.said.emit(await self._drill.entries.open_one(account_id))

    def _on_end(self) -> None:
        if self._drill is not None:
            self._drill.end_early()

    def _on_lot(self, fact: LotChanged) -> None:
        self._show_state()

    def _on_fact(self, fact: object) -> None:
        self._show_state()

    def _show_progress(self, fact: DrillChanged) -> None:
        progress, was_running = fact.progress, not self.running.isHidden()
        for part in (self.running, self.bar, self.end):
            part.setVisible(progress is not None)
        if progress is None:
            self._show_newest()
        else:
            self.running.setText(progress_words(progress))
            self.bar.setRange(0, round(progress.seconds) if progress.is_broken else 0)
            self.bar.setValue(round(progress.elapsed_s))
            self.end.setEnabled(progress.is_broken)
            self.result.hide()
            if not was_running:
                self.sight_wanted.emit(self)
        self._show_state()

    def _show_newest(self) -> None:
        drill = self._drill
        reports = [report for kind in DrillKind if drill is not None and (report := drill.last(kind)) is not None]
        if reports:
            self._show_report(max(reports, key=lambda report: report.started_at).kind)

    def _show_report(self, kind: DrillKind) -> None:
        report = None if self._drill is None else self._drill.last(kind)
        if self._core is not None and report is not None:
            self.result.show_report(self._core, report)

    def _show_state(self) -> None:
        """What can be practised now, and on what."""
        core, drill, account_id = self._core, self._drill, self.account_id
        is_idle = drill is not None and drill.progress is None and account_id is not None
        for button in self.starts.values():
            button.setEnabled(is_idle)
        if core is None or drill is None or account_id is None:
            return
        zone = ZoneInfo(core.settings.current.general.display_zone)
        held = held_words(core, account_id)
        self.held.setText(plain(f"Held now: {held}", 400) if held else NOTHING_OPEN)
        self.open_one.setVisible(not held and is_idle)
        for kind, last in self.lasts.items():
            report = drill.last(kind)
            last.setText(last_words(report, zone))
            last.setEnabled(report is not None)

    def _lay_out(self) -> None:
        how = plain_label(HOW, role="help")
        how.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(plain_label("Practise an outage", role="h2"))
        head.addStretch(1)
        head.addWidget(self.accounts)
        head.addWidget(plain_label("Outage lasts", role="help"))
        head.addWidget(self.seconds)
        held = QHBoxLayout()
        held.addWidget(self.held, 1)
        held.addWidget(self.open_one)
        now = QHBoxLayout()
        now.addWidget(self.running, 1)
        now.addWidget(self.end)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.words)
        column.addLayout(now)
        column.addWidget(self.bar)
        column.addWidget(how)
        column.addLayout(held)
        column.addLayout(self._grid)
        column.addWidget(self.result)

    def _make_kinds(self) -> None:
        for kind in DrillKind:
            what = plain_label(WHAT[kind], role="help")
            what.setWordWrap(True)
            last = self.lasts[kind] = QPushButton(self)
            last.setProperty("role", "ghost")
            explain(last, "Shows the last result")
            last.clicked.connect(partial(self._show_report, kind))
            start = self.starts[kind] = QPushButton(KILL if kind is DrillKind.PROCESS else "Start", self)
            start.setAccessibleName(f"{TITLE[kind]}: start")
            start.clicked.connect(partial(self._on_start, kind))
            self._words[kind] = QWidget(self)
            words = QVBoxLayout(self._words[kind])
            words.setContentsMargins(0, 0, 0, 0)
            words.setSpacing(2)
            words.addWidget(plain_label(TITLE[kind], role="strong"))
            words.addWidget(what)

    def _place_kinds(self) -> None:
        """The buttons beside the words, or below them where there is no room for both."""
        is_narrow = self.width() < self._look.px(NARROW_PX)
        if is_narrow is self._is_narrow:
            return
        self._is_narrow, grid = is_narrow, self._grid
        for number, kind in enumerate(DrillKind):
            words, start, last = self._words[kind], self.starts[kind], self.lasts[kind]
            if is_narrow:
                grid.addWidget(words, 2 * number, 0, 1, 3)
                grid.addWidget(start, 2 * number + 1, 0, Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(last, 2 * number + 1, 1, 1, 2)
            else:
                grid.addWidget(words, number, 0)
                grid.addWidget(last, number, 1)
                grid.addWidget(start, number, 2)

    # overridden Qt methods

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._place_kinds()

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._show_state()
