"""The computer under the program: how much of it is in use."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class MachineUse:
    """Shares are of one (0.31 is 31 %), the program's own processor share is of one core. None: not measurable."""

    own_processor: float | None
    processor: float | None
    memory: float | None
    own_memory_bytes: int | None
    disk: float
    disk_free_bytes: int
    longest_pause_s: float
    """The longest pause of the garbage collector since the start."""


class Machine(Protocol):
    def read(self) -> MachineUse:
        """The present use; processor shares are means since the call before. Raises OSError."""

    def close(self) -> None:
        """Stops watching the collector."""
