"""An account's own end of day in both halves of the year, and on half-days."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from tests.domain.test_risk_rails import ES, STOCK
from tradestream_gui.domain.instruments import Right
from tradestream_gui.domain.options import build_option
from tradestream_gui.domain.policies import SessionEndRule
from tradestream_gui.domain.risk_day_end import DayEnd, day_end, leaves_at
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.policies import execution_policy

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


EXPIRY = date(2026, 11, 19)
SPY_CALL = build_option("SPY", EXPIRY, Right.CALL, Decimal(660))
POLICY = execution_policy(first_settings())


def test_what_settles_in_shares_is_left_a_quarter_before_four_in_new_york() -> None:
    assert leaves_at(SPY_CALL, POLICY) == utc(EXPIRY, 20, 45)
    assert leaves_at(SPY_CALL, replace(POLICY, physical_close_at=time(15, 30))) == utc(EXPIRY, 20, 30)


def test_what_settles_in_cash_or_never_or_is_to_be_held_is_not_left() -> None:
    assert leaves_at(build_option("SPX", EXPIRY, Right.CALL, Decimal(6700)), POLICY) is None
    assert leaves_at(replace(SPY_CALL, expiry=None), POLICY) is None
    assert leaves_at(SPY_CALL, replace(POLICY, hold_physical=True)) is None
    assert [leaves_at(one, POLICY) for one in (ES, STOCK)] == [None, None]
