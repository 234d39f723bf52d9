"""Bars in numpy columns with a pyramid of extremes, so that a million bars cost what a screen of them costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradestream_gui.ui.charts.chart_data import BarArrays, BarValues

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FACTOR = 8  # bars, or cells, that one cell of the next level covers
SMALLEST_LEVEL = 2048  # a level below this many cells needs no coarser one
FIRST_CAPACITY = 1024
_OPEN, _HIGH, _LOW, _CLOSE, _VOLUME = range(5)


@dataclass(frozen=True, slots=True)
class PixelColumns:
    """One entry per pixel column that holds bars: exact extremes over bars `first[i]` up to, not with, `end[i]`."""

    x: Ints
    first: Ints
    end: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats


class BarStore:
    """The only owner of a chart's bars. Appending and changing the last bar cost a few steps, whatever the length."""

    def __init__(self) -> None:
        self.count = 0
        self.has_volume = False
        """Bars made from quotes alone have none."""
        self._times: Ints = np.empty(FIRST_CAPACITY, np.int64)
        self._columns: Floats = np.empty((5, FIRST_CAPACITY))
        self._levels: list[tuple[Floats, Floats, Floats]] = []

    def load(self, bars: BarArrays) -> None:
        """Replaces all bars; raises ValueError when the columns differ in length or the times do not rise."""
        times = np.asarray(bars.times, np.int64)
        columns = [np.asarray(c, np.float64) for c in (bars.opens, bars.highs, bars.lows, bars.closes, bars.volumes)]
        if any(len(column) != len(times) for column in columns):
            raise ValueError("bar columns differ in length: give one value per bar in each")
        if len(times) > 1 and not bool(np.all(times[1:] > times[:-1])):
            raise ValueError("bar times must rise strictly: sort the bars and drop doubles")
        self.load_columns(times, columns)

    def load_columns(self, times: Ints, columns: Sequence[Floats]) -> None:
        """Replaces all bars by columns that are known to be in order: open, high, low, close, volume."""
        self.count = len(times)
        capacity = max(FIRST_CAPACITY, self.count * 5 // 4)
        self._times = np.empty(capacity, np.int64)
        self._times[: self.count] = times
        self._columns = np.empty((5, capacity))
        for place, column in enumerate(columns):
            self._columns[place, : self.count] = column
        self.has_volume = bool(columns[_VOLUME].any())
        self._build_levels()

    def append(self, bar: BarValues) -> None:
        """Adds a bar after the last one; an earlier time is a ValueError."""
        if self.count and bar.time <= self._times[self.count - 1]:
            raise ValueError(f"bar at {bar.time} is not after the last bar: use update_last for the open bar")
        if self.count == len(self._times):
            self._grow()
        index = self.count
        self.count += 1
        self._times[index] = bar.time
        self._columns[:, index] = (bar.open, bar.high, bar.low, bar.close, bar.volume)
        self.has_volume = self.has_volume or bar.volume > 0
        for level, (high, low, volume) in enumerate(self._levels, 1):
            cell, begins = divmod(index, FACTOR**level)
            high[cell] = bar.high if not begins else max(high[cell], bar.high)
            low[cell] = bar.low if not begins else min(low[cell], bar.low)
            volume[cell] = bar.volume if not begins else volume[cell] + bar.volume

    def update_last(self, bar: BarValues) -> None:
        """Replaces the open bar's values; its high may not fall and its low may not rise within one bar."""
        index = self.count - 1
        old = self._columns[:, index].copy()
        high, low = max(old[_HIGH], bar.high), min(old[_LOW], bar.low)
        self._columns[:, index] = (bar.open, high, low, bar.close, bar.volume)
        self.has_volume = self.has_volume or bar.volume > 0
        for level, (highs, lows, volumes) in enumerate(self._levels, 1):
            cell = index // FACTOR**level
            highs[cell] = max(highs[cell], high)
            lows[cell] = min(lows[cell], low)
            volumes[cell] += bar.volume - old[_VOLUME]

    def bar(self, index: int) -> BarValues:
        column = self._columns[:, index]
        return BarValues(int(self._times[index]), *(float(value) for value in column))

    def times(self) -> Ints:
        return self._times[: self.count]

    def window(self, first: int, end: int) -> Floats:
        """Rows open, high, low, close, volume of bars `first` up to, not with, `end` (a view, not a copy)."""
        return self._columns[:, first:end]

    def index_at(self, time: int) -> int:
        """The bar that contains the time, clamped to the first and the last bar."""
        found = int(self.times().searchsorted(time, side="right")) - 1
        return min(max(found, 0), max(self.count - 1, 0))

    def extremes(self, first: int, end: int) -> tuple[float, float] | None:
        """Exact (lowest low, highest high) of bars `first` up to, not with, `end`; None without bars."""
        first, end = max(first, 0), min(end, self.count)
        if first >= end:
            return None
        step, highs, lows = 1, self._columns[_HIGH], self._columns[_LOW]
        for level_high, level_low, _ in self._levels:
            if (end - first) // (step * FACTOR) <= 4 * FACTOR:
                break
            step *= FACTOR
            highs, lows = level_high, level_low
        inner_first, inner_end = -(-first // step), end // step
        if inner_first >= inner_end:
            inner_first = inner_end = first // step
        spans = [(self._columns[_HIGH], self._columns[_LOW], first, min(inner_first * step, end))]
        spans.append((highs, lows, inner_first, inner_end))
        spans.append((self._columns[_HIGH], self._columns[_LOW], max(inner_end * step, first), end))
        high = max(float(h[a:b].max(initial=-np.inf)) for h, _, a, b in spans)
        low = min(float(lo[a:b].min(initial=np.inf)) for _, lo, a, b in spans)
        return low, high

    def pixel_columns(self, left: float, bars_per_px: float, width: int) -> PixelColumns | None:
        """The bars right of position `left` gathered into `width` pixel columns, each bar into exactly one.

        Boundaries lie on cells of the coarsest level that is finer than a quarter of a column: no bar stands more
        than one pixel from its true place and no extreme is lost. None when no bar is visible.
        """
        step, highs, lows, volumes = self._level_for(bars_per_px)
        edges = np.floor((left + np.arange(width + 1) * bars_per_px) / step).astype(np.int64)
        cells = -(-self.count // step)
        edges = np.clip(edges, 0, cells)
        filled = np.flatnonzero(edges[1:] > edges[:-1])
        if not len(filled):
            return None
        first_cell, last_cell = edges[filled], int(edges[filled[-1] + 1])
        first, end = first_cell * step, np.minimum(edges[filled + 1] * step, self.count)
        begins = first_cell - first_cell[0]
        reach = slice(int(first_cell[0]), last_cell)
        return PixelColumns(
            x=filled,
            first=first,
            end=end,
            open=self._columns[_OPEN, first],
            high=np.maximum.reduceat(highs[reach], begins),
            low=np.minimum.reduceat(lows[reach], begins),
            close=self._columns[_CLOSE, end - 1],
            volume=np.add.reduceat(volumes[reach], begins),
        )

    def _level_for(self, bars_per_px: float) -> tuple[int, Floats, Floats, Floats]:
        step, chosen = 1, (self._columns[_HIGH], self._columns[_LOW], self._columns[_VOLUME])
        for level in self._levels:
            if step * FACTOR * 4 > bars_per_px:
                break
            step *= FACTOR
            chosen = level
        return step, *chosen

    def _grow(self) -> None:
        times, columns = self._times, self._columns
        self._times = np.empty(len(times) * 2, np.int64)
        self._times[: self.count] = times[: self.count]
        self._columns = np.empty((5, len(times) * 2))
        self._columns[:, : self.count] = columns[:, : self.count]
        self._build_levels()

    def _build_levels(self) -> None:
        """Cells of each level, with room for every bar that fits the present capacity."""
        self._levels = []
        high, low = self._columns[_HIGH, : self.count], self._columns[_LOW, : self.count]
        volume = self._columns[_VOLUME, : self.count]
        room = len(self._times)
        while room > SMALLEST_LEVEL:
            room = -(-room // FACTOR)
            cells = tuple(np.empty(room) for _ in range(3))
            if len(high):
                begins = np.arange(0, len(high), FACTOR)
                high, low = np.maximum.reduceat(high, begins), np.minimum.reduceat(low, begins)
                volume = np.add.reduceat(volume, begins)
                for cell, values in zip(cells, (high, low, volume), strict=True):
                    cell[: len(values)] = values
            self._levels.append((cells[0], cells[1], cells[2]))
