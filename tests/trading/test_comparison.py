"""The comparison with the broker's lists: what it asks about, what it believes, and what it leaves to a person."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.trading.stage import MES, SIM, Stage, open_stage
from tests.trading.test_requests import execution_of, report_of, waiting
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.ids import ClOrdId, ExecId, OrderId
from tradestream_gui.domain.orders import Order, OrderRole, OrdStatus, Side
from tradestream_gui.ports.broker import BrokerCapabilities, OrderReport
from tradestream_gui.trading.net_positions import NetPositions

S = OrdStatus


class Lists:
    """What the venue answers when it is asked, where the test says so; all else comes from the exchange."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.hidden: set[str] = set()
        self.found: dict[str, OrderReport] = {}
        self.cannot_tell = False
        self.no_executions = False
        venue = stage.venue
        self._open_orders, self._find, self._executions = venue.open_orders, venue.find_order, venue.executions
        venue.executions = self.executions  # type: ignore[method-assign]
        venue.open_orders = self.open_orders  # type: ignore[method-assign]
        venue.find_order = self.find_order  # type: ignore[method-assign]

    async def open_orders(self, account_id: Any) -> Any:
        return [one for one in await self._open_orders(account_id) if one.cl_ord_id not in self.hidden]

    async def executions(self, account_id: Any, since: Any) -> Any:
        if self.no_executions:
            raise BrokerUnreachable("the list of executions does not come")
        return await self._executions(account_id, since)

    async def find_order(self, account_id: Any, cl_ord_id: ClOrdId) -> Any:
        if self.cannot_tell:
            raise BrokerUnreachable("this broker finds no single order")
        if cl_ord_id in self.found:
            return self.found[cl_ord_id]
        return None if cl_ord_id in self.hidden else await self._find(account_id, cl_ord_id)


async def compared(stage: Stage, times: int = 1, apart_s: float = 11.0) -> None:
    for _ in range(times):
        await stage.run(apart_s)


def without_client_ids(stage: Stage) -> None:
    """A broker that carries no ids of ours."""
    kind = type(stage.venue)
    plain = kind.capabilities

    def capabilities(venue: Any) -> BrokerCapabilities:
        return replace(plain.fget(venue), client_ids=False)  # type: ignore[attr-defined]  # a property

    stage.venue.__class__ = type("Nameless", (kind,), {"capabilities": property(capabilities)})


def words_of(stage: Stage) -> Iterable[str]:
    return [notice.words for notice in stage.notices]


async def test_an_order_that_worked_and_is_gone_from_the_list_is_told_of_and_asked_about(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    lists = Lists(stage)
    lists.hidden.add(order.cl_ord_id)
    await compared(stage, 2)
    assert stage.order(order.cl_ord_id).ord_status is S.NOT_FOUND
    assert any("worked and is not in the broker's list" in words for words in words_of(stage))
    lists.hidden.clear()
    assert [one.cl_ord_id for one in stage.venue.placed].count(order.cl_ord_id) == 1, "never sent again"
    await stage.close()


async def test_an_order_that_a_list_lacks_and_a_question_finds_works_on(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    lists = Lists(stage)
    lists.hidden.add(order.cl_ord_id)
    lists.found[order.cl_ord_id] = report_of(order)
    await compared(stage, 2)
    assert stage.order(order.cl_ord_id).ord_status is S.NEW
    await stage.close()


async def test_an_order_that_ends_while_it_is_asked_about_stays_ended(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    lists = Lists(stage)
    lists.hidden.add(order.cl_ord_id)
    find = stage.venue.find_order

    async def ended(account_id: Any, cl_ord_id: ClOrdId) -> Any:
        stage.core.order_desk.on_order(report_of(order, S.CANCELED))
        return await find(account_id, cl_ord_id)

    stage.venue.find_order = ended  # type: ignore[method-assign]
    await compared(stage)
    assert stage.order(order.cl_ord_id).ord_status is S.CANCELED
    await stage.close()


async def test_an_order_of_which_nobody_can_tell_holds_nothing_else_up(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    lists = Lists(stage)
    lists.hidden.add(order.cl_ord_id)
    lists.cannot_tell = True
    await compared(stage, 6)
    assert stage.order(order.cl_ord_id).ord_status is S.UNCERTAIN, "no answer says nothing"
    assert stage.core.accounts.state(SIM).trading_state is TradingState.REDUCING
    assert any("nobody can tell what became of order" in words for words in words_of(stage))
    lists.hidden.clear()
    lists.cannot_tell = False
    await compared(stage, 2)
    assert stage.order(order.cl_ord_id).ord_status is S.NEW
    await stage.close()


async def test_an_end_that_was_told_once_holds_until_the_executions_of_the_order_have_come(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    lists = Lists(stage)
    lists.hidden.add(order.cl_ord_id)
    lists.cannot_tell = True
    await compared(stage)
    lists.no_executions = True
    lists.cannot_tell, lists.found[order.cl_ord_id] = False, report_of(order, S.CANCELED)
    await stage.run(3)
    assert stage.order(order.cl_ord_id).ord_status is S.UNCERTAIN, "what it filled is not known"
    lists.cannot_tell = True
    await stage.run(6)
    lists.no_executions = False
    await stage.run(3)
    assert stage.order(order.cl_ord_id).ord_status is S.CANCELED
    await stage.close()


async def test_without_client_ids_two_lists_apart_that_lack_an_order_end_it(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    without_client_ids(stage)
    order = await waiting(stage)
    lists = Lists(stage)
    lists.hidden.add(order.cl_ord_id)
    lists.cannot_tell = True
    await compared(stage, 1)
    assert stage.order(order.cl_ord_id).ord_status is S.UNCERTAIN
    await compared(stage, 2)
    assert stage.order(order.cl_ord_id).ord_status is S.NOT_FOUND
    await stage.close()


async def test_an_order_that_came_back_into_the_list_begins_to_be_missing_anew(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    without_client_ids(stage)
    lists = Lists(stage)
    lists.hidden.add(order.cl_ord_id)
    lists.cannot_tell = True
    await compared(stage, 1, 10.5)
    assert stage.order(order.cl_ord_id).ord_status is S.UNCERTAIN
    lists.hidden.clear()
    await compared(stage, 2)
    assert stage.order(order.cl_ord_id).ord_status is S.NEW
    lists.hidden.add(order.cl_ord_id)
    await compared(stage, 1)
    assert stage.order(order.cl_ord_id).ord_status is S.UNCERTAIN, "absent since now, not since long ago"
    await stage.close()


async def test_an_order_that_ends_while_nobody_can_tell_of_it_is_asked_about_no_more(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    lists = Lists(stage)
    lists.hidden.add(order.cl_ord_id)

    async def ended(account_id: Any, cl_ord_id: ClOrdId) -> Any:
        stage.core.order_desk.on_order(report_of(order, S.CANCELED))
        raise BrokerUnreachable("the line broke")

    stage.venue.find_order = ended  # type: ignore[method-assign]
    await compared(stage, 2)
    assert stage.order(order.cl_ord_id).ord_status is S.CANCELED
    await stage.close()


def stored(order: Order, cl_ord_id: str) -> Order:
    """A row that a killed run left: committed, and nobody knows whether it was sent."""
    return replace(order, cl_ord_id=ClOrdId(cl_ord_id), ord_status=S.PENDING_NEW, order_id=None)


async def test_an_intent_that_was_never_sent_is_abandoned_and_one_that_was_sent_is_taken_over(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    unsent, sent = stored(order, "TSP-a"), stored(order, "TSP-b")
    stage.core.blotter.add(unsent)
    stage.core.blotter.add(sent)
    lists = Lists(stage)
    lists.found[sent.cl_ord_id] = report_of(sent, order_id=OrderId("9"))
    await compared(stage, 2)
    assert stage.order(unsent.cl_ord_id).ord_status is S.ABANDONED
    assert stage.order(sent.cl_ord_id).ord_status is S.NEW
    await stage.close()


async def test_an_intent_of_which_nobody_can_tell_counts_as_sent(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    row = stored(await waiting(stage), "TSP-c")
    stage.core.blotter.add(row)
    lists = Lists(stage)
    lists.cannot_tell = True
    await compared(stage, 2)
    assert stage.order(row.cl_ord_id).ord_status is S.UNCERTAIN
    assert row.cl_ord_id not in [one.cl_ord_id for one in stage.venue.placed]
    await stage.close()


async def test_an_execution_that_comes_in_while_lists_are_read_is_not_judged_by_old_positions(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    order = stage.order(stage.venue.placed[0].cl_ord_id)
    first = stage.venue.executions
    told = execution_of(stage, order, 1, "X9", cl_ord_id=None)
    asked: list[int] = []

    async def growing(account_id: Any, since: Any) -> Any:
        asked.append(1)
        return [*await first(account_id, since), *([told] if len(asked) % 2 == 0 else [])]

    stage.venue.executions = growing  # type: ignore[method-assign]
    await compared(stage, 2)
    assert stage.lot().open_qty == 2
    assert stage.core.accounts.state(SIM).trading_state is TradingState.ACTIVE
    stage.venue.executions = first  # type: ignore[method-assign]
    await stage.close()


async def test_a_position_that_moves_every_time_is_never_believed_and_one_that_returns_is_forgotten(
    tmp_path: Path,
) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 4, limit="6328", stop="6316")
    await stage.run(6)
    real = stage.venue.positions
    shown = iter([3, 2, 3, 2, 3, 2, 3, 2])

    async def odd(account_id: Any) -> Any:
        return [replace(one, signed_qty=next(shown, one.signed_qty)) for one in await real(account_id)]

    stage.venue.positions = odd  # type: ignore[method-assign]
    await stage.run(60)
    assert stage.lot().open_qty == 4
    assert stage.core.accounts.state(SIM).trading_state is TradingState.ACTIVE
    await stage.close()


async def test_an_answer_within_five_seconds_of_the_last_counts_as_the_same_one(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 4, limit="6328", stop="6316")
    await stage.run(6)
    real = stage.venue.positions

    async def short(account_id: Any) -> Any:
        return [replace(one, signed_qty=3) for one in await real(account_id)]

    stage.venue.positions = short  # type: ignore[method-assign]
    await stage.run(14)
    assert stage.lot().open_qty == 4, "two answers are not three"
    stage.venue.positions = real  # type: ignore[method-assign]
    await stage.run(30)
    assert stage.lot().open_qty == 4
    await stage.close()


async def test_an_outside_fill_from_before_this_run_is_counted_and_not_told_again(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    old = execution_of(stage, order, 2, "X-old", cl_ord_id=None, at=stage.clock.now().replace(hour=1))
    stage.core.order_desk.on_execution(old)
    assert stage.core.lots.external_qty(SIM, MES) == 2
    assert not [notice for notice in stage.notices if notice.title == "External fill"]
    stage.core.order_desk.on_execution(replace(old, exec_id=ExecId("X-new"), at=stage.clock.now()))
    assert [notice.words for notice in stage.notices if notice.title == "External fill"] == [
        "BUY 2 MESZ6 at 6,326.25 was not ordered here"
    ]
    await stage.close()


async def test_a_reduction_from_outside_takes_lots_by_hand_first_and_stops_where_it_is_used_up(
    tmp_path: Path,
) -> None:
    stage = await open_stage(tmp_path)
    for _ in range(3):
        await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    order = stage.order(stage.venue.placed[0].cl_ord_id)
    out = replace(execution_of(stage, order, 1, "X-out", cl_ord_id=None), side=Side.SELL)
    stage.core.order_desk.on_execution(out)
    await stage.run(1)
    assert [lot.open_qty for lot in stage.core.lots.lots()] == [0, 1, 1]
    assert stage.core.lots.lots()[0].assumed
    assert len(stage.core.blotter.open_orders(SIM, role=OrderRole.STOP)) == 2
    await stage.close()


async def test_an_order_that_may_never_have_arrived_is_asked_about_without_an_alarm(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    row = replace(stored(await waiting(stage), "TSP-d"), ord_status=S.SENT)
    stage.core.blotter.add(row)
    await compared(stage, 2)
    assert stage.order(row.cl_ord_id).ord_status is S.NOT_FOUND
    assert not any("worked and is not in" in words for words in words_of(stage))
    await stage.close()


async def test_many_answers_in_one_moment_count_as_one(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    await stage.run(6)
    core = stage.core
    positions = NetPositions(
        bus=stage.bus, clock=stage.clock, blotter=core.blotter, lots=core.lots, accounts=core.accounts,
        market=core.market,
    )  # fmt: skip
    for _ in range(9):
        positions.compare(SIM, {MES: 1})
    assert positions.has_doubts(SIM)
    assert stage.lot().open_qty == 2
    positions.compare(SIM, {MES: 2})
    assert not positions.has_doubts(SIM)
    await stage.close()
