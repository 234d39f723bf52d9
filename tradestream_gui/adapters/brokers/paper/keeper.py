"""Copies and checks the simulator's own database for backups (standard library only)."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.ports.backup import DatabaseFacts
from tradestream_gui.ports.history import AuditReport

STEP_PAGES = 256
PAUSE_S = 0.002
NO_AUDIT = AuditReport(0, 0, "", "")
KIND = "simulator"


class PaperLedgerKeeper:
    """The simulator's ledger has no lineage of its own: its accounts are those of the profile's paper database."""

    def copy(self, source: Path, target: Path) -> None:
        if not source.is_file():
            raise StoreFailed(f"there is no database {source.name} to copy")
        target.unlink(missing_ok=True)
        target.touch(mode=0o600)
        try:
            with (
                closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as whole,
                closing(sqlite3.connect(target)) as copy,
            ):
                whole.backup(copy, pages=STEP_PAGES, sleep=PAUSE_S)
                copy.execute("PRAGMA journal_mode=DELETE").fetchall()
        except sqlite3.Error as error:
            target.unlink(missing_ok=True)
            raise StoreFailed(f"{source.name} could not be copied: {error}") from error

    def examine(self, path: Path) -> DatabaseFacts:
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
                problem = "; ".join(
                    str(row[0]) for row in database.execute("PRAGMA integrity_check(3)") if row[0] != "ok"
                )
                version = str(database.execute("PRAGMA user_version").fetchone()[0])
                return DatabaseFacts(version, KIND, "", _row_counts(database), NO_AUDIT, problem)
        except sqlite3.Error as error:
            raise StoreFailed(f"{path.name} is no database that can be read: {error}") from error

    def renew_epoch(self, path: Path, at: datetime, reason: str) -> str:
        raise StoreFailed(f"{path.name} has no epoch; restore it together with the paper database")


def _row_counts(database: sqlite3.Connection) -> Mapping[str, int]:
    names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608  # names of the file's own tables
