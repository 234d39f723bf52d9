"""The columns of the Portfolio tab's tables; every text is made here, once per change of a row."""

from collections.abc import Callable
from datetime import tzinfo
from decimal import Decimal

from tradestream_gui.domain.contract_names import contract_name, spoken_name
from tradestream_gui.domain.orders import Side
from tradestream_gui.ui.format import (
    NOTHING,
    ProfitUnit,
    money_text,
    number_text,
    price_text,
    time_text,
    times_tooltip,
)
from tradestream_gui.ui.freshness import Freshness
from tradestream_gui.ui.models.columns import Align, Column
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.shell.tone import Tone, profit_tone
from tradestream_gui.ui.tabs.portfolio.rows import EXTERNAL, PositionRow, RowKind

Zone = Callable[[], tzinfo]
"""Asked when a text is made: the zone is a setting and may change."""
PROFIT_KEY = "pnl"
UNIT_HELP = "Click a cell for points, ticks, percent, R and back to dollars."


def position_columns(zone: Zone, unit: Callable[[], ProfitUnit]) -> list[Column[PositionRow]]:
    """What is decided by comes first, so that it is seen without scrolling in a narrow window."""
    return [
        Column(
            key="instrument", title="Instrument", text=lambda row: contract_name(row.instrument), width=168,
            elastic=1, whole=True, strong=True, tooltip=_instrument_tip,
            accessible=lambda row: spoken_name(row.instrument),
        ),
        Column(
            key="side", title="Side", text=lambda row: "Long" if row.side is Side.BUY else "Short", width=52,
            tone=lambda row: side_tone(row.side),
        ),
        _number("qty", "Qty", lambda row: number_text(row.qty), lambda row: row.qty, 44),
        _number("avg", "Avg", lambda row: price_text(row.avg, row.instrument), lambda row: row.avg, 78, spare=2),
        Column(
            key="last", title="Last", text=_last_text, width=84, spare=1, align=Align.RIGHT,
            sort_key=lambda row: row.market.last,
            tone=lambda row: Tone.STALE if row.market.is_stale else None, flash=True,
            icon=lambda row: "clock" if row.market.is_stale else None, tooltip=lambda row: row.market.words,
        ),
        Column(
            key=PROFIT_KEY, title="P&L $", text=lambda row: row.profit_words(unit()), width=104, align=Align.RIGHT,
            sort_key=lambda row: row.profit(unit()), tone=lambda row: profit_tone(row.money), strong=True,
            tooltip=_profit_tip, accessible=_spoken_profit, header_tooltip=UNIT_HELP,
        ),
        _number("stop", "Stop", _stop_text, lambda row: row.stop, 78, lambda row: row.stop_note),
        _number("target", "Target", _target_text, _first_target, 80, _target_tip, 3),
        _unit("r", "R", ProfitUnit.R, 60, lambda row: row.r_note, 4),
        _unit("points", "P&L pts", ProfitUnit.POINTS, 86, lambda row: "", 6),
        _unit("percent", "P&L %", ProfitUnit.PERCENT, 84, lambda row: "Of the value at entry.", 7),
        _excursion("mae", "MAE", lambda row: row.mae, "The worst that this lot has stood, in dollars."),
        _excursion("mfe", "MFE", lambda row: row.mfe, "The best that this lot has stood, in dollars."),
        Column(
            key="analyst", title="Analyst", text=_analyst_text, width=88, spare=5,
            tone=lambda row: Tone.WARN if row.kind is RowKind.EXTERNAL else None, tooltip=_analyst_tip,
        ),
        Column(key="account", title="Account", text=lambda row: one_line(row.account), width=92, spare=8),
        Column(
            key="opened", title="Opened", text=lambda row: time_text(row.opened_at, zone()), width=80,
            spare=10, align=Align.RIGHT, sort_key=lambda row: row.opened_at,
            tooltip=lambda row: times_tooltip(row.opened_at, zone()),
        ),
    ]  # fmt: skip


def side_tone(side: Side) -> Tone:
    return Tone.BUY if side is Side.BUY else Tone.SELL


def _number(
    key: str,
    title: str,
    text: Callable[[PositionRow], str],
    order: Callable[[PositionRow], Decimal | int | None],
    width: int,
    tip: Callable[[PositionRow], str] | None = None,
    spare: int = 0,
) -> Column[PositionRow]:
    return Column(
        key=key, title=title, text=text, width=width, align=Align.RIGHT, sort_key=order, tooltip=tip, spare=spare
    )


def _unit(
    key: str, title: str, unit: ProfitUnit, width: int, reason: Callable[[PositionRow], str], spare: int
) -> Column[PositionRow]:
    return Column(
        key=key, title=title, text=lambda row: row.profit_words(unit).replace("▲ ", "").replace("▼ ", ""),
        width=width, align=Align.RIGHT, sort_key=lambda row: row.profit(unit),
        tone=lambda row: profit_tone(row.profit(unit)), tooltip=reason, spare=spare,
    )  # fmt: skip


def _excursion(
    key: str, title: str, value: Callable[[PositionRow], Decimal | None], help_text: str
) -> Column[PositionRow]:
    return Column(
        key=key, title=title, text=lambda row: money_text(value(row), sign=True), width=84, align=Align.RIGHT,
        sort_key=value, tone=lambda row: Tone.MUTED if value(row) is None else None,
        tooltip=lambda row: row.excursion_note, header_tooltip=help_text, spare=9,
    )  # fmt: skip


def _instrument_tip(row: PositionRow) -> str:
    return f"{row.instrument.description or row.instrument.root}\n{row.instrument.instrument_id.strip()}"


def _last_text(row: PositionRow) -> str:
    if row.market.freshness in (Freshness.GONE, Freshness.NONE):
        return "—" if row.market.freshness is Freshness.GONE else NOTHING
    return price_text(row.market.last if row.market.last is not None else row.mark, row.instrument)


def _profit_tip(row: PositionRow) -> str:
    if row.kind is RowKind.EXTERNAL:
        return "Opened elsewhere: its entry is not known here, so its profit is not either."
    if row.money is None:
        return "No price to close at is known now."
    about = "\nThe price is old, so this is only about right." if row.market.is_stale else ""
    return f"Open profit before fees, at the price it could be closed at now ({_mark_text(row)}).{about}"


def _mark_text(row: PositionRow) -> str:
    side = "bid" if row.side is Side.BUY else "ask"
    return f"{side} {price_text(row.mark, row.instrument)}"


def _spoken_profit(row: PositionRow) -> str:
    if row.money is None:
        return "profit not known"
    return f"{'profit' if row.money >= 0 else 'loss'} {abs(row.money):.2f} dollars"


def _stop_text(row: PositionRow) -> str:
    if row.kind is RowKind.EXTERNAL:
        return NOTHING
    if row.kind is RowKind.LOT and row.stop is None:
        return "no stop"
    return price_text(row.stop, row.instrument)


def _first_target(row: PositionRow) -> Decimal | None:
    return row.targets[0] if row.targets else None


def _target_text(row: PositionRow) -> str:
    first = price_text(row.targets[0], row.instrument) if row.targets else NOTHING
    return f"{first} +{len(row.targets) - 1}" if len(row.targets) > 1 else first


def _target_tip(row: PositionRow) -> str:
    if row.targets:
        return "Targets: " + ", ".join(price_text(price, row.instrument) for price in row.targets)
    return "No target is left." if row.kind is RowKind.LOT else row.stop_note


def _analyst_text(row: PositionRow) -> str:
    if row.kind is RowKind.EXTERNAL:
        return EXTERNAL
    name = one_line(row.analyst)
    name = name.capitalize() if name in ("manual", "adopted") else name
    return f"{name} (assumed)" if row.assumed else name


def _analyst_tip(row: PositionRow) -> str:
    if row.kind is RowKind.EXTERNAL:
        return row.stop_note
    if row.assumed:
        return "A reduction that nobody attributed was booked to this lot."
    return f"From {row.analyst}"
