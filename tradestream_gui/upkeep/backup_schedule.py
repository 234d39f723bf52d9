"""Takes backups in time: at start when one is overdue, every few hours, and at a clean end."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.errors import StoreFailed, StoreTooNew
from tradestream_gui.ports.clock import Clock
from tradestream_gui.upkeep.backup import Backup, Backups, Retention

CHECK_EVERY_S = 300.0
"""How often it is asked whether a backup is due; after a sleep of the machine it is thus soon made up for."""
DRILL_EVERY = timedelta(days=30)
"""How often a restore of the newest backup is rehearsed in a scratch file."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BackupPolicy:
    """How often a backup is taken, and which ones stay."""

    every: timedelta
    retention: Retention


@dataclass(frozen=True, slots=True)
class BackupTaken:
    """A backup was taken and checked."""

    backup: Backup


@dataclass(frozen=True, slots=True)
class BackupFailed:
    """A backup could not be taken or did not pass its check."""

    words: str
    at: datetime


class BackupSchedule:
    """Owns the times of the backups of some databases; `policy` is asked anew each time, so settings hold at once."""

    def __init__(
        self, databases: Sequence[Backups], *, clock: Clock, bus: EventBus, policy: Callable[[], BackupPolicy]
    ) -> None:
        self._databases = tuple(databases)
        self._clock = clock
        self._bus = bus
        self._policy = policy
        self._running = asyncio.Lock()
        self._newest_at: datetime | None = None

    @property
    def newest_at(self) -> datetime | None:
        """When the database that was backed up longest ago was; None while one of them has no backup."""
        return self._newest_at

    @property
    def every(self) -> timedelta:
        return self._policy().every

    async def run(self) -> None:
        """Until cancelled: looks every five minutes whether a backup is due."""
        while True:
            await self.take_due()
            await self.drill_due()
            await self._clock.sleep(CHECK_EVERY_S)

    async def take_due(self) -> tuple[Backup, ...]:
        """Backs up each database whose newest backup is older than the policy allows."""
        newest = await self._newest()
        limit = self._clock.now() - self._policy().every
        due = [backups for backups, at in zip(self._databases, newest, strict=True) if at is None or at <= limit]
        return await self._take(due, "on time")

    async def take_now(self, reason: str) -> tuple[Backup, ...]:
        """Backs up every database, whatever its age: before a restore, at a clean end, at the user's wish."""
        return await self._take(self._databases, reason)

    async def drill_due(self) -> None:
        """Rehearses the restore of each database whose last rehearsal is too long ago; a failure is told like one of
        a backup: it is none that could be relied on."""
        limit = self._clock.now() - DRILL_EVERY
        for backups in self._databases:
            drilled = await asyncio.to_thread(backups.drilled_at)
            if (drilled is not None and drilled > limit) or await asyncio.to_thread(_newest, backups) is None:
                continue
            try:
                facts = await asyncio.to_thread(backups.drill, self._clock.now())
            except (StoreFailed, StoreTooNew, OSError) as error:
                words = f"the newest backup could not be restored in a rehearsal: {error}"
                self._bus.publish(BackupFailed(words, self._clock.now()))
            else:
                _log.info("a restore was rehearsed: %s rows of revision %s", sum(facts.rows.values()), facts.revision)

    async def _take(self, databases: Sequence[Backups], reason: str) -> tuple[Backup, ...]:
        taken: list[Backup] = []
        async with self._running:
            for backups in databases:
                try:
                    kept = await asyncio.to_thread(backups.take, self._clock.now(), reason)
                    await asyncio.to_thread(backups.prune, self._policy().retention)
                except (StoreFailed, StoreTooNew, OSError) as error:
                    self._bus.publish(BackupFailed(str(error), self._clock.now()))
                    continue
                taken.append(kept)
                self._bus.publish(BackupTaken(kept))
            await self._newest()
        return tuple(taken)

    async def _newest(self) -> list[datetime | None]:
        """Each database's newest backup, noting the oldest of them."""
        newest = [await asyncio.to_thread(_newest, backups) for backups in self._databases]
        known = [at for at in newest if at is not None]
        self._newest_at = min(known) if known and len(known) == len(newest) else None
        return newest


def _newest(backups: Backups) -> datetime | None:
    kept = backups.all()
    return kept[0].at if kept else None
