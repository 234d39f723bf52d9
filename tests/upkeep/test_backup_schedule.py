"""Backups are taken when they are due, on virtual time, and a failure is told, not swallowed."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.support import eventually
from tests.upkeep.test_backup import KEEPER, journal_on
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.clock import VirtualClock, WorkCounter
from tradestream_gui.bus import EventBus
from tradestream_gui.upkeep.backup import Backups, Retention
from tradestream_gui.upkeep.backup_schedule import BackupFailed, BackupPolicy, BackupSchedule, BackupTaken

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
POLICY = BackupPolicy(timedelta(hours=6), Retention(28, 30, 12))


def no_owner_fails(fact: object, error: Exception) -> None:
    raise AssertionError(f"{fact}: {error}")


def schedule_over(databases: list[Backups], clock: VirtualClock) -> tuple[BackupSchedule, list[Any]]:
    bus, heard = EventBus(no_owner_fails), []
    bus.subscribe(BackupTaken, heard.append)
    bus.subscribe(BackupFailed, heard.append)
    return BackupSchedule(databases, clock=clock, bus=bus, policy=lambda: POLICY), heard


async def test_a_backup_is_taken_at_start_and_every_six_hours(tmp_path: Path) -> None:
    database = tmp_path / "paper.db"
    journal = await journal_on(database)
    clock = VirtualClock(START, WorkCounter())
    backups = Backups(database, tmp_path / "backups", KEEPER, write=write_atomically)
    schedule, heard = schedule_over([backups], clock)
    for hour in range(0, 19, 1):
        await clock.run_until(START + timedelta(hours=hour))
        await schedule.take_due()
    await journal.close()
    assert [fact.backup.at for fact in heard] == [START + timedelta(hours=6 * step) for step in range(4)]


async def test_it_goes_on_by_itself_until_it_is_stopped(tmp_path: Path) -> None:
    database = tmp_path / "paper.db"
    journal = await journal_on(database)
    backups = Backups(database, tmp_path / "backups", KEEPER, write=write_atomically)
    schedule, heard = schedule_over([backups], VirtualClock(START, WorkCounter()))
    task = asyncio.ensure_future(schedule.run())
    await eventually(lambda: heard)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await journal.close()
    assert len(backups.all()) == 1


async def test_a_failure_of_one_database_is_told_and_the_other_is_backed_up(tmp_path: Path) -> None:
    whole, broken = tmp_path / "paper.db", tmp_path / "live.db"
    journal = await journal_on(whole)
    broken.write_bytes(b"this is no database" * 500)
    databases = [Backups(path, tmp_path / "b", KEEPER, write=write_atomically) for path in (broken, whole)]
    schedule, heard = schedule_over(databases, VirtualClock(START, WorkCounter()))
    await schedule.take_now("clean end")
    await journal.close()
    failed, taken = heard
    assert "live.db could not be copied" in failed.words
    assert taken.backup.path.name.startswith("paper-")


async def test_a_restore_is_rehearsed_each_month_and_a_spoilt_backup_is_told(tmp_path: Path) -> None:
    database = tmp_path / "paper.db"
    journal = await journal_on(database)
    clock = VirtualClock(START, WorkCounter())
    backups = Backups(database, tmp_path / "backups", KEEPER, write=write_atomically)
    schedule, heard = schedule_over([backups], clock)
    await schedule.drill_due()
    assert backups.drilled_at() is None, "nothing is there to rehearse yet"
    (kept,) = await schedule.take_due()
    await schedule.drill_due()
    assert backups.drilled_at() == START
    kept.path.write_bytes(kept.path.read_bytes()[:-4096])
    await clock.run_until(START + timedelta(days=29))
    await schedule.drill_due()
    assert [fact for fact in heard if isinstance(fact, BackupFailed)] == []
    await clock.run_until(START + timedelta(days=31))
    await schedule.drill_due()
    await journal.close()
    (failed,) = [fact for fact in heard if isinstance(fact, BackupFailed)]
    assert "could not be restored in a rehearsal" in failed.words
    assert backups.drilled_at() == START
    assert [path.name for path in (tmp_path / "backups").glob(".drill-*")] == [".drill-paper.json"]
