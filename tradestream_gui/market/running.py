"""Indicators fed value by value, in plain floats: what a live chart extends without recomputing its history.

`update` takes a closed value; `preview` says what `update` would return, for the bar that is still forming. `resume`
goes on from what the formula over a whole array has found, as if every value had been fed.
"""

import math
from collections import deque
from collections.abc import Collection, Sequence
from operator import mul


class Ema:
    """Exponential mean with weight 2/(period+1), seeded with the mean of the first `period` values."""

    def __init__(self, period: int) -> None:
        self._mean = _SeededMean(period, 2 / (period + 1))

    def resume(self, mean: float) -> None:
        self._mean.resume(mean)

    def update(self, value: float) -> float | None:
        return self._mean.update(value)

    def preview(self, value: float) -> float | None:
        return self._mean.preview(value)


class Rma:
    """Wilder's mean with weight 1/period, seeded with the mean of the first `period` values."""

    def __init__(self, period: int) -> None:
        self._mean = _wilder(period)

    def resume(self, mean: float) -> None:
        self._mean.resume(mean)

    def update(self, value: float) -> float | None:
        return self._mean.update(value)

    def preview(self, value: float) -> float | None:
        return self._mean.preview(value)


class Rsi:
    """Wilder's relative strength index; None until `period` changes are known and while nothing has moved."""

    def __init__(self, period: int = 14) -> None:
        self._gains = _wilder(period)
        self._losses = _wilder(period)
        self._previous: float | None = None

    def resume(self, gains: float, losses: float, close: float) -> None:
        self._gains.resume(gains)
        self._losses.resume(losses)
        self._previous = close

    def update(self, close: float) -> float | None:
        previous, self._previous = self._previous, close
        if previous is None:
            return None
        change = close - previous
        return _strength(self._gains.update(max(change, 0.0)), self._losses.update(max(-change, 0.0)))

    def preview(self, close: float) -> float | None:
        if self._previous is None:
            return None
        change = close - self._previous
        return _strength(self._gains.preview(max(change, 0.0)), self._losses.preview(max(-change, 0.0)))


class Macd:
    """Line and signal of fast less slow exponential mean; the signal is None until the line has `signal` values."""

    def __init__(self, fast: int = 12, slow: int = 26, signal: int = 9) -> None:
        self._fast, self._slow, self._signal = Ema(fast), Ema(slow), Ema(signal)

    def resume(self, fast: float, slow: float, signal: float) -> None:
        for mean, value in ((self._fast, fast), (self._slow, slow), (self._signal, signal)):
            mean.resume(value)

    def update(self, close: float) -> tuple[float | None, float | None]:
        fast, slow = self._fast.update(close), self._slow.update(close)
        if fast is None or slow is None:
            return None, None
        return fast - slow, self._signal.update(fast - slow)

    def preview(self, close: float) -> tuple[float | None, float | None]:
        fast, slow = self._fast.preview(close), self._slow.preview(close)
        if fast is None or slow is None:
            return None, None
        return fast - slow, self._signal.preview(fast - slow)


class Bollinger:
    """Lower, middle and upper band over the last `period` closes, with the population deviation."""

    def __init__(self, period: int = 20, width: float = 2.0) -> None:
        self._closes: deque[float] = deque(maxlen=period)
        self._period = period
        self._width = width

    def resume(self, closes: Sequence[float]) -> None:
        """The newest closes, at least `period` of them where there are so many."""
        self._closes.extend(closes)

    def update(self, close: float) -> tuple[float, float, float] | None:
        self._closes.append(close)
        return self._bands(self._closes)

    def preview(self, close: float) -> tuple[float, float, float] | None:
        return self._bands([*self._closes, close][-self._period :])

    def _bands(self, closes: Collection[float]) -> tuple[float, float, float] | None:
        if len(closes) < self._period:
            return None
        middle = sum(closes) / self._period
        away = [close - middle for close in closes]
        deviation = math.sqrt(sum(map(mul, away, away)) / self._period)
        return middle - self._width * deviation, middle, middle + self._width * deviation


class AverageRange:
    """Wilder's average true range; the first bar's range is its high less its low."""

    def __init__(self, period: int = 14) -> None:
        self._mean = _wilder(period)
        self._previous: float | None = None

    def resume(self, mean: float, close: float) -> None:
        self._mean.resume(mean)
        self._previous = close

    def update(self, high: float, low: float, close: float) -> float | None:
        found = self._mean.update(self._range(high, low))
        self._previous = close
        return found

    def preview(self, high: float, low: float) -> float | None:
        return self._mean.preview(self._range(high, low))

    def _range(self, high: float, low: float) -> float:
        if self._previous is None:
            return high - low
        return max(high, self._previous) - min(low, self._previous)


class SessionVwap:
    """Volume-weighted mean of (high+low+close)/3, begun anew with each session; None before any volume.

    Sessions are numbered in any rising way, such as by the ordinal of the trade date.
    """

    def __init__(self) -> None:
        self._session: int | None = None
        self._money = 0.0
        self._volume = 0.0

    def resume(self, session: int, money: float, volume: float) -> None:
        self._session, self._money, self._volume = session, money, volume

    def update(self, session: int, high: float, low: float, close: float, volume: float) -> float | None:
        self._money, self._volume = self._with(session, high, low, close, volume)
        self._session = session
        return self._money / self._volume if self._volume > 0 else None

    def preview(self, session: int, high: float, low: float, close: float, volume: float) -> float | None:
        money, total = self._with(session, high, low, close, volume)
        return money / total if total > 0 else None

    def _with(self, session: int, high: float, low: float, close: float, volume: float) -> tuple[float, float]:
        money, total = (self._money, self._volume) if session == self._session else (0.0, 0.0)
        return money + (high + low + close) / 3 * volume, total + volume


class HeikinAshi:
    """Bars whose close is the bar's mean and whose open is the middle of the bar before: (open, high, low, close)."""

    def __init__(self) -> None:
        self._before: tuple[float, float] | None = None

    def resume(self, open_: float, close: float) -> None:
        self._before = open_, close

    def update(self, open_: float, high: float, low: float, close: float) -> tuple[float, float, float, float]:
        found = self.preview(open_, high, low, close)
        self._before = found[0], found[3]
        return found

    def preview(self, open_: float, high: float, low: float, close: float) -> tuple[float, float, float, float]:
        opened = (open_ + close) / 2 if self._before is None else sum(self._before) / 2
        return opened, max(high, opened), min(low, opened), (open_ + high + low + close) / 4


class _SeededMean:
    """The recursion under Ema and Rma."""

    def __init__(self, period: int, weight: float) -> None:
        if period < 1:
            raise ValueError(f"a mean over {period} values is not defined: the period is 1 or more")
        self._period = period
        self._weight = weight
        self._count = 0
        self._value = 0.0

    def resume(self, mean: float) -> None:
        self._value, self._count = mean, self._period

    def update(self, value: float) -> float | None:
        count = self._count = self._count + 1
        if count > self._period:
            self._value += self._weight * (value - self._value)
            return self._value
        self._value += value
        if count < self._period:
            return None
        self._value /= self._period
        return self._value

    def preview(self, value: float) -> float | None:
        return self._shown(self._next(value), self._count + 1)

    def _next(self, value: float) -> float:
        """The mean once seeded, the running sum before; at the seed itself the sum becomes the mean."""
        if self._count >= self._period:
            return self._value + self._weight * (value - self._value)
        total = self._value + value
        return total / self._period if self._count + 1 == self._period else total

    def _shown(self, value: float, count: int) -> float | None:
        return value if count >= self._period else None


def _wilder(period: int) -> _SeededMean:
    """What `Rma` holds, for those that are fed with every bar of every chart."""
    return _SeededMean(period, 1 / max(period, 1))


def _strength(gain: float | None, loss: float | None) -> float | None:
    if gain is None or loss is None or gain + loss == 0:
        return None
    return 100 * gain / (gain + loss)
