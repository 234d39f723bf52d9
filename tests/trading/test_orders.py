"""Orders: stored before they are sent, sent once, asked about when in doubt, and booked in whatever state."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.trading.stage import MES, SIM, D, open_stage
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.events import OrderChanged
from tradestream_gui.domain.orders import OrderRole, OrdStatus, Side
from tradestream_gui.ports.broker import ExecutionReport
from tradestream_gui.trading.intent_store import store_intent


async def test_every_intent_is_durable_before_its_order_is_sent_and_is_sent_once(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    for _ in range(3):
        await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    await stage.run(5)
    sent = [order.cl_ord_id for order in stage.venue.placed]
    assert len(sent) == len(set(sent)) == 6
    assert stage.venue.stored_before == [True] * 6
    await stage.close()


async def test_an_order_is_at_its_broker_before_anybody_hears_that_it_was_sent(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    placed_when_told: list[int] = []

    def listen(fact: OrderChanged) -> None:
        if fact.order.ord_status is OrdStatus.SENT:
            placed_when_told.append(len(stage.venue.placed))

    stage.core.bus.subscribe(OrderChanged, listen)
    entry = await stage.enter(Side.BUY, 1, limit="6320", stop="6310")
    await stage.run(1)
    assert placed_when_told[0] == 1
    assert stage.order(entry.cl_ord_id).ord_status is OrdStatus.NEW
    await stage.close()


async def test_an_alerts_entry_waits_for_one_transaction_and_that_holds_all_of_it(tmp_path: Path) -> None:
    """Message, decision, order and the plan of its exits: none of them in a transaction that the order stood behind."""
    stage = await open_stage(tmp_path)
    before = _transactions(tmp_path / "paper.db")
    await stage.say("ES long 6326: A\nStop: 6316")
    first = _transactions(tmp_path / "paper.db")[len(before)]
    assert {"messages", "decisions", "order_events", "exit_plan_events"} <= set(first)
    assert first.count("exit_plan_events") == 1
    assert len(stage.venue.sent(OrderRole.ENTRY)) == 1
    await stage.close()


async def test_an_intent_that_is_given_up_while_its_mark_is_written_ends_with_it(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 1, limit="6320", stop="6310")
    never = asyncio.Event()
    intent = [stage.order(order.cl_ord_id)]
    storing = asyncio.create_task(store_intent(stage.journal, intent, never.wait))  # type: ignore[arg-type]  # a mark that nobody writes
    await asyncio.sleep(0)
    storing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await storing
    await stage.close()


async def test_an_intent_whose_mark_the_disk_refuses_is_no_intent(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 1, limit="6320", stop="6310")

    async def refused() -> None:
        raise StoreFailed("the watermark could not be written")

    with pytest.raises(StoreFailed, match="watermark"):
        await store_intent(stage.journal, [stage.order(order.cl_ord_id)], refused)
    await stage.close()


def _transactions(database: Path) -> list[list[str]]:
    """The tables to which each transaction has appended, in the order of the chain."""
    with closing(sqlite3.connect(database)) as opened:
        rows = opened.execute("SELECT facts FROM audit WHERE kind = 'facts' ORDER BY seq").fetchall()
    return [[table for table, _, _ in json.loads(facts)] for (facts,) in rows]


async def test_an_order_whose_answer_was_lost_is_found_by_its_id_and_never_sent_again(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.venue.lose_after[OrderRole.ENTRY] = 1
    order = await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    await stage.run(20)
    assert stage.order(order.cl_ord_id).ord_status is OrdStatus.FILLED
    assert len(stage.venue.sent(OrderRole.ENTRY)) == 1
    assert stage.lot().open_qty == 2 == await stage.position()
    await stage.close()


async def test_an_order_that_never_arrived_is_not_found_after_two_answers_and_never_sent_again(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.venue.lose_before[OrderRole.ENTRY] = 1
    order = await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    await stage.run(3)
    assert stage.order(order.cl_ord_id).ord_status is OrdStatus.UNCERTAIN
    await stage.run(10)
    assert stage.order(order.cl_ord_id).ord_status is OrdStatus.NOT_FOUND
    assert len(stage.venue.placed) == 1
    assert await stage.position() == 0
    await stage.close()


async def test_while_the_line_is_dead_an_uncertain_order_stays_uncertain_and_is_settled_afterwards(
    tmp_path: Path,
) -> None:
    stage = await open_stage(tmp_path)
    stage.venue.lose_before[OrderRole.ENTRY] = 1
    stage.venue.is_deaf = True
    order = await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    await stage.run(60)
    assert stage.order(order.cl_ord_id).ord_status is OrdStatus.UNCERTAIN
    stage.venue.is_deaf = False
    await stage.run(60)
    assert stage.order(order.cl_ord_id).ord_status is OrdStatus.NOT_FOUND
    assert len(stage.venue.placed) == 1
    await stage.close()


async def test_a_reject_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.venue.refuse[OrderRole.ENTRY] = 1
    order = await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    assert stage.order(order.cl_ord_id).ord_status is OrdStatus.REJECTED
    assert "refused today" in stage.order(order.cl_ord_id).reason
    assert not stage.core.lots.lots()
    await stage.close()


@pytest.mark.parametrize("qty", [1, 3])
async def test_a_late_fill_is_booked_protected_and_stops_entries(tmp_path: Path, qty: int) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 3, limit="6320", stop="6310")
    stage.core.order_desk.request_cancel(order, "by hand")
    await stage.run(1)
    canceled = stage.order(order.cl_ord_id)
    assert canceled.ord_status is OrdStatus.CANCELED
    assert canceled.order_id is not None
    report = ExecutionReport(
        SIM, canceled.order_id, order.cl_ord_id, "late-1", MES, Side.BUY, qty, D("6320"), D("1"), stage.clock.now()
    )
    stage.core.order_desk.on_execution(report)
    stage.core.order_desk.on_execution(report)
    await stage.run(0.5)
    assert stage.lot().open_qty == qty
    assert stage.core.accounts.state(SIM).trading_state is TradingState.REDUCING
    assert sum(stop.order_qty for stop in stage.venue.sent(OrderRole.STOP)) == qty
    await stage.close()


async def test_a_fill_beyond_the_quantity_is_booked_and_halts_the_account(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    filled = stage.order(order.cl_ord_id)
    assert filled.order_id is not None
    stage.core.order_desk.on_execution(
        ExecutionReport(
            SIM, filled.order_id, order.cl_ord_id, "extra", MES, Side.BUY, 1, D("6326"), D("1"), stage.clock.now()
        )
    )
    assert stage.lot().open_qty == 2
    assert stage.core.accounts.state(SIM).trading_state is TradingState.HALTED
    await stage.close()


async def test_a_cancel_that_meets_a_fill_books_the_fill(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 1, limit="6320", stop="6310")
    stage.core.order_desk.request_cancel(order, "by hand")
    assert stage.feed.sink is not None
    await stage.quote("6318.00", "6318.25", last="6318")
    await stage.run(3)
    final = stage.order(order.cl_ord_id)
    assert final.ord_status in (OrdStatus.FILLED, OrdStatus.CANCELED)
    assert await stage.position() == final.cum_qty == sum(lot.open_qty for lot in stage.core.lots.lots())
    await stage.close()


async def test_an_order_pulled_while_it_is_being_stored_is_never_sent(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    pulled: list[bool] = []

    def pull(fact: OrderChanged) -> None:
        if fact.order.ord_status is OrdStatus.PENDING_NEW and fact.order.role is OrderRole.ENTRY:
            pulled.append(stage.core.order_desk.request_cancel(fact.order, "changed my mind"))

    stage.bus.subscribe(OrderChanged, pull)
    order = await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    assert pulled == [True]
    assert stage.order(order.cl_ord_id).ord_status is OrdStatus.ABANDONED
    assert not stage.venue.placed
    await stage.close()


async def test_an_unfilled_entry_ends_after_its_time_also_when_a_restart_lies_between(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await stage.enter(Side.BUY, 1, limit="6320", stop="6310", expire_after_s=60.0)
    await stage.run(20)
    later = await stage.killed(after_s=5)
    assert later.order(order.cl_ord_id).ord_status is OrdStatus.NEW
    await later.run(40)
    assert later.order(order.cl_ord_id).ord_status in (OrdStatus.CANCELED, OrdStatus.EXPIRED)
    assert not later.core.blotter.open_orders()
    await later.close()


async def test_a_full_disk_sends_no_entry_loses_nothing_and_still_protects(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    await stage.fill_disk()
    sent = len(stage.venue.placed)
    denied = []
    for _ in range(6):
        order = await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
        denied.append(stage.order(order.cl_ord_id).ord_status)
        await stage.run(1)
    assert OrdStatus.DENIED in denied
    assert stage.core.accounts.state(SIM).trading_state is TradingState.HALTED
    halted_after = len([order for order in stage.venue.placed[sent:] if order.role is OrderRole.ENTRY])
    assert halted_after == len([status for status in denied if status is not OrdStatus.DENIED])
    stage.core.kill.flatten("by hand", (SIM,))
    await stage.run(10)
    assert await stage.position() == 0
    await stage.free_disk()
    await stage.run(1)
    shown = {order.cl_ord_id: order.ord_status for order in stage.core.blotter.orders()}
    later = await stage.killed()
    assert {order.cl_ord_id: order.ord_status for order in later.core.blotter.orders()} == shown
    assert all(lot.is_flat for lot in later.core.lots.lots())
    await later.close()


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("where", ["limit", "stop"])
async def test_a_price_that_is_no_number_is_denied_and_halts_nothing(tmp_path: Path, text: str, where: str) -> None:
    stage = await open_stage(tmp_path)
    prices = {"limit": "6328", "stop": "6316"} | {where: text}
    order = await stage.enter(Side.BUY, 1, **prices)
    assert stage.order(order.cl_ord_id).ord_status is OrdStatus.DENIED
    assert stage.core.accounts.state(SIM).trading_state is TradingState.ACTIVE
    await stage.close()
