"""P4: a quote table of 200 rows and 12 columns behind the keyed model, against QTableWidget with text set per cell."""

import random
import sys
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from tradestream_gui.bench.child import BenchFailed, give_figures, run_child
from tradestream_gui.bench.peers import FOLDER_VARIABLE, peer_python, run_peer
from tradestream_gui.bench.report import BenchReport, Figure, medians, spread_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtWidgets import QApplication, QWidget

MODULE = "tradestream_gui.bench.table"
ROWS, COLUMNS, MOVING = 200, 12, 8
FEW, MANY, FRAMES = 200, 2000, 24  # ticks per frame; the slope between them is the cost of one tick
VARIANTS = ("widget", "keyed", "painted")
PEER, PEER_SCRIPT = "vnpy", Path(__file__).with_name("table_peer.py")
FRAMES_A_SECOND = 30
HALF_A_CORE_MS = 1000 / FRAMES_A_SECOND / 2
Values = tuple[int, ...]


def measure(rounds: int) -> BenchReport:
    """Interleaved fresh processes; a frame is the ticks, the flush and the painting."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in (*VARIANTS, PEER)}
    remarks: list[str] = []
    python = peer_python("peers")
    if python is None:
        remarks.append(f"vnpy was not measured: {FOLDER_VARIABLE} names no folder with the environment 'peers'")
    for _ in range(rounds):
        for name in VARIANTS:
            found[name].append(run_child(MODULE, [name]))
        try:
            found[PEER] += [run_peer(python, PEER_SCRIPT, [])] if python is not None else []
        except BenchFailed as failed:
            remarks.append(str(failed))
    widget, keyed, painted = (medians(found[name]) for name in VARIANTS)
    figures = [
        Figure("P4a", "CPU per conflated tick", keyed["tick_us"], "us", widget["tick_us"], 1 / 16, 1 / 8),
        Figure("P4b", "frame with all rows changed", keyed["frame_ms"], "ms", painted["frame_ms"], 2.0, 4.0),
        Figure("", "frame with 200 ticks", keyed["few_ms"], "ms", widget["few_ms"]),
    ]
    if found[PEER]:
        vnpy = 1 / _rate(medians(found[PEER]))
        figures.append(Figure("P4c", "half a core over ticks/s, vnpy", 1 / _rate(keyed), "s", vnpy, 1 / 150, 1 / 50))
    spread = spread_of([told["frame_ms"] for told in found["widget"]])
    return BenchReport("table", tuple(figures), rounds, spread, tuple(dict.fromkeys(remarks)))


def _rate(told: dict[str, float]) -> float:
    """Ticks a second that half a core carries at thirty frames: what a frame costs at so many ticks, and each more."""
    budget_ms = HALF_A_CORE_MS - (told["few_ms"] - FEW * told["tick_us"] / 1000)
    return max(budget_ms, 0.001) / max(told["tick_us"], 1e-6) * 1000 * FRAMES_A_SECOND


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


def _painted_table() -> "tuple[Callable[[list[tuple[int, int]]], None], QApplication, QWidget]":
    """The floor: a widget that draws its cells' texts and does nothing else."""
    from PyQt6.QtCore import Qt
    from PyQt6.QtGui import QColor, QPainter, QPaintEvent
    from PyQt6.QtWidgets import QApplication, QWidget

    wide, tall = 98, 24
    shown = [[f"S{row}"] * (COLUMNS - MOVING) + ["0"] * MOVING for row in range(ROWS)]
    ground, ink = QColor("#121821"), QColor("#e6edf3")

    class Grid(QWidget):
        def paintEvent(self, event: QPaintEvent | None) -> None:
            assert event is not None, "Qt says what to paint"
            painter, box = QPainter(self), event.rect()
            painter.setPen(ink)
            painter.fillRect(box, ground)
            for row in range(box.top() // tall, min(box.bottom() // tall + 1, ROWS)):
                for column in range(box.left() // wide, min(box.right() // wide + 1, COLUMNS)):
                    text = shown[row][column]
                    painter.drawText(column * wide, row * tall, wide, tall, int(Qt.AlignmentFlag.AlignCenter), text)
            painter.end()

    app = QApplication([])
    grid = Grid()
    grid.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
    grid.resize(1200, 800)
    grid.show()

    def apply(ticks: list[tuple[int, int]]) -> None:
        for row, number in dict(ticks).items():
            if row * tall < grid.height():
                shown[row][COLUMNS - MOVING :] = [f"{value:.2f}" for value in _values(row, number)[1:]]
                grid.update((COLUMNS - MOVING) * wide, row * tall, MOVING * wide, tall)

    return apply, app, grid


def _child(variant: str) -> None:
    apply, app, _shown = {"keyed": _keyed_table, "widget": _widget_table, "painted": _painted_table}[variant]()
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
