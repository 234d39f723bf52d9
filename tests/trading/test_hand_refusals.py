"""What a hand cannot do now, and what it is told; walks and trails that have nothing to go by."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from tests.support import hold_elsewhere
from tests.trading.stage import MES, SIM, D, Stage, open_stage
from tests.trading.test_adoption import phoned
from tests.trading.test_requests import execution_of, waiting
from tests.trading.test_reversal import reverse, ticket_of
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.exits import TrailRule
from tradestream_gui.domain.ids import ClOrdId, ExecId, InstrumentId, LotId
from tradestream_gui.domain.instruments import Right
from tradestream_gui.domain.orders import OrderRole, OrdStatus, Side
from tradestream_gui.domain.quotes import DataKind, Quote
from tradestream_gui.trading.adoption import Found
from tradestream_gui.trading.fills import fill_from
from tradestream_gui.trading.limit_walk import WALK_EVERY_S
from tradestream_gui.trading.plan_changes import trail


async def no_quote(stage: Stage, of: InstrumentId = MES) -> None:
    assert stage.feed.sink is not None
    stage.feed.sink.on_quote(Quote(of, stage.clock.now(), None, 0, None, 0, None, DataKind.DEMO))
    await stage.run(0.1)


def book_elsewhere(stage: Stage, side: Side) -> None:
    """A lot of one more contract, on this side."""
    like = next(order for order in stage.core.blotter.orders() if order.role is OrderRole.ENTRY)
    told = replace(execution_of(stage, like, 1), side=side)
    fill = fill_from(replace(told, exec_id=ExecId("X-other")), ClOrdId("TSP-other"), LotId("other"))
    stage.core.lots.book(fill, like.origin)


async def test_a_bracket_that_cannot_be_moved_as_a_whole_says_why(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage, 3)
    moves = stage.core.hand.entry_moves
    assert moves.move_bracket(order, D(6320)) == "MES Dec26: the entry stands there already."
    assert "a part has filled" in moves.move_bracket(replace(order, cum_qty=1), D(6319))
    assert "its bracket with it" in moves.move_bracket(order, D(6319))
    assert "waits for an answer of the broker" in moves.move_bracket(order, D(6318))
    await stage.run(2)
    assert stage.order(order.cl_ord_id).limit_price == D(6319)
    await stage.close()


async def test_what_cannot_be_adopted_says_why(tmp_path: Path) -> None:
    stage = await phoned(tmp_path, 2)
    adoption, lots = stage.core.hand.adoption, stage.core.lots
    hold_elsewhere(lots, SIM, MES, 3, stage.clock.now())
    assert "is not what is shown here" in str(await adoption.look(SIM, MES))
    hold_elsewhere(lots, SIM, MES, 2, stage.clock.now())
    found = await adoption.look(SIM, MES)
    assert isinstance(found, Found)
    await no_quote(stage)
    assert "There is no price for it now" in adoption.refusal(SIM, MES, found, D(6316))
    await stage.close()


async def test_beside_ones_own_position_of_the_other_side_nothing_is_adopted(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.SELL, 1, limit="6325", stop="6336")
    real = stage.venue.positions

    async def longer(account_id: Any) -> Any:
        return [replace(one, signed_qty=2) for one in await real(account_id)]

    stage.venue.positions = longer  # type: ignore[method-assign]
    hold_elsewhere(stage.core.lots, SIM, MES, 3, stage.clock.now())
    assert "you hold \u22121 of your own on the other side" in str(await stage.core.hand.adoption.look(SIM, MES))
    stage.venue.positions = real  # type: ignore[method-assign]
    hold_elsewhere(stage.core.lots, SIM, MES, 0, stage.clock.now())
    await stage.close()


async def test_an_option_and_lots_on_both_sides_are_not_turned_round(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    option = stage.core.reference.option("AAPL", date(2026, 12, 18), Right.CALL, D(275))
    await stage.core.subscriptions.subscribe(option)
    refusal = stage.core.hand.reversal.refusal
    assert "an option has no other side" in refusal(SIM, option.instrument_id, ticket_of(stage))
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    book_elsewhere(stage, Side.SELL)
    assert "lots stand on both sides" in refusal(SIM, MES, ticket_of(stage))
    await stage.close()


async def test_turning_round_takes_back_what_waits_and_waits_for_a_broker_that_does_not_answer(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    more = await stage.enter(Side.BUY, 1, limit="6320", stop="6310")
    real = stage.venue.positions
    silent = [BrokerUnreachable("busy"), BrokerUnreachable("busy")]

    async def positions(account_id: Any) -> Any:
        if silent:
            raise silent.pop()
        return await real(account_id)

    stage.venue.positions = positions  # type: ignore[method-assign]
    said: list[str] = []
    reverse(stage, said)
    await stage.run(8)
    assert stage.order(more.cl_ord_id).ord_status is OrdStatus.CANCELED
    assert said == ["MES Dec26: sold 1 to close; SELL 1 MES Dec26 sent"]
    assert await stage.position() == -1
    await stage.close()


async def test_a_walk_rests_where_it_is_while_nobody_quotes_or_its_order_is_under_way(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 1, limit="6325", stop="6316", walk_from=D(6323))
    await no_quote(stage)
    await stage.run(2 * WALK_EVERY_S)
    assert stage.order(order.cl_ord_id).limit_price == D(6323)
    await stage.quote("6326.00", "6326.25")
    await stage.run(WALK_EVERY_S)
    assert stage.order(order.cl_ord_id).limit_price == D("6323.50")
    stage.core.order_desk.request_cancel(stage.order(order.cl_ord_id), "by hand")
    await stage.run(2 * WALK_EVERY_S)
    assert stage.order(order.cl_ord_id).ord_status is OrdStatus.CANCELED
    at_cap = await stage.enter(Side.BUY, 1, limit="6325", stop="6316", walk_from=D(6325))
    await stage.run(2 * WALK_EVERY_S)
    assert stage.order(at_cap.cl_ord_id).limit_price == D(6325)
    await stage.close()


async def test_a_trail_without_a_price_begins_with_the_next_one(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328")
    instrument, rule = stage.core.market.instrument(MES), TrailRule(D(4), D(0), D("0.25"))
    plan = trail(stage.core.exits, stage.lot(), rule, None, instrument)
    assert (plan.stop_price, plan.best_price) == (None, None)
    await stage.quote("6330.00", "6330.25")
    await stage.run(1)
    assert [stop.stop_price for stop in stage.exits(OrderRole.STOP)] == [D(6326)]
    later = trail(stage.core.exits, stage.lot(), TrailRule(D(2), D(0), D("0.25")), D(6330), instrument)
    assert (later.stop_price, later.initial_stop_price) == (D(6328), D(6328))
    await stage.close()
