"""Trade metrics against figures worked by hand or published elsewhere."""

import math
from decimal import Decimal

import pytest

from tests.analytics.given import trade_with, trades_with
from tradestream_gui.analytics.metrics import (
    expectancy,
    payoff,
    planned_edge,
    profit_factor,
    small_sample_words,
    sqn,
    standard_deviation,
    trade_metrics,
    wilson_interval,
)

SAMPLE = ["350", "-500", "950", "-500", "0", "350", "-1000", "950"]


def test_the_eight_sample_trades() -> None:
    seen = trade_metrics(trades_with(SAMPLE))
    assert (seen.trades, seen.wins, seen.losses, seen.scratches) == (8, 4, 3, 1)
    assert seen.win_rate.value == Decimal("0.5")
    assert float(seen.win_rate_without_scratches.value or 0) == pytest.approx(0.571429, abs=1e-6)
    assert seen.profit_factor.value == Decimal("1.3")
    assert seen.expectancy.value == Decimal(75)
    assert seen.payoff.value == Decimal("0.975")
    assert float(seen.break_even_win_rate.value or 0) == pytest.approx(1 / 1.975)
    assert seen.net == Decimal(600)
    assert (seen.largest_win.value, seen.largest_loss.value) == (Decimal(950), Decimal(-1000))
    assert seen.win_rate.n == seen.profit_factor.n == seen.payoff.n == 8


def test_a_scratch_ends_both_runs() -> None:
    seen = trade_metrics(trades_with(["350", "-500", "-500", "0", "-500", "950", "350"]))
    assert (seen.max_consecutive_losses.value, seen.max_consecutive_wins.value) == (2, 2)


def test_two_losers_and_one_winner() -> None:
    nets = [Decimal(-20), Decimal(-20), Decimal(10)]
    assert (profit_factor(nets).value, payoff(nets).value) == (Decimal("0.25"), Decimal("0.5"))
    assert expectancy(nets).value == Decimal(-10)
    assert float(standard_deviation(nets).value or 0) == pytest.approx(17.3205, abs=1e-4)
    seen = trade_metrics(trades_with(["-20", "-20", "10"]))
    assert seen.net == Decimal(-30)
    assert seen.max_consecutive_losses.value == 2


@pytest.mark.parametrize(
    ("wins", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (8, 10, 0.4902, 0.9433),
        (3, 3, 0.4385, 1.0),
        (0, 5, 0.0, 0.4345),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (60, 100, 0.5020, 0.6906),
    ],
)
def test_wilson_interval_as_published(wins: int, n: int, low: float, high: float) -> None:
    seen = wilson_interval(wins, n)
    assert seen.low == pytest.approx(low, abs=5e-5)
    assert seen.high == pytest.approx(high, abs=5e-5)


def test_no_trades_give_no_figure_and_a_reason() -> None:
    seen = trade_metrics([])
    for name in ("win_rate", "profit_factor", "payoff", "break_even_win_rate", "expectancy", "standard_deviation",
                 "average_win", "largest_loss", "mean_r", "sqn", "mean_mae", "mean_capture", "mean_hold_seconds"):
        statistic = getattr(seen, name)
        assert statistic.value is None, name
        assert statistic.n == 0, name
        assert statistic.reason, name
    assert seen.win_rate_interval.low is None
    assert (seen.net, seen.max_consecutive_losses.value) == (Decimal(0), 0)


def test_without_losses_the_profit_factor_is_unknown_not_infinite() -> None:
    seen = trade_metrics(trades_with(["350", "950"]))
    assert (seen.profit_factor.value, seen.profit_factor.reason) == (None, "no losses yet")
    assert (seen.payoff.value, seen.break_even_win_rate.value) == (None, None)
    assert trade_metrics(trades_with(["-350"])).payoff.reason == "no wins yet"


def test_equal_results_have_no_system_quality() -> None:
    assert sqn([Decimal(1), Decimal(1), Decimal(1)]).reason == "all results are equal"
    assert sqn([Decimal(1)]).value is None


def test_system_quality_stops_growing_at_a_hundred_trades() -> None:
    few = sqn([Decimal(1), Decimal(-1), Decimal(2), Decimal(0)])
    assert float(few.value or 0) == pytest.approx(2 * 0.5 / math.sqrt(5 / 3))
    many = [Decimal(1), Decimal(-1), Decimal(2), Decimal(0)] * 100
    deviation = float(standard_deviation(many).value or 0)
    assert float(sqn(many).value or 0) == pytest.approx(10 * 0.5 / deviation)


def test_trades_without_a_stop_are_left_out_of_r_and_counted() -> None:
    seen = trade_metrics([trade_with("350"), trade_with("-100", number=1)])
    assert (seen.mean_r.value, seen.mean_r.n) == (None, 0)
    assert seen.mean_r.reason == "no initial risk in 2 trades"


def test_an_option_alert_shows_the_win_rate_that_it_needs() -> None:
    edge = planned_edge(Decimal("2.50"), Decimal("3.00"), Decimal("1.80"), Decimal(100), 1)
    assert edge is not None
    assert (edge.risk, edge.reward) == (Decimal(70), Decimal(50))
    assert float(edge.r_at_target) == pytest.approx(0.7143, abs=5e-5)
    assert float(edge.break_even_win_rate) == pytest.approx(0.58333, abs=5e-6)
    assert planned_edge(Decimal("2.50"), Decimal("3.00"), Decimal("2.60"), Decimal(100), 1) is None


def test_few_trades_say_so() -> None:
    assert small_sample_words(7) == "Based on 7 trades: too few to rank."
    assert small_sample_words(1) == "Based on 1 trade: too few to rank."
    assert small_sample_words(20) == ""
