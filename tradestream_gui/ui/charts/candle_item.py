"""Draws the bars: only what is visible, in two strokes per colour, straight from numpy memory."""

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QBrush, QPainter, QPen

from tradestream_gui.ui.charts.bar_store import BarStore, Floats
from tradestream_gui.ui.charts.chart_data import ChartStyle
from tradestream_gui.ui.charts.chart_layer import ChartLayer
from tradestream_gui.ui.charts.curve_paint import curve_points
from tradestream_gui.ui.charts.scale import Scale
from tradestream_gui.ui.charts.shapes import Shapes
from tradestream_gui.ui.shell.look import Look

CANDLE_FROM_PX = 1.5  # narrower bars are drawn as one column of pixels each
TICKS_FROM_PX = 4.0  # from this width on an open-high-low-close bar shows its open and close
BODY_SHARE = 0.68
VOLUME_STRENGTH = 0.38  # mixed into the ground: Qt blends transparent rectangles forty times slower
LINE_PX = 1.6
Mask = NDArray[np.bool_]


class CandleItem(ChartLayer):
    """Candles, bars or a line above, volume below. `shown` holds what is drawn, Heikin-Ashi bars for instance."""

    def __init__(self, look: Look, store: BarStore) -> None:
        self._shapes = Shapes()
        self.shown = store
        self.style = ChartStyle.CANDLES
        super().__init__(look, store, depth=0)

    def adopt_look(self) -> None:
        theme = self._look.theme
        self._brushes = [QBrush(theme.color("candle_up")), QBrush(theme.color("candle_down"))]
        self._pens = [QPen(theme.color("candle_up")), QPen(theme.color("candle_down"))]
        faint = [theme.mixed(token, "panel", VOLUME_STRENGTH) for token in ("candle_up", "candle_down")]
        self._volume_brushes, self._volume_pens = [QBrush(color) for color in faint], [QPen(color) for color in faint]
        self._line_pen = QPen(theme.color("accent"), LINE_PX)
        for pen in (*self._pens, *self._volume_pens):
            pen.setCosmetic(True)

    # wide bars

    def _paint_bars(self, painter: QPainter, scale: Scale, from_x: int) -> None:
        first, end = self._in_view(scale)
        most = self._most_volume(first, end)
        first = max(first, int(scale.position(from_x)) - 1)
        if first >= end:
            return
        opens, highs, lows, closes, volumes = self.shown.window(first, end)
        middle = np.floor((np.arange(first, end) + 0.5 - scale.left) * scale.px_per_bar)
        rises = closes >= opens
        half = max(int(scale.px_per_bar * BODY_SHARE) // 2, 0)
        if scale.has_volume:
            self._paint_volume(painter, middle, half, self._volume_tops(volumes, most, scale), scale.main_height, rises)
        if self.style is ChartStyle.LINE:
            self._paint_line(painter, scale, from_x)
            return
        y_open, y_close = self._ys(opens, scale), self._ys(closes, scale)
        y_high, y_low = self._ys(highs, scale), self._ys(lows, scale)
        for side, mask in enumerate((rises, ~rises)):
            x = middle[mask]
            painter.setPen(self._pens[side])
            self._shapes.draw_lines(painter, x, y_high[mask], x, np.maximum(y_low, y_high + 1)[mask])
            if self.style is ChartStyle.BARS:
                if scale.px_per_bar >= TICKS_FROM_PX:
                    self._shapes.draw_lines(painter, x - half, y_open[mask], x, y_open[mask])
                    self._shapes.draw_lines(painter, x, y_close[mask], x + half, y_close[mask])
            elif half:
                painter.setPen(Qt.PenStyle.NoPen)
                top = np.minimum(y_open, y_close)[mask]
                foot = top + np.maximum(np.abs(y_open - y_close), 1.0)[mask] - 1
                self._shapes.fill_rects(painter, self._brushes[side], x - half, top, x + half, foot)

    def _paint_volume(
        self, painter: QPainter, middle: Floats, half: int, tops: Floats, floor: int, rises: Mask
    ) -> None:
        bottom = np.full(len(middle), floor - 1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        for side, mask in enumerate((rises, ~rises)):
            x, brush = middle[mask], self._volume_brushes[side]
            self._shapes.fill_rects(painter, brush, x - half, tops[mask], x + half, bottom[mask])

    # many bars in a pixel

    def _paint_columns(self, painter: QPainter, scale: Scale, from_x: int) -> None:
        columns = self.shown.pixel_columns(scale.left, 1 / scale.px_per_bar, scale.width)
        if columns is None:
            return
        rises = columns.close >= columns.open
        x = columns.x.astype(float)
        y_high, y_low = self._ys(columns.high, scale), self._ys(columns.low, scale)
        volume_tops = self._volume_tops(columns.volume, float(columns.volume.max(initial=0.0)), scale)
        floor = np.full(len(x), float(scale.main_height))
        wanted = x >= from_x
        for side, mask in enumerate((rises & wanted, ~rises & wanted)):
            if scale.has_volume:
                painter.setPen(self._volume_pens[side])
                self._shapes.draw_lines(painter, x[mask], volume_tops[mask], x[mask], floor[mask])
            if self.style is not ChartStyle.LINE:
                painter.setPen(self._pens[side])
                foot = np.maximum(y_low, y_high + 1)[mask]
                self._shapes.draw_lines(painter, x[mask], y_high[mask], x[mask], foot)
        if self.style is ChartStyle.LINE:
            self._paint_line(painter, scale, from_x)

    def _paint_line(self, painter: QPainter, scale: Scale, from_x: int) -> None:
        closes = self.shown.window(0, self.shown.count)[3]
        x, values = curve_points(closes, scale.left, scale.px_per_bar, scale.width, from_x)
        y = scale.y(0.0) - values * scale.px_per_price
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(self._line_pen)
        self._shapes.draw_lines(painter, x[:-1], y[:-1], x[1:], y[1:])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _ys(self, prices: Floats, scale: Scale) -> Floats:
        return np.round(scale.y(0.0) - prices * scale.px_per_price)

    def _volume_tops(self, volumes: Floats, most: float, scale: Scale) -> Floats:
        tall, floor = scale.main_height - scale.volume_top, scale.main_height
        return floor - np.round(volumes * (tall / most)) if most > 0 else np.full(len(volumes), float(floor))

    def _in_view(self, scale: Scale) -> tuple[int, int]:
        return max(int(scale.left), 0), min(int(scale.right) + 2, self.shown.count)

    def _most_volume(self, first: int, end: int) -> float:
        return float(self.shown.window(first, end)[4].max(initial=0.0)) if first < end else 0.0

    # what the sheet asks for

    def extent(self) -> object:
        scale = self.scale_now
        if scale is None or not self.shown.count or not scale.has_volume:
            return None
        if scale.px_per_bar >= CANDLE_FROM_PX:
            return self._most_volume(*self._in_view(scale))
        columns = self.shown.pixel_columns(scale.left, 1 / scale.px_per_bar, scale.width)
        return None if columns is None else float(columns.volume.max(initial=0.0))

    def paint_ink(self, painter: QPainter, from_x: int) -> None:
        scale = self.scale_now
        if scale is None or not self.shown.count:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setClipRect(QRectF(0, 0, scale.width, scale.main_height), Qt.ClipOperation.IntersectClip)
        if scale.px_per_bar >= CANDLE_FROM_PX:
            self._paint_bars(painter, scale, from_x)
        else:
            self._paint_columns(painter, scale, from_x)
        painter.restore()
