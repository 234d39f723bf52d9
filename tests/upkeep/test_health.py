"""Health speaks up once when something gets worse, keeps a day, and counts nothing that was not measured."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tradestream_gui.adapters.runtime.clock import VirtualClock, WorkCounter
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import Notice, Severity
from tradestream_gui.ports.journal import StorageUse
from tradestream_gui.ports.machine import MachineUse
from tradestream_gui.upkeep.backup import Retention
from tradestream_gui.upkeep.backup_schedule import BackupPolicy, BackupSchedule
from tradestream_gui.upkeep.health import KEPT, Checkup, HealthMonitor, Level, Reading, graded
from tradestream_gui.upkeep.health_probes import FIRST_BACKUP, BackupProbe, lag_probe, machine_probe, storage_probe

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CALM = MachineUse(
    own_processor=0.05, processor=0.3, memory=0.5, own_memory_bytes=190_000_000, disk=0.4,
    disk_free_bytes=80_000_000_000, longest_pause_s=0.001,
)  # fmt: skip


class Fixed:
    """A computer that uses what the test says."""

    def __init__(self, use: MachineUse | None) -> None:
        self.use = use

    def read(self) -> MachineUse:
        if self.use is None:
            raise OSError("/proc is not mounted")
        return self.use

    def close(self) -> None:
        """Watches nothing."""


def monitor(*probes: Any) -> tuple[HealthMonitor, VirtualClock, list[Notice]]:
    clock, bus, notices = VirtualClock(START, WorkCounter()), EventBus(lambda *_: None), []
    bus.subscribe(Notice, notices.append)
    return HealthMonitor(bus, clock, probes), clock, notices


async def test_a_reading_is_told_when_it_gets_worse_and_again_only_after_the_cool_down() -> None:
    level = [Level.OK]
    health, clock, notices = monitor(lambda: [Reading("Storage", "Last commit", "9 ms", level[0], "Look.")])
    for minute, now in enumerate((Level.OK, Level.WARN, Level.WARN, Level.DANGER, Level.DANGER)):
        level[0] = now
        await clock.run_until(START + timedelta(minutes=minute))
        health.look()
    assert [notice.severity for notice in notices] == [Severity.WARNING, Severity.DANGER]
    assert notices[0].title == "Storage: Last commit"
    assert notices[0].words == "9 ms. Look."
    await clock.run_until(START + timedelta(minutes=19))
    health.look()
    assert len(notices) == 3


async def test_a_reading_that_recovered_is_told_anew() -> None:
    level = [Level.WARN]
    health, _, notices = monitor(lambda: [Reading("Computer", "Disk", "86 %", level[0])])
    for now in (Level.WARN, Level.OK, Level.WARN):
        level[0] = now
        health.look()
    assert len(notices) == 2


def test_the_computer_at_its_limits_stands_on_the_page_and_only_its_disk_is_told_of() -> None:
    busy = replace(CALM, processor=0.99, memory=0.97, disk=0.96, longest_pause_s=0.4)
    health, _, notices = monitor(machine_probe(Fixed(busy)))
    assert health.look().levels() == {"Computer": Level.DANGER, "Event loop": Level.DANGER}
    assert [(notice.title, notice.severity) for notice in notices] == [("Computer: Disk", Severity.WARNING)]


async def test_a_fresh_start_without_a_backup_is_not_measured_and_later_a_warning() -> None:
    health, clock, notices = monitor()
    bus = EventBus(lambda *_: None)
    policy = BackupPolicy(every=timedelta(hours=6), retention=Retention(recent=3, daily=7, monthly=3))
    schedule = BackupSchedule((), clock=clock, bus=bus, policy=lambda: policy)
    health.add(BackupProbe(bus, clock, schedule))
    (young,) = health.look().readings
    assert (young.value, young.level) == ("none yet", Level.UNKNOWN)
    await clock.run_until(START + FIRST_BACKUP)
    (old,) = health.look().readings
    assert old.level is Level.WARN
    assert [notice.title for notice in notices] == ["Backups: Last backup"]


def test_the_score_is_the_mean_of_the_measured_components() -> None:
    readings = (
        Reading("Computer", "Disk", "", Level.OK),
        Reading("Computer", "Memory", "", Level.WARN),
        Reading("Storage", "Last commit", "", Level.DANGER),
        Reading("Trading", "Link", "", Level.OK),
        Reading("Alerts", "Sources", "–", Level.UNKNOWN),
    )
    checkup = Checkup(START, readings)
    assert (checkup.score, checkup.measured) == (50, 3)
    assert Checkup(START, readings[4:]).score is None


def test_a_day_of_minutes_is_kept() -> None:
    health, _, _ = monitor(lambda: [Reading("Computer", "Disk", "", Level.OK)])
    for _ in range(KEPT + 5):
        health.look()
    assert len(health.history) == KEPT == 24 * 60


async def test_it_looks_each_minute_until_it_is_stopped() -> None:
    health, clock, _ = monitor(lambda: [Reading("Computer", "Disk", "", Level.OK)])
    task = asyncio.ensure_future(health.watch())
    await clock.run_until(START + timedelta(minutes=5))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert [checkup.at - START for checkup in health.history] == [timedelta(minutes=step) for step in range(6)]


@pytest.mark.parametrize(
    ("value", "level"), [(0.79, Level.OK), (0.80, Level.WARN), (0.94, Level.WARN), (0.95, Level.DANGER)]
)
def test_a_limit_is_reached_at_the_limit(value: float, level: Level) -> None:
    assert graded(value, 0.80, 0.95) is level


@pytest.mark.parametrize(
    ("field", "value", "name", "level"),
    [
        ("processor", 0.81, "Processor", Level.WARN),
        ("processor", 0.96, "Processor", Level.DANGER),
        ("memory", 0.80, "Memory", Level.WARN),
        ("memory", 0.95, "Memory", Level.DANGER),
        ("disk", 0.85, "Disk", Level.WARN),
        ("disk", 0.95, "Disk", Level.DANGER),
        ("processor", None, "Processor", Level.UNKNOWN),
        ("longest_pause_s", 0.3, "Longest collector pause", Level.DANGER),
    ],
)
def test_the_computer_is_graded_by_the_limits(field: str, value: float | None, name: str, level: Level) -> None:
    found = {reading.name: reading for reading in machine_probe(Fixed(replace(CALM, **{field: value})))()}
    assert found[name].level is level
    assert [reading.level for reading in found.values() if reading.name != name and reading.level > Level.OK] == []


def test_a_computer_that_cannot_be_read_is_unknown_and_says_why() -> None:
    (reading,) = machine_probe(Fixed(None))()
    assert (reading.level, reading.advice) == (Level.UNKNOWN, "Not readable: /proc is not mounted")


def levels(readings: Iterable[Reading]) -> dict[str, Level]:
    return {reading.name: reading.level for reading in readings}


def test_records_that_the_disk_refused_are_a_danger() -> None:
    use = [StorageUse(0, 0, 0.0004)]
    probe = storage_probe(lambda: use[0])
    assert set(levels(probe()).values()) == {Level.OK}
    use[0] = StorageUse(60, 3, 0.6)
    assert levels(probe()) == {
        "Records refused": Level.DANGER, "Commits waiting": Level.WARN, "Last commit": Level.DANGER
    }  # fmt: skip
    use[0] = StorageUse(0, 0, None)
    assert levels(probe())["Last commit"] is Level.UNKNOWN


def test_lag_that_was_not_measured_is_no_figure() -> None:
    (reading,) = lag_probe(lambda: None)()
    assert (reading.value, reading.level) == ("–", Level.UNKNOWN)
    (reading,) = lag_probe(lambda: 61.0)()
    assert (reading.value, reading.level) == ("61.0 ms", Level.WARN)
