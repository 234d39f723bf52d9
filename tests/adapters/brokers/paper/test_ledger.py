"""The exchange's own ledger: what it has said once it knows after a restart, a kill and a failed disk."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests.adapters.brokers.paper.rig import FRIDAY, SIM, D, Rig
from tradestream_gui.adapters.brokers.paper.ledger import SqlitePaperLedger
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable, StoreTooNew
from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.orders import OrderRole, OrdStatus, OrdType, Side
from tradestream_gui.ports.broker import LinkState

ROOT = Path(__file__).resolve().parents[4]


async def _trade(rig: Rig) -> None:
    await rig.enter_long(3)
    await rig.protect(3, ("6333", 1), ("6338", 1))
    rig.trade("6334")
    rig.quote("6330.00", "6330.25", last="6330.25")
    await rig.place(rig.order(Side.SELL, OrdType.TRAILING_STOP, 1, trail="5", role=OrderRole.CLOSE, cl_ord_id="TR"))
    await rig.place(rig.order(Side.BUY, OrdType.LIMIT, 1, limit="6325.10", cl_ord_id="BAD"))


async def test_file_gives_back_every_account_order_and_execution(tmp_path: Path) -> None:
    ledger = SqlitePaperLedger(tmp_path / "exchange.db")
    rig = await Rig(ledger=ledger).connect()
    await _trade(rig)
    before = (
        await rig.broker.accounts(),
        await rig.broker.open_orders(SIM),
        await rig.broker.executions(SIM, FRIDAY),
        await rig.broker.positions(SIM),
        await rig.cash(),
        [await rig.broker.find_order(SIM, ClOrdId(name)) for name in ("ENTRY", "STOP", "T1", "T2", "TR", "BAD")],
    )
    await rig.broker.close()
    later = await Rig(ledger=SqlitePaperLedger(tmp_path / "exchange.db"), start=rig.clock.now()).connect()
    after = (
        await later.broker.accounts(),
        await later.broker.open_orders(SIM),
        await later.broker.executions(SIM, FRIDAY),
        await later.broker.positions(SIM),
        await later.cash(),
        [await later.broker.find_order(SIM, ClOrdId(name)) for name in ("ENTRY", "STOP", "T1", "T2", "TR", "BAD")],
    )
    assert after == before
    assert len(before[1]) == 3
    with pytest.raises(BrokerRejected, match="was sent before"):
        await later.broker.place(later.order(Side.BUY, OrdType.MARKET, 1, cl_ord_id="ENTRY"))
    await later.broker.close()


async def test_stop_restored_from_the_file_protects_and_numbers_go_on(tmp_path: Path) -> None:
    rig = await Rig(ledger=SqlitePaperLedger(tmp_path / "exchange.db")).connect()
    await rig.enter_long(1)
    await rig.protect(1)
    await rig.broker.close()
    later = await Rig(ledger=SqlitePaperLedger(tmp_path / "exchange.db"), start=rig.clock.now()).connect()
    later.quote("6315.75", "6316.00", last="6316.00")
    await later.run()
    assert later.journal.fills("STOP") == [(1, D("6315.50"))]
    told = await later.broker.executions(SIM, FRIDAY)
    assert len({report.exec_id for report in told}) == len(told) == 2
    await later.broker.close()


async def test_reset_account_starts_anew_after_a_restart_too(tmp_path: Path) -> None:
    rig = await Rig(ledger=SqlitePaperLedger(tmp_path / "exchange.db")).connect()
    await rig.enter_long(1)
    await rig.broker.flatten(SIM)
    await rig.run()
    await rig.broker.reset(SIM, D(30_000))
    await rig.broker.close()
    later = await Rig(ledger=SqlitePaperLedger(tmp_path / "exchange.db"), start=rig.clock.now()).connect()
    assert await later.cash() == 30_000
    await later.broker.close()


async def test_file_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "exchange.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    engine.dispose()
    rig = Rig(ledger=SqlitePaperLedger(path))
    with pytest.raises(BrokerUnreachable, match="layout 99"):
        await rig.connect()
    assert rig.journal.links[-1][0] is LinkState.DOWN
    with pytest.raises(StoreTooNew):
        await rig.ledger.load()
    await rig.broker.close()


async def test_ledger_that_cannot_be_written_takes_the_link_down_and_reports_nothing(tmp_path: Path) -> None:
    path = tmp_path / "exchange.db"
    rig = await Rig(ledger=SqlitePaperLedger(path)).connect()
    await rig.enter_long(1)
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON paper_executions BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )
    heard = len(rig.journal.heard)
    await rig.place(rig.order(Side.BUY, OrdType.MARKET, 1, cl_ord_id="LOST"))
    assert len(rig.journal.heard) == heard
    assert rig.journal.links[-1][0] is LinkState.DOWN
    assert "disk is full" in rig.journal.links[-1][1]
    with pytest.raises(BrokerUnreachable):
        await rig.broker.open_orders(SIM)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    engine.dispose()
    await rig.connect()
    assert await rig.broker.find_order(SIM, ClOrdId("LOST")) is None
    assert await rig.position() == 1
    await rig.broker.close()


TRADER = """
import asyncio, sys
from pathlib import Path
from rig import Rig
from tradestream_gui.adapters.brokers.paper.ledger import SqlitePaperLedger
from tradestream_gui.domain.orders import OrdType, Side


class Loud:
    def on_order(self, report): print("order", report.cl_ord_id, report.ord_status.value, flush=True)
    def on_execution(self, report): print("fill", report.exec_id, report.last_qty, flush=True)
    def on_balance(self, balance): pass
    def on_position(self, position): pass
    def on_link(self, broker, state, detail): pass


async def main():
    rig = Rig(ledger=SqlitePaperLedger(Path(sys.argv[1])))
    rig.journal = Loud()
    await rig.connect()
    for number in range(100_000):
        rig.quote("6326.00", "6326.25", last="6326.25")
        side = Side.BUY if number % 2 == 0 else Side.SELL
        await rig.place(rig.order(side, OrdType.MARKET, 1 + number % 3, cl_ord_id=f"K{number}"))


asyncio.run(main())
"""


def _said_before_the_kill(path: Path, lines: int) -> list[list[str]]:
    """What a trading process had printed by the moment it was killed, whole lines only."""
    places = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(Path(__file__).parent)))}
    with subprocess.Popen(
        [sys.executable, "-c", TRADER, str(path)], env=places, stdout=subprocess.PIPE, text=True
    ) as trader:
        assert trader.stdout is not None
        said = [trader.stdout.readline() for _ in range(lines)]
        os.kill(trader.pid, signal.SIGKILL)
        said += trader.stdout.readlines()
    return [line.split() for line in said if line.endswith("\n")]


@pytest.mark.parametrize("heard_before_the_kill", [1, 7, 40])
def test_killed_exchange_knows_everything_that_it_had_said(tmp_path: Path, heard_before_the_kill: int) -> None:
    said = _said_before_the_kill(tmp_path / "exchange.db", heard_before_the_kill)
    assert len(said) >= heard_before_the_kill
    asyncio.run(_knows(tmp_path / "exchange.db", said))


async def _knows(path: Path, said: list[list[str]]) -> None:
    rig = await Rig(ledger=SqlitePaperLedger(path)).connect()
    executions = await rig.broker.executions(SIM, FRIDAY)
    kept = {str(report.exec_id): report.last_qty for report in executions}
    for kind, name, value in said:
        if kind == "fill":
            assert kept[name] == int(value)
        else:
            found = await rig.broker.find_order(SIM, ClOrdId(name))
            assert found is not None
            assert value in (OrdStatus.NEW.value, found.ord_status.value)
    assert await rig.position() == sum(report.side.sign * report.last_qty for report in executions)
    await rig.broker.close()
