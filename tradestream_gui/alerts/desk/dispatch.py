"""Carries a message that is read to its end: bound to positions and contracts, judged, sent or put to a person."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from tradestream_gui.alerts.binding.binding import Book
from tradestream_gui.alerts.binding.conversation import Conversation
from tradestream_gui.alerts.binding.corrections import corrected
from tradestream_gui.alerts.binding.intents import (
    CancelIntent,
    CloseIntent,
    Hold,
    Intent,
    OpenIntent,
    ReviseIntent,
    StopIntent,
    TargetIntent,
    WithdrawIntent,
)
from tradestream_gui.alerts.binding.loaded import with_contract
from tradestream_gui.alerts.binding.opening import OpeningContext, contract_for
from tradestream_gui.alerts.binding.resolver import resolve
from tradestream_gui.alerts.desk.decision_book import Card, DecisionBook
from tradestream_gui.alerts.desk.executor import SIZE_CODES, Carried, IntentExecutor
from tradestream_gui.alerts.desk.judgement import SUPERSEDED, Verdict
from tradestream_gui.alerts.desk.preview import opening_context
from tradestream_gui.alerts.desk.questions import DeskQuestions
from tradestream_gui.alerts.desk.quote_log import AlertQuoteLog
from tradestream_gui.alerts.desk.release import Release
from tradestream_gui.alerts.desk.shown_order import ShownOrder, as_shown
from tradestream_gui.domain.alerts import ActionKind, AlertAction, Reading
from tradestream_gui.domain.decisions import AlertQuote, Decision, Outcome
from tradestream_gui.domain.ids import InstrumentId, MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Order
from tradestream_gui.domain.policies import ExecutionPolicy
from tradestream_gui.domain.routing import Route
from tradestream_gui.domain.tickets import RiskDecision
from tradestream_gui.ports.journal import Record
from tradestream_gui.ports.source import Watermark

HELD_WITH_SIZE = SIZE_CODES - {"DAILY_LOSS_LIMIT"}
"""Refusals after which a person may still take the trade smaller, or once there is room."""


class Dispatch:
    """Holds no state of its own. What it is told to act upon is the newest version of its message, or nothing is."""

    def __init__(
        self,
        *,
        ask: DeskQuestions,
        book: DecisionBook,
        conversation: Conversation,
        release: Release,
        executor: IntentExecutor,
        quote_log: AlertQuoteLog,
        watermark: Watermark,
        is_newest: Callable[[MessageRevision], bool],
        now: Callable[[], datetime],
    ) -> None:
        self._ask = ask
        self._book = book
        self._conversation = conversation
        self._release = release
        self._executor = executor
        self._quote_log = quote_log
        self._watermark = watermark
        self._is_newest = is_newest
        self._now = now

    async def act(
        self,
        revision: MessageRevision,
        reading: Reading,
        route: Route,
        execution: ExecutionPolicy,
        *,
        by_hand: bool = False,
        order: ShownOrder | None = None,
    ) -> Decision:
        """Decides the message. `by_hand`: a person has said yes, so modes and repeats are no longer asked; `order` is
        the entry to which he said it, where he was shown one."""
        seen: list[AlertQuote] = []
        try:
            return await self._act(revision, reading, route, execution, by_hand, order, seen)
        finally:
            self._quote_log.write(seen)  # behind the intent, which must not wait for them

    async def _act(
        self,
        revision: MessageRevision,
        reading: Reading,
        route: Route,
        execution: ExecutionPolicy,
        by_hand: bool,
        order: ShownOrder | None,
        seen: list[AlertQuote],
    ) -> Decision:
        def finish(verdict: Verdict, instrument_id: InstrumentId | None = None) -> Decision:
            corrects = any(action.kind is ActionKind.AMEND for action in reading.actions)
            amends = book.amendable.message_key if corrects and book.amendable else None
            return self._book.finish(revision, reading, route, verdict, instrument_id, execution.approval_life, amends)

        context = opening_context(revision, route, execution, self._ask, self._now(), by_hand=by_hand)
        book = self._book_for(revision, reading, route, context)
        waited = await self._see_quotes(revision, reading.actions, book, context, seen)
        if not self._is_newest(revision):
            return finish(Verdict(Outcome.IGNORED, SUPERSEDED, "replaced by its edit before it was decided"))
        if waited:
            book = self._book_for(revision, reading, route, context)
        resolved = resolve(reading.actions, book, context)
        if order is not None and not isinstance(resolved, Hold):
            resolved = as_shown(resolved, order, revision.revision, self._ask.contracts.micro_of)
        if isinstance(resolved, Hold):
            return finish(Verdict(Outcome.HELD, resolved.code, resolved.words))
        for called_off in _withdrawn(resolved):
            self._take_back(called_off.message_key, "CALLED_OFF", called_off.words, execution)
        entry = next((intent for intent in resolved if isinstance(intent, OpenIntent)), None)
        blocked = self._release.mismatch(route)
        if blocked is None and not by_hand:
            blocked = self._release.verdict(revision, reading, route, resolved, book, self._now())
        if blocked is not None:
            return finish(blocked, entry.ticket.instrument_id if entry else None)
        return await self._carry_out(revision, reading, route, resolved, execution)

    def _book_for(self, revision: MessageRevision, reading: Reading, route: Route, context: OpeningContext) -> Book:
        """An alert whose every action is the entry of a contract that it names means nothing that was said before."""
        if all(action.kind is ActionKind.OPEN and action.symbol is not None for action in reading.actions):
            return self._conversation.held(revision, context.origin)
        return self._conversation.book(revision, route, context.origin)

    async def answer(
        self,
        revision: MessageRevision,
        reading: Reading,
        route: Route,
        execution: ExecutionPolicy,
        order: ShownOrder | None,
    ) -> Decision:
        """Carries out what a person said yes to, on the account that he saw."""
        if order is not None and order.ticket.account_id != route.account_id:
            if self._ask.account_kind(order.ticket.account_id).is_guarded:
                words = "only the alert's own account, or one without real money, can take it"
                verdict = Verdict(Outcome.HELD, "OTHER_ACCOUNT", words)
                return self._book.finish(revision, reading, route, verdict, None, execution.approval_life)
            layers = (*(layer for layer in route.layers if layer[0] != "account_id"), ("account_id", "you"))
            route = replace(route, account_id=order.ticket.account_id, layers=layers)
        return await self.act(revision, reading, route, execution, by_hand=True, order=order)

    async def settle(self, card: Card, execution: ExecutionPolicy, *, swap: bool) -> Decision:
        """Flattens the position whose alert was corrected, and enters the corrected contract when that is wanted."""
        revision, reading, route = card.revision, card.reading, card.route
        context = opening_context(revision, route, execution, self._ask, self._now(), by_hand=True)
        book = self._conversation.book(revision, route, context.origin)
        if swap and (book.amendable is None or card.amends == revision.message_key):
            words = "an edit never opens again: flatten here and place the corrected entry by hand"
            verdict = Verdict(Outcome.HELD, "AMENDED_AFTER_FILL", words)
            return self._book.finish(revision, reading, route, verdict, None, execution.approval_life, card.amends)
        held = tuple(one for one in book.positions if one.lot.origin.message_key == card.amends)
        closing = [CloseIntent(one.lot, one.lot.open_qty, "flattened after a correction") for one in held]
        carried = await self._executor.carry_out(closing, lambda *_: ())
        if not swap or book.amendable is None:
            carried = replace(carried, code="FLATTENED")
            return self._book.put(revision, self._book.make(revision, reading, route, carried, route.layers))
        entry = corrected(book.amendable.action, reading.actions[0])
        return await self.act(revision, replace(reading, actions=(entry,)), route, execution, by_hand=True)

    def would_change(
        self, revision: MessageRevision, reading: Reading, route: Route, execution: ExecutionPolicy
    ) -> bool:
        """Whether the message, carried out now, would change anything that is open or pending."""
        context = opening_context(revision, route, execution, self._ask, self._now())
        book = self._conversation.book(revision, route, context.origin)
        resolved = resolve(reading.actions or reading.candidate, book, context)
        if isinstance(resolved, Hold):
            return bool(book.positions or book.pending)
        return any(isinstance(intent, CloseIntent | StopIntent | TargetIntent | CancelIntent) for intent in resolved)

    async def _carry_out(
        self,
        revision: MessageRevision,
        reading: Reading,
        route: Route,
        intents: Sequence[Intent],
        execution: ExecutionPolicy,
    ) -> Decision:
        entry = next((intent for intent in intents if isinstance(intent, OpenIntent)), None)
        bound_by = next((by for by in (getattr(intent, "bound_by", "") for intent in intents) if by), "")
        layers = entry.layers if entry else route.layers
        if bound_by:
            layers = (*layers, ("position", bound_by))

        def records(order: Order, risk: RiskDecision, words: str) -> Sequence[Record]:
            carried = Carried(Outcome.TRADED, "", words, order.instrument_id, (order.cl_ord_id,), risk.checks)
            return (revision, self._book.make(revision, reading, route, carried, layers))

        revised = [intent for intent in intents if isinstance(intent, ReviseIntent)]
        rest = [intent for intent in intents if not isinstance(intent, ReviseIntent | WithdrawIntent)]
        mark = partial(self._watermark.advance, revision.source, revision.channel_id, revision.sequence)
        carried = await self._executor.carry_out(rest, records, mark)
        if revised:
            return self._propose(revision, reading, route, revised[0], carried if rest else None, execution)
        if not rest and intents:
            carried = Carried(Outcome.DONE, "CALLED_OFF", "; ".join(one.words for one in _withdrawn(intents)))
        if carried.outcome is Outcome.REFUSED and carried.code in ("CONFLICT", *HELD_WITH_SIZE):
            return self._book.hold_refused(revision, reading, route, carried, layers)
        earlier = self._book.acted(revision.message_key)
        if earlier is not None and carried.outcome is Outcome.DONE:
            return self._book.amended(revision, earlier, reading, carried.code, carried.words)
        return self._book.put(revision, self._book.make(revision, reading, route, carried, layers))

    def _propose(
        self,
        revision: MessageRevision,
        reading: Reading,
        route: Route,
        revised: ReviseIntent,
        carried: Carried | None,
        execution: ExecutionPolicy,
    ) -> Decision:
        """The corrected entry as a card; the card of the alert that it corrects goes."""
        self._take_back(revised.message_key, "CORRECTED", "corrected by a later message", execution)
        words = "; ".join(part for part in (carried.words if carried else "", revised.words) if part)
        proposed = replace(reading, actions=(), candidate=(revised.action,), held=True)
        verdict = Verdict(Outcome.HELD, "AMENDED", words)
        return self._book.finish(revision, proposed, route, verdict, None, execution.approval_life, revised.message_key)

    def _take_back(self, message_key: MessageKey, code: str, words: str, execution: ExecutionPolicy) -> None:
        """Takes back a card at once, in every mode: nothing of it was sent."""
        card = self._book.take_card(message_key)
        if card is not None:
            verdict = Verdict(Outcome.SKIPPED, code, words)
            self._book.finish(card.revision, card.reading, card.route, verdict, None, execution.approval_life)

    async def _see_quotes(
        self,
        revision: MessageRevision,
        actions: Sequence[AlertAction],
        book: Book,
        context: OpeningContext,
        seen: list[AlertQuote],
    ) -> bool:
        """Subscribes what the alert opens and waits for its quote; from here on its quotes are recorded, those of now
        in `seen`. Answers whether anything was waited for."""
        waited = False
        for action in actions:
            built = with_contract(action, book) if action.kind in (ActionKind.OPEN, ActionKind.OPEN_IF) else None
            if built is None or isinstance(built, Hold):
                continue
            instrument = contract_for(built[0], context)
            if isinstance(instrument, Hold):
                continue
            if self._ask.quote_at_hand(instrument.instrument_id) is None:
                waited = True
                await self._ask.ensure_quote(instrument)
            self._quote_log.follow(revision.message_key, instrument.instrument_id)
            seen += self._quote_log.quotes(revision.message_key, instrument.instrument_id, "received")
        return waited


def _withdrawn(intents: Sequence[Intent]) -> list[WithdrawIntent]:
    return [intent for intent in intents if isinstance(intent, WithdrawIntent)]
