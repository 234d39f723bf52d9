"""US market holidays by rule, for reading dates where no exchange calendar is at hand (`tradestream parse`)."""

from datetime import date, timedelta
from functools import lru_cache


def is_us_trading_day(on: date) -> bool:
    """Whether the US stock and option markets hold a session that day (half-days count)."""
    return on.weekday() < 5 and on not in _holidays(on.year)


@lru_cache(maxsize=64)
def _holidays(year: int) -> frozenset[date]:
    days = {
        _nth_weekday(year, 1, 0, 3),
        _nth_weekday(year, 2, 0, 3),
        _easter(year) - timedelta(days=2),
        _last_monday_of_may(year),
        _nth_weekday(year, 9, 0, 1),
        _nth_weekday(year, 11, 3, 4),
    }
    fixed = [date(year, 7, 4), date(year, 12, 25)]
    if year >= 2022:
        fixed.append(date(year, 6, 19))
    for day in fixed:
        days.add(_observed(day))
    new_year = date(year, 1, 1)
    if new_year.weekday() != 5:  # a Saturday's New Year is not made up for
        days.add(_observed(new_year))
    return frozenset(days)


def _observed(day: date) -> date:
    return day - timedelta(days=1) if day.weekday() == 5 else day + timedelta(days=1) if day.weekday() == 6 else day


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus (Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
