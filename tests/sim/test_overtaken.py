"""An older report of a stop that arrives last looks like a fill of its target: the broker is asked, and it was none."""

from datetime import datetime
from decimal import Decimal

import pytest

from tests.sim.exchange import Report, VenueOrder
from tests.sim.small_core import SIM, SmallCore
from tests.trading.stage import MES
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.orders import MANUAL, OrderRole, OrdType, Side, TimeInForce
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ports.broker import ExecutionReport, LinkState, OrderReport

D = Decimal


async def entered(core: SmallCore) -> VenueOrder:
    """An entry of four that rests; nothing of it has filled."""
    await core.open()
    core.price(D(6326))
    ticket = EntryTicket(
        SIM, MES, Side.BUY, OrdType.LIMIT, 4, TimeInForce.DAY, MANUAL, limit_price=D(6320), protective_stop=D(6310),
        allocations=((D(6340), D(1)),),
    )  # fmt: skip
    await core.clock.do(core.entries.enter(ticket))
    return next(iter(core.exchange.live_orders()))


async def fills(core: SmallCore, order: VenueOrder, seconds: float = 0.3) -> None:
    """One contract, told at once, and what follows within so many seconds."""
    core.exchange.fill_one(order, core.clock.now())
    core.wire.tell()
    await core.clock.run(seconds)


async def three_of_four(core: SmallCore) -> tuple[VenueOrder, VenueOrder, VenueOrder]:
    """The entry, three of its four filled, and the stop and the target that stand for them."""
    entry = await entered(core)
    for _ in range(3):
        await fills(core, entry)
    exits = {order.role: order for order in core.exchange.live_orders()}
    return entry, exits[OrderRole.STOP], exits[OrderRole.TARGET]


async def test_a_stop_that_an_older_report_calls_smaller_still_grows_with_its_entry() -> None:
    core = SmallCore(linked=True)
    entry = await entered(core)
    await fills(core, entry)
    stop = next(order for order in core.exchange.live_orders() if order.role is OrderRole.STOP)
    older = stop.versions[-1]
    await fills(core, entry)
    await fills(core, entry)
    assert stop.leaves_qty == 3
    assert isinstance(older, OrderReport)
    core.hear(older)
    await fills(core, entry)
    await core.clock.run(3.0)
    (lot,) = core.lots.open_lots()
    assert (lot.open_qty, stop.leaves_qty) == (4, 4)
    assert not core.failures
    await core.close()


async def test_a_cut_that_is_told_after_its_target_has_been_booked_is_not_taken_for_another_fill() -> None:
    core = SmallCore(linked=True)
    entry, stop, target = await three_of_four(core)
    await fills(core, target, 0.3)
    late: list[Report] = []

    def hold(report: Report) -> None:
        is_cut = isinstance(report, OrderReport) and report.cl_ord_id == stop.cl_ord_id
        late.append(report) if is_cut else core.bring(report)

    core.wire.outlet = hold
    await fills(core, target, 0.4)
    core.wire.outlet = core.bring
    for report in late:
        core.hear(report)
    await fills(core, entry, 3.0)
    (lot,) = core.lots.open_lots()
    assert late
    assert (lot.open_qty, stop.leaves_qty) == (2, 2)
    assert not core.failures
    await core.close()


async def test_what_a_stop_that_nobody_can_tell_the_size_of_leaves_bare_is_closed_and_not_left() -> None:
    core = SmallCore(linked=True)

    async def no_answer(*_: object) -> OrderReport | None:
        raise BrokerUnreachable("no answer")

    core.wire.find_order = no_answer  # type: ignore[method-assign]
    entry, stop, _ = await three_of_four(core)
    core.hear(stop.versions[0])
    await fills(core, entry, 12.0)
    assert not core.lots.open_lots()
    assert core.exchange.positions(core.clock.now()).get(MES, 0) == 0
    assert list(core.exchange.live_orders()) == []
    await core.close()


async def test_a_stop_that_the_broker_calls_cut_too_waits_for_the_fill_that_cut_it() -> None:
    core = SmallCore(linked=True)
    entry, stop, target = await three_of_four(core)
    told, listed = core.wire.outlet, core.wire.executions

    def only_the_cut(report: Report) -> None:
        if report.cl_ord_id != target.cl_ord_id:
            told(report)

    async def of_before(account_id: AccountId, since: datetime) -> tuple[ExecutionReport, ...]:
        return tuple(one for one in await listed(account_id, since) if one.cl_ord_id != target.cl_ord_id)

    core.wire.outlet = only_the_cut
    core.wire.executions = of_before  # type: ignore[method-assign]
    await fills(core, target, 0.1)
    await fills(core, entry, 4.0)
    assert stop.leaves_qty == 2, "of four one is gone, and nobody has said so yet"
    core.wire.executions = listed  # type: ignore[method-assign]
    await core.clock.run(3.0)
    (lot,) = core.lots.open_lots()
    assert (lot.open_qty, stop.leaves_qty) == (3, 3)
    await core.close()


async def test_a_link_that_is_gone_ends_a_comparison_without_asking_again() -> None:
    core = SmallCore(linked=True)
    await core.open()
    core.wire.is_down = True
    core.desk.on_link(core.wire.name, LinkState.DOWN, "the cable")
    before_s = core.clock.elapsed_s
    with pytest.raises(BrokerUnreachable):
        await core.clock.do(core.reconciler.compare(SIM))
    assert core.clock.elapsed_s == before_s
    await core.close()
