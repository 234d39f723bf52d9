"""Exits: a lot is left as its plan says, at brokers with linked exits and at those without."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.trading.stage import D, Stage, open_stage
from tradestream_gui.domain.events import OrderChanged
from tradestream_gui.domain.exits import PlanState
from tradestream_gui.domain.orders import OrderRole, OrdStatus, OrdType, Side
from tradestream_gui.ports.broker import ExecutionReport

PLAN = (("6333", "0.5"), ("6338", "0.5"))
SHORT_PLAN = (("6319", "0.5"), ("6314", "0.5"))


async def _long(stage: Stage, qty: int = 3) -> None:
    await stage.enter(Side.BUY, qty, limit="6328", stop="6316", targets=PLAN, break_even_after=1)


@pytest.mark.parametrize("linked", [True, False])
async def test_a_long_runs_through_t1_break_even_and_t2(tmp_path: Path, linked: bool) -> None:
    stage = await open_stage(tmp_path, linked=linked)
    await _long(stage)
    assert [(stop.leaves_qty, stop.stop_price) for stop in stage.exits(OrderRole.STOP)] == [(3, D("6316"))]
    await stage.quote("6333.25", "6333.50", last="6333.25")
    await stage.run(2)
    assert stage.lot().open_qty == 1
    assert [(stop.leaves_qty, stop.stop_price) for stop in stage.exits(OrderRole.STOP)] == [(1, D("6326.25"))]
    await stage.quote("6338.25", "6338.50", last="6338.25")
    await stage.run(2)
    assert stage.lot().is_flat
    assert stage.lot().realized_pnl >= D("5") * (D("6.75") * 2 + D("11.75"))
    assert await stage.position() == 0
    assert not stage.core.blotter.open_orders()
    assert not stage.lost
    await stage.close()


@pytest.mark.parametrize("linked", [True, False])
async def test_a_short_is_the_mirror_image(tmp_path: Path, linked: bool) -> None:
    stage = await open_stage(tmp_path, linked=linked)
    await stage.enter(Side.SELL, 2, limit="6324", stop="6336", targets=SHORT_PLAN, break_even_after=1)
    assert [(stop.leaves_qty, stop.stop_price) for stop in stage.exits(OrderRole.STOP)] == [(2, D("6336"))]
    await stage.quote("6318.50", "6318.75", last="6318.75")
    await stage.run(2)
    assert stage.lot().open_qty == 1
    assert [(stop.leaves_qty, stop.stop_price) for stop in stage.exits(OrderRole.STOP)] == [(1, D("6326.00"))]
    await stage.quote("6313.50", "6313.75", last="6313.75")
    await stage.run(2)
    assert stage.lot().is_flat
    assert await stage.position() == 0
    await stage.close()


@pytest.mark.parametrize("linked", [True, False])
async def test_stop_and_targets_follow_fills_that_drip_one_by_one(tmp_path: Path, linked: bool) -> None:
    stage = await open_stage(tmp_path, linked=linked)
    await stage.quote("6325.75", "6326.00", size=1)
    await stage.enter(Side.BUY, 4, limit="6326", stop="6316", targets=PLAN)
    for _ in range(8):
        open_qty = stage.lot().open_qty
        assert sum(stop.leaves_qty for stop in stage.exits(OrderRole.STOP)) == open_qty
        await stage.quote("6325.75", "6326.00", size=1)
    await stage.run(2)
    lot, plan = stage.lot(), stage.core.exits.plan(stage.lot().lot_id)
    assert plan is not None
    assert lot.open_qty == lot.entry_qty > 1
    assert sum(step.qty for step in plan.targets) == lot.open_qty
    assert sum(stop.leaves_qty for stop in stage.exits(OrderRole.STOP)) == lot.open_qty
    await stage.close()


@pytest.mark.parametrize("linked", [True, False])
async def test_asking_twice_to_close_closes_once(tmp_path: Path, linked: bool) -> None:
    stage = await open_stage(tmp_path, linked=linked)
    await _long(stage)
    stage.core.exits.close(stage.lot().lot_id, 3, "by hand")
    stage.core.exits.close(stage.lot().lot_id, 3, "by hand, again")
    await stage.run(3)
    assert stage.lot().is_flat
    assert await stage.position() == 0
    assert not stage.core.blotter.open_orders()
    await stage.close()


@pytest.mark.parametrize("linked", [True, False])
async def test_a_trim_while_targets_work_leaves_the_rest_protected(tmp_path: Path, linked: bool) -> None:
    stage = await open_stage(tmp_path, linked=linked)
    await _long(stage, 4)
    stage.core.exits.close(stage.lot().lot_id, 1, "trim")
    await stage.run(2)
    assert stage.lot().open_qty == 3 == await stage.position()
    assert sum(stop.leaves_qty for stop in stage.exits(OrderRole.STOP)) == 3
    assert sum(target.leaves_qty for target in stage.exits(OrderRole.TARGET)) == (3 if linked else 0)
    await stage.close()


async def test_without_links_exits_never_exceed_the_position(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, linked=False)
    await _long(stage, 5)
    prices = ("6330", "6333", "6332.75", "6333.25", "6331", "6338.25", "6337", "6333.25", "6340", "6325", "6314")
    for price in prices:
        for _ in range(3):
            await stage.quote(price, str(D(price) + D("0.25")), last=price, size=1)
            working = [order for order in stage.core.blotter.open_orders() if order.reduces]
            assert sum(order.leaves_qty for order in working) <= max(stage.lot().open_qty, 0) or stage.lot().is_flat
            assert await stage.position() >= 0
    await stage.run(5)
    assert stage.lot().open_qty == await stage.position()
    await stage.close()


async def test_without_links_a_target_whose_price_came_back_gives_its_contracts_to_the_stop_again(
    tmp_path: Path,
) -> None:
    stage = await open_stage(tmp_path, linked=False)
    await _long(stage, 4)
    await stage.quote("6333.00", "6333.25", last="6333", size=0)
    await stage.quote("6330.00", "6330.25", last="6330")
    await stage.run(3)
    assert not stage.exits(OrderRole.TARGET)
    assert sum(stop.leaves_qty for stop in stage.exits(OrderRole.STOP)) == stage.lot().open_qty
    await stage.close()


async def test_a_stop_that_is_rejected_once_is_placed_again(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.venue.refuse[OrderRole.STOP] = 1
    await _long(stage)
    await stage.run(1)
    assert [stop.leaves_qty for stop in stage.exits(OrderRole.STOP)] == [3]
    assert len(stage.lost) == 1
    await stage.close()


async def test_a_stop_that_is_rejected_twice_flattens_the_lot(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.venue.refuse[OrderRole.STOP] = 2
    await _long(stage)
    await stage.run(2)
    assert stage.lot().is_flat
    assert await stage.position() == 0
    await stage.close()


async def test_when_stop_and_close_are_both_refused_the_sentinel_tries_on(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.venue.refuse[OrderRole.STOP] = 6
    stage.venue.refuse[OrderRole.CLOSE] = 3
    await _long(stage)
    await stage.run(20)
    covered = sum(stop.leaves_qty for stop in stage.exits(OrderRole.STOP))
    assert covered == stage.lot().open_qty == await stage.position()
    assert stage.lost
    assert len(stage.venue.placed) < 40
    await stage.close()


async def test_a_refused_change_is_not_repeated_at_the_speed_of_the_wire(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await _long(stage)
    closing = stage.clock.now().replace(hour=22, minute=30)
    await stage.clock.leap_to(closing)
    await stage.run(1)
    before = len(list(stage.core.blotter.orders()))
    changes: list[OrdStatus] = []
    stage.bus.subscribe(OrderChanged, lambda fact: changes.append(fact.order.ord_status))
    stage.core.exits.close(stage.lot().lot_id, 3, "flatten while the market is closed")
    await stage.run(10)
    assert len(changes) < 20
    assert len(list(stage.core.blotter.orders())) - before < 5
    await stage.close()


async def test_a_fill_too_many_is_closed_and_never_left_on_the_other_side(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await _long(stage, 1)
    stop = stage.exits(OrderRole.STOP)[0]
    assert stop.order_id is not None
    await stage.venue.paper.flatten(stop.account_id)
    await stage.run(1)
    assert stage.lot().is_flat
    report = ExecutionReport(
        stop.account_id, stop.order_id, stop.cl_ord_id, "ghost", stop.instrument_id, Side.SELL, 1, D("6316"), D(0),
        stage.clock.now(),
    )  # fmt: skip
    stage.core.order_desk.on_execution(report)
    assert stage.lot().signed_qty == -1
    await stage.run(1)
    assert stage.lot().is_flat
    assert any("too many" in lost.words for lost in stage.lost)
    await stage.close()


async def test_an_analysts_break_even_never_loosens_a_better_stop(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await _long(stage)
    lot_id = stage.lot().lot_id
    await stage.quote("6332.00", "6332.25")
    stage.core.exits.move_stop(lot_id, D("6330"))
    await stage.run()
    words = stage.core.exits.move_to_break_even(lot_id)
    await stage.run()
    plan = stage.core.exits.plan(lot_id)
    assert plan is not None
    assert plan.stop_price == D("6330")
    assert "better" in words
    await stage.close()


async def test_a_flat_by_time_closes_what_is_left(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(
        Side.BUY, 2, limit="6328", stop="6316", flat_by=stage.clock.now() + timedelta(seconds=30), targets=PLAN
    )
    await stage.run(25)
    assert stage.lot().open_qty == 2
    await stage.run(10)
    assert stage.lot().is_flat
    plan = stage.core.exits.plan(stage.lot().lot_id)
    assert plan is not None
    assert plan.state is PlanState.DONE
    assert not stage.core.blotter.open_orders()
    await stage.close()


async def test_the_stop_becomes_the_closing_order_and_no_second_exit_is_added(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await _long(stage)
    stage.core.exits.close(stage.lot().lot_id, 3, "by hand")
    await stage.run(2)
    assert not stage.venue.sent(OrderRole.CLOSE)
    stops = [order for order in stage.core.blotter.orders() if order.role is OrderRole.STOP]
    assert [(stop.ord_type, stop.ord_status) for stop in stops] == [(OrdType.MARKET, OrdStatus.FILLED)]
    await stage.close()
