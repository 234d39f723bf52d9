"""Draws the crosshair with the price and time under it, and the values of the bar that it stands on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from math import floor, log10

import numpy as np
from PyQt6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from tradestream_gui.ui.charts.bar_store import BarStore
from tradestream_gui.ui.charts.chart_data import ChartStyle
from tradestream_gui.ui.charts.chart_layer import ChartLayer
from tradestream_gui.ui.charts.line_item import TAG_PX
from tradestream_gui.ui.charts.scale import Scale
from tradestream_gui.ui.charts.study_ink import study_tokens
from tradestream_gui.ui.charts.study_set import StudySet
from tradestream_gui.ui.format import NOTHING
from tradestream_gui.ui.shell.look import Look

RISES, FALLS = "▲ ", "▼ "
NAMES = ("O", "H", "L", "C", "V")
DAY_S = 86_400
DAY_BAR_SHIFT = timedelta(hours=7)
"""A day's bar may begin on the evening before; so many hours later it is its own date everywhere."""
ROW_PX, ROWS_AT_MOST = 16, 3
WIDES_AT_MOST = 512
BACK_STRENGTH = 0.82
Part = tuple[str, str, bool]  # text, colour token, strong?


class CrosshairItem(ChartLayer):
    """`pointer` in pixels; None while the mouse is elsewhere."""

    def __init__(self, look: Look, store: BarStore, studies: StudySet, *, price_text: Callable[[float], str]) -> None:
        self._studies = studies
        self.price_text = price_text
        self.tick = 0.01
        self.zone: tzinfo = UTC
        self.seconds = 60
        self.title = ""
        self.style = ChartStyle.CANDLES
        self.pointer: QPointF | None = None
        self._counted_for: tuple[object, ...] = ()
        self._rows = 1
        self._wides: dict[tuple[str, bool], int] = {}
        super().__init__(look, store, depth=8)

    def adopt_look(self) -> None:
        super().adopt_look()
        self._font = self._look.font(11)
        self._strong = self._look.font(11, QFont.Weight.DemiBold)
        self._counted_for = ()
        self._metrics, self._strong_metrics = QFontMetrics(self._font), QFontMetrics(self._strong)
        self._wides = {}

    def _wide(self, text: str, *, strong: bool) -> int:
        """Pixels of a text, kept: most texts of a bar's values stay from tick to tick."""
        found = self._wides.get((text, strong))
        if found is None:
            if len(self._wides) >= WIDES_AT_MOST:
                self._wides.clear()
            metrics = self._strong_metrics if strong else self._metrics
            found = self._wides[text, strong] = metrics.horizontalAdvance(text)
        return found

    def point_at(self, where: QPointF | None) -> None:
        self.pointer = where
        self.update()

    def where_values_stand(self) -> QRect:
        return QRect(0, 0, int(self._bounds.width()), self._rows * self._look.px(ROW_PX) + 4)

    def index_shown(self) -> int:
        """The bar under the pointer, or the last one."""
        last, scale = self._store.count - 1, self.scale_now
        if self.pointer is None or scale is None or not 0 <= self.pointer.x() < scale.width:
            return last
        return min(max(int(scale.position(self.pointer.x())), 0), last)

    def room_for_values(self, width: int) -> int:
        """Pixels of the rows of values above the prices; counted anew when something else is shown, not at a tick."""
        if not self._store.count:
            return 0
        last = self._store.count - 1
        titles = tuple(run.study.title for run in self._studies.over_prices)
        shown = (width, self.title, self.style, titles, len(self.price_text(self._store.bar(last).close)))
        if shown != self._counted_for:
            placed = self._placed(self.values(last), width)
            self._counted_for, self._rows = shown, placed[-1][1] + 1 if placed else 1
        return int(self._rows * self._look.px(ROW_PX) + 4)

    def values(self, index: int) -> list[Part]:
        """Title, then open to volume of that bar, its change, and the indicators over the prices."""
        real = self._store.bar(index)
        is_mean = self.style is ChartStyle.HEIKIN_ASHI and self._studies.heikin_ashi.count > index
        bar = self._studies.heikin_ashi.bar(index) if is_mean else real
        before = self._store.bar(index - 1).close if index else real.open
        move = real.close - before
        tone = "up" if move > 0 else "down" if move < 0 else "muted"
        parts: list[Part] = [(self.title, "text", True)] if self.title else []
        if is_mean:
            parts.append(("HA", "warn", True))
        for name, value in zip(NAMES[:4], (bar.open, bar.high, bar.low, bar.close), strict=True):
            parts += [(name, "muted", False), (self.price_text(value), "text_2", False)]
        parts += [("V", "muted", False), (f"{real.volume:,.0f}", "text_2", False)]
        sign = "+" if move > 0 else "\u2212" if move < 0 else ""
        share = f"{sign}{abs(move) / before * 100 if before else 0:.2f} %"
        arrow = RISES if move > 0 else FALLS if move < 0 else ""
        parts.append((f"{arrow}{sign}{self.price_text(abs(move))} ({share})", tone, False))
        runs = self._studies.over_prices
        for run, token in zip(runs, study_tokens([run.study for run in runs]), strict=True):
            lines = [run.line(number) for number in range(len(run.study.kind.value.lines))]
            known = [float(line[index]) for line in lines if index < len(line) and np.isfinite(line[index])]
            words = " ".join(study_text(value, self.tick) for value in known) or NOTHING
            parts.append((f"{run.study.title} {words}", token, False))
        return parts

    def time_text(self, time: int) -> str:
        at = datetime.fromtimestamp(time, UTC)
        if self.seconds >= DAY_S:
            at = (at + DAY_BAR_SHIFT).astimezone(self.zone)
            return f"{at:%a} {at.day} {at:%b %Y}"
        clock = "%H:%M:%S" if self.seconds < 60 else "%H:%M"
        at = at.astimezone(self.zone)
        return f"{at:%a} {at.day} {at:%b} {at:{clock}}"

    def _paint_cross(self, painter: QPainter, scale: Scale, at: QPointF) -> None:
        x = round(scale.x(self.index_shown() + 0.5))
        painter.setPen(QPen(self.ink("border_strong"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(x, 0, x, scale.height))
        painter.drawLine(QLineF(0, at.y(), scale.width, at.y()))
        painter.setFont(self._strong)
        ground, tall = self.ink("border"), self._look.px(TAG_PX)
        painter.setPen(self.ink("text"))
        if scale.top <= at.y() < scale.price_bottom:
            box = QRectF(scale.width + 1, at.y() - tall / 2, self.axis_room - 1, tall)
            painter.fillRect(box, ground)
            align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            price = round(scale.price(at.y()) / self.tick) * self.tick
            painter.drawText(box.adjusted(0, 0, -8, 0), align, self.price_text(price))
        text = self.time_text(self._store.bar(self.index_shown()).time)
        wide = QFontMetrics(self._strong).horizontalAdvance(text) + 16
        left = min(max(x - wide / 2, 0), scale.width - wide)
        box = QRectF(left, scale.height + 1, wide, self._bounds.height() - scale.height - 1)
        painter.fillRect(box, ground)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _placed(self, parts: list[Part], width: int) -> list[tuple[float, int, float, Part]]:
        """(x, row, pixels, part) in as many rows as they need; a name never stands without its value."""
        gap, left = self._look.px(10), float(self._look.px(10))
        x, row = left, 0
        placed: list[tuple[float, int, float, Part]] = []
        for place, part in enumerate(parts):
            wide = self._wide(part[0], strong=part[2])
            is_name = part[0] in NAMES
            after = self._wide(parts[place + 1][0], strong=False) + 4 if is_name else 0
            if x + wide + after > width - 8 and x > left and not (place and parts[place - 1][0] in NAMES):
                x, row = left, row + 1
            if row >= ROWS_AT_MOST:
                break
            placed.append((x, row, wide, part))
            x += wide + (4 if is_name else gap)
        return placed

    def _paint_values(self, painter: QPainter, scale: Scale) -> None:
        """On a faint ground, for bars may stand behind them: one band, or it would look like a patch on the grid."""
        tall, ground = self._look.px(ROW_PX), QColor(self.ink("panel"))
        placed = self._placed(self.values(self.index_shown()), scale.width)
        ground.setAlphaF(BACK_STRENGTH)
        rows = placed[-1][1] + 1 if placed else 0
        painter.fillRect(QRectF(0, 0, scale.width, 4 + rows * tall if rows else 0), ground)
        for x, row, wide, (text, token, strong) in placed:
            painter.setFont(self._strong if strong else self._font)
            painter.setPen(self.ink(token))
            painter.drawText(QRectF(x, 4 + row * tall, wide + 4, tall), Qt.AlignmentFlag.AlignVCenter, text)

    # overridden Qt methods

    def paint(self, painter: QPainter | None, *_: object) -> None:
        scale = self.scale_now
        if painter is None or scale is None or not self._store.count:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self.pointer is not None and QRectF(0, 0, scale.width, scale.height).contains(self.pointer):
            self._paint_cross(painter, scale, self.pointer)
        self._paint_values(painter, scale)


def study_text(value: float, tick: float) -> str:
    """A mean lies between ticks: shown with the tick's decimals, at least two."""
    digits = max(2, -floor(log10(tick)))
    return f"{value:,.{digits}f}".replace("-", "\u2212")
