"""Moves a working entry by hand, alone or with its whole bracket, nowhere that a new order would be refused."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.events import OrderChanged
from tradestream_gui.domain.ids import ClOrdId, InstrumentId
from tradestream_gui.domain.orders import Order, OrdStatus, OrdType
from tradestream_gui.domain.positions import closing_price
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.trading.change_requests import CHANGEABLE, OrderChange
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.lot_book import InstrumentLookup
from tradestream_gui.trading.order_desk import OrderDesk
from tradestream_gui.trading.plan_changes import shifted
from tradestream_gui.trading.risk_gate import RiskGate


@dataclass(frozen=True, slots=True)
class _Move:
    to: Decimal
    by: Decimal


class EntryMoves:
    """Remembers the moves of brackets that are under way: the entry first, its stop and targets once the broker has
    taken the price. Until then a fill finds the old stop; a move that is refused changes nothing."""

    def __init__(
        self,
        *,
        bus: EventBus,
        desk: OrderDesk,
        exits: ExitDesk,
        instrument_of: InstrumentLookup,
        quote_of: Callable[[InstrumentId], Quote | None],
        gate: RiskGate,
    ) -> None:
        self._desk = desk
        self._exits = exits
        self._instrument_of = instrument_of
        self._quote_of = quote_of
        self._gate = gate
        self._moves: dict[ClOrdId, _Move] = {}
        bus.subscribe(OrderChanged, self._on_order, owns_state=True)

    def refusal(self, order: Order, price: Decimal) -> str:
        """Why the entry alone may not stand at this price; empty when it may. It stays before its own stop, and
        where it risks more than now it may not risk more than one trade may."""
        stop = self._stop_of(order)
        if stop is not None and (price - stop) * order.side.sign <= 0:
            return f"The entry's stop stands at {stop:,}: the entry must stay before it."
        now, most = price_of(order), self._gate.risk_per_trade(order.account_id, order.origin)
        risk, before = self.risk_at(order, price), None if now is None else self.risk_at(order, now)
        if risk is not None and before is not None and risk > max(most, before):
            return f"There it would risk ${risk:,.2f} of at most ${most:,.2f}: cancel it and place it anew."
        return self._market_refusal(order, price)

    def risk_at(self, order: Order, price: Decimal) -> Decimal | None:
        """Dollars between this price and the entry's own stop, for what has not filled; None without a stop."""
        stop = self._stop_of(order)
        if stop is None:
            return None
        return self._instrument_of(order.instrument_id).money((price - stop) * order.side.sign, order.leaves_qty)

    def move(self, order: Order, price: Decimal) -> str:
        """Asks for the new price of a working entry, its exits stay; answers in words."""
        refusal = self.refusal(order, price)
        if refusal:
            return refusal
        name = self._name(order)
        return self._ask(order, price) or f"{name}: the broker is asked to change the price to {price:,}."

    def move_bracket(self, order: Order, price: Decimal) -> str:
        """Asks for the new price of a working entry, its exits follow by the same distance; answers in words."""
        name, now = self._name(order), price_of(order)
        if order.cum_qty:
            return f"{name}: a part has filled; move the stop, or the entry, alone."
        if now is None or price == now:
            return f"{name}: the entry stands there already."
        refusal = self._market_refusal(order, price) or self._ask(order, price)
        if refusal:
            return refusal
        self._moves[order.cl_ord_id] = _Move(price, price - now)
        return f"{name}: entry to {price:,} and its bracket with it."

    def _ask(self, order: Order, price: Decimal) -> str:
        """Asks the broker; why that could not be, empty when it was."""
        stays = self._desk.why_it_stays(order)
        if stays:
            return f"{self._name(order)}: {stays}."
        is_stop = order.limit_price is None
        change = OrderChange(
            order.order_qty, None if is_stop else price, price if is_stop else order.stop_price, order.ord_type
        )
        if self._desk.request_replace(order, change):
            return ""
        return f"{self._name(order)}: the order waits for an answer of the broker; try again when it has come."

    def _market_refusal(self, order: Order, price: Decimal) -> str:
        """A stop entry beyond the market would go at once; a limit far through it is a slip of the finger."""
        quote, instrument = self._quote_of(order.instrument_id), self._instrument_of(order.instrument_id)
        market = closing_price(order.side.opposite, quote)
        if market is None:
            return ""
        through = (price - market) * order.side.sign
        if order.ord_type is OrdType.STOP:
            return "There the stop entry would go at once: it must stay beyond the market." if through <= 0 else ""
        most = self._gate.origins.manual.max_price_distance.of(instrument.asset_class)
        if order.limit_price is not None and through > market * most:
            return f"{price:,} is far through the market at {market:,}: that is a slip of the finger, not a limit."
        return ""

    def _name(self, order: Order) -> str:
        return contract_name(self._instrument_of(order.instrument_id))

    def _stop_of(self, order: Order) -> Decimal | None:
        plan = self._exits.plan(order.lot_id)
        return None if plan is None else plan.stop_price

    def _on_order(self, fact: OrderChanged) -> None:
        order = fact.order
        move = self._moves.get(order.cl_ord_id)
        if move is None or order.ord_status is OrdStatus.PENDING_REPLACE:
            return
        del self._moves[order.cl_ord_id]
        plan = self._exits.plan(order.lot_id)
        has_moved = price_of(order) == move.to and (order.ord_status in CHANGEABLE or order.cum_qty > 0)
        if has_moved and plan is not None:
            self._exits.take(shifted(plan, move.by))


def price_of(order: Order) -> Decimal | None:
    """The price by which an entry stands in the market."""
    return order.limit_price if order.limit_price is not None else order.stop_price
