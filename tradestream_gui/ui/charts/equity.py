"""The analytics charts as tabs use them: equity with drawdown, profit by category; loaded when first shown."""

from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPainter, QPaintEvent, QShowEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from tradestream_gui.ui.shell.look import Look

if TYPE_CHECKING:
    from tradestream_gui.ui.charts.curve_plots import BarsPlot, EquityPlot

NO_TRADES = "No closed trades in this period."


class _LazyPlot(QWidget):
    """A panel with a sentence while there is nothing to draw."""

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._name = name
        self._empty_text = NO_TRADES
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.setMinimumSize(200, 120)
        self.setAccessibleName(name)
        look.changed.connect(self.update)

    def set_empty_text(self, text: str) -> None:
        """What stands here without data, with the reason."""
        self._empty_text = text
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("panel"))
        painter.setPen(self._look.color("muted"))
        painter.setFont(self._look.font(13))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(16, 0, -16, 0), flags, self._empty_text)
        painter.end()


class EquityChart(_LazyPlot):
    """Running profit of closed trades with the drawdown from its peak."""

    def __init__(self, look: Look, *, zone: tzinfo = UTC, parent: QWidget | None = None) -> None:
        super().__init__(look, "Equity and drawdown", parent)
        self._zone = zone
        self._points: tuple[Sequence[int], Sequence[float]] = ((), ())
        self._plot: EquityPlot | None = None

    def set_points(self, times: Sequence[int], equity: Sequence[float]) -> None:
        """UTC seconds, oldest first, and the profit so far at each; empty shows the sentence."""
        self._points = (times, equity)
        if self._plot is not None:
            self._draw(self._plot)

    def set_zone(self, zone: tzinfo) -> None:
        """In which zone the axis tells the time."""
        self._zone = zone
        if self._plot is not None:
            self._plot.set_zone(zone)
            self._plot.update()

    def _draw(self, plot: "EquityPlot") -> None:
        times, equity = self._points
        plot.setVisible(len(times) > 0)
        told = self._empty_text
        if len(times):
            worst = plot.show_points(times, equity)
            last = float(equity[-1])
            told = f"{len(times)} points, last {last:,.2f} dollars, largest drawdown {worst:,.2f} dollars"
        self.setAccessibleDescription(told)

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        if self._plot is None:
            from tradestream_gui.ui.charts.curve_plots import EquityPlot  # numpy and pyqtgraph come in here

            self._plot = EquityPlot(self._look, self)
            self._plot.set_zone(self._zone)
            self._layout.addWidget(self._plot)
            self._draw(self._plot)


class BarsChart(_LazyPlot):
    """Profit per category: by weekday, hour, analyst or instrument."""

    def __init__(self, look: Look, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(look, name, parent)
        self._values: tuple[Sequence[str], Sequence[float]] = ((), ())
        self._plot: BarsPlot | None = None

    def set_values(self, names: Sequence[str], values: Sequence[float]) -> None:
        """One dollar value per name, in the order shown; empty shows the sentence."""
        self._values = (names, values)
        if self._plot is not None:
            self._draw(self._plot)

    def _draw(self, plot: "BarsPlot") -> None:
        names, values = self._values
        plot.setVisible(len(names) > 0)
        if len(names):
            plot.show_values(names, values)
            told = (f"{name} {value:,.2f}" for name, value in zip(names, values, strict=True))
            self.setAccessibleDescription(", ".join(told))

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        if self._plot is None:
            from tradestream_gui.ui.charts.curve_plots import BarsPlot  # numpy and pyqtgraph come in here

            self._plot = BarsPlot(self._look, self)
            self._layout.addWidget(self._plot)
            self._draw(self._plot)
