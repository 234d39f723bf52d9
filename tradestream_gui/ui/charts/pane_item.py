"""Draws the indicators below the prices, each in a pane with its own scale: RSI, MACD, ATR."""

from collections.abc import Callable

import numpy as np
from PyQt6.QtCore import QLineF, QRectF, Qt
from PyQt6.QtGui import QBrush, QFont, QFontMetrics, QPainter, QPen

from tradestream_gui.market.studies import StudyKind
from tradestream_gui.market.study_run import StudyRun
from tradestream_gui.ui.charts.bar_store import BarStore, Floats
from tradestream_gui.ui.charts.chart_layer import ChartLayer
from tradestream_gui.ui.charts.curve_item import CURVE_PX
from tradestream_gui.ui.charts.curve_paint import curve_points
from tradestream_gui.ui.charts.scale import PaneScale, Scale, price_ticks
from tradestream_gui.ui.charts.shapes import Shapes
from tradestream_gui.ui.charts.study_ink import SIGNAL, study_tokens
from tradestream_gui.ui.charts.study_set import StudySet
from tradestream_gui.ui.shell.look import Look

OVERBOUGHT, OVERSOLD = 70.0, 30.0
LABEL_EVERY_PX = 34
FINEST = 1e-6
HISTOGRAM_STRENGTH = 0.55


class PaneItem(ChartLayer):
    """`index_shown` says whose values stand in the titles: the bar under the pointer, or the last one."""

    def __init__(self, look: Look, store: BarStore, studies: StudySet, index_shown: Callable[[], int]) -> None:
        self._studies = studies
        self._index_shown = index_shown
        self._shapes = Shapes()
        super().__init__(look, store, depth=3)

    def adopt_look(self) -> None:
        super().adopt_look()
        self._font = self._look.font(11)
        self._strong = self._look.font(11, QFont.Weight.DemiBold)

    def _paint_pane(self, painter: QPainter, scale: Scale, number: int, run: StudyRun, token: str) -> None:
        top, bottom = scale.pane_span(number)
        painter.setPen(QPen(self.ink("border"), 1))
        painter.drawLine(QLineF(0, top, self._bounds.width(), top))
        lines = range(len(run.study.kind.value.lines))
        points = [curve_points(run.line(each), scale.left, scale.px_per_bar, scale.width) for each in lines]
        span = self._span(run, [values for _, values in points])
        title = self._look.px(18)
        if span is not None and bottom - top > title + 8:
            pane = PaneScale(top + title, bottom - 4.0, *span)
            self._paint_axis(painter, scale, pane, run)
            painter.setClipRect(QRectF(0, top + 1, scale.width, bottom - top - 1))
            if run.study.kind is StudyKind.MACD:
                self._paint_histogram(painter, scale, pane, run.line(2))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            for (x, values), each in zip(points[:2], (token, SIGNAL), strict=False):
                self._paint_line(painter, pane, x, values, each)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setClipping(False)
        self._paint_title(painter, scale, run, token, top, span)

    def _span(self, run: StudyRun, seen: list[Floats]) -> tuple[float, float] | None:
        """What is visible; the RSI with its bounds in it, the MACD with zero."""
        known = np.concatenate([values[np.isfinite(values)] for values in seen])
        if not len(known):
            return None
        low, high = float(known.min()), float(known.max())
        if run.study.kind is StudyKind.MACD:
            low, high = min(low, 0.0), max(high, 0.0)
        elif run.study.kind is StudyKind.RSI:
            low, high = min(low, OVERSOLD), max(high, OVERBOUGHT)
        room = max((high - low) * 0.08, FINEST)
        return low - room, high + room

    def _paint_axis(self, painter: QPainter, scale: Scale, pane: PaneScale, run: StudyRun) -> None:
        if run.study.kind is StudyKind.RSI:
            levels = [OVERSOLD, OVERBOUGHT]
        else:
            most = max(int((pane.bottom - pane.top) / self._look.px(LABEL_EVERY_PX)), 1)
            levels = price_ticks(pane.low, pane.high, most, FINEST)
        painter.setFont(self._font)
        tall = QFontMetrics(self._font).height()
        for level in levels:
            y = round(pane.y(level))
            token = "border" if run.study.kind is StudyKind.RSI else "grid"
            painter.setPen(QPen(self.ink(token), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(0, y, scale.width, y))
            painter.setPen(self.ink("muted"))
            box = QRectF(scale.width, y - tall / 2, self.axis_room - 8, tall)
            painter.drawText(
                box,
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                value_text(level, (pane.low, pane.high)),
            )

    def _paint_histogram(self, painter: QPainter, scale: Scale, pane: PaneScale, values: Floats) -> None:
        stride = max(int(1 / scale.px_per_bar), 1)
        first, end = max(int(scale.left), 0) // stride * stride, min(int(scale.right) + 2, len(values))
        seen = values[first:end:stride]
        middle = np.floor((np.arange(first, end, stride) + 0.5 - scale.left) * scale.px_per_bar)
        half = max(int(scale.px_per_bar * 0.5) // 2, 0)
        zero = round(pane.y(0.0))
        tops = np.round(pane.y(0.0) - seen * pane.px_per_unit)
        painter.setPen(Qt.PenStyle.NoPen)
        for token, mask in (("candle_up", seen > 0), ("candle_down", seen < 0)):
            x = middle[mask]
            ends = np.full(len(x), float(zero))
            brush = QBrush(self._look.theme.mixed(token, "panel", HISTOGRAM_STRENGTH))
            above, below = np.minimum(tops[mask], ends), np.maximum(tops[mask], ends)
            self._shapes.fill_rects(painter, brush, x - half, above, x + half, below)

    def _paint_line(self, painter: QPainter, pane: PaneScale, x: Floats, values: Floats, token: str) -> None:
        y = pane.y(0.0) - values * pane.px_per_unit
        known = np.isfinite(y[1:]) & np.isfinite(y[:-1])
        painter.setPen(QPen(self.ink(token), CURVE_PX))
        self._shapes.draw_lines(painter, x[:-1][known], y[:-1][known], x[1:][known], y[1:][known])

    def _paint_title(
        self,
        painter: QPainter,
        scale: Scale,
        run: StudyRun,
        token: str,
        top: int,
        span: tuple[float, float] | None,
    ) -> None:
        x = float(self._look.px(10))
        parts = [(run.study.title, "text_2", self._strong)]
        index = self._index_shown()
        for number, name in enumerate(run.study.kind.value.lines):
            line = run.line(number)
            if 0 <= index < len(line) and np.isfinite(line[index]):
                ink = (token, SIGNAL, "text_2")[number]
                words = value_text(float(line[index]), span)
                parts.append((words if len(run.study.kind.value.lines) == 1 else f"{name} {words}", ink, self._font))
        for text, ink, font in parts:
            painter.setFont(font)
            painter.setPen(self.ink(ink))
            wide = QFontMetrics(font).horizontalAdvance(text)
            if x + wide > scale.width:
                break
            painter.drawText(QRectF(x, top + 2, wide + 4, self._look.px(16)), Qt.AlignmentFlag.AlignVCenter, text)
            x += wide + self._look.px(10)

    # overridden Qt methods

    def paint(self, painter: QPainter, *_: object) -> None:
        scale, runs = self.scale_now, self._studies.in_panes
        if scale is None or not self._store.count or not runs:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for number, (run, token) in enumerate(zip(runs, study_tokens([run.study for run in runs]), strict=True)):
            self._paint_pane(painter, scale, number, run, token)


def value_text(value: float, span: tuple[float, float] | None) -> str:
    """A value with as many digits as say something in a pane that shows this span."""
    digits = 2 if span is None or max(map(abs, span)) >= 1 else 4
    return f"{value:,.{digits}f}".replace("-", "\u2212")
