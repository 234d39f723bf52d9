"""Single steps between what a plan wants and what rests at the broker, each where something came in between."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.trading.stage import D, Stage, open_stage
from tests.trading.test_hand_refusals import no_quote
from tests.trading.test_requests import execution_of, report_of
from tradestream_gui.domain.errors import BrokerRejected
from tradestream_gui.domain.ids import ClOrdId, InstrumentId
from tradestream_gui.domain.instruments import Right
from tradestream_gui.domain.orders import Order, OrderRole, OrdStatus, OrdType, Side

HALVES = (("6333", "0.5"), ("6338", "0.5"))
S = OrdStatus


async def long_of(stage: Stage, qty: int = 4, *, halves: bool = True) -> None:
    await stage.enter(Side.BUY, qty, limit="6328", stop="6316", targets=HALVES if halves else ())


async def another(stage: Stage, role: OrderRole, **more: object) -> Order:
    """One more exit of the lot at the broker than the plan wants, as an earlier life may have left it."""
    lot, now = stage.lot(), stage.clock.now()
    like = next(order for order in stage.venue.placed if order.role is OrderRole.STOP)
    order = replace(
        like, cl_ord_id=ClOrdId(f"TSP-more-{role.value}"), role=role, lot_id=lot.lot_id, created_at=now,
        updated_at=now, oca_group=None, ord_status=S.PENDING_NEW, **more,
    )  # type: ignore[arg-type]  # fields of an order  # fmt: skip
    stage.core.order_desk.reserve(order)
    stage.tasks.spawn(stage.core.order_desk.send(order), "send")
    return order


async def test_one_stop_is_enough(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await long_of(stage)
    more = await another(stage, OrderRole.STOP)
    await stage.run(3)
    assert stage.order(more.cl_ord_id).ord_status is S.CANCELED
    assert [order.leaves_qty for order in stage.exits(OrderRole.STOP)] == [4]
    await stage.close()


async def test_a_close_that_is_needless_by_now_is_taken_back(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, linked=False)
    await long_of(stage, halves=False)
    more = await another(
        stage, OrderRole.CLOSE, ord_type=OrdType.LIMIT, limit_price=D(6340), stop_price=None, order_qty=1
    )
    await stage.run(4)
    assert stage.order(more.cl_ord_id).ord_status is S.CANCELED
    assert [order.leaves_qty for order in stage.exits(OrderRole.STOP)] == [4]
    assert stage.lot().open_qty == 4 == await stage.position()
    await stage.close()


async def test_without_links_a_target_gives_way_when_all_is_closed(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, linked=False)
    await long_of(stage)
    await stage.quote("6333.00", "6333.25", last="6333", size=1)
    await stage.run(2)
    assert stage.exits(OrderRole.TARGET), "it waits in the queue"
    stage.core.exits.close(stage.lot().lot_id, stage.lot().open_qty, "by hand")
    await stage.run(1)
    await stage.quote("6333.00", "6333.25", last="6333")
    await stage.run(4)
    assert stage.lot().is_flat
    assert await stage.position() == 0
    assert not stage.core.blotter.open_orders()
    await stage.close()


async def test_a_target_moved_while_another_change_of_it_is_under_way_waits_its_turn(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await long_of(stage)
    lot_id = stage.lot().lot_id
    stage.core.exits.move_target(lot_id, 1, D(6340))
    stage.core.exits.move_target(lot_id, 1, D(6342))
    await stage.run(3)
    assert [order.limit_price for order in stage.exits(OrderRole.TARGET)] == [D(6333), D(6342)]
    assert len(stage.venue.sent(OrderRole.TARGET)) == 2
    await stage.close()


async def test_a_change_that_is_refused_leaves_the_order_as_it_was_and_says_why(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await long_of(stage, halves=False)

    async def refuse(*_: object, **__: object) -> None:
        raise BrokerRejected("no changes after the bell")

    stage.venue.replace = refuse  # type: ignore[method-assign]
    stage.core.exits.move_stop(stage.lot().lot_id, D(6318))
    await stage.run(0.5)
    (stop,) = stage.exits(OrderRole.STOP)
    assert (stop.ord_status, stop.stop_price, stop.reason) == (S.NEW, D(6316), "no changes after the bell")
    await stage.close()


async def test_a_stop_without_a_plan_for_one_is_cancelled_and_the_close_under_way_is_not(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await long_of(stage, 2, halves=False)
    lot = stage.lot()
    plan = stage.core.exits.plan(lot.lot_id)
    assert plan is not None
    (stop,) = stage.exits(OrderRole.STOP)
    stage.core.blotter.put(replace(stop, ord_type=OrdType.MARKET, stop_price=None))
    stage.core.exits.take(replace(plan, stop_price=None))
    assert stage.order(stop.cl_ord_id).ord_status is S.NEW, "it is the close by now"
    stage.core.order_desk.on_order(report_of(stop))
    await stage.run(3)
    assert stage.order(stop.cl_ord_id).ord_status is S.CANCELED
    assert stage.lot().open_qty == 2
    await stage.close()


async def option_lot(stage: Stage) -> InstrumentId:
    option = stage.core.reference.option("AAPL", date(2026, 12, 18), Right.CALL, D(275))
    await stage.core.subscriptions.subscribe(option)
    await stage.quote("5.00", "5.10", of=option.instrument_id)
    order = await stage.enter(Side.BUY, 2, limit="5.10", stop="3.00", of=option.instrument_id)
    assert order.ord_status is not S.DENIED, order.reason
    await stage.run(1)
    assert stage.lot().open_qty == 2
    return option.instrument_id


def closing_limit(stage: Stage) -> list[Decimal | None]:
    orders = stage.exits(OrderRole.STOP) + stage.exits(OrderRole.CLOSE)
    return [order.limit_price for order in orders if order.ord_type is OrdType.LIMIT]


async def test_the_limit_that_closes_an_option_follows_a_market_that_leaves_it_behind(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    option = await option_lot(stage)
    await stage.quote("5.00", "5.10", of=option, size=1)
    stage.core.exits.close(stage.lot().lot_id, 2, "by hand")
    await stage.quote("4.00", "4.10", of=option, size=0)
    await stage.run(1)
    await stage.quote("3.50", "3.60", of=option, size=0)
    await stage.run(3)
    assert stage.lot().is_flat or max(limit for limit in closing_limit(stage) if limit is not None) <= D("3.50")
    await stage.quote("3.50", "3.60", of=option, size=5)
    await stage.run(5)
    assert stage.lot().is_flat
    assert await stage.position(option) == 0
    await stage.close()


async def test_an_option_that_nobody_quotes_is_asked_out_at_the_market_and_keeps_its_stop_till_it_leaves(
    tmp_path: Path,
) -> None:
    """There is nothing to go by for a limit; the simulator fills no market order of it either."""
    stage = await open_stage(tmp_path)
    option = await option_lot(stage)
    (stop,) = stage.exits(OrderRole.STOP)
    await no_quote(stage, option)
    stage.core.exits.close(stage.lot().lot_id, 2, "by hand")
    await stage.run(1)
    resting = stage.order(stop.cl_ord_id)
    assert "a market order cannot be filled" in resting.reason
    assert (resting.ord_type, resting.stop_price, resting.leaves_qty) == (OrdType.STOP, D(3), 2)
    await stage.quote("4.00", "4.10", of=option)
    await stage.run(2)
    assert stage.lot().is_flat
    assert await stage.position(option) == 0
    await stage.close()


async def test_part_of_an_option_is_closed_by_a_limit_beside_its_smaller_stop(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    option = await option_lot(stage)
    stage.core.exits.close(stage.lot().lot_id, 1, "trim")
    await stage.run(3)
    assert stage.lot().open_qty == 1 == await stage.position(option)
    closes = stage.venue.sent(OrderRole.CLOSE)
    assert [(order.ord_type, order.limit_price) for order in closes] == [(OrdType.LIMIT, D("4.50"))]
    await stage.close()


async def test_exits_that_would_make_a_turned_position_larger_are_taken_back(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await long_of(stage, 2)
    (stop,) = stage.exits(OrderRole.STOP)
    targets = stage.exits(OrderRole.TARGET)
    assert len(targets) == 2
    stage.core.order_desk.on_execution(execution_of(stage, stop, 3))
    assert stage.lot().signed_qty == -1
    assert {stage.order(order.cl_ord_id).ord_status for order in targets} == {S.PENDING_CANCEL}
    await stage.close()


async def test_a_close_that_is_refused_gives_its_contracts_back_to_the_stop(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, linked=False)
    await long_of(stage, 2, halves=False)
    stage.venue.refuse[OrderRole.CLOSE] = 1
    stage.core.exits.close(stage.lot().lot_id, 1, "trim")
    await stage.run(3)
    assert any(notice.title == "Close rejected" for notice in stage.notices)
    assert [order.leaves_qty for order in stage.exits(OrderRole.STOP)] == [2]
    assert stage.lot().open_qty == 2 == await stage.position()
    await stage.close()


async def test_a_target_that_is_refused_leaves_the_stop_alone(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.venue.refuse[OrderRole.TARGET] = 1
    await long_of(stage, 2)
    await stage.run(2)
    assert [order.leaves_qty for order in stage.exits(OrderRole.STOP)] == [2]
    assert not stage.lost
    await stage.close()


async def test_a_stop_refused_after_its_lot_was_left_alarms_nobody(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await long_of(stage, 1, halves=False)
    (stop,) = stage.exits(OrderRole.STOP)
    stage.core.exits.close(stage.lot().lot_id, 1, "by hand")
    await stage.run(2)
    stage.core.blotter.put(replace(stop, ord_status=S.REJECTED, reason="too late"))
    assert not stage.lost
    await stage.close()
