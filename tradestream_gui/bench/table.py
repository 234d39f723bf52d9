"""P4: a quote table of 200 rows and 12 columns behind the keyed model, against QTableWidget with text set per cell."""

import random
import sys
from time import process_time
from typing import TYPE_CHECKING

from tradestream_gui.bench.child import give_figures, run_child
from tradestream_gui.bench.report import BenchReport, Figure, medians, spread_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QApplication, QWidget

MODULE = "tradestream_gui.bench.table"
ROWS, COLUMNS, MOVING = 200, 12, 8
FEW, MANY, FRAMES = 200, 2000, 24  # ticks per frame; the slope between them is the cost of one tick
VARIANTS = ("widget", "keyed")
Values = tuple[int, ...]


def measure(rounds: int) -> BenchReport:
    """Interleaved fresh processes; a frame is the ticks, the flush and the painting."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in VARIANTS}
    for _ in range(rounds):
        for name in VARIANTS:
            found[name].append(run_child(MODULE, [name]))
    widget, keyed = (medians(found[name]) for name in VARIANTS)
    return BenchReport(
        "table",
        (
            Figure("P4a", "CPU per conflated tick", keyed["tick_us"], "us", widget["tick_us"], 1 / 16, 1 / 8),
            Figure("P4b", "frame with all rows changed", keyed["frame_ms"], "ms", widget["frame_ms"]),
            Figure("", "frame with 200 ticks", keyed["few_ms"], "ms", widget["few_ms"]),
        ),
        rounds,
        spread_of([figures["frame_ms"] for figures in found["widget"]]),
    )


def _values(row: int, number: int) -> Values:
    return (
        row,
        number % 400,
        number % 90,
        number * 7 % 90,
        number * 3,
        number % 77,
        number % 11,
        number % 13,
        number % 17,
    )


def _widget_table() -> "tuple[Callable[[list[tuple[int, int]]], None], QApplication, QWidget]":
    from PyQt6.QtWidgets import QApplication, QTableWidget, QTableWidgetItem

    app = QApplication([])
    table = QTableWidget(ROWS, COLUMNS)
    items = [[QTableWidgetItem("0") for _ in range(COLUMNS)] for _ in range(ROWS)]
    for row, cells in enumerate(items):
        for column, item in enumerate(cells):
            table.setItem(row, column, item)
    table.resize(1200, 800)
    table.show()

    def apply(ticks: list[tuple[int, int]]) -> None:
        for row, number in ticks:
            for column, value in enumerate(_values(row, number)[1:]):
                items[row][column + COLUMNS - MOVING].setText(f"{value:.2f}")

    return apply, app, table


def _keyed_table() -> "tuple[Callable[[list[tuple[int, int]]], None], QApplication, QWidget]":
    from PyQt6.QtWidgets import QApplication

    from tradestream_gui.paths import bundled_root
    from tradestream_gui.ui.models.columns import Align, Column
    from tradestream_gui.ui.models.keyed_table import KeyedTableModel
    from tradestream_gui.ui.shell.look import Look
    from tradestream_gui.ui.widgets.table_view import TableView

    def cell(number: int) -> "Column[Values]":
        place = number - (COLUMNS - MOVING) + 1
        moving = place > 0
        text: Callable[[Values], str] = (lambda row: f"{row[place]:.2f}") if moving else (lambda row: f"S{row[0]}")
        return Column(key=str(number), title=f"C{number}", text=text, align=Align.RIGHT, flash=moving)

    app = QApplication([])
    look = Look(app, themes_dir=bundled_root("themes"), resources_dir=bundled_root("resources"))
    model: KeyedTableModel[Values] = KeyedTableModel([cell(number) for number in range(COLUMNS)])
    view = TableView(look, model, name="Quotes")
    model.replace_all((row, _values(row, row)) for row in range(ROWS))
    view.resize(1200, 800)
    view.show()

    def apply(ticks: list[tuple[int, int]]) -> None:
        newest = dict(ticks)  # the quote board keeps the last tick per instrument
        for row, number in newest.items():
            model.upsert(row, _values(row, number))
        model.flush()

    return apply, app, view


def _child(variant: str) -> None:
    apply, app, _shown = {"keyed": _keyed_table, "widget": _widget_table}[variant]()
    chance = random.Random(1)
    rows = [chance.randrange(ROWS) for _ in range(MANY * 7)]
    for _ in range(5):
        app.processEvents()

    def frame_ms(ticks: int) -> float:
        began, at = process_time(), 0
        for _ in range(FRAMES):
            apply([(rows[(at + number) % len(rows)], at + number) for number in range(ticks)])
            at += ticks
            app.processEvents()
        return (process_time() - began) / FRAMES * 1000

    few, many = frame_ms(FEW), frame_ms(MANY)
    give_figures({"few_ms": few, "frame_ms": many, "tick_us": max(many - few, 0.0) / (MANY - FEW) * 1000})


if __name__ == "__main__":
    _child(sys.argv[1])
