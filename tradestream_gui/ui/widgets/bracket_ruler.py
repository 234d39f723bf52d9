"""A price scale with the entry, its stop and its targets on it: drag the stop or a target, and the ticket follows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Side
from tradestream_gui.ui.format import points_text, price_text
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.tone import Tone

HEIGHT_PX = 46
GRIP_PX = 12
"""How near to a handle a press takes it."""
MARGIN = Decimal("0.12")
"""Of the span: the room beyond the outermost price on either side."""


@dataclass(frozen=True, slots=True)
class RulerScene:
    """Prices in the instrument's unit; None or empty where nothing stands."""

    instrument: Instrument
    side: Side
    entry: Decimal
    stop: Decimal | None
    targets: tuple[Decimal, ...]
    last: Decimal | None


class BracketRuler(QWidget):
    """Emits `moved(key, price)` while a handle is dragged: `stop`, `target0`, `target1`. The scale stands still under a
    drag; the price fields above are the keyboard's way to the same."""

    moved = pyqtSignal(str, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._scene: RulerScene | None = None
        self._span: tuple[Decimal, Decimal] | None = None
        self._dragged = ""
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Bracket")
        self.setToolTip("Drag the stop or a target; the fields above take the same prices by key")
        self.hide()
        look.changed.connect(self.updateGeometry)

    def show_scene(self, scene: RulerScene | None) -> None:
        self._scene = scene
        self.setVisible(scene is not None and (scene.stop is not None or bool(scene.targets)))
        if scene is None:
            return
        if not self._dragged:
            self._span = _span(scene)
        self.setAccessibleDescription(_spoken(scene))
        self.update()

    def x_of(self, price: Decimal) -> int:
        """Where a price stands."""
        low, high = self._span or (price, price + 1)
        return round(float((price - low) / (high - low)) * self.width())

    def price_at(self, x: float) -> Decimal | None:
        """The tradable price at a place; None without a scene."""
        if self._scene is None or self._span is None or not self.width():
            return None
        low, high = self._span
        share = Decimal(str(round(min(max(x / self.width(), 0.0), 1.0), 6)))
        return self._scene.instrument.round_to_tick(low + (high - low) * share)

    def _handles(self) -> list[tuple[str, Decimal]]:
        scene = self._scene
        if scene is None:
            return []
        found = [] if scene.stop is None else [("stop", scene.stop)]
        return found + [(f"target{number}", price) for number, price in enumerate(scene.targets)]

    def _handle_at(self, x: float) -> str:
        near = [(abs(self.x_of(price) - x), key) for key, price in self._handles()]
        away, key = min(near, default=(GRIP_PX + 1.0, ""))
        return key if away <= GRIP_PX else ""

    # -- painting ------------------------------------------------------------------------------------------

    def _paint_spans(self, painter: QPainter, scene: RulerScene, middle: int) -> None:
        entry = self.x_of(scene.entry)
        for price, tone in ((scene.stop, Tone.LOSS), (scene.targets[-1] if scene.targets else None, Tone.PROFIT)):
            if price is None:
                continue
            tint = QColor(self._look.tone(tone))
            tint.setAlpha(70)
            x = self.x_of(price)
            painter.fillRect(QRectF(min(entry, x), middle - 3, abs(x - entry), 6), tint)

    def _paint_mark(self, painter: QPainter, price: Decimal, words: str, tone: Tone, *, above: bool) -> None:
        colour, x, middle = self._look.tone(tone), self.x_of(price), self.height() // 2
        painter.setPen(QPen(colour, 2))
        painter.drawLine(x, middle - 8, x, middle + 8)
        wide = painter.fontMetrics().horizontalAdvance(words) + 4
        left = min(max(x - wide / 2, 0.0), max(self.width() - wide, 0.0))
        tall = painter.fontMetrics().height()
        top = middle - 9 - tall if above else middle + 9
        painter.drawText(QRectF(left, top, wide, tall), Qt.AlignmentFlag.AlignCenter, words)

    def sizeHint(self) -> QSize:
        return QSize(220, self._look.px(HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self._look.px(HEIGHT_PX))

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._dragged = self._handle_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        price = self.price_at(event.position().x())
        if self._dragged and price is not None:
            if price != dict(self._handles()).get(self._dragged):
                self.moved.emit(self._dragged, price)
        else:
            over = bool(self._handle_at(event.position().x()))
            self.setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if self._dragged:
            self._dragged = ""
            self.show_scene(self._scene)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        scene = self._scene
        if scene is None or self._span is None:
            return
        painter = QPainter(self)
        painter.setFont(self._look.font(11))
        middle = self.height() // 2
        painter.setPen(QPen(self._look.color("border_strong"), 1))
        painter.drawLine(QPointF(0, middle), QPointF(self.width(), middle))
        self._paint_spans(painter, scene, middle)
        if scene.last is not None:
            painter.setPen(QPen(self._look.color("muted"), 1, Qt.PenStyle.DotLine))
            x = self.x_of(scene.last)
            painter.drawLine(x, middle - 12, x, middle + 12)
        tone = Tone.BUY if scene.side is Side.BUY else Tone.SELL
        self._paint_mark(painter, scene.entry, _entry_words(scene), tone, above=True)
        for key, price in self._handles():
            words = f"{'Stop' if key == 'stop' else f'T{int(key[-1]) + 1}'} {_away(scene, price)}"
            self._paint_mark(painter, price, words, Tone.LOSS if key == "stop" else Tone.PROFIT, above=False)
        painter.end()


def _span(scene: RulerScene) -> tuple[Decimal, Decimal]:
    prices = [scene.entry, *scene.targets, *(price for price in (scene.stop,) if price is not None)]
    low, high = min(prices), max(prices)
    room = max((high - low) * MARGIN, scene.instrument.tick_at(scene.entry) * 4)
    return low - room, high + room


def _away(scene: RulerScene, price: Decimal) -> str:
    return points_text((price - scene.entry) * scene.side.sign, scene.instrument)


def _entry_words(scene: RulerScene) -> str:
    return price_text(scene.entry, scene.instrument)


def _spoken(scene: RulerScene) -> str:
    parts = [f"entry {price_text(scene.entry, scene.instrument)}"]
    if scene.stop is not None:
        parts.append(f"stop {price_text(scene.stop, scene.instrument)}, {_away(scene, scene.stop)} points")
    parts += [f"target {price_text(price, scene.instrument)}, {_away(scene, price)} points" for price in scene.targets]
    return "; ".join(parts)
