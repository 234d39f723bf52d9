"""Takes a price alert off, from wherever it is shown, with the way back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tradestream_gui.domain.contract_names import contract_name, named
from tradestream_gui.ui.format import price_text

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.price_alerts import PriceAlert
    from tradestream_gui.ui.shell.ways import Undo


def remove_price_alert(core: Core, alert_id: str) -> tuple[str, Undo] | None:
    """What was removed, in words, and what sets it again; None when it was gone already."""
    alert = core.price_alerts.remove(alert_id)
    return None if alert is None else (f"Price alert removed: {_words(core, alert)}", partial(_set_again, core, alert))


def _set_again(core: Core, alert: PriceAlert) -> str:
    instrument = core.reference.instrument(alert.instrument_id)
    if instrument is None:
        return f"{named(alert.instrument_id)} is not known any more: its price alert stays removed."
    try:
        core.price_alerts.add(instrument, alert.is_above, alert.price)
    except ValueError as error:
        return f"The price alert stays removed: {error}."
    return f"Price alert set again: {_words(core, alert)}"


def _words(core: Core, alert: PriceAlert) -> str:
    instrument = core.reference.instrument(alert.instrument_id)
    if instrument is None:
        return f"{named(alert.instrument_id)} {alert.side_word} {alert.price}"
    return f"{contract_name(instrument)} {alert.side_word} {price_text(alert.price, instrument)}"
