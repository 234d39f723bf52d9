"""Whether a bare number is a price of the contract or a level of its underlying: told by distance, never guessed."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from tradestream_gui.domain.alerts import LevelUnit
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.quotes import Quote

PREMIUM_STOP_LOW = Decimal("0.1")
PREMIUM_STOP_HIGH = Decimal(3)
UNDERLYING_SHARE = Decimal("0.10")
FAR_TARGET_SHARE = Decimal("0.10")
"""A target of a future or stock farther from the entry than this is a slip of the pen."""

QuoteOf = Callable[[InstrumentId], Quote | None]


def stop_unit(value: Decimal, premium: Decimal, option: Instrument, quote_of: QuoteOf) -> LevelUnit | None:
    """Premium within 0.1 to 3 times the premium, underlying within 10 % of it; None when both fit or neither does."""
    as_premium = premium * PREMIUM_STOP_LOW <= value <= premium * PREMIUM_STOP_HIGH
    as_underlying = is_near_underlying(value, option, quote_of)
    if as_premium == as_underlying:
        return None
    return LevelUnit.PRICE if as_premium else LevelUnit.UNDERLYING


def is_near_underlying(value: Decimal, option: Instrument, quote_of: QuoteOf) -> bool:
    """Whether the value lies where the underlying trades; its strike stands in while that has no quote."""
    quote = quote_of(InstrumentId(option.root))
    market = quote.mid if quote is not None and quote.mid is not None else option.strike
    return market is not None and abs(value - market) <= market * UNDERLYING_SHARE


def is_far_target(price: Decimal, entry: Decimal, instrument: Instrument, quote_of: QuoteOf) -> bool:
    """Whether a target is no price that this contract could mean."""
    if instrument.asset_class is AssetClass.OPTION:
        return price > entry * PREMIUM_STOP_HIGH and is_near_underlying(price, instrument, quote_of)
    return abs(price - entry) > abs(entry) * FAR_TARGET_SHARE


def equal_shares(prices: Sequence[Decimal], instrument: Instrument) -> tuple[tuple[Decimal, Decimal], ...]:
    """(price on a tick, share) of each target; the shares add up to 1."""
    share = (Decimal(1) / len(prices)).quantize(Decimal("0.0001"))
    shares = [share] * (len(prices) - 1) + [1 - share * (len(prices) - 1)]
    rounded = [instrument.round_to_tick(price) for price in prices]
    return tuple(zip(rounded, shares, strict=True))
