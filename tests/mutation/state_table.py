"""Flips one cell of the table of legal moves at a time: a legal move becomes illegal, an illegal one legal."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from tradestream_gui.domain import orders
from tradestream_gui.domain.orders import LEGAL_MOVES, OrdStatus


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether an order may go from one state to another."""

    before: OrdStatus
    after: OrdStatus

    @property
    def words(self) -> str:
        change = "legal  ->  illegal" if self.after in LEGAL_MOVES[self.before] else "illegal  ->  legal"
        return f"{self.before.value} to {self.after.value}: {change}"


def cells() -> Iterator[Cell]:
    """Every pair of states, each with itself too."""
    return (Cell(before, after) for before in OrdStatus for after in OrdStatus)


def flip(cell: Cell) -> None:
    """From now on orders move by the table with this one cell turned round; flipping it again takes it back."""
    row = orders.LEGAL_MOVES[cell.before] ^ {cell.after}
    orders.LEGAL_MOVES = MappingProxyType({**orders.LEGAL_MOVES, cell.before: row})
