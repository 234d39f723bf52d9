"""The indicators and Heikin-Ashi bars of one chart, kept beside its bars: a tick moves one value of each."""

from collections.abc import Sequence

import numpy as np

from tradestream_gui.market.regular_hours import session_number
from tradestream_gui.market.studies import Study
from tradestream_gui.market.study_formulas import HeikinAshiFormula, StudyBar, StudyBars
from tradestream_gui.market.study_run import StudyRun, ValueRun
from tradestream_gui.ui.charts.bar_store import BarStore
from tradestream_gui.ui.charts.chart_data import BarValues


class StudySet:
    """The only owner of a chart's study values. `session_opens` are UTC seconds at which sessions open."""

    def __init__(self, store: BarStore) -> None:
        self._store = store
        self._opens: Sequence[int] = ()
        self._heikin_ashi: ValueRun | None = None
        self.runs: list[StudyRun] = []
        self.heikin_ashi = BarStore()

    @property
    def over_prices(self) -> list[StudyRun]:
        return [run for run in self.runs if run.study.kind.value.is_over_prices]

    @property
    def in_panes(self) -> list[StudyRun]:
        return [run for run in self.runs if not run.study.kind.value.is_over_prices]

    def choose(self, studies: Sequence[Study], session_opens: Sequence[int], *, heikin_ashi: bool) -> None:
        """Computes these over all bars; those that are known already keep their values."""
        if session_opens != self._opens:
            self._opens = session_opens
            self.runs = []
        known = {run.study: run for run in self.runs}
        self.runs = [known.get(study) or self._run(study) for study in studies]
        if heikin_ashi is (self._heikin_ashi is None):
            self._heikin_ashi = ValueRun(HeikinAshiFormula(), 4) if heikin_ashi else None
            self._load_heikin_ashi()

    def reload(self) -> None:
        """The bars were replaced."""
        self.runs = [self._run(run.study) for run in self.runs]
        if self._heikin_ashi is not None:
            self._heikin_ashi = ValueRun(HeikinAshiFormula(), 4)
            self._load_heikin_ashi()

    def append(self, bar: BarValues) -> None:
        row = self._row(bar)
        for run in self.runs:
            run.append(row)
        if self._heikin_ashi is not None:
            self._heikin_ashi.append(row)
            index = self._store.count - 1
            if index:
                self.heikin_ashi.update_last(self._heikin_ashi_bar(index - 1))
            self.heikin_ashi.append(self._heikin_ashi_bar(index))

    def move_last(self, bar: BarValues) -> None:
        row = self._row(bar)
        for run in self.runs:
            run.move_last(row)
        if self._heikin_ashi is not None:
            self._heikin_ashi.move_last(row)
            self.heikin_ashi.update_last(self._heikin_ashi_bar(self._store.count - 1))

    def _run(self, study: Study) -> StudyRun:
        run = StudyRun(study)
        run.load(self._bars())
        return run

    def _bars(self) -> StudyBars:
        opens, highs, lows, closes, volumes = self._store.window(0, self._store.count)
        sessions = np.searchsorted(np.asarray(self._opens, np.int64), self._store.times(), side="right")
        return StudyBars(opens, highs, lows, closes, volumes, sessions.astype(np.int64))

    def _row(self, bar: BarValues) -> StudyBar:
        return StudyBar(bar.open, bar.high, bar.low, bar.close, bar.volume, session_number(self._opens, bar.time))

    def _load_heikin_ashi(self) -> None:
        self.heikin_ashi = BarStore()
        run, count = self._heikin_ashi, self._store.count
        if run is None or not count:
            return
        run.load(self._bars())
        self.heikin_ashi.load_columns(
            self._store.times(), [*(run.line(number) for number in range(4)), self._store.window(0, count)[4]]
        )

    def _heikin_ashi_bar(self, index: int) -> BarValues:
        assert self._heikin_ashi is not None, "asked only while they are drawn"
        open_, high, low, close = (float(self._heikin_ashi.line(number)[index]) for number in range(4))
        real = self._store.bar(index)
        return BarValues(real.time, open_, high, low, close, real.volume)
