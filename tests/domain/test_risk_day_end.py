"""An account's own end of day in both halves of the year, and on half-days."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tradestream_gui.domain.policies import SessionEndRule
from tradestream_gui.domain.risk_day_end import DayEnd, day_end

RULE = SessionEndRule("America/Chicago", time(15), time(15, 5), time(15, 7))
SECOND = timedelta(seconds=1)


def utc(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


@pytest.mark.parametrize(("day", "hour"), [(date(2026, 11, 19), 21), (date(2026, 7, 15), 20)])
def test_the_three_moments_stand_at_chicago_time(day: date, hour: int) -> None:
    end = day_end(RULE, day, None)
    assert [end.entries_off, end.flatten_at, end.verified_by] == [utc(day, hour, minute) for minute in (0, 5, 7)]


@pytest.mark.parametrize(
    ("close", "flatten"),
    [
        ((18, 15), (18, 0)),
        ((21, 19), (21, 4)),
        ((21, 20), (21, 5)),
        ((21, 21), (21, 5)),
    ],
)
def test_on_a_half_day_everything_moves_to_a_quarter_before_the_close(
    close: tuple[int, int], flatten: tuple[int, int]
) -> None:
    day = date(2026, 11, 27)
    end = day_end(RULE, day, utc(day, *close))
    assert end.flatten_at == utc(day, *flatten)
    assert end.entries_off == end.flatten_at - timedelta(minutes=5)
    assert end.verified_by == end.flatten_at + timedelta(minutes=2)


def test_entries_are_off_from_the_first_moment_on() -> None:
    at = utc(date(2026, 11, 19), 21, 0)
    end = DayEnd(at, at + timedelta(minutes=5), at + timedelta(minutes=7))
    assert [end.entries_are_off(moment) for moment in (at - SECOND, at, at + SECOND)] == [False, True, True]
