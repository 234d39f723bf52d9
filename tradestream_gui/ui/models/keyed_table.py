"""Rows by key behind a table: texts are made once per change and only changed cells are reported, once per frame."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt, pyqtSignal

from tradestream_gui.ui.models.columns import Align, Column
from tradestream_gui.ui.models.row_order import RowOrder
from tradestream_gui.ui.models.row_texts import EVERY_ROW, Cells, RowTexts
from tradestream_gui.ui.shell.frame_clock import FrameClock
from tradestream_gui.ui.shell.plain import tooltip
from tradestream_gui.ui.shell.tone import Tone

RowT = TypeVar("RowT")
CellChange = tuple[Hashable, int, str, str]
RESORT_MS = 1000  # a column that moves is sorted again at most once a second: rows must not jump under the pointer
MANY_NEW_ROWS = 200  # above this a rebuild costs less than inserting row by row
TONE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
KEY_ROLE = int(Qt.ItemDataRole.UserRole) + 2
_ALIGN = {
    Align.LEFT: Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    Align.RIGHT: Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    Align.CENTER: Qt.AlignmentFlag.AlignCenter,
}
_DISPLAY = [Qt.ItemDataRole.DisplayRole]


class KeyedTableModel(QAbstractTableModel, Generic[RowT]):
    """The only owner of its rows. `upsert`, `remove` and `replace_all` may be called at any rate; the view sees frames.

    While the table is hidden (`set_visible(False)`) changes wait, last one per key, and come when it is shown.
    """

    cells_changed = pyqtSignal(list)  # [(key, column, text before, text after)] of columns that flash

    def __init__(self, columns: Sequence[Column[RowT]], *, newest_first: bool = False) -> None:
        super().__init__()
        self.columns: tuple[Column[RowT], ...] = tuple(columns)
        self._cells = RowTexts(self._make)
        self._row_by_key: dict[Hashable, RowT] = {}
        self._order: RowOrder[RowT] = RowOrder(self.columns, newest_first=newest_first)
        self._pending: dict[Hashable, RowT] = {}
        self._shown = True
        self._frames = FrameClock(self.flush)
        self._sorts = FrameClock(self._sort_now, RESORT_MS)

    # what the owner calls

    def upsert(self, key: Hashable, row: RowT) -> None:
        """Adds the row or replaces the one with this key, at the next frame."""
        self.upsert_many({key: row})

    def upsert_many(self, rows: Mapping[Hashable, RowT]) -> None:
        self._pending.update(rows)
        if self._shown and rows:
            self._frames.request()

    def remove(self, key: Hashable) -> None:
        """Drops the row now; unknown keys are ignored."""
        self._pending.pop(key, None)
        position = self._order.position(key)
        if position is None:
            self._row_by_key.pop(key, None)
        else:
            self.beginRemoveRows(QModelIndex(), position, position)
            self._order.remove(position)
            self._cells.remove(position)
            del self._row_by_key[key]
            self.endRemoveRows()

    def replace_all(self, rows: Iterable[tuple[Hashable, RowT]]) -> None:
        """Shows exactly these rows, in this order until a column is sorted; the view keeps its selection by key."""
        fresh = dict(rows)
        self._pending.clear()
        if list(fresh) == list(self._row_by_key) and self._shown:
            self._pending = fresh
            self.flush()
            return
        self._rebuild(fresh)

    def refresh(self) -> None:
        """Makes every text anew at the next frame: a minute has passed, the unit or the time zone was changed."""
        self.upsert_many({key: row for key, row in self._row_by_key.items() if key not in self._pending})

    def set_filter(self, accepts: Callable[[RowT], bool] | None) -> None:
        """Shows only rows that `accepts`; None shows all."""
        self._order.accepts = accepts
        self._rebuild()

    def set_visible(self, visible: bool) -> None:
        """The view is shown or hidden; a hidden table only remembers what changed."""
        self._shown = visible
        if visible:
            self.flush()
        else:
            self._frames.stop()
            self._sorts.stop()

    def set_window(self, first: int, last: int) -> None:
        """The view shows these rows now; texts of other rows are made when they are needed. Called while painting."""
        self._cells.show(first, last)

    def settle(self, first_rows: int = EVERY_ROW) -> None:
        """Makes the texts of all rows, or of the first ones, current, for a copy or an export."""
        self._cells.read_rows(0, first_rows - 1)

    @property
    def texts(self) -> list[list[str]]:
        """One list per shown row, empty for a row far out of sight; the delegate reads them while painting."""
        return self._cells.texts

    @property
    def tones(self) -> list[list[Tone | None]]:
        return self._cells.tones

    def text(self, position: int, column_no: int) -> str:
        """What stands in a cell, in sight or not."""
        self._cells.read(position)
        return self._cells.texts[position][column_no]

    def row(self, key: Hashable) -> RowT | None:
        """The newest row with this key, flushed or not."""
        return self._pending.get(key, self._row_by_key.get(key))

    def key_at(self, position: int) -> Hashable | None:
        return self._order.keys[position] if 0 <= position < len(self._order.keys) else None

    def position_of(self, key: Hashable) -> int | None:
        """Where the row stands now; None when it is filtered out or unknown."""
        return self._order.position(key)

    def is_in_sight(self, key: Hashable) -> bool:
        """True where the view shows the row now, or may: before its first painting nobody knows."""
        position = self._order.position(key)
        return position is None or self._cells.is_in_sight(position)

    @property
    def keys(self) -> Sequence[Hashable]:
        """The keys in the order shown."""
        return self._order.keys

    @property
    def is_stale(self) -> bool:
        """True while hidden with changes waiting."""
        return not self._shown and bool(self._pending)

    @property
    def total(self) -> int:
        """How many rows there are, shown or filtered out."""
        return len(self._row_by_key)

    def flush(self) -> None:
        """Takes the waiting changes in and reports the cells that differ."""
        pending, self._pending = self._pending, {}
        if not pending:
            return
        added = [key for key in pending if key not in self._row_by_key]
        self._row_by_key.update(pending)
        if len(added) > MANY_NEW_ROWS or self._order.changes_filter(pending):
            self._rebuild()
            return
        flashes: list[CellChange] = []
        moved = False
        fresh = set(added)
        for key, row in pending.items():
            if key in fresh:
                self._insert(key, row)
            else:
                moved |= self._update(key, row, flashes)
        if flashes:
            self.cells_changed.emit(flashes)
        if moved:
            self._sorts.request()
        self._cells.tidy()

    # inside

    def _insert(self, key: Hashable, row: RowT) -> None:
        if not self._order.shows(row):
            return
        position = self._order.place_for(row, self._row_by_key)
        self.beginInsertRows(QModelIndex(), position, position)
        self._order.insert(position, key)
        self._cells.insert(position)
        self.endInsertRows()

    def _update(self, key: Hashable, row: RowT, flashes: list[CellChange]) -> bool:
        """Reports the changed cells of one row; True when the sorted column is among them."""
        position = self._order.position(key)
        if position is None:
            return False
        if not self._cells.is_in_sight(position):
            self._cells.forget(position)
            return self._order.sorted_column >= 0
        if not self.texts[position]:
            self._cells.read(position)
            self._report(position, 0, len(self.columns) - 1)
            return self._order.sorted_column >= 0
        texts, tones = self.texts[position], self.tones[position]
        fresh_tones = self._tones(row)
        first: int | None = None
        moved = False
        for column_no, column in enumerate(self.columns):
            text = column.text(row)
            if text == texts[column_no] and fresh_tones[column_no] is tones[column_no]:
                if first is not None:
                    self._report(position, first, column_no - 1)
                    first = None
                continue
            if column.flash and text != texts[column_no]:
                flashes.append((key, column_no, texts[column_no], text))
            texts[column_no], tones[column_no] = text, fresh_tones[column_no]
            first = column_no if first is None else first
            moved |= column_no == self._order.sorted_column
        if first is not None:
            self._report(position, first, len(self.columns) - 1)
        return moved

    def _make(self, position: int) -> Cells:
        row = self._row_by_key[self._order.keys[position]]
        return [column.text(row) for column in self.columns], self._tones(row)

    def _report(self, position: int, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(position, first), self.index(position, last), _DISPLAY)

    def _tones(self, row: RowT) -> list[Tone | None]:
        return [column.tone(row) if column.tone is not None else None for column in self.columns]

    def _rebuild(self, fresh: dict[Hashable, RowT] | None = None) -> None:
        self.beginResetModel()
        self._row_by_key = self._row_by_key if fresh is None else fresh
        self._order.rebuild(self._row_by_key)
        self._cells.rebuild(len(self._order.keys))
        self.endResetModel()

    def _sort_now(self) -> None:
        before = list(self._order.keys)
        self._order.rebuild(self._row_by_key)
        if self._order.keys == before:
            return
        self.layoutAboutToBeChanged.emit()
        cells = dict(zip(before, zip(self.texts, self.tones, strict=True), strict=True))
        self.texts[:] = [cells[key][0] for key in self._order.keys]
        self.tones[:] = [cells[key][1] for key in self._order.keys]
        for index in self.persistentIndexList():
            position = self._order.position(before[index.row()])
            moved_to = self.index(position, index.column()) if position is not None else QModelIndex()
            self.changePersistentIndex(index, moved_to)
        self.layoutChanged.emit()

    # overridden Qt methods

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.texts)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        position, column_no = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(position, column_no)
        if role == TONE_ROLE:
            self._cells.read(position)
            return self.tones[position][column_no]
        key = self._order.keys[position]
        return key if role == KEY_ROLE else _cell_value(self.columns[column_no], self._row_by_key[key], role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        return _header_value(self.columns[section], role)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._order.sort_by(column, descending=order == Qt.SortOrder.DescendingOrder)
        self._sorts.stop()
        self._sort_now()


def _cell_value(column: Column[RowT], row: RowT, role: int) -> Any:
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return _ALIGN[column.align]
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return column.spoken(row)
    if role == Qt.ItemDataRole.ToolTipRole and column.tooltip is not None:
        return tooltip(column.tooltip(row))
    if role == Qt.ItemDataRole.DecorationRole and column.icon is not None:
        return column.icon(row)
    return None


def _header_value(column: Column[RowT], role: int) -> Any:
    if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
        return column.title
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return _ALIGN[column.align]
    if role == Qt.ItemDataRole.ToolTipRole and column.header_tooltip:
        return tooltip(column.header_tooltip)
    return None
