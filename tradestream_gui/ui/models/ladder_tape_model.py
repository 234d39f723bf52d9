"""Time and sales as an item model: the newest print on top, so many kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from enum import IntEnum
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Aggressor, TradePrint
from tradestream_gui.ui.format import number_text, price_text, time_text
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.tone import Tone

LARGE_FACTOR = 3
"""A print so many times the usual size is set off."""


class TapeColumn(IntEnum):
    TIME = 0
    PRICE = 1
    SIZE = 2


TITLES = ("Time", "Price", "Size")
_TONES = {Aggressor.BUYER: Tone.BUY, Aggressor.SELLER: Tone.SELL, Aggressor.UNKNOWN: Tone.SECONDARY}
_WORDS = {Aggressor.BUYER: "bought at the ask", Aggressor.SELLER: "sold at the bid", Aggressor.UNKNOWN: "traded"}


class TapeModel(QAbstractTableModel):
    """Prints come in batches, a frame's worth at once; the oldest fall off at the end."""

    def __init__(self, look: Look, kept: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._kept = kept
        self._prints: list[TradePrint] = []
        self._instrument: Instrument | None = None
        self._zone: tzinfo | None = None
        self._usual = 0.0

    def clear(self, instrument: Instrument | None, zone: tzinfo | None) -> None:
        self.beginResetModel()
        self._prints, self._instrument, self._zone, self._usual = [], instrument, zone, 0.0
        self.endResetModel()

    def add(self, prints: Sequence[TradePrint]) -> None:
        """Takes the newer prints, oldest first."""
        news = list(reversed(prints))[: self._kept]
        if not news:
            return
        surplus = len(self._prints) + len(news) - self._kept
        if surplus > 0:
            self.beginRemoveRows(QModelIndex(), len(self._prints) - surplus, len(self._prints) - 1)
            del self._prints[len(self._prints) - surplus :]
            self.endRemoveRows()
        self.beginInsertRows(QModelIndex(), 0, len(news) - 1)
        self._prints[:0] = news
        self.endInsertRows()
        self._usual = sum(trade.size for trade in self._prints) / len(self._prints)

    @property
    def prints(self) -> Sequence[TradePrint]:
        """Newest first."""
        return self._prints

    def is_large(self, trade: TradePrint) -> bool:
        return self._usual > 0 and trade.size >= self._usual * LARGE_FACTOR

    # -- Qt ------------------------------------------------------------------------------------------------

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._prints)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(TapeColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section] if 0 <= section < len(TITLES) else None
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._prints) or self._instrument is None or self._zone is None:
            return None
        trade, column = self._prints[index.row()], TapeColumn(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(trade, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                price, at = price_text(trade.price, self._instrument), time_text(trade.at, self._zone)
                return f"{trade.size} {_WORDS[trade.aggressor]}, {price}, {at}"
            case Qt.ItemDataRole.ForegroundRole:
                return self._look.tone(Tone.MUTED if column is TapeColumn.TIME else _TONES[trade.aggressor])
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.BackgroundRole if self.is_large(trade):
                return self._look.color("hover")
        return None

    def _text(self, trade: TradePrint, column: TapeColumn) -> str:
        assert self._instrument is not None, "rows have a contract"
        assert self._zone is not None, "rows have a zone"
        if column is TapeColumn.TIME:
            return time_text(trade.at, self._zone)
        return price_text(trade.price, self._instrument) if column is TapeColumn.PRICE else number_text(trade.size)
