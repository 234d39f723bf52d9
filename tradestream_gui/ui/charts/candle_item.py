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

    def _paint_bars(self, painter: QPainter, scale: Scale) -> None:
        first, end = max(int(scale.left), 0), min(int(scale.right) + 2, self.shown.count)
        if first >= end:
            return
        opens, highs, lows, closes, volumes = self.shown.window(first, end)
        middle = np.floor((np.arange(first, end) + 0.5 - scale.left) * scale.px_per_bar)
        rises = closes >= opens
        half = max(int(scale.px_per_bar * BODY_SHARE) // 2, 0)
        if scale.has_volume:
            self._paint_volume(painter, scale, middle, half, volumes, rises)
        if self.style is ChartStyle.LINE:
            self._paint_line(painter, scale)
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
        self, painter: QPainter, scale: Scale, middle: Floats, half: int, volumes: Floats, rises: Mask
    ) -> None:
        tops = self._volume_tops(volumes, scale)
        bottom = np.full(len(middle), scale.main_height - 1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        for side, mask in enumerate((rises, ~rises)):
            x, brush = middle[mask], self._volume_brushes[side]
            self._shapes.fill_rects(painter, brush, x - half, tops[mask], x + half, bottom[mask])

    # many bars in a pixel

    def _paint_columns(self, painter: QPainter, scale: Scale) -> None:
        columns = self.shown.pixel_columns(scale.left, 1 / scale.px_per_bar, scale.width)
        if columns is None:
            return
        rises = columns.close >= columns.open
        x = columns.x.astype(float)
        y_high, y_low = self._ys(columns.high, scale), self._ys(columns.low, scale)
        volume_tops = self._volume_tops(columns.volume, scale)
        floor = np.full(len(x), float(scale.main_height))
        for side, mask in enumerate((rises, ~rises)):
            if scale.has_volume:
                painter.setPen(self._volume_pens[side])
                self._shapes.draw_lines(painter, x[mask], volume_tops[mask], x[mask], floor[mask])
            if self.style is not ChartStyle.LINE:
                painter.setPen(self._pens[side])
                foot = np.maximum(y_low, y_high + 1)[mask]
                self._shapes.draw_lines(painter, x[mask], y_high[mask], x[mask], foot)
        if self.style is ChartStyle.LINE:
            self._paint_line(painter, scale)

    def _paint_line(self, painter: QPainter, scale: Scale) -> None:
        closes = self.shown.window(0, self.shown.count)[3]
        x, values = curve_points(closes, scale.left, scale.px_per_bar, scale.width)
        y = scale.y(0.0) - values * scale.px_per_price
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(self._line_pen)
        self._shapes.draw_lines(painter, x[:-1], y[:-1], x[1:], y[1:])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _ys(self, prices: Floats, scale: Scale) -> Floats:
        return np.round(scale.y(0.0) - prices * scale.px_per_price)

    def _volume_tops(self, volumes: Floats, scale: Scale) -> Floats:
        most = float(volumes.max(initial=0.0))
        tall, floor = scale.main_height - scale.volume_top, scale.main_height
        return floor - np.round(volumes * (tall / most)) if most > 0 else np.full(len(volumes), float(floor))

    # overridden Qt methods

    def paint(self, painter: QPainter, *_: object) -> None:
        scale = self.scale_now
        if scale is None or not self.shown.count:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setClipRect(QRectF(0, 0, scale.width, scale.main_height))
        if scale.px_per_bar >= CANDLE_FROM_PX:
            self._paint_bars(painter, scale)
        else:
            self._paint_columns(painter, scale)
