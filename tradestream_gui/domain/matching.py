"""The one fill model: what a quote or a print does to one order; paper trading and replay share it.

Pure: the order's state and the market go in, executions and the new state come out.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from tradestream_gui.domain.instruments import AssetClass, Instrument, Toward
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import OrdType, Side
from tradestream_gui.domain.quotes import Aggressor, Quote, TradePrint

STOP_TYPES = frozenset({OrdType.STOP, OrdType.STOP_LIMIT, OrdType.TRAILING_STOP})


@dataclass(frozen=True, slots=True)
class FillSettings:
    """How favourable the simulated exchange is.

    Slippage is in ticks against us beyond the opposite quote. A resting limit fills `limit_ticks_through` ticks
    beyond its price. `participation` is the share of a displayed size that one order may take (0 < share <= 1).
    `gap_improves_limit`: a bar that opens beyond a limit fills it at the open instead of at the limit.
    """

    market_slippage_ticks: int
    stop_slippage_ticks: int
    limit_ticks_through: int
    participation: Decimal
    gap_improves_limit: bool


STANDARD_FILLS = FillSettings(
    market_slippage_ticks=1,
    stop_slippage_ticks=1,
    limit_ticks_through=1,
    participation=Decimal(1),
    gap_improves_limit=False,
)


@dataclass(frozen=True, slots=True)
class RestingOrder:
    """An order as the exchange sees it.

    `is_triggered`: the stop has been elected. `is_passive`: a limit that no longer takes but waits in the queue;
    `queue_ahead` is the displayed size before it, None while nobody has shown a size at its price.
    """

    side: Side
    ord_type: OrdType
    order_qty: int
    cum_qty: int = 0
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trail: Decimal | None = None
    is_triggered: bool = False
    is_passive: bool = False
    queue_ahead: int | None = None

    @property
    def leaves_qty(self) -> int:
        return max(self.order_qty - self.cum_qty, 0)

    @property
    def waits_for_trigger(self) -> bool:
        return self.ord_type in STOP_TYPES and not self.is_triggered

    @property
    def acts_as_limit(self) -> bool:
        return self.ord_type is OrdType.LIMIT or (self.ord_type is OrdType.STOP_LIMIT and self.is_triggered)

    def filled(self, qty: int) -> "RestingOrder":
        assert 0 < qty <= self.leaves_qty, "an execution exceeds what is left of its order"
        return replace(self, cum_qty=self.cum_qty + qty)


@dataclass(frozen=True, slots=True)
class Execution:
    qty: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class MarketView:
    """The newest quote and what has been taken from its two sides since it appeared.

    A displayed size of zero beside a price means that the feed tells no sizes: taking is then not capped.
    """

    quote: Quote | None = None
    bought: int = 0
    sold: int = 0

    def opposite(self, side: Side, instrument: Instrument) -> Decimal | None:
        """The price that an order of this side would take; None when nobody offers one."""
        if self.quote is None:
            return None
        return tradable(self.quote.ask if side is Side.BUY else self.quote.bid, instrument)

    def available(self, side: Side, settings: FillSettings) -> int | None:
        """What is left of the displayed opposite size; None when no size is told."""
        if self.quote is None:
            return None
        shown = self.quote.ask_size if side is Side.BUY else self.quote.bid_size
        if shown <= 0:
            return None
        taken = self.bought if side is Side.BUY else self.sold
        return max(max(int(shown * settings.participation), 1) - taken, 0)

    def taken(self, side: Side, qty: int) -> "MarketView":
        if side is Side.BUY:
            return replace(self, bought=self.bought + qty)
        return replace(self, sold=self.sold + qty)


@dataclass(frozen=True, slots=True)
class Match:
    """The order and the market after an event; `print_left` is what of the print's size is not used up."""

    order: RestingOrder
    market: MarketView
    executions: tuple[Execution, ...] = ()
    print_left: int = 0


def match_quote(order: RestingOrder, market: MarketView, instrument: Instrument, settings: FillSettings) -> Match:
    """What the market's present quote does to an order: on arrival, and at each later quote.

    Futures and stocks trigger stops on the last price, options on the quote: a sell stop when bid <= stop, a buy
    stop when ask >= stop. A stop already through the market is elected at once.
    """
    if market.quote is None or order.leaves_qty == 0:
        return Match(order, market)
    reference: Decimal | None = None
    if order.waits_for_trigger:
        reference = _trigger_reference(order.side, market.quote, instrument)
        if reference is None:
            return Match(order, market)
        order = triggered_by(order, reference, instrument)
        if order.waits_for_trigger:
            return Match(order, market)
    if order.acts_as_limit:
        return _limit_on_quote(order, market, instrument, settings)
    return _take(order, market, instrument, settings, worst=reference)


def match_print(
    order: RestingOrder,
    trade: TradePrint,
    market: MarketView,
    instrument: Instrument,
    settings: FillSettings,
    print_left: int | None = None,
) -> Match:
    """What one trade of the market does to an order; `print_left` is the size that our other orders left of it.

    A stop that a print elects fills at the worse of the opposite quote and the print, less slippage.
    """
    size = trade.size if print_left is None else print_left
    unchanged = Match(order, market, print_left=size)
    if order.leaves_qty == 0:
        return unchanged
    if order.waits_for_trigger:
        if instrument.asset_class is AssetClass.OPTION:
            return unchanged
        order = triggered_by(order, trade.price, instrument)
        if order.waits_for_trigger:
            return replace(unchanged, order=order)
        if order.acts_as_limit:
            return replace(_limit_on_quote(order, market, instrument, settings), print_left=size)
        return replace(_take(order, market, instrument, settings, worst=trade.price), print_left=size)
    if order.acts_as_limit:
        return _limit_on_print(order, trade, market, instrument, settings, size)
    return unchanged


def triggered_by(order: RestingOrder, reference: Decimal, instrument: Instrument) -> RestingOrder:
    """The order after the reference price of its stop was seen: trailed first, then elected if it is through."""
    order = trailed(order, reference, instrument)
    if order.stop_price is None or (reference - order.stop_price) * order.side.sign < 0:
        return order
    return replace(order, is_triggered=True)


def trailed(order: RestingOrder, reference: Decimal, instrument: Instrument) -> RestingOrder:
    """A trailing stop follows the best reference price at its distance and never loosens."""
    if order.ord_type is not OrdType.TRAILING_STOP or order.trail is None:
        return order
    sign = order.side.sign
    wanted = instrument.round_to_tick(reference + order.trail * sign, Toward.UP if sign > 0 else Toward.DOWN)
    if order.stop_price is None or (order.stop_price - wanted) * sign > 0:
        return replace(order, stop_price=wanted)
    return order


def slipped(price: Decimal, side: Side, ticks: int, instrument: Instrument) -> Decimal:
    """The price moved against an order by whole ticks; options and stocks never below their smallest tick."""
    for _ in range(ticks):
        price += instrument.tick_at(price) * side.sign
    if instrument.asset_class is not AssetClass.FUTURE:
        price = max(price, instrument.tick_size)
    return price


def tradable(price: Decimal | None, instrument: Instrument) -> Decimal | None:
    """The price, or None where a zero or negative figure only says that nobody quotes (futures may be negative)."""
    if price is None or (price <= ZERO and instrument.asset_class is not AssetClass.FUTURE):
        return None
    return price


def through_price(order: RestingOrder, instrument: Instrument, settings: FillSettings) -> Decimal:
    """The price that the market must reach before a resting limit has certainly been filled."""
    assert order.limit_price is not None, "only an order with a limit rests at a price"
    return order.limit_price - instrument.tick_at(order.limit_price) * settings.limit_ticks_through * order.side.sign


def _trigger_reference(side: Side, quote: Quote, instrument: Instrument) -> Decimal | None:
    if instrument.asset_class is AssetClass.OPTION:
        return tradable(quote.bid if side is Side.SELL else quote.ask, instrument)
    return tradable(quote.last, instrument)


def _take(
    order: RestingOrder, market: MarketView, instrument: Instrument, settings: FillSettings, worst: Decimal | None
) -> Match:
    """Takes the opposite side at its price or `worst`, whichever is worse for us, plus slippage; the rest waits."""
    opposite = market.opposite(order.side, instrument)
    if market.quote is None:
        opposite = worst
    if opposite is None:
        return Match(order, market)
    if worst is not None and (worst - opposite) * order.side.sign > 0:
        opposite = worst
    is_stop = order.ord_type in STOP_TYPES
    ticks = settings.stop_slippage_ticks if is_stop else settings.market_slippage_ticks
    return _filled(order, market, settings, slipped(opposite, order.side, ticks, instrument))


def _limit_on_quote(order: RestingOrder, market: MarketView, instrument: Instrument, settings: FillSettings) -> Match:
    limit_price = order.limit_price
    assert limit_price is not None, "an order that acts as a limit has a limit price"
    if market.quote is None:
        return Match(order, market)
    opposite, sign = market.opposite(order.side, instrument), order.side.sign
    if not order.is_passive:
        if opposite is not None and (limit_price - opposite) * sign >= 0:
            return _filled(order, market, settings, opposite)
        order = replace(order, is_passive=True)
    if opposite is not None and (through_price(order, instrument, settings) - opposite) * sign >= 0:
        return _filled_whole(order, market, limit_price)
    return Match(_queued(order, market.quote, instrument), market)


def _limit_on_print(
    order: RestingOrder,
    trade: TradePrint,
    market: MarketView,
    instrument: Instrument,
    settings: FillSettings,
    size: int,
) -> Match:
    limit_price = order.limit_price
    assert limit_price is not None, "an order that acts as a limit has a limit price"
    unchanged = Match(order, market, print_left=size)
    if not order.is_passive and market.quote is not None:
        return unchanged
    if (through_price(order, instrument, settings) - trade.price) * order.side.sign >= 0:
        return replace(_filled_whole(order, market, limit_price), print_left=size)
    own = Aggressor.BUYER if order.side is Side.BUY else Aggressor.SELLER
    if trade.price != limit_price or trade.aggressor is own or order.queue_ahead is None:
        return unchanged
    ahead = max(order.queue_ahead - size, 0)
    reaches_us = min(size - (order.queue_ahead - ahead), order.leaves_qty)
    order = replace(order, queue_ahead=ahead)
    if reaches_us <= 0:
        return replace(unchanged, order=order)
    execution = Execution(reaches_us, limit_price)
    return Match(order.filled(reaches_us), market, (execution,), size - reaches_us)


def _queued(order: RestingOrder, quote: Quote, instrument: Instrument) -> RestingOrder:
    """The order with its place in the queue: behind all that is displayed when its price first becomes the best."""
    own, shown = (quote.bid, quote.bid_size) if order.side is Side.BUY else (quote.ask, quote.ask_size)
    own = tradable(own, instrument)
    if own is None or order.limit_price is None:
        return order
    if own == order.limit_price:
        if shown <= 0:
            return order
        ahead = shown if order.queue_ahead is None else min(order.queue_ahead, shown)
        return replace(order, queue_ahead=ahead)
    is_alone = (order.limit_price - own) * order.side.sign > 0
    return replace(order, queue_ahead=0) if is_alone else order


def _filled(order: RestingOrder, market: MarketView, settings: FillSettings, price: Decimal) -> Match:
    available = market.available(order.side, settings)
    qty = order.leaves_qty if available is None else min(order.leaves_qty, available)
    if qty == 0:
        return Match(order, market)
    return Match(order.filled(qty), market.taken(order.side, qty), (Execution(qty, price),))


def _filled_whole(order: RestingOrder, market: MarketView, price: Decimal) -> Match:
    """The market went through the price, so all that rested there is done, at that price and no better."""
    qty = order.leaves_qty
    return Match(order.filled(qty), market, (Execution(qty, price),))
