"""The drawing behind the analytics charts: equity with drawdown, and bars by category. Loads numpy and pyqtgraph."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from math import ceil, floor

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QBrush, QPen
from PyQt6.QtWidgets import QWidget

from tradestream_gui.ui.charts.bar_store import Floats
from tradestream_gui.ui.charts.scale import price_ticks, time_step
from tradestream_gui.ui.shell.look import Look

LABEL_EVERY_PX, TIME_LABEL_EVERY_PX = 44, 80
TIMES_PX = 24  # by itself the axis drops its labels once the text is larger than it expects
MOST_POINTS = 4000  # drawn per curve; longer ones keep every extreme of their pixel columns


class _Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph ships no types
    """A quiet plot: no buttons, no menu, the theme's ground and axis colours."""

    def __init__(self, look: Look, parent: QWidget | None = None, **axes: object) -> None:
        super().__init__(parent, background=None, **axes)
        self._look = look
        self.hideButtons()
        self.setMenuEnabled(False)
        unused = self.getPlotItem().ctrlMenu
        unused.setParent(self, unused.windowFlags())  # made in any case; without a parent it would outlive the plot
        self.setMouseEnabled(x=False, y=False)
        self.setFrameShape(self.Shape.NoFrame)
        self.getPlotItem().setContentsMargins(4, 8, 12, 4)
        look.changed.connect(self.adopt_look)

    def adopt_look(self) -> None:
        look = self._look
        self.setBackground(look.color("panel"))
        self.getAxis("left").setWidth(look.px(64))
        self.getAxis("bottom").setHeight(look.px(TIMES_PX))
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.setPen(QPen(look.color("border")))
            axis.setTextPen(look.color("muted"))
            axis.setStyle(tickFont=look.font(11), tickLength=0, tickTextOffset=6)


class EquityPlot(_Plot):
    """Equity over time as a line on a filled ground, the drawdown from its peak below zero."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent, axisItems={"bottom": _DayAxis(look), "left": _MoneyAxis()})
        self._equity = pg.PlotCurveItem()
        self._drawdown = pg.PlotCurveItem()
        self._zero = pg.InfiniteLine(0, angle=0)
        for item in (self._zero, self._drawdown, self._equity):
            self.addItem(item)
        self.adopt_look()

    def show_points(self, times: Sequence[int], equity: Sequence[float]) -> float:
        """Draws the running profit; returns the largest drawdown as a positive number."""
        seconds, money = np.asarray(times, np.float64), np.asarray(equity, np.float64)
        peaks = np.maximum.accumulate(np.maximum(money, 0.0)) if len(money) else money
        drawdown = money - peaks
        x, y, down = _thinned(seconds, money, drawdown)
        self._equity.setData(x, y, fillLevel=0.0)
        self._drawdown.setData(x, down, fillLevel=0.0)
        return float(-drawdown.min(initial=0.0))

    def adopt_look(self) -> None:
        super().adopt_look()
        if hasattr(self, "_zero"):
            look = self._look
            self._equity.setPen(QPen(look.color("accent"), 0))
            self._equity.setBrush(QBrush(look.theme.tint("accent", 0.14)))
            self._drawdown.setPen(QPen(look.color("down"), 0))
            self._drawdown.setBrush(QBrush(look.theme.tint("down", 0.22)))
            self._zero.setPen(QPen(look.color("border_strong"), 0, Qt.PenStyle.DashLine))

    def set_zone(self, zone: tzinfo) -> None:
        self.getAxis("bottom").zone = zone


class BarsPlot(_Plot):
    """One bar per category, profit up in one colour and loss down in another, both with their sign on the axis."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent, axisItems={"left": _MoneyAxis()})
        self._values: Sequence[float] = ()
        self._bars = pg.BarGraphItem(x=[0], height=[0], width=0.6, pen=QPen(Qt.PenStyle.NoPen))
        self._zero = pg.InfiniteLine(0, angle=0)
        self.addItem(self._bars)
        self.addItem(self._zero)
        self.adopt_look()

    def show_values(self, names: Sequence[str], values: Sequence[float]) -> None:
        self._values = tuple(values)
        self.getAxis("bottom").setTicks([list(enumerate(names))])
        self._paint_bars()

    def adopt_look(self) -> None:
        super().adopt_look()
        if hasattr(self, "_zero"):
            self._zero.setPen(QPen(self._look.color("border_strong"), 0))
            self._paint_bars()

    def _paint_bars(self) -> None:
        if not self._values:
            return
        colors = [self._look.color("up" if value >= 0 else "down") for value in self._values]
        self._bars.setOpts(
            x=list(range(len(self._values))),
            height=list(self._values),
            width=0.6,
            brushes=[QBrush(color) for color in colors],
            pens=None,
            pen=QPen(Qt.PenStyle.NoPen),
        )


class _DayAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph ships no types
    """Round times of the trader's zone under a curve over UTC seconds."""

    def __init__(self, look: Look) -> None:
        super().__init__("bottom")
        self._look = look
        self.zone: tzinfo = UTC
        self.enableAutoSIPrefix(False)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        step = time_step((high - low) / max(size // self._look.px(TIME_LABEL_EVERY_PX), 1))
        offset = datetime.fromtimestamp(low, UTC).astimezone(self.zone).utcoffset()
        ahead = offset.total_seconds() if offset is not None else 0.0
        first, last = ceil((low + ahead) / step), floor((high + ahead) / step)
        return [(step, [number * step - ahead for number in range(first, last + 1)])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        form = "%H:%M:%S" if spacing < 60 else "%H:%M" if spacing < 86_400 else "%d %b" if spacing < 6e6 else "%b %Y"
        return [datetime.fromtimestamp(value, UTC).astimezone(self.zone).strftime(form) for value in values]


class _MoneyAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph ships no types
    """Dollars beside a curve."""

    def __init__(self) -> None:
        super().__init__("left")
        self.enableAutoSIPrefix(False)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        values = price_ticks(low, high, max(int(size // LABEL_EVERY_PX), 1), 0.01)
        return [(values[1] - values[0] if len(values) > 1 else 1.0, values)]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        decimals = 0 if spacing >= 1 else 2
        return [("\u2212" if value < 0 else "") + f"${abs(value):,.{decimals}f}" for value in values]


def _thinned(*columns: Floats) -> tuple[Floats, ...]:
    """Long curves cut to the first, lowest, highest and last point of each stretch, so that no extreme is lost."""
    count = len(columns[0])
    if count <= MOST_POINTS:
        return columns
    starts = np.linspace(0, count, MOST_POINTS // 4, endpoint=False).astype(np.int64)
    ends = np.append(starts[1:], count)
    keep = {0, count - 1}
    for first, end in zip(starts, ends, strict=True):
        stretch = columns[1][first:end]
        keep.update((int(first), int(end) - 1, int(first + stretch.argmin()), int(first + stretch.argmax())))
    chosen = np.array(sorted(keep))
    return tuple(column[chosen] for column in columns)
