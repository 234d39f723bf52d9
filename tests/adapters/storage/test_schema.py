"""The schema in the files is the one the program writes, and every released one can still be opened."""

import asyncio
import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.adapters.storage.conftest import Opener
from tests.adapters.storage.records import external, fill, message
from tradestream_gui.adapters.storage import migrate
from tradestream_gui.adapters.storage.engine import open_engine
from tradestream_gui.adapters.storage.keeper import SqliteKeeper
from tradestream_gui.adapters.storage.tables import KNOWN_REVISIONS, metadata
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.ports.history import AuditReport
from tradestream_gui.ports.journal import StoredState


def test_a_new_database_has_every_column_the_records_need(opened: Opener, db_path: Path) -> None:
    """When this fails, a migration is missing: write it, and keep a database of the schema (make_fixture.py)."""

    async def make() -> None:
        async with opened():
            pass

    asyncio.run(make())
    raw = sqlite3.connect(db_path)
    for table in metadata.sorted_tables:
        found = [(row[1], row[2], bool(row[3])) for row in raw.execute(f"PRAGMA table_info({table.name})")]
        assert found == [(column.name, str(column.type), not column.nullable) for column in table.columns], table.name
    raw.close()


def test_an_empty_file_gets_the_schema_that_the_migrations_lead_to(tmp_path: Path) -> None:
    """When this fails, a migration and `tables.py` say different things; or one of both is missing."""
    made, migrated = tmp_path / "made.db", tmp_path / "migrated.db"
    with open_engine(made).connect() as connection:
        migrate.bring_up_to_date(connection, made)
    with open_engine(migrated).connect() as connection:
        migrate.upgrade(connection)
    assert schema_of(made) == schema_of(migrated)
    assert version_of(made) == version_of(migrated) == KNOWN_REVISIONS[-1]


def schema_of(path: Path) -> dict[tuple[str, str], str]:
    """Every table, index and trigger, with its statement less the white space."""
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    return {(kind, name): "".join((sql or "").split()) for kind, name, sql in rows}


def version_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as raw:
        return str(raw.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_the_last_known_revision_is_the_last_migration() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert [script.revision for script in reversed(list(scripts.walk_revisions()))] == list(KNOWN_REVISIONS)


def test_the_copy_before_an_upgrade_is_whole(opened: Opener, db_path: Path) -> None:
    async def make() -> None:
        async with opened():
            migrate.copy_before_upgrade(db_path, "0001")

    asyncio.run(make())
    copy = db_path.with_name("paper-before-upgrade-from-0001.db")
    raw = sqlite3.connect(copy)
    assert raw.execute("SELECT count(*) FROM lineage").fetchone() == (1,)
    raw.close()


@pytest.mark.parametrize("revision", KNOWN_REVISIONS)
def test_a_database_of_every_released_schema_opens_with_its_trade(opened: Opener, db_path: Path, revision: str) -> None:
    kept = Path(__file__).parent / "schemas" / f"{revision}.db.gz"
    db_path.write_bytes(gzip.decompress(kept.read_bytes()))

    async def reopen() -> tuple[StoredState, AuditReport]:
        async with opened() as journal:
            return await journal.load(), SqliteKeeper(lambda: "BBBB").examine(db_path).audit

    found, report = asyncio.run(reopen())
    assert report.is_whole, report.problem
    assert found.messages == (message(1),)
    assert found.fills == (fill(1),)
    assert found.orders[0].cum_qty == 1
    assert found.exit_plans[0].targets[1].price == 6338
    assert found.account_states[0].trading_state is TradingState.LOCKED
    assert found.external == ((external(1),) if revision >= "0003" else ())
