"""A walked limit never passes its cap; a moved bracket keeps its distances; a trail only tightens."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.trading.stage import MES, SIM, THURSDAY, WIDE, D, open_stage, reference_data
from tests.trading.test_hand_refusals import no_quote
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.exits import TrailRule
from tradestream_gui.domain.ids import AccountId, ClOrdId
from tradestream_gui.domain.orders import OrderRole, OrdStatus, OrdType, Side
from tradestream_gui.domain.quotes import DataKind, Quote
from tradestream_gui.domain.tickets import first_limit
from tradestream_gui.trading.limit_walk import WALK_EVERY_S, WALK_STEPS
from tradestream_gui.trading.plan_changes import trail
from tradestream_gui.ui.tabs.portfolio.orders import change_price


async def test_a_limit_walks_in_steps_to_its_cap_and_stays_there(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 1, limit="6325", stop="6316", walk_from=D("6323"))
    seen = [stage.order(order.cl_ord_id).limit_price]
    for _ in range(WALK_STEPS + 3):
        await stage.run(WALK_EVERY_S)
        seen.append(stage.order(order.cl_ord_id).limit_price)
    assert seen[:5] == [D("6323"), D("6323.50"), D("6324.00"), D("6324.50"), D("6325.00")]
    assert set(seen[5:]) == {D("6325.00")}
    assert stage.order(order.cl_ord_id).ord_status is OrdStatus.NEW
    await stage.close()


async def test_a_limit_that_a_hand_has_moved_walks_no_further(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 1, limit="6325", stop="6316", walk_from=D("6322"))
    await stage.run(WALK_EVERY_S)
    moved = stage.order(order.cl_ord_id)
    change_price(stage.core, moved.cl_ord_id, D("6320"))
    await stage.run(10 * WALK_EVERY_S)
    assert stage.order(order.cl_ord_id).limit_price == D("6320")
    await stage.close()


async def test_a_limit_whose_cancel_was_lost_is_cancelled_again_and_walks_no_further(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 1, limit="6325", stop="6316", walk_from=D("6322"))
    cancel, lost = stage.venue.cancel, list[str]()

    async def lose_the_first(account_id: AccountId, cl_ord_id: ClOrdId) -> None:
        if lost:
            await cancel(account_id, cl_ord_id)
        lost.append(cl_ord_id)

    stage.venue.cancel = lose_the_first  # type: ignore[method-assign]
    stage.core.order_desk.request_cancel(stage.order(order.cl_ord_id), "by hand")
    stood_at = stage.order(order.cl_ord_id).limit_price
    for _ in range(60):
        await stage.run(0.25)
        assert stage.order(order.cl_ord_id).limit_price == stood_at
    assert stage.order(order.cl_ord_id).ord_status is OrdStatus.CANCELED
    await stage.close()


async def test_an_entry_of_an_account_that_may_not_open_is_moved_by_nobody(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 1, limit="6325", stop="6316", walk_from=D("6322"))
    stage.core.accounts.set_state(SIM, TradingState.HALTED, "by the test")
    refused = "MES Dec26: the account is halted, so its entries can only be canceled."
    assert change_price(stage.core, order.cl_ord_id, D("6324")) == refused
    assert stage.core.hand.entry_moves.move_bracket(stage.order(order.cl_ord_id), D("6324")) == refused
    await stage.run(10 * WALK_EVERY_S)
    assert stage.order(order.cl_ord_id).limit_price == D("6322")
    await stage.close()


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("6310", "The entry's stop stands at 6,310: the entry must stay before it."),
        ("6309.75", "The entry's stop stands at 6,310: the entry must stay before it."),
        ("6310.25", ""),
        ("6335", ""),
        ("6335.25", "There it would risk $252.50 of at most $250.00: cancel it and place it anew."),
    ],
)
async def test_an_entry_is_moved_by_hand_only_where_it_could_be_placed(tmp_path: Path, to: str, words: str) -> None:
    stage = await open_stage(tmp_path, limits={**WIDE, "risk_per_trade": "250"})
    order = await stage.enter(Side.BUY, 2, limit="6320", stop="6310")
    said = change_price(stage.core, order.cl_ord_id, D(to))
    assert said == (words or f"MES Dec26: the broker is asked to change the price to {D(to):,}.")
    assert (stage.order(order.cl_ord_id).ord_status is OrdStatus.NEW) is bool(words)
    await stage.close()


@pytest.mark.parametrize(("to", "may_stand"), [("6389.50", True), ("6389.75", False)])
async def test_a_limit_far_through_the_market_is_a_slip_of_the_finger(tmp_path: Path, to: str, may_stand: bool) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 1, limit="6320")
    refusal = stage.core.hand.entry_moves.refusal(order, D(to))
    assert (not refusal) is may_stand, refusal
    assert may_stand or "far through the market at 6,326.25: that is a slip of the finger" in refusal
    await stage.close()


@pytest.mark.parametrize(("to", "may_stand"), [("6326.50", True), ("6326.25", False)])
async def test_a_stop_entry_stays_beyond_the_market(tmp_path: Path, to: str, may_stand: bool) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 1, limit="6320")
    beyond = replace(order, ord_type=OrdType.STOP, limit_price=None, stop_price=D("6330"))
    refusal = stage.core.hand.entry_moves.refusal(beyond, D(to))
    assert (not refusal) is may_stand, refusal
    assert may_stand or "the stop entry would go at once" in refusal
    await stage.close()


async def test_where_nobody_quotes_no_price_is_far_from_the_market(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 1, limit="6320")
    await no_quote(stage)
    assert not stage.core.hand.entry_moves.refusal(order, D("6389.75"))
    await stage.close()


async def test_it_is_judged_by_its_cap(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 1, limit="6325", stop="6324", walk_from=D("6323"))
    assert order.ord_status is not OrdStatus.DENIED
    await stage.close()


def test_a_walk_begins_in_the_middle_and_never_beyond_the_cap() -> None:
    instrument = reference_data().instrument(MES)
    assert instrument is not None
    assert first_limit(instrument, None, 1, Decimal("6325")) == Decimal("6325")
    quote = Quote(MES, THURSDAY, D("6320"), 5, D("6321.25"), 5, D("6320"), DataKind.DEMO)
    assert first_limit(instrument, quote, 1, D("6325")) == D("6320.50")
    assert first_limit(instrument, quote, -1, D("6315")) == D("6320.75")
    assert first_limit(instrument, quote, 1, D("6319")) == D("6319")


async def test_a_bracket_moves_once_the_broker_has_taken_the_price(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 2, limit="6320", stop="6310", targets=(("6327", "0.5"), ("6332", "0.5")))
    words = stage.core.hand.entry_moves.move_bracket(stage.order(order.cl_ord_id), D("6318"))
    assert words == "MES Dec26: entry to 6,318 and its bracket with it."
    before = stage.core.exits.plan(order.lot_id)
    assert before is not None
    assert before.stop_price == D("6310")
    await stage.run(2)
    plan = stage.core.exits.plan(order.lot_id)
    assert plan is not None
    assert stage.order(order.cl_ord_id).limit_price == D("6318")
    assert (plan.stop_price, [price for price, _ in plan.allocations]) == (D("6308"), [D("6325"), D("6330")])
    await stage.close()


async def test_a_bracket_whose_move_is_refused_stays_whole(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 1, limit="6320", stop="6310")
    stage.venue.is_deaf = True
    stage.core.hand.entry_moves.move_bracket(stage.order(order.cl_ord_id), D("6318"))
    await stage.run(30)
    stage.venue.is_deaf = False
    await stage.run(30)
    plan = stage.core.exits.plan(order.lot_id)
    assert plan is not None
    assert stage.order(order.cl_ord_id).limit_price == D("6320")
    assert plan.stop_price == D("6310")
    await stage.close()


async def test_a_trail_set_by_hand_lifts_the_stop_and_never_loosens_it(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    lot, instrument = stage.lot(), stage.core.market.instrument(MES)
    trail(stage.core.exits, lot, TrailRule(D(4), D(0), D("0.25")), D("6326"), instrument)
    await stage.run(1)
    assert [stop.stop_price for stop in stage.exits(OrderRole.STOP)] == [D("6322.00")]
    await stage.quote("6330.00", "6330.25")
    await stage.run(1)
    assert [stop.stop_price for stop in stage.exits(OrderRole.STOP)] == [D("6326.00")]
    await stage.quote("6328.00", "6328.25")
    trail(stage.core.exits, stage.lot(), None, None, instrument)
    await stage.quote("6340.00", "6340.25")
    await stage.run(1)
    assert [stop.stop_price for stop in stage.exits(OrderRole.STOP)] == [D("6326.00")]
    assert stage.core.lots.net_qty(SIM, MES) == 1
    await stage.close()
