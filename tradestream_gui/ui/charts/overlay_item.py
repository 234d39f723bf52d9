"""Draws what lies over the candles: indicator curves, price lines with tags, markers, crosshair and the values line."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF

from tradestream_gui.ui.charts.bar_store import BarStore, Floats
from tradestream_gui.ui.charts.chart_data import BarValues, Curve, Marker, PriceLine
from tradestream_gui.ui.charts.scale import TOP_PX, Scale
from tradestream_gui.ui.charts.shapes import Shapes
from tradestream_gui.ui.shell.look import Look

TAG_PX = 18  # height of a tag on an axis
MARKER_PX = 6  # half the width of a marker
CURVE_PX = 1.4
GRAB_PX = 5  # how near the pointer must be to a line or marker
RISES, FALLS = "▲ ", "▼ "


class OverlayItem(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph ships no types
    """Everything that moves with the pointer or with an order."""

    def __init__(self, look: Look, store: BarStore, *, price_text: Callable[[float], str]) -> None:
        super().__init__()
        self._look = look
        self._store = store
        self.price_text = price_text
        self.tick = 0.01
        self.zone: tzinfo = UTC
        self.title = ""
        self.is_stale = False
        self.axis_labels: Callable[[], Sequence[tuple[float, str]]] = tuple
        self.lines: Sequence[PriceLine] = ()
        self.markers: Sequence[Marker] = ()
        self.pointer: QPointF | None = None
        self.dragged: tuple[PriceLine, float] | None = None
        self._shapes = Shapes()
        self._curves: list[tuple[Curve, Floats]] = []
        self._bounds = QRectF()
        self._scale: Scale | None = None
        self.setZValue(10)
        self.adopt_look()

    def adopt_look(self) -> None:
        self._font = self._look.font(11)
        self._strong = self._look.font(11, QFont.Weight.DemiBold)
        self._metrics = QFontMetrics(self._strong)

    def show_scale(self, scale: Scale, bounds: QRectF) -> None:
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self._scale = scale
        self.update()

    def set_curves(self, curves: Sequence[Curve]) -> None:
        self._curves = [(curve, np.asarray(curve.values, np.float64)) for curve in curves]
        self.update()

    def line_at(self, where: QPointF) -> PriceLine | None:
        """The draggable line under the pointer."""
        scale = self._scale
        if scale is None:
            return None
        near = [line for line in self.lines if line.draggable and abs(scale.y(line.price) - where.y()) <= GRAB_PX]
        return min(near, key=lambda line: abs(scale.y(line.price) - where.y()), default=None)

    def marker_at(self, where: QPointF) -> Marker | None:
        scale = self._scale
        if scale is None:
            return None
        for marker in reversed(self.markers):
            spot = self._marker_spot(marker, scale)
            if abs(spot.x() - where.x()) <= MARKER_PX + 2 and abs(spot.y() - where.y()) <= MARKER_PX + 4:
                return marker
        return None

    # curves

    def _paint_curves(self, painter: QPainter, scale: Scale) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for curve, values in self._curves:
            stride = max(int(1 / scale.px_per_bar), 1)
            first = max(int(scale.left) // stride * stride, 0)
            end = min(int(scale.right) + 1 + stride, len(values))
            y = values[first:end:stride]
            x = (np.arange(first, end, stride) + 0.5 - scale.left) * scale.px_per_bar
            y = scale.y(0.0) - y * scale.px_per_price
            known = np.isfinite(y[1:]) & np.isfinite(y[:-1])
            painter.setPen(QPen(self._look.color(curve.token), CURVE_PX))
            self._shapes.draw_lines(painter, x[:-1][known], y[:-1][known], x[1:][known], y[1:][known])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    # markers

    def _marker_spot(self, marker: Marker, scale: Scale) -> QPointF:
        index = self._store.index_at(marker.time)
        bar = self._store.bar(index)
        away = MARKER_PX + 8
        y = scale.y(bar.low) + away if marker.kind.below else scale.y(bar.high) - away
        return QPointF(scale.x(index + 0.5), y)

    def _paint_markers(self, painter: QPainter, scale: Scale) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        ground = QPen(self._look.color("panel"), 1.5)
        for marker in self.markers:
            spot = self._marker_spot(marker, scale)
            if not -MARKER_PX < spot.x() < scale.width:
                continue
            color = self._look.color(marker.kind.token)
            painter.setPen(ground)
            painter.setBrush(color)
            painter.drawPolygon(_marker_shape(marker, spot))
            painter.setPen(QPen(color, 1.5))
            y, x = scale.y(marker.price), spot.x()
            painter.drawLine(QLineF(x - 4, y, x + 4, y))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    # price lines and tags

    def _paint_lines(self, painter: QPainter, scale: Scale) -> None:
        tags: list[tuple[float, str, QColor]] = []
        if self._store.count:
            last = self._store.bar(self._store.count - 1)
            token = "stale" if self.is_stale else "candle_up" if last.close >= last.open else "candle_down"
            color = self._look.color(token)
            y = round(scale.y(last.close))
            painter.setPen(QPen(color, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(0, y, scale.width, y))
            tags.append((y, self.price_text(last.close), color))
        free_from = float(TOP_PX - 4)  # below the values line
        labels: list[tuple[PriceLine, float]] = []
        for price, line in sorted(((self._price_of(line), line) for line in self.lines), key=lambda at: -at[0]):
            y, color = round(scale.y(price)), self._look.color(line.kind.token)
            tags.append((y, self.price_text(price), color))
            if 0 <= y <= scale.height:
                labels.append((line, max(y - TAG_PX / 2, free_from)))
                free_from = labels[-1][1] + TAG_PX + 2
                self._paint_line(painter, scale, line, y)
        for line, top in labels:  # over all lines, so that none strikes a label through
            self._paint_label(painter, line, top)
        self._paint_tags(painter, scale, tags)

    def _price_of(self, line: PriceLine) -> float:
        """Where the line is drawn: at the pointer while it is dragged."""
        dragged = self.dragged
        return dragged[1] if dragged is not None and dragged[0].line_id == line.line_id else line.price

    def _paint_line(self, painter: QPainter, scale: Scale, line: PriceLine, y: int) -> None:
        color = self._look.color(line.kind.token)
        style = Qt.PenStyle.DashLine if line.kind.dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(color, 1, style))
        painter.drawLine(QLineF(0, y, scale.width, y))

    def _paint_label(self, painter: QPainter, line: PriceLine, label_top: float) -> None:
        color = self._look.color(line.kind.token)
        painter.setFont(self._font)
        box = QRectF(10, label_top, QFontMetrics(self._font).horizontalAdvance(line.label) + 14, TAG_PX)
        painter.fillRect(box, self._look.color("raised"))
        painter.setPen(QPen(color, 1))
        painter.drawRect(box)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, line.label)

    def _paint_tags(self, painter: QPainter, scale: Scale, tags: list[tuple[float, str, QColor]]) -> None:
        """Filled prices on the axis; where two would overlap the lower one moves down."""
        painter.setFont(self._strong)
        free_from = 0.0
        for y, text, color in sorted(tags, key=lambda tag: tag[0]):
            if not 0 <= y <= scale.height:
                continue
            top = max(y - TAG_PX / 2, free_from)
            free_from = top + TAG_PX + 1
            self._clear_axis(painter, scale, top)
            self._paint_tag(
                painter, QRectF(scale.width + 1, top, self._bounds.width() - scale.width - 1, TAG_PX), text, color
            )

    def _clear_axis(self, painter: QPainter, scale: Scale, top: float) -> None:
        """Takes away the axis' own prices that a tag would cut."""
        for y, _ in self.axis_labels():
            if abs(y - top - TAG_PX / 2) < TAG_PX:
                box = QRectF(scale.width + 1, y - TAG_PX / 2, self._bounds.width() - scale.width - 1, TAG_PX)
                painter.fillRect(box, self._look.color("panel"))

    def _paint_tag(self, painter: QPainter, box: QRectF, text: str, ground: QColor) -> None:
        painter.fillRect(box, ground)
        painter.setPen(self._look.color("on_band" if ground.lightness() > 110 else "panel"))
        painter.drawText(box.adjusted(0, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)

    # crosshair and values

    def _paint_crosshair(self, painter: QPainter, scale: Scale, at: QPointF) -> None:
        index = min(max(int(scale.position(at.x())), 0), self._store.count - 1)
        x = round(scale.x(index + 0.5))
        painter.setPen(QPen(self._look.color("border_strong"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(x, 0, x, scale.height))
        painter.drawLine(QLineF(0, at.y(), scale.width, at.y()))
        painter.setFont(self._strong)
        ground = self._look.color("border")
        painter.setPen(self._look.color("text"))
        if at.y() < scale.price_bottom:
            box = QRectF(scale.width + 1, at.y() - TAG_PX / 2, self._bounds.width() - scale.width - 1, TAG_PX)
            painter.fillRect(box, ground)
            align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(
                box.adjusted(0, 0, -8, 0), align, self.price_text(round(scale.price(at.y()) / self.tick) * self.tick)
            )
        text = self._time_text(self._store.bar(index).time)
        wide = self._metrics.horizontalAdvance(text) + 16
        left = min(max(x - wide / 2, 0), scale.width - wide)
        box = QRectF(left, scale.height + 1, wide, self._bounds.height() - scale.height - 1)
        painter.fillRect(box, ground)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _time_text(self, time: int) -> str:
        at = datetime.fromtimestamp(time, UTC).astimezone(self.zone)
        return f"{at:%a} {at.day} {at:%b} {at:%H:%M}"

    def _paint_values(self, painter: QPainter, scale: Scale) -> None:
        """Title, then open to volume of the bar under the pointer, or of the last one, then the curves."""
        index = self._store.count - 1
        if self.pointer is not None and self.pointer.x() < scale.width:
            index = min(max(int(scale.position(self.pointer.x())), 0), index)
        bar = self._store.bar(index)
        before = self._store.bar(index - 1).close if index else bar.open
        move = bar.close - before
        tone = "up" if move > 0 else "down" if move < 0 else "muted"
        parts = [(self.title, "text", True)] if self.title else []
        for name, value in _values(bar, self.price_text):
            parts += [(name, "muted", False), (value, "text_2", False)]
        sign = "+" if move > 0 else "\u2212" if move < 0 else ""
        change = f"{sign}{abs(move):,.2f} ({sign}{abs(move) / before * 100 if before else 0:.2f} %)"
        parts.append(((RISES if move > 0 else FALLS if move < 0 else "") + change, tone, False))
        for curve, values in self._curves:
            if index < len(values) and np.isfinite(values[index]):
                parts.append((f"{curve.title} {self.price_text(float(values[index]))}", curve.token, False))
        x = 12.0
        for place, (text, token, strong) in enumerate(parts):
            painter.setFont(self._strong if strong else self._font)
            metrics = QFontMetrics(painter.font())
            wide = metrics.horizontalAdvance(text)
            after = metrics.horizontalAdvance(parts[place + 1][0]) + 4 if len(text) == 1 else 0
            if x + wide + after > scale.width - 8:  # a name never stands without its value
                break
            painter.setPen(self._look.color(token))
            painter.drawText(QRectF(x, 8, wide + 4, 18), Qt.AlignmentFlag.AlignVCenter, text)
            x += wide + (4 if len(text) == 1 else 12)

    # overridden Qt methods

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, *_: object) -> None:
        scale = self._scale
        if scale is None or not self._store.count:
            return
        plot = QRectF(0, 0, scale.width, scale.height)
        painter.setClipRect(plot)
        self._paint_curves(painter, scale)
        self._paint_markers(painter, scale)
        painter.setClipping(False)
        self._paint_lines(painter, scale)
        if self.pointer is not None and plot.contains(self.pointer):
            self._paint_crosshair(painter, scale, self.pointer)
        self._paint_values(painter, scale)


def _values(bar: BarValues, price_text: Callable[[float], str]) -> list[tuple[str, str]]:
    prices = [
        (name, price_text(price)) for name, price in zip("OHLC", (bar.open, bar.high, bar.low, bar.close), strict=True)
    ]
    return [*prices, ("V", f"{bar.volume:,.0f}")]


def _marker_shape(marker: Marker, spot: QPointF) -> QPolygonF:
    """A triangle that points at the bar for fills, a diamond for an alert: told apart without colour."""
    x, y, half = spot.x(), spot.y(), MARKER_PX
    if marker.kind.name == "ALERT":
        points = [(x, y - half), (x + half, y), (x, y + half), (x - half, y)]
    elif marker.kind.below:
        points = [(x, y - half), (x + half, y + half), (x - half, y + half)]
    else:
        points = [(x, y + half), (x - half, y - half), (x + half, y - half)]
    return QPolygonF([QPointF(px, py) for px, py in points])
