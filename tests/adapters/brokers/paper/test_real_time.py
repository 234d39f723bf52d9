"""The paper broker on the machine's own clock, with its file: as the window runs it."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random

from tests.adapters.brokers.paper.rig import QQQ_ID, SIM, D, Journal, Rig, rules
from tests.support import eventually
from tradestream_gui.adapters.brokers.paper import Latency, Link, PaperBroker
from tradestream_gui.adapters.brokers.paper.ledger import SqlitePaperLedger
from tradestream_gui.adapters.runtime.clock import RealClock, WorkCounter
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.domain.orders import OrdStatus, OrdType, Side
from tradestream_gui.domain.quotes import DataKind, Quote


async def test_limit_waits_for_its_price_and_is_cancelled_on_the_real_clock(tmp_path: Path) -> None:
    clock, journal = RealClock(), Journal()
    failures: list[str] = []
    tasks = LoopTasks(lambda name, error: failures.append(f"{name}: {error}"))
    broker = PaperBroker(
        clock=clock,
        tasks=tasks,
        work=WorkCounter(),
        ledger=SqlitePaperLedger(tmp_path / "exchange.db"),
        link=Link(clock, Random(3), Latency()),
        rules=rules(),
        opening_accounts=((SIM, "Simulator"),),
    )
    await broker.connect(journal)
    broker.on_quote(Quote(QQQ_ID, datetime(2026, 11, 20, tzinfo=UTC), D(500), 5, D("500.02"), 5, None, DataKind.DEMO))
    order = Rig().order(Side.BUY, OrdType.LIMIT, 1, limit="490", instrument_id=QQQ_ID, cl_ord_id="A")
    await broker.place(order)
    await eventually(lambda: OrdStatus.NEW in journal.states("A"))
    await broker.cancel(SIM, order.cl_ord_id)
    await eventually(lambda: journal.states("A")[-1] is OrdStatus.CANCELED)
    await broker.close()
    await tasks.close()
    assert not failures
