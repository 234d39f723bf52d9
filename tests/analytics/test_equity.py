"""Equity figures against published and hand-worked values."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradestream_gui.analytics.equity import (
    compounded,
    curve,
    daily_results,
    drawdowns,
    equity_metrics,
    max_drawdown,
    sharpe,
    sharpe_error,
    sortino,
    weekdays_between,
)

RETURNS = [0.010, -0.005, 0.002, 0.0, -0.012, 0.007, 0.003, -0.004, 0.015, -0.001]
START = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)


def test_sharpe_and_sortino_of_the_sample_returns() -> None:
    assert sharpe(RETURNS).value == pytest.approx(3.0446272, abs=1e-7)
    assert sortino(RETURNS).value == pytest.approx(5.5212201, abs=1e-7)
    assert sharpe(RETURNS).n == 10


def test_the_error_of_sharpe() -> None:
    """A daily ratio of 0.1 over 60 days is 1.59 a year, give or take 4.03 at 95 %."""
    base = [1.0, -1.0] * 30
    deviation = (60 / 59) ** 0.5
    returns = [value + 0.1 * deviation for value in base]
    assert sharpe(returns).value == pytest.approx(1.587, abs=1e-3)
    assert float(sharpe_error(returns).value or 0) * 1.959964 == pytest.approx(4.03, abs=5e-3)


def test_constant_returns_have_no_sharpe() -> None:
    assert (sharpe([0.01] * 30).value, sharpe([0.01] * 30).reason) == (None, "all days are equal")
    assert sortino([0.01, 0.02]).reason == "no day below the target"
    assert (sharpe([0.01]).value, sharpe([]).reason) == (None, "needs 2 days, has 0")


def test_drawdown_of_the_sample_returns_and_of_a_first_day_loss() -> None:
    fall = max_drawdown(compounded(RETURNS))
    assert fall is not None
    assert fall.depth == pytest.approx(-0.01497388, abs=1e-8)
    first = max_drawdown(compounded([-0.10, 0.05, 0.05]))
    assert first is not None
    assert first.depth == pytest.approx(-0.10)
    assert first.recovery is None


def test_drawdowns_with_their_durations() -> None:
    first, second = drawdowns([Decimal(value) for value in (100, 110, 105, 95, 104, 111, 108, 120)])
    assert (first.peak, first.trough, first.recovery, first.points_under_water) == (1, 3, 5, 4)
    assert first.depth == pytest.approx(-0.1363636, abs=1e-7)
    assert first.money == Decimal(15)
    assert second.depth == pytest.approx(-0.027027, abs=1e-6)


def test_a_day_without_trades_counts_as_zero() -> None:
    monday, thursday = date(2026, 1, 5), date(2026, 1, 8)
    days = daily_results(Decimal(50_000), {monday: Decimal(500), thursday: Decimal(-505)}, weekdays_between)
    assert [day.rate for day in days] == [0.01, 0.0, 0.0, -0.01]
    friday, next_monday = date(2026, 1, 9), date(2026, 1, 12)
    over_weekend = daily_results(Decimal(100), {friday: Decimal(1), next_monday: Decimal(1)}, weekdays_between)
    assert [day.day for day in over_weekend] == [friday, next_monday]


def test_few_days_are_not_annualised_and_say_so() -> None:
    days = weekdays_between(date(2026, 1, 5), date(2026, 1, 16))
    nets, equity = {}, Decimal(100_000)
    for day, rate in zip(days, RETURNS, strict=True):
        nets[day] = equity * Decimal(str(rate))
        equity += nets[day]
    steps = [(START + timedelta(days=index), net) for index, net in enumerate(nets.values())]
    seen = equity_metrics(curve(START, Decimal(100_000), steps), nets, Decimal(100_000))
    assert seen.sharpe.value == pytest.approx(3.0446272 / 252**0.5, abs=1e-7)
    assert seen.sharpe.reason == "per day: 10 days of 20 needed for a year's figure"
    assert seen.max_drawdown.value == pytest.approx(-0.01497388, abs=1e-8)
    assert seen.recovered
    assert seen.duration_words == "4 days to the trough, 8 days to recover"


def test_without_a_starting_balance_only_money_is_shown() -> None:
    seen = equity_metrics(
        curve(START, Decimal(0), [(START, Decimal(350)), (START + timedelta(hours=1), Decimal(-500))]),
        {date(2026, 1, 5): Decimal(-150)},
        None,
    )
    assert (seen.sharpe.value, seen.max_drawdown.value) == (None, None)
    assert seen.max_drawdown.reason == "the starting balance is not known"
    assert seen.max_drawdown_money.value == Decimal(500)
    assert seen.duration_words == "60 minutes, not recovered"


def test_no_fills_give_no_figures() -> None:
    seen = equity_metrics(curve(START, Decimal(50_000), []), {}, Decimal(50_000))
    assert (seen.sharpe.value, seen.sortino.value, seen.max_drawdown.value) == (None, None, None)
    assert seen.max_drawdown.reason == "no fills yet"


@given(st.lists(st.integers(-500, 500), max_size=40))
def test_the_drawdown_never_exceeds_the_sum_of_losses(nets: list[int]) -> None:
    points = curve(START, Decimal(0), [(START, Decimal(net)) for net in nets])
    falls = drawdowns([point.equity for point in points])
    lost = -sum(net for net in nets if net < 0)
    assert all(Decimal(0) < fall.money <= lost for fall in falls)
    assert points[-1].equity == sum(nets)
