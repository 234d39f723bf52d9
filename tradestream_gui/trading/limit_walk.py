"""Walks the limit of an entry from where it begins towards its cap, a step at a time, and never beyond it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from tradestream_gui.domain.ids import ClOrdId, InstrumentId
from tradestream_gui.domain.instruments import Toward
from tradestream_gui.domain.orders import Order, OrdType
from tradestream_gui.domain.positions import closing_price
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.change_requests import CHANGEABLE, OrderChange
from tradestream_gui.trading.lot_book import InstrumentLookup
from tradestream_gui.trading.order_desk import OrderDesk

WALK_EVERY_S = 2.0
WALK_STEPS = 4
"""From the first price to the cap: what a patient hand does with an option between bid and ask."""


@dataclass(frozen=True, slots=True)
class _Walk:
    cap: Decimal
    step: Decimal
    at: Decimal
    """Where this walk put the order last: an order that a hand has moved since is left alone."""


class LimitWalk:
    """Owns the walks under way. It moves only a working order, only while there is a two-sided quote, and ends at the
    cap, where the order stays. After a restart nothing walks: the order rests where it was."""

    def __init__(
        self,
        *,
        clock: Clock,
        blotter: Blotter,
        desk: OrderDesk,
        instrument_of: InstrumentLookup,
        quote_of: Callable[[InstrumentId], Quote | None],
    ) -> None:
        self._clock = clock
        self._blotter = blotter
        self._desk = desk
        self._instrument_of = instrument_of
        self._quote_of = quote_of
        self._walks: dict[ClOrdId, _Walk] = {}

    def start(self, order: Order, cap: Decimal) -> None:
        if order.limit_price is None or order.limit_price == cap or order.is_terminal:
            return
        step = max(abs(cap - order.limit_price) / WALK_STEPS, self._instrument_of(order.instrument_id).tick_size)
        self._walks[order.cl_ord_id] = _Walk(cap, step, order.limit_price)
        self._wait(order.cl_ord_id)

    def _wait(self, cl_ord_id: ClOrdId) -> None:
        self._clock.call_later(WALK_EVERY_S, lambda: self._step(cl_ord_id))

    def _step(self, cl_ord_id: ClOrdId) -> None:
        walk, order = self._walks[cl_ord_id], self._blotter.order(cl_ord_id)
        assert order is not None, "what walks was sent"
        is_over = order.is_terminal or order.ord_type is not OrdType.LIMIT
        if is_over or (order.ord_status in CHANGEABLE and order.limit_price != walk.at) or walk.at == walk.cap:
            del self._walks[cl_ord_id]
            return
        price = self._next(order, walk)
        change = OrderChange(order.order_qty, price, None, OrdType.LIMIT)
        if order.ord_status in CHANGEABLE and price != walk.at and self._desk.request_replace(order, change):
            self._walks[cl_ord_id] = _Walk(walk.cap, walk.step, price)
        self._wait(cl_ord_id)

    def _next(self, order: Order, walk: _Walk) -> Decimal:
        """One step nearer to the cap, no farther than the side that it takes; where it stands without a quote."""
        sign, instrument = order.side.sign, self._instrument_of(order.instrument_id)
        quote = self._quote_of(order.instrument_id)
        taken = closing_price(order.side.opposite, quote)
        if taken is None or quote is None or not quote.is_two_sided:
            return walk.at
        nearest = min if sign > 0 else max
        beyond = max if sign > 0 else min
        wanted = nearest(walk.at + walk.step * sign, walk.cap, beyond(taken, walk.at))
        price = instrument.round_to_tick(wanted, Toward.UP if sign > 0 else Toward.DOWN)
        return nearest(price, walk.cap)
