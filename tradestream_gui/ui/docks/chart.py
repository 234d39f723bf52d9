"""The chart dock: live candles of one contract with its position, stop, targets, orders, fills and alerts."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtGui import QHideEvent, QShowEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import ClOrdId, InstrumentId, MessageKey
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Bar
from tradestream_gui.ui.charts.candles import CandleChart
from tradestream_gui.ui.charts.chart_data import BarArrays, BarValues, Marker
from tradestream_gui.ui.docks.chart_bar import INTERVALS, ChartBar
from tradestream_gui.ui.docks.chart_drag import LineDrag
from tradestream_gui.ui.docks.chart_overlays import (
    alert_markers,
    chart_lines,
    closed_hours,
    earlier_fills,
    fill_marker,
    newest,
)
from tradestream_gui.ui.docks.watermark import Watermark
from tradestream_gui.ui.format import age_text, price_text
from tradestream_gui.ui.freshness import seen
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.tone import Tone

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.events import FillBooked
    from tradestream_gui.domain.events_market import BarClosed
    from tradestream_gui.ui.shell.signal_hub import SignalHub

DAY_S = 86_400
MAX_FILLS = 2_000
"""Fills of this session whose markers are kept."""
AGES_MS = 1000
WAITING = "Waiting for the first bar…"


class ChartDock(QWidget):
    """Bars are asked of the bar book; while hidden it only remembers that it is out of date."""

    show_message = pyqtSignal(object)
    show_order = pyqtSignal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._drag: LineDrag | None = None
        self._instrument: Instrument | None = None
        self._last_start = -1
        self._is_stale = True
        self._fills: deque[tuple[InstrumentId, Marker]] = deque(maxlen=MAX_FILLS)
        self._earlier: dict[InstrumentId, list[Marker]] = {}
        self.bar = ChartBar(look)
        self.chart = CandleChart(look, name="Price chart")
        self.chart.set_waiting_text(WAITING)
        self.watermark = Watermark(look, self.chart)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.chart, 1)
        self._ages = QTimer(self)
        self._ages.setInterval(AGES_MS)
        self._ages.timeout.connect(self._show_kind)
        self.bar.instrument_chosen.connect(self.show_instrument_id)
        self.bar.interval_chosen.connect(self._on_interval)
        self.bar.latest_wanted.connect(self.chart.show_latest)
        self.chart.line_dropped.connect(self._on_line_dropped)
        self.chart.marker_clicked.connect(self._on_marker)

    def attach(self, core: Core, hub: SignalHub) -> None:
        self._core = core
        self._drag = LineDrag(core, self)
        self._list_instruments()
        hub.frame.connect(self._on_frame)
        hub.bar_closed.connect(self._on_bar_closed)
        hub.fill_booked.connect(self._on_fill)
        for signal in (hub.lot_changed, hub.plan_changed, hub.order_changed):
            signal.connect(self._draw_lines)
        hub.alert_decided.connect(self._draw_markers)
        first = core.lots.open_lots()
        if first:
            self.show_instrument_id(first[-1].instrument_id)
        elif core.subscriptions.instruments():
            self.show_instrument_id(core.subscriptions.instruments()[0].instrument_id)

    @property
    def instrument(self) -> Instrument | None:
        return self._instrument

    def show_instrument_id(self, instrument_id: InstrumentId) -> None:
        """Charts this contract and makes sure that its prices come."""
        core = self._core
        found = None if core is None else core.reference.instrument(instrument_id)
        if core is None or found is None:
            return
        self._instrument = found
        if found not in core.subscriptions.instruments():
            core.tasks.spawn(core.subscriptions.subscribe(found), f"chart {instrument_id}")
        if instrument_id not in self._earlier:
            drawn = {marker.key for key, marker in self._fills if key == instrument_id}
            self._earlier[instrument_id] = [one for one in earlier_fills(core, found) if one.key not in drawn]
        self._list_instruments()
        self._reload()

    # bars

    def _reload(self) -> None:
        core, instrument = self._core, self._instrument
        self._is_stale = not self.isVisible()
        if core is None or instrument is None or self._is_stale:
            return
        seconds = self.bar.seconds
        title = f"{contract_name(instrument)}, {_interval_words(seconds)}"
        zone = ZoneInfo(core.settings.current.general.display_zone)
        self.chart.set_instrument(
            title, price_text=partial(_price_words, instrument), tick=float(instrument.tick_size), zone=zone
        )
        series = core.bars.series(instrument.instrument_id, seconds)
        bars = series.columns()
        self._last_start = series.last_start
        self.chart.set_bars(
            BarArrays(bars.start, bars.open, bars.high, bars.low, bars.close, bars.volume)  # type: ignore[arg-type]  # numpy's columns read as sequences
        )
        self._draw_current()
        self._shade(int(bars.start[0]) if len(bars.start) else self._last_start)
        self._draw_lines()
        self._draw_markers()
        self._show_kind()

    def _shade(self, first_start: int) -> None:
        core, instrument = self._core, self._instrument
        if core is None or instrument is None or self.bar.seconds >= DAY_S or first_start < 0:
            self.chart.set_shadings(())
            return
        first = datetime.fromtimestamp(first_start, UTC)
        self.chart.set_shadings(closed_hours(core, instrument, first, core.clock.now() + timedelta(days=1)))

    def _draw_current(self) -> None:
        """The bar that is still forming: a new one, or the last one moved."""
        core, instrument = self._core, self._instrument
        if core is not None and instrument is not None:
            bar = core.bars.current(instrument.instrument_id, self.bar.seconds)
            if bar is not None:
                self._take(bar)

    def _take(self, bar: Bar) -> None:
        start = int(bar.start.timestamp())
        if start == self._last_start:
            self.chart.update_last(_values(bar))
        elif start > self._last_start:
            is_first = self._last_start < 0
            self._last_start = start
            self.chart.append(_values(bar))
            if is_first:
                self._shade(start)

    def _on_frame(self, changed: set[InstrumentId]) -> None:
        if self._instrument is None or self._instrument.instrument_id not in changed:
            return
        if not self.isVisible():
            self._is_stale = True
            return
        self._draw_current()
        self._show_kind()

    def _on_bar_closed(self, fact: BarClosed) -> None:
        bar, instrument = fact.bar, self._instrument
        if instrument is None or (bar.instrument_id, bar.seconds) != (instrument.instrument_id, self.bar.seconds):
            return
        if self.isVisible() and not self._is_stale:
            self._take(bar)
        else:
            self._is_stale = True

    # around the bars

    def _draw_lines(self, *_: object) -> None:
        if self._core is not None and self._instrument is not None and self.isVisible():
            self.chart.set_lines(chart_lines(self._core, self._instrument.instrument_id))

    def _draw_markers(self, *_: object) -> None:
        core, instrument = self._core, self._instrument
        if core is None or instrument is None or not self.isVisible():
            return
        key = instrument.instrument_id
        fills = [marker for about, marker in self._fills if about == key]
        self.chart.set_markers(newest([*self._earlier.get(key, ()), *fills, *alert_markers(core, key)]))

    def _show_kind(self) -> None:
        core, instrument = self._core, self._instrument
        if core is None or instrument is None:
            return
        market = seen(core, instrument)
        words = market.quote.kind.value if market.quote is not None else "no price"
        if market.is_stale and market.age_s is not None:
            words = f"{words} · {age_text(timedelta(seconds=market.age_s))} old"
        tone = Tone.STALE if market.is_stale else Tone.DEMO if market.is_demo else Tone.MUTED
        self.bar.show_kind(words, tone)
        self.chart.set_stale(market.is_stale)
        self.watermark.show_words("DEMO" if market.is_demo else "")

    def _list_instruments(self) -> None:
        core = self._core
        if core is not None:
            chosen = None if self._instrument is None else self._instrument.instrument_id
            known = {one.instrument_id: one for one in core.subscriptions.instruments()}
            if self._instrument is not None:
                known.setdefault(self._instrument.instrument_id, self._instrument)
            self.bar.show_instruments(tuple(known.values()), chosen)

    def _on_fill(self, fact: FillBooked) -> None:
        core, key = self._core, fact.fill.instrument_id
        found = None if core is None else core.reference.instrument(key)
        if found is not None:
            self._fills.append((key, fill_marker(fact.fill, found)))
            self._list_instruments()
        if self._instrument is not None and key == self._instrument.instrument_id:
            self._draw_markers()

    def _on_interval(self, seconds: int) -> None:
        self._reload()

    def _on_line_dropped(self, line_id: str, price: float) -> None:
        core, instrument = self._core, self._instrument
        if core is None or instrument is None or self._drag is None:
            return
        exact = instrument.round_to_tick(Decimal(repr(price)))
        core.tasks.spawn(self._move_line(self._drag, line_id, exact), "move a line on the chart")

    async def _move_line(self, drag: LineDrag, line_id: str, price: Decimal) -> None:
        await drag.move(line_id, price)
        self._draw_lines()

    def _on_marker(self, key: str) -> None:
        kind, _, name = key.partition(":")
        if kind == "alert":
            self.show_message.emit(MessageKey(name))
        else:
            self.show_order.emit(ClOrdId(name))

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._list_instruments()
        if self._instrument is None and self._core is not None and self._core.subscriptions.instruments():
            self.show_instrument_id(self._core.subscriptions.instruments()[0].instrument_id)
        elif self._is_stale:
            self._reload()
        self._ages.start()

    def hideEvent(self, event: QHideEvent | None) -> None:
        super().hideEvent(event)
        self._ages.stop()


def _values(bar: Bar) -> BarValues:
    return BarValues(
        int(bar.start.timestamp()), float(bar.open), float(bar.high), float(bar.low), float(bar.close), bar.volume
    )


def _price_words(instrument: Instrument, price: float) -> str:
    return price_text(instrument.round_to_tick(Decimal(repr(price))), instrument)


def _interval_words(seconds: int) -> str:
    return next(text for text, length in INTERVALS if length == seconds)
