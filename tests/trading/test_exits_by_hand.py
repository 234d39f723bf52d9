"""Exits that a hand changes: against its own lot, before the fill, on what is flat, by time; and plans that stand."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.trading.stage import MES, SIM, D, Stage, open_stage
from tradestream_gui.domain.exits import PlanState
from tradestream_gui.domain.orders import MANUAL, OrderRole, OrdType, Side, TimeInForce
from tradestream_gui.domain.quotes import DataKind, Quote
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.trading.plan_changes import shifted

HALVES = (("6333", "0.5"), ("6338", "0.5"))


async def long_of(stage: Stage, qty: int = 3, **more: object) -> None:
    await stage.enter(Side.BUY, qty, limit="6328", stop="6316", **more)  # type: ignore[arg-type]  # named as enter's


def against(qty: int, ord_type: OrdType, *, limit: str | None = None, stop: str | None = None) -> EntryTicket:
    return EntryTicket(
        account_id=SIM, instrument_id=MES, side=Side.SELL, ord_type=ord_type, order_qty=qty,
        time_in_force=TimeInForce.DAY, origin=MANUAL, limit_price=D(limit) if limit else None,
        stop_price=D(stop) if stop else None,
    )  # fmt: skip


def stops(stage: Stage) -> list[tuple[int, Decimal | None]]:
    return [(order.leaves_qty, order.stop_price) for order in stage.exits(OrderRole.STOP)]


def targets(stage: Stage) -> list[tuple[int, Decimal | None]]:
    return [(order.leaves_qty, order.limit_price) for order in stage.exits(OrderRole.TARGET)]


async def test_a_ticket_against_the_hands_own_lot_leaves_it_instead_of_opening_the_other_side(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    entries = stage.core.entries
    assert entries.opposite_manual_lot(against(1, OrdType.MARKET)) is None
    await long_of(stage)
    lot = entries.opposite_manual_lot(against(1, OrdType.MARKET))
    assert lot == stage.lot()
    assert "it would turn the position of +3 round" in entries.reduce_by_hand(lot, against(4, OrdType.MARKET))
    entries.reduce_by_hand(lot, against(1, OrdType.LIMIT, limit="6340"))
    entries.reduce_by_hand(lot, against(3, OrdType.STOP, stop="6320"))
    await stage.run(1)
    assert (stops(stage), targets(stage)) == ([(3, D(6320))], [(1, D(6340))])
    entries.reduce_by_hand(lot, against(2, OrdType.MARKET))
    await stage.run(2)
    assert stage.lot().open_qty == 1 == await stage.position()
    assert len(stage.core.lots.lots()) == 1
    await stage.close()


async def test_targets_given_before_the_fill_are_those_of_the_fill(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 2, limit="6320", stop="6310")
    words = stage.core.exits.set_targets(order.lot_id, ((D(6330), D("0.5")), (D(6335), D("0.5"))))
    assert words == "targets of MES Dec26: 6330, 6335"
    await stage.quote("6319.00", "6319.25")
    await stage.run(1)
    assert targets(stage) == [(1, D(6330)), (1, D(6335))]
    await stage.close()


async def test_a_target_that_is_moved_moves_at_the_broker_and_stays_on_the_tick(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await long_of(stage, 2, targets=HALVES)
    stage.core.exits.move_target(stage.lot().lot_id, 1, D("6341.10"))
    await stage.run(1)
    assert targets(stage) == [(1, D(6333)), (1, D("6341.00"))]
    assert len(stage.venue.sent(OrderRole.TARGET)) == 2, "moved, not cancelled and sent again"
    await stage.close()


async def test_what_is_flat_has_no_stop_to_move_and_nothing_to_close(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await long_of(stage, 1)
    lot_id = stage.lot().lot_id
    assert "nothing to close of 1" in stage.core.exits.close(lot_id, 0, "nothing")
    stage.core.exits.close(lot_id, 1, "by hand")
    await stage.run(2)
    assert "has no open position, so its stop stays" in stage.core.exits.move_to_break_even(lot_id)
    assert stage.core.exits.close(lot_id, 1, "again") == "MES Dec26 has no open position"
    assert len(stage.venue.placed) == 2
    await stage.close()


async def test_no_targets_at_all_is_said_so(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await long_of(stage, 2, targets=HALVES)
    assert stage.core.exits.set_targets(stage.lot().lot_id, ()) == "targets of MES Dec26: none"
    await stage.run(1)
    assert (targets(stage), stops(stage)) == ([], [(2, D(6316))])
    await stage.close()


async def test_a_time_stop_closes_what_is_left_at_its_time(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await long_of(stage, 2, close_at=stage.clock.now() + timedelta(minutes=5))
    await stage.run(290)
    assert stage.lot().open_qty == 2
    await stage.run(15)
    assert stage.lot().is_flat
    plan = stage.core.exits.plan(stage.lot().lot_id)
    assert plan is not None
    assert (plan.state, plan.close_reason) == (PlanState.DONE, "time stop")
    await stage.close()


async def test_a_quote_without_the_closing_side_triggers_nothing(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, linked=False)
    await long_of(stage, 2, targets=HALVES)
    stage.core.exits.on_quote(Quote(MES, stage.clock.now(), None, 0, D(6350), 5, D(6350), DataKind.DEMO))
    await stage.run(1)
    assert targets(stage) == []
    await stage.close()


async def lost_plan(stage: Stage) -> None:
    """A long of two whose plan row is gone, while its stop rests."""
    await long_of(stage, 2)
    stage.core.exits.restore([plan for plan in stage.core.exits.plans() if plan.lot_id != stage.lot().lot_id])
    await stage.quote("6326.50", "6326.75")
    await stage.run(5)


async def test_a_lot_that_lost_its_plan_is_alarmed_about_and_its_stop_stays(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await lost_plan(stage)
    assert [lost.words for lost in stage.lost] == ["2 MESZ6 has no exit plan; close it or give it one"]
    await stage.quote("6310.00", "6310.25", last="6310")
    await stage.run(2)
    assert stage.lot().is_flat, "its stop still rests at the broker"
    assert await stage.position() == 0
    await stage.close()


@pytest.mark.parametrize("linked", [True, False])
async def test_flattening_closes_a_lot_that_lost_its_plan_by_the_stop_that_rests(tmp_path: Path, linked: bool) -> None:
    stage = await open_stage(tmp_path, linked=linked)
    await lost_plan(stage)
    stage.core.kill.flatten("by hand")
    await stage.run(3)
    assert stage.lot().is_flat
    assert await stage.position() == 0
    assert not stage.core.blotter.open_orders()
    assert len(stage.venue.placed) == 2, "the stop became the close"
    await stage.close()


async def test_a_lot_that_lost_its_plan_is_left_in_part_without_losing_its_stop(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await lost_plan(stage)
    stage.core.exits.ensure_plan(stage.lot())
    stage.core.exits.close(stage.lot().lot_id, 1, "by hand")
    await stage.run(3)
    assert stage.lot().open_qty == 1 == await stage.position()
    assert stops(stage) == [(1, D(6316))]
    await stage.close()


async def test_an_exit_that_waits_for_what_is_under_way_is_not_asked_for_twice(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await long_of(stage, 2)
    lot = stage.lot()
    stage.core.exits.move_stop(lot.lot_id, D(6317))
    stage.core.exits.move_stop(lot.lot_id, D(6318))
    await stage.run(2)
    assert stops(stage) == [(2, D(6318))]
    assert len(stage.venue.sent(OrderRole.STOP)) == 1
    await stage.close()


@pytest.mark.parametrize("linked", [True, False])
async def test_a_bracket_shifted_after_its_first_target_moves_only_what_is_left(tmp_path: Path, linked: bool) -> None:
    stage = await open_stage(tmp_path, linked=linked)
    await long_of(stage, 2, targets=HALVES)
    await stage.quote("6333.25", "6333.50", last="6333.25")
    await stage.run(2)
    plan = stage.core.exits.plan(stage.lot().lot_id)
    assert plan is not None
    moved = shifted(plan, D(-2))
    assert [step.price for step in moved.targets] == [D(6333), D(6336)]
    assert moved.stop_price == D(6314)
    await stage.close()
