"""Answers that come late, twice, wrongly or never: to orders, to cancels, to changes, and to questions about them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.trading.stage import SIM, D, Stage, open_stage
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.domain.events import OrderChanged
from tradestream_gui.domain.ids import AccountId, ClOrdId, ExecId, LotId, OrderId
from tradestream_gui.domain.orders import Order, OrderRole, OrdStatus, OrdType, Side
from tradestream_gui.ports.broker import ExecutionReport, LinkState, OrderReport
from tradestream_gui.trading.change_requests import OrderChange
from tradestream_gui.trading.fills import fill_from

S = OrdStatus


def report_of(order: Order, status: OrdStatus = S.NEW, **more: Any) -> OrderReport:
    told = OrderReport(
        order.account_id, order.order_id or OrderId("1"), order.cl_ord_id, order.instrument_id, order.side,
        order.ord_type, order.time_in_force, status, order.order_qty, order.cum_qty, order.limit_price,
        order.stop_price, order.updated_at,
    )  # fmt: skip
    return replace(told, **more)


def execution_of(stage: Stage, order: Order, qty: int, exec_id: str = "X1", **more: Any) -> ExecutionReport:
    told = ExecutionReport(
        SIM, order.order_id or OrderId("1"), order.cl_ord_id, ExecId(exec_id), order.instrument_id, order.side, qty,
        D("6326.25"), D("0.61"), stage.clock.now(),
    )  # fmt: skip
    return replace(told, **more)


async def waiting(stage: Stage, qty: int = 1) -> Order:
    """An entry that works and does not fill."""
    made = await stage.enter(Side.BUY, qty, limit="6320", stop="6310")
    return stage.order(made.cl_ord_id)


def slowly(stage: Stage, after_s: float, error: Exception) -> Callable[..., Awaitable[None]]:
    """A request whose answer takes its time and is bad news."""

    async def request(*_: object, **__: object) -> None:
        await stage.clock.sleep(after_s)
        raise error

    return request


async def test_an_order_that_was_given_up_while_it_was_being_stored_is_not_sent(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = replace(await waiting(stage), cl_ord_id=ClOrdId("TSP-late-1"), ord_status=S.PENDING_NEW, order_id=None)
    stage.core.order_desk.reserve(order)
    stage.tasks.spawn(stage.core.order_desk.send(order), "send")
    stage.core.blotter.put(order.moved_to(S.ABANDONED, stage.clock.now(), "found at the start, never sent"))
    await stage.run(1)
    assert stage.order(order.cl_ord_id).ord_status is S.ABANDONED
    assert order.cl_ord_id not in [placed.cl_ord_id for placed in stage.venue.placed]
    await stage.close()


async def test_an_account_that_stopped_while_an_entry_was_being_stored_sends_none(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = replace(await waiting(stage), cl_ord_id=ClOrdId("TSP-late-2"), ord_status=S.PENDING_NEW, order_id=None)
    stage.core.order_desk.reserve(order)
    stage.tasks.spawn(stage.core.order_desk.send(order), "send")
    stage.core.accounts.set_state(SIM, TradingState.HALTED, "the clock is wrong")
    await stage.run(1)
    found = stage.order(order.cl_ord_id)
    assert (found.ord_status, found.reason) == (
        S.ABANDONED, "the account became HALTED before it was sent: the clock is wrong",
    )  # fmt: skip
    await stage.close()


async def test_a_stored_order_that_contradicts_itself_halts_the_account(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    stage.core.blotter.put(replace(order, ord_status=S.PARTIALLY_FILLED))
    stage.core.order_desk.on_order(report_of(order))
    state = stage.core.accounts.state(SIM)
    assert state.trading_state is TradingState.HALTED
    assert "PARTIALLY_FILLED to NEW" in state.reason
    await stage.close()


async def test_reports_of_orders_that_nobody_sent_from_here_change_nothing(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    before = list(stage.core.blotter.orders())
    stage.core.order_desk.on_order(report_of(order, cl_ord_id=None))
    stage.core.order_desk.on_order(report_of(order, S.PENDING_CANCEL))
    assert list(stage.core.blotter.orders()) == before
    await stage.close()


async def test_each_request_without_an_answer_is_doubted_when_its_own_time_is_over(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    orders = [await waiting(stage), await waiting(stage)]
    timeout_s = float(stage.settings.current.execution.answer_timeout_s)
    doubted: dict[ClOrdId, float] = {}

    async def swallowed(*_: object) -> None:
        """The request is written, and nobody ever answers."""

    def note(fact: OrderChanged) -> None:
        if fact.order.ord_status is S.UNCERTAIN:
            doubted.setdefault(fact.order.cl_ord_id, stage.clock.monotonic())

    stage.venue.cancel = swallowed  # type: ignore[method-assign]
    stage.bus.subscribe(OrderChanged, note)
    asked: list[float] = []
    for order in orders:
        asked.append(stage.clock.monotonic())
        stage.core.order_desk.request_cancel(order, "by hand")
        await stage.run(timeout_s / 3)
    assert not doubted
    await stage.run(timeout_s)
    waited = [doubted[order.cl_ord_id] - at_s for order, at_s in zip(orders, asked, strict=True)]
    assert waited == pytest.approx([timeout_s, timeout_s], abs=0.01)
    await stage.close()


async def test_a_cancel_that_is_lost_after_its_order_ended_leaves_the_order_ended(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    stage.venue.cancel = slowly(stage, 2, BrokerUnreachable("reset"))  # type: ignore[method-assign]
    stage.core.order_desk.request_cancel(order, "by hand")
    stage.core.order_desk.on_order(report_of(order, S.CANCELED))
    await stage.run(5)
    assert stage.order(order.cl_ord_id).ord_status is S.CANCELED
    await stage.close()


async def test_a_cancel_that_is_lost_after_it_was_refused_leaves_the_order_working(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    stage.venue.cancel = slowly(stage, 1, BrokerUnreachable("reset"))  # type: ignore[method-assign]
    stage.core.order_desk.request_cancel(order, "by hand")
    stage.core.order_desk.on_order(report_of(order, text="too late to cancel"))
    await stage.run(1.5)
    assert stage.order(order.cl_ord_id).ord_status is S.NEW
    await stage.close()


async def test_a_refused_change_after_the_order_ended_changes_nothing(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    stage.venue.replace = slowly(stage, 1, BrokerRejected("cannot be changed"))  # type: ignore[method-assign]
    assert stage.core.order_desk.request_replace(order, OrderChange(1, D(6319), None, OrdType.LIMIT))
    stage.core.order_desk.on_order(report_of(order, S.CANCELED))
    await stage.run(3)
    assert stage.order(order.cl_ord_id).ord_status is S.CANCELED
    await stage.close()


async def test_a_change_stays_under_way_until_a_report_carries_it(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage, 3)

    async def swallow(*_: object, **__: object) -> None:
        """The request has gone out; its answer is the test's to give."""

    stage.venue.replace = swallow  # type: ignore[method-assign]
    change = OrderChange(2, D(6319), None, OrdType.LIMIT)
    assert stage.core.order_desk.request_replace(order, change)
    assert not stage.core.order_desk.request_replace(order, change), "one request at a time"
    stage.core.order_desk.on_order(report_of(order))
    assert stage.order(order.cl_ord_id).ord_status is S.PENDING_REPLACE
    stage.core.order_desk.on_order(report_of(order, order_qty=2, limit_price=D(6319)))
    changed = stage.order(order.cl_ord_id)
    assert (changed.ord_status, changed.order_qty, changed.limit_price) == (S.NEW, 2, D(6319))
    await stage.close()


async def test_a_change_that_gets_no_answer_is_asked_about_and_never_repeated(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    asked: list[OrderChange] = []

    async def swallow(*_: object, **terms: Any) -> None:
        asked.append(terms["limit_price"])

    stage.venue.replace = swallow  # type: ignore[method-assign]
    stage.core.order_desk.request_replace(order, OrderChange(1, D(6319), None, OrdType.LIMIT))
    await stage.run(30)
    found = stage.order(order.cl_ord_id)
    assert (found.ord_status, found.limit_price) == (S.NEW, D(6320)), "the broker's own list says so"
    assert len(asked) == 1
    await stage.close()


async def test_an_uncertain_order_whose_cancel_is_wanted_is_cancelled_once_it_is_found(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)

    async def arrive(order: Order) -> None:
        await stage.clock.sleep(3)
        await stage.venue.paper.place(order)

    async def place(order: Order) -> None:
        stage.tasks.spawn(arrive(order), "the request is on its way")
        raise BrokerUnreachable("the connection was reset")

    stage.venue.place = place  # type: ignore[method-assign]
    made = await stage.enter(Side.BUY, 1, limit="6320", stop="6310")
    assert stage.order(made.cl_ord_id).ord_status is S.UNCERTAIN
    assert stage.core.order_desk.request_cancel(stage.order(made.cl_ord_id), "by hand")
    assert not stage.core.order_desk.request_cancel(stage.order(made.cl_ord_id), "again, at once")
    await stage.run(15)
    assert stage.order(made.cl_ord_id).ord_status is S.CANCELED
    assert not await stage.venue.open_orders(SIM)
    await stage.close()


async def test_a_cancel_that_overtook_its_order_is_asked_again_as_soon_as_the_broker_has_it(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    place, cancel, arrived = stage.venue.place, stage.venue.cancel, list[ClOrdId]()

    async def arrive(order: Order) -> None:
        await stage.clock.sleep(2)
        arrived.append(order.cl_ord_id)
        await place(order)

    async def send(order: Order) -> None:
        stage.tasks.spawn(arrive(order), "the request is on its way")

    async def of_nothing_there(account_id: AccountId, cl_ord_id: ClOrdId) -> None:
        if cl_ord_id in arrived:
            await cancel(account_id, cl_ord_id)

    stage.venue.place = send  # type: ignore[method-assign]
    stage.venue.cancel = of_nothing_there  # type: ignore[method-assign]
    made = await waiting(stage)
    assert (made.ord_status, arrived) == (S.SENT, [])
    stage.core.order_desk.request_cancel(made, "by hand")
    await stage.run(2.5)
    assert stage.order(made.cl_ord_id).ord_status is S.CANCELED
    assert not await stage.venue.open_orders(SIM)
    await stage.close()


async def test_a_fill_that_a_larger_size_under_way_explains_does_not_end_the_order(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage, 1)

    async def swallow(*_: object, **__: object) -> None:
        """The broker has taken the larger size and has not said so yet."""

    stage.venue.replace = swallow  # type: ignore[method-assign]
    stage.core.order_desk.request_replace(order, OrderChange(3, order.limit_price, None, OrdType.LIMIT))
    stage.core.order_desk.on_execution(execution_of(stage, order, 2))
    found = stage.order(order.cl_ord_id)
    assert (found.order_qty, found.cum_qty, found.leaves_qty) == (3, 2, 1)
    assert stage.core.accounts.state(SIM).trading_state is TradingState.ACTIVE
    await stage.run(1)
    await stage.close()


async def test_an_execution_told_twice_is_booked_once(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage, 3)
    told = execution_of(stage, order, 1)
    stage.core.order_desk.on_execution(told)
    stage.core.order_desk.on_execution(told)
    outside = execution_of(stage, order, 1, "X2", cl_ord_id=None)
    stage.core.order_desk.on_execution(outside)
    stage.core.order_desk.on_execution(outside)
    assert stage.order(order.cl_ord_id).cum_qty == 1
    assert stage.lot().open_qty == 1
    assert stage.core.lots.external_qty(SIM, order.instrument_id) == 1
    await stage.close()


async def test_a_fill_of_an_order_that_the_blotter_lost_is_booked_nowhere(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    fill = fill_from(execution_of(stage, order, 1), ClOrdId("TSP-unknown"), LotId("L"))
    assert stage.core.blotter.book(fill) is None
    assert stage.core.blotter.book(fill) is None
    assert stage.core.blotter.is_booked(SIM, fill.exec_id)
    await stage.close()


async def test_executions_that_cannot_be_fetched_are_asked_for_again(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    stop = stage.exits(OrderRole.STOP)[0]
    stage.venue.is_deaf = True
    stage.core.order_desk.on_order(report_of(stop, S.PARTIALLY_FILLED, cum_qty=1))
    assert stage.core.order_desk.is_in_doubt(stop.lot_id)
    await stage.run(3)
    assert stage.core.order_desk.is_in_doubt(stop.lot_id), "exits stay as they are meanwhile"
    await stage.run(15)
    assert not stage.core.order_desk.is_in_doubt(stop.lot_id), "but not for ever"
    stage.venue.is_deaf = False
    await stage.run(5)
    assert stage.lot().open_qty == 2 == await stage.position()
    await stage.close()


async def test_a_linked_target_that_became_smaller_tells_of_fills_that_are_asked_for(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 4, limit="6328", stop="6316", targets=(("6333", "0.5"), ("6338", "0.5")))
    target = stage.exits(OrderRole.TARGET)[0]
    stage.core.order_desk.on_order(report_of(target, order_qty=target.order_qty - 1))
    assert stage.core.order_desk.is_in_doubt(target.lot_id)
    await stage.run(5)
    assert not stage.core.order_desk.is_in_doubt(target.lot_id)
    assert stage.lot().open_qty == 4 == await stage.position()
    await stage.close()


async def test_a_fill_that_was_told_and_never_came_opens_no_lot(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    stage.core.order_desk.on_order(report_of(order, S.PARTIALLY_FILLED, cum_qty=1))
    await stage.run(15)
    assert stage.core.lots.lots() == ()
    assert await stage.position() == 0
    await stage.close()


@pytest.mark.parametrize("held_account", [SIM, AccountId("other")])
async def test_a_link_that_broke_stops_only_the_accounts_of_its_broker(
    tmp_path: Path, held_account: AccountId
) -> None:
    stage = await open_stage(tmp_path)
    name = stage.venue.name if held_account == SIM else "another"
    stage.core.order_desk.on_link(name, LinkState.AUTH_FAILED, "the password has changed")
    state = stage.core.accounts.state(SIM).trading_state
    assert (state is TradingState.RECONCILING) is (held_account == SIM)
    stage.core.order_desk.on_link(name, LinkState.CONNECTING, "")
    assert stage.core.accounts.state(SIM).trading_state is state
    await stage.close()


SECRET = "Hq7-very-private-11"


async def test_what_a_broker_says_is_masked_before_anybody_keeps_or_shows_it(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.redactor.learn([SECRET])
    desk, words = stage.core.order_desk, f"refused for {SECRET}, Authorization: Bearer abc.def-123"
    masked = "refused for [secret], Authorization: Bearer [secret]"
    order, other = await waiting(stage), await waiting(stage)
    stage.venue.cancel = slowly(stage, 0, BrokerRejected(words))  # type: ignore[method-assign]
    desk.request_cancel(order, "by hand")
    await stage.run(1)
    assert stage.order(order.cl_ord_id).reason == masked
    desk.on_order(report_of(order, text=f"{words} again"))
    assert stage.order(order.cl_ord_id).reason == f"{masked} again"
    stage.venue.cancel = slowly(stage, 0, BrokerUnreachable(words))  # type: ignore[method-assign]
    desk.request_cancel(other, "by hand")
    await stage.run(0)
    assert stage.order(other.cl_ord_id).reason == f"{masked}: asking the broker"
    desk.on_order(report_of(order, S.REJECTED, text=words))
    assert stage.order(order.cl_ord_id).reason == masked
    desk.on_link(stage.venue.name, LinkState.DOWN, words)
    assert stage.core.accounts.state(SIM).reason == f"the link to {broker_name(stage.venue.name)} is down: {masked}"
    desk.on_barred(SIM, words)
    assert stage.core.accounts.state(SIM).reason == masked
    await stage.close()
    kept = _kept_in(tmp_path)
    assert b"refused for" in kept
    assert SECRET.encode() not in kept


def _kept_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("paper.db*"))
