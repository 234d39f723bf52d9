"""The user's own price alerts on a chart: lines that are set, dragged and taken off where they stand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.price_alerts import PriceAlert
from tradestream_gui.ui.charts.chart_data import LineKind, MoveWords, PriceLine
from tradestream_gui.ui.format import price_text

if TYPE_CHECKING:
    from tradestream_gui.core import Core

PREFIX = "price-alert:"


def alert_lines(core: Core, instrument: Instrument) -> list[PriceLine]:
    """One draggable line for each alert that waits on this contract."""
    return [
        PriceLine(f"{PREFIX}{one.alert_id}", float(one.price), LineKind.ALERT, f"ALERT {one.side_word}", draggable=True)
        for one in core.price_alerts.alerts()
        if one.instrument_id == instrument.instrument_id
    ]


def is_alert_line(line_id: str) -> bool:
    return line_id.startswith(PREFIX)


def preview_move(core: Core, instrument: Instrument, price: Decimal) -> MoveWords:
    """In words: when it would be told from there."""
    last = core.board.last_price(instrument.instrument_id)
    if last is not None and last == price:
        return MoveWords(f"{contract_name(instrument)} trades there now.", "danger", may_go=False)
    side = "above" if last is None or price > last else "below"
    words = f"Told when {contract_name(instrument)} trades at or {side} {price_text(price, instrument)}"
    return MoveWords(words, "text", may_go=True)


def move_alert(core: Core, line_id: str, instrument: Instrument, price: Decimal) -> str:
    return _said(lambda: core.price_alerts.move(line_id.removeprefix(PREFIX), price), instrument, "moved")


def set_alert_at(core: Core, instrument: Instrument, price: Decimal) -> str:
    """The side follows from where the market is; without a price of it there is none."""
    last = core.board.last_price(instrument.instrument_id)
    if last is None:
        return f"No price of {contract_name(instrument)} has come yet, so the alert's side is not known."
    return _said(lambda: core.price_alerts.add(instrument, price > last, price), instrument, "set")


def alerts_near(core: Core, instrument: Instrument, price: Decimal, reach: Decimal) -> list[PriceAlert]:
    return [
        one
        for one in core.price_alerts.alerts()
        if one.instrument_id == instrument.instrument_id and abs(one.price - price) <= reach
    ]


def _said(act: Callable[[], PriceAlert], instrument: Instrument, verb: str) -> str:
    """What came of it, or why nothing did."""
    try:
        alert = act()
    except ValueError as error:
        words = str(error)
        return f"{words[:1].upper()}{words[1:]}."
    return f"Price alert {verb}: {contract_name(instrument)} {alert.side_word} {price_text(alert.price, instrument)}."
