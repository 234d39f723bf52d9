"""Moves an entry with its whole bracket: the entry first, its stop and targets once the broker has taken the price."""

from dataclasses import dataclass
from decimal import Decimal

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.events import OrderChanged
from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.orders import Order, OrdStatus
from tradestream_gui.trading.change_requests import CHANGEABLE, OrderChange
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.lot_book import InstrumentLookup
from tradestream_gui.trading.order_desk import OrderDesk
from tradestream_gui.trading.plan_changes import shifted


@dataclass(frozen=True, slots=True)
class _Move:
    to: Decimal
    by: Decimal


class BracketMoves:
    """Remembers the moves that are under way. Until the broker has answered, a fill finds the old stop at its old
    distance; a move that is refused changes nothing."""

    def __init__(self, *, bus: EventBus, desk: OrderDesk, exits: ExitDesk, instrument_of: InstrumentLookup) -> None:
        self._desk = desk
        self._exits = exits
        self._instrument_of = instrument_of
        self._moves: dict[ClOrdId, _Move] = {}
        bus.subscribe(OrderChanged, self._on_order, owns_state=True)

    def move(self, order: Order, price: Decimal) -> str:
        """Asks for the new price of a working entry; answers in words."""
        name, now = contract_name(self._instrument_of(order.instrument_id)), price_of(order)
        if order.cum_qty:
            return f"{name}: a part has filled; move the stop, or the entry, alone"
        if now is None or price == now:
            return f"{name}: the entry stands there already"
        stays = self._desk.why_it_stays(order)
        if stays:
            return f"{name}: {stays}"
        is_stop = order.limit_price is None
        change = OrderChange(
            order.order_qty, None if is_stop else price, price if is_stop else order.stop_price, order.ord_type
        )
        if not self._desk.request_replace(order, change):
            return f"{name}: the order waits for an answer of the broker; try again when it has come"
        self._moves[order.cl_ord_id] = _Move(price, price - now)
        return f"{name}: entry to {price:,} and its bracket with it"

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
