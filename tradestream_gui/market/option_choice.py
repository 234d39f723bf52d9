"""Which expiries and strikes are offered: what the account's broker lists, else the usual steps round the price."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.options import default_osi_root, option_symbol_of
from tradestream_gui.domain.sessions import TradingCalendar
from tradestream_gui.market.listings import Listing
from tradestream_gui.ports.listings import OptionSeries

USUAL_EXPIRIES = 10
FRIDAY = 4
_STEPS = ((Decimal(25), Decimal("0.5")), (Decimal(200), Decimal("2.5")), (Decimal(100_000), Decimal(5)))


@dataclass(frozen=True, slots=True, order=True)
class OptionDay:
    """One expiry of one root: SPX and SPXW may expire on the same day, and are two."""

    day: date
    osi_root: str


def day_of(instrument: Instrument) -> OptionDay:
    """The expiry of an option."""
    symbol = option_symbol_of(instrument)
    return OptionDay(symbol.expiry, symbol.root)


def option_days(
    listing: Listing[OptionSeries], underlying: str, calendar: TradingCalendar, at: datetime
) -> list[OptionDay]:
    """The expiries that are not over. Nothing while the broker is asked for the first time: what it lists may be
    others than the usual ones."""
    today = calendar.account_day(at)
    if listing.is_known:
        return sorted(
            OptionDay(day, series.osi_root) for series in listing.rows for day in series.expiries if day >= today
        )
    if listing.is_asking and not listing.problem:
        return []
    return [OptionDay(day, default_osi_root(underlying)) for day in _fridays(calendar, today)]


def strikes_near(
    listing: Listing[OptionSeries], day: OptionDay | None, price: Decimal, each_side: int
) -> list[Decimal]:
    """Strikes round a price, from the lowest. Usual steps may lack some that are listed and hold some that are not."""
    if not listing.is_known:
        step = _step(price)
        middle = price // step * step
        return [at for number in range(-each_side, each_side + 1) if (at := middle + number * step) > 0]
    listed = strikes_of(listing, day)
    place = bisect_left(listed, price)
    if place and (place == len(listed) or price - listed[place - 1] <= listed[place] - price):
        place -= 1
    return listed[max(place - each_side, 0) : place + each_side + 1]


def strikes_of(listing: Listing[OptionSeries], day: OptionDay | None) -> list[Decimal]:
    """All strikes of the expiry's root, the lowest first; none where usual steps are all there is."""
    found = (series.strikes for series in listing.rows if day is not None and series.osi_root == day.osi_root)
    return sorted({strike for strikes in found for strike in strikes})


def is_unlisted(listing: Listing[OptionSeries], instrument: Instrument) -> bool:
    """Whether the broker has said what it lists, and this option is not among it."""
    if not listing.is_known or instrument.strike is None:
        return False
    day = day_of(instrument)
    is_day = any(day.osi_root == series.osi_root and day.day in series.expiries for series in listing.rows)
    return not is_day or instrument.strike not in strikes_of(listing, day)


def _step(price: Decimal) -> Decimal:
    return next(step for below, step in _STEPS if price < below)


def _fridays(calendar: TradingCalendar, today: date) -> list[date]:
    """The coming Fridays, or the trading day before where a Friday is a holiday."""
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7)
    days = []
    for number in range(USUAL_EXPIRIES):
        day = friday + timedelta(days=7 * number)
        while not calendar.is_trading_day(day):
            day -= timedelta(days=1)
        days.append(day)
    return [day for day in days if day >= today]
