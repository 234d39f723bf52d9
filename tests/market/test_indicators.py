"""Indicators show the figures that TradingView shows, over whole arrays and bar by bar alike."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.quotes import Bar, DataKind
from tradestream_gui.market import indicators, running
from tradestream_gui.market.atr import Atr

CHART_SCHOOL = np.array(
    [
        *(44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433),
        *(46.0826, 45.8931, 46.0328, 45.6140, 46.2820, 46.2820, 46.0028, 46.0328, 46.4116),
    ]
)
INDEX = np.arange(120)
CLOSES = 100 + 10 * np.sin(INDEX / 5) + INDEX / 10
HIGHS = CLOSES + 1 + 0.25 * (INDEX % 3)
LOWS = CLOSES - 1 - 0.5 * (INDEX % 2)


def bars() -> list[Bar]:
    def exact(value: float) -> Decimal:
        return Decimal(repr(float(value)))

    start = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)
    return [
        Bar(
            InstrumentId("ESH6"),
            start + timedelta(minutes=i),
            60,
            exact(CLOSES[i]),
            exact(HIGHS[i]),
            exact(LOWS[i]),
            exact(CLOSES[i]),
            1,
            DataKind.RECORDED,
        )
        for i in range(len(CLOSES))
    ]


def as_array(values: list[float | None]) -> indicators.Floats:
    return np.array([np.nan if value is None else value for value in values])


def test_rsi_of_the_published_example() -> None:
    found = indicators.rsi(CHART_SCHOOL)
    assert np.isnan(found[:14]).all()
    assert found[14:] == pytest.approx([70.5328, 66.3186, 66.5498, 69.4063], abs=5e-5)


def test_rsi_of_a_flat_market_is_unknown_and_of_a_rising_one_100() -> None:
    assert np.isnan(indicators.rsi(np.full(40, 50.0))).all()
    assert indicators.rsi(np.arange(40.0))[14:] == pytest.approx(100)
    assert indicators.rsi(-np.arange(40.0))[14:] == pytest.approx(0)


def test_atr_starts_at_the_fourteenth_bar_as_on_tradingview() -> None:
    found = indicators.atr(HIGHS, LOWS, CLOSES)
    assert np.isnan(found[:13]).all()
    assert found[[13, 14, 33, 119]] == pytest.approx([2.700657, 2.700976, 2.857097, 2.749315], abs=1e-6)


def test_the_exact_atr_of_the_risk_rails_equals_the_charts() -> None:
    exact = Atr()
    values = [exact.update(bar) for bar in bars()]
    assert values[12] is None
    found = as_array([None if value is None else float(value) for value in values])
    assert found == pytest.approx(indicators.atr(HIGHS, LOWS, CLOSES), abs=1e-9, nan_ok=True)


def test_macd_line_and_signal_as_on_tradingview() -> None:
    found = indicators.macd(CLOSES)
    assert np.isnan(found.line[:25]).all()
    assert np.isnan(found.signal[:33]).all()
    assert (found.line[33], found.signal[33]) == pytest.approx((-1.563064, -4.200520), abs=1e-6)
    assert (found.line[119], found.signal[119]) == pytest.approx((-2.482653, -0.967688), abs=1e-6)
    assert found.histogram[119] == pytest.approx(-2.482653 + 0.967688, abs=2e-6)


def test_bollinger_bands_use_the_population_deviation() -> None:
    found = indicators.bollinger(CLOSES)
    assert np.isnan(found.upper[:19]).all()
    assert found.upper[26] == pytest.approx(115.111542, abs=1e-6)
    assert found.middle[26] - found.lower[26] == pytest.approx(found.upper[26] - found.middle[26])


def test_vwap_begins_anew_with_each_session() -> None:
    highs, lows = np.array([10, 11, 10.8, 10]), np.array([9, 9.5, 10.2, 9])
    closes, volumes = np.array([9.5, 10.5, 10.4, 9.5]), np.array([100.0, 200, 300, 50])
    found = indicators.session_vwap(highs, lows, closes, volumes, np.array([1, 1, 1, 2]))
    assert found == pytest.approx([9.5, 10.055556, 10.261111, 9.5], abs=1e-6)


def test_vwap_without_volume_is_unknown() -> None:
    ones = np.ones(2)
    assert np.isnan(indicators.session_vwap(ones, ones, ones, np.zeros(2), np.array([1, 1]))).all()


def test_vwap_of_no_bars_is_empty() -> None:
    none = np.empty(0)
    assert len(indicators.session_vwap(none, none, none, none, np.empty(0, np.int64))) == 0


def test_short_histories_give_no_value_instead_of_a_guess() -> None:
    three = np.array([1.0, 2.0, 3.0])
    for found in (
        indicators.sma(three, 5),
        indicators.ema(three, 5),
        indicators.rsi(three),
        indicators.macd(three).line,
    ):
        assert np.isnan(found).all()
    assert len(indicators.atr(np.empty(0), np.empty(0), np.empty(0))) == 0
    assert np.isnan(indicators.bollinger(three).upper).all()


def test_ema_is_seeded_with_the_mean_of_its_first_values() -> None:
    assert indicators.ema(np.array([1.0, 2, 3, 7]), 3) == pytest.approx([np.nan, np.nan, 2, 4.5], nan_ok=True)


@pytest.mark.parametrize("period", [2, 14, 20, 200])
def test_a_long_history_is_what_bar_by_bar_finds(period: int) -> None:
    """Longer than the rows in which whole arrays are worked off."""
    closes = 6000 + np.cumsum(np.random.default_rng(period).normal(0, 0.6, 3 * indicators.ROW + 17))
    ema, rma, bands = running.Ema(period), running.Rma(period), running.Bollinger(period)
    rows = [(ema.update(close), rma.update(close), bands.update(close)) for close in closes.tolist()]
    whole = indicators.bollinger(closes, period)
    assert as_array([row[0] for row in rows]) == pytest.approx(indicators.ema(closes, period), nan_ok=True, abs=1e-9)
    assert as_array([row[1] for row in rows]) == pytest.approx(indicators.rma(closes, period), nan_ok=True, abs=1e-9)
    upper = as_array([None if row[2] is None else row[2][2] for row in rows])
    assert upper == pytest.approx(whole.upper, nan_ok=True, abs=1e-5)  # far below any tick


def test_bar_by_bar_and_whole_array_agree_and_a_preview_is_the_next_update() -> None:
    rsi, macd, bands, ema = running.Rsi(), running.Macd(), running.Bollinger(), running.Ema(9)
    rows = []
    for close in CLOSES.tolist():
        preview = (rsi.preview(close), macd.preview(close), bands.preview(close), ema.preview(close))
        update = (rsi.update(close), macd.update(close), bands.update(close), ema.update(close))
        assert preview == update
        rows.append(update)
    whole = indicators.macd(CLOSES)
    assert as_array([row[0] for row in rows]) == pytest.approx(indicators.rsi(CLOSES), nan_ok=True)
    assert as_array([row[1][0] for row in rows]) == pytest.approx(whole.line, nan_ok=True)
    assert as_array([row[1][1] for row in rows]) == pytest.approx(whole.signal, nan_ok=True)
    assert as_array([None if row[2] is None else row[2][2] for row in rows]) == pytest.approx(
        indicators.bollinger(CLOSES).upper, nan_ok=True
    )
    assert as_array([row[3] for row in rows]) == pytest.approx(indicators.ema(CLOSES, 9), nan_ok=True)


def test_running_vwap_previews_the_forming_bar_without_keeping_it() -> None:
    vwap = running.SessionVwap()
    monday, tuesday = 739_936, 739_937
    assert vwap.update(monday, 10, 9, 9.5, 100) == pytest.approx(9.5)
    assert vwap.preview(monday, 11, 9.5, 10.5, 200) == pytest.approx(10.055556, abs=1e-6)
    assert vwap.preview(tuesday, 11, 9.5, 10.5, 200) == pytest.approx(31 / 3)
    assert vwap.update(monday, 11, 9.5, 10.5, 200) == pytest.approx(10.055556, abs=1e-6)
    assert vwap.update(tuesday, 11, 9.5, 10.5, 0) is None


@pytest.mark.parametrize("make", [lambda: Atr(0), lambda: running.Ema(0), lambda: running.Rsi(0)])
def test_a_period_below_one_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError):
        make()
