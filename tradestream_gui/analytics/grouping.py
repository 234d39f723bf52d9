"""Closed trades by analyst, channel, symbol, asset class, hour and period; every trade falls in exactly one group."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from enum import Enum

from tradestream_gui.analytics.metrics import TradeMetrics, trade_metrics
from tradestream_gui.analytics.statistic import Statistic, missing
from tradestream_gui.analytics.trades import Trade
from tradestream_gui.domain.money import ZERO

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class GroupBy(Enum):
    ANALYST = "analyst"
    CHANNEL = "channel"
    SYMBOL = "symbol"
    ASSET_CLASS = "asset class"
    ACCOUNT = "account"
    SIDE = "side"
    HOUR = "hour"
    """Hour of the entry in the trader's zone."""
    WEEKDAY = "weekday"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Group:
    """One group; groups of periods come in their order, others by net result, best first."""

    label: str
    trades: tuple[Trade, ...]
    metrics: TradeMetrics
    partial: bool = False
    """True for a period that still runs."""


@dataclass(frozen=True, slots=True)
class DayStatistics:
    """How days went: figures over trade dates with at least one closed trade."""

    days: int
    best: tuple[date, Decimal] | None
    worst: tuple[date, Decimal] | None
    green: Statistic
    """Share of days with a profit."""
    consistency: Statistic
    """The best day's share of the whole profit, as funded accounts judge it."""


def group_trades(trades: Sequence[Trade], by: GroupBy, zone: tzinfo, today: date | None = None) -> tuple[Group, ...]:
    """The groups; `zone` is the trader's, `today` marks the period that still runs as partial."""
    members: dict[tuple[int, str], list[Trade]] = {}
    key_of = _keys(zone)[by]
    for trade in trades:
        members.setdefault(key_of(trade), []).append(trade)
    running = _period_label(by, today) if today else None
    groups = [
        (key, Group(key[1], tuple(each), trade_metrics(each), key[1] == running)) for key, each in members.items()
    ]
    if by in _ORDERED:
        return tuple(group for _, group in sorted(groups, key=lambda pair: pair[0]))
    return tuple(group for _, group in sorted(groups, key=lambda pair: (-pair[1].metrics.net, pair[0])))


def net_by_day(trades: Sequence[Trade]) -> dict[date, Decimal]:
    """Net result per trade date of the last exit."""
    days: dict[date, Decimal] = {}
    for trade in trades:
        days[trade.trade_date] = days.get(trade.trade_date, ZERO) + trade.net
    return days


def day_statistics(net_of_day: Mapping[date, Decimal]) -> DayStatistics:
    days = len(net_of_day)
    if not days:
        none = missing(0, "0 days")
        return DayStatistics(0, None, None, none, none)
    best = max(net_of_day.items(), key=lambda item: item[1])
    worst = min(net_of_day.items(), key=lambda item: item[1])
    total = sum(net_of_day.values(), ZERO)
    green = Decimal(sum(1 for net in net_of_day.values() if net > 0)) / days
    share = Statistic(best[1] / total, days) if total > 0 else missing(days, "no profit over all days")
    return DayStatistics(days, best, worst, Statistic(green, days), share)


_ORDERED = frozenset({GroupBy.HOUR, GroupBy.WEEKDAY, GroupBy.DAY, GroupBy.WEEK, GroupBy.MONTH})
_Key = Callable[[Trade], tuple[int, str]]


def _keys(zone: tzinfo) -> Mapping[GroupBy, _Key]:
    def period(by: GroupBy) -> _Key:
        return lambda trade: (0, _period_label(by, trade.trade_date))

    def hour(trade: Trade) -> tuple[int, str]:
        number = trade.opened_at.astimezone(zone).hour
        return number, f"{number:02}:00"

    return {
        GroupBy.ANALYST: lambda trade: (0, trade.analyst),
        GroupBy.CHANNEL: lambda trade: (0, trade.channel),
        GroupBy.SYMBOL: lambda trade: (0, trade.root),
        GroupBy.ASSET_CLASS: lambda trade: (0, trade.asset_class.value),
        GroupBy.ACCOUNT: lambda trade: (0, trade.account_id),
        GroupBy.SIDE: lambda trade: (0, "long" if trade.side.sign > 0 else "short"),
        GroupBy.HOUR: hour,
        GroupBy.WEEKDAY: lambda trade: (trade.trade_date.weekday(), WEEKDAYS[trade.trade_date.weekday()]),
        GroupBy.DAY: period(GroupBy.DAY),
        GroupBy.WEEK: period(GroupBy.WEEK),
        GroupBy.MONTH: period(GroupBy.MONTH),
    }


def _period_label(by: GroupBy, day: date) -> str:
    """`2026-09-15`, `2026-W38` or `2026-09`; empty for groups that are no period."""
    if by is GroupBy.DAY:
        return day.isoformat()
    if by is GroupBy.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{day:%Y-%m}" if by is GroupBy.MONTH else ""
