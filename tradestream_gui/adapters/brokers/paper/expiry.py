"""How a position ends when its contract does: cash, nothing, or stock at the strike."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal

from tradestream_gui.domain.instruments import AssetClass, Instrument, Right
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.domain.sessions import EQUITY_INDEX, NEW_YORK, TradingCalendar

INDEX_FUTURES_END = time(9, 30)
"""New York time at which equity index futures stop on their expiry day and settle at the cash open."""

EXERCISE_FROM = Decimal("0.01")
"""An option this far in the money at expiry is exercised without being asked (the clearing house's own rule)."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """The contract closes at `close_px`; a delivery adds `stock_qty` (signed) of the underlying at `stock_px`."""

    close_px: Decimal
    text: str
    stock_qty: int = 0
    stock_px: Decimal = ZERO


def settle(
    instrument: Instrument, signed_qty: int, own_price: Decimal | None, underlying_price: Decimal | None
) -> Settlement | None:
    """How it ends, or None while the price that decides it is not known.

    Futures settle in cash at their last price. Options settle at what they are worth: cash settled ones in money,
    others that end in the money by stock at the strike (the premium stays as the option's own loss or gain).
    """
    if instrument.asset_class is not AssetClass.OPTION:
        return None if own_price is None else Settlement(own_price, "expiry")
    if underlying_price is None or instrument.strike is None:
        return None
    sign = 1 if instrument.right is Right.CALL else -1
    worth = max((underlying_price - instrument.strike) * sign, ZERO)
    if instrument.cash_settled or worth < EXERCISE_FROM:
        return Settlement(worth if instrument.cash_settled else ZERO, "expiry")
    shares = int(instrument.point_value) * signed_qty * sign
    text = "exercise" if signed_qty > 0 else "assignment"
    return Settlement(ZERO, text, shares, instrument.strike)


def last_price(quote: Quote | None) -> Decimal | None:
    """The last trade, else the middle of a two-sided quote."""
    if quote is None:
        return None
    return quote.last if quote.last is not None else quote.mid


def last_trade_at(instrument: Instrument, calendar: TradingCalendar) -> datetime | None:
    """The moment (UTC) after which a contract is settled: index futures at the cash open, others at their close."""
    if instrument.expiry is None:
        return None
    if instrument.asset_class is AssetClass.FUTURE and calendar.hours(instrument).group == EQUITY_INDEX:
        return datetime.combine(instrument.expiry, INDEX_FUTURES_END, tzinfo=NEW_YORK).astimezone(UTC)
    noon = datetime.combine(instrument.expiry, time(12), tzinfo=NEW_YORK).astimezone(UTC)
    return calendar.next_close(instrument, noon)
