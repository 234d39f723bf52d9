"""What an option of the DEMO market is worth: Black and Scholes on the underlying's path with a simple smile."""

from datetime import datetime, time
from math import erf, log, sqrt
from zoneinfo import ZoneInfo

from tradestream_gui.domain.instruments import Instrument, Right

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
    seconds = seconds_to_expiry(instrument, at)
    if seconds <= 0:
        return None
    strike, years = float(instrument.strike), seconds / SECONDS_A_YEAR
    deviation = smile_vol(base_vol, spot, strike, years) * sqrt(years)
    d1 = log(spot / strike) / deviation + deviation / 2
    call = spot * _normal(d1) - strike * _normal(d1 - deviation)
    return max(call if instrument.right is Right.CALL else call - spot + strike, 0.0)


def seconds_to_expiry(instrument: Instrument, at: datetime) -> float:
    """Until 16:00 New York time of the expiry day; negative afterwards."""
    assert instrument.expiry is not None, f"{instrument.instrument_id} is no option"
    return (datetime.combine(instrument.expiry, EXPIRY_TIME, EXPIRY_ZONE) - at).total_seconds()


def smile_vol(base_vol: float, spot: float, strike: float, years: float) -> float:
    """The yearly volatility for a strike: higher away from the money, more so below it and close to expiry."""
    moneyness = log(strike / spot) / sqrt(max(years, 1 / 365.0) * 12)
    vol = base_vol * (1 + SKEW * moneyness + SMILE * moneyness * moneyness)
    return min(max(vol, LEAST_VOL), MOST_VOL)


def _normal(x: float) -> float:
    """The standard normal distribution function."""
    return 0.5 * (1.0 + erf(x / sqrt(2.0)))
