"""The points of a curve over bars: one a bar, or the lowest and highest of each pixel where bars are narrower."""

from math import ceil

import numpy as np

from tradestream_gui.ui.charts.bar_store import Floats


def curve_points(values: Floats, left: float, px_per_bar: float, width: int, from_x: int = 0) -> tuple[Floats, Floats]:
    """Pixels and values of what is visible, in the order of drawing; values may be not-a-number.

    Where bars are narrower than a pixel each column holds its exact extremes, so that no peak is lost. Beginning
    further right, at `from_x`, gives the same points as before less those that lie left of it.
    """
    first = max(int(left) - 1, ceil(left + from_x / px_per_bar - 0.5) if from_x else 0, 0)
    end = min(int(left + width / px_per_bar) + 2, len(values))
    if first >= end:
        return np.empty(0), np.empty(0)
    if px_per_bar >= 1:
        middles: Floats = (np.arange(first, end, dtype=np.float64) + 0.5 - left) * px_per_bar
        return middles, values[first:end]
    columns: Floats = np.floor((np.arange(first, end, dtype=np.float64) + 0.5 - left) * px_per_bar)
    begins = np.flatnonzero(np.diff(columns, prepend=columns[0] - 1))
    seen = values[first:end]
    ends = np.empty(2 * len(begins))
    ends[0::2], ends[1::2] = np.fmin.reduceat(seen, begins), np.fmax.reduceat(seen, begins)
    return np.repeat(columns[begins], 2), ends
