"""A simulated exchange as a pure state machine: it alone knows what happened, and the checker believes only it."""

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from tradestream_gui.domain.accounts import Balance, BrokerPosition
from tradestream_gui.domain.ids import AccountId, ClOrdId, ExecId, InstrumentId, LotId, MessageKey, OrderId
from tradestream_gui.domain.orders import Order, OrderRole, OrdStatus, OrdType, Side, TimeInForce
from tradestream_gui.ports.broker import ExecutionReport, OrderReport

FEE = Decimal("0.50")
RECENT = timedelta(seconds=30)
"""How far back a lagging list may look."""
Report = OrderReport | ExecutionReport


@dataclass(slots=True, eq=False)
class VenueOrder:
    """One order at the exchange; `number` is its identity, whatever ids it goes by."""

    number: int
    order_id: OrderId
    cl_ord_id: ClOrdId | None
    account_id: AccountId
    instrument_id: InstrumentId
    side: Side
    ord_type: OrdType
    order_qty: int
    limit_price: Decimal | None
    stop_price: Decimal | None
    time_in_force: TimeInForce
    placed_at: datetime
    lot_id: LotId | None = None
    role: OrderRole | None = None
    message_key: MessageKey | None = None
    group: str | None = None
    status: OrdStatus = OrdStatus.NEW
    cum_qty: int = 0
    triggered: bool = False
    ended_at: datetime | None = None
    versions: list[OrderReport] = field(default_factory=list)

    @property
    def is_live(self) -> bool:
        return self.status in (OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED)

    @property
    def leaves_qty(self) -> int:
        return self.order_qty - self.cum_qty if self.is_live else 0


@dataclass(frozen=True, slots=True)
class Deal:
    """One execution and the order that it belongs to."""

    report: ExecutionReport
    order: VenueOrder


@dataclass(frozen=True, slots=True)
class Price:
    bid: Decimal
    ask: Decimal


class Exchange:
    """Synchronous: commands and prices go in with their time, reports are fetched with `take`."""

    def __init__(self, random: Random, *, linked: bool, fragments: bool) -> None:
        self._random = random
        self._linked = linked
        self._fragments = fragments
        self.orders: list[VenueOrder] = []
        self.deals: list[Deal] = []
        self.arrivals: dict[ClOrdId, int] = {}
        self.version = 0
        """Counts every change of an order."""
        self.price: dict[InstrumentId, Price] = {}
        self._by_client: dict[ClOrdId, VenueOrder] = {}
        self._live: dict[InstrumentId, dict[int, VenueOrder]] = {}
        self._ended: deque[VenueOrder] = deque()
        self._due: list[tuple[datetime, int]] = []
        self._out: list[Report] = []
        self._executions: list[ExecutionReport] = []
        self._told_from = datetime.min.replace(tzinfo=UTC)
        self._held: dict[InstrumentId, int] = {}
        self._next_id = 1000
        self._cash = Decimal(5_000_000)

    # -- commands --------------------------------------------------------------------------------------------

    def enter(self, order: Order, at: datetime, refusal: str = "") -> VenueOrder:
        """Takes whatever arrives; a second arrival of one client id is a second order, as at many brokers."""
        self.arrivals[order.cl_ord_id] = self.arrivals.get(order.cl_ord_id, 0) + 1
        taken = VenueOrder(
            len(self.orders), self._new_id(), order.cl_ord_id, order.account_id, order.instrument_id, order.side,
            order.ord_type, order.order_qty, order.limit_price, order.stop_price, order.time_in_force, at,
            order.lot_id, order.role, order.origin.message_key, order.oca_group if self._linked else None,
        )  # fmt: skip
        self.orders.append(taken)
        self._by_client.setdefault(order.cl_ord_id, taken)
        refusal = refusal or self._stands_alone(taken)
        if refusal:
            taken.status = OrdStatus.REJECTED
            self._tell(taken, at, refusal)
            return taken
        self._live.setdefault(taken.instrument_id, {})[taken.number] = taken
        self._tell(taken, at)
        self._match(taken, at)
        return taken

    def cancel(self, cl_ord_id: ClOrdId, at: datetime) -> None:
        order = self._by_client.get(cl_ord_id)
        if order is None:
            return
        if order.is_live:
            self._end(order, OrdStatus.CANCELED, at, "canceled on request")
        else:
            self._tell(order, at, "cancel refused: it does not work any more")

    def amend(
        self, cl_ord_id: ClOrdId, at: datetime, *, order_qty: int | None, limit_price: Decimal | None,
        stop_price: Decimal | None, ord_type: OrdType, refusal: str = "",
    ) -> None:  # fmt: skip
        order = self._by_client.get(cl_ord_id)
        if order is None:
            return
        order_qty = order.order_qty if order_qty is None else order_qty
        if not order.is_live or order_qty <= order.cum_qty or refusal:
            self._tell(order, at, f"replace refused: {refusal or 'nothing of it would be left'}")
            return
        order.order_qty, order.limit_price, order.stop_price = order_qty, limit_price, stop_price
        order.ord_type, order.triggered = ord_type, False
        self._tell(order, at, "replaced")
        self._trim_targets(order, at)
        self._match(order, at)

    def pull(self, order: VenueOrder, at: datetime, text: str) -> None:
        """The broker itself takes an order away: margin, end of day, a clerk."""
        if order.is_live:
            self._end(order, OrdStatus.CANCELED, at, text)

    def fill_one(self, order: VenueOrder, at: datetime) -> None:
        """Somebody takes one contract of a limit order at its price."""
        assert order.limit_price is not None
        self._fill(order, 1, order.limit_price, at)

    def phone(self, account_id: AccountId, instrument_id: InstrumentId, signed_qty: int, at: datetime) -> None:
        """Somebody trades at the market by another road."""
        side = Side.BUY if signed_qty > 0 else Side.SELL
        order = VenueOrder(
            len(self.orders), self._new_id(), None, account_id, instrument_id, side, OrdType.MARKET, abs(signed_qty),
            None, None, TimeInForce.DAY, at,
        )  # fmt: skip
        self.orders.append(order)
        self._live.setdefault(instrument_id, {})[order.number] = order
        self._fill(order, order.order_qty, self._touch(order), at)

    def roll_ids_back(self, by: int) -> None:
        """The gateway begins its session numbers anew: the next orders get ids that others had."""
        self._next_id = max(self._next_id - by, 1)

    # -- the market ------------------------------------------------------------------------------------------

    def quote(self, instrument_id: InstrumentId, bid: Decimal, ask: Decimal, at: datetime) -> None:
        self.price[instrument_id] = Price(bid, ask)
        live = self._live.get(instrument_id)
        if live:
            for order in list(live.values()):
                if order.is_live:
                    self._match(order, at)

    def run_due(self, at: datetime) -> None:
        """Fills the next pieces of what fills piece by piece."""
        while self._due and self._due[0][0] <= at:
            order = self.orders[heapq.heappop(self._due)[1]]
            if order.is_live:
                self._match(order, at)

    @property
    def next_due(self) -> datetime | None:
        return self._due[0][0] if self._due else None

    def take(self) -> list[Report]:
        """What has happened since the last call, in its order."""
        out, self._out = self._out, []
        return out

    # -- questions, also of a moment ago ---------------------------------------------------------------------

    def live_orders(self, instrument_id: InstrumentId | None = None) -> Iterator[VenueOrder]:
        books = self._live.values() if instrument_id is None else [self._live.get(instrument_id, {})]
        for book in books:
            yield from book.values()

    def working(self, as_of: datetime) -> tuple[OrderReport, ...]:
        while self._ended and self._ended[0].ended_at and self._ended[0].ended_at < as_of - RECENT:
            self._ended.popleft()
        found = [_as_of(order, as_of) for order in (*self.live_orders(), *self._ended)]
        return tuple(
            report for report in found
            if report is not None and report.ord_status in (OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED)
        )  # fmt: skip

    def find(self, cl_ord_id: ClOrdId, as_of: datetime) -> OrderReport | None:
        order = self._by_client.get(cl_ord_id)
        return None if order is None else _as_of(order, as_of)

    def executions(self, since: datetime, as_of: datetime) -> tuple[ExecutionReport, ...]:
        told, since = self._executions, max(since, self._told_from)
        if told and since <= told[0].at and told[-1].at <= as_of:
            return tuple(told)
        return tuple(report for report in told if since <= report.at <= as_of)

    def forget_executions(self, before: datetime) -> None:
        """As a broker that tells of its own day only: no list holds what is older any more."""
        self._told_from = before

    def positions(self, as_of: datetime) -> dict[InstrumentId, int]:
        if not self._executions or self._executions[-1].at <= as_of:
            return dict(self._held)
        held: dict[InstrumentId, int] = {}
        for report in self._executions:
            if report.at <= as_of:
                held[report.instrument_id] = held.get(report.instrument_id, 0) + report.side.sign * report.last_qty
        return held

    def broker_positions(self, account_id: AccountId, as_of: datetime) -> tuple[BrokerPosition, ...]:
        held = self.positions(as_of).items()
        return tuple(BrokerPosition(account_id, name, qty, None) for name, qty in held if qty)

    def balance(self, account_id: AccountId, at: datetime) -> Balance:
        return Balance(account_id, at, self._cash, self._cash, Decimal(0), self._cash)

    # -- matching --------------------------------------------------------------------------------------------

    def _match(self, order: VenueOrder, at: datetime) -> None:
        price = self.price.get(order.instrument_id)
        if price is None:
            return
        if order.ord_type is OrdType.STOP and not order.triggered:
            assert order.stop_price is not None
            reached = price.ask >= order.stop_price if order.side is Side.BUY else price.bid <= order.stop_price
            if not reached:
                return
            order.triggered = True
        touch = self._touch(order)
        if order.ord_type is OrdType.LIMIT:
            assert order.limit_price is not None
            if (touch - order.limit_price) * order.side.sign > 0:
                return
        qty = order.leaves_qty
        if self._fragments and qty > 1 and self._random.random() < 0.6:
            qty = self._random.randint(1, qty - 1)
            heapq.heappush(self._due, (at + timedelta(seconds=self._random.uniform(0.05, 1.5)), order.number))
        self._fill(order, qty, touch, at)

    def _touch(self, order: VenueOrder) -> Decimal:
        price = self.price[order.instrument_id]
        return price.ask if order.side is Side.BUY else price.bid

    def _fill(self, order: VenueOrder, qty: int, price: Decimal, at: datetime) -> None:
        order.cum_qty += qty
        done = order.cum_qty >= order.order_qty
        report = ExecutionReport(
            order.account_id, order.order_id, order.cl_ord_id, ExecId(f"E{len(self.deals) + 1}"), order.instrument_id,
            order.side, qty, price, FEE * qty, at,
        )  # fmt: skip
        self.deals.append(Deal(report, order))
        self._executions.append(report)
        self._held[order.instrument_id] = self._held.get(order.instrument_id, 0) + order.side.sign * qty
        self._out.append(report)
        if done:
            self._end(order, OrdStatus.FILLED, at, "")
        else:
            order.status = OrdStatus.PARTIALLY_FILLED
            self._tell(order, at)
        if order.group is not None:
            self._after_group_fill(order, qty, at)

    def _end(self, order: VenueOrder, status: OrdStatus, at: datetime, text: str) -> None:
        order.status, order.ended_at = status, at
        self._live.get(order.instrument_id, {}).pop(order.number, None)
        self._ended.append(order)
        self._tell(order, at, text)
        if status is not OrdStatus.FILLED:
            self._trim_targets(order, at)

    def _tell(self, order: VenueOrder, at: datetime, text: str = "") -> None:
        report = OrderReport(
            order.account_id, order.order_id, order.cl_ord_id, order.instrument_id, order.side, order.ord_type,
            order.time_in_force, order.status, order.order_qty, order.cum_qty, order.limit_price, order.stop_price,
            at, text,
        )  # fmt: skip
        order.versions.append(report)
        self.version += 1
        self._out.append(report)

    def _new_id(self) -> OrderId:
        self._next_id += 1
        return OrderId(str(self._next_id))

    # -- linked exits ----------------------------------------------------------------------------------------

    def _mates(self, order: VenueOrder) -> list[VenueOrder]:
        book = self._live.get(order.instrument_id, {})
        return [one for one in book.values() if one.group == order.group and one is not order and one.is_live]

    def _stands_alone(self, order: VenueOrder) -> str:
        """A target of a group is not taken beyond the group's stop, nor after it."""
        if order.group is None or order.role is not OrderRole.TARGET:
            return ""
        mates = self._mates(order)
        room = sum(mate.leaves_qty for mate in mates if mate.role is OrderRole.STOP)
        wanted = order.order_qty + sum(mate.leaves_qty for mate in mates if mate.role is OrderRole.TARGET)
        return "" if wanted <= room else f"the stop of its group covers {room}, targets of {wanted} were asked for"

    def _after_group_fill(self, order: VenueOrder, qty: int, at: datetime) -> None:
        """A target's fill reduces the stop; the stop's fill takes the targets' room."""
        if order.role is not OrderRole.TARGET:
            self._trim_targets(order, at)
            return
        for stop in (mate for mate in self._mates(order) if mate.role is OrderRole.STOP):
            taken = min(stop.leaves_qty, qty)
            stop.order_qty -= taken
            if stop.leaves_qty == 0:
                self._end(stop, OrdStatus.CANCELED, at, "the targets took all")
            else:
                self._tell(stop, at)
            return

    def _trim_targets(self, order: VenueOrder, at: datetime) -> None:
        """The targets of a group never exceed its stop."""
        if order.group is None or order.role is not OrderRole.STOP:
            return
        room = order.leaves_qty
        for target in (mate for mate in self._mates(order) if mate.role is OrderRole.TARGET):
            keep = min(target.leaves_qty, room)
            room -= keep
            if keep == target.leaves_qty:
                continue
            if keep == 0:
                self._end(target, OrdStatus.CANCELED, at, "the stop took its room")
            else:
                target.order_qty = target.cum_qty + keep
                self._tell(target, at)


def _as_of(order: VenueOrder, as_of: datetime) -> OrderReport | None:
    return next((report for report in reversed(order.versions) if report.at <= as_of), None)
