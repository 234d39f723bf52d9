"""Draws what lies behind and beside the candles: shaded sessions, grid lines, price and time axes."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo

import numpy as np
from PyQt6.QtCore import QLineF, QRectF, Qt
from PyQt6.QtGui import QFont, QFontMetrics, QPainter, QPen

from tradestream_gui.ui.charts.bar_store import BarStore
from tradestream_gui.ui.charts.chart_data import Shading
from tradestream_gui.ui.charts.chart_layer import ChartLayer
from tradestream_gui.ui.charts.crosshair_item import DAY_BAR_SHIFT
from tradestream_gui.ui.charts.scale import Scale, price_ticks, time_step
from tradestream_gui.ui.shell.look import Look

PRICE_LABEL_EVERY_PX, TIME_LABEL_EVERY_PX = 30, 96
DAY_S = 86_400
LONGEST_STEP_IN_DAY_S = 14_400
AXIS_PAD_PX = 8


class GridItem(ChartLayer):
    """The chart's ground; one item, because pyqtgraph's own grid costs 8 to 22 ms a frame."""

    def __init__(self, look: Look, store: BarStore, *, price_text: Callable[[float], str], tick: float) -> None:
        self.price_text = price_text
        self.tick = tick
        self.zone: tzinfo = UTC
        self.seconds = 60
        self.shadings: Sequence[Shading] = ()
        self.session_opens: Sequence[int] = ()
        self._times: list[tuple[float, str, bool]] = []
        self._prices: list[tuple[float, str]] = []
        super().__init__(look, store, depth=-10)

    def adopt_look(self) -> None:
        super().adopt_look()
        look = self._look
        self._grid_pen = QPen(self.ink("grid"), 1)
        self._edge_pen = QPen(self.ink("border"), 1)
        self._break_pen = QPen(self.ink("border"), 1, Qt.PenStyle.DashLine)
        self._font = look.font(11)
        self._day_font = look.font(11, QFont.Weight.DemiBold)
        self.metrics = QFontMetrics(self._font)
        self._widest: tuple[tuple[str, ...], int] = ((), 0)

    def axis_width(self, high: float, low: float) -> int:
        """Room for the widest price label and the tags on the axis."""
        texts = (self.price_text(high), self.price_text(low), self.price_text(round(high)))
        if texts != self._widest[0]:
            self._widest = texts, max(self.metrics.horizontalAdvance(text) for text in texts)
        return self._widest[1] + 2 * AXIS_PAD_PX + 4

    def show_scale(self, scale: Scale, bounds: QRectF) -> None:
        super().show_scale(scale, bounds)
        most = max((scale.price_bottom - scale.top) // self._look.px(PRICE_LABEL_EVERY_PX), 1)
        self._prices = [
            (scale.y(price), self.price_text(price)) for price in price_ticks(scale.low, scale.high, most, self.tick)
        ]
        self._times = self._time_labels(scale)

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
        at = datetime.fromtimestamp(time, UTC)
        at = (at + DAY_BAR_SHIFT if self.seconds >= DAY_S else at).astimezone(self.zone)
        if step >= 300 * DAY_S:
            return f"{at:%Y}", True
        if step >= 28 * DAY_S:
            return f"{at:%b %Y}", at.month == 1
        if begins_day or step >= DAY_S:
            return f"{at.day} {at:%b}", True
        return (f"{at:%H:%M:%S}" if step < 60 else f"{at:%H:%M}"), False

    def _offset_s(self, time: int) -> int:
        offset = datetime.fromtimestamp(time, UTC).astimezone(self.zone).utcoffset()
        return int(offset.total_seconds()) if offset is not None else 0

    def _paint_shading(self, painter: QPainter, scale: Scale) -> None:
        color = self.ink("session")
        begins, ends = self._times_in_view(scale)
        for shading in self.shadings:
            if shading.end < begins or shading.start > ends:
                continue
            left = scale.x(int(self._store.times().searchsorted(shading.start)))
            right = scale.x(int(self._store.times().searchsorted(shading.end)))
            if right > 0 and left < scale.width and right > left:
                painter.fillRect(QRectF(left, 0, right - left, scale.height), color)

    def _paint_breaks(self, painter: QPainter, scale: Scale) -> None:
        """A line where a session opens, between its first bar and the one before."""
        if self.seconds >= DAY_S or not self.session_opens:
            return
        painter.setPen(self._break_pen)
        begins, ends = self._times_in_view(scale)
        for opened in self.session_opens:
            if not begins <= opened <= ends:
                continue
            index = int(self._store.times().searchsorted(opened))
            x = round(scale.x(index))
            if 0 < index < self._store.count and 0 < x < scale.width:
                painter.drawLine(QLineF(x, scale.top, x, scale.height))

    def _times_in_view(self, scale: Scale) -> tuple[int, int]:
        """Starts of the first and the last bar in view; nothing is in view without bars."""
        if not self._store.count:
            return 0, -1
        first, last = max(int(scale.left) - 1, 0), min(int(scale.right) + 1, self._store.count - 1)
        times = self._store.times()
        return int(times[min(first, self._store.count - 1)]), int(times[max(last, 0)])

    def _paint_axes(self, painter: QPainter, scale: Scale, bounds: QRectF) -> None:
        painter.setPen(self._edge_pen)
        painter.drawLine(QLineF(scale.width, 0, scale.width, bounds.height()))
        painter.drawLine(QLineF(0, scale.height, bounds.width(), scale.height))
        painter.setPen(self.ink("muted"))
        painter.setFont(self._font)
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        room, tall = bounds.width() - scale.width - AXIS_PAD_PX, self.metrics.height()
        for y, text in self._prices:
            painter.drawText(QRectF(scale.width, y - tall / 2, room, tall), align, text)
        for x, text, is_day in self._times:
            painter.setFont(self._day_font if is_day else self._font)
            box = QRectF(x - 80, scale.height, 160, bounds.height() - scale.height)
            if 24 < x < scale.width - 16:
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def paint_ground(self, painter: QPainter) -> None:
        scale = self.scale_now
        if scale is None:
            return
        painter.fillRect(self._bounds, self.ink("panel"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_shading(painter, scale)
        self._paint_breaks(painter, scale)
        painter.setPen(self._grid_pen)
        lines = [QLineF(0, round(y), scale.width, round(y)) for y, _ in self._prices]
        lines += [QLineF(round(x), 0, round(x), scale.height) for x, _, _ in self._times if x < scale.width]
        for line in lines:
            painter.drawLine(line)
        self._paint_axes(painter, scale, self._bounds)
