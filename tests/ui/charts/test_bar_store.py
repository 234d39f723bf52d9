"""The bar store never loses an extreme, whatever the zoom, and stays exact while bars arrive."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradestream_gui.ui.charts.bar_store import BarStore
from tradestream_gui.ui.charts.chart_data import BarArrays, BarValues


def _bars(count: int, seed: int = 1) -> BarArrays:
    chance = np.random.default_rng(seed)
    closes = 6000 + np.cumsum(chance.normal(0, 1, count))
    opens = closes + chance.normal(0, 0.5, count)
    highs = np.maximum(opens, closes) + chance.exponential(1, count)
    lows = np.minimum(opens, closes) - chance.exponential(1, count)
    times = 1_700_000_000 + np.arange(count) * 60
    return BarArrays(times, opens, highs, lows, closes, chance.integers(1, 900, count).astype(float))


def _store(count: int, seed: int = 1) -> BarStore:
    store = BarStore()
    store.load(_bars(count, seed))
    return store


LARGE = _store(150_000)


def _has_exact_columns(store: BarStore, left: float, bars_per_px: float, width: int) -> bool:
    """Each pixel column equals brute force over its bars; all visible bars are in exactly one column."""
    columns = store.pixel_columns(left, bars_per_px, width)
    visible = [index for index in (int(np.ceil(left)), int(left + width * bars_per_px) - 1) if 0 <= index < store.count]
    if columns is None:
        return not visible or visible[0] > visible[-1] or bars_per_px * width < 1
    assert np.array_equal(columns.first[1:], columns.end[:-1])
    opens, highs, lows, closes, volumes = store.window(0, store.count)
    for x, first, end, row in zip(columns.x, columns.first, columns.end, range(len(columns.x)), strict=True):
        assert columns.high[row] == highs[first:end].max()
        assert columns.low[row] == lows[first:end].min()
        assert columns.open[row] == opens[first]
        assert columns.close[row] == closes[end - 1]
        assert columns.volume[row] == pytest.approx(volumes[first:end].sum())
        assert abs((first - left) / bars_per_px - x) <= 1.0 + 1.0 / bars_per_px or first == 0
    shown_from, shown_to = int(columns.first[0]), int(columns.end[-1])
    slack = max(int(bars_per_px), 1)
    assert shown_from <= max(int(left), 0)
    return shown_to >= min(int(left + width * bars_per_px) - slack, store.count)


@settings(max_examples=40, deadline=None)
@given(
    left=st.floats(-2000, 150_000),
    bars_per_px=st.floats(0.7, 400),
    width=st.integers(3, 300),
)
def test_each_pixel_column_holds_the_exact_extremes(left: float, bars_per_px: float, width: int) -> None:
    assert _has_exact_columns(LARGE, left, bars_per_px, width)


@settings(max_examples=200, deadline=None)
@given(first=st.integers(-50, 150_050), length=st.integers(0, 150_050))
def test_extremes_of_any_window_equal_brute_force(first: int, length: int) -> None:
    _, highs, lows, _, _ = LARGE.window(0, LARGE.count)
    begin, end = max(first, 0), min(first + length, LARGE.count)
    found = LARGE.extremes(first, first + length)
    if begin >= end:
        assert found is None
    else:
        assert found == (lows[begin:end].min(), highs[begin:end].max())


@settings(max_examples=15, deadline=None)
@given(start=st.integers(0, 3000), added=st.integers(1, 4000), seed=st.integers(0, 9))
def test_bars_that_arrive_one_by_one_make_the_same_pyramid_as_bars_loaded_at_once(
    start: int, added: int, seed: int
) -> None:
    bars = _bars(start + added, seed)
    whole, grown = BarStore(), BarStore()
    whole.load(bars)
    grown.load(BarArrays(*(getattr(bars, name)[:start] for name in bars.__slots__)))
    for at in range(start, start + added):
        middle = float(bars.opens[at])
        grown.append(BarValues(int(bars.times[at]), middle, middle, middle, middle, 0.0))
        values = (bars.opens, bars.highs, bars.lows, bars.closes, bars.volumes)
        grown.update_last(BarValues(int(bars.times[at]), *(float(column[at]) for column in values)))
    assert np.array_equal(grown.window(0, grown.count), whole.window(0, whole.count))
    for left, per_px in ((0.0, 40.0), (100.0, 3.0), (0.0, (start + added) / 10)):
        assert _has_exact_columns(grown, left, per_px, 100)
    assert grown.extremes(0, grown.count) == whole.extremes(0, whole.count)


def test_one_spike_in_a_hundred_thousand_bars_is_seen_at_every_zoom() -> None:
    bars = _bars(100_000)
    highs = np.asarray(bars.highs).copy()
    highs[77_777] = 9999.0
    store = BarStore()
    store.load(BarArrays(bars.times, bars.opens, highs, bars.lows, bars.closes, bars.volumes))
    for width in (40, 333, 1200):
        columns = store.pixel_columns(0.0, 100_000 / width, width)
        assert columns is not None
        assert columns.high.max() == 9999.0


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        BarStore().load(BarArrays([1, 2], [1.0], [1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [1.0, 2.0]))


def test_times_that_do_not_rise_are_refused() -> None:
    column = [1.0, 2.0]
    with pytest.raises(ValueError, match="rise strictly"):
        BarStore().load(BarArrays([60, 60], column, column, column, column, column))
    store = _store(5)
    with pytest.raises(ValueError, match="not after the last bar"):
        store.append(store.bar(4))


def test_a_time_is_found_in_the_bar_that_contains_it() -> None:
    store = _store(10)
    start = store.bar(3).time
    assert [store.index_at(start + extra) for extra in (0, 59, 60)] == [3, 3, 4]
    assert (store.index_at(0), store.index_at(2**40)) == (0, 9)


def test_no_bar_outside_the_view_makes_a_column() -> None:
    assert _store(100).pixel_columns(500.0, 2.0, 50) is None
    assert BarStore().pixel_columns(0.0, 2.0, 50) is None
