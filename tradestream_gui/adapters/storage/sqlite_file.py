"""What holds for any SQLite file of ours: a copy taken while it is in use, and whether it is whole."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from tradestream_gui.domain.errors import StoreFailed

STEP_PAGES = 256
"""Pages copied at once: the database is free for commits between two steps."""
PAUSE_S = 0.002
INTEGRITY = "PRAGMA integrity_check(3)"


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy, readable by its user alone; raises StoreFailed, and then there is none."""
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


def integrity_problem(rows: Iterable[Any]) -> str:
    """What the rows of `INTEGRITY` complain of; empty when the file is whole."""
    return "; ".join(str(row[0]) for row in rows if row[0] != "ok")
