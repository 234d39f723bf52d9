"""All figures of one filter, put together from what the books hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tradestream_gui.analytics.equity import EquityMetrics, EquityPoint, TradingDays, equity_metrics
from tradestream_gui.analytics.execution import ExecutionSummary
from tradestream_gui.analytics.filters import Filter
from tradestream_gui.analytics.grouping import DayStatistics, day_statistics
from tradestream_gui.analytics.metrics import TradeMetrics, small_sample_words, trade_metrics
from tradestream_gui.analytics.trades import Trade

NO_TRADES_IN_PERIOD = "No closed trades in this period."


@dataclass(frozen=True, slots=True)
class Summary:
    """All figures of one filter. `words` is the empty state or the warning of a small sample, else empty.

    Open positions are left out of `metrics` and marked to market in `points`; `open_lots` counts them.
    """

    chosen: Filter
    trades: tuple[Trade, ...]
    metrics: TradeMetrics
    equity: EquityMetrics
    points: tuple[EquityPoint, ...]
    days: DayStatistics
    execution: ExecutionSummary
    open_lots: int
    words: str


def summary_of(
    chosen: Filter,
    trades: tuple[Trade, ...],
    *,
    points: Sequence[EquityPoint],
    nets: Mapping[date, Decimal],
    start: Decimal | None,
    trading_days: TradingDays,
    execution: ExecutionSummary,
    open_lots: int,
) -> Summary:
    """`nets` is US dollars by day, `start` the equity before the first fill, None where it is not known."""
    return Summary(
        chosen=chosen,
        trades=trades,
        metrics=trade_metrics(trades),
        equity=equity_metrics(points, nets, start, trading_days),
        points=tuple(points),
        days=day_statistics(nets),
        execution=execution,
        open_lots=open_lots,
        words=small_sample_words(len(trades)) if trades else NO_TRADES_IN_PERIOD,
    )
