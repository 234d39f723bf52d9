"""A chart's indicators: what they are called, and that a live bar gives what the whole formula gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradestream_gui.market import indicators
from tradestream_gui.market.indicators import Floats
from tradestream_gui.market.studies import Study, StudyKind, study_of
from tradestream_gui.market.study_formulas import HeikinAshiFormula, StudyBar, StudyBars
from tradestream_gui.market.study_run import StudyRun, ValueRun

STUDIES = (
    Study(StudyKind.EMA, (9.0,)),
    Study(StudyKind.VWAP),
    Study(StudyKind.BOLLINGER, (5.0, 2.0)),
    Study(StudyKind.RSI, (4.0,)),
    Study(StudyKind.MACD, (3.0, 6.0, 4.0)),
    Study(StudyKind.ATR, (5.0,)),
)
PRICE = st.integers(4_000, 4_200).map(lambda ticks: ticks * 0.25)


@st.composite
def bars(draw: st.DrawFn) -> list[StudyBar]:
    found, session = [], 0
    for _ in range(draw(st.integers(1, 40))):
        prices = [draw(PRICE) for _ in range(4)]
        session += draw(st.integers(0, 9)) == 0
        volume = float(draw(st.integers(0, 50)))
        found.append(StudyBar(prices[0], max(prices), min(prices), prices[3], volume, session))
    return found


def columns(rows: list[StudyBar]) -> StudyBars:
    return StudyBars(
        open=np.array([row.open for row in rows]),
        high=np.array([row.high for row in rows]),
        low=np.array([row.low for row in rows]),
        close=np.array([row.close for row in rows]),
        volume=np.array([row.volume for row in rows]),
        session=np.array([row.session for row in rows], np.int64),
    )


def whole(study: Study, found: StudyBars) -> tuple[Floats, ...]:
    """The lines from the formulas over whole arrays alone."""
    numbers = [int(number) for number in study.numbers]
    match study.kind:
        case StudyKind.EMA:
            return (indicators.ema(found.close, numbers[0]),)
        case StudyKind.VWAP:
            return (indicators.session_vwap(found.high, found.low, found.close, found.volume, found.session),)
        case StudyKind.BOLLINGER:
            bands = indicators.bollinger(found.close, numbers[0], study.numbers[1])
            return bands.middle, bands.upper, bands.lower
        case StudyKind.RSI:
            return (indicators.rsi(found.close, numbers[0]),)
        case StudyKind.MACD:
            macd = indicators.macd(found.close, *numbers)
            return macd.line, macd.signal, macd.histogram
        case StudyKind.ATR:
            return (indicators.atr(found.high, found.low, found.close, numbers[0]),)


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.title)
@settings(max_examples=60, deadline=None)
@given(rows=bars(), loaded=st.integers(0, 40), wiggles=st.integers(0, 2))
def test_the_live_bar_gives_what_the_whole_formula_gives(
    study: Study, rows: list[StudyBar], loaded: int, wiggles: int
) -> None:
    loaded = min(loaded, len(rows))
    run = StudyRun(study)
    run.load(columns(rows[:loaded]))
    for row in rows[loaded:]:
        run.append(StudyBar(row.open, row.open, row.open, row.open, 0.0, row.session))
        for _ in range(wiggles):
            run.move_last(StudyBar(row.open, row.high, row.open, row.high, row.volume / 2, row.session))
        run.move_last(row)
    for number, expected in enumerate(whole(study, columns(rows))):
        assert run.line(number) == pytest.approx(expected, rel=1e-9, abs=1e-7, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(rows=bars(), loaded=st.integers(0, 40))
def test_live_heikin_ashi_bars_equal_those_of_the_whole_array(rows: list[StudyBar], loaded: int) -> None:
    loaded = min(loaded, len(rows))
    run = ValueRun(HeikinAshiFormula(), 4)
    run.load(columns(rows[:loaded]))
    for row in rows[loaded:]:
        run.append(StudyBar(row.open, row.open, row.open, row.open, 0.0, row.session))
        run.move_last(row)
    found = columns(rows)
    for number, expected in enumerate(indicators.heikin_ashi(found.open, found.high, found.low, found.close)):
        assert run.line(number) == pytest.approx(expected)


def test_heikin_ashi_by_hand() -> None:
    """Three bars: closes are the means, each open the middle of the Heikin-Ashi bar before."""
    found = indicators.heikin_ashi(
        np.array([10.0, 12, 13]), np.array([14.0, 15, 13.5]), np.array([9.0, 11, 8]), np.array([13.0, 14, 9])
    )
    assert found[0] == pytest.approx([11.5, 11.5, 12.25])
    assert found[3] == pytest.approx([11.5, 13.0, 10.875])
    assert found[1] == pytest.approx([14.0, 15, 13.5])
    assert found[2] == pytest.approx([9.0, 11, 8])


def test_a_study_is_written_down_and_read_back() -> None:
    for study in STUDIES:
        assert study_of(study.code) == study
    assert Study(StudyKind.BOLLINGER, (20.0, 2.5)).code == "bollinger:20:2.5"
    assert Study(StudyKind.MACD, (12.0, 26.0, 9.0)).title == "MACD 12 26 9"


@pytest.mark.parametrize("code", ["", "ema", "ema:x", "ema:0", "ema:9:9", "zigzag:3", "rsi:99999", "ema:nan"])
def test_a_study_that_cannot_be_read_is_none(code: str) -> None:
    assert study_of(code) is None


def test_growing_past_the_first_room_keeps_every_value() -> None:
    run = StudyRun(Study(StudyKind.EMA, (3.0,)))
    run.load(columns([]))
    closes = [100 + number % 7 for number in range(3000)]
    for close in closes:
        run.append(StudyBar(close, close, close, close, 1.0, 1))
    assert run.line(0) == pytest.approx(indicators.ema(np.array(closes, float), 3), nan_ok=True)
