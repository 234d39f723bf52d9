"""The equity curve and what it says: daily returns, Sharpe, Sortino and drawdowns with their durations."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from tradestream_gui.analytics.statistic import Statistic, missing, plural
from tradestream_gui.domain.money import ZERO

DAYS_PER_YEAR = 252
ENOUGH_DAYS = 20
"""Fewer daily observations are not annualised."""
NO_VARIATION = 1e-12
"""A deviation below this share of max(1, mean) counts as none."""

TradingDays = Callable[[date, date], Sequence[date]]
"""All trade dates from the first to the last, both included."""


@dataclass(frozen=True, slots=True)
class EquityPoint:
    """Equity in US dollars after a fill or at a sample; `open_pnl` is the marked part, zero when flat."""

    at: datetime
    equity: Decimal
    open_pnl: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class DailyResult:
    """One trade date: net profit over the equity at the previous close."""

    day: date
    net: Decimal
    opening_equity: Decimal

    @property
    def rate(self) -> float:
        return float(self.net / self.opening_equity)


@dataclass(frozen=True, slots=True)
class Drawdown:
    """A fall from a peak: indices into the curve, `depth` below zero as a share of the peak, `money` above zero.

    `recovery` is None while the peak has not been reached again; `depth` is None where the peak was not positive.
    """

    peak: int
    trough: int
    recovery: int | None
    end: int
    """Index of the recovery, else of the last point."""
    depth: float | None
    money: Decimal

    @property
    def points_under_water(self) -> int:
        return self.end - self.peak


@dataclass(frozen=True, slots=True)
class EquityMetrics:
    """The figures of one curve. Durations run from the peak of the deepest fall."""

    daily: tuple[DailyResult, ...]
    sharpe: Statistic
    sharpe_error: Statistic
    sortino: Statistic
    max_drawdown: Statistic
    max_drawdown_money: Statistic
    to_trough: timedelta | None
    under_water: timedelta | None
    recovered: bool

    @property
    def duration_words(self) -> str:
        """ "3 days to the trough, 8 days to recover", or "5 days, not recovered"."""
        if self.to_trough is None or self.under_water is None:
            return "no drawdown"
        if not self.recovered:
            return f"{_days(self.under_water)}, not recovered"
        return f"{_days(self.to_trough)} to the trough, {_days(self.under_water)} to recover"


def weekdays_between(first: date, last: date) -> tuple[date, ...]:
    """Monday to Friday: the trade dates where no session table says otherwise."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return tuple(day for day in days if day.weekday() < 5)


def curve(start_at: datetime, start_equity: Decimal, steps: Sequence[tuple[datetime, Decimal]]) -> list[EquityPoint]:
    """Equity after each realised step (moment, net US dollars), the start first so that a first loss counts."""
    points, equity = [EquityPoint(start_at, start_equity)], start_equity
    for at, net in steps:
        equity += net
        points.append(EquityPoint(at, equity))
    return points


def daily_results(
    start_equity: Decimal, net_by_day: Mapping[date, Decimal], trading_days: TradingDays
) -> tuple[DailyResult, ...]:
    """One result per trade date from the first active day to the last; idle days between count as zero.

    Ends before a day that would open with no equity left: no return is defined there.
    """
    if not net_by_day:
        return ()
    every = sorted({*net_by_day, *trading_days(min(net_by_day), max(net_by_day))})
    results, equity = [], start_equity
    for day in every:
        if equity <= 0:
            break
        net = net_by_day.get(day, ZERO)
        results.append(DailyResult(day, net, equity))
        equity += net
    return tuple(results)


def sharpe(returns: Sequence[float], periods: int = DAYS_PER_YEAR, risk_free: float = 0.0) -> Statistic:
    """Mean over standard deviation (n - 1) of the returns above `risk_free` per period, times root of `periods`."""
    n = len(returns)
    if n < 2:
        return missing(n, f"needs 2 days, has {n}")
    excess = [value - risk_free for value in returns]
    mean = math.fsum(excess) / n
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in excess) / (n - 1))
    if deviation < NO_VARIATION * max(1.0, abs(mean)):
        return missing(n, "all days are equal")
    return Statistic(mean / deviation * math.sqrt(periods), n)


def sharpe_error(returns: Sequence[float], periods: int = DAYS_PER_YEAR) -> Statistic:
    """Standard error of the Sharpe ratio for independent returns (Lo 2002)."""
    per_day = sharpe(returns, 1)
    if per_day.value is None:
        return per_day
    return Statistic(math.sqrt((1 + float(per_day.value) ** 2 / 2) / per_day.n * periods), per_day.n)


def sortino(returns: Sequence[float], periods: int = DAYS_PER_YEAR, target: float = 0.0) -> Statistic:
    """Mean above `target` over the root mean square of the shortfalls, taken over all n (Sortino and Price 1994)."""
    n = len(returns)
    if n < 2:
        return missing(n, f"needs 2 days, has {n}")
    short = math.sqrt(math.fsum(min(value - target, 0.0) ** 2 for value in returns) / n)
    if short < NO_VARIATION:
        return missing(n, "no day below the target")
    return Statistic((math.fsum(returns) / n - target) / short * math.sqrt(periods), n)


def drawdowns(equity: Sequence[Decimal]) -> tuple[Drawdown, ...]:
    """Every fall from a running peak, in order; equal peaks do not interrupt one."""
    found: list[Drawdown] = []
    peak = trough = 0
    for index, value in enumerate(equity):
        if value >= equity[peak]:
            if trough > peak:
                found.append(_drawdown(equity, peak, trough, index))
            peak = trough = index
        elif value < equity[trough] or trough == peak:
            trough = index
    if trough > peak:
        found.append(_drawdown(equity, peak, trough, None))
    return tuple(found)


def max_drawdown(equity: Sequence[Decimal]) -> Drawdown | None:
    """The deepest fall as a share of its peak (in money where no peak was positive); None when there was none."""
    return min(
        drawdowns(equity), key=lambda fall: (fall.depth if fall.depth is not None else 0.0, -fall.money), default=None
    )


def compounded(returns: Sequence[float]) -> list[Decimal]:
    """The curve of one dollar through these returns, the start included."""
    value, points = Decimal(1), [Decimal(1)]
    for rate in returns:
        value *= 1 + Decimal(str(rate))
        points.append(value)
    return points


def equity_metrics(
    points: Sequence[EquityPoint],
    net_by_day: Mapping[date, Decimal],
    start_equity: Decimal | None,
    trading_days: TradingDays = weekdays_between,
) -> EquityMetrics:
    """All figures of a curve; ratios of equity need the balance that it started with."""
    known = start_equity is not None and start_equity > 0
    daily = daily_results(start_equity, net_by_day, trading_days) if known and start_equity is not None else ()
    rates = [result.rate for result in daily]
    values = [point.equity for point in points]
    fall = max_drawdown(values)
    money = max((each.money for each in drawdowns(values)), default=ZERO)
    samples = len(points)
    unknown = "the starting balance is not known"
    return EquityMetrics(
        daily=daily,
        sharpe=_by_year(rates, sharpe) if known else missing(0, unknown),
        sharpe_error=_by_year(rates, sharpe_error) if known else missing(0, unknown),
        sortino=_by_year(rates, sortino) if known else missing(0, unknown),
        max_drawdown=_depth(fall, samples) if known else missing(samples, unknown),
        max_drawdown_money=Statistic(money, samples) if samples > 1 else missing(samples, "no fills yet"),
        to_trough=points[fall.trough].at - points[fall.peak].at if fall else None,
        under_water=points[fall.end].at - points[fall.peak].at if fall else None,
        recovered=fall is None or fall.recovery is not None,
    )


def _by_year(rates: Sequence[float], ratio: Callable[[Sequence[float], int], Statistic]) -> Statistic:
    if len(rates) >= ENOUGH_DAYS:
        return ratio(rates, DAYS_PER_YEAR)
    seen = ratio(rates, 1)
    if seen.value is None:
        return seen
    words = f"per day: {plural(seen.n, 'day')} of {ENOUGH_DAYS} needed for a year's figure"
    return Statistic(seen.value, seen.n, words)


def _depth(fall: Drawdown | None, samples: int) -> Statistic:
    if samples < 2:
        return missing(samples, "no fills yet")
    if fall is None:
        return Statistic(0.0, samples)
    return Statistic(fall.depth, samples) if fall.depth is not None else missing(samples, "equity was not positive")


def _drawdown(equity: Sequence[Decimal], peak: int, trough: int, recovery: int | None) -> Drawdown:
    top, bottom = equity[peak], equity[trough]
    end = len(equity) - 1 if recovery is None else recovery
    return Drawdown(peak, trough, recovery, end, float(bottom / top - 1) if top > 0 else None, top - bottom)


def _days(length: timedelta) -> str:
    if length < timedelta(days=1):
        return plural(round(length.total_seconds() / 60), "minute")
    return plural(length.days, "day")
