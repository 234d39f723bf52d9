"""Expiry words: the year rule around the turn of the year, trading days, and doubts that a person settles."""

from datetime import date, datetime

import pytest

from tests.alerts.reading import in_words, read
from tradestream_gui.alerts.grammar.dates import EASTERN, from_days, from_month_day, from_word
from tradestream_gui.alerts.grammar.trading_days import is_us_trading_day


def at(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, tzinfo=EASTERN)


@pytest.mark.parametrize(
    ("said", "month", "day", "wanted"),
    [
        (date(2026, 12, 30), 1, 15, date(2027, 1, 15)),
        (date(2026, 12, 30), 12, 31, date(2026, 12, 31)),
        (date(2027, 1, 4), 1, 15, date(2027, 1, 15)),
        (date(2027, 1, 4), 12, 17, date(2027, 12, 17)),
        (date(2026, 11, 20), 6, 17, date(2027, 6, 17)),
    ],
)
def test_a_day_long_past_means_next_year(said: date, month: int, day: int, wanted: date) -> None:
    found = from_month_day(month, day, 0, said, is_us_trading_day)
    assert found is not None
    assert (found.on, found.doubt) == (wanted, "")


def test_a_day_just_past_is_a_slip_that_a_person_settles() -> None:
    found = from_month_day(12, 30, 0, date(2027, 1, 4), is_us_trading_day)
    assert found is not None
    assert found.on == date(2026, 12, 30)
    assert "past" in found.doubt


def test_a_date_without_trading_is_doubted_and_an_impossible_one_is_none() -> None:
    thanksgiving = from_month_day(11, 26, 2026, date(2026, 11, 20), is_us_trading_day)
    assert thanksgiving is not None
    assert "not a trading day" in thanksgiving.doubt
    assert from_month_day(2, 30, 0, date(2026, 11, 20), is_us_trading_day) is None
    far = from_month_day(1, 18, 2036, date(2026, 11, 20), is_us_trading_day)
    assert far is not None
    assert far.doubt


def test_days_to_expiry_are_trading_days() -> None:
    assert from_days(1, at(2026, 11, 20), is_us_trading_day).on == date(2026, 11, 23)
    assert from_days(1, at(2026, 11, 25), is_us_trading_day).on == date(2026, 11, 27)
    assert from_days(0, at(2026, 11, 20), is_us_trading_day).on == date(2026, 11, 20)


@pytest.mark.parametrize("said", [at(2026, 11, 26), at(2026, 11, 21), at(2026, 11, 20, 19)])
def test_zero_days_on_a_holiday_a_weekend_or_after_the_session_is_held(said: datetime) -> None:
    assert from_days(0, said, is_us_trading_day).doubt
    assert in_words(read("BTO SPY 670c 0dte @ 1.10", said)) == "HELD"


def test_weeks_end_on_their_last_session() -> None:
    friday = from_word("weekly", at(2026, 11, 18), is_us_trading_day)
    assert friday is not None
    assert friday.on == date(2026, 11, 20)
    good_friday_week = from_word("weekly", at(2027, 3, 24), is_us_trading_day)
    assert good_friday_week is not None
    assert good_friday_week.on == date(2027, 3, 25)
    following = from_word("next week", at(2026, 11, 20), is_us_trading_day)
    assert following is not None
    assert (following.on, following.doubt) == (date(2026, 11, 27), "")
    saturday = from_word("next week", at(2026, 11, 21), is_us_trading_day)
    assert saturday is not None
    assert saturday.doubt


def test_monthly_is_the_third_friday_still_ahead() -> None:
    found = from_word("monthly", at(2026, 11, 23), is_us_trading_day)
    assert found is not None
    assert found.on == date(2026, 12, 18)


def test_today_is_eastern_today() -> None:
    late = datetime(2026, 11, 20, 15, 30, tzinfo=EASTERN)
    assert in_words(read("BTO SPY 670c 0dte @ 1.10", late)).startswith("OPEN option long SPY 670 C 2026-11-20")
