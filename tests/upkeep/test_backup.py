"""A backup counts only when it was checked, and a restore brings back exactly what it holds."""

import asyncio
import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.storage.records import message, order
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.clock import RealClock, WorkCounter
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.adapters.storage.keeper import SqliteKeeper
from tradestream_gui.domain.errors import StoreFailed, StoreTooNew
from tradestream_gui.ports.journal import StoredState
from tradestream_gui.upkeep.backup import Backup, Backups, Retention, kept_by, restore

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
KEEPER = SqliteKeeper(lambda: "BBBB")


async def journal_on(path: Path) -> SqliteJournal:
    return await SqliteJournal.open(
        path,
        danger=Danger.PAPER,
        clock=RealClock(),
        work=WorkCounter(),
        new_epoch=lambda: "AAAA",
        on_failure=lambda words: None,
    )


def write_orders(path: Path, first: int, last: int) -> None:
    async def story() -> None:
        journal = await journal_on(path)
        for number in range(first, last):
            journal.append([message(number), order(number)])
        await journal.close()

    asyncio.run(story())


def state_of(path: Path) -> tuple[StoredState, str, tuple[str, ...]]:
    async def story() -> tuple[StoredState, str, tuple[str, ...]]:
        journal = await journal_on(path)
        found = await journal.load()
        await journal.close()
        return found, journal.epoch, journal.past_epochs

    return asyncio.run(story())


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "paper.db"
    write_orders(path, 0, 5)
    return path


@pytest.fixture
def backups(database: Path, tmp_path: Path) -> Backups:
    return Backups(database, tmp_path / "backups", KEEPER, write=write_atomically)


def test_a_backup_taken_during_writes_is_whole_and_described(database: Path, backups: Backups) -> None:
    async def story() -> Backup:
        journal = await journal_on(database)
        for number in range(5, 400):
            journal.append([message(number, text="x" * 400)])
        taking = asyncio.to_thread(backups.take, NOON, "on time")
        task = asyncio.ensure_future(taking)
        for number in range(400, 440):
            await journal.commit([order(number)])
        kept = await task
        await journal.close()
        return kept

    kept = asyncio.run(story())
    facts = KEEPER.examine(kept.path)
    assert facts.problem == ""
    assert facts.rows["messages"] >= 5
    assert kept.rows == facts.rows
    assert kept.audit_head == facts.audit.head
    assert backups.all() == (kept,)
    assert kept.path.stat().st_mode & 0o077 == 0


def test_a_restore_brings_back_what_the_backup_held_under_a_new_epoch(database: Path, backups: Backups) -> None:
    kept = backups.take(NOON, "before")
    write_orders(database, 5, 9)
    stale = database.with_name("paper.db-wal")
    stale.write_bytes(b"stale log")
    aside = restore(kept.path, database, KEEPER, NOON, write=write_atomically)
    assert aside is not None
    assert aside.with_name(aside.name + "-wal").read_bytes() == b"stale log"
    found, epoch, past = state_of(database)
    assert len(found.orders) == 5
    assert (epoch, past) == ("BBBB", ("AAAA",))


def test_a_backup_that_was_touched_is_refused_and_nothing_moves(database: Path, backups: Backups) -> None:
    kept = backups.take(NOON, "before")
    damaged = bytearray(kept.path.read_bytes())
    damaged[-1] ^= 1
    kept.path.write_bytes(damaged)
    before = database.read_bytes()
    with pytest.raises(StoreFailed, match="differs from the checksum"):
        restore(kept.path, database, KEEPER, NOON, write=write_atomically)
    kept.path.with_suffix(".json").unlink()
    with pytest.raises(StoreFailed, match="no manifest"):
        restore(kept.path, database, KEEPER, NOON, write=write_atomically)
    assert database.read_bytes() == before
    assert not [path.name for path in database.parent.iterdir() if "restor" in path.name]


def test_a_backup_of_a_newer_version_is_refused(database: Path, backups: Backups) -> None:
    raw = sqlite3.connect(database)
    raw.execute("UPDATE alembic_version SET version_num='0099'")
    raw.commit()
    raw.close()
    with pytest.raises(StoreTooNew, match="newer TradeStream"):
        backups.take(NOON, "on time")
    assert list(backups._folder.iterdir()) == []


def test_a_damaged_or_shrunken_database_makes_no_backup(database: Path, backups: Backups) -> None:
    backups.take(NOON, "whole")
    raw = sqlite3.connect(database)
    raw.execute("DROP TRIGGER fills_no_delete")
    raw.execute("DROP TRIGGER messages_no_delete")
    raw.execute("DELETE FROM messages WHERE seq=5")
    raw.commit()
    raw.close()
    with pytest.raises(StoreFailed, match="row 5 of messages is missing"):
        backups.take(NOON + timedelta(hours=6), "on time")
    assert len(backups.all()) == 1


def test_the_restore_drill_proves_the_newest_backup(backups: Backups) -> None:
    with pytest.raises(StoreFailed, match="no backup"):
        backups.drill(NOON)
    backups.take(NOON, "on time")
    assert backups.drill(NOON).rows["orders"] == 5


def test_a_second_folder_gets_an_equal_copy(database: Path, tmp_path: Path) -> None:
    second = tmp_path / "elsewhere"
    backups = Backups(database, tmp_path / "b", KEEPER, write=write_atomically, second_folder=second)
    kept = backups.take(NOON, "on time")
    assert (second / kept.path.name).read_bytes() == kept.path.read_bytes()
    assert json.loads((second / kept.path.name).with_suffix(".json").read_text())["sha256"] == kept.sha256


def described(at: datetime) -> Backup:
    return Backup(Path(f"/{at.isoformat()}.db"), at, "", "", "", "P", "", {}, 0)


def test_retention_keeps_the_newest_the_days_and_the_months() -> None:
    backups = [described(NOON - timedelta(hours=6 * step)) for step in range(4 * 400)]
    kept = kept_by(backups, Retention(recent=28, daily=30, monthly=12))
    found = sorted((backup for backup in backups if backup.path in kept), key=lambda each: each.at, reverse=True)
    assert [backup.at for backup in found[:28]] == [backup.at for backup in backups[:28]]
    days = {backup.at.date() for backup in found}
    assert len({day for day in days if day > (NOON - timedelta(days=30)).date()}) == 30
    assert len({(day.year, day.month) for day in days}) == 12
    assert len(found) < 28 + 30 + 12


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_retention_never_goes_below_three(count: int) -> None:
    backups = [described(NOON - timedelta(minutes=step)) for step in range(count)]
    assert len(kept_by(backups, Retention(0, 0, 0))) == min(count, 3)


def test_pruning_removes_file_and_manifest_together(backups: Backups) -> None:
    taken = [backups.take(NOON + timedelta(minutes=step), "on time") for step in range(5)]
    gone = backups.prune(Retention(recent=3, daily=0, monthly=0))
    assert sorted(gone) == [backup.path for backup in taken[:2]]
    left: list[Any] = sorted(path.name for path in backups._folder.iterdir())
    assert left == sorted(name for b in taken[2:] for name in (b.path.name, b.path.with_suffix(".json").name))


def test_two_equal_moments_do_not_share_a_name(backups: Backups) -> None:
    first = backups.take(NOON, "a")
    second = backups.take(NOON + timedelta(microseconds=1), "b")
    assert first.path != second.path
    assert replace(first, path=second.path) != second
