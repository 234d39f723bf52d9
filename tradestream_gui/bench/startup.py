"""P1: the real window from the start of the process to first paint and to ready, against a bare PyQt6 window."""

import sys
import time
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tradestream_gui.bench.child import give_figures, run_child
from tradestream_gui.bench.report import BenchReport, Figure, medians, spread_of

MODULE = "tradestream_gui.bench.startup"
HEAVY = ("sqlalchemy", "httpx", "numpy", "pyqtgraph", "discord", "pandas", "pydantic", "cryptography", "ib_insync")
FORBIDDEN = (*HEAVY, "aiohttp", "ruamel", "alembic", "keyring")  # P1f: none of these before the first paint
VARIANTS = ("bare", "window", "eager")
HEARTBEAT_MS = 5


def measure(rounds: int) -> BenchReport:
    """Interleaved fresh processes; the first round warms the page cache and is dropped."""
    found: dict[str, list[dict[str, float]]] = {variant: [] for variant in VARIANTS}
    heavy = 0.0
    for round_no in range(rounds + 1):
        for variant in VARIANTS:
            figures = _figures_of(variant)
            heavy = max(heavy, figures["heavy_modules"] if variant == "window" else 0.0)
            if round_no:
                found[variant].append(figures)
    bare, window = medians(found["bare"]), medians(found["window"])
    eager_ms = median(figures["first_paint_ms"] for figures in found["eager"])
    painted_ms, bare_ms = window["first_paint_ms"], bare["first_paint_ms"]
    return BenchReport(
        "startup",
        (
            Figure("", "bare PyQt6 window, first paint", bare_ms, "ms"),
            Figure("P1a", "real window, first paint", painted_ms, "ms", bare_ms, 2.5, 4.0),
            Figure("P1a", "real window, first paint", painted_ms, "ms", None, 150.0, 250.0),
            Figure("P1b", "against everything imported first", painted_ms, "ms", eager_ms, 0.25, 0.5),
            Figure("P1d", "longest stall from paint to ready", window["longest_stall_ms"], "ms", None, 33.0, 50.0),
            Figure("P1f", "heavy packages loaded at first paint", heavy, "", None, 0.0, 0.0),
            Figure("", "usable: tab in sight on the core", window["usable_ms"], "ms", None, 1000.0, 1500.0),
            Figure("", "every tab and dock ready", window["ready_ms"], "ms"),
        ),
        rounds,
        spread_of([figures["first_paint_ms"] for figures in found["bare"]]),
    )


def _figures_of(variant: str) -> dict[str, float]:
    with TemporaryDirectory(prefix="tradestream-bench-") as folder:
        return run_child(MODULE, [variant, repr(time.time()), folder])


def _child(variant: str, started: float, folder: Path) -> None:
    if variant == "window":
        _real_window(started, folder)
        return
    if variant == "eager":
        for name in HEAVY:
            import_module(name)
    _bare_window(started)


def _bare_window(started: float) -> None:
    from PyQt6.QtGui import QPaintEvent
    from PyQt6.QtWidgets import QApplication, QMainWindow

    class Window(QMainWindow):
        def paintEvent(self, event: QPaintEvent | None) -> None:
            super().paintEvent(event)
            give_figures(_first_paint(started))

    app = QApplication([])
    window = Window()
    window.resize(1400, 900)
    window.show()
    app.exec()


def _real_window(started: float, folder: Path) -> None:
    """`tradestream --demo` in a folder of its own; ends itself when every tab and dock is there."""
    from tradestream_gui.cli import build_parser, launch_from, load_window

    launch = launch_from(build_parser().parse_args(["--demo", "--data-dir", str(folder)]))
    app = load_window()
    watch = _StartWatch(started)
    app.run_window(launch, app.StartMoments(watch.on_painted, watch.on_usable, watch.on_ready))


class _StartWatch:
    """Notes the first paint, then beats every 5 ms until ready: the longest wait between two beats is the stall."""

    def __init__(self, started: float) -> None:
        from PyQt6.QtCore import Qt, QTimer

        self._started = started
        self._figures: dict[str, float] = {}
        self._beat_at = 0.0
        self._longest_s = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)

    def on_painted(self) -> None:
        self._figures = _first_paint(self._started)
        self._beat_at = time.perf_counter()
        self._timer.start(HEARTBEAT_MS)

    def on_usable(self) -> None:
        self._figures["usable_ms"] = (time.time() - self._started) * 1000

    def on_ready(self) -> None:
        self._on_beat()
        stall_ms = max(self._longest_s * 1000 - HEARTBEAT_MS, 0.0)
        ready_ms = (time.time() - self._started) * 1000
        give_figures(self._figures | {"ready_ms": ready_ms, "longest_stall_ms": stall_ms})

    def _on_beat(self) -> None:
        now = time.perf_counter()
        self._longest_s = max(self._longest_s, now - self._beat_at)
        self._beat_at = now


def _first_paint(started: float) -> dict[str, float]:
    first_paint_ms = (time.time() - started) * 1000  # two processes compare: only the wall clock is common to both
    loaded = [name for name in FORBIDDEN if name in sys.modules]
    return {"first_paint_ms": first_paint_ms, "heavy_modules": float(len(loaded))}


if __name__ == "__main__":
    _child(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]))
