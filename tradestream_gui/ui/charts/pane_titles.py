"""Writes above each pane which indicator it shows and its values under the pointer, or of the last bar."""

from collections.abc import Callable

import numpy as np
from PyQt6.QtCore import QRect, QRectF, Qt
from PyQt6.QtGui import QFont, QFontMetrics, QPainter

from tradestream_gui.market.study_run import StudyRun
from tradestream_gui.ui.charts.bar_store import BarStore
from tradestream_gui.ui.charts.chart_layer import ChartLayer
from tradestream_gui.ui.charts.pane_item import PaneItem, value_text
from tradestream_gui.ui.charts.scale import Scale
from tradestream_gui.ui.charts.study_ink import SIGNAL, study_tokens
from tradestream_gui.ui.charts.study_set import StudySet
from tradestream_gui.ui.shell.look import Look

TITLE_PX = 16
Span = tuple[float, float]


class PaneTitles(ChartLayer):
    """Above the sheet, because the values go with the pointer and with every tick."""

    def __init__(
        self, look: Look, store: BarStore, studies: StudySet, panes: PaneItem, index_shown: Callable[[], int]
    ) -> None:
        self._studies = studies
        self._panes = panes
        self._index_shown = index_shown
        super().__init__(look, store, depth=5)

    def adopt_look(self) -> None:
        super().adopt_look()
        self._font = self._look.font(11)
        self._strong = self._look.font(11, QFont.Weight.DemiBold)

    def where_values_stand(self) -> list[QRect]:
        """What must be shown anew when the last bar moved."""
        scale = self.scale_now
        tops = [scale.pane_span(number)[0] for number in range(scale.panes)] if scale is not None else []
        return [QRect(0, top, scale.width, self._look.px(TITLE_PX) + 4) for top in tops if scale is not None]

    def _paint_title(
        self, painter: QPainter, scale: Scale, run: StudyRun, token: str, top: int, span: Span | None
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
            painter.drawText(QRectF(x, top + 2, wide + 4, self._look.px(TITLE_PX)), Qt.AlignmentFlag.AlignVCenter, text)
            x += wide + self._look.px(10)

    # overridden Qt methods

    def paint(self, painter: QPainter | None, *_: object) -> None:
        scale, runs = self.scale_now, self._studies.in_panes
        if painter is None or scale is None or not self._store.count or not runs:
            return
        tokens = study_tokens([run.study for run in runs])
        for number, (run, token, span) in enumerate(zip(runs, tokens, self._panes.spans, strict=True)):
            self._paint_title(painter, scale, run, token, scale.pane_span(number)[0], span)
