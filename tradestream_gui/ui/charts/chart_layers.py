"""All layers of a chart under one scale: which of them is kept as a picture, and what a tick shows anew."""

from collections.abc import Callable

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QRegion
from PyQt6.QtWidgets import QGraphicsObject

from tradestream_gui.ui.charts.bar_store import BarStore
from tradestream_gui.ui.charts.candle_item import CandleItem
from tradestream_gui.ui.charts.chart_layer import ChartLayer
from tradestream_gui.ui.charts.crosshair_item import CrosshairItem
from tradestream_gui.ui.charts.curve_item import CurveItem
from tradestream_gui.ui.charts.grid_item import GridItem
from tradestream_gui.ui.charts.line_item import LineItem
from tradestream_gui.ui.charts.marker_item import MarkerItem
from tradestream_gui.ui.charts.pane_item import PaneItem
from tradestream_gui.ui.charts.pane_titles import PaneTitles
from tradestream_gui.ui.charts.scale import Scale
from tradestream_gui.ui.charts.sheet_item import SheetItem
from tradestream_gui.ui.charts.study_set import StudySet
from tradestream_gui.ui.shell.look import Look

SPARE_PX = 6  # left of what a tick moves: ends of lines reach so far beyond their points, and columns of pixels

AXIS_WITHOUT_BARS_PX, AXIS_AT_LEAST_PX = 64, 56


class ChartLayers:
    """`show` gives every layer the scale; while `stands` holds, a tick needs only `tick`."""

    def __init__(
        self, look: Look, store: BarStore, studies: StudySet, *, price_text: Callable[[float], str], tick: float
    ) -> None:
        self._look, self._store = look, store
        self.grid = GridItem(look, store, price_text=price_text, tick=tick)
        self.candles = CandleItem(look, store)
        self.curves = CurveItem(look, store, studies)
        self.crosshair = CrosshairItem(look, store, studies, price_text=price_text)
        self.panes = PaneItem(look, store, studies)
        self.titles = PaneTitles(look, store, studies, self.panes, self.crosshair.index_shown)
        self.markers = MarkerItem(look, store)
        self.lines = LineItem(look, store, price_text=price_text)
        self.lines.axis_labels = self.grid.price_labels
        self._still = (self.grid, self.candles, self.curves, self.panes, self.markers)
        self._moving = (self.titles, self.lines, self.crosshair)
        self.sheet = SheetItem(self._still, depth=-10)
        self._bounds = QRectF()
        self._extents: list[object] = []

    @property
    def items(self) -> tuple[QGraphicsObject, ...]:
        """What the scene holds."""
        return (self.sheet, *self._moving)

    def axis_width(self) -> int:
        """Room for the prices of the last bar, right of the plot."""
        if not self._store.count:
            return self._look.px(AXIS_WITHOUT_BARS_PX)
        last = self._store.bar(self._store.count - 1)
        return max(self.grid.axis_width(last.high, last.low), self._look.px(AXIS_AT_LEAST_PX))

    def adopt_look(self) -> None:
        for layer in self._all():
            layer.adopt_look()

    def show(self, scale: Scale, bounds: QRectF) -> None:
        """The whole picture is painted anew, by this scale."""
        self._bounds = bounds
        for layer in self._all():
            layer.show_scale(scale, bounds)
        self._extents = self._extents_now()
        self.spoil()

    def stands(self, scale: Scale) -> bool:
        """True while nothing that the closed bars are drawn by has changed."""
        return scale == self.candles.scale_now and self._extents == self._extents_now()

    def spoil(self) -> None:
        """What is kept of the picture is painted anew."""
        scale, last = self.candles.scale_now, self._store.count - 0.5
        if scale is not None:
            strip_left = min(scale.x(last - 1), scale.x(last) - self.markers.half_width) - SPARE_PX
            self.sheet.spoil(self._bounds, strip_left, 2 * scale.px_per_bar + SPARE_PX)

    def tick(self) -> QRegion:
        """Only the last bar moved; answers what must be shown anew."""
        moved = QRegion(self.sheet.spoil_strip())
        values = (self.crosshair.where_values_stand(), *self.titles.where_values_stand())
        for rect in (*values, *self.lines.where_last_stands()):
            moved += rect
        return moved

    def _all(self) -> tuple[ChartLayer, ...]:
        return (*self._still, *self._moving)

    def _extents_now(self) -> list[object]:
        return [layer.extent() for layer in self._still]
