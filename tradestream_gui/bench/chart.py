"""P5: the candle chart at a thousand and a million bars, and with everything drawn on it."""

import sys
from time import process_time
from typing import TYPE_CHECKING

from tradestream_gui.bench.child import give_figures, run_child
from tradestream_gui.bench.report import BenchReport, Figure, medians, spread_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QApplication

    from tradestream_gui.ui.charts.candles import CandleChart
    from tradestream_gui.ui.charts.chart_data import BarArrays

MODULE = "tradestream_gui.bench.chart"
SIZES = (1_000, 100_000, 1_000_000)
FRAMES = 40


def measure(rounds: int) -> BenchReport:
    """Interleaved fresh processes; a frame is the change of view or data with its painting, in CPU time."""
    found: dict[int, list[dict[str, float]]] = {size: [] for size in SIZES}
    for _ in range(rounds):
        for size in SIZES:
            found[size].append(run_child(MODULE, [str(size)]))
    small, middle, large = (medians(found[size]) for size in SIZES)
    return BenchReport(
        "chart",
        (
            Figure("P5a", "pan 300 of 1M bars", large["pan_ms"], "ms", small["pan_ms"], 1.3, 1.6),
            Figure("P5a", "zoom in all of 1M bars", large["zoom_ms"], "ms", small["zoom_ms"], 1.3, 1.6),
            Figure("P5d", "live bar, 300 of 100k in view", middle["live_ms"], "ms"),
            Figure("P5e", "everything on, 100k bars", middle["full_ms"], "ms", middle["pan_ms"], 3.0, 5.0),
            Figure("P5e", "everything on, 100k bars", middle["full_ms"], "ms", None, 4.0, 8.0),
            Figure("P5f", "load 100k bars to first frame", middle["load_ms"], "ms"),
        ),
        rounds,
        spread_of([figures["pan_ms"] for figures in found[SIZES[0]]]),
    )


def _child(size: int) -> None:
    from PyQt6.QtCore import QPointF
    from PyQt6.QtWidgets import QApplication

    from tradestream_gui.paths import bundled_root
    from tradestream_gui.ui.charts.candles import CandleChart
    from tradestream_gui.ui.charts.chart_data import BarValues
    from tradestream_gui.ui.shell.look import Look

    app = QApplication([])
    look = Look(app, themes_dir=bundled_root("themes"), resources_dir=bundled_root("resources"))
    chart = CandleChart(look, tick=0.25)
    chart.resize(1200, 800)
    chart.show()
    app.processEvents()
    bars = _bars(size)
    began = process_time()
    chart.set_bars(bars)
    app.processEvents()
    found = {"load_ms": (process_time() - began) * 1000}
    view = chart.view
    assert view is not None

    def pan(number: int) -> None:
        left = max(size / 2 - 300, 0) + number * 3
        view.show_range(left, left + 300)

    def zoom(number: int) -> None:
        view.show_range(size * 0.004 * number, size - size * 0.004 * number)

    last = view.store.bar(size - 1)

    def live(number: int) -> None:
        close = last.close + (number % 2) * 0.25
        view.update_last(BarValues(last.time, last.open, last.high + 0.25, last.low, close, last.volume + number))

    found["pan_ms"], found["zoom_ms"] = _frame_ms(app, pan), _frame_ms(app, zoom)
    view.show_latest()
    found["live_ms"] = _frame_ms(app, live)
    _dress(chart, list(bars.times[-300:]), list(bars.closes))
    view.crosshair.pointer = QPointF(500.0, 300.0)
    found["full_ms"] = _frame_ms(app, lambda number: view.show_range(size - 320 - number, size - 20 - number))
    give_figures(found)


def _frame_ms(app: "QApplication", step: "Callable[[int], None]") -> float:
    """The median CPU time of a frame."""
    took = []
    for number in range(FRAMES):
        began = process_time()
        step(number)
        app.processEvents()
        took.append((process_time() - began) * 1000)
    return sorted(took)[FRAMES // 2]


def _bars(size: int) -> "BarArrays":
    import numpy as np

    from tradestream_gui.ui.charts.chart_data import BarArrays

    chance = np.random.default_rng(3)
    closes = 6000 + np.cumsum(chance.normal(0, 0.6, size))
    opens = np.r_[closes[0], closes[:-1]]
    highs, lows = np.maximum(opens, closes) + chance.random(size), np.minimum(opens, closes) - chance.random(size)
    times = 1_700_000_000 + np.arange(size) * 60
    volumes = chance.integers(1, 500, size).astype(float)
    return BarArrays(*(column.tolist() for column in (times, opens, highs, lows, closes, volumes)))


def _dress(chart: "CandleChart", times: list[int], closes: list[float]) -> None:
    """Three indicators, fifty fills, a position with stop and target: a busy trading day."""
    from tradestream_gui.market.studies import Study, StudyKind
    from tradestream_gui.ui.charts.chart_data import ChartStyle, LineKind, Marker, MarkerKind, PriceLine

    means = [Study(StudyKind.EMA, (period,)) for period in (9.0, 20.0)]
    chart.set_studies([Study(StudyKind.VWAP), *means], ChartStyle.CANDLES)
    kinds = (MarkerKind.BUY_FILL, MarkerKind.SELL_FILL)
    step = len(times) // 50
    chart.set_markers(
        [Marker(str(n), times[n * step], closes[n * step - len(times)], kinds[n % 2], "fill") for n in range(50)]
    )
    price = closes[-1]
    chart.set_lines(
        [
            PriceLine("position", price - 4, LineKind.POSITION, "+2 ES"),
            PriceLine("stop", price - 10, LineKind.STOP, "STOP 2", draggable=True),
            PriceLine("target", price + 7, LineKind.TARGET, "TARGET 1", draggable=True),
        ]
    )


if __name__ == "__main__":
    _child(int(sys.argv[1]))
