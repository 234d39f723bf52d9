"""Gives back the prices that nobody looks at and nothing depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import InstrumentId
    from tradestream_gui.ui.shell.signal_hub import SignalHub


class SparePrices(QObject):
    """Looks each second at what the parts of the window have left."""

    def __init__(self, core: Core, hub: SignalHub, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core = core
        hub.second.connect(self._on_second)

    def _on_second(self) -> None:
        core = self._core
        for instrument in core.subscriptions.spare():
            if not needs_prices(core, instrument.instrument_id):
                core.tasks.spawn(core.subscriptions.give_back(instrument), f"let go of {instrument.instrument_id}")


def needs_prices(core: Core, instrument_id: InstrumentId) -> bool:
    """A position, ours or made elsewhere, an order or a price alert depends on them, whatever is on the screen."""
    return (
        bool(core.lots.open_lots(instrument_id=instrument_id))
        or any(qty and key[1] == instrument_id for key, qty in core.lots.external().items())
        or bool(core.blotter.open_orders(instrument_id=instrument_id))
        or any(alert.instrument_id == instrument_id for alert in core.price_alerts.alerts())
    )
