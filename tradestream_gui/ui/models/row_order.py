"""Which rows of a table are shown and in what order: arrival, or one sorted column, behind one filter."""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from tradestream_gui.ui.models.columns import Column

RowT = TypeVar("RowT")


class RowOrder(Generic[RowT]):
    """The only owner of the shown order. Positions are looked up in a map that is rebuilt after a shift, on demand."""

    def __init__(self, columns: Sequence[Column[RowT]], *, newest_first: bool) -> None:
        self.keys: list[Hashable] = []
        self.accepts: Callable[[RowT], bool] | None = None
        self.sorted_column = -1
        self._columns = columns
        self._newest_first = newest_first
        self._descending = False
        self._position_by_key: dict[Hashable, int] | None = {}

    def sort_by(self, column: int, *, descending: bool) -> None:
        """A column number, or -1 for the order of arrival."""
        self.sorted_column = column if 0 <= column < len(self._columns) else -1
        self._descending = descending

    def shows(self, row: RowT) -> bool:
        return self.accepts is None or self.accepts(row)

    def changes_filter(self, pending: Mapping[Hashable, RowT]) -> bool:
        """True when one of these rows enters or leaves what the filter shows."""
        if self.accepts is None:
            return False
        return any((self.position(key) is not None) != self.accepts(row) for key, row in pending.items())

    def position(self, key: Hashable) -> int | None:
        if self._position_by_key is None:
            self._position_by_key = {known: place for place, known in enumerate(self.keys)}
        return self._position_by_key.get(key)

    def place_for(self, row: RowT, row_by_key: Mapping[Hashable, RowT]) -> int:
        """Where a new row goes."""
        if self.sorted_column < 0:
            return 0 if self._newest_first else len(self.keys)
        order = self._sort_key(row_by_key)
        column = self._columns[self.sorted_column]
        own = column.order(row)
        if own[0]:
            return len(self.keys)
        valued = sum(1 for key in self.keys if not order(key)[0])
        if not self._descending:
            return bisect_right(self.keys, own, 0, valued, key=order)
        low, high = 0, valued
        while low < high:
            middle = (low + high) // 2
            if order(self.keys[middle]) >= own:
                low = middle + 1
            else:
                high = middle
        return low

    def insert(self, position: int, key: Hashable) -> None:
        if position == len(self.keys) and self._position_by_key is not None:
            self._position_by_key[key] = position
        else:
            self._position_by_key = None
        self.keys.insert(position, key)

    def remove(self, position: int) -> None:
        del self.keys[position]
        self._position_by_key = None

    def rebuild(self, row_by_key: Mapping[Hashable, RowT]) -> None:
        """Filters and sorts everything anew; sorting is stable and keeps rows without a value last."""
        keys = [key for key, row in row_by_key.items() if self.shows(row)]
        if self.sorted_column >= 0:
            order = self._sort_key(row_by_key)
            valued = [key for key in keys if not order(key)[0]]
            without = [key for key in keys if order(key)[0]]
            valued.sort(key=order, reverse=self._descending)
            keys = valued + without
        elif self._newest_first:
            keys.reverse()
        self.keys = keys
        self._position_by_key = None

    def _sort_key(self, row_by_key: Mapping[Hashable, RowT]) -> Callable[[Hashable], tuple[bool, Any]]:
        column = self._columns[self.sorted_column]
        return lambda key: column.order(row_by_key[key])
