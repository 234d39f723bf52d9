"""The journal over one SQLite file: a storage thread, group commit, and answers only after the disk has them."""

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from tradestream_gui.adapters.runtime.clock import Work
from tradestream_gui.adapters.runtime.file_lock import FileLock
from tradestream_gui.adapters.storage import reading
from tradestream_gui.adapters.storage.engine import Danger, refuse_shared_folder
from tradestream_gui.adapters.storage.store import Store
from tradestream_gui.domain.accounts import Account
from tradestream_gui.domain.decisions import AlertQuote
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.journal import AuditNote, Record, StorageUse, StoredState

ResultT = TypeVar("ResultT")
MAX_GROUP = 2_000
"""Records of one transaction; more wait for the next, so that no commit waits long behind a burst."""
REFUSED = (SQLAlchemyError, sqlite3.Error)
"""What the disk or the database answers instead of doing it."""
MAX_HELD = 50_000
"""Records kept in memory while the disk refuses them; trading is halted by then."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Batch:
    records: tuple[Record, ...]
    answer: asyncio.Future[None] | None


class SqliteJournal:
    """Owns the database file from `open` to `close`; its storage thread is the only one that touches it.

    What was given first is written first. A record whose `append` failed is held and goes before whatever comes
    next, so nothing is ever durable that rests on something lost. `on_failure` is called on the loop for each
    failed write and halts trading.
    """

    def __init__(
        self, store: Store, lock: FileLock, executor: ThreadPoolExecutor, work: Work, on_failure: Callable[[str], None]
    ) -> None:
        self._store = store
        self._lock = lock
        self._executor = executor
        self._work = work
        self._on_failure = on_failure
        self._loop = asyncio.get_running_loop()
        self._queue: deque[_Batch] = deque()
        self._drain_is_due = False
        self._held: list[Record] = []
        self._last_write_s: float | None = None

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        danger: Danger,
        clock: Clock,
        work: Work,
        new_epoch: Callable[[], str],
        on_failure: Callable[[str], None],
    ) -> "SqliteJournal":
        """Locks, checks and migrates the file. Raises StoreFailed or StoreTooNew and leaves it untouched."""
        refuse_shared_folder(path, danger)
        lock = FileLock(path.with_name(path.name + ".lock"))
        if not lock.acquire():
            raise StoreFailed(f"{path.name} is in use by another TradeStream. Close that one first.")
        executor = ThreadPoolExecutor(1, thread_name_prefix=f"storage-{path.stem}")
        opened = executor.submit(Store.open, path, danger, clock.now, new_epoch)
        with ExitStack() as undo:
            undo.callback(lock.release)
            undo.callback(executor.shutdown)
            store = await asyncio.wrap_future(opened)
            undo.pop_all()
        return cls(store, lock, executor, work, on_failure)

    @property
    def epoch(self) -> str:
        """Four letters that no other database lineage has."""
        return self._store.epoch

    @property
    def past_epochs(self) -> tuple[str, ...]:
        """Epochs of this lineage before it was restored: their orders are ours too."""
        return self._store.past_epochs

    @property
    def danger(self) -> Danger:
        return self._store.danger

    @property
    def path(self) -> Path:
        return self._store.path

    @property
    def use(self) -> StorageUse:
        """How the storage thread keeps up; read from any thread."""
        return StorageUse(len(self._queue), len(self._held), self._last_write_s)

    def commit(self, records: Sequence[Record]) -> asyncio.Future[None]:
        """On its way at once. All or none of the records are durable once it is done; raises StoreFailed, and then none
        of them is stored."""
        self._refuse_wrong_accounts(records)
        answer: asyncio.Future[None] = self._loop.create_future()
        self._give(_Batch(tuple(records), answer))
        return answer

    def append(self, records: Sequence[Record]) -> None:
        """Queues the records behind what was given before; a failure is told to `on_failure`."""
        self._refuse_wrong_accounts(records)
        self._give(_Batch(tuple(records), None))

    async def load(self) -> StoredState:
        return await self._on_thread(lambda: reading.load(self._store.connection))

    async def alert_quotes(self, message_key: MessageKey) -> tuple[AlertQuote, ...]:
        return await self._on_thread(lambda: reading.alert_quotes(self._store.connection, message_key))

    async def audit_notes(self, limit: int) -> tuple[AuditNote, ...]:
        """The newest notes first."""
        return await self._on_thread(lambda: reading.audit_notes(self._store.connection, limit))

    async def audit_head(self) -> str:
        """The newest hash of the audit chain, for the log and for backups."""
        return await self._on_thread(lambda: self._store.head)

    async def reserve(self, name: str, count: int) -> int:
        """The first of `count` numbers of that sequence that nobody gets again, durable on return."""
        return await self._on_thread(lambda: self._store.reserve(name, count))

    async def flush(self) -> None:
        """Returns when everything queued before is durable; raises StoreFailed when the disk still refuses it."""
        await self.commit(())

    async def close(self) -> None:
        """Writes what is queued, folds the log into the file and frees the lock, also when the disk refuses."""
        try:
            await self.flush()
        finally:
            await self._on_thread(self._store.close)
            self._executor.shutdown()
            self._lock.release()

    def _refuse_wrong_accounts(self, records: Sequence[Record]) -> None:
        for record in records:
            if isinstance(record, Account) and record.kind.is_guarded != (self.danger is Danger.LIVE):
                raise StoreFailed(f"account {record.name} ({record.kind.value}) does not belong in {self.path.name}")

    def _give(self, batch: _Batch) -> None:
        self._work.begin()
        self._queue.append(batch)
        if not self._drain_is_due:
            self._ask_to_drain()

    def _ask_to_drain(self) -> None:
        self._drain_is_due = True
        self._executor.submit(self._drain)

    async def _on_thread(self, job: Callable[[], ResultT]) -> ResultT:
        """Runs a read or small job behind everything queued; storage errors come back as StoreFailed."""
        self._work.begin()
        try:
            return await self._loop.run_in_executor(self._executor, job)
        except REFUSED as error:
            raise StoreFailed(self._words(error)) from error
        finally:
            self._work.end()

    def _drain(self) -> None:
        """On the storage thread: writes what waits. What is given from here on asks for a turn of its own, behind the
        reads and reservations that were asked for before it: a storm of writes must not starve them."""
        self._drain_is_due = False
        if self._queue:
            self._drain_group()
        if self._queue and not self._drain_is_due:
            self._ask_to_drain()

    def _drain_group(self) -> None:
        """One transaction for all that waits; apart when together they fail."""
        batches: list[_Batch] = []
        count = 0
        while self._queue and count < MAX_GROUP:
            batches.append(self._queue.popleft())
            count += len(batches[-1].records)
        errors: list[str | None] = [None] * len(batches)
        if not self._wrote([record for batch in batches for record in batch.records]):
            errors = [self._write_or_hold(batch) for batch in batches]
        self._loop.call_soon_threadsafe(self._answer, batches, errors)

    def _wrote(self, records: Sequence[Record]) -> bool:
        try:
            self._write(records)
        except (*REFUSED, ValueError):
            return False
        return True

    def _write_or_hold(self, batch: _Batch) -> str | None:
        """What went wrong, or None. What the disk refused is held; what could never be stored is not."""
        try:
            self._write(batch.records)
        except ValueError as error:
            return self._words(error)
        except REFUSED as error:
            if batch.answer is None:
                self._held.extend(batch.records)
            if len(self._held) > MAX_HELD:
                _log.error("%d records could not be kept while the disk refuses them", len(self._held) - MAX_HELD)
                del self._held[MAX_HELD:]
            return self._words(error)
        return None

    def _write(self, records: Sequence[Record]) -> None:
        """The held records go first, and leave their place once they are durable."""
        if self._held or records:
            began = perf_counter()
            self._store.write([*self._held, *records])
            self._held.clear()
            self._last_write_s = perf_counter() - began

    def _answer(self, batches: Sequence[_Batch], errors: Sequence[str | None]) -> None:
        for batch, error in zip(batches, errors, strict=True):
            self._work.end()
            if error is not None:
                _log.error("%s", error)
                self._on_failure(error)
            if batch.answer is None or batch.answer.done():
                continue
            if error is None:
                batch.answer.set_result(None)
            else:
                batch.answer.set_exception(StoreFailed(error))

    def _words(self, error: Exception) -> str:
        cause = getattr(error, "orig", None) or error
        return f"{self.path.name} could not be written or read: {cause}. No order is sent until it can."
