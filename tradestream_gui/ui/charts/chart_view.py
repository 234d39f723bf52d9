"""The live chart surface: which bars are in view, the automatic price range, panning, zooming and dragging of lines."""

from collections.abc import Callable, Sequence
from datetime import tzinfo

import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PyQt6.QtWidgets import QToolTip, QWidget

from tradestream_gui.ui.charts.bar_store import BarStore
from tradestream_gui.ui.charts.candle_item import CandleItem
from tradestream_gui.ui.charts.chart_data import BarArrays, BarValues, Curve, Marker, PriceLine, Shading
from tradestream_gui.ui.charts.grid_item import GridItem
from tradestream_gui.ui.charts.overlay_item import OverlayItem
from tradestream_gui.ui.charts.scale import Scale
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import tooltip

FIRST_BAR_PX = 7.0  # width of a bar, with its gap, when bars are loaded
RIGHT_ROOM_BARS = 6  # free room right of the last bar
WIDEST_BAR_PX = 60.0
ZOOM_STEP = 1.18
HEADROOM = 0.06  # free share of the price range above and below the bars


class ChartView(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph ships no types
    """The only owner of the visible range. Scene coordinates are pixels; items get one Scale per change."""

    line_dropped = pyqtSignal(str, float)  # (line id, price at a tick): the caller asks, then sets the line
    marker_clicked = pyqtSignal(str)
    _built = False

    def __init__(self, look: Look, *, price_text: Callable[[float], str], tick: float, parent: QWidget | None = None):
        super().__init__(parent, useOpenGL=False, background=None)
        self._look = look
        self._tick = tick
        self.store = BarStore()
        self._left, self._px_per_bar = 0.0, FIRST_BAR_PX
        self._manual_prices: tuple[float, float] | None = None
        self._pressed: tuple[QPointF, float, tuple[float, float]] | None = None
        self._scaling_prices = False
        self.grid = GridItem(look, self.store, price_text=price_text, tick=tick)
        self.candles = CandleItem(look, self.store)
        self.overlay = OverlayItem(look, self.store, price_text=price_text)
        self.overlay.axis_labels = self.grid.price_labels
        self.items_by_depth = (self.grid, self.candles, self.overlay)
        for item in self.items_by_depth:
            self.scene().addItem(item)
        self.setFrameShape(self.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        look.changed.connect(self._adopt_look)
        self._built = True

    # what the owner calls

    def set_bars(self, bars: BarArrays) -> None:
        self.store.load(bars)
        self._px_per_bar = FIRST_BAR_PX
        self.show_latest()

    def append(self, bar: BarValues) -> None:
        """A new bar; the view follows when the last bar was in it."""
        self._left += 1 if self.follows_latest else 0
        self.store.append(bar)
        self.rescale()

    def update_last(self, bar: BarValues) -> None:
        self.store.update_last(bar)
        self.rescale()

    def set_lines(self, lines: Sequence[PriceLine]) -> None:
        self.overlay.lines = tuple(lines)
        self.overlay.update()

    def set_markers(self, markers: Sequence[Marker]) -> None:
        self.overlay.markers = tuple(markers)
        self.overlay.update()

    def set_curves(self, curves: Sequence[Curve]) -> None:
        self.overlay.set_curves(curves)

    def set_shadings(self, shadings: Sequence[Shading]) -> None:
        self.grid.shadings = tuple(shadings)
        self.grid.update()

    def set_heading(self, title: str, zone: tzinfo) -> None:
        self.overlay.title = title
        self.grid.zone = self.overlay.zone = zone
        self.rescale()

    def set_prices(self, price_text: Callable[[float], str], tick: float) -> None:
        """Another instrument: how its prices read and what its tick is."""
        self.grid.price_text = self.overlay.price_text = price_text
        self.grid.tick = self.overlay.tick = self._tick = tick
        self.rescale()

    @property
    def follows_latest(self) -> bool:
        """True while the last bar is in view."""
        return self._left <= self.store.count <= self._left + self.plot_width() / self._px_per_bar + 1

    def show_latest(self) -> None:
        """The last bars at the right edge, prices fitted."""
        self._manual_prices = None
        self._left = self.store.count + RIGHT_ROOM_BARS - self.plot_width() / self._px_per_bar
        self.rescale()

    def show_range(self, left: float, right: float) -> None:
        """Shows bar positions `left` to `right`."""
        self._px_per_bar = min(self.plot_width() / max(right - left, 1.0), WIDEST_BAR_PX)
        self._left = left
        self.rescale()

    def visible_range(self) -> tuple[float, float]:
        """Bar positions at the plot's edges."""
        return self._left, self._left + self._bars_in_view()

    def _bars_in_view(self) -> float:
        return self.plot_width() / self._px_per_bar

    def plot_width(self) -> int:
        return max(int(self.width()) - self._axis_width(), 10)

    # range

    def rescale(self) -> None:
        """Recomputes the scale and gives it to every item; the one place where the picture changes."""
        low, high = self._price_range()
        axis_height = self._look.px(24)
        scale = Scale(
            left=self._left,
            px_per_bar=self._px_per_bar,
            low=low,
            high=high,
            width=self.plot_width(),
            height=max(self.height() - axis_height, 10),
        )
        bounds = QRectF(0, 0, self.width(), self.height())
        for item in self.items_by_depth:
            item.show_scale(scale, bounds)

    def _price_range(self) -> tuple[float, float]:
        if self._manual_prices is not None:
            return self._manual_prices
        left, right = self.visible_range()
        return fitted_prices(self.store, int(left), int(right) + 1, least_room=self._tick * 2)

    def _axis_width(self) -> int:
        if not self.store.count:
            return int(self._look.px(64))
        last = self.store.bar(self.store.count - 1)
        return int(max(self.grid.axis_width(last.high, last.low), self._look.px(56)))

    def _clamp(self) -> None:
        """Panning and zooming stay where bars are."""
        self._px_per_bar = min(max(self._px_per_bar, self.plot_width() / (self.store.count + 60.0)), WIDEST_BAR_PX)
        bars = self._bars_in_view()
        self._left = min(max(self._left, -bars * 0.5), self.store.count - bars * 0.1)

    def _zoom(self, factor: float, around_x: float) -> None:
        anchor = self._left + around_x / self._px_per_bar
        self._px_per_bar *= factor
        self._clamp()
        self._left = anchor - around_x / self._px_per_bar
        self._clamp()
        self.rescale()

    def _pan(self, bars: float) -> None:
        self._left += bars
        self._clamp()
        self.rescale()

    def _adopt_look(self) -> None:
        for item in self.items_by_depth:
            item.adopt_look()
        self.rescale()

    def _drag_to(self, where: QPointF) -> None:
        assert self._pressed is not None
        began, left, (low, high) = self._pressed
        if self._scaling_prices:
            stretch = 1.01 ** (where.y() - began.y())
            middle, half = (low + high) / 2, (high - low) / 2 * stretch
            self._manual_prices = (middle - half, middle + half)
        else:
            self._left = left - (where.x() - began.x()) / self._px_per_bar
            if self._manual_prices is not None and self.candles.scale_now is not None:
                moved = (where.y() - began.y()) / self.candles.scale_now.px_per_price
                self._manual_prices = (low + moved, high + moved)
            self._clamp()
        self.rescale()

    def _hover(self, where: QPointF) -> None:
        self.overlay.pointer = where
        self.overlay.update()
        on_axis = where.x() > self.plot_width()
        over_line = self.overlay.line_at(where) is not None or on_axis
        self.setCursor(Qt.CursorShape.SizeVerCursor if over_line else Qt.CursorShape.CrossCursor)
        marker = self.overlay.marker_at(where)
        if marker is not None:
            QToolTip.showText(self.mapToGlobal(where.toPoint()), tooltip(marker.text), self)

    # overridden Qt methods

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if self._built and event is not None:  # pyqtgraph resizes its view before our constructor is done
            before = max(event.oldSize().width() - self._axis_width(), 10)
            self.setSceneRect(QRectF(0, 0, self.width(), self.height()))
            self._left += (before - self.plot_width()) / self._px_per_bar  # the right edge stays where it was
            self.rescale()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        where = event.position()
        line = self.overlay.line_at(where) if event.button() == Qt.MouseButton.LeftButton else None
        if line is not None:
            self.overlay.dragged = (line, line.price)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._scaling_prices = where.x() > self.plot_width()
            self._pressed = (where, self._left, self._price_range())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        where = event.position()
        scale = self.candles.scale_now
        if self.overlay.dragged is not None and scale is not None:
            price = round(scale.price(where.y()) / self._tick) * self._tick
            self.overlay.dragged = (self.overlay.dragged[0], price)
            self.overlay.update()
        elif self._pressed is not None:
            self._drag_to(where)
        self._hover(where)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged, self.overlay.dragged = self.overlay.dragged, None
        pressed, self._pressed = self._pressed, None
        if dragged is not None:
            self.overlay.update()
            if dragged[1] != dragged[0].price:
                self.line_dropped.emit(dragged[0].line_id, dragged[1])
        elif pressed is not None and (event.position() - pressed[0]).manhattanLength() < 3:
            marker = self.overlay.marker_at(event.position())
            if marker is not None:
                self.marker_clicked.emit(marker.key)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.show_latest()
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta()
        if turn.x() or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._pan(-(turn.x() or turn.y()) / 120 * 30 / self._px_per_bar)
        elif turn.y():
            self._zoom(ZOOM_STEP ** (turn.y() / 120), min(event.position().x(), self.plot_width()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bars = self._bars_in_view()
        key, keys = event.key(), Qt.Key
        if key in (keys.Key_Left, keys.Key_Right):
            self._pan(bars * (0.1 if key == keys.Key_Right else -0.1))
        elif key in (keys.Key_Plus, keys.Key_Equal, keys.Key_Minus):
            self._zoom(1 / ZOOM_STEP if key == keys.Key_Minus else ZOOM_STEP, self.plot_width())
        elif key in (keys.Key_Home, keys.Key_End):
            self.show_latest() if key == keys.Key_End else self._pan(-self.store.count)
        else:
            event.ignore()

    def leaveEvent(self, event: object) -> None:
        self.overlay.pointer = None
        self.overlay.update()


def fitted_prices(store: BarStore, first: int, end: int, *, least_room: float) -> tuple[float, float]:
    """A price range that holds these bars with room above and below; the last bar's when none of them exists."""
    known = store.extremes(first, end)
    if known is None and store.count:
        known = store.extremes(store.count - 1, store.count)
    low, high = known if known is not None else (0.0, 1.0)
    room = max((high - low) * HEADROOM, least_room)
    return low - room, high + room
