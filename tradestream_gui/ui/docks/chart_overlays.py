"""What a chart shows besides bars: position, stop, targets and orders as lines, fills and alerts as markers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Fill, Order, OrderRole, Side
from tradestream_gui.domain.positions import Lot
from tradestream_gui.ui.charts.chart_data import LineKind, Marker, MarkerKind, PriceLine, Shading
from tradestream_gui.ui.format import price_text
from tradestream_gui.ui.shell.plain import one_line

if TYPE_CHECKING:
    from tradestream_gui.core import Core

MAX_MARKERS = 400
"""The newest that are drawn; more would hide the bars."""
SHADED_DAYS = 30
_TYPE_WORDS = {"STOP_LIMIT": "STP-LMT", "TRAILING_STOP": "TRAIL", "LIMIT": "LMT", "STOP": "STP", "MARKET": "MKT"}
_NOT_DRAWN = (Outcome.IGNORED,)


def chart_lines(core: Core, instrument_id: InstrumentId) -> list[PriceLine]:
    """The open lots' average, stop and targets, and entries that wait in the market."""
    found: list[PriceLine] = []
    for lot in core.lots.open_lots(instrument_id=instrument_id):
        found.extend(_lot_lines(core, lot))
    for order in core.blotter.open_orders(role=OrderRole.ENTRY, instrument_id=instrument_id):
        line = _entry_line(order)
        if line is not None:
            found.append(line)
    return found


def _lot_lines(core: Core, lot: Lot) -> list[PriceLine]:
    found = []
    if lot.avg_entry is not None:
        held = "LONG" if lot.side is Side.BUY else "SHORT"
        label = f"{held} {lot.open_qty} {one_line(lot.origin.label, 14)}"
        found.append(PriceLine(f"lot:{lot.lot_id}", float(lot.avg_entry), LineKind.POSITION, label))
    plan = core.exits.plan(lot.lot_id)
    if plan is None:
        return found
    if plan.stop_price is not None:
        label = f"STOP {lot.open_qty}"
        found.append(PriceLine(f"stop:{lot.lot_id}", float(plan.stop_price), LineKind.STOP, label, draggable=True))
    for number, target in enumerate(plan.targets):
        if target.left_qty:
            key, label = f"target:{number}:{lot.lot_id}", f"T{number + 1} {target.left_qty}"
            found.append(PriceLine(key, float(target.price), LineKind.TARGET, label, draggable=True))
    return found


def _entry_line(order: Order) -> PriceLine | None:
    price = order.limit_price if order.limit_price is not None else order.stop_price
    if price is None:
        return None
    kind = LineKind.BUY_ORDER if order.side is Side.BUY else LineKind.SELL_ORDER
    label = f"{order.side.value} {order.leaves_qty} {_TYPE_WORDS[order.ord_type.value]}"
    return PriceLine(f"order:{order.cl_ord_id}", float(price), kind, label)


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


def alert_markers(core: Core, instrument_id: InstrumentId) -> list[Marker]:
    """Messages that spoke of this instrument; a click opens them."""
    found = []
    for message in core.alerts.messages():
        decision = core.alerts.decision(message.message_key)
        if decision is None or decision.instrument_id != instrument_id or decision.outcome in _NOT_DRAWN:
            continue
        words = f"{one_line(message.author_name, 40)}: {one_line(message.text, 160)}\n{decision.outcome.value}"
        at = int(message.received_at.timestamp())
        found.append(Marker(f"alert:{message.message_key}", at, 0.0, MarkerKind.ALERT, words))
    return found


def newest(markers: Iterable[Marker]) -> list[Marker]:
    return sorted(markers, key=lambda marker: marker.time)[-MAX_MARKERS:]


def closed_hours(core: Core, instrument: Instrument, first: datetime, last: datetime) -> list[Shading]:
    """The spans outside the regular hours, which the chart darkens; none where there is no such split."""
    hours = core.reference.calendar.hours(instrument)
    opens, closes = hours.regular_open, hours.regular_close
    if opens is None or closes is None:
        return []
    start = max(first, last - timedelta(days=SHADED_DAYS))
    day, until = start.astimezone(hours.zone).date(), last.astimezone(hours.zone).date() + timedelta(days=1)
    found, dark_from = [], start
    while day <= until:
        if hours.session_on(day) is not None:
            bright = datetime.combine(day, opens, tzinfo=hours.zone)
            if bright > dark_from:
                found.append(Shading(int(dark_from.timestamp()), int(bright.timestamp())))
            dark_from = max(datetime.combine(day, closes, tzinfo=hours.zone), start)
        day += timedelta(days=1)
    return found
