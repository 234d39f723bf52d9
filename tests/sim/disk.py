"""A disk in virtual time: the real journal's jobs run on the loop after the disk's delay, and a death loses them."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from random import Random
from typing import Any

from tests.sim.clock import LifeClock
from tradestream_gui.adapters.runtime.file_lock import FileLock
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.ids import epoch_from
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.adapters.storage.store import Store

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
    """The files of one profile; lives follow one another on them."""

    def __init__(self, folder: Path, clock_now: Callable[[], Any], epoch: bytes) -> None:
        self.database = folder / "paper.db"
        self._now = clock_now
        self._epoch = epoch
        self._store: Store | None = None
        self._lock: FileLock | None = None

    def journal(self, disk: SlowDisk, on_failure: Callable[[str], None]) -> SqliteJournal:
        lock = FileLock(self.database.with_name("paper.db.lock"))
        assert lock.acquire(), "the life before still holds the database"
        store = Store.open(self.database, Danger.PAPER, self._now, lambda: epoch_from(lambda count: self._epoch))
        raw = store.connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA synchronous=OFF")  # no power fails here, and a death loses only what has not run
        self._store, self._lock = store, lock
        return SqliteJournal(store, lock, disk, NoWork(), on_failure)  # type: ignore[arg-type]  # no thread

    def drop(self) -> None:
        """What a killed process leaves: its file as committed, its lock free."""
        if self._store is not None and self._lock is not None:
            self._store.close()
            self._lock.release()
        self._store = self._lock = None

    def is_stored(self, cl_ord_id: str) -> bool:
        """Whether the order stands committed in the file."""
        assert self._store is not None
        run = self._store.connection.exec_driver_sql
        with self._store.connection.begin():
            return run("SELECT count(*) FROM orders WHERE cl_ord_id=?", (cl_ord_id,)).scalar() == 1
