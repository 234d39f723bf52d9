"""What an option of the DEMO market is worth: Black and Scholes on the underlying's path with a simple smile."""

from datetime import datetime, time
from math import log, sqrt
from zoneinfo import ZoneInfo

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.option_pricing import on_share, option_price

EXPIRY_TIME = time(16)
EXPIRY_ZONE = ZoneInfo("America/New_York")
SECONDS_A_YEAR = 365 * 86_400.0
SMILE = 0.35
"""Volatility added per unit of squared log-moneyness, scaled to a month; puts below the spot get a skew on top."""
SKEW = -0.12
LEAST_VOL = 0.05
MOST_VOL = 3.0


def premium(instrument: Instrument, spot: float, base_vol: float, at: datetime) -> float | None:
    """The fair premium in dollars a share, without interest or dividends; None once the option has expired."""
    assert instrument.strike is not None, f"{instrument.instrument_id} is no option"
    assert instrument.right is not None, f"{instrument.instrument_id} is no option"
    seconds = seconds_to_expiry(instrument, at)
    if seconds <= 0:
        return None
    strike, years = float(instrument.strike), seconds / SECONDS_A_YEAR
    market = on_share(spot=spot, rate=0.0, dividend_yield=0.0, t=years)
    return option_price(market, instrument.right, strike, smile_vol(base_vol, spot, strike, years))


def seconds_to_expiry(instrument: Instrument, at: datetime) -> float:
    """Until 16:00 New York time of the expiry day; negative afterwards."""
    assert instrument.expiry is not None, f"{instrument.instrument_id} is no option"
    return (datetime.combine(instrument.expiry, EXPIRY_TIME, EXPIRY_ZONE) - at).total_seconds()


def smile_vol(base_vol: float, spot: float, strike: float, years: float) -> float:
    """The yearly volatility for a strike: higher away from the money, more so below it and close to expiry."""
    moneyness = log(strike / spot) / sqrt(max(years, 1 / 365.0) * 12)
    vol = base_vol * (1 + SKEW * moneyness + SMILE * moneyness * moneyness)
    return min(max(vol, LEAST_VOL), MOST_VOL)
