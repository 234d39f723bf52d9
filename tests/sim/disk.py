"""A disk in virtual time: the real journal's jobs run on the loop after the disk's delay, and a death loses them."""

import atexit
import shutil
import sqlite3
import tempfile
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.sim.clock import LifeClock
from tradestream_gui.adapters.runtime.file_lock import FileLock
from tradestream_gui.adapters.storage.audit import verify_chain
from tradestream_gui.adapters.storage.engine import Danger, driver_of
from tradestream_gui.adapters.storage.ids import epoch_from
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.adapters.storage.store import Store

BEFORE = datetime(2026, 11, 19, tzinfo=UTC)
COMMIT_S = (0.001, 0.012)
"""How long a commit takes, least and most."""


class NoWork:
    """Virtual time need not wait for this disk: its work is timers."""

    def begin(self) -> None:
        """Nothing runs outside of the loop."""

    def end(self) -> None:
        """Nothing runs outside of the loop."""


class SlowDisk:
    """Stands in for the journal's storage thread: one job after the other, each after a delay."""

    def __init__(self, clock: LifeClock, random: Random) -> None:
        self._clock = clock
        self._random = random
        self._jobs: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._armed = False
        self.stall_s = 0.0

    def submit(self, job: Callable[..., Any], *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._jobs.append((future, lambda: job(*arguments)))
        if not self._armed:
            self._armed = True
            self._clock.call_later(self._random.uniform(*COMMIT_S) + self.stall_s, self._run)
        return future

    def shutdown(self) -> None:
        """What was given has run by then."""

    def _run(self) -> None:
        self._armed = False
        jobs, self._jobs = self._jobs, deque()
        for future, job in jobs:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(job())
                except Exception as error:
                    future.set_exception(error)


class Files:
    """One database of a profile; lives follow one another on it."""

    def __init__(
        self, folder: Path, clock_now: Callable[[], Any], epoch: bytes, danger: Danger = Danger.PAPER
    ) -> None:
        self.danger = danger
        self.database = folder / f"{danger.name.lower()}.db"
        self._now = clock_now
        self._epoch = epoch
        self._store: Store | None = None
        self._lock: FileLock | None = None
        self._raw: sqlite3.Connection | None = None

    def journal(self, disk: SlowDisk, on_failure: Callable[[str], None]) -> SqliteJournal:
        lock = FileLock(self.database.with_name(f"{self.database.name}.lock"))
        assert lock.acquire(), "the life before still holds the database"
        store = Store.open(self.database, self.danger, self._now, lambda: epoch_from(lambda count: self._epoch))
        raw = driver_of(store.connection)
        raw.execute("PRAGMA synchronous=OFF")  # no power fails here, and a death loses only what has not run
        self._store, self._lock, self._raw = store, lock, raw
        return SqliteJournal(store, lock, disk, NoWork(), on_failure)  # type: ignore[arg-type]  # no thread

    def drop(self) -> None:
        """What a killed process leaves: its file as committed, its lock free."""
        if self._store is not None and self._lock is not None:
            self._store.close()
            self._lock.release()
        self._store = self._lock = self._raw = None

    def is_stored(self, cl_ord_id: str) -> bool:
        """Whether the order stands committed in the file."""
        assert self._raw is not None
        found = self._raw.execute("SELECT count(*) FROM orders WHERE cl_ord_id=?", (cl_ord_id,)).fetchone()
        return bool(found[0] == 1)

    def accounts_of_orders(self) -> set[str]:
        """Whose orders the file holds."""
        assert self._store is not None
        with self._store.connection.begin():
            rows = self._store.connection.exec_driver_sql("SELECT DISTINCT account_id FROM orders").all()
        return {row[0] for row in rows}

    def broken_chain(self) -> list[str]:
        """I10: what breaks the chain of audit notes."""
        assert self._store is not None
        with self._store.connection.begin():
            report = verify_chain(self._store.connection)
        return [f"I10 {self.database.name}: {report.problem}"] if report.problem else []


@cache
def empty_database(danger: Danger = Danger.PAPER) -> Path:
    """A migrated database without a row, made once in a process."""
    folder = tempfile.mkdtemp(prefix="sim-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder) / f"{danger.name.lower()}.db"
    store = Store.open(path, danger, lambda: BEFORE, lambda: "AAAA")
    store.close()
    return path
