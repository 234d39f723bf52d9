"""The alert desk on the real core: each message gets one decision and at most one entry, ever."""

from pathlib import Path

import pytest

from tests.trading.stage import MES, D, Stage, open_stage
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.domain.orders import OrderRole, OrdStatus

LONG = "ES long 6326: A\nStop: 6316"


def entries(stage: Stage) -> int:
    return len(stage.venue.sent(OrderRole.ENTRY))


async def test_the_headline_alert_ends_in_an_order_under_the_first_settings(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, limits={})
    decision = await stage.say(LONG)
    assert decision is not None
    assert decision.outcome is Outcome.TRADED, decision.words
    order = stage.venue.sent(OrderRole.ENTRY)[0]
    assert (order.instrument_id, order.order_qty, order.limit_price) == (MES, 3, D("6328.50"))
    assert stage.lot().open_qty == 3
    assert [stop.stop_price for stop in stage.exits(OrderRole.STOP)] == [D("6316")]
    assert {target.limit_price for target in stage.exits(OrderRole.TARGET)} == {D("6333"), D("6338")}
    await stage.close()


async def test_the_same_message_again_and_its_copy_elsewhere_open_nothing_more(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(LONG, message_id="a", order_no=1)
    await stage.say(LONG, message_id="a", order_no=1)
    copy = await stage.say(LONG, channel="vip", message_id="b")
    assert entries(stage) == 1
    assert copy is not None
    assert (copy.outcome, copy.code) == (Outcome.REFUSED, "DUPLICATE_SIGNAL")
    await stage.close()


async def test_edits_of_a_traded_message_never_open_again_however_often_they_come(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(LONG, message_id="a", order_no=1)
    for stop in ("6315", "6314", "6313"):
        await stage.say(f"ES long 6326: A\nStop: {stop}", message_id="a", order_no=1)
    key = MessageKey("test:futures:a")
    await stage.core.alerts.approve(key)
    await stage.run(2)
    assert entries(stage) == 1
    await stage.close()


@pytest.mark.parametrize("source", ["test", "hook"])
async def test_an_edit_that_comes_by_another_road_is_an_edit_all_the_same(tmp_path: Path, source: str) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(LONG, message_id="a", arrival=Arrival.WEBHOOK, source=source)
    await stage.say("ES long 6326: A\nStop: 6315", message_id="a", arrival=Arrival.WEBHOOK, source=source)
    assert entries(stage) == 1
    await stage.close()


async def test_an_edit_of_a_missed_message_is_held(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    missed = await stage.say(LONG, message_id="a", age_s=3600, order_no=1)
    assert missed is not None
    assert (missed.outcome, missed.code) == (Outcome.MISSED, "ALERT_TOO_OLD")
    edited = await stage.say("ES long 6326: A\nStop: 6315", message_id="a", age_s=3600, order_no=1)
    assert edited is not None
    assert edited.outcome is Outcome.HELD
    assert entries(stage) == 0
    await stage.close()


@pytest.mark.parametrize("age_s", [30.5, 60, 86_400, 86_401, 172_799, 400 * 86_400])
async def test_age_counts_whole_days_too(tmp_path: Path, age_s: float) -> None:
    stage = await open_stage(tmp_path)
    decision = await stage.say(LONG, age_s=age_s)
    assert decision is not None
    assert decision.code == "ALERT_TOO_OLD"
    assert entries(stage) == 0
    await stage.close()


async def test_history_the_future_and_strangers_open_nothing(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    past = await stage.say(LONG, arrival=Arrival.BACKFILL)
    future = await stage.say(LONG, age_s=-10)
    stranger = await stage.say(LONG, author="jm-official")
    found = [(one.outcome, one.code) for one in (past, future, stranger) if one is not None]
    assert found == [
        (Outcome.MISSED, "BACKFILL"),
        (Outcome.REFUSED, "ALERT_FROM_FUTURE"),
        (Outcome.IGNORED, "UNKNOWN_AUTHOR"),
    ]
    assert entries(stage) == 0
    await stage.close()


async def test_a_late_exit_is_carried_out_because_it_only_reduces(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(LONG)
    await stage.run(90)
    decision = await stage.say("all out ES", age_s=75)
    await stage.run(2)
    assert decision is not None
    assert decision.outcome is Outcome.DONE
    assert stage.lot().is_flat
    await stage.close()


async def test_ask_waits_for_a_person_runs_out_and_is_judged_again_when_approved(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    asked = await stage.say(LONG, author="ann", message_id="a")
    assert asked is not None
    assert asked.outcome is Outcome.AWAITING
    await stage.run(95)
    assert await stage.core.alerts.approve(MessageKey("test:futures:a")) is None
    await stage.quote("6326.00", "6326.25")
    await stage.say("ES long 6326.25: A\nStop: 6316", author="ann", message_id="b")
    await stage.quote("6332.00", "6332.25")
    stage.tasks.spawn(_approve(stage, "test:futures:b"), "approve")
    await stage.run(1)
    decision = stage.core.alerts.decision(MessageKey("test:futures:b"))
    assert decision is not None
    assert (decision.outcome, decision.code) == (Outcome.REFUSED, "PRICE_DRIFT")
    assert entries(stage) == 0
    await stage.close()


async def _approve(stage: Stage, key: str) -> None:
    await stage.core.alerts.approve(MessageKey(key))


async def test_a_watched_analyst_is_only_watched(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    decision = await stage.say(LONG, author="wes")
    assert decision is not None
    assert decision.outcome is Outcome.WATCHED
    assert entries(stage) == 0
    await stage.close()


async def test_a_deleted_message_takes_its_unfilled_entry_back(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.quote("6327.75", "6328.75")
    await stage.say("ES long 6326: A\nStop: 6316", message_id="a", order_no=1)
    if not stage.core.blotter.open_orders(role=OrderRole.ENTRY):
        await stage.quote("6326.00", "6326.25")
    await stage.say("", message_id="a", order_no=1, deleted=True)
    await stage.run(2)
    assert all(order.is_terminal for order in stage.core.blotter.orders() if order.role is OrderRole.ENTRY)
    assert await stage.position() == 0
    await stage.close()


async def test_the_watermark_outlives_the_database(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(LONG, message_id="a", order_no=7)
    await stage.close()
    _lose_databases(tmp_path)
    later = await open_stage(tmp_path)
    decision = await later.say(LONG, message_id="a", order_no=7)
    assert decision is not None
    assert (decision.outcome, decision.code) == (Outcome.MISSED, "WATERMARK")
    assert entries(later) == 0
    await later.close()


def _lose_databases(folder: Path) -> None:
    for file in folder.glob("*.db*"):
        file.unlink()


async def test_an_exit_that_replies_to_a_closed_trade_never_closes_another(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(LONG, message_id="es")
    await stage.say("all out ES")
    await stage.run(2)
    nq = stage.core.reference.resolve("MNQ", stage.clock.now())
    assert nq is not None
    await stage.core.subscriptions.subscribe(nq)
    await stage.quote("22940.00", "22940.50", of=nq.instrument_id)
    await stage.say("NQ long 22940: A\nStop: 22900")
    assert [lot.instrument_id for lot in stage.core.lots.open_lots()] == [nq.instrument_id]
    decision = await stage.say("all out", reply_to="es")
    await stage.run(2)
    assert decision is not None
    assert (decision.outcome, decision.code) == (Outcome.DONE, "ALREADY_FLAT")
    assert len(stage.core.lots.open_lots()) == 1
    await stage.close()


async def test_a_card_that_waited_when_the_program_ended_has_run_out(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(LONG, author="ann", message_id="a")
    later = await stage.killed(after_s=5)
    decision = later.core.alerts.decision(MessageKey("test:futures:a"))
    assert decision is not None
    assert (decision.outcome, decision.code) == (Outcome.SKIPPED, "EXPIRED")
    assert not [order for order in later.core.blotter.orders() if order.ord_status is not OrdStatus.DENIED]
    await later.close()
