"""What a chart shows besides bars: position, stop, targets and orders as lines, fills as markers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Fill, Side
from tradestream_gui.domain.positions import Lot
from tradestream_gui.ui.charts.chart_data import LineKind, Marker, MarkerKind, PriceLine
from tradestream_gui.ui.docks.chart.price_alerts import alert_lines
from tradestream_gui.ui.docks.ladder.scene import own_marks
from tradestream_gui.ui.format import price_text, profit_text
from tradestream_gui.ui.freshness import seen
from tradestream_gui.ui.models.ladder_rows import MarkKind, OwnMark
from tradestream_gui.ui.shell.plain import one_line

if TYPE_CHECKING:
    from tradestream_gui.core import Core

MAX_MARKERS = 400
"""The newest that are drawn; more would hide the bars."""


@dataclass(frozen=True, slots=True)
class LinedMark:
    """A line and the order or exit that it stands for; None for a position's average and for a price alert."""

    line: PriceLine
    mark: OwnMark | None


def chart_lines(core: Core, instrument: Instrument) -> list[LinedMark]:
    """Of every account: the open lots' average, stop and targets, and entries that wait; and the price alerts."""
    found: list[LinedMark] = []
    accounts = core.accounts.accounts()
    for account in accounts:
        lots = core.lots.open_lots(account.account_id, instrument.instrument_id)
        tail = f" · {one_line(account.name, 12)}" if len(accounts) > 1 else ""
        found.extend(line for lot in lots if (line := _position_line(core, lot, instrument, tail)) is not None)
        found.extend(_mark_line(mark, tail) for mark in own_marks(core, account.account_id, instrument))
    return found + [LinedMark(line, None) for line in alert_lines(core, instrument)]


def _position_line(core: Core, lot: Lot, instrument: Instrument, tail: str) -> LinedMark | None:
    if lot.avg_entry is None:
        return None
    held = "LONG" if lot.side is Side.BUY else "SHORT"
    result = profit_text(lot.unrealized_pnl(seen(core, instrument).quote, instrument))
    label = f"{held} {lot.open_qty} {one_line(lot.origin.label, 14)} {result}{tail}"
    line = PriceLine(f"lot:{lot.lot_id}", float(lot.avg_entry), LineKind.POSITION, label, draggable=True)
    return LinedMark(line, None)


def _mark_line(mark: OwnMark, tail: str) -> LinedMark:
    waiting = "… " if mark.is_pending else ""
    if mark.kind is MarkKind.STOP:
        line_id, kind, label = f"stop:{mark.key}", LineKind.STOP, f"{waiting}STOP {mark.qty}"
    elif mark.kind is MarkKind.TARGET:
        line_id, kind = f"target:{mark.number}:{mark.key}", LineKind.TARGET
        label = f"{waiting}{mark.word} {mark.qty}"
    else:
        kind = LineKind.BUY_ORDER if mark.side is Side.BUY else LineKind.SELL_ORDER
        line_id, label = f"order:{mark.key}", f"{waiting}{mark.side.value} {mark.qty} {mark.word}"
    return LinedMark(PriceLine(line_id, float(mark.price), kind, f"{label}{tail}", draggable=True), mark)


def earlier_fills(core: Core, instrument: Instrument) -> list[Marker]:
    """Orders of this instrument that had filled before the chart began to listen, one marker each."""
    return [
        _fill_marker(f"order:{order.cl_ord_id}", order.side, order.cum_qty, order.avg_px, order.updated_at, instrument)
        for order in core.blotter.orders()
        if order.instrument_id == instrument.instrument_id and order.cum_qty
    ]


def fill_marker(fill: Fill, instrument: Instrument) -> Marker:
    return _fill_marker(f"order:{fill.cl_ord_id}", fill.side, fill.last_qty, fill.last_px, fill.at, instrument)


def _fill_marker(key: str, side: Side, qty: int, price: Decimal | None, at: datetime, instrument: Instrument) -> Marker:
    kind = MarkerKind.BUY_FILL if side is Side.BUY else MarkerKind.SELL_FILL
    verb = "Bought" if side is Side.BUY else "Sold"
    words = f"{verb} {qty} at {price_text(price, instrument)}\n{at.astimezone(UTC):%H:%M:%S} UTC"
    return Marker(key, int(at.timestamp()), float(price or 0), kind, words)


def newest(markers: Iterable[Marker]) -> list[Marker]:
    return sorted(markers, key=lambda marker: marker.time)[-MAX_MARKERS:]
