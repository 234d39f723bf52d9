"""P1: from the start of the process to the first painted window, against a bare PyQt6 window and an eager import."""

import sys
import time
from importlib import import_module
from statistics import median

from tradestream_gui.bench.child import give_figures, run_child
from tradestream_gui.bench.report import BenchReport, Figure, spread_of

MODULE = "tradestream_gui.bench.startup"
HEAVY = ("sqlalchemy", "httpx", "numpy", "pyqtgraph", "discord", "pandas", "pydantic", "cryptography", "ib_insync")
FORBIDDEN = (*HEAVY, "aiohttp", "ruamel", "alembic", "keyring")  # P1f: none of these before the first paint
VARIANTS = ("bare", "kit", "eager")


def measure(rounds: int) -> BenchReport:
    """Interleaved fresh processes; the first round warms the page cache and is dropped."""
    found: dict[str, list[float]] = {variant: [] for variant in VARIANTS}
    heavy = 0.0
    for round_no in range(rounds + 1):
        for variant in VARIANTS:
            figures = run_child(MODULE, [variant, repr(time.time())])
            heavy = max(heavy, figures["heavy_modules"] if variant == "kit" else 0.0)
            if round_no:
                found[variant].append(figures["first_paint_ms"])
    middle = {variant: median(values) for variant, values in found.items()}
    return BenchReport(
        "startup",
        (
            Figure("", "bare PyQt6 window, first paint", middle["bare"], "ms"),
            Figure("P1a", "kit window, first paint", middle["kit"], "ms", middle["bare"], 2.5, 4.0),
            Figure("P1a", "kit window, first paint", middle["kit"], "ms", None, 150.0, 250.0),
            Figure("P1b", "against everything imported first", middle["kit"], "ms", middle["eager"], 0.25, 0.5),
            Figure("P1f", "heavy packages loaded at first paint", heavy, "", None, 0.0, 0.0),
        ),
        rounds,
        spread_of(found["bare"]),
    )


def _child(variant: str, started: float) -> None:
    if variant == "eager":
        for name in HEAVY:
            import_module(name)
    if variant == "bare":
        _bare_window(started)
    else:
        _kit_window(started)


def _bare_window(started: float) -> None:
    from PyQt6.QtGui import QPaintEvent
    from PyQt6.QtWidgets import QApplication, QMainWindow

    class Window(QMainWindow):
        def paintEvent(self, event: QPaintEvent | None) -> None:
            super().paintEvent(event)
            _report(started)

    app = QApplication([])
    window = Window()
    window.resize(1400, 900)
    window.show()
    app.exec()


def _kit_window(started: float) -> None:
    """The loop, the theme, the fonts and five tabs with tables: what every start has to do."""
    from PyQt6.QtGui import QPaintEvent
    from PyQt6.QtWidgets import QApplication, QMainWindow, QTabWidget

    from tradestream_gui.paths import bundled_root
    from tradestream_gui.ui.models.columns import Column
    from tradestream_gui.ui.models.keyed_table import KeyedTableModel
    from tradestream_gui.ui.shell.event_loop import make_event_loop
    from tradestream_gui.ui.shell.look import Look
    from tradestream_gui.ui.widgets.table_view import TableView

    class Window(QMainWindow):
        def paintEvent(self, event: QPaintEvent | None) -> None:
            super().paintEvent(event)
            _report(started)

    app = QApplication([])
    loop = make_event_loop(app)
    look = Look(app, themes_dir=bundled_root("themes"), resources_dir=bundled_root("resources"))
    window, tabs = Window(), QTabWidget()
    columns = [Column[int](key=str(number), title=f"Column {number}", text=str) for number in range(12)]
    models: list[KeyedTableModel[int]] = []
    for name in ("Portfolio", "Messages", "Order entry", "Analytics", "Config"):
        models.append(KeyedTableModel(columns))
        models[-1].replace_all((row, row) for row in range(50))
        tabs.addTab(TableView(look, models[-1], name=name), look.icon("portfolio"), name)
    window.setCentralWidget(tabs)
    window.resize(1400, 900)
    window.show()
    loop.run_forever()


def _report(started: float) -> None:
    first_paint_ms = (time.time() - started) * 1000  # two processes compare: only the wall clock is common to both
    loaded = [name for name in FORBIDDEN if name in sys.modules]
    give_figures({"first_paint_ms": first_paint_ms, "heavy_modules": float(len(loaded))})


if __name__ == "__main__":
    _child(sys.argv[1], float(sys.argv[2]))
