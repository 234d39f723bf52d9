"""Draws the indicators below the prices, each in a pane with its own scale: RSI, MACD, ATR."""

from collections.abc import Iterator

import numpy as np
from PyQt6.QtCore import QLineF, QRectF, Qt
from PyQt6.QtGui import QBrush, QFontMetrics, QPainter, QPen

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
Span = tuple[float, float]


class PaneItem(ChartLayer):
    """`spans` holds for each pane which values it reaches over, None while none is known; `extent` tells them anew."""

    def __init__(self, look: Look, store: BarStore, studies: StudySet) -> None:
        self._studies = studies
        self._shapes = Shapes()
        self.spans: tuple[Span | None, ...] = ()
        super().__init__(look, store, depth=3)

    def adopt_look(self) -> None:
        super().adopt_look()
        self._font = self._look.font(11)

    def _panes(self, scale: Scale) -> Iterator[tuple[StudyRun, str, PaneScale]]:
        """Each indicator with its colour and its values' place, where there is room for them."""
        runs = self._studies.in_panes
        tokens = study_tokens([run.study for run in runs])
        title = self._look.px(18)
        for number, (run, token, span) in enumerate(zip(runs, tokens, self.spans, strict=True)):
            top, bottom = scale.pane_span(number)
            if span is not None and bottom - top > title + 8:
                yield run, token, PaneScale(top + title, bottom - 4.0, *span)

    def _span(self, run: StudyRun, scale: Scale) -> Span | None:
        """What is visible; the RSI with its bounds in it, the MACD with zero."""
        seen = [
            curve_points(run.line(number), scale.left, scale.px_per_bar, scale.width)[1]
            for number in range(len(run.study.kind.value.lines))
        ]
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

    def _paint_histogram(self, painter: QPainter, scale: Scale, pane: PaneScale, values: Floats, from_x: int) -> None:
        stride = max(int(1 / scale.px_per_bar), 1)
        first = max(int(scale.left), int(scale.position(from_x)) - stride, 0) // stride * stride
        end = min(int(scale.right) + 2, len(values))
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

    # what the sheet asks for

    def extent(self) -> object:
        scale = self.scale_now
        runs = self._studies.in_panes if scale is not None and self._store.count else []
        self.spans = tuple(self._span(run, scale) for run in runs) if scale is not None else ()
        return self.spans

    def paint_ground(self, painter: QPainter) -> None:
        scale = self.scale_now
        if scale is None or not self.spans:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(self.ink("border"), 1))
        for number in range(len(self.spans)):
            top = scale.pane_span(number)[0]
            painter.drawLine(QLineF(0, top, self._bounds.width(), top))
        for run, _, pane in self._panes(scale):
            self._paint_axis(painter, scale, pane, run)

    def paint_ink(self, painter: QPainter, from_x: int) -> None:
        scale = self.scale_now
        if scale is None or not self.spans:
            return
        title = self._look.px(18)
        for run, token, pane in self._panes(scale):
            painter.save()
            box = QRectF(0, pane.top - title + 1, scale.width, pane.bottom - pane.top + title + 3)
            painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            if run.study.kind is StudyKind.MACD:
                self._paint_histogram(painter, scale, pane, run.line(2), from_x)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            for number, each in zip(range(min(len(run.study.kind.value.lines), 2)), (token, SIGNAL), strict=False):
                x, values = curve_points(run.line(number), scale.left, scale.px_per_bar, scale.width, from_x)
                self._paint_line(painter, pane, x, values, each)
            painter.restore()


def value_text(value: float, span: Span | None) -> str:
    """A value with as many digits as say something in a pane that shows this span."""
    digits = 2 if span is None or max(map(abs, span)) >= 1 else 4
    return f"{value:,.{digits}f}".replace("-", "\u2212")
