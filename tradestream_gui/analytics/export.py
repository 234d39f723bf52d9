"""Fills and trades as CSV: UTF-8, ISO times, exact decimals, and no cell that a spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from tradestream_gui.analytics.trades import Trade
from tradestream_gui.domain.money import CENT, plain_text
from tradestream_gui.domain.orders import Fill, Origin

FILL_COLUMNS = (
    "at",
    "account_id",
    "instrument_id",
    "lot_id",
    "cl_ord_id",
    "exec_id",
    "analyst",
    "channel",
    "side",
    "last_qty",
    "last_px",
    "commission",
)
TRADE_COLUMNS = (
    "lot_id",
    "run",
    "account_id",
    "trade_date",
    "instrument_id",
    "asset_class",
    "root",
    "analyst",
    "channel",
    "message_key",
    "side",
    "qty",
    "opened_at",
    "closed_at",
    "avg_entry",
    "avg_exit",
    "alert_price",
    "gross",
    "commission",
    "net",
    "initial_risk",
    "r",
    "mae",
    "mfe",
    "outcome",
    "assumed",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def fills_csv(fills: Iterable[tuple[Fill, Origin]]) -> bytes:
    """One row per execution, in the order given."""
    return csv_bytes(FILL_COLUMNS, (_fill_row(fill, origin) for fill, origin in fills))


def trades_csv(trades: Iterable[Trade]) -> bytes:
    """One row per closed trade, in the order given; what is not known is an empty cell."""
    return csv_bytes(TRADE_COLUMNS, map(_trade_row, trades))


def safe_text(text: str) -> str:
    """The text with a quote in front where a spreadsheet would run it as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def money_text(amount: Decimal | None) -> str:
    """Exact US dollars: two decimals, more only where the amount has them; empty for None."""
    if amount is None:
        return ""
    cents = amount.quantize(CENT)
    return format(cents, "f") if cents == amount else plain_text(amount)


def time_text(at: datetime) -> str:
    """ISO 8601 with offset, microseconds only where there are some."""
    return at.isoformat()


def _fill_row(fill: Fill, origin: Origin) -> list[str]:
    return [
        time_text(fill.at),
        *map(safe_text, (fill.account_id, fill.instrument_id, fill.lot_id, fill.cl_ord_id, fill.exec_id)),
        safe_text(origin.label),
        safe_text(origin.channel or origin.kind.value),
        fill.side.value,
        str(fill.last_qty),
        plain_text(fill.last_px),
        money_text(fill.commission),
    ]


def _trade_row(trade: Trade) -> list[str]:
    return [
        safe_text(trade.lot_id),
        str(trade.run),
        safe_text(trade.account_id),
        trade.trade_date.isoformat(),
        safe_text(trade.instrument_id),
        trade.asset_class.value,
        safe_text(trade.root),
        safe_text(trade.analyst),
        safe_text(trade.channel),
        safe_text(trade.origin.message_key or ""),
        "long" if trade.side.sign > 0 else "short",
        str(trade.qty),
        time_text(trade.opened_at),
        time_text(trade.closed_at),
        plain_text(trade.avg_entry),
        plain_text(trade.avg_exit),
        "" if trade.alert_price is None else plain_text(trade.alert_price),
        money_text(trade.gross),
        money_text(trade.commission),
        money_text(trade.net),
        money_text(trade.initial_risk),
        "" if trade.r is None else plain_text(trade.r),
        money_text(trade.mae),
        money_text(trade.mfe),
        trade.outcome.value,
        "yes" if trade.assumed else "no",
    ]


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A head and its rows; the cells are taken as they are."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")
