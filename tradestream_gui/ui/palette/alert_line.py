"""A price alert typed as a line, `ES above 6350`: what it will tell, and the book that takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.price_alerts import read_price_alert
from tradestream_gui.ui.format import price_text
from tradestream_gui.ui.palette.line_orders import contract_of
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.price_dialog import price_from_text

if TYPE_CHECKING:
    from tradestream_gui.core import Core

ENTER = "Enter sets it. Told once, in the window and wherever the notices of price alerts go."


def is_alert_line(text: str) -> bool:
    try:
        read_price_alert(text)
    except ValueError:
        return False
    return True


def preview_alert(core: Core, text: str) -> tuple[str, str, Tone]:
    """The sentence of a line that is one, the words below it, and their tone."""
    symbol, is_above, typed = read_price_alert(text)
    found = contract_of(core, symbol)
    if isinstance(found, str):
        return "", found, Tone.DANGER
    side = "above" if is_above else "below"
    price = price_text(price_from_text(typed, found), found)
    return f"Tell me when {contract_name(found)} trades at or {side} {price}", ENTER, Tone.SECONDARY


def set_alert(core: Core, text: str) -> str:
    """Sets it and says so; raises ValueError with words for the user."""
    alert = core.price_alerts.add_text(text)
    instrument = core.market.instrument(alert.instrument_id)
    return f"Price alert set: {contract_name(instrument)} {alert.side_word} {price_text(alert.price, instrument)}."
