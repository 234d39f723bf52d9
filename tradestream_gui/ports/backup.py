"""What copies and examines a database file; called on a worker thread, never on the loop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from tradestream_gui.ports.history import AuditReport


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What a database file holds. `problem` is empty when the file, its references and its audit chain are whole."""

    revision: str
    danger: str
    epoch: str
    rows: Mapping[str, int]
    audit: AuditReport
    problem: str


class DatabaseKeeper(Protocol):
    """All raise StoreFailed."""

    def copy(self, source: Path, target: Path) -> None:
        """A consistent copy of a database that may be in use, taken in small steps."""

    def examine(self, path: Path) -> DatabaseFacts:
        """Reads the whole file; raises StoreTooNew for a schema that this version does not know."""

    def renew_epoch(self, path: Path, at: datetime, reason: str) -> str:
        """Starts a new lineage in a file that nobody uses, so that its old order ids never come again."""
