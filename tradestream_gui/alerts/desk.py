"""Takes every message from arrival to exactly one decision: read, bound, routed, judged, carried out."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from tradestream_gui.alerts.decision_book import DecisionBook
from tradestream_gui.alerts.executor import Carried, IntentExecutor
from tradestream_gui.alerts.inbox import Inbox
from tradestream_gui.alerts.intents import Hold, Intent, OpenIntent
from tradestream_gui.alerts.judgement import ACTED, Verdict, after_edit, timeliness
from tradestream_gui.alerts.opening import OpeningContext, contract_for
from tradestream_gui.alerts.preview import Preview, alert_text_of, opening_context, origin_of, preview_of
from tradestream_gui.alerts.profile_book import ProfileBook
from tradestream_gui.alerts.questions import DeskQuestions
from tradestream_gui.alerts.quote_log import AlertQuoteLog
from tradestream_gui.alerts.resolver import resolve
from tradestream_gui.alerts.signals import Signal, SignalMemory
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.alerts import ActionKind, AlertAction, Reading
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.events import AlertReceived, Notice, NoticeKind, Severity
from tradestream_gui.domain.ids import ChannelId, InstrumentId, MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Order
from tradestream_gui.domain.policies import ExecutionPolicy, Mode
from tradestream_gui.domain.routing import Route, RoutingRules
from tradestream_gui.domain.tickets import RiskDecision
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.journal import Journal, Record
from tradestream_gui.ports.source import IncomingMessage, Watermark
from tradestream_gui.trading.entry_desk import sent_words


class AlertDesk:
    """The only maker of decisions. Messages of one channel are decided in their order; each revision once."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        tasks: Tasks,
        journal: Journal,
        watermark: Watermark,
        executor: IntentExecutor,
        quote_log: AlertQuoteLog,
        rules: RoutingRules,
        execution: ExecutionPolicy,
        questions: DeskQuestions,
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._tasks = tasks
        self._journal = journal
        self._watermark = watermark
        self._executor = executor
        self._quote_log = quote_log
        self._rules = rules
        self._execution = execution
        self._ask = questions
        self._inbox = Inbox()
        self._signals = SignalMemory(execution.duplicate_window)
        self._book = DecisionBook(bus=bus, clock=clock, journal=journal, reading_json=questions.reading_json)
        self._lanes: dict[str, asyncio.Lock] = {}

    def restore(self, revisions: Iterable[MessageRevision], decisions: Iterable[Decision]) -> None:
        """Takes over what is stored; cards that waited have run out by now."""
        self._inbox.restore(revisions)
        self._book.restore(decisions)

    def set_rules(self, rules: RoutingRules, execution: ExecutionPolicy) -> None:
        self._rules = rules
        self._execution = execution

    @property
    def rules(self) -> RoutingRules:
        return self._rules

    @property
    def profiles(self) -> ProfileBook:
        return self._ask.profiles

    def message(self, message_key: MessageKey) -> MessageRevision | None:
        return self._inbox.newest(message_key)

    def decision(self, message_key: MessageKey) -> Decision | None:
        return self._book.decision(message_key)

    def messages(self) -> tuple[MessageRevision, ...]:
        """The newest revision of every message, in the order in which the messages first came."""
        return self._inbox.messages()

    def revisions(self, message_key: MessageKey) -> tuple[MessageRevision, ...]:
        """All versions of a message that are known, oldest first."""
        return self._inbox.revisions(message_key)

    def preview(self, revision: MessageRevision) -> Preview:
        """What this message would come to now; nothing is stored, decided or sent."""
        return preview_of(revision, self._rules, self._execution, self._ask, self._clock.now())

    def cards(self) -> tuple[MessageKey, ...]:
        return self._book.cards()

    # -- arrival (AlertSink) -------------------------------------------------------------------------------

    def on_message(self, message: IncomingMessage) -> None:
        revision = self._inbox.revise(message, self._clock.now())
        if revision is None:
            return
        self._bus.publish(AlertReceived(revision))
        self._tasks.spawn(self._in_lane(revision), f"decide {revision.message_key}")

    def on_source_link(self, source: str, state: LinkState, detail: str) -> None:
        severity = Severity.INFO if state is LinkState.UP else Severity.WARNING
        self._bus.publish(Notice(NoticeKind.CONNECTION, severity, source, f"{state.value} {detail}", self._clock.now()))

    async def _in_lane(self, revision: MessageRevision) -> None:
        lane = self._lanes.setdefault(f"{revision.source}:{revision.channel_id}", asyncio.Lock())
        async with lane:
            await self._decide(revision)

    # -- a person's answers --------------------------------------------------------------------------------

    async def approve(self, message_key: MessageKey) -> Decision | None:
        """Judges the card again as of now and carries it out; None when it is gone or has run out."""
        card = self._book.take_card(message_key)
        if card is None:
            return None
        if card.expires_at is not None and self._clock.now() >= card.expires_at:
            late = Verdict(Outcome.SKIPPED, "EXPIRED", "too late")
            return self._finish(card.revision, card.reading, card.route, late)
        reading = replace(card.reading, actions=card.reading.actions or card.reading.candidate, held=False)
        return await self._act(card.revision, reading, card.route, by_hand=True)

    def reject(self, message_key: MessageKey, why: str) -> None:
        card = self._book.take_card(message_key)
        if card is not None:
            self._finish(card.revision, card.reading, card.route, Verdict(Outcome.SKIPPED, "REJECTED", why))

    def expire_cards(self) -> None:
        """Lets cards run out whose time is over; called every second."""
        for card in self._book.take_expired():
            late = Verdict(Outcome.SKIPPED, "EXPIRED", "nobody approved it in time")
            self._finish(card.revision, card.reading, card.route, late)

    # -- deciding ------------------------------------------------------------------------------------------

    async def _decide(self, revision: MessageRevision) -> None:
        route = self._rules.route(ChannelId(revision.channel_id), revision.author_id)
        if route is None:
            self._finish(revision, None, None, Verdict(Outcome.IGNORED, "UNKNOWN_AUTHOR", "nobody on the list"))
            return
        self._book.take_card(revision.message_key)
        if revision.deleted:
            self._deleted(revision, route)
            return
        reading = self._ask.read(alert_text_of(revision), self._ask.profile(route.profile, revision))
        if not reading.is_alert:
            words = "; ".join(reason.words for reason in reading.reasons) or "not an alert"
            self._finish(revision, reading, route, Verdict(Outcome.IGNORED, "NOT_AN_ALERT", words))
            return
        late = timeliness(revision, reading, route, self._execution)
        if late is not None:
            self._finish(revision, reading, route, late)
            return
        before = self._book.decision(revision.message_key)
        amended = after_edit(revision, reading, route, before, self._execution)
        if amended is not None or reading.held:
            code, words = (amended.code, amended.words) if amended else _held_because(reading)
            self._finish(revision, reading, route, Verdict(Outcome.HELD, code, words))
            return
        await self._act(revision, reading, route, by_hand=False)

    async def _act(self, revision: MessageRevision, reading: Reading, route: Route, *, by_hand: bool) -> Decision:
        context = self._context(revision, route)
        await self._see_quotes(revision, reading.actions, context)
        resolved = resolve(reading.actions, self._ask.book_of(context.origin, revision), context)
        if isinstance(resolved, Hold):
            return self._finish(revision, reading, route, Verdict(Outcome.HELD, resolved.code, resolved.words))
        blocked = self._blocked(revision, reading, route, resolved, by_hand=by_hand)
        if blocked is not None:
            return self._finish(revision, reading, route, blocked, instrument_id=_instrument(resolved))
        if any(isinstance(intent, OpenIntent) for intent in resolved):
            try:
                await self._watermark.advance(revision.source, revision.channel_id, revision.sequence)
            except StoreFailed as error:
                verdict = Verdict(Outcome.REFUSED, "STORE_FAILED", f"nothing was sent: {error}")
                return self._finish(revision, reading, route, verdict)
            self._remember(revision, route, resolved)
        return await self._carry_out(revision, reading, route, resolved)

    async def _carry_out(
        self, revision: MessageRevision, reading: Reading, route: Route, intents: Sequence[Intent]
    ) -> Decision:
        layers = next((intent.layers for intent in intents if isinstance(intent, OpenIntent)), route.layers)

        def records(order: Order, risk: RiskDecision) -> Sequence[Record]:
            carried = Carried(
                Outcome.TRADED, "", sent_words(order, risk), order.instrument_id, (order.cl_ord_id,), risk.checks
            )
            return (revision, self._book.make(revision, reading, route, carried, layers))

        carried = await self._executor.carry_out(intents, records)
        return self._book.put(revision, self._book.make(revision, reading, route, carried, layers))

    def _blocked(
        self, revision: MessageRevision, reading: Reading, route: Route, intents: Sequence[Intent], *, by_hand: bool
    ) -> Verdict | None:
        """What stops resolved intents from being carried out by themselves, or at all."""
        if route.mode is Mode.PAPER and self._ask.account_kind(route.account_id).is_guarded:
            return Verdict(Outcome.HELD, "MODE_MISMATCH", "the route says paper, its account is not")
        if by_hand:
            return None
        entry = next((intent for intent in intents if isinstance(intent, OpenIntent)), None)
        if entry is not None:
            if not self._watermark.allows(revision.source, revision.channel_id, revision.sequence):
                return Verdict(Outcome.MISSED, "WATERMARK", "this message, or a later one here, has been traded before")
            again = any(action.again for action in reading.actions)
            refused, same = self._signals.check(
                self._signal(entry, route), revision.message_key, self._clock.now(), self._day()
            )
            if same is not None and not again:
                return Verdict(Outcome.REFUSED if refused else Outcome.HELD, same.code, same.words)
        if route.mode is Mode.WATCH:
            return Verdict(Outcome.WATCHED, "WATCH", f"{route.analyst.name} is only watched")
        if route.mode is Mode.ASK:
            return Verdict(Outcome.AWAITING, "ASK", "waits for your approval")
        return None

    def _deleted(self, revision: MessageRevision, route: Route) -> None:
        """A deleted message cancels its entry if that has not filled; what is filled is only told."""
        origin = origin_of(revision, route)
        waiting = [p for p in self._ask.book_of(origin, revision).pending if p.message_key == revision.message_key]
        for pending in waiting:
            self._executor.cancel_entry(pending.cl_ord_id, "the message was deleted")
        earlier = self._book.decision(revision.message_key)
        acted = earlier is not None and earlier.outcome in ACTED and not waiting
        words = "deleted; its entry was cancelled" if waiting else "deleted"
        if acted:
            words = "deleted after it was acted upon; nothing was changed"
            self._bus.publish(Notice(NoticeKind.ALERT, Severity.WARNING, route.analyst.name, words, self._clock.now()))
        outcome = Outcome.DONE if waiting else Outcome.HELD if acted else Outcome.IGNORED
        self._finish(revision, None, route, Verdict(outcome, "DELETED", words))

    async def _see_quotes(
        self, revision: MessageRevision, actions: Sequence[AlertAction], context: OpeningContext
    ) -> None:
        """Subscribes what the alert opens and waits for its quote; from here on its quotes are recorded."""
        for action in actions:
            if action.kind not in (ActionKind.OPEN, ActionKind.OPEN_IF):
                continue
            instrument = contract_for(action, context)
            if isinstance(instrument, Hold):
                continue
            await self._ask.ensure_quote(instrument)
            self._quote_log.follow(revision.message_key, instrument.instrument_id)
            self._quote_log.note(revision.message_key, instrument.instrument_id, "received")

    def _finish(
        self,
        revision: MessageRevision,
        reading: Reading | None,
        route: Route | None,
        verdict: Verdict,
        *,
        instrument_id: InstrumentId | None = None,
    ) -> Decision:
        """Ends the way of this revision for now; what a person may still answer becomes a card."""
        return self._book.finish(revision, reading, route, verdict, instrument_id, self._execution.approval_life)

    # -- context -------------------------------------------------------------------------------------------

    def _context(self, revision: MessageRevision, route: Route) -> OpeningContext:
        return opening_context(revision, route, self._execution, self._ask, self._clock.now())

    def _signal(self, intent: OpenIntent, route: Route) -> Signal:
        ticket = intent.ticket
        return Signal(route.analyst.analyst_id, ticket.instrument_id, ticket.side, ticket.reference_price)

    def _remember(self, revision: MessageRevision, route: Route, intents: Sequence[Intent]) -> None:
        for intent in intents:
            if isinstance(intent, OpenIntent):
                signal = self._signal(intent, route)
                self._signals.remember(signal, revision.message_key, self._clock.now(), self._day())

    def _day(self) -> date:
        return self._ask.exchange_date(self._clock.now())


def _held_because(reading: Reading) -> tuple[str, str]:
    reason = reading.reasons[0] if reading.reasons else None
    return (reason.code, reason.words) if reason else ("UNCLEAR", "not clear enough to act upon")


def _instrument(intents: Sequence[Intent]) -> InstrumentId | None:
    entry = next((intent for intent in intents if isinstance(intent, OpenIntent)), None)
    return entry.ticket.instrument_id if entry else None
