"""What a table column is: how a row becomes text, tone, order, tool tip and spoken text."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from tradestream_gui.ui.shell.tone import Tone

RowT = TypeVar("RowT")
NO_VALUE = "\u2013"
"""A dash on the screen is silent in speech."""


class Align(Enum):
    LEFT = "left"
    RIGHT = "right"
    CENTER = "center"


@dataclass(frozen=True, kw_only=True)  # without slots: they break `Column[Row](…)` on Python 3.11
class Column(Generic[RowT]):
    """One declared column. `text` runs once per changed row, never while painting.

    `width` is in pixels at 100 %. `sort_key` returns something ordered, or None, which sorts last; without it the
    text is compared. `accessible` is what a screen reader says ("profit 25 dollars"); without it title and text.
    `spare` columns leave a narrow table, the highest first; 0 always stays. `stands_for` columns come when those of
    that rank have left, and say the most of it. `elastic` columns share, by this weight, what the others leave; they
    give way down to a share of their width, a `whole` one no further than what stands in it.
    `flash` tints the cell for a moment when its text changes. `icon` names a bundled icon.
    """

    key: str
    title: str
    text: Callable[[RowT], str]
    width: int = 96
    align: Align = Align.LEFT
    tone: Callable[[RowT], Tone | None] | None = None
    sort_key: Callable[[RowT], Any] | None = None
    tooltip: Callable[[RowT], str] | None = None
    accessible: Callable[[RowT], str] | None = None
    icon: Callable[[RowT], str | None] | None = None
    header_tooltip: str = ""
    flash: bool = False
    strong: bool = False
    mono: bool = False
    hidden: bool = False
    spare: int = 0
    stands_for: int = 0
    elastic: int = 0
    whole: bool = False

    def order(self, row: RowT) -> tuple[bool, Any]:
        """A key by which rows sort in this column; rows without a value come last."""
        value = self.sort_key(row) if self.sort_key is not None else self.text(row)
        return (value is None, value)

    def spoken(self, row: RowT) -> str:
        if self.accessible is not None:
            return self.accessible(row)
        text = self.text(row)
        return f"{self.title} {'none' if text == NO_VALUE else text}"
