"""Brings the bars of one contract from the bar book onto a chart: its past, the forming bar, and its sessions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Bar
from tradestream_gui.market.bar_builder import DAY_S
from tradestream_gui.market.regular_hours import closed_spans, session_opens
from tradestream_gui.ui.charts.candles import CandleChart
from tradestream_gui.ui.charts.chart_data import BarArrays, BarValues, Shading
from tradestream_gui.ui.docks.chart.bar import INTERVALS
from tradestream_gui.ui.format import price_text

if TYPE_CHECKING:
    from tradestream_gui.core import Core

HOURS_AHEAD = timedelta(days=2)
HOURS_LEFT_S = 7_200
"""Hours are looked up again when a bar comes so near to the end of those that are known."""


class ChartFeed:
    """A closed bar and a tick cost one step; the past is read once a contract and interval."""

    def __init__(self, core: Core, chart: CandleChart) -> None:
        self._core = core
        self._chart = chart
        self._instrument: Instrument | None = None
        self._seconds = 60
        self._last_start = -1
        self._first_start = -1
        self._hours_until = -1

    def load(self, instrument: Instrument, seconds: int) -> None:
        core = self._core
        self._instrument, self._seconds, self._hours_until = instrument, seconds, -1
        self._chart.set_instrument(
            f"{contract_name(instrument)}, {interval_words(seconds)}",
            price_text=partial(price_words, instrument),
            tick=float(instrument.tick_size),
            zone=ZoneInfo(core.settings.current.general.display_zone),
            seconds=seconds,
        )
        series = core.bars.series(instrument.instrument_id, seconds)
        bars = series.columns()
        self._last_start = series.last_start
        self._first_start = int(bars.start[0]) if len(bars.start) else -1
        self._chart.set_bars(
            BarArrays(bars.start, bars.open, bars.high, bars.low, bars.close, bars.volume)  # type: ignore[arg-type]  # numpy's columns read as sequences
        )
        self._show_hours()
        self.follow()

    def follow(self) -> None:
        """The bar that is still forming: a new one, or the last one moved."""
        if self._instrument is not None:
            bar = self._core.bars.current(self._instrument.instrument_id, self._seconds)
            if bar is not None:
                self.take(bar)

    def take(self, bar: Bar) -> None:
        start = int(bar.start.timestamp())
        if start == self._last_start:
            self._chart.update_last(_values(bar))
        elif start > self._last_start:
            self._last_start = start
            self._first_start = start if self._first_start < 0 else self._first_start
            self._chart.append(_values(bar))
            if start > self._hours_until - HOURS_LEFT_S:
                self._show_hours()

    def _show_hours(self) -> None:
        """What is shaded, and where sessions open; days have neither."""
        instrument, calendar = self._instrument, self._core.reference.calendar
        if instrument is None or self._first_start < 0:
            return
        first = datetime.fromtimestamp(self._first_start, UTC)
        last = datetime.fromtimestamp(self._last_start, UTC) + HOURS_AHEAD
        self._hours_until = int(last.timestamp())
        dark = () if self._seconds >= DAY_S else closed_spans(calendar, instrument, first, last)
        shadings = [Shading(span.start, span.end) for span in dark]
        self._chart.set_hours(shadings, session_opens(calendar, instrument, first, last))


def interval_words(seconds: int) -> str:
    return next(text for text, length in INTERVALS if length == seconds)


def price_words(instrument: Instrument, price: float) -> str:
    return price_text(instrument.round_to_tick(Decimal(repr(price))), instrument)


def _values(bar: Bar) -> BarValues:
    return BarValues(
        int(bar.start.timestamp()), float(bar.open), float(bar.high), float(bar.low), float(bar.close), bar.volume
    )
