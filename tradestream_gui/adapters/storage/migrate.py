"""Brings a database to the schema of this version: an empty one at once, an older one after a verified copy."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

from tradestream_gui.adapters.storage.sqlite_file import INTEGRITY, copy_database, integrity_problem
from tradestream_gui.adapters.storage.tables import KNOWN_REVISIONS, extra_statements, metadata
from tradestream_gui.domain.errors import StoreFailed, StoreTooNew

SCRIPTS = Path(__file__).parent / "migrations"
VERSION_TABLE = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)
"""As Alembic makes it (runtime/migration.py there)."""


def revision_of(connection: Connection) -> str | None:
    """The schema revision of a database; None for an empty one."""
    names = {row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='table'")}
    if "alembic_version" not in names:
        if names:
            raise StoreFailed("this file is a database of another program; it was not touched")
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def refuse_newer(path: Path, revision: str | None) -> None:
    """Raises StoreTooNew for a revision that this version does not know."""
    if revision is not None and revision not in KNOWN_REVISIONS:
        raise StoreTooNew(
            f"{path.name} was written by a newer TradeStream (revision {revision}, this version knows up to "
            f"{KNOWN_REVISIONS[-1]}). Nothing was changed. Open {path} with that version or restore a backup."
        )


def bring_up_to_date(connection: Connection, path: Path) -> None:
    """Makes the schema in an empty database; migrates an older one, which is copied and the copy checked before."""
    with connection.begin():
        revision = revision_of(connection)
    refuse_newer(path, revision)
    if revision == KNOWN_REVISIONS[-1]:
        return
    if revision is None:
        _create(connection)
        return
    copy_before_upgrade(path, revision)
    upgrade(connection)


def copy_before_upgrade(path: Path, revision: str) -> Path:
    """A checked copy beside the database, named by the revision it holds."""
    target = path.with_name(f"{path.stem}-before-upgrade-from-{revision}.db")
    partial = target.with_suffix(".part")
    copy_database(path, partial)
    with closing(sqlite3.connect(partial)) as copy:
        problem = integrity_problem(copy.execute(INTEGRITY))
    if problem:
        raise StoreFailed(f"the copy of {path.name} before the upgrade is damaged ({problem}); nothing was changed")
    partial.replace(target)
    return target


def _create(connection: Connection) -> None:
    """The whole schema at once, as the migrations would leave it: the first start need not load Alembic for that."""
    with connection.begin():
        metadata.create_all(connection)
        for statement in (*extra_statements(), VERSION_TABLE):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (KNOWN_REVISIONS[-1],))


def upgrade(connection: Connection) -> None:
    """Runs the migrations that the database has not seen."""
    from alembic import command  # imported here: needed once per schema, and heavy
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
