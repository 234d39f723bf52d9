"""What our orders and other roads made of a contract, by the broker's ledger, and where the two crossed."""

from dataclasses import dataclass


@dataclass(slots=True)
class Bare:
    """A stretch in which an instrument was short of its stops."""

    since_s: float
    healthy_since_s: float
    alarmed: bool = False
    told: bool = False


@dataclass(slots=True)
class Holding:
    """What our orders made of an instrument, as the broker's ledger shows it, and what came by another road."""

    ours: int = 0
    external: int = 0
    phoned_s: float = float("-inf")
    taken: int = 0
    """Contracts of ours that trades by another road closed, less those that an exit closed once more."""
    crossed: int = 0
    """Left where an exit closed those once more: the exit's or the other road's, whichever is told first."""
    untold_s: float = float("-inf")
    """When the broker had last told no list of executions with that trade in it."""

    def book(self, signed: int) -> None:
        self.ours += signed
        self.crossed = min(max(self.crossed, min(self.ours, 0)), max(self.ours, 0))

    def cross(self, opened: int) -> None:
        qty = min(opened, self.taken)
        self.taken -= qty
        self.crossed += qty if self.ours > 0 else -qty


def opened_by(before: int, after: int) -> int:
    """Contracts that a deal opened: all on the new side where it turned the position round."""
    return abs(after) if before * after < 0 else max(abs(after) - abs(before), 0)
