"""Draws candles and volume: only what is visible, in two strokes per colour, straight from numpy memory."""

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QBrush, QPainter, QPen

from tradestream_gui.ui.charts.bar_store import BarStore, Floats
from tradestream_gui.ui.charts.scale import Scale
from tradestream_gui.ui.charts.shapes import Shapes
from tradestream_gui.ui.shell.look import Look

CANDLE_FROM_PX = 1.5  # narrower bars are drawn as one column of pixels each
BODY_SHARE = 0.68
VOLUME_STRENGTH = 0.38  # mixed into the ground: Qt blends transparent rectangles forty times slower


class CandleItem(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph ships no types
    """Candles above, volume below; scene coordinates are pixels."""

    def __init__(self, look: Look, store: BarStore) -> None:
        super().__init__()
        self._look = look
        self._store = store
        self._shapes = Shapes()
        self._bounds = QRectF()
        self.scale_now: Scale | None = None
        self.adopt_look()

    def adopt_look(self) -> None:
        theme = self._look.theme
        self._brushes = [QBrush(theme.color("candle_up")), QBrush(theme.color("candle_down"))]
        self._pens = [QPen(theme.color("candle_up")), QPen(theme.color("candle_down"))]
        faint = [theme.mixed(token, "panel", VOLUME_STRENGTH) for token in ("candle_up", "candle_down")]
        self._volume_brushes, self._volume_pens = [QBrush(color) for color in faint], [QPen(color) for color in faint]
        for pen in (*self._pens, *self._volume_pens):
            pen.setCosmetic(True)

    def show_scale(self, scale: Scale, bounds: QRectF) -> None:
        """The whole view is this item's bounds: bounds that lag behind silently stop repaints."""
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self.scale_now = scale
        self.update()

    def _paint_candles(self, painter: QPainter, scale: Scale) -> None:
        first, end = max(int(scale.left), 0), min(int(scale.right) + 2, self._store.count)
        if first >= end:
            return
        opens, highs, lows, closes, volumes = self._store.window(first, end)
        middle = np.floor((np.arange(first, end) + 0.5 - scale.left) * scale.px_per_bar)
        rises = closes >= opens
        half = max(int(scale.px_per_bar * BODY_SHARE) // 2, 0)
        y_open, y_close = self._ys(opens, scale), self._ys(closes, scale)
        y_high, y_low = self._ys(highs, scale), self._ys(lows, scale)
        top, tall = np.minimum(y_open, y_close), np.maximum(np.abs(y_open - y_close), 1.0)
        volume_tops = self._volume_tops(volumes, scale)
        painter.setPen(Qt.PenStyle.NoPen)
        bottom = np.full(len(middle), scale.height - 1.0)
        for side, mask in enumerate((rises, ~rises)):
            x, brush = middle[mask], self._volume_brushes[side]
            self._shapes.fill_rects(painter, brush, x - half, volume_tops[mask], x + half, bottom[mask])
        for side, mask in enumerate((rises, ~rises)):
            x = middle[mask]
            painter.setPen(self._pens[side])
            self._shapes.draw_lines(painter, x, y_high[mask], x, y_low[mask])
            if half:
                painter.setPen(Qt.PenStyle.NoPen)
                foot = top[mask] + tall[mask] - 1
                self._shapes.fill_rects(painter, self._brushes[side], x - half, top[mask], x + half, foot)

    def _paint_columns(self, painter: QPainter, scale: Scale) -> None:
        columns = self._store.pixel_columns(scale.left, 1 / scale.px_per_bar, scale.width)
        if columns is None:
            return
        rises = columns.close >= columns.open
        x = columns.x.astype(float)
        y_high, y_low = self._ys(columns.high, scale), self._ys(columns.low, scale)
        volume_tops = self._volume_tops(columns.volume, scale)
        floor = np.full(len(x), float(scale.height))
        for side, mask in enumerate((rises, ~rises)):
            painter.setPen(self._volume_pens[side])
            self._shapes.draw_lines(painter, x[mask], volume_tops[mask], x[mask], floor[mask])
            painter.setPen(self._pens[side])
            foot = np.maximum(y_low, y_high + 1)[mask]
            self._shapes.draw_lines(painter, x[mask], y_high[mask], x[mask], foot)

    def _ys(self, prices: Floats, scale: Scale) -> Floats:
        return np.round(scale.y(0.0) - prices * scale.px_per_price)

    def _volume_tops(self, volumes: Floats, scale: Scale) -> Floats:
        most = float(volumes.max(initial=0.0))
        tall = scale.height - scale.volume_top
        return scale.height - np.round(volumes * (tall / most)) if most > 0 else np.full(len(volumes), scale.height)

    # overridden Qt methods

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, *_: object) -> None:
        scale = self.scale_now
        if scale is None or not self._store.count:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setClipRect(QRectF(0, 0, scale.width, scale.height))
        if scale.px_per_bar >= CANDLE_FROM_PX:
            self._paint_candles(painter, scale)
        else:
            self._paint_columns(painter, scale)
