"""Draws the indicators that lie over the prices."""

import numpy as np
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter, QPen

from tradestream_gui.market.studies import StudyKind
from tradestream_gui.ui.charts.bar_store import BarStore
from tradestream_gui.ui.charts.chart_layer import ChartLayer
from tradestream_gui.ui.charts.curve_paint import curve_points
from tradestream_gui.ui.charts.scale import Scale
from tradestream_gui.ui.charts.shapes import Shapes
from tradestream_gui.ui.charts.study_ink import study_tokens
from tradestream_gui.ui.charts.study_set import StudySet
from tradestream_gui.ui.shell.look import Look

CURVE_PX, BAND_PX = 1.4, 1.0


class CurveItem(ChartLayer):
    def __init__(self, look: Look, store: BarStore, studies: StudySet) -> None:
        self._studies = studies
        self._shapes = Shapes()
        super().__init__(look, store, depth=2)

    def _paint_curves(self, painter: QPainter, scale: Scale, from_x: int) -> None:
        runs = self._studies.over_prices
        tokens = study_tokens([run.study for run in runs])
        for run, token in zip(runs, tokens, strict=True):
            wide = BAND_PX if run.study.kind is StudyKind.BOLLINGER else CURVE_PX
            painter.setPen(QPen(self.ink(token), wide))
            for number in range(len(run.study.kind.value.lines)):
                x, values = curve_points(run.line(number), scale.left, scale.px_per_bar, scale.width, from_x)
                y = scale.y(0.0) - values * scale.px_per_price
                known = np.isfinite(y[1:]) & np.isfinite(y[:-1])
                self._shapes.draw_lines(painter, x[:-1][known], y[:-1][known], x[1:][known], y[1:][known])

    def paint_ink(self, painter: QPainter, from_x: int) -> None:
        scale = self.scale_now
        if scale is None or not self._store.count or not self._studies.runs:
            return
        painter.save()
        painter.setClipRect(QRectF(0, 0, scale.width, scale.main_height), Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self._paint_curves(painter, scale, from_x)
        painter.restore()
