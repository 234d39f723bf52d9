"""Copies and checks the simulator's own database for backups."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

from tradestream_gui.adapters.brokers.paper.ledger import refuse_newer_layout
from tradestream_gui.adapters.storage.sqlite_file import INTEGRITY, copy_database, integrity_problem
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.ports.backup import DatabaseFacts
from tradestream_gui.ports.history import AuditReport

NO_AUDIT = AuditReport(0, 0, "", "")
KIND = "simulator"


class PaperLedgerKeeper:
    """The simulator's ledger has no lineage of its own: its accounts are those of the profile's paper database."""

    def copy(self, source: Path, target: Path) -> None:
        copy_database(source, target)

    def examine(self, path: Path) -> DatabaseFacts:
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
                problem = integrity_problem(database.execute(INTEGRITY))
                layout = int(database.execute("PRAGMA user_version").fetchone()[0])
                refuse_newer_layout(path, layout)
                return DatabaseFacts(str(layout), KIND, "", _row_counts(database), NO_AUDIT, problem)
        except sqlite3.Error as error:
            raise StoreFailed(f"{path.name} is no database that can be read: {error}") from error

    def renew_epoch(self, path: Path, at: datetime, reason: str) -> str:
        """It has none: its orders bear the epochs of the paper database, together with which it is restored."""
        return ""


def _row_counts(database: sqlite3.Connection) -> Mapping[str, int]:
    names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608  # names of the file's own tables
