"""Regular hours on usual days, half-days, holidays and across the change of the clocks."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tradestream_gui.domain.sessions import TradingCalendar
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.market.regular_hours import (
    Span,
    closed_spans,
    regular_spans,
    session_number,
    session_opens,
)

RESOURCES = Path(__file__).resolve().parents[2] / "resources"


@pytest.fixture(scope="module")
def calendar() -> TradingCalendar:
    return ReferenceData.load(RESOURCES.joinpath).calendar


def utc(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def span(start: datetime, end: datetime) -> Span:
    return Span(int(start.timestamp()), int(end.timestamp()))


def test_a_usual_day_is_bright_from_half_past_eight_to_a_quarter_past_three_in_chicago(
    calendar: TradingCalendar,
) -> None:
    found = regular_spans(calendar, "ES", utc(17, 0), utc(17, 22, 30))
    assert found == (span(utc(17, 14, 30), utc(17, 21, 15)),)


def test_a_half_day_ends_with_its_session_and_a_holiday_has_no_regular_hours(calendar: TradingCalendar) -> None:
    found = regular_spans(calendar, "ES", utc(25, 12), utc(30, 12))
    assert found == (
        span(utc(25, 14, 30), utc(25, 21, 15)),
        span(utc(27, 14, 30), utc(27, 18, 15)),
    )


def test_the_night_the_holiday_and_the_weekend_are_dark(calendar: TradingCalendar) -> None:
    found = closed_spans(calendar, "ES", utc(25, 12), utc(30, 18))
    assert found == (
        span(utc(25, 12), utc(25, 14, 30)),
        span(utc(25, 21, 15), utc(27, 14, 30)),
        span(utc(27, 18, 15), utc(30, 14, 30)),
    )


def test_the_hours_move_with_the_clocks_of_the_exchange(calendar: TradingCalendar) -> None:
    before, after = utc(30, 0, month=10), utc(2, 23)
    assert regular_spans(calendar, "ES", before, after) == (
        span(utc(30, 13, 30, month=10), utc(30, 20, 15, month=10)),
        span(utc(2, 14, 30), utc(2, 21, 15)),
    )


def test_stocks_have_no_dark_hours_of_their_own(calendar: TradingCalendar) -> None:
    assert closed_spans(calendar, "AAPL", utc(25, 12), utc(30, 18)) == ()


def test_sessions_open_in_the_evening_and_number_the_bars(calendar: TradingCalendar) -> None:
    opens = session_opens(calendar, "ES", utc(16, 12), utc(18, 1))
    assert opens == tuple(int(at.timestamp()) for at in (utc(15, 23), utc(16, 23), utc(17, 23)))
    numbers = [session_number(opens, int(at.timestamp())) for at in (utc(16, 21), utc(16, 23), utc(17, 15), utc(18, 0))]
    assert numbers == [1, 2, 2, 3]
