"""An older report of a stop that arrives last: by its time it tells no size any more; where it carries the time of its
arrival it looks like a fill of the target, so the broker is asked, and it was none."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from tests.sim.exchange import Report, VenueOrder
from tests.sim.small_core import SIM, SmallCore
from tests.trading.stage import MES
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.ids import AccountId, ClOrdId
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


def as_if_of_now(core: SmallCore, report: Report) -> OrderReport:
    """As an adapter tells it whose broker sends no times."""
    assert isinstance(report, OrderReport)
    return replace(report, at=core.clock.now())


def send_no_times(core: SmallCore) -> None:
    """What this broker answers is of the moment in which it is asked."""
    find = core.wire.find_order

    async def found(account_id: AccountId, cl_ord_id: ClOrdId) -> OrderReport | None:
        report = await find(account_id, cl_ord_id)
        return None if report is None else as_if_of_now(core, report)

    core.wire.find_order = found  # type: ignore[method-assign]


@pytest.mark.parametrize("has_times", [True, False])
async def test_a_stop_that_an_older_report_calls_smaller_still_grows_with_its_entry(has_times: bool) -> None:
    core = SmallCore(linked=True)
    if not has_times:
        send_no_times(core)
    entry = await entered(core)
    await fills(core, entry)
    stop = next(order for order in core.exchange.live_orders() if order.role is OrderRole.STOP)
    older = stop.versions[-1]
    await fills(core, entry)
    await fills(core, entry)
    assert stop.leaves_qty == 3
    core.hear(older if has_times else as_if_of_now(core, older))
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


async def test_an_older_report_that_calls_a_stop_larger_makes_no_cut_of_the_answer_that_follows() -> None:
    core = SmallCore(linked=True)
    _, stop, _ = await three_of_four(core)
    older = stop.versions[-1]
    (lot,) = core.lots.open_lots()
    core.exits.close(lot.lot_id, 1, "trim")
    await core.clock.run(0.3)
    late: list[Report] = []
    core.wire.outlet = late.append
    core.exits.move_stop(lot.lot_id, D(6312))
    await core.clock.run(0.1)
    core.hear(older)
    core.wire.outlet = core.bring
    for report in late:
        core.hear(report)
    core.exits.close(lot.lot_id, 1, "another trim")
    await core.clock.run(0.3)
    (lot,) = core.lots.open_lots()
    assert late
    assert (lot.open_qty, stop.leaves_qty, stop.stop_price) == (1, 1, D(6312))
    await core.close()


async def test_the_answer_to_an_earlier_request_told_once_more_by_a_list_does_not_refuse_the_next() -> None:
    core = SmallCore(linked=True)
    _, stop, _ = await three_of_four(core)
    once_more = stop.versions[-1]
    assert once_more.text == "replaced"
    (lot,) = core.lots.open_lots()
    core.exits.close(lot.lot_id, 1, "trim")
    core.hear(once_more)
    await core.clock.run(0.3)
    (lot,) = core.lots.open_lots()
    assert (lot.open_qty, stop.leaves_qty) == (2, 2)
    await core.close()


async def test_an_answer_that_undoes_the_cut_for_a_booked_target_is_corrected_while_no_list_comes() -> None:
    core = SmallCore(linked=True)
    entry, stop, target = await three_of_four(core)

    async def no_answer(*_: object) -> tuple[ExecutionReport, ...]:
        raise BrokerUnreachable("the list did not come")

    core.wire.executions = no_answer  # type: ignore[method-assign]
    core.exchange.fill_one(entry, core.clock.now())
    await fills(core, target, 2.5)
    (lot,) = core.lots.open_lots()
    assert (lot.open_qty, stop.leaves_qty) == (3, 3)
    await core.close()


async def test_what_a_stop_that_nobody_can_tell_the_size_of_leaves_bare_is_closed_and_not_left() -> None:
    core = SmallCore(linked=True)

    async def no_answer(*_: object) -> OrderReport | None:
        raise BrokerUnreachable("no answer")

    core.wire.find_order = no_answer  # type: ignore[method-assign]
    entry, stop, _ = await three_of_four(core)
    core.hear(as_if_of_now(core, stop.versions[0]))
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
