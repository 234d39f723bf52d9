"""Which cells are tinted because they just changed; pure bookkeeping in milliseconds, without Qt."""

from collections.abc import Hashable, Iterable

FLASH_MS = 250
REST_MS = 500  # one flash per cell in this time
BUSY_PER_S = 10  # a cell that changes more often than this is not tinted: it would only flicker

Cell = tuple[Hashable, int]


class CellFlashes:
    """The only owner of running flashes; times come in as arguments."""

    def __init__(self) -> None:
        self._direction_by_cell: dict[Cell, int] = {}
        self._end_by_cell: dict[Cell, int] = {}
        self._started_by_cell: dict[Cell, int] = {}
        self._window_by_cell: dict[Cell, tuple[int, int]] = {}

    def start(self, cells: Iterable[tuple[Hashable, int, str, str]], now_ms: int) -> None:
        """Begins a flash for each changed cell that may have one now."""
        for key, column, before, after in cells:
            cell = (key, column)
            began, changes = self._window_by_cell.get(cell, (now_ms, 0))
            if now_ms - began >= 1000:
                began, changes = now_ms, 0
            self._window_by_cell[cell] = (began, changes + 1)
            rested = now_ms - self._started_by_cell.get(cell, -REST_MS) >= REST_MS
            if rested and changes < BUSY_PER_S:
                self._started_by_cell[cell] = now_ms
                self._end_by_cell[cell] = now_ms + FLASH_MS
                self._direction_by_cell[cell] = direction_of(before, after)

    def direction(self, key: Hashable, column: int) -> int | None:
        """-1, 0 or +1 while the cell is tinted, else None."""
        return self._direction_by_cell.get((key, column))

    def take_ended(self, now_ms: int) -> list[Cell]:
        """The cells whose tint is over; they are forgotten."""
        ended = [cell for cell, end in self._end_by_cell.items() if end <= now_ms]
        for cell in ended:
            del self._end_by_cell[cell], self._direction_by_cell[cell]
        if not self._end_by_cell:  # nothing runs: old marks older than a second have no use any more
            self._started_by_cell = {cell: at for cell, at in self._started_by_cell.items() if now_ms - at < 1000}
            self._window_by_cell = {cell: w for cell, w in self._window_by_cell.items() if now_ms - w[0] < 1000}
        return ended

    def next_end_in(self, now_ms: int) -> int:
        return max(min(self._end_by_cell.values(), default=now_ms) - now_ms, 1)

    def __bool__(self) -> bool:
        return bool(self._end_by_cell)


def direction_of(before: str, after: str) -> int:
    """+1 when a number rose, -1 when it fell, 0 when the texts are not both numbers."""
    old, new = _number(before), _number(after)
    if old is None or new is None or old == new:
        return 0
    return 1 if new > old else -1


def _number(text: str) -> float | None:
    try:
        return float(text.translate(_NOT_DIGITS))
    except ValueError:
        return None


_NOT_DIGITS = str.maketrans({"\u2212": "-"} | dict.fromkeys("$,%+ ▲▼≈R"))
