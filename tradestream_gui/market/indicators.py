"""Indicators over whole arrays of bars, in TradingView's conventions; NaN where a value is not defined yet.

Averages are seeded with the mean of their first `period` values. Recursive ones forget their seed over about 250 bars:
`WARM_UP_BARS` says how many to load before the first one shown.
"""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WARM_UP_BARS = 250
ROW = 4096
NOTHING_LEFT = 1e-20
WINDOWS = 4096


@dataclass(frozen=True, slots=True)
class Macd:
    line: Floats
    signal: Floats
    histogram: Floats


@dataclass(frozen=True, slots=True)
class Bollinger:
    middle: Floats
    upper: Floats
    lower: Floats


def sma(values: Floats, period: int) -> Floats:
    """The mean of the last `period` values."""
    means = _blank(values, period)
    _fill_windows(values, period, means[period - 1 :])
    return means


def ema(values: Floats, period: int) -> Floats:
    """The exponential mean with weight 2/(period+1); leading NaN are skipped, so it can follow another indicator."""
    return _smoothed(values, period, 2 / (period + 1))


def rma(values: Floats, period: int) -> Floats:
    """Wilder's mean, weight 1/period."""
    return _smoothed(values, period, 1 / max(period, 1))


def rsi(closes: Floats, period: int = 14) -> Floats:
    """Wilder's relative strength, 0 to 100; NaN while nothing has moved."""
    out = np.full(len(closes), np.nan)
    changes = np.diff(closes)
    gains, losses = rma(np.maximum(changes, 0.0), period), rma(np.maximum(-changes, 0.0), period)
    np.divide(100 * gains, gains + losses, out=out[1:], where=gains + losses > 0)
    return out


def true_range(highs: Floats, lows: Floats, closes: Floats) -> Floats:
    """High less low, widened to the close before; the first bar has none before it."""
    if len(closes) == 0:
        return np.empty(0)
    before = np.concatenate(([closes[0]], closes[:-1]))
    out = np.maximum(highs, before) - np.minimum(lows, before)
    out[0] = highs[0] - lows[0]
    return out


def atr(highs: Floats, lows: Floats, closes: Floats, period: int = 14) -> Floats:
    return rma(true_range(highs, lows, closes), period)


def macd(closes: Floats, fast: int = 12, slow: int = 26, signal: int = 9) -> Macd:
    """Fast less slow exponential mean, each seeded by itself, and the mean of that line."""
    line = ema(closes, fast) - ema(closes, slow)
    smoothed = ema(line, signal)
    return Macd(line, smoothed, line - smoothed)


def bollinger(closes: Floats, period: int = 20, width: float = 2.0) -> Bollinger:
    """The mean and `width` population deviations about it."""
    middle, deviation = _blank(closes, period), _blank(closes, period)
    _fill_windows(closes, period, middle[period - 1 :], deviation[period - 1 :])
    return Bollinger(middle, middle + width * deviation, middle - width * deviation)


def session_vwap(highs: Floats, lows: Floats, closes: Floats, volumes: Floats, session: NDArray[np.int64]) -> Floats:
    """Volume-weighted mean of (high+low+close)/3 since the session's first bar; NaN before any volume.

    `session` numbers each bar's session (a trade date's ordinal); bars of one session stand together.
    """
    out = np.full(len(closes), np.nan)
    typical = (highs + lows + closes) / 3
    if len(session) == 0:
        return out
    starts = np.flatnonzero(np.diff(session, prepend=session[:1] - 1))
    for start, end in zip(starts, [*starts[1:], len(closes)], strict=True):
        volume = np.cumsum(volumes[start:end])
        money = np.cumsum(typical[start:end] * volumes[start:end])
        np.divide(money, volume, out=out[start:end], where=volume > 0)
    return out


def heikin_ashi(opens: Floats, highs: Floats, lows: Floats, closes: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Open, high, low and close of Heikin-Ashi bars: closes are the bars' means, opens the middle of the bar before.

    The first open is the middle of the first bar's open and close, as on TradingView.
    """
    close = (opens + highs + lows + closes) / 4
    if len(close) == 0:
        return close, close.copy(), close.copy(), close.copy()
    first = float(opens[0] + closes[0]) / 2
    open_ = np.array(list(accumulate(close[:-1].tolist(), lambda before, mean: (before + mean) / 2, initial=first)))
    return open_, np.maximum(highs, open_), np.minimum(lows, open_), close


def _smoothed(values: Floats, period: int, weight: float) -> Floats:
    """The recursion under `ema` and `rma`, seeded with the mean of the first `period` known values."""
    if period < 1:
        raise ValueError(f"a mean over {period} values is not defined: the period is 1 or more")
    out = np.full(len(values), np.nan)
    known = ~np.isnan(values)
    seed_at = int(known.argmax()) + period - 1 if known.any() else len(values)
    if seed_at < len(values):
        out[seed_at] = seed = float(values[seed_at + 1 - period : seed_at + 1].mean())
        np.multiply(values[seed_at + 1 :], weight, out=out[seed_at + 1 :])
        _run_on(out[seed_at + 1 :], seed, 1 - weight)
    return out


def _run_on(out: Floats, mean: float, keep: float) -> None:
    """Turns weighted values into the running mean of them, in place. Within a row each pass doubles how far back a
    value is felt, until what is left of it is nothing."""
    for first in range(0, len(out), ROW):
        row = out[first : first + ROW]
        row[0] += keep * mean
        reach, fading = 1, keep
        while reach < len(row) and fading > NOTHING_LEFT:
            row[reach:] += fading * row[:-reach]
            reach, fading = reach * 2, fading * fading
        mean = float(row[-1])


def _blank(values: Floats, period: int) -> Floats:
    """Room for a value of each window, NaN where the first one is not whole yet."""
    out = np.empty(len(values))
    out[: period - 1] = np.nan
    return out


def _fill_windows(values: Floats, period: int, means: Floats, spreads: Floats | None = None) -> None:
    """Mean and population deviation of each window, from sums that begin anew every few thousand values and count from
    the middle of these: so they stay as exact as the windows themselves. Worked off in the same room all the time: new
    arrays of this size take longer than the sums."""
    step = max(WINDOWS, period)
    moved_room, sums_room = np.empty(step + period), np.empty(step + period)
    for first in range(0, len(means), step):
        mean = means[first : first + step]
        part = values[first : first + len(mean) + period - 1]
        centre = float(part.mean())
        moved = np.subtract(part, centre, out=moved_room[: len(part)])
        _window_means(moved, period, sums_room, mean)
        if spreads is not None:
            spread = spreads[first : first + step]
            np.multiply(moved, moved, out=moved)
            _window_means(moved, period, sums_room, spread)
            spread -= mean * mean
            np.maximum(spread, 0.0, out=spread)
            np.sqrt(spread, out=spread)
        mean += centre


def _window_means(values: Floats, period: int, room: Floats, out: Floats) -> None:
    sums = room[: len(values) + 1]
    sums[0] = 0.0
    np.cumsum(values, out=sums[1:])
    np.subtract(sums[period:], sums[:-period], out=out)
    out /= period
