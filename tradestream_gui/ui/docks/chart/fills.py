"""The fills that charts mark: those from before the charts began to listen, and each one since."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Fill
from tradestream_gui.ui.charts.chart_data import Marker
from tradestream_gui.ui.docks.chart.overlays import earlier_fills, fill_marker

if TYPE_CHECKING:
    from tradestream_gui.core import Core

MAX_FILLS = 2_000
"""Of this session, over all contracts."""


class ChartFills:
    """Shared by all charts of the window."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._fills: deque[tuple[InstrumentId, Marker]] = deque(maxlen=MAX_FILLS)
        self._earlier: dict[InstrumentId, list[Marker]] = {}

    def add(self, fill: Fill) -> None:
        found = self._core.reference.instrument(fill.instrument_id)
        if found is not None:
            self._fills.append((fill.instrument_id, fill_marker(fill, found)))

    def of(self, instrument: Instrument) -> list[Marker]:
        key = instrument.instrument_id
        fills = [marker for about, marker in self._fills if about == key]
        if key not in self._earlier:
            drawn = {marker.key for marker in fills}
            self._earlier[key] = [one for one in earlier_fills(self._core, instrument) if one.key not in drawn]
        return [*self._earlier[key], *fills]
