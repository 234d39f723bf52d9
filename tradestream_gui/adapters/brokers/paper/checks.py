"""Why the exchange refuses an order: each reason a code and plain words, None when it is taken."""

from datetime import datetime
from decimal import Decimal

from tradestream_gui.adapters.brokers.paper.state import PaperOrder, PaperRules
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right
from tradestream_gui.domain.matching import MarketView, RestingOrder, slipped
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import OrdType, Side, TimeInForce

_NEEDS_LIMIT = frozenset({OrdType.LIMIT, OrdType.STOP_LIMIT})
_NEEDS_STOP = frozenset({OrdType.STOP, OrdType.STOP_LIMIT})


def bad_terms(resting: RestingOrder, instrument: Instrument) -> str | None:
    """Quantity and prices that no exchange would take."""
    name = instrument.instrument_id
    if resting.order_qty <= 0:
        return f"BAD_QTY: {name} quantity {resting.order_qty} is not positive"
    if resting.ord_type in _NEEDS_LIMIT and resting.limit_price is None:
        return f"PRICE_MISSING: a {resting.ord_type.value} order in {name} needs a limit price"
    if resting.ord_type in _NEEDS_STOP and resting.stop_price is None:
        return f"PRICE_MISSING: a {resting.ord_type.value} order in {name} needs a stop price"
    if resting.ord_type is OrdType.TRAILING_STOP and (resting.trail is None or resting.trail <= ZERO):
        return f"PRICE_MISSING: a trailing stop in {name} needs a distance above zero"
    for price in (resting.limit_price, resting.stop_price):
        if price is None:
            continue
        if not price.is_finite() or (price <= ZERO and instrument.asset_class is not AssetClass.FUTURE):
            return f"BAD_PRICE: {price} is no price for {name}"
        if not instrument.is_on_tick(price):
            return f"OFF_TICK: {price} is not on the {instrument.tick_at(price)} tick of {name}"
    return None


def not_now(
    resting: RestingOrder,
    time_in_force: TimeInForce,
    instrument: Instrument,
    market: MarketView,
    rules: PaperRules,
    at: datetime,
) -> str | None:
    """What the present moment forbids: an expired contract, a closed market, nobody to trade with."""
    name = instrument.instrument_id
    last_trade_at = rules.last_trade_at(instrument)
    if last_trade_at is not None and at >= last_trade_at:
        return f"EXPIRED_INSTRUMENT: {name} stopped trading at {last_trade_at:%Y-%m-%d %H:%M} UTC"
    wants_fill_now = resting.ord_type is OrdType.MARKET or time_in_force is TimeInForce.IOC
    if wants_fill_now and not rules.trades_at(instrument, at):
        return f"MARKET_CLOSED: {name} does not trade now; a limit or stop order would wait for the open"
    if resting.ord_type is OrdType.MARKET and market.opposite(resting.side, instrument) is None:
        missing = "ask" if resting.side is Side.BUY else "bid"
        return f"NO_QUOTE: {name} has no {missing}, so a market order cannot be filled"
    return None


def needed_cash(
    order: PaperOrder, instrument: Instrument, signed_qty: int, market: MarketView, rules: PaperRules
) -> Decimal | None:
    """US dollars that the opening part of an order holds back: zero when it only reduces, None when unknown.

    Futures need their day margin, bought options and stocks their price and fee, short stocks their value, short
    puts their strike.
    """
    resting = order.resting
    closable = max(-signed_qty * resting.side.sign, 0)
    opening = order.resting.leaves_qty - closable
    if opening <= 0:
        return ZERO
    if instrument.asset_class is AssetClass.FUTURE:
        margin = rules.day_margin(instrument)
        return None if margin is None else margin * opening
    if resting.side is Side.SELL and instrument.right is Right.PUT and instrument.strike is not None:
        return instrument.notional(instrument.strike, opening)
    price = _expected_price(resting, instrument, market, rules)
    if price is None:
        return None
    fee = rules.commission(instrument, qty_before=0, qty=opening, price=price, at=order.placed_at)
    return None if fee is None else instrument.notional(price, opening) + fee


def fee_unknown(order: PaperOrder, instrument: Instrument, signed_qty: int, rules: PaperRules) -> str | None:
    """Opening without a known fee would make a profit that nobody can state; what reduces always passes."""
    resting = order.resting
    if resting.leaves_qty <= max(-signed_qty * resting.side.sign, 0):
        return None
    price = resting.limit_price or resting.stop_price or instrument.tick_size
    if rules.commission(instrument, qty_before=0, qty=resting.leaves_qty, price=price, at=order.placed_at) is None:
        return f"FEE_UNKNOWN: no fee is on record for {named(instrument.instrument_id)}"
    return None


def opens_naked_call(resting: RestingOrder, instrument: Instrument, signed_qty: int) -> bool:
    """A call sold without holding it: no cash covers that, and margin rules for it were not supplied."""
    is_call = instrument.asset_class is AssetClass.OPTION and instrument.right is Right.CALL
    return is_call and resting.side is Side.SELL and resting.leaves_qty > max(signed_qty, 0)


def _expected_price(
    resting: RestingOrder, instrument: Instrument, market: MarketView, rules: PaperRules
) -> Decimal | None:
    if resting.limit_price is not None:
        return resting.limit_price
    price = resting.stop_price or market.opposite(resting.side, instrument)
    ticks = rules.fills.market_slippage_ticks
    return None if price is None else slipped(price, resting.side, ticks, instrument)
