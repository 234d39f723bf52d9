"""Draws price lines with their labels and the prices on the axis; the line in hand goes with the pointer."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from tradestream_gui.ui.charts.bar_store import BarStore
from tradestream_gui.ui.charts.chart_data import MoveWords, PriceLine
from tradestream_gui.ui.charts.chart_layer import ChartLayer
from tradestream_gui.ui.charts.scale import Scale
from tradestream_gui.ui.shell.look import Look

TAG_PX = 18  # height of a label and of a tag on an axis
GRAB_PX = 5  # how near the pointer must be to a line
LABEL_LEFT, LABEL_GAP = 10, 4
GRIP = "↕ "
ABOVE, BELOW = "▲ ", "▼ "
WRAPPED = Qt.AlignmentFlag.AlignVCenter.value | Qt.AlignmentFlag.AlignLeft.value | Qt.TextFlag.TextWordWrap.value


@dataclass(frozen=True, slots=True)
class _Label:
    """What stands on a line, how wide it is and where it would stand by itself, in pixels."""

    line: PriceLine
    text: str
    wide: int
    top: float


class LineItem(ChartLayer):
    """A line out of sight keeps its label at the edge that it lies beyond: there it can still be taken."""

    def __init__(self, look: Look, store: BarStore, *, price_text: Callable[[float], str]) -> None:
        self.price_text = price_text
        self.is_stale = False
        self.axis_labels: Callable[[], Sequence[tuple[float, str]]] = tuple
        self.lines: Sequence[PriceLine] = ()
        self.in_hand: tuple[PriceLine, float] | None = None
        self.words: MoveWords | None = None
        self.chosen = ""
        self._boxes: list[tuple[QRectF, PriceLine]] = []
        self._last_y = 0
        super().__init__(look, store, depth=6)

    def adopt_look(self) -> None:
        super().adopt_look()
        self._font = self._look.font(11)
        self._strong = self._look.font(11, QFont.Weight.DemiBold)
        self._tall = self._look.px(TAG_PX)

    def where_last_stands(self) -> list[QRect]:
        """The rows of the last price, where it was drawn and where it is now."""
        scale = self.scale_now
        if scale is None or not self._store.count:
            return []
        rows = {self._last_y, round(scale.y(self._store.bar(self._store.count - 1).close))}
        return [QRect(0, y - 1, scale.width, 3) for y in rows]

    def line_at(self, where: QPointF) -> PriceLine | None:
        """The draggable line under the pointer: by its label first, else by the line itself."""
        scale = self.scale_now
        if scale is None or where.y() > scale.main_height or where.x() > scale.width:
            return None
        for box, line in reversed(self._boxes):  # the uppermost first
            if line.draggable and box.contains(where):
                return line
        near = [line for line in self.lines if line.draggable and abs(scale.y(line.price) - where.y()) <= GRAB_PX]
        return min(near, key=lambda line: abs(scale.y(line.price) - where.y()), default=None)

    # lines and labels

    def _price_of(self, line: PriceLine) -> float:
        """Where the line is drawn: at the pointer while it is in hand."""
        held = self.in_hand
        return held[1] if held is not None and held[0].line_id == line.line_id else line.price

    def _paint_lines(self, painter: QPainter, scale: Scale) -> list[tuple[float, str, QColor]]:
        """Answers the tags that belong on the axis."""
        tags: list[tuple[float, str, QColor]] = []
        placed: list[tuple[PriceLine, float, float]] = []
        for line in self.lines:
            price = self._price_of(line)
            y, colour = round(scale.y(price)), self.ink(line.kind.token)
            placed.append((line, price, y))
            if scale.top - self._tall <= y <= scale.price_bottom + 4:
                tags.append((y, self.price_text(price), colour))
                self._paint_line(painter, scale, line, y)
        if self.in_hand is not None:
            self._paint_origin(painter, scale, self.in_hand[0])
        self._paint_labels(painter, scale, placed)
        return tags

    def _paint_line(self, painter: QPainter, scale: Scale, line: PriceLine, y: int) -> None:
        colour = self.ink(line.kind.token)
        style = Qt.PenStyle.DashLine if line.kind.dashed else Qt.PenStyle.SolidLine
        is_strong = line.line_id == self.chosen or (self.in_hand is not None and self.in_hand[0] == line)
        painter.setPen(QPen(colour, 2 if is_strong else 1, style))
        painter.drawLine(QLineF(0, y, scale.width, y))

    def _paint_origin(self, painter: QPainter, scale: Scale, line: PriceLine) -> None:
        """Where the line in hand came from."""
        painter.setPen(QPen(self.ink("muted"), 1, Qt.PenStyle.DotLine))
        y = round(scale.y(line.price))
        painter.drawLine(QLineF(0, y, scale.width, y))

    def _paint_labels(self, painter: QPainter, scale: Scale, placed: list[tuple[PriceLine, float, float]]) -> None:
        """Over all lines, so that none strikes a label through; those of one place stand below one another. A chart
        too low for that has some beside each other, as far as it is wide, and then they overlap: none leaves the room
        of the prices."""
        metrics, self._boxes = QFontMetrics(self._font), []
        labels = [self._label(scale, metrics, *each) for each in sorted(placed, key=lambda each: each[2])]
        highest, lowest = scale.top - self._tall / 2, scale.price_bottom - self._tall + 2
        step = float(self._tall + 2)
        rows = max(int((lowest - highest) // step) + 1, 1)
        widest = max((label.wide for label in labels), default=1) + LABEL_GAP
        beside = max(min(math.ceil(len(labels) / rows), (scale.width - LABEL_LEFT) // widest), 1)
        groups = [labels[at : at + beside] for at in range(0, len(labels), beside)]
        step = min(step, max(lowest - highest, 0) / max(len(groups) - 1, 1))
        wanted = [min(max(group[0].top, highest), lowest) for group in groups]
        for group, top in zip(groups, _apart(wanted, step, highest, lowest), strict=True):
            for number, label in enumerate(group):
                self._paint_label(painter, label, QPointF(LABEL_LEFT + number * widest, top))

    def _label(self, scale: Scale, metrics: QFontMetrics, line: PriceLine, price: float, y: float) -> _Label:
        edge = ABOVE if y < scale.top - self._tall else BELOW if y > scale.price_bottom + 4 else ""
        grip = GRIP if line.draggable else ""
        text = f"{grip}{edge}{line.label} {self.price_text(price)}" if edge else f"{grip}{line.label}"
        return _Label(line, text, metrics.horizontalAdvance(text) + 14, y - self._tall / 2)

    def _paint_label(self, painter: QPainter, label: _Label, corner: QPointF) -> None:
        line, text = label.line, label.text
        colour = self.ink(line.kind.token)
        painter.setFont(self._font)
        box = QRectF(corner.x(), corner.y(), label.wide, self._tall)
        painter.fillRect(box, self.ink("raised"))
        painter.setPen(QPen(colour, 2 if line.line_id == self.chosen else 1))
        painter.drawRect(box)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        self._boxes.append((box, line))

    def _paint_words(self, painter: QPainter, scale: Scale, price: float, words: MoveWords) -> None:
        """The chip beside the line in hand: what would come of letting it go here."""
        painter.setFont(self._strong)
        metrics, pad = QFontMetrics(self._strong), self._look.px(8)
        wide = min(metrics.horizontalAdvance(words.text) + 2 * pad, scale.width - 16)
        text_box = metrics.boundingRect(0, 0, int(wide - 2 * pad), 400, WRAPPED, words.text)
        tall = text_box.height() + pad
        y = scale.y(price)
        top = y + 10 if y + 10 + tall < scale.price_bottom else y - 10 - tall
        box = QRectF(scale.width - wide - 8, top, wide, tall)
        painter.fillRect(box, self.ink("raised"))
        painter.setPen(QPen(self.ink(words.token if words.token != "text" else "border_strong"), 1))
        painter.drawRect(box)
        painter.setPen(self.ink(words.token))
        painter.drawText(box.adjusted(pad, 0, -pad, 0), WRAPPED, words.text)

    # the last price and the axis

    def _paint_last(self, painter: QPainter, scale: Scale) -> tuple[float, str, QColor]:
        last = self._store.bar(self._store.count - 1)
        token = "stale" if self.is_stale else "candle_up" if last.close >= last.open else "candle_down"
        colour = self.ink(token)
        self._last_y = y = round(scale.y(last.close))
        if scale.top - 4 <= y <= scale.price_bottom + 4:
            painter.setPen(QPen(colour, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(0, y, scale.width, y))
        return y, self.price_text(last.close), colour

    def _paint_tags(self, painter: QPainter, scale: Scale, tags: list[tuple[float, str, QColor]]) -> None:
        """Filled prices on the axis; where two would overlap the lower one moves down."""
        painter.setFont(self._strong)
        free_from = 0.0
        boxes: list[tuple[QRectF, str, QColor]] = []
        for y, text, colour in sorted(tags, key=lambda tag: tag[0]):
            if not 0 <= y <= scale.main_height:
                continue
            top = max(y - self._tall / 2, free_from)
            free_from = top + self._tall + 1
            self._clear_axis(painter, scale, top)  # before any is painted: it must not cut the one above
            boxes.append((QRectF(scale.width + 1, top, self.axis_room - 1, self._tall), text, colour))
        for box, text, colour in boxes:
            self.paint_tag(painter, box, text, colour)

    def _clear_axis(self, painter: QPainter, scale: Scale, top: float) -> None:
        """Takes away the axis' own prices that a tag would cut."""
        for y, _ in self.axis_labels():
            if abs(y - top - self._tall / 2) < self._tall:
                box = QRectF(scale.width + 1, y - self._tall / 2, self.axis_room - 1, self._tall)
                painter.fillRect(box, self.ink("panel"))

    def paint_tag(self, painter: QPainter, box: QRectF, text: str, ground: QColor) -> None:
        painter.fillRect(box, ground)
        painter.setPen(self.ink("on_band" if ground.lightness() > 110 else "panel"))
        painter.drawText(box.adjusted(0, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)

    # overridden Qt methods

    def paint(self, painter: QPainter | None, *_: object) -> None:
        scale = self.scale_now
        if painter is None or scale is None or not self._store.count:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        last = self._paint_last(painter, scale)
        self._paint_tags(painter, scale, [last, *self._paint_lines(painter, scale)])
        if self.in_hand is not None and self.words is not None:
            self._paint_words(painter, scale, self.in_hand[1], self.words)


def _apart(tops: list[float], step: float, highest: float, lowest: float) -> list[float]:
    """The nearest places that are a step from one another: what is pushed out below moves the others up."""
    placed = list(tops)
    for number in range(1, len(placed)):
        placed[number] = max(placed[number], placed[number - 1] + step)
    most = lowest
    for number in range(len(placed) - 1, -1, -1):
        placed[number] = max(min(placed[number], most), highest)
        most = placed[number] - step
    return placed
