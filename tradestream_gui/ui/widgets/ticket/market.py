"""The market beside the ticket: the live quote with its age and kind, and ten levels of the book."""

from __future__ import annotations

from PyQt6.QtCore import QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Depth, DepthLevel
from tradestream_gui.ui.format import NOTHING, number_text, price_text
from tradestream_gui.ui.freshness import Freshness, Seen
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain_label, tooltip
from tradestream_gui.ui.shell.tone import Tone

LEVELS = 10
ROW_PX = 17
PRICE_PX, SIZE_PX = 84, 48
LEAST_ROWS = 3
"""In a low window the book shows fewer levels instead of pushing other parts away."""
NO_DEPTH = "Depth is not available from this feed. Top of book only."
OLD_DEPTH = "The last depth is too old to be shown. It comes back with the prices."


class QuoteStrip(QFrame):
    """Bid, ask and last in large figures; an old price turns to the stale colour and says its age."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._tone = Tone.TEXT
        self._bid, self._ask, self._last = (plain_label(NOTHING, role="h2") for _ in range(3))
        self._bid_caption, self._ask_caption = (plain_label(text, role="caption") for text in ("Bid", "Ask"))
        self._age = plain_label("Choose a contract to see its market.", role="help")
        self._kind = plain_label()  # a role would fix its colour
        row = QHBoxLayout()
        row.setSpacing(12)
        captions = (self._bid_caption, self._ask_caption, plain_label("Last", role="caption"))
        for caption, value in zip(captions, (self._bid, self._ask, self._last), strict=True):
            cell = QVBoxLayout()
            cell.setSpacing(0)
            cell.addWidget(caption)
            cell.addWidget(value)
            row.addLayout(cell, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._age, 1)
        foot.addWidget(self._kind)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 4)
        column.setSpacing(2)
        column.addLayout(row)
        column.addLayout(foot)
        look.changed.connect(self._paint_tones)

    def show_market(self, instrument: Instrument | None, market: Seen | None) -> None:
        if instrument is None or market is None:
            return
        quote = market.quote
        self._bid.setText(price_text(quote.bid if quote else None, instrument))
        self._ask.setText(price_text(quote.ask if quote else None, instrument))
        self._last.setText(price_text(market.last, instrument))
        self._bid_caption.setText(f"Bid × {number_text(quote.bid_size)}" if quote else "Bid")
        self._ask_caption.setText(f"Ask × {number_text(quote.ask_size)}" if quote else "Ask")
        self._age.setText(_age_words(market))
        self._kind.setText(quote.kind.value if quote else "")
        self._tone = Tone.STALE if market.is_stale else Tone.TEXT
        self.setToolTip(tooltip(market.words))
        self.setAccessibleName(
            f"{contract_name(instrument)} bid {self._bid.text()} ask {self._ask.text()} last {self._last.text()}"
        )
        self._paint_tones()

    def texts(self) -> tuple[str, str, str, str, str]:
        """Bid, ask, last, age and kind as shown."""
        return self._bid.text(), self._ask.text(), self._last.text(), self._age.text(), self._kind.text()

    def _paint_tones(self) -> None:
        self._kind.setFont(self._look.font(11, QFont.Weight.DemiBold))
        stale = self._tone is Tone.STALE
        tones = ((self._bid, Tone.BUY), (self._ask, Tone.SELL), (self._last, Tone.TEXT), (self._kind, Tone.DEMO))
        for label, tone in tones:
            _colour(label, self._look.tone(Tone.STALE if stale and label is not self._kind else tone))


class DepthTable(QWidget):
    """Bids left, asks right, sizes outside with bars; a click on a price wants a limit there."""

    price_clicked = pyqtSignal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._depth: Depth | None = None
        self._freshness = Freshness.NONE
        self._instrument: Instrument | None = None
        self.setAccessibleName("Market depth")
        self.setToolTip("Click a price to take it as the limit")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        look.changed.connect(self._adopt_look)

    def show_depth(self, instrument: Instrument | None, depth: Depth | None, freshness: Freshness) -> None:
        height = self.sizeHint().height()
        self._freshness = freshness
        self._instrument, self._depth = instrument, None if freshness is Freshness.GONE else depth
        if self.sizeHint().height() != height:
            self.updateGeometry()
        if depth is not None and instrument is not None and depth.bids and depth.asks:
            self.setAccessibleDescription(
                f"best bid {price_text(depth.bids[0].price, instrument)} for {depth.bids[0].size}, "
                f"best ask {price_text(depth.asks[0].price, instrument)} for {depth.asks[0].size}"
            )
        self.update()

    def _adopt_look(self) -> None:
        self.updateGeometry()
        self.update()

    def _row_height(self) -> int:
        return self._look.px(ROW_PX)

    def _places(self, top: int, *, left: bool) -> tuple[QRect, QRect]:
        """Where a row's price and size stand."""
        height, half, gap = self._row_height(), self.width() // 2, 8
        price, size = self._look.px(PRICE_PX), self._look.px(SIZE_PX)
        return (
            QRect(half - gap - price if left else half + gap, top, price, height),
            QRect(gap if left else self.width() - gap - size, top, size, height),
        )

    def _paint_side(self, painter: QPainter, levels: tuple[DepthLevel, ...], *, left: bool, most: int) -> None:
        assert self._instrument is not None, "levels belong to an instrument"
        height, half = self._row_height(), self.width() // 2
        side, is_stale = "buy" if left else "sell", self._freshness is Freshness.STALE
        tint = QColor(self._look.color("stale" if is_stale else side))
        tint.setAlpha(46)
        room = self.height() // height - 1
        for number, level in enumerate(levels[: min(LEVELS, room)]):
            top = height * (number + 1)
            bar = round((half - 2) * level.size / most) if most else 0
            painter.fillRect(half - bar if left else half + 1, top + 1, bar, height - 2, tint)
            price, size = self._places(top, left=left)
            inner = Qt.AlignmentFlag.AlignRight if left else Qt.AlignmentFlag.AlignLeft
            painter.setPen(self._look.color("stale" if is_stale else side))
            painter.drawText(price, inner | Qt.AlignmentFlag.AlignVCenter, price_text(level.price, self._instrument))
            painter.setPen(self._look.color("text"))
            painter.drawText(size, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number_text(level.size))

    def _paint_head(self, painter: QPainter) -> None:
        painter.setFont(self._look.font(11))
        painter.setPen(self._look.color("muted"))
        middle = Qt.AlignmentFlag.AlignVCenter
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        (bid, bid_size), (ask, ask_size) = self._places(0, left=True), self._places(0, left=False)
        heads = ((bid_size, right, "Size"), (bid, right, "Bid"), (ask, left, "Ask"), (ask_size, right, "Size"))
        for place, side, word in heads:
            painter.drawText(place, side | middle, word)

    def _has_levels(self) -> bool:
        return self._depth is not None and bool(self._depth.bids or self._depth.asks)

    def sizeHint(self) -> QSize:
        rows = LEVELS + 1 if self._has_levels() or self._instrument is None else 3
        return QSize(280, self._row_height() * rows + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, self._row_height() * LEAST_ROWS)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None or self._depth is None:
            return
        row = int(event.position().y()) // self._row_height() - 1
        side = self._depth.bids if event.position().x() < self.width() / 2 else self._depth.asks
        if 0 <= row < min(len(side), LEVELS):
            self.price_clicked.emit(side[row].price)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        depth = self._depth
        if depth is None or self._instrument is None or not (depth.bids or depth.asks):
            painter.setPen(self._look.color("muted"))
            painter.setFont(self._look.font(12))
            words = OLD_DEPTH if self._freshness is Freshness.GONE else NO_DEPTH if self._instrument is not None else ""
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
            return
        most = max(level.size for level in (*depth.bids[:LEVELS], *depth.asks[:LEVELS]))
        self._paint_head(painter)
        painter.setFont(self._look.font(12))
        self._paint_side(painter, depth.bids, left=True, most=most)
        self._paint_side(painter, depth.asks, left=False, most=most)


def _age_words(market: Seen) -> str:
    if market.freshness is Freshness.NONE:
        return "Waiting for the first price…"
    words = f"{market.age_s:.0f} s old" if market.age_s is not None else ""
    return f"{words}: too old to trade on" if market.freshness is Freshness.GONE else words


def _colour(label: QLabel, colour: QColor) -> None:
    palette = label.palette()
    palette.setColor(palette.ColorRole.WindowText, colour)
    label.setPalette(palette)
