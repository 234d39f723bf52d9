"""Compares the exits that a plan wants with those that rest at the broker, and sends the next step between them."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from tradestream_gui.domain.exits import ExitPlan, TargetStep
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, Toward
from tradestream_gui.domain.orders import Order, OrderRole, OrdStatus, OrdType, TimeInForce
from tradestream_gui.domain.positions import Lot, closing_price
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.ports.clock import Clock, Ids, Tasks
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.change_requests import CHANGEABLE, OrderChange
from tradestream_gui.trading.lot_book import InstrumentLookup
from tradestream_gui.trading.order_desk import OrderDesk

OPTION_FLOOR_SHARE = Decimal("0.10")
"""An option is closed by a limit at most this share under the bid (over the ask): never by a market order."""


LINK_PATIENCE_S = 1.0
"""How long a broker that links exits may take to reduce the stop by what a target has filled."""


@dataclass(frozen=True, slots=True)
class _Resting:
    """The exits of one lot that may still fill."""

    stops: list[Order]
    targets: list[Order]
    closes: list[Order]

    @property
    def closing_qty(self) -> int:
        return sum(order.leaves_qty for order in self.closes)

    @property
    def target_qty(self) -> int:
        return sum(order.leaves_qty for order in self.targets)


class ExitAlignment:
    """Level-triggered: it looks at the state as it is, asks for at most one change per order, and is called again
    when the answer arrives. At a broker without linked exits the quantities of stop, targets and closes together
    never exceed what is open: the stop is reduced first, and only its acknowledgement lets the other order go."""

    def __init__(
        self,
        *,
        clock: Clock,
        tasks: Tasks,
        ids: Ids,
        blotter: Blotter,
        desk: OrderDesk,
        instrument_of: InstrumentLookup,
        quote_of: Callable[[InstrumentId], Quote | None],
    ) -> None:
        self._clock = clock
        self._tasks = tasks
        self._ids = ids
        self._blotter = blotter
        self._desk = desk
        self._instrument_of = instrument_of
        self._quote_of = quote_of
        self._too_large_since: dict[ClOrdId, float] = {}

    def targets_rest_at_broker(self, account_id: AccountId) -> bool:
        return self._desk.broker_of(account_id).capabilities.linked_exits

    def align(self, lot: Lot, plan: ExitPlan) -> None:
        if self._desk.is_in_doubt(lot.lot_id):
            return
        resting = self._resting(lot)
        if lot.is_flat:
            for order in (*resting.stops, *resting.targets, *resting.closes):
                self._desk.request_cancel(order, "the position is flat")
            return
        linked = self.targets_rest_at_broker(lot.account_id)
        self._take_back_closes(plan, resting)
        leaving = max(plan.close_qty, resting.closing_qty)
        if not linked:
            self._take_back_targets(lot, plan, resting)
            leaving = min(leaving + max(plan.triggered_qty, resting.target_qty), lot.open_qty)
        self._reprice_closes(lot, resting)
        if plan.close_qty >= lot.open_qty and self._close_all(lot, resting, linked):
            return
        self._align_stop(lot, plan, resting, lot.open_qty - leaving, linked)
        if linked:
            self._align_targets(lot, plan, resting)
        if leaving:
            self._send_leaving(lot, plan, resting, leaving, linked)

    def _resting(self, lot: Lot) -> _Resting:
        """The exits that may still fill. What would make a turned position larger is cancelled and not counted."""
        found: dict[OrderRole, list[Order]] = {OrderRole.STOP: [], OrderRole.TARGET: [], OrderRole.CLOSE: []}
        for order in self._blotter.orders_of_lot(lot.lot_id):
            if order.may_fill and order.role in found:
                found[order.role].append(order)
        if not lot.is_flat and any(order.side is lot.side for orders in found.values() for order in orders):
            found = {role: self._on_this_side(lot, role) for role in found}
        return _Resting(found[OrderRole.STOP], found[OrderRole.TARGET], found[OrderRole.CLOSE])

    def _on_this_side(self, lot: Lot, role: OrderRole) -> list[Order]:
        orders = self._blotter.exits_of_lot(lot.lot_id, role)
        for order in [order for order in orders if order.side is lot.side]:
            self._desk.request_cancel(order, "the position is on the other side now")
        return [order for order in orders if order.side is not lot.side]

    # -- the stop ------------------------------------------------------------------------------------------

    def _align_stop(self, lot: Lot, plan: ExitPlan, resting: _Resting, wanted_qty: int, linked: bool) -> None:
        for surplus in resting.stops[1:]:
            self._desk.request_cancel(surplus, "one stop is enough")
        if plan.stop_price is None or wanted_qty <= 0:
            for order in resting.stops:
                if order.ord_type is not OrdType.MARKET:
                    self._desk.request_cancel(order, "no stop wanted")
            return
        if not resting.stops:
            self._place(lot, OrderRole.STOP, wanted_qty, OrdType.STOP, stop_price=plan.stop_price, linked=linked)
            return
        stop = resting.stops[0]
        if linked and not plan.close_qty and not lot.assumed and self._broker_will_reduce(stop, wanted_qty):
            return
        if stop.ord_type is OrdType.MARKET or (stop.stop_price == plan.stop_price and stop.leaves_qty == wanted_qty):
            return
        self._desk.request_replace(stop, OrderChange(stop.cum_qty + wanted_qty, None, plan.stop_price, OrdType.STOP))

    def _broker_will_reduce(self, stop: Order, wanted_qty: int) -> bool:
        """True for a moment after a linked target has filled: a replace that overtakes the broker's own reduction
        would let the stop grow over the position again. A lot that something else than its own exits made smaller
        has a stop that no link will ever reduce, so the moment ends."""
        now_s = self._clock.monotonic()
        if stop.leaves_qty <= wanted_qty:
            self._too_large_since.pop(stop.cl_ord_id, None)
            return False
        return now_s - self._too_large_since.setdefault(stop.cl_ord_id, now_s) < LINK_PATIENCE_S

    # -- targets at the broker -----------------------------------------------------------------------------

    def _align_targets(self, lot: Lot, plan: ExitPlan, resting: _Resting) -> None:
        stops = self._blotter.exits_of_lot(lot.lot_id, OrderRole.STOP)
        stop_stands = plan.stop_price is None or any(order.ord_status in CHANGEABLE for order in stops)
        room, unmatched = lot.open_qty - plan.close_qty, list(resting.targets)
        missing: list[tuple[TargetStep, int]] = []
        for step in plan.targets:
            qty = min(step.left_qty, room)
            room -= qty
            order = next((order for order in unmatched if order.limit_price == step.price), None)
            if order is not None:
                unmatched.remove(order)
                self._resize_target(order, qty)
            elif qty:
                missing.append((step, qty))
        for step, qty in missing:
            moved = next((order for order in unmatched if order.ord_status is not OrdStatus.PENDING_REPLACE), None)
            if moved is not None:
                unmatched.remove(moved)
                change = OrderChange(moved.cum_qty + qty, step.price, None, OrdType.LIMIT)
                self._desk.request_replace(moved, change)
            elif stop_stands and not unmatched:  # a change under way would undo what the target's fill takes of it
                self._place(lot, OrderRole.TARGET, qty, OrdType.LIMIT, limit_price=step.price, linked=True)
        for order in unmatched:
            if order.ord_status is not OrdStatus.PENDING_REPLACE:
                self._desk.request_cancel(order, "no longer a target")

    def _resize_target(self, order: Order, qty: int) -> None:
        if qty == 0:
            self._desk.request_cancel(order, "nothing is left for this target")
        elif order.leaves_qty != qty:
            change = OrderChange(order.cum_qty + qty, order.limit_price, None, OrdType.LIMIT)
            self._desk.request_replace(order, change)

    # -- leaving now ---------------------------------------------------------------------------------------

    def _close_all(self, lot: Lot, resting: _Resting, linked: bool) -> bool:
        """Turns the working stop into the closing order; False where that cannot be, so that a close is sent once the
        stop is gone. Targets that the broker does not link to it keep their share until their cancel is confirmed."""
        can_amend = self._desk.broker_of(lot.account_id).capabilities.amend_ord_type
        if not resting.stops or resting.closes or not can_amend:
            return False
        stop = resting.stops[0]
        qty = lot.open_qty - (0 if linked else resting.target_qty)
        if stop.ord_type in (OrdType.MARKET, OrdType.LIMIT) or not stop.is_working or qty <= 0:
            return True
        limit = self._option_limit(lot, self._instrument_of(lot.instrument_id))
        change = OrderChange(stop.cum_qty + qty, limit, None, OrdType.MARKET if limit is None else OrdType.LIMIT)
        self._desk.request_replace(stop, change)
        return True

    def _take_back_closes(self, plan: ExitPlan, resting: _Resting) -> None:
        """Closes that something else has made needless: the stop filled while they were on their way."""
        surplus = resting.closing_qty - plan.close_qty
        for order in resting.closes:
            if 0 < order.leaves_qty <= surplus:
                surplus -= order.leaves_qty
                self._desk.request_cancel(order, "what it was to close has left already")

    def _take_back_targets(self, lot: Lot, plan: ExitPlan, resting: _Resting) -> None:
        """Without links a target works only while its price stands: else the stop must cover its contracts again."""
        wanted = {step.price for step in plan.targets if step.triggered and not step.is_done}
        for order in resting.targets:
            if order.limit_price not in wanted:
                self._desk.request_cancel(order, "the price came back")
            elif plan.close_qty > lot.open_qty - resting.target_qty:
                self._desk.request_cancel(order, "the position is being closed")

    def _reprice_closes(self, lot: Lot, resting: _Resting) -> None:
        """Follows the market with closing limits that it has left behind."""
        limits = [order for order in (*resting.closes, *resting.stops) if order.ord_type is OrdType.LIMIT]
        if not limits:
            return
        limit = self._option_limit(lot, self._instrument_of(lot.instrument_id))
        price = closing_price(lot.side, self._quote_of(lot.instrument_id))
        if limit is None or price is None:
            return
        for order in limits:
            if order.limit_price is not None and (price - order.limit_price) * lot.side.sign < 0:
                self._desk.request_replace(order, OrderChange(order.order_qty, limit, None, OrdType.LIMIT))

    def _send_leaving(self, lot: Lot, plan: ExitPlan, resting: _Resting, leaving: int, linked: bool) -> None:
        """Sends closes and triggered targets once the resting stop and targets leave room for them."""
        stop_qty = sum(order.leaves_qty for order in resting.stops)
        target_qty = resting.target_qty if linked else 0
        if stop_qty > lot.open_qty - leaving or target_qty > lot.open_qty - plan.close_qty:
            return
        if any(order.ord_status not in CHANGEABLE for order in resting.stops):
            return  # how large the stop is will be known when its request is answered
        room = lot.open_qty - stop_qty - resting.closing_qty - (0 if linked else resting.target_qty)
        to_close = min(min(plan.close_qty, lot.open_qty) - resting.closing_qty, room)
        if to_close > 0:
            limit = self._option_limit(lot, self._instrument_of(lot.instrument_id))
            self._place(
                lot,
                OrderRole.CLOSE,
                to_close,
                OrdType.MARKET if limit is None else OrdType.LIMIT,
                limit_price=limit,
                linked=False,
            )
        if linked or resting.targets:
            return
        room = lot.open_qty - plan.close_qty
        for step in plan.targets:
            if step.triggered and not step.is_done and room > 0:
                qty = min(step.left_qty, room)
                room -= qty
                self._place(lot, OrderRole.TARGET, qty, OrdType.LIMIT, limit_price=step.price, linked=False)

    def _option_limit(self, lot: Lot, instrument: Instrument) -> Decimal | None:
        """The limit of a closing option order, None for all else (and for an option without a closing quote)."""
        if instrument.asset_class is not AssetClass.OPTION:
            return None
        price = closing_price(lot.side, self._quote_of(lot.instrument_id))
        if price is None:
            return None
        allowance = max(price * OPTION_FLOOR_SHARE, instrument.tick_at(price))
        toward = Toward.DOWN if lot.side.sign > 0 else Toward.UP
        return max(instrument.round_to_tick(price - allowance * lot.side.sign, toward), instrument.tick_size)

    def _place(
        self, lot: Lot, role: OrderRole, qty: int, ord_type: OrdType, *, linked: bool,
        limit_price: Decimal | None = None, stop_price: Decimal | None = None,
    ) -> None:  # fmt: skip
        caps = self._desk.broker_of(lot.account_id).capabilities
        gtc = role in (OrderRole.STOP, OrderRole.TARGET) and TimeInForce.GTC in caps.times_in_force
        now = self._clock.now()
        order = Order(
            cl_ord_id=self._ids.next_cl_ord_id(lot.account_id),
            account_id=lot.account_id,
            instrument_id=lot.instrument_id,
            lot_id=lot.lot_id,
            origin=lot.origin,
            role=role,
            side=lot.side.opposite,
            ord_type=ord_type,
            order_qty=qty,
            time_in_force=TimeInForce.GTC if gtc else TimeInForce.DAY,
            created_at=now,
            updated_at=now,
            limit_price=limit_price,
            stop_price=stop_price,
            oca_group=lot.lot_id if linked else None,
        )
        self._desk.reserve(order)
        self._tasks.spawn(self._send(order.cl_ord_id), f"send {order.cl_ord_id}")

    async def _send(self, cl_ord_id: ClOrdId) -> None:
        order = self._blotter.order(cl_ord_id)
        assert order is not None, "it was reserved a moment ago"
        await self._desk.send(order)
