"""Copies, examines and re-labels database files for backups and restores."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from tradestream_gui.adapters.storage.audit import verify_chain
from tradestream_gui.adapters.storage.codec import time_text
from tradestream_gui.adapters.storage.engine import open_engine
from tradestream_gui.adapters.storage.migrate import refuse_newer, revision_of
from tradestream_gui.adapters.storage.sqlite_file import INTEGRITY, copy_database, integrity_problem
from tradestream_gui.adapters.storage.tables import metadata
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.ports.backup import DatabaseFacts


class SqliteKeeper:
    """Works on files; `new_epoch` gives the four letters of a new lineage."""

    def __init__(self, new_epoch: Callable[[], str]) -> None:
        self._new_epoch = new_epoch

    def copy(self, source: Path, target: Path) -> None:
        copy_database(source, target)

    def examine(self, path: Path) -> DatabaseFacts:
        try:
            engine = open_engine(path, read_only=True)
            with engine.connect() as connection, connection.begin():
                return _facts(connection, path)
        except SQLAlchemyError as error:
            cause = getattr(error, "orig", None) or error
            raise StoreFailed(f"{path.name} is no database that can be read: {cause}") from error

    def renew_epoch(self, path: Path, at: datetime, reason: str) -> str:
        epoch = self._new_epoch()
        try:
            with open_engine(path).connect() as connection, connection.begin():
                run = connection.exec_driver_sql
                danger = run("SELECT danger FROM lineage ORDER BY seq DESC LIMIT 1").scalar()
                run(
                    "INSERT INTO lineage (epoch, danger, began_at, reason) VALUES (?, ?, ?, ?)",
                    (epoch, danger, time_text(at), reason),
                )
        except SQLAlchemyError as error:
            cause = getattr(error, "orig", None) or error
            raise StoreFailed(f"{path.name} could not be given a new epoch: {cause}") from error
        return epoch


def _facts(connection: Connection, path: Path) -> DatabaseFacts:
    run = connection.exec_driver_sql
    problem = integrity_problem(run(INTEGRITY))
    if not problem and run("PRAGMA foreign_key_check").fetchone() is not None:
        problem = "a row refers to one that is not there"
    revision = revision_of(connection)
    refuse_newer(path, revision)
    if revision is None:
        raise StoreFailed(f"{path.name} is empty")
    rows = {
        table.name: int(run(f"SELECT count(*) FROM {table.name}").scalar() or 0)  # noqa: S608  # our own names
        for table in metadata.sorted_tables
    }
    lineage = run("SELECT epoch, danger FROM lineage ORDER BY seq DESC LIMIT 1").fetchone()
    if lineage is None:
        raise StoreFailed(f"{path.name} has no lineage; it was not made by TradeStream")
    audit = verify_chain(connection)
    return DatabaseFacts(revision, str(lineage[1]), str(lineage[0]), rows, audit, problem or audit.problem)
