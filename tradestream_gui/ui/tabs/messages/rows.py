"""Rows of the message list: what was read, what was decided and what is still to be answered, in words."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from enum import Enum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.ids import ChannelId, MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.ui.format import NOTHING, countdown_text, time_text, times_tooltip
from tradestream_gui.ui.models.columns import Column
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.shell.tone import Tone

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ports.history import StoredMessage


class Parse(Enum):
    """What the parser made of a message: (word, tone, sentence for the tool tip)."""

    OK = ("ok", Tone.OK, "Read in full.")
    PARTIAL = ("partial", Tone.WARN, "Read in part: something is missing or doubtful.")
    HELD = ("held", Tone.WARN, "Held without a usable reading.")
    IGNORED = ("ignored", Tone.MUTED, "Not an alert.")
    ERROR = ("error", Tone.DANGER, "Could not be read as an alert.")
    WAITING = (NOTHING, Tone.MUTED, "Not read yet.")

    @property
    def word(self) -> str:
        return self.value[0]

    @property
    def tone(self) -> Tone:
        return self.value[1]

    @property
    def sentence(self) -> str:
        return self.value[2]


class Chip(Enum):
    """The filters by what was done."""

    ALL = "All"
    NEEDS_A_LOOK = "Needs a look"
    EXECUTED = "Executed"
    REFUSED = "Refused"
    MISSED = "Missed"
    WATCHED = "Watched"
    IGNORED = "Ignored"


ACTIONS: dict[Outcome, tuple[str, Tone, str]] = {
    Outcome.TRADED: ("executed", Tone.OK, "check"),
    Outcome.DONE: ("done", Tone.OK, "check"),
    Outcome.AWAITING: ("awaiting approval", Tone.ACCENT, "clock"),
    Outcome.HELD: ("held", Tone.WARN, "alert"),
    Outcome.REFUSED: ("refused", Tone.DANGER, "close"),
    Outcome.WATCHED: ("watched", Tone.INFO, "eye"),
    Outcome.MISSED: ("missed", Tone.WARN, "clock"),
    Outcome.SKIPPED: ("skipped", Tone.SECONDARY, "minus"),
    Outcome.IGNORED: ("ignored", Tone.MUTED, "minus"),
}
"""Word, tone and icon of each outcome."""
_CHIPS: dict[Outcome, Chip] = {
    Outcome.TRADED: Chip.EXECUTED,
    Outcome.DONE: Chip.EXECUTED,
    Outcome.REFUSED: Chip.REFUSED,
    Outcome.MISSED: Chip.MISSED,
    Outcome.SKIPPED: Chip.MISSED,
    Outcome.WATCHED: Chip.WATCHED,
    Outcome.IGNORED: Chip.IGNORED,
}


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message with its newest decision. `is_card`: it still waits for an answer; `left_s` until it runs out.
    `versions`, oldest first, of a message that the archive has and the desk holds no more; `on_earlier_day` of one
    that was not posted today."""

    revision: MessageRevision
    decision: Decision | None
    analyst: str
    is_followed: bool
    parse: Parse
    is_card: bool
    left_s: float | None
    versions: tuple[MessageRevision, ...] = ()
    on_earlier_day: bool = False

    @property
    def haystack(self) -> str:
        """What a search looks through; made when somebody searches."""
        words, said = self.decision.words if self.decision else "", self.revision
        return " ".join((said.text, self.analyst, said.author_name, said.channel_name, words)).casefold()

    @property
    def key(self) -> MessageKey:
        return self.revision.message_key

    @property
    def is_stored(self) -> bool:
        """Only the archive has it: it can be read, and nobody answers it any more."""
        return bool(self.versions)

    @property
    def is_edited(self) -> bool:
        return self.revision.revision > 0

    @property
    def has_run_out(self) -> bool:
        """It waited for approval once, and nobody can answer any more."""
        return self.decision is not None and self.decision.outcome is Outcome.AWAITING and not self.is_card

    @property
    def action(self) -> str:
        if self.decision is None:
            return NOTHING
        word = ACTIONS[self.decision.outcome][0]
        if self.has_run_out:
            return "missed: the card ran out"
        if self.decision.outcome is Outcome.AWAITING:
            return word if self.left_s is None else f"{word} {countdown_text(timedelta(seconds=self.left_s))}"
        if self.decision.outcome is Outcome.SKIPPED:
            word = "missed" if self.decision.code == "EXPIRED" else "rejected"
        if self.decision.outcome is Outcome.IGNORED and self.decision.code == "NOT_AN_ALERT":
            return word
        return f"{word}: {one_line(self.decision.words)}" if self.decision.words else word

    @property
    def tone(self) -> Tone:
        if self.decision is None:
            return Tone.MUTED
        return Tone.WARN if self.has_run_out else ACTIONS[self.decision.outcome][1]

    @property
    def icon(self) -> str | None:
        return ACTIONS[self.decision.outcome][2] if self.decision else None

    def stands_in(self, chip: Chip) -> bool:
        if chip is Chip.ALL:
            return True
        if chip is Chip.NEEDS_A_LOOK:
            return self.is_card
        if self.has_run_out:
            return chip is Chip.MISSED
        return self.decision is not None and _CHIPS.get(self.decision.outcome) is chip


def message_row(core: "Core", revision: MessageRevision, cards: frozenset[MessageKey]) -> MessageRow:
    """The row as the owners know the message now."""
    decision = core.alerts.decision(revision.message_key)
    analyst = core.alerts.rules.analyst_of(ChannelId(revision.channel_id), revision.author_id)
    name = analyst.name if analyst else revision.author_name
    is_card = revision.message_key in cards
    left = None
    if is_card and decision is not None and decision.expires_at is not None:
        left = max((decision.expires_at - core.clock.now()).total_seconds(), 0.0)
    return MessageRow(
        revision=revision,
        decision=decision,
        analyst=name,
        is_followed=analyst is not None,
        parse=parse_of(decision),
        is_card=is_card,
        left_s=left,
    )


def stored_row(core: "Core", stored: "StoredMessage") -> MessageRow:
    """The row of a message that the desk does not hold."""
    newest, zone = stored.versions[-1], ZoneInfo(core.settings.current.general.display_zone)
    return replace(
        message_row(core, newest, frozenset()),
        decision=stored.decision,
        parse=parse_of(stored.decision),
        versions=stored.versions,
        on_earlier_day=newest.sent_at.astimezone(zone).date() != core.clock.now().astimezone(zone).date(),
    )


def parse_of(decision: Decision | None) -> Parse:
    if decision is None:
        return Parse.WAITING
    told = reading_of(decision)
    if told is None:
        return Parse.IGNORED
    if told.get("actions"):
        return Parse.OK
    if told.get("held"):
        return Parse.PARTIAL if told.get("candidate") else Parse.HELD
    is_error = any(str(reason).startswith("TOO_LONG") for reason in told.get("reasons", ()))
    return Parse.ERROR if is_error else Parse.IGNORED


def reading_of(decision: Decision) -> dict[str, Any] | None:
    """The stored reading as it was written; None where the message was not read."""
    if not decision.reading_json:
        return None
    told = json.loads(decision.reading_json)
    return told if isinstance(told, dict) else None


def message_columns(zone: tzinfo) -> tuple[Column[MessageRow], ...]:
    def posted(row: MessageRow) -> datetime:
        return row.revision.sent_at

    return (
        Column(key="time", title="Time", text=lambda row: _when(row, zone), width=78, sort_key=posted,
               tone=_when_silent, tooltip=lambda row: times_tooltip(posted(row), zone)),
        Column(key="channel", title="Channel", text=lambda row: one_line(row.revision.channel_name, 60), width=68,
               tone=_when_quiet, spare=1),
        Column(key="analyst", title="Analyst", text=lambda row: one_line(row.analyst, 60), width=68,
               tone=_when_silent,
               tooltip=lambda row: "" if row.is_followed else f"{row.analyst} is not followed"),
        Column(key="text", title="Text", text=_text, width=200, elastic=1, tone=_when_silent,
               tooltip=lambda row: row.revision.text),
        Column(key="parse", title="Parse", text=lambda row: row.parse.word, width=70, spare=2,
               tone=lambda row: row.parse.tone, tooltip=lambda row: row.parse.sentence),
        Column(key="action", title="Action", text=lambda row: row.action, width=160, elastic=1,
               tone=lambda row: row.tone, icon=lambda row: row.icon, tooltip=lambda row: row.action),
    )  # fmt: skip


def _when(row: MessageRow, zone: tzinfo) -> str:
    """The day where it was another one; its tool tip tells all."""
    at = row.revision.sent_at
    return f"{at.astimezone(zone):%d %b}" if row.on_earlier_day else time_text(at, zone)


def _text(row: MessageRow) -> str:
    mark = "deleted · " if row.revision.deleted else "edited · " if row.is_edited else ""
    return mark + one_line(row.revision.text)


def _when_quiet(row: MessageRow) -> Tone:
    return _when_silent(row) or Tone.SECONDARY


def _when_silent(row: MessageRow) -> Tone | None:
    is_silent = row.decision is not None and row.decision.outcome is Outcome.IGNORED
    return Tone.MUTED if is_silent else None
