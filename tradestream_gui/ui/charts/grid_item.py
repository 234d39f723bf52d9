"""Draws what lies behind and beside the candles: shaded sessions, grid lines, price and time axes."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QLineF, QRectF, Qt
from PyQt6.QtGui import QFont, QFontMetrics, QPainter, QPen

from tradestream_gui.ui.charts.bar_store import BarStore
from tradestream_gui.ui.charts.chart_data import Shading
from tradestream_gui.ui.charts.scale import Scale, price_ticks, time_step
from tradestream_gui.ui.shell.look import Look

PRICE_LABEL_EVERY_PX, TIME_LABEL_EVERY_PX = 52, 96
DAY_S = 86_400
LONGEST_STEP_IN_DAY_S = 14_400
AXIS_PAD_PX = 8


class GridItem(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph ships no types
    """The chart's ground; one item, because pyqtgraph's own grid costs 8 to 22 ms a frame."""

    def __init__(self, look: Look, store: BarStore, *, price_text: Callable[[float], str], tick: float) -> None:
        super().__init__()
        self._look = look
        self._store = store
        self.price_text = price_text
        self.tick = tick
        self.zone: tzinfo = UTC
        self.shadings: Sequence[Shading] = ()
        self._bounds = QRectF()
        self._scale: Scale | None = None
        self._times: list[tuple[float, str, bool]] = []
        self._prices: list[tuple[float, str]] = []
        self.setZValue(-10)
        self.adopt_look()

    def adopt_look(self) -> None:
        look = self._look
        self._grid_pen = QPen(look.color("grid"), 1)
        self._edge_pen = QPen(look.color("border"), 1)
        self._font = look.font(11)
        self._day_font = look.font(11, QFont.Weight.DemiBold)
        self.metrics = QFontMetrics(self._font)

    def axis_width(self, high: float, low: float) -> int:
        """Room for the widest price label and the tags on the axis."""
        widest = max(self.metrics.horizontalAdvance(self.price_text(price)) for price in (high, low, round(high)))
        return widest + 2 * AXIS_PAD_PX + 4

    def show_scale(self, scale: Scale, bounds: QRectF) -> None:
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self._scale = scale
        most = max((scale.price_bottom - 20) // self._look.px(PRICE_LABEL_EVERY_PX), 1)
        self._prices = [
            (scale.y(price), self.price_text(price)) for price in price_ticks(scale.low, scale.high, most, self.tick)
        ]
        self._times = self._time_labels(scale)
        self.update()

    def price_labels(self) -> list[tuple[float, str]]:
        """Where on the axis which price stands."""
        return self._prices

    def _time_labels(self, scale: Scale) -> list[tuple[float, str, bool]]:
        """(x, text, begins a day?) at round times of the exchange's zone; bars follow one another without gaps."""
        times = self._store.times()
        first, last = max(int(scale.left), 0), min(int(scale.right), self._store.count - 1)
        if last <= first:
            return []
        bars_per_label = self._look.px(TIME_LABEL_EVERY_PX) / scale.px_per_bar
        step = time_step(float(np.median(np.diff(times[max(last - 32, 0) : last + 1]))) * bars_per_label)
        if step > LONGEST_STEP_IN_DAY_S:  # days are labelled by the calendar, nights and week-ends included
            step = time_step((int(times[last]) - int(times[first])) / (last - first) * bars_per_label)
        offset = self._offset_s(int(times[last]))
        boundary = -(-(int(times[first]) + offset) // step) * step - offset
        labels: list[tuple[float, str, bool]] = []
        free_from = -1e9
        while boundary <= times[last]:
            index = int(times.searchsorted(boundary))
            x = scale.x(index + 0.5)
            if x >= free_from:
                day_before = (int(times[index - 1]) + offset) // DAY_S if index else -1
                begins_day = day_before != (int(times[index]) + offset) // DAY_S
                text, is_day = self._time_label(int(times[index]), step, begins_day=begins_day and index > 0)
                labels.append((x, text, is_day))
                free_from = x + self._look.px(TIME_LABEL_EVERY_PX) * 0.8
                boundary = max(boundary, int(times[index]) // step * step)
            else:  # a pause of the market lies between: go on at the first bar that has room
                reach = min(int(scale.position(free_from)) + 1, last)
                boundary = max(boundary, (int(times[reach]) + offset) // step * step - offset)
            boundary += step
        return labels

    def _time_label(self, time: int, step: int, *, begins_day: bool) -> tuple[str, bool]:
        at = datetime.fromtimestamp(time, UTC).astimezone(self.zone)
        if step >= 300 * DAY_S:
            return f"{at:%Y}", True
        if step >= 28 * DAY_S:
            return f"{at:%b %Y}", at.month == 1
        return (f"{at.day} {at:%b}", True) if begins_day or step >= DAY_S else (f"{at:%H:%M}", False)

    def _offset_s(self, time: int) -> int:
        offset = datetime.fromtimestamp(time, UTC).astimezone(self.zone).utcoffset()
        return int(offset.total_seconds()) if offset is not None else 0

    def _paint_shading(self, painter: QPainter, scale: Scale) -> None:
        color = self._look.color("session")
        for shading in self.shadings:
            left = scale.x(int(self._store.times().searchsorted(shading.start)))
            right = scale.x(int(self._store.times().searchsorted(shading.end)))
            if right > 0 and left < scale.width and right > left:
                painter.fillRect(QRectF(left, 0, right - left, scale.height), color)

    def _paint_axes(self, painter: QPainter, scale: Scale, bounds: QRectF) -> None:
        painter.setPen(self._edge_pen)
        painter.drawLine(QLineF(scale.width, 0, scale.width, bounds.height()))
        painter.drawLine(QLineF(0, scale.height, bounds.width(), scale.height))
        painter.setPen(self._look.color("muted"))
        painter.setFont(self._font)
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        room = bounds.width() - scale.width - AXIS_PAD_PX
        for y, text in self._prices:
            painter.drawText(QRectF(scale.width, y - 9, room, 18), align, text)
        for x, text, is_day in self._times:
            painter.setFont(self._day_font if is_day else self._font)
            box = QRectF(x - 50, scale.height, 100, bounds.height() - scale.height)
            if 24 < x < scale.width - 16:
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    # overridden Qt methods

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, *_: object) -> None:
        scale = self._scale
        if scale is None:
            return
        painter.fillRect(self._bounds, self._look.color("panel"))
        self._paint_shading(painter, scale)
        painter.setPen(self._grid_pen)
        lines = [QLineF(0, round(y), scale.width, round(y)) for y, _ in self._prices]
        lines += [QLineF(round(x), 0, round(x), scale.height) for x, _, _ in self._times if x < scale.width]
        for line in lines:
            painter.drawLine(line)
        self._paint_axes(painter, scale, self._bounds)
