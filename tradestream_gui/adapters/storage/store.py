"""One open database file as the storage thread sees it: lineage, sequences, writes in one transaction each."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from tradestream_gui.adapters.storage.codec import time_text
from tradestream_gui.adapters.storage.engine import Danger, check_quickly, driver_of, open_engine
from tradestream_gui.adapters.storage.migrate import bring_up_to_date
from tradestream_gui.adapters.storage.writer import RecordWriter
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.ports.journal import Record


@dataclass(slots=True)
class Store:
    """Made and used on one thread only."""

    path: Path
    danger: Danger
    connection: Connection
    epoch: str
    past_epochs: tuple[str, ...]
    _driver: sqlite3.Connection
    _writer: RecordWriter

    @classmethod
    def open(cls, path: Path, danger: Danger, now: Callable[[], datetime], new_epoch: Callable[[], str]) -> "Store":
        """Checks, migrates and starts a lineage in an empty file; raises StoreFailed or StoreTooNew."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.touch(mode=0o600, exist_ok=True)
            connection = open_engine(path).connect()
        except (SQLAlchemyError, OSError) as error:
            raise _unusable(path, error) from error
        with ExitStack() as undo:
            undo.callback(_let_go, connection)
            try:
                with connection.begin():
                    check_quickly(connection, path)
                bring_up_to_date(connection, path)
                epochs = _lineage(connection, path, danger, lambda: time_text(now()), new_epoch)
                driver = driver_of(connection)
                writer = RecordWriter(driver, lambda: time_text(now()))
            except (SQLAlchemyError, sqlite3.Error) as error:
                raise _unusable(path, error) from error
            undo.pop_all()
        return cls(path, danger, connection, epochs[-1], epochs[:-1], driver, writer)

    @property
    def head(self) -> str:
        return self._writer.head

    def write(self, records: Sequence[Record]) -> None:
        """All records in one transaction, durable on return; after an error none of them is stored.

        Raises sqlite3.Error for what the disk refuses, ValueError for what can never be stored.
        """
        driver, is_durable = self._driver, False
        driver.execute("BEGIN IMMEDIATE")  # the write lock at once
        try:
            self._writer.write(records)
            driver.execute("COMMIT")
            is_durable = True
        finally:
            if not is_durable:
                if driver.in_transaction:  # SQLite may have rolled back by itself when the disk was full
                    driver.rollback()
                self._writer.reload()

    def reserve(self, name: str, count: int) -> int:
        run = self.connection.exec_driver_sql
        with self.connection.begin():
            first = run("SELECT next_value FROM sequences WHERE name=?", (name,)).scalar() or 1
            run(
                "INSERT INTO sequences (name, next_value) VALUES (?, ?) "
                "ON CONFLICT(name) DO UPDATE SET next_value=excluded.next_value",
                (name, first + count),
            )
        return int(first)

    def close(self) -> None:
        """SQLite folds the write-ahead log into the file when its last connection closes."""
        _let_go(self.connection)


def _let_go(connection: Connection) -> None:
    engine = connection.engine
    connection.close()
    engine.dispose()


def _lineage(
    connection: Connection, path: Path, danger: Danger, now_text: Callable[[], str], new_epoch: Callable[[], str]
) -> tuple[str, ...]:
    """All epochs of this file, the present one last; starts the first in a new file."""
    run = connection.exec_driver_sql
    with connection.begin():
        rows = run("SELECT epoch, danger FROM lineage ORDER BY seq").fetchall()
        if not rows:
            began = (new_epoch(), danger.value, now_text(), "created")
            run("INSERT INTO lineage (epoch, danger, began_at, reason) VALUES (?, ?, ?, ?)", began)
            return (began[0],)
    if any(row[1] != danger.value for row in rows):
        raise StoreFailed(f"{path.name} was made for {Danger(rows[0][1]).name} accounts and stays so")
    return tuple(str(row[0]) for row in rows)


def _unusable(path: Path, error: Exception) -> StoreFailed:
    cause = getattr(error, "orig", None) or error
    return StoreFailed(
        f"{path.name} cannot be opened: {cause}. Nothing was changed; if it is damaged, restore a backup."
    )
