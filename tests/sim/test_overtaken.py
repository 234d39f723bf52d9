"""An older report of a stop that arrives last looks like a fill of its target: the broker is asked, and it was none."""

from decimal import Decimal

from tests.sim.small_core import SIM, SmallCore
from tests.trading.stage import MES
from tradestream_gui.domain.orders import MANUAL, OrderRole, OrdType, Side, TimeInForce
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ports.broker import OrderReport

D = Decimal


async def test_a_stop_that_an_older_report_calls_smaller_still_grows_with_its_entry() -> None:
    core = SmallCore(linked=True)
    await core.open()
    core.price(D(6326))
    ticket = EntryTicket(
        SIM, MES, Side.BUY, OrdType.LIMIT, 4, TimeInForce.DAY, MANUAL, limit_price=D(6320), protective_stop=D(6310),
        allocations=((D(6340), D(1)),),
    )  # fmt: skip
    await core.clock.do(core.entries.enter(ticket))
    entry = next(iter(core.exchange.live_orders()))

    async def fills() -> None:
        core.exchange.fill_one(entry, core.clock.now())
        core.wire.tell()
        await core.clock.run(0.3)

    await fills()
    stop = next(order for order in core.exchange.live_orders() if order.role is OrderRole.STOP)
    older = stop.versions[-1]
    await fills()
    await fills()
    assert stop.leaves_qty == 3
    assert isinstance(older, OrderReport)
    core.hear(older)
    await fills()
    await core.clock.run(3.0)
    (lot,) = core.lots.open_lots()
    assert (lot.open_qty, stop.leaves_qty) == (4, 4)
    assert not core.failures
    await core.close()
