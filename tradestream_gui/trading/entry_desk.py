"""Carries an entry from ticket to order: judged, reserved, stored with its exit plan, and only then sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.exits import ExitPlan, PlanState
from tradestream_gui.domain.ids import AccountId, ClOrdId, LotId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import signed
from tradestream_gui.domain.orders import MANUAL, Order, OrderRole, OrdStatus, OrdType
from tradestream_gui.domain.positions import Lot
from tradestream_gui.domain.tickets import EntryTicket, RiskDecision
from tradestream_gui.ports.clock import Clock, Ids
from tradestream_gui.ports.journal import Record
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.intent_store import Mark
from tradestream_gui.trading.limit_walk import LimitWalk
from tradestream_gui.trading.lot_book import InstrumentLookup, LotBook
from tradestream_gui.trading.order_desk import OrderDesk
from tradestream_gui.trading.risk_gate import RiskGate

RecordsFor = Callable[[Order, RiskDecision, str], Sequence[Record]]
"""The facts that belong into the same transaction as the intent: message revision and decision; it is given the
order, what risk decided, and both in words."""
FlatBy = Callable[[AccountId, Instrument, datetime], datetime | None]


@dataclass(frozen=True, slots=True)
class EntryResult:
    """The order as it stood when the broker had been asked, or DENIED; `words` are for the person who asked."""

    order: Order
    decision: RiskDecision
    words: str

    @property
    def is_sent(self) -> bool:
        return self.order.ord_status not in (OrdStatus.DENIED, OrdStatus.ABANDONED)


class EntryDesk:
    """The one door for everything that opens or adds, by alert or by hand."""

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        blotter: Blotter,
        lots: LotBook,
        desk: OrderDesk,
        exits: ExitDesk,
        gate: RiskGate,
        instrument_of: InstrumentLookup,
        flat_by: FlatBy,
        walk: LimitWalk,
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._blotter = blotter
        self._lots = lots
        self._desk = desk
        self._exits = exits
        self._gate = gate
        self._instrument_of = instrument_of
        self._flat_by = flat_by
        self._walk = walk

    def judge(self, ticket: EntryTicket) -> RiskDecision:
        return self._gate.judge(ticket)

    async def enter(
        self, ticket: EntryTicket, records_for: RecordsFor = lambda *_: (), mark: Mark | None = None
    ) -> EntryResult:
        """Judges and reserves without an await between, then stores and sends. `mark` is what else must be durable
        before that. Never raises for a refusal."""
        decision = self._gate.judge(ticket)
        if not decision.is_allowed:
            denied = self._order(ticket, ticket.order_qty, ticket.lot_id or self._ids.next_lot_id(ticket.account_id))
            denied = replace(denied, ord_status=OrdStatus.DENIED, reason=decision.words)
            self._desk.reserve(denied)
            return EntryResult(denied, decision, decision.words)
        lot_id = ticket.lot_id or self._ids.next_lot_id(ticket.account_id)
        order = self._order(ticket, decision.order_qty, lot_id)
        self._desk.reserve(order)
        name = contract_name(self._instrument_of(order.instrument_id))
        words = _sent_words(order, name, decision)
        records: list[Record] = list(records_for(order, decision, words))
        if ticket.lot_id is None or self._exits.plan(lot_id) is None:
            plan = self._plan(ticket, lot_id)
            self._exits.take(plan, with_intent=ticket.lot_id is None)
            records.append(plan)
        sent = await self._desk.send(order, records, mark=mark)
        self._watch_expiry(sent)
        if ticket.walk_from is not None and ticket.limit_price is not None:
            self._walk.start(sent, ticket.limit_price)
        if sent.ord_status in (OrdStatus.DENIED, OrdStatus.ABANDONED, OrdStatus.REJECTED):
            words = f"{name}: {sent.order_qty} {sent.ord_status.value.lower()}: {sent.reason}"
        return EntryResult(sent, decision, words)

    def flat_by(self, account_id: AccountId, instrument: Instrument, at: datetime) -> datetime | None:
        """When a position that begins now must be gone; None where nothing demands it."""
        return self._flat_by(account_id, instrument, at)

    def opposite_manual_lot(self, ticket: EntryTicket) -> Lot | None:
        """The lot by hand that a ticket by hand would reduce instead of opening anything."""
        return next(
            (
                lot
                for lot in self._lots.open_lots(ticket.account_id, ticket.instrument_id)
                if lot.origin.kind is MANUAL.kind and lot.side is not ticket.side
            ),
            None,
        )

    def reduce_by_hand(self, lot: Lot, ticket: EntryTicket) -> str:
        """Turns a ticket against the hand's own lot into its exit: market closes, limit is a target, stop moves."""
        if ticket.order_qty > lot.open_qty:
            name = contract_name(self._instrument_of(ticket.instrument_id))
            return (
                f"{name}: {ticket.order_qty} denied: it would turn the position of "
                f"{signed(lot.signed_qty)} round; close it first or use Reverse"
            )
        if ticket.ord_type is OrdType.LIMIT and ticket.limit_price is not None:
            share = (ticket.limit_price, _share(ticket.order_qty, lot.open_qty))
            return self._exits.set_targets(lot.lot_id, (share,))
        if ticket.ord_type is OrdType.STOP and ticket.stop_price is not None:
            return self._exits.move_stop(lot.lot_id, ticket.stop_price)
        return self._exits.close(lot.lot_id, ticket.order_qty, "closed by hand")

    def resume(self) -> None:
        """Watches the life of entries that an earlier run left at the broker."""
        for order in self._blotter.open_orders(role=OrderRole.ENTRY):
            self._watch_expiry(order)

    def _watch_expiry(self, order: Order) -> None:
        if order.expire_at is not None and order.may_fill:
            left_s = max((order.expire_at - self._clock.now()).total_seconds(), 0.0)
            self._clock.call_later(left_s, lambda: self._expire(order.cl_ord_id))

    def _expire(self, cl_ord_id: ClOrdId) -> None:
        order = self._blotter.order(cl_ord_id)
        if order is not None and order.may_fill:
            self._desk.request_cancel(order, "not filled in time")

    def _order(self, ticket: EntryTicket, qty: int, lot_id: LotId) -> Order:
        now = self._clock.now()
        return Order(
            cl_ord_id=self._ids.next_cl_ord_id(ticket.account_id),
            account_id=ticket.account_id,
            instrument_id=ticket.instrument_id,
            lot_id=lot_id,
            origin=ticket.origin,
            role=OrderRole.ENTRY,
            side=ticket.side,
            ord_type=ticket.ord_type,
            order_qty=qty,
            time_in_force=ticket.time_in_force,
            created_at=now,
            updated_at=now,
            limit_price=_storable(ticket.limit_price if ticket.walk_from is None else ticket.walk_from),
            stop_price=_storable(ticket.stop_price),
            expire_at=now + timedelta(seconds=ticket.expire_after_s) if ticket.expire_after_s is not None else None,
        )

    def _plan(self, ticket: EntryTicket, lot_id: LotId) -> ExitPlan:
        instrument = self._instrument_of(ticket.instrument_id)
        return ExitPlan(
            lot_id=lot_id,
            account_id=ticket.account_id,
            instrument_id=ticket.instrument_id,
            side=ticket.side,
            state=PlanState.WAITING,
            stop_price=ticket.protective_stop,
            initial_stop_price=ticket.protective_stop,
            break_even_after=ticket.break_even_after,
            break_even_offset=ticket.break_even_offset,
            trail=ticket.trail,
            close_at=ticket.close_at,
            flat_by=ticket.flat_by or self.flat_by(ticket.account_id, instrument, self._clock.now()),
            allocations=ticket.allocations,
            hold_one_contract=ticket.hold_one_contract,
        )


def _storable(price: Decimal | None) -> Decimal | None:
    """A denied ticket may hold what is no number; its row keeps no price then."""
    return price if price is not None and price.is_finite() else None


def _share(qty: int, of_qty: int) -> Decimal:
    return Decimal(qty) / Decimal(of_qty)


def _sent_words(order: Order, name: str, decision: RiskDecision) -> str:
    """What was sent and how risk cut it."""
    return "; ".join((f"{order.side.value} {order.order_qty} {name} sent", *decision.cuts))
