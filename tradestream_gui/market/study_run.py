"""The values of an indicator over a chart's bars, the forming bar's included."""

from collections.abc import Callable

import numpy as np

from tradestream_gui.market.indicators import Floats
from tradestream_gui.market.studies import Study, StudyKind
from tradestream_gui.market.study_formulas import (
    AtrFormula,
    BollingerFormula,
    EmaFormula,
    Formula,
    MacdFormula,
    RsiFormula,
    StudyBar,
    StudyBars,
    VwapFormula,
)

FIRST_ROOM = 1024


class StudyRun:
    """The values of one study over a chart's bars; a new bar and a move of the last one cost a step, not a history."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._values = ValueRun(FORMULAS[study.kind](study.numbers), len(study.kind.value.lines))

    def load(self, bars: StudyBars) -> None:
        self._values.load(bars)

    def append(self, bar: StudyBar) -> None:
        self._values.append(bar)

    def move_last(self, bar: StudyBar) -> None:
        self._values.move_last(bar)

    def line(self, number: int) -> Floats:
        """One value a bar, not-a-number where there is none yet; a view, to be read at once."""
        return self._values.line(number)


class ValueRun:
    """Lines of values in buffers that grow by doubling. The last bar counts as forming until the next one comes."""

    def __init__(self, formula: Formula, lines: int) -> None:
        self._formula = formula
        self._buffer: Floats = np.empty((lines, FIRST_ROOM))
        self._count = 0
        self._last: StudyBar | None = None

    def load(self, bars: StudyBars) -> None:
        """Takes all bars, the forming one last; for a fresh run only."""
        self._count = len(bars)
        self._buffer = np.empty((len(self._buffer), max(FIRST_ROOM, self._count * 5 // 4)))
        if not self._count:
            return
        for row, line in zip(self._buffer, self._formula.load(bars.without_last()), strict=True):
            row[: self._count - 1] = line
        self._last = bars.row(self._count - 1)
        self._buffer[:, self._count - 1] = self._formula.preview(self._last)

    def append(self, bar: StudyBar) -> None:
        if self._last is not None:
            self._buffer[:, self._count - 1] = self._formula.update(self._last)
        if self._count == self._buffer.shape[1]:
            grown = np.empty((len(self._buffer), self._count * 2))
            grown[:, : self._count] = self._buffer
            self._buffer = grown
        self._last = bar
        self._count += 1
        self._buffer[:, self._count - 1] = self._formula.preview(bar)

    def move_last(self, bar: StudyBar) -> None:
        self._last = bar
        self._buffer[:, self._count - 1] = self._formula.preview(bar)

    def line(self, number: int) -> Floats:
        return self._buffer[number, : self._count]


FORMULAS: dict[StudyKind, Callable[[tuple[float, ...]], Formula]] = {
    StudyKind.EMA: EmaFormula,
    StudyKind.VWAP: VwapFormula,
    StudyKind.BOLLINGER: BollingerFormula,
    StudyKind.RSI: RsiFormula,
    StudyKind.MACD: MacdFormula,
    StudyKind.ATR: AtrFormula,
}
