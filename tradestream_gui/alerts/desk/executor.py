"""Carries intents out: entries through the entry desk, all else through the exit desk."""

from collections.abc import Sequence
from dataclasses import dataclass

from tradestream_gui.alerts.binding.intents import (
    CancelIntent,
    CloseIntent,
    DoneIntent,
    Intent,
    OpenIntent,
    PlanIntent,
    StopIntent,
    TargetIntent,
)
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.decisions import CheckResult, Outcome
from tradestream_gui.domain.ids import ClOrdId, InstrumentId
from tradestream_gui.domain.orders import OrderRole, OrdStatus
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.entry_desk import EntryDesk, EntryResult, RecordsFor
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.intent_store import Mark
from tradestream_gui.trading.order_desk import OrderDesk

SIZE_CODES = frozenset(
    {
        "RISK_EXCEEDS_MAX",
        "OPEN_RISK",
        "PORTFOLIO_HEAT",
        "POSITION_LIMIT",
        "DAILY_LOSS_LIMIT",
        "BUYING_POWER",
        "NOTIONAL_EXCEEDS_MAX",
        "GROSS_EXPOSURE",
        "NET_EXPOSURE",
        "PACK_CONTRACTS",
    }
)
"""Refusals that a smaller contract may escape."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of the intents of one message."""

    outcome: Outcome
    code: str
    words: str
    instrument_id: InstrumentId | None = None
    cl_ord_ids: tuple[ClOrdId, ...] = ()
    checks: tuple[CheckResult, ...] = ()


class IntentExecutor:
    """Holds no state. An entry's own records are committed with its intent, in one transaction."""

    def __init__(self, *, entries: EntryDesk, exits: ExitDesk, desk: OrderDesk, blotter: Blotter) -> None:
        self._entries = entries
        self._exits = exits
        self._desk = desk
        self._blotter = blotter

    async def carry_out(self, intents: Sequence[Intent], records_for: RecordsFor, mark: Mark | None = None) -> Carried:
        """Runs the intents in order and stops at the first entry that is refused. `mark` is made durable before an
        entry is sent."""
        done: list[Carried] = []
        for intent in intents:
            carried = await self._carry(intent, records_for, mark)
            done.append(carried)
            if carried.outcome is Outcome.REFUSED:
                break
        if not done:
            return Carried(Outcome.DONE, "", "nothing to do")
        last = done[-1]
        return Carried(
            last.outcome,
            last.code,
            "; ".join(carried.words for carried in done),
            next((carried.instrument_id for carried in done if carried.instrument_id), None),
            tuple(cl_ord_id for carried in done for cl_ord_id in carried.cl_ord_ids),
            tuple(check for carried in done for check in carried.checks),
        )

    async def _carry(self, intent: Intent, records_for: RecordsFor, mark: Mark | None) -> Carried:
        if isinstance(intent, OpenIntent):
            return await self._open(intent, records_for, mark)
        if isinstance(intent, CloseIntent):
            words = self._exits.close(intent.lot.lot_id, intent.qty, intent.words)
            return Carried(Outcome.DONE, "", words, intent.lot.instrument_id)
        if isinstance(intent, StopIntent):
            if intent.stop_price is None:
                words = self._exits.move_to_break_even(intent.lot.lot_id)
            else:
                words = self._exits.move_stop(intent.lot.lot_id, intent.stop_price)
            return Carried(Outcome.DONE, "", words, intent.lot.instrument_id)
        if isinstance(intent, TargetIntent):
            words = self._exits.set_targets(intent.lot.lot_id, intent.allocations)
            return Carried(Outcome.DONE, "", words, intent.lot.instrument_id)
        if isinstance(intent, PlanIntent):
            return self._change_plan(intent)
        if isinstance(intent, CancelIntent):
            return self._cancel(intent)
        assert isinstance(intent, DoneIntent)
        return Carried(Outcome.DONE, intent.code, intent.words)

    def _change_plan(self, intent: PlanIntent) -> Carried:
        """Changes how an entry that has not filled yet will be left."""
        done = [intent.words]
        if intent.stop_price is not None:
            done.append(self._exits.move_stop(intent.lot_id, intent.stop_price))
        if intent.allocations:
            done.append(self._exits.set_targets(intent.lot_id, intent.allocations))
        return Carried(Outcome.DONE, "", "; ".join(done))

    async def _open(self, intent: OpenIntent, records_for: RecordsFor, mark: Mark | None) -> Carried:
        ticket: EntryTicket = intent.ticket
        if self._has_entered(ticket):
            words = "this message has made its entry already; one message makes one entry"
            return Carried(Outcome.REFUSED, "ALREADY_TRADED", words, ticket.instrument_id)
        if intent.micro is not None:
            decision = self._entries.judge(ticket)
            if not decision.is_allowed and decision.code in SIZE_CODES:
                ticket = intent.micro
        result: EntryResult = await self._entries.enter(ticket, records_for, mark)
        outcome = Outcome.TRADED if result.is_sent else Outcome.REFUSED
        return Carried(
            outcome,
            result.decision.code,
            result.words,
            result.order.instrument_id,
            (result.order.cl_ord_id,),
            result.decision.checks,
        )

    def _has_entered(self, ticket: EntryTicket) -> bool:
        """True when an entry of the ticket's message was ever sent, whatever became of it."""
        never_sent = (OrdStatus.DENIED, OrdStatus.ABANDONED)
        key = ticket.origin.message_key
        return key is not None and any(
            order.role is OrderRole.ENTRY and order.ord_status not in never_sent
            for order in self._blotter.orders_of_message(key)
        )

    def cancel_entry(self, cl_ord_id: ClOrdId, reason: str) -> bool:
        """Asks for the cancel of an entry that has not filled; False when there is nothing to cancel."""
        order = self._blotter.order(cl_ord_id)
        return order is not None and self._desk.request_cancel(order, reason)

    def _cancel(self, intent: CancelIntent) -> Carried:
        order = self._blotter.order(intent.cl_ord_id)
        if order is None or not self.cancel_entry(intent.cl_ord_id, "cancelled by the analyst"):
            return Carried(Outcome.DONE, "ALREADY_DONE", "the entry was not working any more")
        return Carried(
            Outcome.DONE,
            "",
            f"entry {order.side.value} {order.order_qty} {named(order.instrument_id)} cancelled",
        )
