"""Hours, trade dates and half-days: the agreed days by hand, and every day of the table against its oracle."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas_market_calendars
import pytest

from tradestream_gui.domain.futures import ContractMonth, build_future
from tradestream_gui.domain.instruments import AssetClass, Right
from tradestream_gui.domain.options import build_option
from tradestream_gui.domain.sessions import CHICAGO, NEW_YORK, DayException, SessionHours, TradingCalendar
from tradestream_gui.market.reference_tables import load_calendar, load_roots

RESOURCES = Path(__file__).parents[2] / "resources"

BY_HAND = {
    "equity_index": {date(2025, 1, 9), date(2025, 4, 18), date(2027, 3, 26)},
    "rates": {date(2025, 4, 18), date(2027, 3, 26)},
    "fx": {date(2025, 4, 18), date(2027, 3, 26)},
    "energy": set(),
    "metals": set(),
    "us_equity": set(),
    "us_option": set(),
}
"""Dates on which the table knowingly differs from the library: Good Friday without a jobs report, a mourning day."""

ORACLES = {
    "equity_index": "CME Globex Equity",
    "rates": "CME Globex Fixed Income",
    "fx": "CMEGlobex_FX",
    "energy": "CMEGlobex_Energy",
    "metals": "CMEGlobex_Metals",
    "us_equity": "XNYS",
    "us_option": "XNYS",
}
PRODUCTS: dict[str, AssetClass | str] = {
    "equity_index": "ES",
    "rates": "ZN",
    "fx": "6E",
    "energy": "CL",
    "metals": "GC",
    "us_equity": "AAPL",
    "us_option": AssetClass.OPTION,
}


@pytest.fixture(scope="module")
def calendar() -> TradingCalendar:
    return load_calendar(RESOURCES / "sessions.toml", load_roots(RESOURCES / "instruments.toml"))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("group", ORACLES)
def test_every_session_of_the_table_is_the_oracles(calendar: TradingCalendar, group: str) -> None:
    schedule: Any = pandas_market_calendars.get_calendar(ORACLES[group]).schedule(
        str(calendar.covers_from), str(calendar.covers_until)
    )
    expected = {
        stamp.date(): (opens.to_pydatetime(), closes.to_pydatetime())
        for stamp, opens, closes in zip(schedule.index, schedule["market_open"], schedule["market_close"], strict=True)
        if stamp.date() not in BY_HAND[group]
    }
    hours = calendar.hours(PRODUCTS[group])
    found = {}
    day = calendar.covers_from
    while day <= calendar.covers_until:
        session = hours.session_on(day)
        if session is not None and day not in BY_HAND[group]:
            found[day] = (session.open, session.close)
        day += timedelta(days=1)
    assert found == expected


@pytest.mark.parametrize(
    ("at", "trade_date"),
    [
        ("2026-03-08T22:30", date(2026, 3, 9)),
        ("2026-03-06T21:59", date(2026, 3, 6)),
        ("2026-03-09T21:30", date(2026, 3, 9)),
        ("2026-11-01T23:30", date(2026, 11, 2)),
        ("2026-01-19T15:00", date(2026, 1, 20)),
        ("2026-11-26T15:00", date(2026, 11, 27)),
        ("2026-03-07T15:00", date(2026, 3, 9)),
    ],
)
def test_futures_are_booked_to_the_exchanges_trade_date(calendar: TradingCalendar, at: str, trade_date: date) -> None:
    assert calendar.trade_date("ES", utc(at)) == trade_date


def test_stocks_are_booked_to_the_new_york_date(calendar: TradingCalendar) -> None:
    assert calendar.trade_date("AAPL", utc("2026-11-20T23:30")) == date(2026, 11, 20)
    assert calendar.trade_date(AssetClass.STOCK, utc("2026-11-21T15:00")) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-03-06T21:59", True),
        ("2026-03-06T22:30", False),
        ("2026-03-08T22:30", True),
        ("2026-03-09T21:30", False),
        ("2026-11-27T18:14", True),
        ("2026-11-27T18:15", False),
        ("2026-11-27T18:16", False),
        ("2026-04-03T13:14", True),
        ("2026-04-03T13:16", False),
        ("2026-06-19T16:59", True),
        ("2026-06-19T17:01", False),
        ("2026-12-25T15:00", False),
        ("2025-04-18T13:00", False),
    ],
)
def test_equity_index_futures_open_and_close(calendar: TradingCalendar, at: str, is_open: bool) -> None:
    for root in ("ES", "MNQ", "M2K"):
        assert calendar.is_open(root, utc(at)) is is_open


def test_the_maintenance_hour_is_a_pause_and_the_weekend_is_not(calendar: TradingCalendar) -> None:
    assert calendar.is_maintenance("ES", utc("2026-03-09T21:30"))
    assert not calendar.is_maintenance("ES", utc("2026-03-09T20:59"))
    assert not calendar.is_maintenance("ES", utc("2026-03-09T22:00"))
    assert not calendar.is_maintenance("ES", utc("2026-03-06T22:30"))
    assert not calendar.is_maintenance("AAPL", utc("2026-03-09T21:30"))


def test_half_days_close_early_and_say_so(calendar: TradingCalendar) -> None:
    session = calendar.session_of("ES", utc("2026-11-27T15:00"))
    assert session is not None
    assert session.is_half_day
    assert session.close.astimezone(CHICAGO).time() == time(12, 15)
    assert calendar.minutes_to_close("ES", utc("2026-11-27T18:00")) == 15
    stock = calendar.session_of("AAPL", utc("2026-11-27T15:00"))
    assert stock is not None
    assert stock.close.astimezone(NEW_YORK).time() == time(13)
    assert calendar.minutes_to_close("ES", utc("2026-11-27T19:00")) is None


@pytest.mark.parametrize(
    ("product", "at", "opens", "closes"),
    [
        ("ES", "2026-11-20T22:30", "2026-11-22T23:00", "2026-11-23T22:00"),
        ("ES", "2026-11-20T15:00", "2026-11-22T23:00", "2026-11-20T22:00"),
        ("ES", "2026-12-24T19:00", "2026-12-27T23:00", "2026-12-28T22:00"),
        ("AAPL", "2026-11-25T22:00", "2026-11-27T14:30", "2026-11-27T18:00"),
        ("ZC", "2026-11-20T13:50", "2026-11-20T14:30", "2026-11-20T19:20"),
    ],
)
def test_the_next_open_and_close_skip_weekends_and_holidays(
    calendar: TradingCalendar, product: str, at: str, opens: str, closes: str
) -> None:
    assert calendar.next_open(product, utc(at)) == utc(opens)
    assert calendar.next_close(product, utc(at)) == utc(closes)


def test_grains_pause_in_the_morning(calendar: TradingCalendar) -> None:
    assert calendar.is_open("ZS", utc("2026-11-20T13:44"))
    assert not calendar.is_open("ZS", utc("2026-11-20T13:45"))
    assert calendar.is_open("ZS", utc("2026-11-20T14:30"))
    assert not calendar.is_open("ZS", utc("2026-11-20T19:20"))
    assert not calendar.is_open("ZS", utc("2026-11-27T13:30"))


def test_clocks_change_and_the_chicago_open_stays_at_five(calendar: TradingCalendar) -> None:
    winter = calendar.session_of("ES", utc("2026-03-05T15:00"))
    summer = calendar.session_of("ES", utc("2026-03-10T15:00"))
    assert winter is not None
    assert summer is not None
    assert (winter.open.hour, summer.open.hour) == (23, 22)


def test_regular_hours_of_equity_index_futures(calendar: TradingCalendar) -> None:
    assert calendar.is_regular_hours("ES", utc("2026-11-20T14:30")) is True
    assert calendar.is_regular_hours("ES", utc("2026-11-20T14:29")) is False
    assert calendar.is_regular_hours("ES", utc("2026-11-20T21:15")) is False
    assert calendar.is_regular_hours("CL", utc("2026-11-20T15:00")) is None


@pytest.mark.parametrize(
    ("underlying", "expiry", "at", "is_open"),
    [
        ("AAPL", date(2026, 12, 18), "2026-11-20T20:59", True),
        ("AAPL", date(2026, 12, 18), "2026-11-20T21:05", False),
        ("SPY", date(2026, 12, 18), "2026-11-20T21:14", True),
        ("SPX", date(2026, 12, 18), "2026-11-20T21:14", True),
        ("SPX", date(2026, 12, 18), "2026-11-20T21:15", False),
        ("SPX", date(2026, 11, 20), "2026-11-20T21:05", False),
        ("SPX", date(2026, 12, 18), "2026-11-27T18:14", True),
        ("SPX", date(2026, 11, 27), "2026-11-27T18:05", False),
    ],
)
def test_index_and_fund_options_trade_a_quarter_hour_longer_save_on_their_last_day(
    calendar: TradingCalendar, underlying: str, expiry: date, at: str, is_open: bool
) -> None:
    option = build_option(underlying, expiry, Right.CALL, Decimal(100))
    assert calendar.is_open(option, utc(at)) is is_open


@pytest.mark.parametrize(
    ("at", "day", "ends"),
    [
        ("2026-11-20T22:59", date(2026, 11, 20), "2026-11-20T23:00"),
        ("2026-11-20T23:00", date(2026, 11, 23), "2026-11-23T23:00"),
        ("2026-11-22T15:00", date(2026, 11, 23), "2026-11-23T23:00"),
        ("2026-07-14T21:59", date(2026, 7, 14), "2026-07-14T22:00"),
        ("2026-07-14T22:00", date(2026, 7, 15), "2026-07-15T22:00"),
    ],
)
def test_an_accounts_day_ends_at_five_in_chicago(calendar: TradingCalendar, at: str, day: date, ends: str) -> None:
    assert calendar.account_day(utc(at)) == day
    assert calendar.account_day_end(utc(at)) == utc(ends)


def test_the_calendar_warns_before_it_runs_out(calendar: TradingCalendar) -> None:
    assert calendar.warning(date(2026, 11, 20)) is None
    soon, after = calendar.warning(date(2027, 12, 1)), calendar.warning(date(2028, 1, 3))
    assert soon is not None
    assert after is not None
    assert "in 30 days" in soon
    assert "unknown" in after
    assert not calendar.covers(date(2028, 1, 3))


def test_crypto_hours_are_marked_as_unsettled(calendar: TradingCalendar) -> None:
    assert not calendar.has_confirmed_hours("MBT")
    assert calendar.has_confirmed_hours("ES")


def test_the_stock_markets_holidays_are_no_trading_days(calendar: TradingCalendar) -> None:
    assert not calendar.is_trading_day(date(2026, 11, 26))
    assert calendar.is_trading_day(date(2026, 11, 27))
    assert not calendar.is_trading_day(date(2026, 11, 28))
    assert not calendar.is_trading_day(date(2027, 6, 18))


def test_a_break_that_is_over_does_not_hold_the_next_open_back(calendar: TradingCalendar) -> None:
    assert calendar.next_open("ZC", utc("2026-11-20T15:00")) == utc("2026-11-23T01:00")


def test_a_calendar_without_a_session_says_so_instead_of_searching_on() -> None:
    closed = {date(2026, 11, 20) + timedelta(days=step): DayException() for step in range(30)}
    hours = SessionHours("us_equity", NEW_YORK, time(9, 30), time(16), opens_day_before=False, exceptions=closed)
    never = TradingCalendar({"us_equity": hours}, {}, frozenset(), date(2026, 1, 1), date(2026, 12, 31))
    with pytest.raises(LookupError, match="no session of us_equity within 12 days after 2026-11-20"):
        never.next_session("AAPL", utc("2026-11-20T15:00"))
    with pytest.raises(LookupError, match="no trade date of us_equity within 12 days after 2026-11-20"):
        never.trade_date("AAPL", utc("2026-11-20T15:00"))


def test_an_options_last_day_ends_with_the_stock_market_and_a_futures_with_its_own(calendar: TradingCalendar) -> None:
    spy = build_option("SPY", date(2026, 11, 27), Right.CALL, Decimal(600))
    assert calendar.next_close(spy, utc("2026-11-27T15:00")) == utc("2026-11-27T18:00")
    assert calendar.next_close(spy, utc("2026-11-25T15:00")) == utc("2026-11-25T21:15")
    apple = build_option("AAPL", date(2026, 12, 18), Right.CALL, Decimal(275))
    assert calendar.next_close(apple, utc("2026-12-18T15:00")) == utc("2026-12-18T21:00")
    future = build_future(load_roots(RESOURCES / "instruments.toml")["ES"], ContractMonth(2026, 12), calendar)
    assert calendar.next_close(future, utc("2026-12-18T15:00")) == utc("2026-12-18T22:00")
