"""An analyst's words about a position move that position and no other: through the real core and the paper broker."""

from functools import partial
from pathlib import Path

from tests.trading.stage import MES, D, Stage, open_stage
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.ids import InstrumentId, MessageKey
from tradestream_gui.domain.orders import OrderRole
from tradestream_gui.domain.quotes import DataKind, Quote

ES_LONG = "ES long 6326: A\nStop: 6316"
NQ_LONG = "NQ long 22940: A\nStop: 22900"


async def with_es_and_nq(folder: Path) -> tuple[Stage, InstrumentId]:
    """A stage on which one analyst holds MES from message `es` and MNQ from message `nq`."""
    stage = await open_stage(folder)
    await stage.say(ES_LONG, message_id="es")
    nq = await nasdaq(stage)
    await stage.say(NQ_LONG, message_id="nq")
    assert open_qty(stage) == {MES: 3, nq: 3}
    return stage, nq


async def nasdaq(stage: Stage) -> InstrumentId:
    """The micro Nasdaq with a price."""
    instrument = stage.core.reference.resolve("MNQ", stage.clock.now())
    assert instrument is not None
    await stage.core.subscriptions.subscribe(instrument)
    await stage.quote("22940.00", "22940.50", of=instrument.instrument_id)
    return instrument.instrument_id


def open_qty(stage: Stage) -> dict[InstrumentId, int]:
    return {lot.instrument_id: lot.open_qty for lot in stage.core.lots.open_lots()}


async def said(stage: Stage, text: str, **more: object) -> tuple[Outcome, str]:
    decision = await stage.say(text, **more)  # type: ignore[arg-type]  # the stage's own keywords
    await stage.run(2)
    assert isinstance(decision, Decision)
    return decision.outcome, decision.code


async def test_words_without_a_name_are_held_when_two_positions_are_open_and_the_name_settles_it(
    tmp_path: Path,
) -> None:
    stage, nq = await with_es_and_nq(tmp_path)
    assert await said(stage, "out here") == (Outcome.HELD, "WHICH_POSITION")
    assert await said(stage, "trim half here") == (Outcome.HELD, "WHICH_POSITION")
    assert open_qty(stage) == {MES: 3, nq: 3}
    assert await said(stage, "out of ES") == (Outcome.DONE, "")
    assert open_qty(stage) == {nq: 3}
    assert await said(stage, "out here") == (Outcome.DONE, "")
    assert open_qty(stage) == {}
    await stage.close()


async def test_a_reply_means_the_position_of_its_message_also_through_another_reply(tmp_path: Path) -> None:
    stage, nq = await with_es_and_nq(tmp_path)
    await stage.say("looking good here", message_id="between", reply_to="es")
    assert await said(stage, "trim 1/3", reply_to="between") == (Outcome.DONE, "")
    assert open_qty(stage) == {MES: 2, nq: 3}
    decision = stage.core.alerts.decision(stage.core.alerts.messages()[-1].message_key)
    assert decision is not None
    assert ("position", "reply") in decision.layers
    await stage.close()


async def test_a_reply_that_names_another_contract_is_held(tmp_path: Path) -> None:
    stage, nq = await with_es_and_nq(tmp_path)
    assert await said(stage, "all out NQ", reply_to="es") == (Outcome.HELD, "REPLY_DIFFERS")
    assert open_qty(stage) == {MES: 3, nq: 3}
    await stage.close()


async def test_an_exit_never_reaches_the_same_authors_position_of_another_channel(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG)
    assert await said(stage, "all out ES", channel="vip") == (Outcome.HELD, "NO_POSITION")
    assert await said(stage, "closed everything, all out", channel="vip") == (Outcome.HELD, "NO_POSITION")
    assert open_qty(stage) == {MES: 3}
    await stage.close()


async def test_out_may_mean_the_call_that_was_not_taken_so_it_is_held(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await nasdaq(stage)
    await stage.say(ES_LONG)
    assert await said(stage, "NQ long 25000: A\nStop: 24950") == (Outcome.HELD, "PRICE_IMPLAUSIBLE")
    assert await said(stage, "out here") == (Outcome.HELD, "WHICH_POSITION")
    assert await said(stage, "out of NQ") == (Outcome.DONE, "CALLED_OFF")
    assert await said(stage, "out here") == (Outcome.DONE, "")
    assert open_qty(stage) == {}
    await stage.close()


async def test_all_out_is_every_position_of_this_author_here_and_nobody_elses(tmp_path: Path) -> None:
    stage, nq = await with_es_and_nq(tmp_path)
    await said(stage, "MES long 6326.25: C\nStop: 6318", author="ann", message_id="anns")
    stage.tasks.spawn(_approve(stage, "test:futures:anns"), "approve")
    await stage.run(2)
    assert open_qty(stage) == {MES: 1, nq: 3}
    assert sorted(lot.open_qty for lot in stage.core.lots.open_lots()) == [1, 3, 3]
    assert await said(stage, "ALL OUT \U0001f6a8") == (Outcome.DONE, "")
    assert [(lot.origin.analyst_name, lot.open_qty) for lot in stage.core.lots.open_lots()] == [("Ann", 1)]
    await stage.close()


async def test_the_authors_stop_out_sells_nothing_while_our_own_stop_stands_apart(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG)
    assert await said(stage, "stopped out ES", message_id="out") == (Outcome.HELD, "STOP_NOT_HIT")
    assert open_qty(stage) == {MES: 3}
    stage.tasks.spawn(_approve(stage, "test:futures:out"), "approve")
    await stage.run(2)
    assert open_qty(stage) == {}
    await stage.say("re-entry ES long 6326: A\nStop: 6316", channel="futures")
    await stage.quote("6317.50", "6317.75")
    assert await said(stage, "ES stopped") == (Outcome.DONE, "")
    assert open_qty(stage) == {}
    await stage.close()


async def test_a_trim_that_our_plan_has_filled_sells_nothing_and_is_done(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG)
    await stage.quote("6333.50", "6333.75")
    await stage.run(2)
    assert open_qty(stage) == {MES: 1}
    assert await said(stage, "trim half ES") == (Outcome.DONE, "ALREADY_DONE")
    assert open_qty(stage) == {MES: 1}
    await stage.close()


async def test_an_exit_of_what_our_plan_has_closed_already_is_done_not_held(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG)
    for bid, ask in (("6333.50", "6333.75"), ("6338.50", "6338.75")):
        await stage.quote(bid, ask)
        await stage.run(2)
    assert open_qty(stage) == {}
    assert await said(stage, "all out ES") == (Outcome.DONE, "ALREADY_FLAT")
    assert await said(stage, "trim half ES") == (Outcome.DONE, "ALREADY_FLAT")
    assert await stage.position() == 0
    await stage.close()


async def test_break_even_is_our_fill_and_a_wider_stop_needs_a_person(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG)
    await stage.quote("6330.00", "6330.25")
    assert await said(stage, "stop ES 6310", message_id="wide") == (Outcome.HELD, "STOP_WIDER")
    assert [stop.stop_price for stop in stage.exits(OrderRole.STOP)] == [D("6316")]
    stage.tasks.spawn(_approve(stage, "test:futures:wide"), "approve")
    await stage.run(2)
    assert [stop.stop_price for stop in stage.exits(OrderRole.STOP) if not stop.is_terminal] == [D("6310")]
    assert await said(stage, "SL to BE") == (Outcome.DONE, "")
    entry = stage.lot().avg_entry
    assert [stop.stop_price for stop in stage.exits(OrderRole.STOP) if not stop.is_terminal] == [entry]
    await stage.close()


async def working_entry(stage: Stage) -> None:
    """Message `es` makes an entry, and the market runs away while the order travels."""
    away = Quote(MES, stage.clock.now(), D("6329.00"), 50, D("6329.25"), 50, D("6329.00"), DataKind.DEMO)
    assert stage.feed.sink is not None
    stage.clock.call_later(0.005, partial(stage.feed.sink.on_quote, away))
    await stage.say(ES_LONG, message_id="es")
    assert [order.cum_qty for order in stage.core.blotter.open_orders(role=OrderRole.ENTRY)] == [0]


async def _approve(stage: Stage, key: str) -> None:
    await stage.core.alerts.approve(MessageKey(key))


async def test_out_takes_an_entry_back_that_has_not_filled(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await working_entry(stage)
    assert await said(stage, "all out ES") == (Outcome.DONE, "")
    await stage.quote("6326.00", "6326.25")
    assert stage.core.blotter.open_orders(role=OrderRole.ENTRY) == []
    assert await stage.position() == 0
    await stage.close()


async def test_a_cancel_takes_back_the_card_that_nobody_has_approved(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    assert await said(stage, ES_LONG, author="ann", message_id="a") == (Outcome.AWAITING, "ASK")
    await said(stage, "void last alert", author="ann")
    called_off = stage.core.alerts.decision(MessageKey("test:futures:a"))
    assert called_off is not None
    assert (called_off.outcome, called_off.code) == (Outcome.SKIPPED, "CALLED_OFF")
    await _approve(stage, "test:futures:a")
    assert stage.venue.sent(OrderRole.ENTRY) == []
    await stage.close()


async def test_a_conditional_entry_waits_and_a_yes_counts_only_once_its_level_has_come(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    assert await said(stage, "ES long above 6330 stop 6320", message_id="if") == (Outcome.HELD, "CONDITIONAL")
    await _approve(stage, "test:futures:if")
    assert stage.venue.sent(OrderRole.ENTRY) == []
    await stage.quote("6330.25", "6330.50")
    stage.tasks.spawn(_approve(stage, "test:futures:if"), "approve")
    await stage.run(2)
    assert [order.limit_price for order in stage.venue.sent(OrderRole.ENTRY)] == [D("6332.50")]
    assert [stop.stop_price for stop in stage.exits(OrderRole.STOP)] == [D("6320")]
    await stage.close()
