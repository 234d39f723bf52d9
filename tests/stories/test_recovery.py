"""A database that is lost, or replaced by an older backup, while its orders stand at the broker."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from tests.stories.test_demo_day import opened_demo
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.storage.ids import epoch_from
from tradestream_gui.adapters.storage.keeper import SqliteKeeper
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.events import Notice
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId
from tradestream_gui.domain.orders import MANUAL, WORKING, OrderRole, OrdStatus, OrdType, OriginKind, Side, TimeInForce
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ports.broker import ExecutionReport, OrderReport
from tradestream_gui.startup import Opened
from tradestream_gui.upkeep.backup import Backups, restore

AN_OTHER_SEED = 8
"""Gives the new database an epoch of its own."""


async def traded(home: Path, until_s: float) -> Opened:
    opened = await opened_demo(home)
    assert opened.day is not None
    await opened.start()
    await opened.drive(opened.day.start + timedelta(seconds=until_s))
    return opened


async def resumed(home: Path, change: Callable[[Opened], None] = lambda opened: None) -> tuple[Opened, list[str]]:
    opened = await opened_demo(home, resume=True, seed=AN_OTHER_SEED)
    change(opened)
    told: list[str] = []
    opened.running.core.bus.subscribe(Notice, lambda notice: told.append(notice.title))
    await opened.start()
    return opened, told


def lose(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


async def exchange_says(opened: Opened) -> tuple[dict[str, int], Counter[str]]:
    """The broker's own net positions, and how often each order of ours works there."""
    broker = opened.running.outside.broker
    held = {one.instrument_id: one.signed_qty for one in await broker.positions("demo") if one.signed_qty}
    return held, Counter(str(report.cl_ord_id) for report in await broker.open_orders("demo"))


def held_here(opened: Opened) -> Counter[str]:
    held = Counter[str]()
    for lot in opened.running.core.lots.open_lots():
        held[lot.instrument_id] += lot.signed_qty
    return held


async def test_after_the_database_is_lost_our_orders_are_recovered_protected_and_wait_for_a_person(
    tmp_path: Path,
) -> None:
    opened = await traded(tmp_path, 300)
    before, resting = await exchange_says(opened)
    assert before == {"MESZ6": 3, "AAPL  261218C00275000": 1}
    await opened.close()
    await asyncio.to_thread(lose, opened.paths.paper_db)

    later, told = await resumed(tmp_path)
    core = later.running.core
    assert "Orders recovered" in told
    state = core.accounts.state("demo")
    assert state.trading_state is TradingState.REDUCING
    assert "look at them" in state.reason
    assert held_here(later) == before
    assert all(lot.origin.kind is OriginKind.ADOPTED for lot in core.lots.open_lots())
    await later.drive(core.clock.now() + timedelta(seconds=20))
    now, orders = await exchange_says(later)
    assert now == before
    assert set(orders) == set(resting), "an exit was sent again or cancelled"
    for lot in core.lots.open_lots():
        assert sum(stop.leaves_qty for stop in core.blotter.exits_of_lot(lot.lot_id, OrderRole.STOP)) == lot.open_qty
    assert not core.lots.external()
    await later.drive(core.clock.now() + timedelta(seconds=450))
    mes = next(lot for lot in core.lots.lots() if lot.instrument_id == "MESZ6")
    assert mes.is_flat, "the recovered targets did not run on"
    core.accounts.release("demo", "looked at")
    assert core.accounts.state("demo").trading_state is TradingState.ACTIVE
    await later.close()


async def test_after_an_older_backup_is_restored_what_came_after_it_is_recovered_and_nothing_trades_again(
    tmp_path: Path,
) -> None:
    opened = await traded(tmp_path, 200)
    database = opened.paths.paper_db
    keeper = SqliteKeeper(lambda: epoch_from(Random(99).randbytes))
    backups = Backups(database, tmp_path / "backups", keeper, write=write_atomically)
    kept = await asyncio.to_thread(backups.take, datetime(2026, 11, 19, tzinfo=UTC), "test")
    assert opened.day is not None
    await opened.drive(opened.day.start + timedelta(seconds=620))
    before, resting = await exchange_says(opened)
    assert before == {"MESZ6": 1, "AAPL  261218C00275000": 1, "MNQZ6": -1}
    await opened.close()
    await asyncio.to_thread(
        restore, kept.path, database, keeper, datetime(2026, 11, 19, tzinfo=UTC), write=write_atomically
    )

    later, _ = await resumed(tmp_path)
    core = later.running.core
    assert core.accounts.state("demo").trading_state is TradingState.REDUCING
    await later.drive(core.clock.now() + timedelta(seconds=20))
    now, orders = await exchange_says(later)
    assert now == before == held_here(later)
    assert orders == resting
    for lot in core.lots.open_lots():
        assert sum(stop.leaves_qty for stop in core.blotter.exits_of_lot(lot.lot_id, OrderRole.STOP)) == lot.open_qty
    await later.close()


async def test_orders_of_another_tradestream_halt_the_account_and_are_left_alone(tmp_path: Path) -> None:
    opened = await traded(tmp_path, 100)
    before, resting = await exchange_says(opened)
    await opened.close()
    await asyncio.to_thread(lose, opened.paths.paper_db)
    (opened.paths.data_dir / "epochs.json").unlink()

    later, told = await resumed(tmp_path)
    core = later.running.core
    assert "Another TradeStream" in told
    state = core.accounts.state("demo")
    assert state.trading_state is TradingState.HALTED
    assert "another TradeStream is trading this account" in state.reason
    await later.drive(core.clock.now() + timedelta(seconds=60))
    assert await exchange_says(later) == (before, resting)
    assert core.lots.external() == {("demo", "MESZ6"): 3}
    assert told.count("Another TradeStream") == 1
    await later.close()


def knows_only_what_works(opened: Opened) -> None:
    """A broker that finds no order that is done."""
    broker = opened.running.outside.broker
    find = broker.find_order

    async def find_order(account_id: AccountId, cl_ord_id: ClOrdId) -> OrderReport | None:
        report = await find(account_id, cl_ord_id)
        return report if report is not None and report.ord_status in WORKING else None

    broker.find_order = find_order  # type: ignore[method-assign]  # as such a broker answers


def has_forgotten_its_executions(opened: Opened) -> None:
    """A broker that tells the executions of today only, on another day."""

    async def executions(account_id: AccountId, since: datetime) -> tuple[ExecutionReport, ...]:
        return ()

    knows_only_what_works(opened)
    opened.running.outside.broker.executions = executions  # type: ignore[method-assign]  # as such a broker answers


async def test_a_broker_that_finds_no_finished_order_tells_them_by_their_executions(tmp_path: Path) -> None:
    opened = await traded(tmp_path, 100)
    before, resting = await exchange_says(opened)
    await opened.close()
    await asyncio.to_thread(lose, opened.paths.paper_db)
    later, _ = await resumed(tmp_path, knows_only_what_works)
    await later.drive(later.running.core.clock.now() + timedelta(seconds=60))
    assert await exchange_says(later) == (before, resting)
    assert held_here(later) == before
    await later.close()


async def test_a_stop_of_ours_is_never_cancelled_because_nobody_knows_what_it_protects(tmp_path: Path) -> None:
    opened = await traded(tmp_path, 100)
    before, resting = await exchange_says(opened)
    await opened.close()
    await asyncio.to_thread(lose, opened.paths.paper_db)
    later, told = await resumed(tmp_path, has_forgotten_its_executions)
    core = later.running.core
    await later.drive(core.clock.now() + timedelta(seconds=90))
    assert await exchange_says(later) == (before, resting)
    assert core.lots.external() == {("demo", "MESZ6"): 3}
    assert core.accounts.state("demo").trading_state is TradingState.REDUCING
    assert told.count("Orders recovered") == len(resting), "told once for each order"
    await later.close()


async def test_a_recovered_entry_that_still_works_is_cancelled_and_a_lot_without_a_stop_is_closed(
    tmp_path: Path,
) -> None:
    opened = await traded(tmp_path, 100)
    core = opened.running.core
    ticket = EntryTicket(
        account_id=AccountId("demo"), instrument_id=InstrumentId("MNQZ6"), side=Side.BUY, ord_type=OrdType.LIMIT,
        order_qty=1, time_in_force=TimeInForce.DAY, origin=MANUAL, limit_price=Decimal("22900"),
        protective_stop=Decimal("22880"),
    )  # fmt: skip
    core.tasks.spawn(core.entries.enter(ticket), "enter")
    await opened.drive(core.clock.now() + timedelta(seconds=1))
    waiting = core.blotter.open_orders(role=OrderRole.ENTRY)
    assert [order.ord_status for order in waiting] == [OrdStatus.NEW]
    await opened.close()
    await asyncio.to_thread(lose, opened.paths.paper_db)
    with closing(sqlite3.connect(opened.paths.data_dir / "simulator.db")) as exchange, exchange:
        exchange.execute("UPDATE paper_orders SET ord_status='CANCELED' WHERE role IN ('STOP', 'TARGET')")
    later, _ = await resumed(tmp_path)
    await later.drive(later.running.core.clock.now() + timedelta(seconds=10))
    assert await exchange_says(later) == ({}, Counter())
    assert all(lot.is_flat for lot in later.running.core.lots.lots())
    await later.close()
