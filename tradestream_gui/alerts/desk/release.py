"""What stops an alert that is read and bound from being carried out by itself: its mode, repeats, the watermark."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from tradestream_gui.alerts.binding.binding import Book
from tradestream_gui.alerts.binding.intents import DoneIntent, Hold, Intent, OpenIntent, ReviseIntent, WithdrawIntent
from tradestream_gui.alerts.binding.opening import entry_side, said_price
from tradestream_gui.alerts.desk.judgement import REPEATS, Verdict
from tradestream_gui.alerts.desk.questions import DeskQuestions
from tradestream_gui.alerts.desk.signals import Signal, SignalMemory, contract_key
from tradestream_gui.domain.alerts import AlertAction, Reading
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.ids import ChannelId, MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.policies import ExecutionPolicy, Mode
from tradestream_gui.domain.routing import Route, RoutingRules
from tradestream_gui.ports.source import Watermark

_HARMLESS = (DoneIntent, ReviseIntent, WithdrawIntent)
"""Intents that send nothing: they record, or put something before a person."""


class Release:
    """The last look before an alert acts; the only writer of the memory of signals."""

    def __init__(self, ask: DeskQuestions, watermark: Watermark, execution: ExecutionPolicy) -> None:
        self._ask = ask
        self._watermark = watermark
        self._window = execution.duplicate_window
        self._signals = SignalMemory(execution.duplicate_window)

    def restore(
        self,
        revisions: Iterable[MessageRevision],
        decisions: Iterable[Decision],
        rules: RoutingRules,
        now: datetime,
    ) -> None:
        """The signals of the stored decisions, so that a copy after a restart is known."""
        by_key = {(one.message_key, one.revision): one for one in revisions}
        recent = (one for one in decisions if now - one.at < self._window or self._day(one.at) == self._day(now))
        for decision in sorted(recent, key=lambda one: one.at):
            revision = by_key.get((decision.message_key, decision.revision))
            if revision is None or decision.instrument_id is None or decision.code in REPEATS:
                continue
            route = rules.route(ChannelId(revision.channel_id), revision.author_id)
            reading = self._ask.read_message(revision, route.profile) if route else None
            entry = _entry(reading)
            if route is None or entry is None:
                continue
            instrument = self._ask.instrument_of(decision.instrument_id)
            side = entry_side(entry, instrument)
            signal = Signal(route.analyst.analyst_id, contract_key(instrument), side, said_price(entry, side))
            day = self._day(decision.at)
            self._signals.remember(signal, revision.text, revision.message_key, decision.at, day)

    def verdict(
        self,
        revision: MessageRevision,
        reading: Reading,
        route: Route,
        intents: Sequence[Intent],
        book: Book,
        now: datetime,
    ) -> Verdict | None:
        """Why the intents are not carried out by themselves; None when they are. An entry is remembered from here."""
        entry = next((intent for intent in intents if isinstance(intent, OpenIntent)), None)
        if entry is not None:
            stopped = self._repeated(revision, reading, route, entry, book, now)
            if stopped is not None:
                return stopped
        if route.mode is Mode.WATCH:
            return Verdict(Outcome.WATCHED, "WATCH", f"{route.analyst.name} is only watched")
        if entry is not None:
            signal = self._signal(entry, route)
            self._signals.remember(signal, revision.text, revision.message_key, now, self._day(now))
        if route.mode is Mode.ASK and not all(isinstance(intent, _HARMLESS) for intent in intents):
            return Verdict(Outcome.AWAITING, "ASK", "waits for your approval")
        return None

    def forget(self, message_key: MessageKey) -> None:
        """For a card that a person replaced by his own words."""
        self._signals.forget(message_key)

    def mismatch(self, route: Route) -> Verdict | None:
        """A route that says paper never reaches an account with real money, also when a person approves."""
        if route.mode is Mode.PAPER and self._ask.account_kind(route.account_id).is_guarded:
            return Verdict(Outcome.HELD, "MODE_MISMATCH", "the route says paper, its account is not")
        return None

    def _repeated(
        self,
        revision: MessageRevision,
        reading: Reading,
        route: Route,
        entry: OpenIntent,
        book: Book,
        now: datetime,
    ) -> Verdict | None:
        if not self._watermark.allows(revision.source, revision.channel_id, revision.sequence):
            return Verdict(Outcome.MISSED, "WATERMARK", "this message, or a later one here, has been traded before")
        echo = self._signals.echo(revision.text, route.analyst.analyst_id, revision.message_key, now)
        if echo is not None:
            return Verdict(Outcome.REFUSED if echo.code == "DUPLICATE_SIGNAL" else Outcome.HELD, echo.code, echo.words)
        if any(action.again for action in reading.actions) or entry.ticket.lot_id is not None:
            return None
        refused, same = self._signals.check(self._signal(entry, route), revision.message_key, now, self._day(now))
        if same is not None:
            return Verdict(Outcome.REFUSED if refused else Outcome.HELD, same.code, same.words)
        repost = self._repost(entry, book, now)
        return Verdict(Outcome.HELD, repost.code, repost.words) if repost else None

    def _repost(self, entry: OpenIntent, book: Book, now: datetime) -> Hold | None:
        """The same contract and side at another price, minutes after an entry that still stands: perhaps a
        correction posted anew, perhaps a second entry. The author did not say which, so a person does."""
        contract, side = contract_key(entry.instrument), entry.ticket.side
        for held in book.positions:
            opened = held.lot.opened_at
            is_recent = opened is not None and now - opened < self._window
            if is_recent and held.lot.side is side and contract_key(held.instrument) == contract:
                words = f"an entry of the same contract was filled at {opened:%H:%M:%S} UTC and still stands"
                return Hold("POSSIBLE_REPOST", f"{words}; approve it if it is a second one")
        for waiting in book.pending:
            same_side = waiting.plan is not None and waiting.plan.side is side
            if same_side and contract_key(waiting.instrument) == contract:
                return Hold("POSSIBLE_REPOST", "an entry of the same contract is working; approve it if it is another")
        return None

    def _signal(self, entry: OpenIntent, route: Route) -> Signal:
        contract = contract_key(entry.instrument)
        return Signal(route.analyst.analyst_id, contract, entry.ticket.side, entry.said_price)

    def _day(self, now: datetime) -> date:
        return self._ask.trade_date(now)


def _entry(reading: Reading | None) -> AlertAction | None:
    found = (action for action in (*reading.actions, *reading.candidate) if action.kind.opens) if reading else ()
    return next(iter(found), None)
