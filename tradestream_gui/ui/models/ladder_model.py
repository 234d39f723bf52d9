"""The ladder as an item model: six columns that a screen reader reads, changed row by row."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import IntEnum
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Side
from tradestream_gui.ui.format import number_text, price_text
from tradestream_gui.ui.models.ladder_rows import LadderRow, OwnMark


class LadderColumn(IntEnum):
    BUYS = 0
    BID = 1
    PRICE = 2
    ASK = 3
    SELLS = 4
    VOLUME = 5

    @property
    def side(self) -> Side | None:
        """Which side a click here is about; None for the price and the volume."""
        if self in (LadderColumn.BUYS, LadderColumn.BID):
            return Side.BUY
        return Side.SELL if self in (LadderColumn.ASK, LadderColumn.SELLS) else None


TITLES = ("Buys", "Bid", "Price", "Ask", "Sells", "Vol")
TITLE_WORDS = (
    "Own buy orders",
    "Bid size",
    "Price",
    "Ask size",
    "Own sell orders",
    "Volume traded at the price since the program started to listen",
)


class LadderModel(QAbstractTableModel):
    """Holds the rows in sight, the highest price first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[LadderRow] = []
        self._instrument: Instrument | None = None
        self.most_size = 1
        self.most_volume = 1

    @property
    def rows(self) -> Sequence[LadderRow]:
        return self._rows

    @property
    def instrument(self) -> Instrument | None:
        return self._instrument

    def row(self, number: int) -> LadderRow | None:
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def number_of(self, price: Decimal | None) -> int:
        """Which row has the price; -1 when none in sight has."""
        return next((number for number, row in enumerate(self._rows) if row.price == price), -1)

    def show(self, instrument: Instrument | None, rows: list[LadderRow]) -> int:
        """Takes over the rows and tells of those that changed; answers how many did."""
        sizes = max((max(row.bid_size, row.ask_size) for row in rows), default=1)
        scales = (_scale(sizes), _scale(max((row.volume for row in rows), default=1)))
        is_whole = (
            len(rows) != len(self._rows)
            or instrument is not self._instrument
            or scales != (self.most_size, self.most_volume)
        )
        if is_whole:
            is_reset = len(rows) != len(self._rows)
            if is_reset:
                self.beginResetModel()
            self._instrument, self._rows = instrument, rows
            self.most_size, self.most_volume = scales
            if is_reset:
                self.endResetModel()
            else:
                self.repaint_all()
            return len(rows)
        changed = [number for number, row in enumerate(rows) if row != self._rows[number]]
        self._rows = rows
        for number in changed:
            self._tell(number, number)
        return len(changed)

    def repaint_all(self) -> None:
        if self._rows:
            self._tell(0, len(self._rows) - 1)

    def _tell(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(LadderColumn) - 1))

    # -- Qt ------------------------------------------------------------------------------------------------

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(LadderColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(TITLES):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return TITLE_WORDS[section]
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index.row())
        if row is None or self._instrument is None:
            return None
        column = LadderColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(row, column, self._instrument)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return cell_words(row, column, self._instrument)
        return None


def cell_text(row: LadderRow, column: LadderColumn, instrument: Instrument) -> str:
    match column:
        case LadderColumn.PRICE:
            return price_text(row.price, instrument)
        case LadderColumn.BID:
            return number_text(row.bid_size) if row.bid_size else ""
        case LadderColumn.ASK:
            return number_text(row.ask_size) if row.ask_size else ""
        case LadderColumn.VOLUME:
            return number_text(row.volume) if row.volume else ""
        case LadderColumn.BUYS:
            return marks_text(row.buys)
        case LadderColumn.SELLS:
            return marks_text(row.sells)


def marks_text(marks: Sequence[OwnMark]) -> str:
    """`2 LMT`; several of one price add up: `5 ×2`."""
    if len(marks) < 2:
        return marks[0].text if marks else ""
    return f"{sum(mark.qty for mark in marks)} ×{len(marks)}"


def cell_words(row: LadderRow, column: LadderColumn, instrument: Instrument) -> str:
    """The cell as it is spoken; it never needs another cell to be understood."""
    price = price_text(row.price, instrument)
    match column:
        case LadderColumn.PRICE:
            return ", ".join((price, *_price_notes(row)))
        case LadderColumn.BID:
            return f"bid {row.bid_size} at {price}" if row.bid_size else f"no bid at {price}"
        case LadderColumn.ASK:
            return f"ask {row.ask_size} at {price}" if row.ask_size else f"no ask at {price}"
        case LadderColumn.VOLUME:
            return f"{row.volume} traded at {price}" if row.volume else f"nothing traded at {price}"
        case LadderColumn.BUYS:
            return _orders_words(row.buys, "buy", price)
        case LadderColumn.SELLS:
            return _orders_words(row.sells, "sell", price)


def _price_notes(row: LadderRow) -> list[str]:
    flags = (
        (row.is_last, "last price"),
        (row.is_best_bid, "best bid"),
        (row.is_best_ask, "best ask"),
        (row.is_average, "your average price"),
        (row.is_break_even, "your break-even after fees"),
    )
    return [words for holds, words in flags if holds]


def _orders_words(marks: Sequence[OwnMark], verb: str, price: str) -> str:
    if not marks:
        return f"no own {verb} order at {price}"
    pending = {True: ", not confirmed yet", False: ""}
    return "; ".join(f"{verb} {mark.qty} {mark.word} at {price}{pending[mark.is_pending]}" for mark in marks)


def _scale(most: int) -> int:
    """The length of a full bar: a power of two, so that it rarely changes and with it every row."""
    return 1 << max(most - 1, 0).bit_length()
