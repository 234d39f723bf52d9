"""A chart's bars as a table, with its indicators: for a screen reader, for exact figures, and for a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import QDialog, QVBoxLayout, QWidget

from tradestream_gui.market.studies import Study
from tradestream_gui.ui.charts.candles import CandleChart
from tradestream_gui.ui.charts.chart_data import BarValues
from tradestream_gui.ui.charts.chart_view import ChartView
from tradestream_gui.ui.charts.crosshair_item import study_text
from tradestream_gui.ui.format import NOTHING
from tradestream_gui.ui.models.columns import Align, Column
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain_label
from tradestream_gui.ui.shell.tone import Tone, profit_tone
from tradestream_gui.ui.widgets.table_view import TableView

MOST_BARS = 2_000
"""The newest of them; older ones are reached by a longer interval."""
FOLLOW_MS = 1_000
SIZE_PX, TIME_PX, AROUND_PX = (760, 520), 136, 48
"""At 100 %; the window is wider where the indicators take more, and never wider than the one it belongs to."""


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar and the values of the indicators on it; None where an indicator has none yet."""

    number: int
    bar: BarValues
    when: str
    move: float | None
    studies: tuple[float | None, ...]


class BarTable(QDialog):
    """Follows the chart once a second; what the chart shows when it is opened decides the columns."""

    def __init__(self, look: Look, chart: CandleChart, view: ChartView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart = chart
        self._view = view
        title = f"Bars of {view.crosshair.title}"
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        studies = [run.study for run in view.studies.runs]
        self.model: KeyedTableModel[BarRow] = KeyedTableModel(_columns(view, studies), newest_first=True)
        self.table = TableView(look, self.model, name=title, empty_text="No bar yet.")
        self.words = plain_label(chart.summary(), role="help", parent=self)
        self.words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.words)
        column.addWidget(self.table, 1)
        wide = max(look.px(sum(each.width for each in self.model.columns) + AROUND_PX), look.px(SIZE_PX[0]))
        top = parent.window() if parent is not None else None
        self.resize(wide if top is None else min(wide, top.width()), look.px(SIZE_PX[1]))
        self._next = max(view.store.count - MOST_BARS, 0)
        self._ticks = QTimer(self)
        self._ticks.setInterval(FOLLOW_MS)
        self._ticks.timeout.connect(self.follow)
        self._ticks.start()
        self.follow()

    def follow(self) -> None:
        """The forming bar and those that came since."""
        count = self._view.store.count
        first = max(self._next - 1, 0)
        self.model.upsert_many({number: _row(self._view, number) for number in range(first, count)})
        self._next = count
        self.words.setText(self._chart.summary())


def _row(view: ChartView, number: int) -> BarRow:
    bar = view.store.bar(number)
    before = view.store.bar(number - 1).close if number else None
    values = [line for run in view.studies.runs for line in map(run.line, range(len(run.study.kind.value.lines)))]
    known = tuple(float(line[number]) if number < len(line) and isfinite(line[number]) else None for line in values)
    move = None if before is None else bar.close - before
    return BarRow(number, bar, view.crosshair.time_text(bar.time), move, known)


def _columns(view: ChartView, studies: Sequence[Study]) -> list[Column[BarRow]]:
    price = view.crosshair.price_text
    found = [Column[BarRow](key="time", title="Time", text=lambda row: row.when, width=TIME_PX, sort_key=_number)]
    for name in ("open", "high", "low", "close"):
        text = partial(_price, name, price)
        found.append(Column(key=name, title=name.capitalize(), text=text, align=Align.RIGHT, width=88))
    found.append(
        Column(
            key="move", title="Change", align=Align.RIGHT, width=88, text=partial(_move, price),
            tone=lambda row: profit_tone(row.move), accessible=partial(_spoken_move, price),
        )
    )  # fmt: skip
    found.append(
        Column(
            key="volume", title="Volume", align=Align.RIGHT, width=80, text=lambda row: f"{row.bar.volume:,.0f}",
            sort_key=lambda row: row.bar.volume, tone=lambda row: Tone.SECONDARY,
        )
    )  # fmt: skip
    titles = [_title(study, line) for study in studies for line in study.kind.value.lines]
    for place, title in enumerate(titles):
        text = partial(_study, place, view.crosshair.tick)
        found.append(
            Column(key=f"study{place}", title=title, text=text, align=Align.RIGHT, width=104, spare=place + 1)
        )
    return found


def _title(study: Study, line: str) -> str:
    return study.title if len(study.kind.value.lines) == 1 else f"{study.title} {line}"


def _number(row: BarRow) -> int:
    return row.number


def _price(name: str, price: Callable[[float], str], row: BarRow) -> str:
    return price(getattr(row.bar, name))


def _move(price: Callable[[float], str], row: BarRow) -> str:
    if row.move is None:
        return NOTHING
    sign = "▲ +" if row.move > 0 else "▼ \u2212" if row.move < 0 else ""
    return f"{sign}{price(abs(row.move))}"


def _spoken_move(price: Callable[[float], str], row: BarRow) -> str:
    if row.move is None:
        return "no change known"
    return f"{'up' if row.move > 0 else 'down'} {price(abs(row.move))}" if row.move else "unchanged"


def _study(place: int, tick: float, row: BarRow) -> str:
    value = row.studies[place] if place < len(row.studies) else None
    return NOTHING if value is None else study_text(value, tick)
