"""The formula behind each indicator of a chart: over whole arrays, then bar by bar from there."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tradestream_gui.market import indicators, running
from tradestream_gui.market.indicators import Floats

UNKNOWN = float("nan")


@dataclass(frozen=True, slots=True)
class StudyBars:
    """Bars in columns of equal length; `session` numbers each bar's session in rising order."""

    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    session: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.close)

    def row(self, index: int) -> "StudyBar":
        return StudyBar(
            open=float(self.open[index]),
            high=float(self.high[index]),
            low=float(self.low[index]),
            close=float(self.close[index]),
            volume=float(self.volume[index]),
            session=int(self.session[index]),
        )

    def without_last(self) -> "StudyBars":
        return StudyBars(
            self.open[:-1], self.high[:-1], self.low[:-1], self.close[:-1], self.volume[:-1], self.session[:-1]
        )


@dataclass(frozen=True, slots=True)
class StudyBar:
    open: float
    high: float
    low: float
    close: float
    volume: float
    session: int


class Formula(Protocol):
    """`load` answers all lines over whole arrays and stands then as after the last bar of them."""

    def load(self, bars: StudyBars) -> tuple[Floats, ...]: ...

    def update(self, bar: StudyBar) -> tuple[float, ...]: ...

    def preview(self, bar: StudyBar) -> tuple[float, ...]: ...


class HeikinAshiFormula:
    """Lines: open, high, low, close."""

    def __init__(self) -> None:
        self._running = running.HeikinAshi()

    def load(self, bars: StudyBars) -> tuple[Floats, ...]:
        found = indicators.heikin_ashi(bars.open, bars.high, bars.low, bars.close)
        if len(bars):
            self._running.resume(float(found[0][-1]), float(found[3][-1]))
        return found

    def update(self, bar: StudyBar) -> tuple[float, ...]:
        return self._running.update(bar.open, bar.high, bar.low, bar.close)

    def preview(self, bar: StudyBar) -> tuple[float, ...]:
        return self._running.preview(bar.open, bar.high, bar.low, bar.close)


class EmaFormula:
    def __init__(self, numbers: tuple[float, ...]) -> None:
        self._period = int(numbers[0])
        self._running = running.Ema(self._period)

    def load(self, bars: StudyBars) -> tuple[Floats, ...]:
        found = indicators.ema(bars.close, self._period)
        _resume_mean(self._running, found, bars.close)
        return (found,)

    def update(self, bar: StudyBar) -> tuple[float, ...]:
        return (_known(self._running.update(bar.close)),)

    def preview(self, bar: StudyBar) -> tuple[float, ...]:
        return (_known(self._running.preview(bar.close)),)


class VwapFormula:
    def __init__(self, numbers: tuple[float, ...]) -> None:
        self._running = running.SessionVwap()

    def load(self, bars: StudyBars) -> tuple[Floats, ...]:
        if len(bars):
            session = int(bars.session[-1])
            at = slice(int(np.searchsorted(bars.session, session)), None)
            typical = (bars.high[at] + bars.low[at] + bars.close[at]) / 3
            self._running.resume(session, float((typical * bars.volume[at]).sum()), float(bars.volume[at].sum()))
        return (indicators.session_vwap(bars.high, bars.low, bars.close, bars.volume, bars.session),)

    def update(self, bar: StudyBar) -> tuple[float, ...]:
        return (_known(self._running.update(bar.session, bar.high, bar.low, bar.close, bar.volume)),)

    def preview(self, bar: StudyBar) -> tuple[float, ...]:
        return (_known(self._running.preview(bar.session, bar.high, bar.low, bar.close, bar.volume)),)


class BollingerFormula:
    def __init__(self, numbers: tuple[float, ...]) -> None:
        self._period, self._width = int(numbers[0]), numbers[1]
        self._running = running.Bollinger(self._period, self._width)

    def load(self, bars: StudyBars) -> tuple[Floats, ...]:
        found = indicators.bollinger(bars.close, self._period, self._width)
        self._running.resume(bars.close[-self._period :].tolist())
        return found.middle, found.upper, found.lower

    def update(self, bar: StudyBar) -> tuple[float, ...]:
        return self._lines(self._running.update(bar.close))

    def preview(self, bar: StudyBar) -> tuple[float, ...]:
        return self._lines(self._running.preview(bar.close))

    def _lines(self, bands: tuple[float, float, float] | None) -> tuple[float, ...]:
        return (UNKNOWN,) * 3 if bands is None else (bands[1], bands[2], bands[0])


class RsiFormula:
    def __init__(self, numbers: tuple[float, ...]) -> None:
        self._period = int(numbers[0])
        self._running = running.Rsi(self._period)

    def load(self, bars: StudyBars) -> tuple[Floats, ...]:
        changes = np.diff(bars.close)
        gains = indicators.rma(np.maximum(changes, 0.0), self._period)
        losses = indicators.rma(np.maximum(-changes, 0.0), self._period)
        if len(changes) >= self._period:
            self._running.resume(float(gains[-1]), float(losses[-1]), float(bars.close[-1]))
        else:
            for close in bars.close.tolist():
                self._running.update(close)
        return (indicators.rsi(bars.close, self._period),)

    def update(self, bar: StudyBar) -> tuple[float, ...]:
        return (_known(self._running.update(bar.close)),)

    def preview(self, bar: StudyBar) -> tuple[float, ...]:
        return (_known(self._running.preview(bar.close)),)


class MacdFormula:
    def __init__(self, numbers: tuple[float, ...]) -> None:
        self._fast, self._slow, self._signal = (int(number) for number in numbers)
        self._running = running.Macd(self._fast, self._slow, self._signal)

    def load(self, bars: StudyBars) -> tuple[Floats, ...]:
        found = indicators.macd(bars.close, self._fast, self._slow, self._signal)
        if len(bars) and not np.isnan(found.signal[-1]):
            fast, slow = (float(indicators.ema(bars.close, period)[-1]) for period in (self._fast, self._slow))
            self._running.resume(fast, slow, float(found.signal[-1]))
        else:
            for close in bars.close.tolist():
                self._running.update(close)
        return found.line, found.signal, found.histogram

    def update(self, bar: StudyBar) -> tuple[float, ...]:
        return self._lines(*self._running.update(bar.close))

    def preview(self, bar: StudyBar) -> tuple[float, ...]:
        return self._lines(*self._running.preview(bar.close))

    def _lines(self, line: float | None, signal: float | None) -> tuple[float, ...]:
        histogram = UNKNOWN if line is None or signal is None else line - signal
        return _known(line), _known(signal), histogram


class AtrFormula:
    def __init__(self, numbers: tuple[float, ...]) -> None:
        self._period = int(numbers[0])
        self._running = running.AverageRange(self._period)

    def load(self, bars: StudyBars) -> tuple[Floats, ...]:
        found = indicators.atr(bars.high, bars.low, bars.close, self._period)
        if len(bars) >= self._period:
            self._running.resume(float(found[-1]), float(bars.close[-1]))
        else:
            for high, low, close in zip(bars.high.tolist(), bars.low.tolist(), bars.close.tolist(), strict=True):
                self._running.update(high, low, close)
        return (found,)

    def update(self, bar: StudyBar) -> tuple[float, ...]:
        return (_known(self._running.update(bar.high, bar.low, bar.close)),)

    def preview(self, bar: StudyBar) -> tuple[float, ...]:
        return (_known(self._running.preview(bar.high, bar.low)),)


def _resume_mean(mean: running.Ema, found: Floats, values: Floats) -> None:
    """Goes on from the last mean; before the first one the few values are fed."""
    if len(found) and not np.isnan(found[-1]):
        mean.resume(float(found[-1]))
    else:
        for value in values.tolist():
            mean.update(value)


def _known(value: float | None) -> float:
    return UNKNOWN if value is None else value
