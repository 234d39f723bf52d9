"""A demo whose database could not grow any more while the exchange went on: resumed, both agree again."""

import sqlite3
from contextlib import closing, suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from tests.stories.test_demo_day import opened_demo
from tradestream_gui.adapters.storage.offline import read_state
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.orders import OrderRole
from tradestream_gui.startup import Opened


async def fill_disk(opened: Opened) -> None:
    """From now on the program's database cannot grow by a page; the exchange's own goes on."""
    journal = opened.running.core.journal

    def limit() -> None:
        connection = journal._store.connection
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.rollback()

    await journal._on_thread(limit)


def at_exchange(opened: Opened) -> list[tuple[str, str, int, str]]:
    with closing(sqlite3.connect(opened.paths.data_dir / "simulator.db")) as database:
        return database.execute("SELECT exec_id, at, last_qty, last_px FROM paper_executions ORDER BY at").fetchall()


async def test_the_exchange_went_on_after_the_database_was_full(tmp_path: Path) -> None:
    opened = await opened_demo(tmp_path)
    assert opened.day is not None
    await opened.start()
    await opened.drive(opened.day.start + timedelta(seconds=300))
    await fill_disk(opened)
    await opened.drive(opened.day.start + timedelta(seconds=1000))
    core = opened.running.core
    assert core.accounts.state("demo").trading_state is TradingState.HALTED
    with suppress(StoreFailed):
        await opened.close()
    executed = at_exchange(opened)
    known = read_state(opened.paths.paper_db)
    assert len(known.fills) < len(executed), "the disk was full too late"

    later = await opened_demo(tmp_path, resume=True)
    await later.start()
    core = later.running.core
    assert core.clock.now().isoformat() >= executed[-1][1]
    await later.drive(core.clock.now() + timedelta(seconds=15))
    fills = {fill.exec_id: fill for fill in (await core.journal.load()).fills}
    assert {(one[0], one[2], Decimal(one[3])) for one in executed} <= {
        (fill.exec_id, fill.last_qty, fill.last_px) for fill in fills.values()
    }
    assert [lot.net_pnl for lot in core.lots.lots() if lot.is_flat] == [Decimal("130.09")]
    for lot in core.lots.open_lots():
        assert sum(stop.leaves_qty for stop in core.blotter.exits_of_lot(lot.lot_id, OrderRole.STOP)) == lot.open_qty
    missed = core.alerts.decision(MessageKey("demo:futures:nq-short"))
    assert missed is not None
    assert missed.outcome is Outcome.MISSED
    assert not [lot for lot in core.lots.lots() if lot.instrument_id == "MNQZ6"]
    await later.close()
