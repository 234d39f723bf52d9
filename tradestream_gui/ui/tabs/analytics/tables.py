"""Columns of the Analytics tables: groups, league, trades, execution, missed alerts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from tradestream_gui.analytics.execution import ExecutionSummary
from tradestream_gui.analytics.grouping import Group
from tradestream_gui.analytics.league import LeagueRow
from tradestream_gui.analytics.missed import MissedAlert
from tradestream_gui.analytics.statistic import Statistic
from tradestream_gui.analytics.trades import Trade
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Side
from tradestream_gui.ui.format import NOTHING, age_text, money_text, price_text, profit_text, r_text, time_text
from tradestream_gui.ui.models.columns import Align, Column
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.shell.tone import Tone, profit_tone
from tradestream_gui.ui.tabs.analytics.texts import (
    decimal_of,
    dollars_text,
    interval_text,
    ms_text,
    multiple_text,
    plain_ratio,
    share_text,
    span_text,
    ticks_text,
    why,
)

RIGHT = Align.RIGHT
StatisticOf = Callable[[LeagueRow], Statistic]
Show = Callable[[Statistic], str]


@dataclass(frozen=True, slots=True)
class TradeRow:
    trade: Trade
    instrument: Instrument


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One measured figure of execution, with what it means."""

    title: str
    value: str
    n: int
    note: str


def group_columns(title: str) -> tuple[Column[Group], ...]:
    return (
        Column(key="label", title=title, text=_group_label, width=104, strong=True, elastic=1),
        Column(key="trades", title="Trades", text=lambda g: str(g.metrics.trades), width=52, align=RIGHT,
               sort_key=lambda g: g.metrics.trades),
        Column(key="net", title="Net P&L", text=lambda g: profit_text(g.metrics.net), width=100, align=RIGHT,
               tone=lambda g: profit_tone(g.metrics.net), sort_key=lambda g: g.metrics.net),
        Column(key="win", title="Win", text=lambda g: share_text(g.metrics.win_rate, 0), width=54, align=RIGHT,
               sort_key=lambda g: g.metrics.win_rate.value, tooltip=lambda g: why(g.metrics.win_rate)),
        Column(key="interval", title="95 %", text=lambda g: interval_text(g.metrics.win_rate_interval), width=68,
               align=RIGHT, tone=lambda g: Tone.MUTED, spare=3, header_tooltip="Wilson interval of the win rate"),
        Column(key="even", title="Even at", text=lambda g: share_text(g.metrics.break_even_win_rate, 0), width=58,
               align=RIGHT, tone=lambda g: Tone.MUTED, spare=4,
               tooltip=lambda g: why(g.metrics.break_even_win_rate),
               header_tooltip="Win rate at which this payoff makes nothing"),
        Column(key="factor", title="Factor", text=lambda g: plain_ratio(g.metrics.profit_factor), width=56,
               align=RIGHT, spare=2, sort_key=lambda g: g.metrics.profit_factor.value,
               tooltip=lambda g: why(g.metrics.profit_factor)),
        Column(key="expectancy", title="Per trade", text=lambda g: dollars_text(g.metrics.expectancy), width=96,
               align=RIGHT, spare=1, tone=lambda g: profit_tone(decimal_of(g.metrics.expectancy)),
               sort_key=lambda g: g.metrics.expectancy.value),
        Column(key="r", title="Mean R", text=lambda g: multiple_text(g.metrics.mean_r), width=74, align=RIGHT,
               sort_key=lambda g: g.metrics.mean_r.value, tooltip=lambda g: why(g.metrics.mean_r)),
        Column(key="mae", title="MAE", text=lambda g: money_text(decimal_of(g.metrics.mean_mae)), width=74,
               align=RIGHT, tone=lambda g: Tone.MUTED, spare=6, tooltip=lambda g: why(g.metrics.mean_mae)),
        Column(key="mfe", title="MFE", text=lambda g: money_text(decimal_of(g.metrics.mean_mfe)), width=74,
               align=RIGHT, tone=lambda g: Tone.MUTED, spare=6, tooltip=lambda g: why(g.metrics.mean_mfe)),
        Column(key="held", title="Held", text=lambda g: span_text(g.metrics.mean_hold_seconds), width=64, align=RIGHT,
               spare=5, sort_key=lambda g: g.metrics.mean_hold_seconds.value),
    )  # fmt: skip


def league_columns() -> tuple[Column[LeagueRow], ...]:
    def grey(row: LeagueRow) -> Tone | None:
        return Tone.MUTED if row.is_greyed else None

    def figure(
        key: str, title: str, of: StatisticOf, show: Show, width: int, tip: str, spare: int = 0
    ) -> Column[LeagueRow]:
        return Column(key=key, title=title, text=lambda row: show(of(row)), width=width, align=RIGHT, tone=grey,
                      sort_key=lambda row: of(row).value, tooltip=lambda row: why(of(row)),
                      header_tooltip=tip, spare=spare)  # fmt: skip

    return (
        Column(key="rank", title="#", text=lambda row: str(row.rank or NOTHING), width=34, align=RIGHT, tone=grey,
               sort_key=lambda row: row.rank),
        Column(key="analyst", title="Analyst", text=lambda row: one_line(row.analyst, 60), width=84, strong=True,
               elastic=1, tone=grey),
        Column(key="trades", title="Trades", text=lambda row: str(row.metrics.trades), width=52, align=RIGHT,
               tone=grey, sort_key=lambda row: row.metrics.trades),
        Column(key="net", title="Net P&L", text=lambda row: profit_text(row.metrics.net), width=98, align=RIGHT,
               tone=lambda row: grey(row) or profit_tone(row.metrics.net), sort_key=lambda row: row.metrics.net),
        figure("win", "Win", lambda row: row.metrics.win_rate, lambda s: share_text(s, 0), 50, "Share of trades won"),
        figure("edge", "P(edge)", lambda row: row.posterior.probability, lambda s: share_text(s, 0), 58,
               "Probability that the true mean is above zero, after shrinkage towards the field"),
        figure("shrunk", "Shrunk R", lambda row: row.posterior.mean, multiple_text, 72, "Mean R after shrinkage",
               5),
        figure("r", "Ours", lambda row: row.metrics.mean_r, multiple_text, 70, "Mean R as we traded it", 1),
        figure("obtainable", "Obtainable", lambda row: row.obtainable_r, multiple_text, 76,
               "Mean R as a follower could have had it, by the quotes recorded", 2),
        figure("claimed", "Claimed", lambda row: row.claimed_r, multiple_text, 70, "Mean R at the alert's own prices",
               4),
        figure("slip", "Slippage", lambda row: row.slippage_ticks, ticks_text, 74, "Our fills against the alert", 3),
        figure("tracked", "Tracked", lambda row: row.tracked, lambda s: share_text(s, 0), 58,
               "Share of alerts whose quotes were recorded", 6),
        Column(key="words", title="", text=lambda row: row.words, width=220, tone=lambda row: Tone.MUTED,
               spare=7, elastic=4),
    )  # fmt: skip


def trade_columns(zone: tzinfo) -> tuple[Column[TradeRow], ...]:
    return (
        Column(key="closed", title="Closed", text=lambda row: _closed(row.trade, zone), width=104,
               spare=1, sort_key=lambda row: row.trade.closed_at),
        Column(key="analyst", title="Analyst", text=lambda row: one_line(row.trade.analyst, 60), width=90,
               elastic=1),
        Column(key="contract", title="Contract", text=lambda row: contract_name(row.instrument), width=206,
               elastic=2),
        Column(key="side", title="Side", text=lambda row: _side(row.trade), width=56,
               tone=lambda row: Tone.BUY if row.trade.side is Side.BUY else Tone.SELL),
        Column(key="qty", title="Qty", text=lambda row: str(row.trade.qty), width=36, align=RIGHT,
               spare=2, sort_key=lambda row: row.trade.qty),
        Column(key="entry", title="Entry", text=lambda row: price_text(row.trade.avg_entry, row.instrument), width=78,
               align=RIGHT, spare=4),
        Column(key="exit", title="Exit", text=lambda row: price_text(row.trade.avg_exit, row.instrument), width=78,
               align=RIGHT, spare=4),
        Column(key="net", title="Net P&L", text=lambda row: profit_text(row.trade.net), width=96, align=RIGHT,
               tone=lambda row: profit_tone(row.trade.net), sort_key=lambda row: row.trade.net,
               tooltip=lambda row: f"Gross {money_text(row.trade.gross, sign=True)}, "
                                   f"fees {money_text(row.trade.commission)}"),
        Column(key="r", title="R", text=lambda row: r_text(row.trade.r), width=58, align=RIGHT,
               spare=3, sort_key=lambda row: row.trade.r,
               tooltip=lambda row: "" if row.trade.r is not None else "no stop was set at the entry"),
        Column(key="mae", title="MAE", text=lambda row: money_text(row.trade.mae), width=72, align=RIGHT,
               spare=6, tone=lambda row: Tone.MUTED, sort_key=lambda row: row.trade.mae),
        Column(key="mfe", title="MFE", text=lambda row: money_text(row.trade.mfe), width=72, align=RIGHT,
               spare=6, tone=lambda row: Tone.MUTED, sort_key=lambda row: row.trade.mfe),
        Column(key="held", title="Held", text=lambda row: age_text(row.trade.held_for), width=60, align=RIGHT,
               spare=5, sort_key=lambda row: row.trade.held_for),
        Column(key="channel", title="Channel", text=lambda row: one_line(row.trade.channel, 60), width=76, spare=7),
        Column(key="account", title="Account", text=lambda row: one_line(row.trade.account_id, 60), width=76,
               spare=7),
    )  # fmt: skip


def figure_columns() -> tuple[Column[FigureRow], ...]:
    return (
        Column(key="title", title="Figure", text=lambda row: row.title, width=256, elastic=1,
               tooltip=lambda row: row.note),
        Column(key="value", title="Value", text=lambda row: row.value, width=110, align=RIGHT, strong=True),
        Column(key="n", title="n", text=lambda row: str(row.n), width=44, align=RIGHT, tone=lambda row: Tone.MUTED),
        Column(key="note", title="", text=lambda row: row.note, width=240, tone=lambda row: Tone.MUTED,
               spare=1, elastic=1),
    )  # fmt: skip


def figure_rows(summary: ExecutionSummary) -> tuple[FigureRow, ...]:
    def row(title: str, statistic: Statistic, show: Show, meaning: str) -> FigureRow:
        return FigureRow(title, show(statistic), statistic.n, statistic.reason or meaning)

    return (
        row("Slippage against the alert", summary.alert_slippage_ticks, ticks_text, "mean; plus is a cost"),
        row("Paid for it", summary.alert_slippage_dollars, lambda s: money_text(decimal_of(s), sign=True), "in all"),
        row("Slippage against sending", summary.arrival_slippage_ticks, ticks_text, "mean, from the middle"),
        row("Cost of the delay", summary.latency_cost_ticks, ticks_text, "mean, message to sending"),
        row("Filled of what was ordered", summary.fill_rate, share_text, "by quantity"),
        row("Entries filled", summary.orders_filled, share_text, "at least one contract"),
        row("Entries cancelled or expired", summary.canceled, share_text, ""),
        row("Entries rejected", summary.rejected, share_text, "by the broker"),
        row("Sending to first fill, median", summary.time_to_fill_p50_ms, ms_text, ""),
        row("Sending to first fill, 95 %", summary.time_to_fill_p95_ms, ms_text, ""),
    )


def missed_columns(zone: tzinfo) -> tuple[Column[MissedAlert], ...]:
    return (
        Column(key="at", title="Time", text=lambda row: f"{row.at.astimezone(zone):%d %b} {time_text(row.at, zone)}",
               width=108, spare=1, sort_key=lambda row: row.at),
        Column(key="analyst", title="Analyst", text=lambda row: one_line(row.analyst, 60), width=72),
        Column(key="outcome", title="Outcome", text=lambda row: row.outcome.value, width=72,
               spare=2, tone=lambda row: Tone.WARN),
        Column(key="made", title="Would have made", text=lambda row: profit_text(row.would_have_made), width=132,
               align=RIGHT, tone=lambda row: profit_tone(row.would_have_made),
               sort_key=lambda row: row.would_have_made,
               tooltip=lambda row: row.worth.reason or "One contract, gross, by the quotes recorded after it.",
               header_tooltip="One contract followed to its first target or stop, else to the last quote, gross"),
        Column(key="why", title="Why", text=lambda row: one_line(row.words), width=250, elastic=3,
               tooltip=lambda row: f"{row.words}\n{row.code}"),
        Column(key="text", title="Alert", text=lambda row: one_line(row.text), width=190, elastic=2,
               spare=3, tone=lambda row: Tone.SECONDARY, tooltip=lambda row: row.text),
    )  # fmt: skip


def _group_label(group: Group) -> str:
    label = one_line(group.label, 60)
    return f"{label} (so far)" if group.partial else label


def _closed(trade: Trade, zone: tzinfo) -> str:
    return f"{trade.closed_at.astimezone(zone):%d %b} {time_text(trade.closed_at, zone)}"


def _side(trade: Trade) -> str:
    return "Long" if trade.side is Side.BUY else "Short"
