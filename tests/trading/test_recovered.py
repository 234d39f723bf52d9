"""Orders of ours that the database does not know: what each was for, and what becomes of the lot."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.trading.stage import MES, SIM, D, Stage, open_stage
from tests.trading.test_requests import execution_of, report_of, waiting
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.ids import ClOrdId, LotId, OrderId
from tradestream_gui.domain.orders import ADOPTED, OrderRole, OrdStatus, OrdType, Side
from tradestream_gui.trading.recovery import Recovery

LOST = ClOrdId("TSP-lost")


class Ours:
    """Every id belongs to this profile, and lots are numbered."""

    def __init__(self) -> None:
        self._lots = 0

    def are_ours(self, cl_ord_id: ClOrdId) -> bool:
        return True

    def next_lot_id(self, *_: object) -> LotId:
        self._lots += 1
        return LotId(f"R{self._lots}")


def recovery(stage: Stage) -> Recovery:
    core = stage.core
    return Recovery(
        bus=stage.bus, clock=stage.clock, ids=Ours(), blotter=core.blotter, lots=core.lots, accounts=core.accounts,  # type: ignore[arg-type]  # the ids that it asks for
        desk=core.order_desk, exits=core.exits,
    )  # fmt: skip


async def test_an_entry_that_filled_in_part_is_cancelled_and_its_lot_closed(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    like = await waiting(stage, 3)
    report = report_of(like, OrdStatus.PARTIALLY_FILLED, cl_ord_id=LOST, order_id=OrderId("9"), cum_qty=1)
    fill = replace(execution_of(stage, like, 1), cl_ord_id=LOST, order_id=OrderId("9"))
    await recovery(stage).take_over(SIM, [fill], [report], {})
    entry, lot = stage.order(LOST), stage.core.lots.lots()[-1]
    assert (entry.role, entry.ord_status, lot.origin, lot.open_qty) == (
        OrderRole.ENTRY, OrdStatus.PENDING_CANCEL, ADOPTED, 1,
    )  # fmt: skip
    plan = stage.core.exits.plan(lot.lot_id)
    assert plan is not None
    assert (plan.stop_price, plan.close_qty, plan.close_reason) == (None, 1, "recovered without a stop")
    assert stage.core.accounts.state(SIM).trading_state is TradingState.REDUCING
    await stage.close()


async def test_an_exit_of_a_lot_with_a_plan_joins_it_and_the_plan_stays(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    lot = stage.lot()
    plan, stop = stage.core.exits.plan(lot.lot_id), stage.exits(OrderRole.STOP)[0]
    report = report_of(
        stop, cl_ord_id=LOST, order_id=OrderId("9"), ord_type=OrdType.LIMIT, limit_price=D(6340), stop_price=None
    )
    await recovery(stage).take_over(SIM, [], [report], {MES: 2})
    assert (stage.order(LOST).role, stage.order(LOST).lot_id) == (OrderRole.TARGET, lot.lot_id)
    assert stage.core.exits.plan(lot.lot_id) == plan
    await stage.close()


async def test_an_order_that_became_known_while_the_broker_was_asked_is_not_recovered_twice(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    like = await waiting(stage)
    fill = replace(execution_of(stage, like, 1), cl_ord_id=LOST, order_id=OrderId("9"))

    async def find(account_id: Any, cl_ord_id: ClOrdId) -> Any:
        stage.core.blotter.add(replace(like, cl_ord_id=LOST, order_id=OrderId("9"), lot_id=LotId("own")))
        return None

    stage.venue.find_order = find  # type: ignore[method-assign]
    await recovery(stage).take_over(SIM, [fill], [], {})
    assert stage.order(LOST).lot_id == "own"
    assert stage.core.accounts.state(SIM).trading_state is TradingState.ACTIVE
    await stage.close()
