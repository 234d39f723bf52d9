"""One life on a disk that fails from the n-th write on, and the next on a sound one; run as a module for I/O errors.

`python -m tests.trading.disk_faults FOLDER FIRST LAST` plays each write with the kernel refusing what would make a
file longer, in a process of its own because that limit is the whole process's.
"""

import asyncio
import resource
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from tests.known_texts import remember_settings_files
from tests.trading.stage import SIM, THURSDAY, WIDE, Stage
from tradestream_gui.adapters.storage.engine import driver_of
from tradestream_gui.adapters.storage.offline import read_state
from tradestream_gui.adapters.storage.store import Store
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.errors import BrokerUnreachable, StoreFailed
from tradestream_gui.domain.ids import ClOrdId, MessageKey
from tradestream_gui.domain.orders import Fill, Order, OrderRole, Side
from tradestream_gui.ports.journal import Record

ALERT = "ES long 6326: A\nStop: 6316"
LOCK_PATIENCE_MS, SLOW_S = 20, 0.005
Undo = Callable[[], None]
BreakIt = Callable[[Store], Undo | None]
"""Answers what ends the fault, where it does not end with the connection."""
IsDue = Callable[[int, Sequence[Record]], bool]
"""Of the number of a transaction and its records: whether the disk breaks before it."""


def no_more_pages(store: Store) -> None:
    """Full: SQLite answers SQLITE_FULL as soon as the file would have to grow."""
    pages = store.connection.exec_driver_sql("PRAGMA page_count").scalar()
    store.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    store.connection.rollback()


def no_more_bytes(store: Store) -> None:
    """The kernel refuses every byte beyond the present end of the log: an I/O error of the file."""
    log = store.path.with_name(store.path.name + "-wal")
    size = log.stat().st_size if log.exists() else 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def no_more_writing(store: Store) -> None:
    """What a file system says that was mounted anew to be read only."""
    store.connection.exec_driver_sql("PRAGMA query_only = ON")
    store.connection.rollback()


def locked_by_another(store: Store) -> Undo:
    """Another process, a backup tool say, holds the file and does not let go of it."""
    store.connection.exec_driver_sql(f"PRAGMA busy_timeout = {LOCK_PATIENCE_MS}")
    store.connection.rollback()
    other = sqlite3.connect(store.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    return other.close


def slow(store: Store) -> None:
    """Each statement takes its time; nothing fails."""
    driver_of(store.connection).set_trace_callback(lambda _: time.sleep(SLOW_S))
    store.connection.rollback()


class Disk:
    """Counts the journal's transactions and breaks before the one that is due; `kept` is what was acknowledged."""

    def __init__(self, break_it: BreakIt, is_due: IsDue) -> None:
        self.writes = 0
        self.refused = 0
        self.kept: list[Record] = []
        self.is_broken = False
        self._break_it = break_it
        self._is_due = is_due
        self._undo: Undo | None = None

    def write(self, real: Callable[[Store, Sequence[Record]], None], store: Store, records: Sequence[Record]) -> None:
        self._turn(store, records)
        try:
            real(store, records)
        except BaseException:
            self.refused += 1
            raise
        self.kept.extend(records)

    def reserve(self, real: Callable[[Store, str, int], int], store: Store, name: str, count: int) -> int:
        self._turn(store, ())
        try:
            return real(store, name, count)
        except BaseException:
            self.refused += 1
            raise

    def _turn(self, store: Store, records: Sequence[Record]) -> None:
        self.writes += 1
        if not self.is_broken and self._is_due(self.writes, records):
            self.is_broken = True
            self._undo = self._break_it(store)

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Stands between the journal and its file while it lasts."""
        write, reserve = Store.write, Store.reserve
        unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
        Store.write = lambda store, records: self.write(write, store, records)  # type: ignore[method-assign]  # put back
        reserving = partial(self.reserve, reserve)
        Store.reserve = lambda store, name, count: reserving(store, name, count)  # type: ignore[method-assign]  # put back
        try:
            yield
        finally:
            Store.write, Store.reserve = write, reserve  # type: ignore[method-assign]  # as it was
            resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
            if self._undo is not None:
                self._undo()


async def play(folder: Path, fail_from: int, break_it: BreakIt) -> Disk:
    """Both lives; raises AssertionError with words where something was lost, doubled, or shown and not stored."""
    disk = Disk(break_it, lambda number, _: number == fail_from)
    first = new_stage(folder)
    with disk.installed():
        try:
            await first.open()
            is_up = True
        except (StoreFailed, BrokerUnreachable):
            is_up = False
        if is_up:
            await trade_a_while(first)
            if disk.refused:
                assert first.core.accounts.state(SIM).trading_state in (TradingState.HALTED, TradingState.LOCKED)
        await end_as_killed(first)
    sent = list(first.venue.placed) if is_up else []
    check_stored(folder, disk.kept)
    if is_up:
        check_shown(first, folder)
    await check_next_life(folder, first, sent)
    return disk


async def trade_a_while(stage: Stage) -> None:
    """An alert with its exits, entries by hand, a target, a break-even, a cancel, a stop; long chatter at the end."""
    for bid, ask in (("6326.00", "6326.25"), ("6325.75", "6326.00")):
        await stage.quote(bid, ask)
    await stage.say(ALERT, message_id="alert")
    await stage.quote("6327.00", "6327.25")
    waiting = await stage.enter(Side.BUY, 1, limit="6320", stop="6310")
    await stage.say("good morning", message_id="chatter")
    await stage.quote("6333.50", "6333.75")
    await stage.say("trim half, stop to BE", message_id="trim", reply_to="alert")
    stage.core.order_desk.request_cancel(waiting, "by hand")
    await stage.enter(Side.BUY, 1, limit="6335", stop="6320")
    await stage.quote("6338.50", "6338.75")
    await stage.enter(Side.SELL, 1, limit="6338", stop="6345")
    await stage.quote("6318.00", "6318.25")
    for _ in range(8):
        await stage.say("nothing to do here " * 100)
    await stage.run(5)


def new_stage(folder: Path) -> Stage:
    return Stage(folder, start=THURSDAY, linked=True, limits=WIDE, routing={})


async def end_as_killed(stage: Stage) -> None:
    """Lets go of the files; what the disk refused is gone with the process."""
    await stage.tasks.close()
    if hasattr(stage, "venue"):
        stage.venue.paper._hang_up()
        await stage.venue.paper._outbox.durable()
        await stage.venue.paper._ledger.close()
    stage.watermark.close()
    journal = stage.journal
    await journal._loop.run_in_executor(journal._executor, journal._store.close)
    journal._executor.shutdown()
    journal._lock.release()


def check_stored(folder: Path, kept: Sequence[Record]) -> None:
    """What was acknowledged is in the file, each state of each order included."""
    with closing(sqlite3.connect(folder / "paper.db")) as database:
        states = set(database.execute("SELECT cl_ord_id, ord_status, cum_qty FROM order_events"))
        fills = {row[0] for row in database.execute("SELECT exec_id FROM fills")}
    for record in kept:
        if isinstance(record, Order):
            assert (record.cl_ord_id, record.ord_status.value, record.cum_qty) in states
        if isinstance(record, Fill):
            assert record.exec_id in fills


def check_shown(stage: Stage, folder: Path) -> None:
    """No entry left without its stored intent; no alert is shown as traded whose decision is not stored."""
    stored = read_state(folder / "paper.db")
    known = {order.cl_ord_id for order in stored.orders}
    assert {order.cl_ord_id for order in stage.venue.sent(OrderRole.ENTRY)} <= known
    decided = {decision.message_key for decision in stored.decisions if decision.outcome is Outcome.TRADED}
    for name in ("alert", "chatter", "trim"):
        shown = stage.core.alerts.decision(MessageKey(f"test:futures:{name}"))
        assert shown is None or shown.outcome is not Outcome.TRADED or shown.message_key in decided
    ids = Counter[ClOrdId](order.cl_ord_id for order in stage.venue.placed)
    assert not ids or max(ids.values()) == 1


async def check_next_life(folder: Path, first: Stage, sent: Sequence[Order]) -> None:
    """It opens, agrees with the broker, protects what is held, and trades the alert at most once in all."""
    later = new_stage(folder)
    later._number = first._number + 100
    await later.clock.leap_to(first.clock.now())
    await later.open()
    await later.quote("6326.00", "6326.25")
    await later.run(40)
    for order in sent:
        assert order.role is not OrderRole.ENTRY or later.core.blotter.order(order.cl_ord_id) is not None, "it is known"
    await later.say(ALERT, message_id="alert")
    await later.run(5)
    ids = Counter[ClOrdId](order.cl_ord_id for order in [*sent, *later.venue.placed])
    assert not ids or max(ids.values()) == 1
    alerted = [one for one in [*sent, *later.venue.placed] if one.role is OrderRole.ENTRY and one.origin.message_key]
    assert len(alerted) <= 1
    held = sum(lot.signed_qty for lot in later.core.lots.open_lots(SIM))
    assert held == await later.position()
    for lot in later.core.lots.open_lots(SIM):
        stops = later.core.blotter.exits_of_lot(lot.lot_id, OrderRole.STOP)
        assert sum(stop.leaves_qty for stop in stops if stop.is_working) == lot.open_qty
    executed = {one.exec_id for one in await later.venue.paper.executions(SIM, THURSDAY)}
    await later.close()
    assert executed <= {fill.exec_id for fill in read_state(folder / "paper.db").fills}


async def main(folder: Path, first: int, last: int) -> None:
    for number in range(first, last + 1):
        place = folder / str(number)
        place.mkdir()
        disk = await play(place, number, no_more_bytes)
        print(number, disk.writes, disk.refused, flush=True)


if __name__ == "__main__":
    remember_settings_files()
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
