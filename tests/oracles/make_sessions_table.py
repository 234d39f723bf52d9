"""Writes resources/sessions.toml from pandas_market_calendars and the exceptions entered by hand; run it once a year.

python tests/oracles/make_sessions_table.py > resources/sessions.toml
"""

import sys
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pandas_market_calendars

FROM, UNTIL = date(2025, 1, 1), date(2027, 12, 31)


@dataclass(frozen=True)
class Group:
    """One table of hours: whose calendar it follows and how the session usually runs."""

    name: str
    oracle: str
    zone: str
    open: str
    close: str
    opens_day_before: bool = True
    extra: str = ""


@dataclass(frozen=True)
class Row:
    """How a date differs; closed when `close` is None. `why` is set for rows entered by hand."""

    close: time | None
    open: time | None = None
    opens_same_day: bool = False
    why: str = ""


CHICAGO, NEW_YORK = "America/Chicago", "America/New_York"

GROUPS = (
    Group("us_equity", "XNYS", NEW_YORK, "09:30:00", "16:00:00", False),
    Group("us_option", "XNYS", NEW_YORK, "09:30:00", "16:00:00", False),
    Group("late_option", "XNYS", NEW_YORK, "09:30:00", "16:15:00", False),
    Group(
        "equity_index",
        "CME Globex Equity",
        CHICAGO,
        "17:00:00",
        "16:00:00",
        extra="regular_open = 08:30:00\nregular_close = 15:15:00\n",
    ),
    Group("energy", "CMEGlobex_Energy", CHICAGO, "17:00:00", "16:00:00"),
    Group("metals", "CMEGlobex_Metals", CHICAGO, "17:00:00", "16:00:00"),
    Group("rates", "CME Globex Fixed Income", CHICAGO, "17:00:00", "16:00:00"),
    Group("fx", "CMEGlobex_FX", CHICAGO, "17:00:00", "16:00:00"),
    Group(
        "grains",
        "CMEGlobex_Grains",
        CHICAGO,
        "19:00:00",
        "13:20:00",
        extra="breaks = [[07:45:00, 08:30:00]]\n",
    ),
    Group("crypto", "CME Globex Crypto", CHICAGO, "17:00:00", "16:00:00", extra="confirmed = false\n"),
)

_NO_JOBS_REPORT = "Good Friday without a jobs report: no session"
_GRAIN_HALF_DAY = "early close of grains"
_GRAIN_MORNING = "opens in the morning after a holiday"
_GLOBEX_ON_GOOD_FRIDAY = ("equity_index", "rates", "fx", "crypto")

BY_HAND: dict[tuple[str, date], Row] = {
    **{(g, date(2025, 4, 18)): Row(None, why=_NO_JOBS_REPORT) for g in _GLOBEX_ON_GOOD_FRIDAY},
    **{(g, date(2027, 3, 26)): Row(None, why=_NO_JOBS_REPORT) for g in _GLOBEX_ON_GOOD_FRIDAY},
    ("equity_index", date(2025, 1, 9)): Row(time(8, 30), why="national day of mourning"),
    **{
        ("grains", day): Row(time(12, 5), time(8, 30), opens_same_day=True, why=_GRAIN_HALF_DAY)
        for day in (date(2025, 11, 28), date(2026, 11, 27), date(2027, 11, 26))
    },
    **{("grains", day): Row(time(12, 5), why=_GRAIN_HALF_DAY) for day in (date(2025, 12, 24), date(2026, 12, 24))},
    **{
        ("grains", day): Row(time(13, 20), time(8, 30), opens_same_day=True, why=_GRAIN_MORNING)
        for day in (date(2025, 1, 2), date(2025, 12, 26), date(2026, 1, 2))
    },
}
"""What the calendar library does not know, or is known to print wrongly."""

_LATE_HALF_DAY = time(13, 15)


def rows_of(group: Group) -> dict[date, Row]:
    """Every weekday of the range on which the library or the hand-entered rows differ from the usual hours."""
    schedule: Any = pandas_market_calendars.get_calendar(group.oracle).schedule(str(FROM), str(UNTIL))
    close_by_day = {
        stamp.date(): close.tz_convert(group.zone).time()
        for stamp, close in zip(schedule.index, schedule["market_close"], strict=True)
    }
    usual = time.fromisoformat(group.close)
    rows = {}
    day = FROM
    while day <= UNTIL:
        by_hand = BY_HAND.get((group.name, day))
        if by_hand is not None:
            rows[day] = by_hand
        elif day.weekday() < 5:
            close = close_by_day.get(day)
            if group.name == "late_option" and close is not None:
                close = usual if close == time(16) else _LATE_HALF_DAY
            if close != usual:
                rows[day] = Row(close)
        day += timedelta(days=1)
    return rows


def main() -> None:
    stock_days = pandas_market_calendars.get_calendar("XNYS").schedule(str(FROM), str(UNTIL + timedelta(days=10)))
    stock_dates = [stamp.date() for stamp in stock_days.index]
    write = sys.stdout.write
    write(
        "# Market hours: the usual session of each group and the dates that differ. Made by\n"
        "# tests/oracles/make_sessions_table.py from pandas_market_calendars; rows with a remark are by hand.\n"
        "# trade_date: a holiday's half-session is booked to the next business day (understood, no notice of CME).\n"
        "# Crypto is unconfirmed: round-the-clock trading was announced, so its hours are never shown or judged by.\n\n"
        f"covers_from = {FROM}\ncovers_until = {UNTIL}\n"
        "# Options on these trade until 16:15 New York time.\n"
        'late_option_underlyings = ["SPX", "XSP", "NDX", "RUT", "VIX", "DJX", "OEX", "XEO", "SPY", "QQQ", "IWM", '
        '"DIA", "VXX", "UVXY", "SVXY"]\n'
    )
    for group in GROUPS:
        write(
            f'\n[group.{group.name}]\nzone = "{group.zone}"\nopen = {group.open}\nclose = {group.close}\n'
            f"opens_day_before = {str(group.opens_day_before).lower()}\n{group.extra}\n[group.{group.name}.days]\n"
        )
        for day, row in rows_of(group).items():
            write(f"{day} = {{ {_cells(group, day, row, stock_dates)} }}{'  # ' + row.why if row.why else ''}\n")


def _cells(group: Group, day: date, row: Row, stock_dates: list[date]) -> str:
    if row.close is None:
        return "closed = true"
    cells = [f"close = {row.close}"]
    if row.open is not None:
        cells.append(f"open = {row.open}")
    if row.opens_same_day:
        cells.append("opens_same_day = true")
    if group.opens_day_before and day not in stock_dates and not row.opens_same_day:
        cells.append(f"trade_date = {next(d for d in stock_dates if d > day)}")
    return ", ".join(cells)


if __name__ == "__main__":
    main()
