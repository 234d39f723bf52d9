"""P5: the candle chart at a thousand and a million bars, with everything drawn on it, and beside three other charts."""

import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from tradestream_gui.bench.child import BenchFailed, give_figures, run_child
from tradestream_gui.bench.peers import FOLDER_VARIABLE, peer_python, run_peer
from tradestream_gui.bench.report import BenchReport, Figure, medians, spread_of

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QApplication

    from tradestream_gui.ui.charts.candles import CandleChart
    from tradestream_gui.ui.charts.chart_data import BarArrays
    from tradestream_gui.ui.charts.chart_view import ChartView

MODULE = "tradestream_gui.bench.chart"
PEER_SCRIPT = Path(__file__).with_name("chart_peer.py")
SMALL, MIDDLE, LARGE = 1_000, 100_000, 1_000_000
FRAMES = 40
WINDOWS = 60
"""Random windows in which each pixel's extremes are compared with brute force."""
PEER_ROUNDS = {MIDDLE: 3, LARGE: 1}
PEER_VENVS = {"vnpy": "peers", "finplot": "charts", "lightweight": "charts"}
Rounds = dict[tuple[str, int], list[dict[str, float]]]


def measure(rounds: int) -> BenchReport:
    """Interleaved fresh processes; a frame is the change of view or data with its painting, in CPU time."""
    found: dict[int, list[dict[str, float]]] = {size: [] for size in (SMALL, MIDDLE, LARGE)}
    peers: Rounds = {}
    remarks: list[str] = []
    for number in range(rounds):
        for size, told in found.items():
            told.append(run_child(MODULE, [str(size)]))
        _measure_peers(number, peers, remarks)
    ours = {size: medians(told) for size, told in found.items()}
    spread = spread_of([figures["pan_ms"] for figures in found[SMALL]])
    figures = (*_own_figures(ours), *_peer_figures(ours, {key: medians(told) for key, told in peers.items()}))
    return BenchReport("chart", figures, rounds, spread, tuple(dict.fromkeys(remarks)))


def _measure_peers(number: int, peers: Rounds, remarks: list[str]) -> None:
    """Slow peers are measured in fewer rounds; one that is not there is told of and left out."""
    for peer, venv in PEER_VENVS.items():
        python = peer_python(venv)
        if python is None:
            remarks.append(f"{peer} was not measured: {FOLDER_VARIABLE} names no folder with the environment {venv!r}")
            continue
        for size, most in PEER_ROUNDS.items():
            if number >= most or (peer == "lightweight" and size == LARGE):
                continue
            try:
                peers.setdefault((peer, size), []).append(run_peer(python, PEER_SCRIPT, [peer, str(size)]))
            except BenchFailed as failed:
                remarks.append(str(failed))
                if not peers[peer, size]:
                    del peers[peer, size]


def _own_figures(ours: dict[int, dict[str, float]]) -> list[Figure]:
    small, middle, large = ours[SMALL], ours[MIDDLE], ours[LARGE]
    return [
        Figure("P5a", "pan 300 of 1M bars", large["pan_ms"], "ms", small["pan_ms"], 1.3, 1.6),
        Figure("P5a", "zoom in all of 1M bars", large["zoom_ms"], "ms", small["zoom_ms"], 1.3, 1.6),
        Figure("P5d", "live bar, 300 of 100k in view", middle["live_ms"], "ms"),
        Figure("P5e", "everything on, 100k bars", middle["full_ms"], "ms", middle["pan_ms"], 3.0, 5.0),
        Figure("P5e", "everything on, 100k bars", middle["full_ms"], "ms", None, 4.0, 8.0),
        Figure("P5f", "load 100k bars to first frame", middle["load_ms"], "ms"),
        Figure("P5g", "memory of 100k bars", middle["memory_mib"], "MiB"),
        Figure("P5h", "pixel columns that are not exact", middle["inexact"] + large["inexact"], "", None, 0.0, 0.0),
    ]


def _peer_figures(ours: dict[int, dict[str, float]], peers: dict[tuple[str, int], dict[str, float]]) -> list[Figure]:
    """(gate, words, figure of ours, peer, size, goal, must) for each peer that was there."""
    wanted = (
        ("P5b", "pan all of 100k, vnpy", "pan_all_ms", "vnpy", MIDDLE, 1 / 200, 1 / 50),
        ("P5b", "pan all of 1M, vnpy", "pan_all_ms", "vnpy", LARGE, 1 / 2000, 1 / 500),
        ("P5c", "pan all of 100k, finplot", "pan_all_ms", "finplot", MIDDLE, 1 / 3, 1 / 2),
        ("P5c", "pan all of 1M, finplot", "pan_all_ms", "finplot", LARGE, 1 / 15, 1 / 8),
        ("P5d", "live bar of 100k, finplot", "live_ms", "finplot", MIDDLE, 1 / 30, 1 / 10),
        ("P5d", "live bar of 100k, vnpy", "live_ms", "vnpy", MIDDLE, 1 / 50, 1 / 20),
        ("P5f", "load 100k, lightweight-charts", "load_ms", "lightweight", MIDDLE, 1 / 30, 1 / 10),
        ("P5g", "memory of 100k, lightweight-charts", "memory_mib", "lightweight", MIDDLE, 1 / 25, 1 / 10),
    )
    return [
        Figure(gate, words, ours[size][key], "MiB" if key == "memory_mib" else "ms", peers[peer, size][key], goal, must)
        for gate, words, key, peer, size, goal, must in wanted
        if (peer, size) in peers
    ]


def _child(size: int) -> None:
    from PyQt6.QtCore import QPointF
    from PyQt6.QtWidgets import QApplication

    from tradestream_gui.paths import bundled_root
    from tradestream_gui.ui.charts.candles import CandleChart
    from tradestream_gui.ui.shell.look import Look

    app = QApplication([])
    look = Look(app, themes_dir=bundled_root("themes"), resources_dir=bundled_root("resources"))
    bars = _bars(size)
    bare = _memory_mib()
    chart = CandleChart(look, tick=0.25)
    chart.resize(1200, 800)
    chart.show()
    app.processEvents()
    began = process_time()
    chart.set_bars(bars)
    app.processEvents()
    found = {"load_ms": (process_time() - began) * 1000}
    view = chart.view
    assert view is not None, "the chart was shown"
    found |= _moves(app, view, size)
    found["memory_mib"] = _memory_mib() - bare
    found["inexact"] = float(_inexact(view, size))
    _dress(chart, list(bars.times[-300:]), list(bars.closes))
    view.crosshair.point_at(QPointF(500.0, 300.0))
    found["full_ms"] = _frame_ms(app, lambda number: view.show_range(size - 320 - number, size - 20 - number))
    give_figures(found)


def _moves(app: "QApplication", view: "ChartView", size: int) -> dict[str, float]:
    """Panning three hundred bars and nine tenths of all, zooming into all, and a last bar that moves."""
    from tradestream_gui.ui.charts.chart_data import BarValues

    last = view.store.bar(size - 1)

    def pan(number: int) -> None:
        left = max(size / 2 - 300, 0) + number * 3
        view.show_range(left, left + 300)

    def pan_all(number: int) -> None:
        left = number % 5 * size * 0.01
        view.show_range(left, left + size * 0.9)

    def zoom(number: int) -> None:
        view.show_range(size * 0.004 * number, size - size * 0.004 * number)

    def live(number: int) -> None:
        close = last.close + (number % 2) * 0.25
        view.update_last(BarValues(last.time, last.open, last.high + 0.25, last.low, close, last.volume + number))

    found = {"pan_ms": _frame_ms(app, pan), "pan_all_ms": _frame_ms(app, pan_all), "zoom_ms": _frame_ms(app, zoom)}
    view.show_range(size - 300, size + 5)
    found["live_ms"] = _frame_ms(app, live)
    return found


def _frame_ms(app: "QApplication", step: Callable[[int], None]) -> float:
    """The median CPU time of a frame."""
    took = []
    for number in range(FRAMES):
        began = process_time()
        step(number)
        app.processEvents()
        took.append((process_time() - began) * 1000)
    return sorted(took)[FRAMES // 2]


def _inexact(view: "ChartView", size: int) -> int:
    """Pixel columns, over random windows, whose extremes are not those of their bars by brute force."""
    import numpy as np

    chance, wrong = np.random.default_rng(7), 0
    _, highs, lows, _, _ = view.store.window(0, size)
    for _ in range(WINDOWS):
        wide = float(chance.uniform(300, size))
        left = float(chance.uniform(0, size - wide)) if size > wide else 0.0
        columns = view.store.pixel_columns(left, wide / 1100, 1100)
        if columns is None:
            continue
        for first, end, high, low in zip(columns.first, columns.end, columns.high, columns.low, strict=True):
            wrong += bool(highs[first:end].max() != high or lows[first:end].min() != low)
    return wrong


def _memory_mib() -> float:
    """What this process holds in memory, shared pages by their part; 0 where the system does not tell."""
    told = Path("/proc/self/smaps_rollup")
    if not told.exists():
        return 0.0
    lines = [line for line in told.read_text(encoding="ascii").splitlines() if line.startswith("Pss:")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0


def _bars(size: int) -> "BarArrays":
    import numpy as np

    from tradestream_gui.ui.charts.chart_data import BarArrays

    chance = np.random.default_rng(3)
    closes = 6000 + np.cumsum(chance.normal(0, 0.6, size))
    opens = np.r_[closes[0], closes[:-1]]
    highs, lows = np.maximum(opens, closes) + chance.random(size), np.minimum(opens, closes) - chance.random(size)
    times = 1_700_000_000 + np.arange(size) * 60
    volumes = chance.integers(1, 500, size).astype(float)
    return BarArrays(times, opens, highs, lows, closes, volumes)  # type: ignore[arg-type]  # numpy's columns read as sequences


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
