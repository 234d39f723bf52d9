"""Corrections and edits, before and after the fill: they replace, protect or ask, and never open a second time."""

from pathlib import Path

import pytest

from tests.stories.test_alert_positions import ES_LONG, _approve, nasdaq, open_qty, said, working_entry
from tests.trading.stage import MES, D, Stage, open_stage
from tradestream_gui.alerts.binding.corrections import AmendChoice
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.domain.orders import OrderRole, OrdStatus
from tradestream_gui.ports.source import IncomingMessage

ES = MessageKey("test:futures:es")


def decided(stage: Stage, message_id: str) -> Decision:
    found = stage.core.alerts.decision(MessageKey(f"test:futures:{message_id}"))
    assert found is not None
    return found


def entries(stage: Stage) -> int:
    return len(stage.venue.sent(OrderRole.ENTRY))


def stops(stage: Stage) -> list[object]:
    return [stop.stop_price for stop in stage.exits(OrderRole.STOP) if not stop.is_terminal]


async def test_a_correction_of_a_card_puts_the_corrected_card_in_its_place(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await said(stage, ES_LONG, author="ann", message_id="es")
    await said(stage, "stop 6318 not 6316", author="ann", message_id="fix")
    assert stage.core.alerts.cards() == (MessageKey("test:futures:fix"),)
    assert (decided(stage, "es").outcome, decided(stage, "fix").code) == (Outcome.SKIPPED, "AMENDED")
    await _approve(stage, ES)
    stage.tasks.spawn(_approve(stage, "test:futures:fix"), "approve")
    await stage.run(2)
    assert (entries(stage), stops(stage)) == (1, [D("6318")])
    await stage.close()


async def test_a_corrected_price_of_a_slip_is_proposed_not_sent(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    assert await said(stage, "ES long 6926: A\nStop: 6316", message_id="es") == (Outcome.HELD, "PRICE_IMPLAUSIBLE")
    assert await said(stage, "entry revised 6326", message_id="fix") == (Outcome.HELD, "AMENDED")
    assert entries(stage) == 0
    stage.tasks.spawn(_approve(stage, "test:futures:fix"), "approve")
    await stage.run(2)
    assert (entries(stage), stops(stage)) == (1, [D("6316")])
    await stage.close()


async def test_a_corrected_stop_after_the_fill_moves_the_stop_and_opens_nothing(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG, message_id="es")
    assert await said(stage, "fixing alert: ES long 6326 stop 6318") == (Outcome.DONE, "")
    assert (entries(stage), open_qty(stage), stops(stage)) == (1, {MES: 3}, [D("6318")])
    await stage.close()


async def test_another_contract_after_the_fill_is_a_persons_choice(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await nasdaq(stage)
    await stage.say(ES_LONG, message_id="es")
    assert await said(stage, "fixing alert: NQ long 22940 stop 22900", message_id="fix") == (
        Outcome.HELD,
        "AMENDED_AFTER_FILL",
    )
    await _approve(stage, "test:futures:fix")
    assert (entries(stage), open_qty(stage)) == (1, {MES: 3})
    await stage.close()


@pytest.mark.parametrize(
    ("choice", "left"), [(AmendChoice.KEEP, {"MES": 3}), (AmendChoice.FLAT, {}), (AmendChoice.SWAP, {"MNQ": 3})]
)
async def test_the_choice_after_the_fill_keeps_flattens_or_swaps(
    tmp_path: Path, choice: AmendChoice, left: dict[str, int]
) -> None:
    stage = await open_stage(tmp_path)
    await nasdaq(stage)
    await stage.say(ES_LONG, message_id="es")
    await said(stage, "fixing alert: NQ long 22940 stop 22900", message_id="fix")

    async def settle() -> None:
        await stage.core.alerts.settle(MessageKey("test:futures:fix"), choice)

    stage.tasks.spawn(settle(), "settle")
    await stage.run(3)
    assert {instrument_id[:3]: qty for instrument_id, qty in open_qty(stage).items()} == left
    assert stage.core.alerts.cards() == ()
    assert not stage.lost
    await stage.close()


async def test_a_correction_while_the_entry_works_takes_it_back_and_proposes_the_new_one(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await working_entry(stage)
    assert await said(stage, "entry revised 6328", message_id="fix") == (Outcome.HELD, "AMENDED")
    assert [order.ord_status for order in stage.core.blotter.orders()] == [OrdStatus.CANCELED]
    stage.tasks.spawn(_approve(stage, "test:futures:fix"), "approve")
    await stage.run(2)
    assert (entries(stage), await stage.position()) == (2, 3)
    await stage.close()


async def test_a_corrected_stop_while_the_entry_works_is_there_when_it_fills(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await working_entry(stage)
    assert await said(stage, "stop 6318 not 6316", message_id="fix") == (Outcome.DONE, "")
    await stage.quote("6326.00", "6326.25")
    await stage.run(2)
    assert (entries(stage), open_qty(stage), stops(stage)) == (1, {MES: 3}, [D("6318")])
    await stage.close()


async def test_a_correction_of_nothing_lately_said_is_held(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG, message_id="es")
    await stage.run(11 * 60)
    assert await said(stage, "stop 6318 not 6316") == (Outcome.HELD, "NOTHING_TO_AMEND")
    assert stops(stage) == [D("6316")]
    await stage.close()


async def test_an_edit_of_words_alone_changes_nothing_and_keeps_the_trade(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG, message_id="es", order_no=1)
    assert await said(stage, "ES long 6326: A !!\nStop: 6316", message_id="es", order_no=1) == (Outcome.TRADED, "")
    assert (entries(stage), stops(stage), stage.core.alerts.cards()) == (1, [D("6316")], ())
    await stage.close()


async def test_an_edited_stop_of_a_filled_trade_tightens_it_and_a_wider_one_asks(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG, message_id="es", order_no=1)
    edit = {"message_id": "es", "order_no": 1}
    assert await said(stage, "ES long 6326: A\nStop: 6318", **edit) == (Outcome.TRADED, "")
    assert stops(stage) == [D("6318")]
    assert await said(stage, "ES long 6326: A\nStop: 6310", **edit) == (Outcome.HELD, "STOP_WIDER")
    assert stops(stage) == [D("6318")]
    stage.tasks.spawn(_approve(stage, ES), "approve")
    await stage.run(2)
    assert (entries(stage), stops(stage)) == (1, [D("6310")])
    await stage.close()


async def test_an_edit_into_no_alert_takes_the_unfilled_entry_back_and_leaves_a_filled_one(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await working_entry(stage)
    assert await said(stage, "what a day", message_id="es") == (Outcome.DONE, "EDITED_OUT")
    assert stage.core.blotter.open_orders(role=OrderRole.ENTRY) == []
    await stage.close()
    (tmp_path / "second").mkdir()
    filled = await open_stage(tmp_path / "second")
    await filled.say(ES_LONG, message_id="es", order_no=1)
    assert await said(filled, "what a day", message_id="es", order_no=1) == (Outcome.HELD, "EDITED_OUT")
    assert open_qty(filled) == {MES: 3}
    await filled.close()


async def test_an_edit_that_comes_before_the_decision_takes_the_place_of_its_message(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    for text in (ES_LONG, "ES long 6326: A\nStop: 6318"):
        stage.core.alerts.on_message(_incoming(stage, text))
    await stage.run(2)
    assert (entries(stage), stops(stage), decided(stage, "es").outcome) == (1, [D("6318")], Outcome.TRADED)
    await stage.close()


async def test_a_message_deleted_before_the_decision_is_not_traded(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.core.alerts.on_message(_incoming(stage, ES_LONG))
    stage.core.alerts.on_message(_incoming(stage, "", deleted=True))
    await stage.run(2)
    assert (entries(stage), decided(stage, "es").code) == (0, "DELETED")
    await stage.close()


def _incoming(stage: Stage, text: str, *, deleted: bool = False) -> IncomingMessage:
    return IncomingMessage(
        source="test", channel_id="futures", channel_name="futures", message_id="es", author_id="jm", author_name="jm",
        text=text, sent_at=stage.clock.now(), order_no=1, arrival=Arrival.LIVE, deleted=deleted,
    )  # fmt: skip
