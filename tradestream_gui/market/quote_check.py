"""Which prices from a feed are nonsense, and why: nothing of it reaches an order or a screen."""

from decimal import Decimal
from enum import Enum
from itertools import pairwise

from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.quotes import Depth, DepthLevel, Quote, TradePrint

MAY_GO_NEGATIVE = frozenset({"CL", "MCL", "QM", "NG", "MNG", "QG", "HO", "RB", "BZ"})
"""Energy futures: crude oil settled at -37.63 in April 2020. Every other price is above zero."""
CROSSED_FRACTION = Decimal("0.01")
"""Bids above asks by more than this share of the price are broken data; less is a market in motion."""
CROSSED_TICKS = 4
CROSSED_WITHOUT_TICK = Decimal("0.10")
MAX_LEVELS = 10


class Nonsense(Enum):
    NOT_FINITE = "a price is not a finite number"
    NOT_POSITIVE = "a price is zero or negative"
    NEGATIVE_SIZE = "a size is negative"
    CROSSED = "the bid is far above the ask"
    UNORDERED = "the levels of the book are not in order"


def quote_nonsense(quote: Quote, instrument: Instrument | None) -> Nonsense | None:
    """The reason to refuse a quote, None for a good one; an unknown instrument is held to the strict rules."""
    bid, ask, last = quote.bid, quote.ask, quote.last
    if bid is not None and not (bid.is_finite() and bid > ZERO):
        wrong = _price_nonsense(bid, instrument)
        if wrong is not None:
            return wrong
    if ask is not None and not (ask.is_finite() and ask > ZERO):
        wrong = _price_nonsense(ask, instrument)
        if wrong is not None:
            return wrong
    if last is not None and last is not bid and last is not ask:
        wrong = _price_nonsense(last, instrument)
        if wrong is not None:
            return wrong
    if quote.bid_size < 0 or quote.ask_size < 0:
        return Nonsense.NEGATIVE_SIZE
    if bid is not None and ask is not None and bid > ask:
        floor = instrument.tick_at(ask) * CROSSED_TICKS if instrument else CROSSED_WITHOUT_TICK
        if bid - ask > max(floor, abs(ask) * CROSSED_FRACTION):
            return Nonsense.CROSSED
    return None


def print_nonsense(trade: TradePrint, instrument: Instrument | None) -> Nonsense | None:
    wrong = _price_nonsense(trade.price, instrument)
    if wrong is None and trade.size < 0:
        return Nonsense.NEGATIVE_SIZE
    return wrong


def depth_nonsense(depth: Depth, instrument: Instrument | None) -> Nonsense | None:
    """Bids must fall and asks rise, at most ten a side, every level with a size."""
    for level in (*depth.bids, *depth.asks):
        wrong = _price_nonsense(level.price, instrument)
        if wrong is not None:
            return wrong
        if level.size < 0:
            return Nonsense.NEGATIVE_SIZE
    if len(depth.bids) > MAX_LEVELS or len(depth.asks) > MAX_LEVELS:
        return Nonsense.UNORDERED
    if not _falls(depth.bids) or not _falls(depth.asks[::-1]):
        return Nonsense.UNORDERED
    return None


def _price_nonsense(price: Decimal, instrument: Instrument | None) -> Nonsense | None:
    if not price.is_finite():
        return Nonsense.NOT_FINITE
    return None if price > ZERO or _may_go_negative(instrument) else Nonsense.NOT_POSITIVE


def _may_go_negative(instrument: Instrument | None) -> bool:
    return instrument is not None and instrument.asset_class is AssetClass.FUTURE and instrument.root in MAY_GO_NEGATIVE


def _falls(levels: tuple[DepthLevel, ...]) -> bool:
    return all(upper.price > lower.price for upper, lower in pairwise(levels))
