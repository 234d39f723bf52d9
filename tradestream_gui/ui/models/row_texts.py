"""Texts and tones of a table's rows: made when a row comes near those in sight, let go when it is far from them."""

from collections.abc import Callable

from tradestream_gui.ui.shell.tone import Tone

EVERY_ROW = 1 << 31
KEPT_TEXTS = 600
"""Rows around those in sight whose texts are kept; a day has ten thousand messages, a screen shows forty."""

Cells = tuple[list[str], list[Tone | None]]


class RowTexts:
    """The only owner of both lists, one entry for each shown row; the entry of a row that is not read is empty."""

    __slots__ = ("_make", "_no_texts", "_no_tones", "_read_rows", "_window", "texts", "tones")

    def __init__(self, make: Callable[[int], Cells]) -> None:
        """`make` writes the row that stands at a position."""
        self.texts: list[list[str]] = []
        self.tones: list[list[Tone | None]] = []
        self._make = make
        self._no_texts: list[str] = []  # one for all rows that are not read
        self._no_tones: list[Tone | None] = []
        self._read_rows = 0  # since far rows were let go
        self._window = (0, EVERY_ROW)

    def read(self, position: int) -> None:
        """Makes the texts of a row that has none."""
        if not self.texts[position]:
            self.texts[position], self.tones[position] = self._make(position)
            self._read_rows += 1

    def read_rows(self, first: int, last: int) -> None:
        for position in range(max(first, 0), min(last + 1, len(self.texts))):
            self.read(position)

    def forget(self, position: int) -> None:
        self.texts[position], self.tones[position] = self._no_texts, self._no_tones

    def insert(self, position: int) -> None:
        self.texts.insert(position, self._no_texts)
        self.tones.insert(position, self._no_tones)
        if position in self._near():
            self.read(position)

    def remove(self, position: int) -> None:
        del self.texts[position], self.tones[position]

    def rebuild(self, count: int) -> None:
        """Begins anew with so many rows."""
        self.texts, self.tones = [self._no_texts] * count, [self._no_tones] * count
        near = self._near()
        self.read_rows(near.start, near.stop)

    def show(self, first: int, last: int) -> None:
        """These rows are in sight now."""
        self._window = (first, last)
        self.read_rows(first, last)
        self.tidy()

    def is_in_sight(self, position: int) -> bool:
        return self._window[0] <= position <= self._window[1]

    def tidy(self) -> None:
        """Lets go of the texts of far rows once many were read."""
        if self._read_rows <= 2 * KEPT_TEXTS:
            return
        near, self._read_rows = self._near(), 0
        for position in range(len(self.texts)):
            if position not in near:
                self.forget(position)

    def _near(self) -> range:
        """Where texts are kept: the rows in sight and those beside them; the first ones before the first painting."""
        first, last = self._window
        return range(first - KEPT_TEXTS, min(last, first + KEPT_TEXTS) + KEPT_TEXTS)
