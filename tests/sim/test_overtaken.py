"""An older report of a stop that arrives last looks like a fill of its target: the broker is asked, and it was none."""

from decimal import Decimal

from tests.sim.exchange import Report, VenueOrder
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


async def test_a_cut_that_is_told_after_its_target_has_been_booked_is_not_taken_for_another_fill() -> None:
    core = SmallCore(linked=True)
    await core.open()
    core.price(D(6326))
    ticket = EntryTicket(
        SIM, MES, Side.BUY, OrdType.LIMIT, 4, TimeInForce.DAY, MANUAL, limit_price=D(6320), protective_stop=D(6310),
        allocations=((D(6340), D(1)),),
    )  # fmt: skip
    await core.clock.do(core.entries.enter(ticket))
    entry = next(iter(core.exchange.live_orders()))

    async def fills(order: VenueOrder, seconds: float) -> None:
        core.exchange.fill_one(order, core.clock.now())
        core.wire.tell()
        await core.clock.run(seconds)

    for _ in range(3):
        await fills(entry, 0.3)
    exits = {order.role: order for order in core.exchange.live_orders()}
    stop, target = exits[OrderRole.STOP], exits[OrderRole.TARGET]
    await fills(target, 0.3)
    late: list[Report] = []

    def hold(report: Report) -> None:
        is_cut = isinstance(report, OrderReport) and report.cl_ord_id == stop.cl_ord_id
        late.append(report) if is_cut else core.bring(report)

    core.wire.outlet = hold
    await fills(target, 0.4)
    core.wire.outlet = core.bring
    for report in late:
        core.hear(report)
    await fills(entry, 3.0)
    (lot,) = core.lots.open_lots()
    assert late
    assert (lot.open_qty, stop.leaves_qty) == (2, 2)
    assert not core.failures
    await core.close()
