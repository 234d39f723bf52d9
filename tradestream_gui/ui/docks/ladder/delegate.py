"""Paints the ladder's cells: size bars, own orders as chips, the last price, average and break-even, the ghost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PyQt6.QtCore import QModelIndex, QRect, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QPainter, QPen
from PyQt6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from tradestream_gui.domain.orders import Side
from tradestream_gui.ui.docks.watermark import paint_word, word_rect
from tradestream_gui.ui.models.ladder_model import LadderColumn, LadderModel, cell_text
from tradestream_gui.ui.models.ladder_rows import LadderRow, MarkKind, OwnMark
from tradestream_gui.ui.shell.look import Look

if TYPE_CHECKING:
    from tradestream_gui.ui.docks.ladder.view import LadderView

BAR_STRENGTH = 64
ZONE_STRENGTH = 14
WATERMARK_STRENGTH = 26
"""Fainter than over a chart: prices are read through it."""
"""Of 255: the side's own half of the ladder is tinted this much."""
GHOST_STRENGTH = 150
TEXT_PX = 12


class LadderDelegate(QStyledItemDelegate):
    """Knows the look and the model; what the mouse points at is told by `show_ghost`."""

    def __init__(self, look: Look, model: LadderModel, view: LadderView) -> None:
        super().__init__(view)
        self._look = look
        self._model = model
        self._view = view
        self._ghost: tuple[Decimal, LadderColumn] | None = None
        self._ghost_words = ""
        self.is_stale = False
        self.watermark = ""
        """Stands behind the prices: over them it would cross figures that are traded by."""

    def show_ghost(self, cell: tuple[Decimal, LadderColumn] | None, words: str) -> None:
        if (cell, words) == (self._ghost, self._ghost_words):
            return
        before, self._ghost, self._ghost_words = self._ghost, cell, words
        for place in (before, cell):
            if place is not None:
                index = self._model.index(self._model.number_of(place[0]), place[1])
                self._view.update(index)

    @property
    def ghost(self) -> str:
        return self._ghost_words

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        row, instrument = self._model.row(index.row()), self._model.instrument
        if painter is None or row is None or instrument is None:
            return
        column, rect = LadderColumn(index.column()), option.rect
        painter.save()
        self._paint_ground(painter, rect, row, column)
        if column in (LadderColumn.BUYS, LadderColumn.SELLS):
            self._paint_own(painter, rect, row, column)
        else:
            painter.setPen(self._ink(row, column))
            painter.setFont(self._font(row, column))
            align = Qt.AlignmentFlag.AlignCenter if column is LadderColumn.PRICE else Qt.AlignmentFlag.AlignRight
            inner = rect if column is LadderColumn.PRICE else rect.adjusted(2, 0, -self._look.px(5), 0)
            painter.drawText(inner, align | Qt.AlignmentFlag.AlignVCenter, cell_text(row, column, instrument))
        self._paint_lines(painter, rect, row, column)
        if index == self._view.currentIndex() and self._view.hasFocus():
            painter.setPen(QPen(self._look.color("focus"), 2))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        painter.restore()

    # -- ground --------------------------------------------------------------------------------------------

    def _paint_ground(self, painter: QPainter, rect: QRect, row: LadderRow, column: LadderColumn) -> None:
        painter.fillRect(rect, self._look.color("panel"))
        side = column.side
        if column is LadderColumn.PRICE:
            painter.fillRect(rect, self._look.color("raised"))
        elif side is not None:
            painter.fillRect(rect, self._faint(side, ZONE_STRENGTH))
        if column is LadderColumn.BID:
            self._paint_bar(painter, rect, row.bid_size, self._model.most_size, self._faint(Side.BUY, BAR_STRENGTH))
        elif column is LadderColumn.ASK:
            self._paint_bar(painter, rect, row.ask_size, self._model.most_size, self._faint(Side.SELL, BAR_STRENGTH))
        elif column is LadderColumn.VOLUME:
            colour = QColor(self._look.color("border_strong"))
            colour.setAlpha(BAR_STRENGTH)
            self._paint_bar(painter, rect, row.volume, self._model.most_volume, colour)
        if column is LadderColumn.PRICE and row.is_last and not self.is_stale:
            painter.fillRect(rect, self._look.color("selected"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), self._look.color("hairline"))
        self._paint_watermark(painter, rect)

    def _paint_watermark(self, painter: QPainter, rect: QRect) -> None:
        """This cell's part of the word."""
        viewport = self._view.viewport()
        if not self.watermark or viewport is None:
            return
        whole = word_rect(self._look, viewport.size(), self.watermark)
        if whole.intersects(rect):
            painter.setClipRect(rect)
            paint_word(painter, self._look, whole, self.watermark, WATERMARK_STRENGTH)
            painter.setClipping(False)

    def _paint_bar(self, painter: QPainter, rect: QRect, size: int, most: int, colour: QColor) -> None:
        if size > 0 and not self.is_stale:
            wide = max(round(rect.width() * size / most), 2)
            if colour.rgb() == self._look.color("sell").rgb():
                painter.fillRect(QRect(rect.left(), rect.top() + 1, wide, rect.height() - 2), colour)
            else:
                painter.fillRect(QRect(rect.right() - wide + 1, rect.top() + 1, wide, rect.height() - 2), colour)

    def _faint(self, side: Side, strength: int) -> QColor:
        colour = QColor(self._look.color("buy" if side is Side.BUY else "sell"))
        colour.setAlpha(strength)
        return colour

    def _ink(self, row: LadderRow, column: LadderColumn) -> QColor:
        if column is LadderColumn.VOLUME:
            return self._look.color("muted")
        if self.is_stale:
            return self._look.color("stale")
        if column is LadderColumn.PRICE and not row.is_last:
            if row.is_best_bid:
                return self._look.color("buy")
            if row.is_best_ask:
                return self._look.color("sell")
        return self._look.color("text")

    def _font(self, row: LadderRow, column: LadderColumn) -> QFont:
        is_best = (row.is_best_bid and column is LadderColumn.BID) or (row.is_best_ask and column is LadderColumn.ASK)
        is_strong = is_best or (column is LadderColumn.PRICE and (row.is_last or row.is_best_bid or row.is_best_ask))
        return self._look.font(TEXT_PX, QFont.Weight.DemiBold if is_strong else QFont.Weight.Normal)

    # -- own -----------------------------------------------------------------------------------------------

    def _paint_own(self, painter: QPainter, rect: QRect, row: LadderRow, column: LadderColumn) -> None:
        side = Side.BUY if column is LadderColumn.BUYS else Side.SELL
        marks = row.marks(side)
        instrument = self._model.instrument
        if marks and instrument is not None:
            self._paint_chip(painter, rect, cell_text(row, column, instrument), marks[0])
        if self._ghost == (row.price, column) and self._ghost_words:
            colour = QColor(self._look.color("buy" if side is Side.BUY else "sell"))
            pen = QPen(colour, 1, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawRoundedRect(QRectF(rect).adjusted(2.5, 2.5, -2.5, -2.5), 3, 3)
            if not marks:
                colour.setAlpha(GHOST_STRENGTH)
                painter.setFont(self._look.font(11, QFont.Weight.DemiBold))
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._ghost_words)

    def _paint_chip(self, painter: QPainter, rect: QRect, words: str, mark: OwnMark) -> None:
        """Filled when it works, an outline while nothing is confirmed; stops and targets in their own colours."""
        tokens = {MarkKind.STOP: ("danger", "on_danger"), MarkKind.TARGET: ("up", "on_accent")}
        entry = ("buy", "on_accent") if mark.side is Side.BUY else ("sell", "on_sell")
        ground, ink = tokens.get(mark.kind, entry)
        chip = QRectF(rect).adjusted(2, 2, -2, -2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._look.font(11, QFont.Weight.DemiBold))
        if mark.is_pending:
            painter.setPen(QPen(self._look.color(ground), 1))
            painter.drawRoundedRect(chip, 3, 3)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.color(ground))
            painter.drawRoundedRect(chip, 3, 3)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self._look.color(ink))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_lines(self, painter: QPainter, rect: QRect, row: LadderRow, column: LadderColumn) -> None:
        """The average as a whole line through the row, break-even as a dashed one; named where no own order stands."""
        words = []
        for holds, token, style, word in (
            (row.is_average, "accent", Qt.PenStyle.SolidLine, "AVG"),
            (row.is_break_even, "up", Qt.PenStyle.DashLine, "BE"),
        ):
            if holds:
                painter.setPen(QPen(self._look.color(token), 2, style))
                painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
                words.append(word)
        if words and column is _free_column(row):
            painter.setFont(self._look.font(10, QFont.Weight.DemiBold))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words[0])


def _free_column(row: LadderRow) -> LadderColumn:
    if not row.sells:
        return LadderColumn.SELLS
    return LadderColumn.VOLUME if row.buys else LadderColumn.BUYS
