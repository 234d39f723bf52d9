"""Expiry words to a date: the year rule, trading-day counts, and the doubt that a person must settle."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

IsTradingDay = Callable[[date], bool]

EASTERN = ZoneInfo("America/New_York")
SLIP_DAYS = 7
"""A month and day at most this far in the past is a slip of the pen; further back it means next year."""
FARTHEST_YEARS = 3
"""Listed options reach no farther."""
CLOSED_AFTER_HOUR = 17
"""After this hour (Eastern) "today" can no longer be traded."""


class Expiry(NamedTuple):
    """The date that the words give, and why it needs a person's look ("" when it does not)."""

    on: date | None
    doubt: str = ""


def eastern_date(sent_at: datetime) -> date:
    return sent_at.astimezone(EASTERN).date()


def from_month_day(month: int, day: int, year: int, today: date, is_trading_day: IsTradingDay) -> Expiry | None:
    """The expiry of a written date, or None when there is no such day."""
    guessed = year == 0
    try:
        on = date(year or today.year, month, day)
        ahead = (on - today).days
        if guessed and not -SLIP_DAYS <= ahead <= 365 - SLIP_DAYS:
            on = date(today.year + (1 if ahead < 0 else -1), month, day)
            ahead = (on - today).days
    except ValueError:
        return None
    if ahead < 0:
        return Expiry(on, f"the expiry {on:%m/%d/%Y} is in the past")
    if ahead > FARTHEST_YEARS * 366:
        return Expiry(on, f"no option is listed as far out as {on:%m/%d/%Y}")
    if not is_trading_day(on):
        return Expiry(on, f"{on:%a %m/%d/%Y} is not a trading day")
    return Expiry(on)


def from_month(month: int, year: int, today: date, is_trading_day: IsTradingDay) -> Expiry:
    """The monthly expiry of a month: its third Friday, of the next such month when no year is said."""
    if not year:
        year = today.year if month >= today.month else today.year + 1
    third = _third_friday(date(year, month, 1), is_trading_day)
    if third < today:
        return Expiry(third, f"the monthly expiry of {third:%B %Y} is in the past")
    if (third - today).days > FARTHEST_YEARS * 366:
        return Expiry(third, f"no option is listed as far out as {third:%B %Y}")
    return Expiry(third)


def from_days(days: int, sent_at: datetime, is_trading_day: IsTradingDay) -> Expiry:
    """`nDTE`: n trading days from today."""
    today = eastern_date(sent_at)
    if days > 60:
        return Expiry(None, f"{days} trading days is no usual expiry")
    doubt = "" if is_trading_day(today) else f"{days}DTE was said on a day without trading"
    if days == 0 and sent_at.astimezone(EASTERN).hour >= CLOSED_AFTER_HOUR:
        doubt = "0DTE was said after the session"
    on = _next_session(today, is_trading_day) if doubt else today
    for _ in range(days):
        on = _next_session(on + timedelta(days=1), is_trading_day)
    return Expiry(on, doubt)


def from_word(word: str, sent_at: datetime, is_trading_day: IsTradingDay) -> Expiry | None:
    """`today`, `tomorrow`, `weekly`, `next week`, `monthly` and weekday names; None for a word that is no date."""
    today = eastern_date(sent_at)
    if word in ("today", "same day", "zeroes", "zerodte", "zero dte", "0days", "end of day exp"):
        return from_days(0, sent_at, is_trading_day)
    if word in ("tomorrow", "tmrw", "tmr", "tommorow", "2morrow"):
        following = today + timedelta(days=1)
        if is_trading_day(following):
            return Expiry(following)
        return Expiry(_next_session(following, is_trading_day), "tomorrow has no trading")
    if word in ("weekly", "weeklies", "eow", "this week", "end of week", "this friday", "this fri", "friday", "fri"):
        doubt = "the week meant is unclear when said on a weekend" if today.weekday() > 4 else ""
        return Expiry(_week_end(today, is_trading_day), doubt)
    if word == "next week":
        doubt = "the week meant is unclear when said on a weekend" if today.weekday() > 4 else ""
        return Expiry(_week_end(today + timedelta(days=7), is_trading_day), doubt)
    if word in ("next friday", "next fri"):
        return Expiry(
            _week_end(today + timedelta(days=7), is_trading_day), "next Friday may be this week's or the next's"
        )
    if word == "two weeks":
        return Expiry(_week_end(today + timedelta(days=14), is_trading_day), "which week's expiry is not certain")
    if word in ("monthly", "monthlies", "opex"):
        return Expiry(_monthly(today, is_trading_day))
    if word == "next month":
        first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return Expiry(_monthly(first, is_trading_day), "which expiry of next month is not said")
    if word in ("leap", "leaps"):
        return Expiry(None, "which LEAP expiry is not said")
    return _weekday(word, today, is_trading_day)


_WEEKDAYS = {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "this wednesday": 2, "next monday": 0,
             "next wednesday": 2}  # fmt: skip


_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3}
MAX_SHORT = 6
"""A short form of a weekday has fewer letters."""


def _weekday(word: str, today: date, is_trading_day: IsTradingDay) -> Expiry | None:
    wanted = _WEEKDAYS.get(word, _DAYS.get(word[:3]) if len(word) < MAX_SHORT else None)
    if wanted is None:
        return None
    on = today + timedelta(days=(wanted - today.weekday()) % 7)
    if word.startswith("next") and on.isocalendar()[1] == today.isocalendar()[1]:
        on += timedelta(days=7)
    return Expiry(on, "" if is_trading_day(on) else f"{on:%a %m/%d} is not a trading day")


def _next_session(on: date, is_trading_day: IsTradingDay) -> date:
    for _ in range(14):
        if is_trading_day(on):
            return on
        on += timedelta(days=1)
    return on


def _week_end(in_week: date, is_trading_day: IsTradingDay) -> date:
    """The last session of the week: Friday, or the day before when Friday is a holiday."""
    on = in_week + timedelta(days=4 - in_week.weekday())
    for _ in range(4):
        if is_trading_day(on):
            return on
        on -= timedelta(days=1)
    return on


def _monthly(today: date, is_trading_day: IsTradingDay) -> date:
    """The third Friday of this month, or of the next once it has passed."""
    first = today.replace(day=1)
    for _ in range(2):
        on = _third_friday(first, is_trading_day)
        if on >= today:
            return on
        first = (first + timedelta(days=32)).replace(day=1)
    return on


def _third_friday(first: date, is_trading_day: IsTradingDay) -> date:
    third = first + timedelta(days=(4 - first.weekday()) % 7 + 14)
    return third if is_trading_day(third) else third - timedelta(days=1)
