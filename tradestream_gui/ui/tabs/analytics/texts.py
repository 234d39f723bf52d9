"""Figures with their sample sizes as words: a value, or a dash with the reason why there is none."""

from datetime import timedelta
from decimal import Decimal

from tradestream_gui.analytics.statistic import Interval, Statistic
from tradestream_gui.ui.format import (
    NOTHING,
    age_text,
    number_text,
    percent_text,
    profit_text,
    ratio_text,
)


def decimal_of(statistic: Statistic) -> Decimal | None:
    value = statistic.value
    return Decimal(repr(value)) if isinstance(value, float) else value


def share_text(statistic: Statistic, decimals: int = 1) -> str:
    """A share of 0 to 1 as `62.0 %`."""
    return percent_text(decimal_of(statistic), decimals)


def dollars_text(statistic: Statistic) -> str:
    return profit_text(decimal_of(statistic))


def multiple_text(statistic: Statistic) -> str:
    """`+0.16 R`: two decimals, because means of few R are small."""
    value = decimal_of(statistic)
    return NOTHING if value is None else f"{number_text(value, 2, sign=True)} R"


def plain_ratio(statistic: Statistic, decimals: int = 2) -> str:
    return ratio_text(statistic.value, decimals)


def interval_text(interval: Interval) -> str:
    """`30–95 %`; a dash without one."""
    if interval.low is None or interval.high is None:
        return NOTHING
    return f"{interval.low * 100:.0f}{NOTHING}{interval.high * 100:.0f} %"


def ticks_text(statistic: Statistic) -> str:
    value = decimal_of(statistic)
    return NOTHING if value is None else f"{number_text(value, 1, sign=True)} ticks"


def span_text(statistic: Statistic) -> str:
    """Seconds as `12 min`."""
    value = decimal_of(statistic)
    return age_text(None if value is None else timedelta(seconds=float(value)))


def ms_text(statistic: Statistic) -> str:
    value = statistic.value
    if value is None:
        return NOTHING
    return f"{number_text(Decimal(repr(float(value))), 0 if value >= 10 else 1)} ms"


def why(statistic: Statistic) -> str:
    """For a tool tip: how many observations, and the reason where there is something to say."""
    words = f"n = {statistic.n}"
    return f"{words}: {statistic.reason}" if statistic.reason else words
