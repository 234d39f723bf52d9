"""Whether what an alert says can be true of the market as it stands; a slip of the pen is never traded."""

from decimal import Decimal

from tradestream_gui.alerts.binding.intents import Hold
from tradestream_gui.alerts.grammar.levels_by_distance import QuoteOf
from tradestream_gui.domain.alerts import AlertAction, PriceRange
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.money import percent_words
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.quotes import Quote

PLAUSIBLE_SHARE = {AssetClass.FUTURE: Decimal("0.02"), AssetClass.STOCK: Decimal("0.10")}
"""An alerted price farther than this from the market is a slip of the pen, not an opportunity."""
PREMIUM_FACTOR = Decimal(2)
"""A premium more than twice the ask, or less than half of it, is another contract's or a slip."""
CHASE_SHARE = Decimal("0.25")
"""An ask this much below the alerted premium is another trade than the one that was called."""
STRIKE_FACTOR = Decimal(3)
STOP_SHARE = Decimal("0.5")
"""Of the entry's price: a future's or a share's stop farther away was a distance, an amount or a slip."""


def implausible(
    action: AlertAction, instrument: Instrument, reference: Decimal, side: Side, quote_of: QuoteOf
) -> Hold | None:
    """Why the alerted price or strike cannot be meant; None when it can, or there is no quote to compare it with."""
    if not reference.is_finite() or (reference <= 0 and instrument.asset_class is not AssetClass.FUTURE):
        return Hold("PRICE_IMPLAUSIBLE", f"{reference} is no price")
    if isinstance(action.price, PriceRange) and not action.price.low <= action.price.high:
        return Hold("PRICE_IMPLAUSIBLE", f"{action.price.low} to {action.price.high} is no price range")
    quote = quote_of(instrument.instrument_id)
    if instrument.asset_class is AssetClass.OPTION:
        return _strike(instrument, quote_of) or _premium(instrument, reference, side, quote)
    mid = quote.mid if quote else None
    if mid is None or abs(reference - mid) <= abs(mid) * PLAUSIBLE_SHARE[instrument.asset_class]:
        return None
    market = f"{contract_name(instrument)} trades at {mid:,}"
    return Hold("PRICE_IMPLAUSIBLE", f"the alert says {reference}, {market}: too far for the same market")


def implausible_stop(stop: Decimal, instrument: Instrument, reference: Decimal) -> Hold | None:
    """`ES long 6326 stop 10`: why the alerted stop cannot be meant so; an option's may well be half its premium."""
    if instrument.asset_class is AssetClass.OPTION or abs(reference - stop) <= abs(reference) * STOP_SHARE:
        return None
    name = contract_name(instrument)
    return Hold("STOP_IMPLAUSIBLE", f"the stop {stop} of {name} is more than half its price away from {reference}")


def _strike(instrument: Instrument, quote_of: QuoteOf) -> Hold | None:
    quote = quote_of(InstrumentId(instrument.root))
    mid, strike = quote.mid if quote else None, instrument.strike
    if mid is None or strike is None or mid / STRIKE_FACTOR <= strike <= mid * STRIKE_FACTOR:
        return None
    return Hold("STRIKE_IMPLAUSIBLE", f"strike {strike} is no strike for {instrument.root} at {mid}")


def _premium(instrument: Instrument, reference: Decimal, side: Side, quote: Quote | None) -> Hold | None:
    """Adverse drift is the risk gate's; here stand slips, and asks that have fallen away from what was called."""
    ask = quote.ask if quote else None
    if ask is None or ask <= 0 or side is not Side.BUY:
        return None
    name = contract_name(instrument)
    if reference > ask * PREMIUM_FACTOR or reference * PREMIUM_FACTOR < ask:
        words = f"the alert says {reference}, {name} is offered at {ask}: not the same contract, or a slip"
        return Hold("PRICE_IMPLAUSIBLE", words)
    if ask < reference * (1 - CHASE_SHARE):
        lower = percent_words((reference - ask) / reference)
        return Hold("PRICE_FAR", f"the alert says {reference}, {name} is offered at {ask}, {lower} lower")
    return None
