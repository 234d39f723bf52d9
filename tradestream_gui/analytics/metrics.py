"""Trade metrics: every ratio with its n, every missing value with its reason (formulas: quant rules, section 2)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tradestream_gui.analytics.excursion import capture, efficiency, give_back
from tradestream_gui.analytics.statistic import Interval, Statistic, mean_of, missing, plural
from tradestream_gui.analytics.trades import Trade, TradeOutcome
from tradestream_gui.domain.money import ZERO

NO_TRADES = "0 trades"
Z_95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""
SQN_CAP = 100
"""The system quality number stops growing with n here (Tharp)."""


@dataclass(frozen=True, slots=True)
class TradeMetrics:
    """All figures of a set of closed trades; money is net US dollars unless named gross."""

    trades: int
    wins: int
    losses: int
    scratches: int
    net: Decimal
    gross: Decimal
    commission: Decimal
    win_rate: Statistic
    win_rate_interval: Interval
    win_rate_without_scratches: Statistic
    break_even_win_rate: Statistic
    profit_factor: Statistic
    payoff: Statistic
    expectancy: Statistic
    standard_deviation: Statistic
    average_win: Statistic
    average_loss: Statistic
    largest_win: Statistic
    largest_loss: Statistic
    mean_r: Statistic
    sqn: Statistic
    max_consecutive_wins: Statistic
    max_consecutive_losses: Statistic
    mean_mae: Statistic
    mean_mfe: Statistic
    mean_give_back: Statistic
    mean_capture: Statistic
    mean_entry_efficiency: Statistic
    mean_exit_efficiency: Statistic
    mean_total_efficiency: Statistic
    mean_hold_seconds: Statistic


def trade_metrics(trades: Sequence[Trade]) -> TradeMetrics:
    """Metrics of trades in the order of their closing."""
    nets = [trade.net for trade in trades]
    outcomes = [trade.outcome for trade in trades]
    wins, losses = outcomes.count(TradeOutcome.WIN), outcomes.count(TradeOutcome.LOSS)
    winning, losing = [net for net in nets if net > 0], [net for net in nets if net < 0]
    multiples = [trade.r for trade in trades]
    efficiencies = [efficiency(trade) for trade in trades]
    return TradeMetrics(
        trades=len(trades),
        wins=wins,
        losses=losses,
        scratches=len(trades) - wins - losses,
        net=sum(nets, ZERO),
        gross=sum((trade.gross for trade in trades), ZERO),
        commission=sum((trade.commission for trade in trades), ZERO),
        win_rate=win_rate(outcomes),
        win_rate_interval=wilson_interval(wins, len(trades)),
        win_rate_without_scratches=win_rate_without_scratches(outcomes),
        break_even_win_rate=break_even_win_rate(nets),
        profit_factor=profit_factor(nets),
        payoff=payoff(nets),
        expectancy=expectancy(nets),
        standard_deviation=standard_deviation(nets),
        average_win=expectancy(winning, "no wins yet"),
        average_loss=expectancy(losing, "no losses yet"),
        largest_win=Statistic(max(winning), len(winning)) if winning else missing(0, "no wins yet"),
        largest_loss=Statistic(min(losing), len(losing)) if losing else missing(0, "no losses yet"),
        mean_r=mean_of(multiples, "initial risk"),
        sqn=sqn([multiple for multiple in multiples if multiple is not None]),
        max_consecutive_wins=longest_run(outcomes, TradeOutcome.WIN),
        max_consecutive_losses=longest_run(outcomes, TradeOutcome.LOSS),
        mean_mae=mean_of((trade.mae for trade in trades), "measured excursion"),
        mean_mfe=mean_of((trade.mfe for trade in trades), "measured excursion"),
        mean_give_back=mean_of((give_back(trade) for trade in trades), "measured excursion"),
        mean_capture=mean_of((capture(trade) for trade in trades), "favourable excursion"),
        mean_entry_efficiency=mean_of((e.entry if e else None for e in efficiencies), "measured range"),
        mean_exit_efficiency=mean_of((e.exit if e else None for e in efficiencies), "measured range"),
        mean_total_efficiency=mean_of((e.total if e else None for e in efficiencies), "measured range"),
        mean_hold_seconds=mean_of((Decimal(str(t.held_for.total_seconds())) for t in trades), "closed trade"),
    )


def win_rate(outcomes: Sequence[TradeOutcome]) -> Statistic:
    """Wins over all trades, scratches included (0 to 1)."""
    if not outcomes:
        return missing(0, NO_TRADES)
    return Statistic(Decimal(outcomes.count(TradeOutcome.WIN)) / len(outcomes), len(outcomes))


def win_rate_without_scratches(outcomes: Sequence[TradeOutcome]) -> Statistic:
    return win_rate([outcome for outcome in outcomes if outcome is not TradeOutcome.SCRATCH])


def wilson_interval(successes: int, n: int, z: float = Z_95) -> Interval:
    """Score interval of a share (Wilson 1927); its lower end ranks small samples fairly."""
    if not n:
        return Interval(None, None, 0, NO_TRADES)
    share, z2 = successes / n, z * z
    centre = share + z2 / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    scale = 1 + z2 / n
    return Interval(max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale), n)


def profit_factor(nets: Sequence[Decimal]) -> Statistic:
    """Sum of profits over the sum of losses."""
    if not nets:
        return missing(0, NO_TRADES)
    lost = -sum((net for net in nets if net < 0), ZERO)
    if not lost:
        return missing(len(nets), "no losses yet")
    return Statistic(sum((net for net in nets if net > 0), ZERO) / lost, len(nets))


def payoff(nets: Sequence[Decimal]) -> Statistic:
    """Mean profit over mean loss."""
    won, lost = [net for net in nets if net > 0], [net for net in nets if net < 0]
    if not nets:
        return missing(0, NO_TRADES)
    if not won or not lost:
        return missing(len(nets), "no losses yet" if won else "no wins yet")
    return Statistic((sum(won, ZERO) / len(won)) / (-sum(lost, ZERO) / len(lost)), len(nets))


def break_even_win_rate(nets: Sequence[Decimal]) -> Statistic:
    """The win rate at which this payoff makes nothing: belongs beside every win rate."""
    ratio = payoff(nets)
    if not isinstance(ratio.value, Decimal):
        return missing(ratio.n, ratio.reason)
    return Statistic(1 / (1 + ratio.value), ratio.n)


def expectancy(nets: Sequence[Decimal], empty: str = NO_TRADES) -> Statistic:
    """Mean net result of a trade."""
    return Statistic(sum(nets, ZERO) / len(nets), len(nets)) if nets else missing(0, empty)


def standard_deviation(values: Sequence[Decimal]) -> Statistic:
    """Sample standard deviation (n - 1); None below two values."""
    n = len(values)
    if n < 2:
        return missing(n, f"needs 2 trades, has {n}")
    mean = sum(values, ZERO) / n
    return Statistic((sum(((value - mean) ** 2 for value in values), ZERO) / (n - 1)).sqrt(), n)


def sqn(multiples: Sequence[Decimal]) -> Statistic:
    """System quality number: square root of n (at most 100) times mean R over its standard deviation (Tharp)."""
    n = len(multiples)
    deviation = standard_deviation(multiples)
    if not isinstance(deviation.value, Decimal):
        return missing(n, f"needs 2 trades with an initial risk, has {n}")
    mean = sum(multiples, ZERO) / n
    if deviation.value < Decimal("1e-12") * max(Decimal(1), abs(mean)):
        return missing(n, "all results are equal")
    return Statistic(Decimal(min(n, SQN_CAP)).sqrt() * mean / deviation.value, n)


def longest_run(outcomes: Sequence[TradeOutcome], wanted: TradeOutcome) -> Statistic:
    """Longest row of one outcome; every other one, a scratch too, ends it."""
    longest = current = 0
    for outcome in outcomes:
        current = current + 1 if outcome is wanted else 0
        longest = max(longest, current)
    return Statistic(Decimal(longest), len(outcomes))


@dataclass(frozen=True, slots=True)
class PlannedEdge:
    """What an alert promises before it is taken: risk in US dollars, target in R, the win rate it needs."""

    risk: Decimal
    reward: Decimal
    r_at_target: Decimal
    break_even_win_rate: Decimal


def planned_edge(entry: Decimal, target: Decimal, stop: Decimal, point_value: Decimal, qty: int) -> PlannedEdge | None:
    """The plan of an alert in figures, before costs; None when target and stop do not enclose the entry."""
    if (target - entry) * (stop - entry) >= 0:
        return None
    reward = abs(target - entry) * point_value * qty
    risk = abs(entry - stop) * point_value * qty
    return PlannedEdge(risk, reward, reward / risk, risk / (risk + reward))


def small_sample_words(n: int, enough: int = 20) -> str:
    """The sentence beside a ranking of few trades; empty when there are enough."""
    return f"Based on {plural(n, 'trade')}: too few to rank." if n < enough else ""
