"""P8: what a durable intent costs beside raw SQLite, and what a slow disk's syncs do to the window."""

import asyncio
import sqlite3
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

from tradestream_gui.adapters.runtime.clock import WorkCounter
from tradestream_gui.adapters.runtime.file_lock import FileLock
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.adapters.storage.store import Store
from tradestream_gui.bench.child import give_figures
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId, LotId
from tradestream_gui.domain.orders import MANUAL, Order, OrderRole, OrdType, Side, TimeInForce

SYNC_S = 0.012
"""A consumer disk's; added to each commit, on the thread that commits."""
EVERY_S, LAST_S, BEAT_S = 0.02, 4.0, 0.005
COMMITS, UNCOUNTED = 300, 50
AT = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
COLUMNS = 13
TABLE = "create table intents (id text primary key, a, b, c, d, e, f, g, h, i, j, k, l, m)"
INSERT = "insert into intents values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
"""The id and as many columns."""


class SlowThread:
    """The journal's thread on a disk that takes its time."""

    def __init__(self, sync_s: float) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="storage")
        self._sync_s = sync_s

    def submit(self, job: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        def run() -> Any:
            done = job(*arguments)
            time.sleep(self._sync_s)
            return done

        return self._thread.submit(run)

    def shutdown(self) -> None:
        self._thread.shutdown()


class Ours:
    """The program's own journal; `keep` is durable when it comes back."""

    def __init__(self, folder: Path, sync_s: float) -> None:
        lock = FileLock(folder / "paper.db.lock")
        assert lock.acquire(), "the folder is this run's own"
        thread = SlowThread(sync_s)
        store = thread.submit(Store.open, folder / "paper.db", Danger.PAPER, lambda: AT, lambda: "AAAA").result()
        self._journal = SqliteJournal(store, lock, thread, WorkCounter(), print)  # type: ignore[arg-type]  # any thread

    async def keep(self, number: int) -> None:
        await self._journal.commit([intent(number)])

    async def close(self) -> None:
        await self._journal.close()


class Raw:
    """One row of an intent's size by plain sqlite3 with the same pragmas, on a thread of its own or on the loop's."""

    def __init__(self, folder: Path, sync_s: float, *, on_thread: bool) -> None:
        self._thread = ThreadPoolExecutor(1) if on_thread else None
        self._sync_s = sync_s
        self._rows = sqlite3.connect(folder / "raw.db", isolation_level=None, check_same_thread=False)
        self._rows.execute("pragma journal_mode=wal")
        self._rows.execute("pragma synchronous=full")
        self._rows.execute(TABLE)

    async def keep(self, number: int) -> None:
        if self._thread is None:
            self._write(number)
        else:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._write, number)

    async def close(self) -> None:
        if self._thread is not None:
            self._thread.shutdown()
        self._rows.close()

    def _write(self, number: int) -> None:
        self._rows.execute(INSERT, (f"TSPAAAA-{number}", *["6326.25"] * COLUMNS))
        time.sleep(self._sync_s)


def intent(number: int) -> Order:
    return replace(_FIRST, cl_ord_id=ClOrdId(f"TSPAAAA-{number}"), lot_id=LotId(f"LTPAAAA-{number}"))


_FIRST = Order(
    cl_ord_id=ClOrdId("TSPAAAA-0"), account_id=AccountId("sim"), instrument_id=InstrumentId("MESZ6"),
    lot_id=LotId("LTPAAAA-0"), origin=MANUAL, role=OrderRole.ENTRY, side=Side.BUY, ord_type=OrdType.LIMIT, order_qty=1,
    time_in_force=TimeInForce.DAY, created_at=AT, updated_at=AT, limit_price=Decimal("6326.25"),
)  # fmt: skip


async def commits(disk: Ours | Raw) -> dict[str, float]:
    """Microseconds of one durable intent after the other."""
    taken = []
    for number in range(COMMITS):
        began = perf_counter()
        await disk.keep(number)
        taken.append((perf_counter() - began) * 1e6)
    counted = sorted(taken[UNCOUNTED:])
    return {"p50": counted[len(counted) // 2]}


async def stalls(disk: Ours | Raw) -> dict[str, float]:
    """Milliseconds by which a 5 ms heartbeat of the window's loop comes late while 50 intents a second are stored."""
    late: list[float] = []
    kept: set[asyncio.Task[None]] = set()
    end = perf_counter() + LAST_S
    beating = asyncio.create_task(_beat(late, end))
    number = 0
    while perf_counter() < end:
        task = asyncio.create_task(disk.keep(number))
        kept.add(task)
        task.add_done_callback(kept.discard)
        number += 1
        await asyncio.sleep(EVERY_S)
    await beating
    await asyncio.gather(*kept)
    late.sort()
    return {"p99": late[int(len(late) * 0.99)], "max": late[-1]}


async def _beat(late: list[float], end: float) -> None:
    while perf_counter() < end:
        began = perf_counter()
        await asyncio.sleep(BEAT_S)
        late.append((perf_counter() - began - BEAT_S) * 1000)


async def measure(what: str, whose: str, folder: Path) -> dict[str, float]:
    is_stall = what == "stalls"
    sync_s = SYNC_S if is_stall else 0.0
    disk = Ours(folder, sync_s) if whose == "ours" else Raw(folder, sync_s, on_thread=not is_stall)
    try:
        return await (stalls if is_stall else commits)(disk)
    finally:
        await disk.close()


def main(arguments: list[str]) -> None:
    from PyQt6.QtWidgets import QApplication

    from tradestream_gui.ui.shell.event_loop import make_event_loop

    loop = make_event_loop(QApplication([]))
    asyncio.set_event_loop(loop)
    give_figures(loop.run_until_complete(measure(arguments[0], arguments[1], Path(arguments[2]))))


if __name__ == "__main__":
    main(sys.argv[1:])
