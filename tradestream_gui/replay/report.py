"""A replay's result as plain JSON values: exact decimals as text, ISO times, null with a reason where unmeasured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from tradestream_gui.analytics.trades import Trade
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.money import ZERO, plain_text, to_cents
from tradestream_gui.domain.orders import Fill, Order
from tradestream_gui.replay.results import DryRun, MessageResult, OpenLot, ReplayResult

JsonValue: TypeAlias = "str | int | bool | Sequence[JsonValue] | Mapping[str, JsonValue] | None"

UNCALLED = "nobody has marked which entries were never called"
NO_BARS = "every fill was judged on single quotes and prints, so no bar could be read two ways"
NO_ALERTS = "no alerts"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was replayed and under which assumptions, for the report's head."""

    versions: Mapping[str, str]
    seed: int
    messages_file: str
    quotes_file: str
    quote_rows: int
    first_at: str
    last_at: str
    assumptions: tuple[str, ...]


def report_json(inputs: Inputs, result: ReplayResult) -> dict[str, JsonValue]:
    """The whole report; the same inputs give the same text."""
    return {
        "versions": dict(inputs.versions),
        "seed": inputs.seed,
        "inputs": {
            "messages": inputs.messages_file,
            "quotes": inputs.quotes_file,
            "quote_rows": inputs.quote_rows,
            "first_at": inputs.first_at,
            "last_at": inputs.last_at,
        },
        "assumptions": inputs.assumptions,
        "totals": _totals(result),
        "by_channel": [_dry_run(row) for row in result.by_channel],
        "by_analyst": [_dry_run(row) for row in result.by_analyst],
        "messages": [_message(each) for each in result.messages],
        "fills": [_fill(fill) for fill in result.fills],
        "trades": [_trade(trade) for trade in result.trades],
        "open_positions": [_open_lot(each) for each in result.open_lots],
        "warnings": result.notices,
    }


def _totals(result: ReplayResult) -> dict[str, JsonValue]:
    marks = [each.unrealized for each in result.open_lots]
    unrealized = None if None in marks else sum((mark for mark in marks if mark is not None), ZERO)
    paid = sum((fill.commission for fill in result.fills), ZERO)
    return {
        **_dry_run(result.total),
        "orders": len(result.orders),
        "fills": len(result.fills),
        "commission_of_all_fills": _money(paid),
        "open_positions": len(result.open_lots),
        "unrealized_pnl": None if unrealized is None else _money(unrealized),
        "unrealized_pnl_why": "an open position has no price" if unrealized is None else "",
        "ambiguous_bars": 0,
        "ambiguous_bars_why": NO_BARS,
    }


def _dry_run(row: DryRun) -> dict[str, JsonValue]:
    return {
        "name": row.name,
        "messages": row.messages,
        "alerts": row.alerts,
        **{outcome.name.lower(): row.outcomes.get(outcome, 0) for outcome in Outcome},
        "held_pct": None if row.held_pct is None else plain_text(round(row.held_pct, 1)),
        "held_pct_why": NO_ALERTS if row.held_pct is None else f"of {row.alerts} alerts",
        "uncalled": row.uncalled,
        "uncalled_why": UNCALLED if row.uncalled is None else "",
        "trades": row.trades,
        "wins": row.wins,
        "net_pnl": _money(row.net),
        "commission": _money(row.commission),
    }


def _message(each: MessageResult) -> dict[str, JsonValue]:
    message, decision = each.message, each.decision
    return {
        "id": message.message_key.rpartition(":")[2],
        "ts": message.sent_at.isoformat(),
        "channel": message.channel_name,
        "author": message.author_name,
        "outcome": decision.outcome.value if decision else None,
        "code": decision.code if decision else "",
        "words": decision.words if decision else "no decision was reached before the history ended",
        "orders": [_order(order) for order in each.orders],
        "fills": [fill.exec_id for fill in each.fills],
    }


def _order(order: Order) -> dict[str, JsonValue]:
    return {
        "cl_ord_id": order.cl_ord_id,
        "role": order.role.value,
        "instrument_id": order.instrument_id,
        "side": order.side.value,
        "ord_type": order.ord_type.value,
        "order_qty": order.order_qty,
        "limit_price": _price(order.limit_price),
        "stop_price": _price(order.stop_price),
        "ord_status": order.ord_status.value,
        "cum_qty": order.cum_qty,
        "avg_px": _price(order.avg_px),
        "reason": order.reason,
    }


def _fill(fill: Fill) -> dict[str, JsonValue]:
    return {
        "exec_id": fill.exec_id,
        "at": fill.at.isoformat(),
        "cl_ord_id": fill.cl_ord_id,
        "lot_id": fill.lot_id,
        "instrument_id": fill.instrument_id,
        "side": fill.side.value,
        "last_qty": fill.last_qty,
        "last_px": plain_text(fill.last_px),
        "commission": _money(fill.commission),
    }


def _trade(trade: Trade) -> dict[str, JsonValue]:
    return {
        "lot_id": trade.lot_id,
        "message_id": (trade.origin.message_key or "").rpartition(":")[2],
        "analyst": trade.analyst,
        "channel": trade.channel,
        "instrument_id": trade.instrument_id,
        "side": "long" if trade.side.sign > 0 else "short",
        "qty": trade.qty,
        "opened_at": trade.opened_at.isoformat(),
        "closed_at": trade.closed_at.isoformat(),
        "avg_entry": plain_text(trade.avg_entry),
        "avg_exit": plain_text(trade.avg_exit),
        "gross_pnl": _money(trade.gross),
        "commission": _money(trade.commission),
        "net_pnl": _money(trade.net),
        "outcome": trade.outcome.value,
        "assumed": trade.assumed,
    }


def _open_lot(each: OpenLot) -> dict[str, JsonValue]:
    lot = each.lot
    return {
        "lot_id": lot.lot_id,
        "analyst": lot.origin.label,
        "instrument_id": lot.instrument_id,
        "signed_qty": lot.signed_qty,
        "avg_entry": _price(lot.avg_entry),
        "unrealized_pnl": None if each.unrealized is None else _money(each.unrealized),
    }


def _price(price: Decimal | None) -> str | None:
    return None if price is None else plain_text(price)


def _money(amount: Decimal) -> str:
    """US dollars with two decimals, more only where the amount has them."""
    cents = to_cents(amount)
    return format(cents, "f") if cents == amount else plain_text(amount)
