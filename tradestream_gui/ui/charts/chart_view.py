"""The live chart surface: its layers, the one scale that they share, and what mouse and keys do on it."""

from collections.abc import Callable, Sequence
from datetime import tzinfo

from PyQt6.QtCore import QEvent, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PyQt6.QtWidgets import QGraphicsItem, QGraphicsScene, QGraphicsView, QToolTip, QWidget

from tradestream_gui.market.studies import Study
from tradestream_gui.ui.charts.bar_store import BarStore
from tradestream_gui.ui.charts.chart_data import BarArrays, BarValues, ChartStyle, Film, Marker, PriceLine, Shading
from tradestream_gui.ui.charts.chart_keys import ZOOM_STEP, press_key
from tradestream_gui.ui.charts.chart_layers import ChartLayers
from tradestream_gui.ui.charts.line_mover import LineMover
from tradestream_gui.ui.charts.scale import Scale
from tradestream_gui.ui.charts.study_set import StudySet
from tradestream_gui.ui.charts.visible_range import FIRST_BAR_PX, VisibleRange
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import tooltip

TOP_PX, AXIS_PX = 14, 24  # between the values and the prices; below the plot for times
BROUGHT = "Qt calls with an event"


class ChartView(QGraphicsView):
    """Scene coordinates are pixels; every layer gets one Scale per change."""

    line_dropped = pyqtSignal(str, float)  # (line id, price at a tick): the line stays until its owner sets it anew
    marker_clicked = pyqtSignal(str)
    menu_wanted = pyqtSignal(float, object)  # (price at a tick, global position)

    def __init__(self, look: Look, *, price_text: Callable[[float], str], tick: float, parent: QWidget | None = None):
        super().__init__(parent)
        self._look = look
        self._tick = tick
        self.store = BarStore()
        self.studies = StudySet(self.store)
        self.span = VisibleRange(self.store)
        self._pressed: QPointF | None = None
        self._scaling_prices = self._took_line = False
        self.has_volume = True
        self._layers = layers = ChartLayers(look, self.store, self.studies, price_text=price_text, tick=tick)
        self.grid, self.candles, self.markers = layers.grid, layers.candles, layers.markers
        self.lines, self.crosshair, self.sheet = layers.lines, layers.crosshair, layers.sheet
        self.mover = LineMover(self.lines)
        _show_items(self, layers.items)
        look.changed.connect(self._adopt_look)

    # what the owner calls

    def set_bars(self, bars: BarArrays) -> None:
        self.store.load(bars)
        self.studies.reload()
        self._show_style()
        self.span.px_per_bar = FIRST_BAR_PX
        self.show_latest()

    def append(self, bar: BarValues) -> None:
        """A new bar; the view follows when the last bar was in it."""
        self.span.left += 1 if self.span.follows_latest else 0
        self.store.append(bar)
        self.studies.append(bar)
        self.rescale()

    def update_last(self, bar: BarValues) -> None:
        self.store.update_last(bar)
        self.studies.move_last(self.store.bar(self.store.count - 1))
        if self._layers.stands(self._wanted_scale()):
            _port(self).update(self._layers.tick())  # an item would ask for one rectangle around all of it
        else:
            self.rescale()

    def set_lines(self, lines: Sequence[PriceLine]) -> None:
        self.lines.lines = tuple(lines)
        self.mover.lines_changed()
        if self._layers.stands(self._wanted_scale()):
            self.lines.update()
        else:
            self.rescale()

    def set_markers(self, markers: Sequence[Marker], films: Sequence[Film] = ()) -> None:
        self.markers.show_markers(markers, films)
        self._layers.spoil()

    def set_shadings(self, shadings: Sequence[Shading], session_opens: Sequence[int]) -> None:
        self.grid.shadings, self.grid.session_opens = tuple(shadings), tuple(session_opens)
        self._layers.spoil()

    def set_studies(
        self, studies: Sequence[Study], session_opens: Sequence[int], style: ChartStyle, *, has_volume: bool
    ) -> None:
        self.candles.style, self.crosshair.style, self.has_volume = style, style, has_volume
        self.studies.choose(studies, session_opens, heikin_ashi=style is ChartStyle.HEIKIN_ASHI)
        self._show_style()
        self.rescale()

    def set_heading(self, title: str, zone: tzinfo, seconds: int) -> None:
        self.crosshair.title = title
        self.grid.zone = self.crosshair.zone = zone
        self.grid.seconds = self.crosshair.seconds = seconds
        self.rescale()

    def set_prices(self, price_text: Callable[[float], str], tick: float) -> None:
        """Another instrument: how its prices read and what its tick is."""
        self.grid.price_text = self.lines.price_text = self.crosshair.price_text = price_text
        self.grid.tick = self.crosshair.tick = self.mover.tick = self._tick = tick
        self.rescale()

    def show_latest(self) -> None:
        self.span.width = self.plot_width()
        self.span.show_latest()
        self.rescale()

    def show_range(self, left: float, right: float) -> None:
        """Shows bar positions `left` to `right`."""
        self.span.width = self.plot_width()
        self.span.show(left, right)
        self.rescale()

    def plot_width(self) -> int:
        return max(int(self.width()) - self._layers.axis_width(), 10)

    # scale

    def rescale(self) -> None:
        """Recomputes the scale and gives it to every layer: the whole picture is painted anew."""
        self._layers.show(self._wanted_scale(), QRectF(0, 0, self.width(), self.height()))

    def _wanted_scale(self) -> Scale:
        """The scale that fits what is in view now."""
        self.span.width = self.plot_width()
        low, high = self._prices()
        return Scale(
            left=self.span.left,
            px_per_bar=self.span.px_per_bar,
            low=low,
            high=high,
            width=self.span.width,
            height=max(self.height() - self._look.px(AXIS_PX), 10),
            top=self.crosshair.room_for_values(self.span.width) + self._look.px(TOP_PX),
            panes=len(self.studies.in_panes),
            has_volume=self.has_volume and self.store.has_volume,
        )

    def _prices(self) -> tuple[float, float]:
        return self.span.prices(self.candles.shown, [line.price for line in self.lines.lines], self._tick)

    def _show_style(self) -> None:
        is_mean = self.candles.style is ChartStyle.HEIKIN_ASHI
        self.candles.shown = self.studies.heikin_ashi if is_mean else self.store

    def _adopt_look(self) -> None:
        self._layers.adopt_look()
        self.span.resize(self.span.width, self.plot_width())
        self.rescale()

    def _price_at(self, where: QPointF) -> float:
        scale = self.candles.scale_now
        return 0.0 if scale is None else round(scale.price(where.y()) / self._tick) * self._tick

    # hands

    def _drag_to(self, where: QPointF) -> None:
        scale = self.candles.scale_now
        assert self._pressed is not None, "the mouse is down"
        assert scale is not None, "bars are in view"
        moved = where - self._pressed
        if self._scaling_prices:
            self.span.stretch(moved.y())
        else:
            self.span.drag(moved.x(), moved.y(), scale.px_per_price)
        self.rescale()

    def _hover(self, where: QPointF) -> None:
        self.crosshair.point_at(where)
        on_axis = where.x() > self.span.width
        over_line = self.lines.line_at(where) is not None or on_axis
        self.setCursor(Qt.CursorShape.SizeVerCursor if over_line else Qt.CursorShape.CrossCursor)
        before = self.markers.film_in_hand
        words = self.markers.look_at(where)
        if self.markers.film_in_hand != before:
            self._layers.spoil()
        if words:
            QToolTip.showText(self.mapToGlobal(where.toPoint()), tooltip(words), self)

    def pan(self, bars: float) -> None:
        self.span.pan(bars)
        self.rescale()

    def zoom(self, factor: float, around_x: float) -> None:
        self.span.zoom(factor, around_x)
        self.rescale()

    def drop_line(self) -> None:
        """Lets the line in hand go where it is."""
        dropped = self.mover.drop()
        if dropped is not None:
            self.line_dropped.emit(*dropped)

    # overridden Qt methods

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.setSceneRect(QRectF(0, 0, self.width(), self.height()))
        self.span.resize(self.span.width, self.plot_width())  # Qt forgets the old size of what was hidden
        self.rescale()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        assert event is not None, BROUGHT
        where, is_left = event.position(), event.button() == Qt.MouseButton.LeftButton
        line = self.lines.line_at(where) if is_left else None
        self._took_line = line is not None
        if line is not None:
            self.mover.take(line)
        else:
            self.mover.cancel()  # a line in hand is put back by any other press, never let go by it
        if is_left and line is None:
            self._scaling_prices, self._pressed = where.x() > self.span.width, where
            self.span.begin_drag(self._prices())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        assert event is not None, BROUGHT
        where = event.position()
        if self._took_line and self.mover.holds_line:
            self.mover.move(self._price_at(where))
        elif self._pressed is not None:
            self._drag_to(where)
        self._hover(where)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        assert event is not None, BROUGHT
        pressed, self._pressed = self._pressed, None
        if event.button() == Qt.MouseButton.LeftButton and self._took_line:
            self._took_line = False
            self.drop_line()
        elif pressed is not None and (event.position() - pressed).manhattanLength() < 3:
            key = self.markers.key_at(event.position())
            if key:
                self.marker_clicked.emit(key)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        assert event is not None, BROUGHT
        if self.lines.line_at(event.position()) is None:
            self.show_latest()
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        assert event is not None, BROUGHT
        where = QPointF(event.pos())
        if self.store.count and where.x() <= self.span.width and where.y() <= self.height():
            self.menu_wanted.emit(self._price_at(where), event.globalPos())
        event.accept()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        assert event is not None, BROUGHT
        turn = event.angleDelta()
        if turn.x() or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(-(turn.x() or turn.y()) / 120 * 30 / self.span.px_per_bar)
        elif turn.y():
            self.zoom(ZOOM_STEP ** (turn.y() / 120), min(event.position().x(), self.span.width))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        assert event is not None, BROUGHT
        if not press_key(self, event.key(), fast=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)):
            event.ignore()

    def leaveEvent(self, event: QEvent | None) -> None:
        self.crosshair.point_at(None)


def _show_items(view: QGraphicsView, items: Sequence[QGraphicsItem]) -> None:
    """On a surface without bars and frame, whose pixels are the scene's."""
    scene = QGraphicsScene(view)
    scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)  # every layer fills the view
    for item in items:
        scene.addItem(item)
    view.setScene(scene)
    view.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    view.setFrameShape(view.Shape.NoFrame)
    for set_policy in (view.setHorizontalScrollBarPolicy, view.setVerticalScrollBarPolicy):
        set_policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setViewportUpdateMode(view.ViewportUpdateMode.MinimalViewportUpdate)
    _port(view).setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # the sheet covers everything
    view.setMouseTracking(True)
    view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


def _port(view: QGraphicsView) -> QWidget:
    port = view.viewport()
    assert port is not None, "every view has one"
    return port
