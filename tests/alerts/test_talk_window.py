"""Old talk is let go of in memory, and yet no message is taken for a new one."""

from pathlib import Path

import pytest

from tests.trading.stage import Stage, open_stage
from tradestream_gui.alerts.desk import talk_window
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.events import TalkForgotten
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.domain.orders import OrderRole

LONG = "ES long 6326: A\nStop: 6316"
KEPT = 6


@pytest.fixture(autouse=True)
def small_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk_window, "KEPT_TALK", KEPT)


async def talk(stage: Stage, number: int, text: str = "watching the overnight low", channel: str = "futures") -> None:
    await stage.say(f"{text} {number}", message_id=f"t{number}", order_no=number, channel=channel)


def held(stage: Stage) -> list[str]:
    return [message.message_key.rsplit(":", 1)[1] for message in stage.core.alerts.messages()]


async def test_the_fullest_room_lets_its_oldest_talk_go_and_a_quiet_room_keeps_its_own(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    gone: list[MessageKey] = []
    stage.core.bus.subscribe(TalkForgotten, lambda fact: gone.append(fact.message_key))
    await talk(stage, 0, channel="vip")
    for number in range(1, 9):
        await talk(stage, number)
    assert held(stage) == ["t0", "t4", "t5", "t6", "t7", "t8"]
    assert gone == [MessageKey(f"test:futures:t{number}") for number in (1, 2, 3)]
    assert stage.core.alerts.message(gone[0]) is None
    assert stage.core.alerts.decision(gone[0]) is None
    await stage.close()


async def test_alerts_answers_and_prepared_contracts_are_kept_however_much_is_said_after_them(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(LONG, message_id="alert", order_no=1)
    await stage.say("loading SPY 600c", message_id="loading", order_no=2)
    await stage.say("thanks", message_id="answer", order_no=3, reply_to="alert")
    for number in range(4, 4 + 2 * KEPT):
        await talk(stage, number)
    assert {"alert", "loading", "answer"} <= set(held(stage))
    assert len(held(stage)) == 3 + KEPT
    await stage.close()


async def test_forgotten_talk_that_comes_again_or_is_taken_back_is_no_news(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    for number in range(KEPT + 2):
        await talk(stage, number)
    told = len(held(stage))
    await talk(stage, 0)
    await stage.say("watching the overnight low 0", message_id="t0", order_no=0, arrival=Arrival.BACKFILL)
    await stage.say("", message_id="t1", order_no=1, deleted=True)
    assert len(held(stage)) == told
    assert stage.core.alerts.message(MessageKey("test:futures:t0")) is None
    await stage.close()


async def test_forgotten_talk_that_is_edited_into_an_alert_opens_nothing(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    for number in range(KEPT + 2):
        await talk(stage, number)
    edited: Decision | None = await stage.say(LONG, message_id="t0", order_no=0, age_s=20)
    assert edited is not None
    assert (edited.outcome, edited.code) == (Outcome.HELD, "EDITED_IN")
    newest = stage.core.alerts.message(MessageKey("test:futures:t0"))
    assert newest is not None
    assert (newest.revision, newest.arrival) == (1, Arrival.EDIT)
    assert stage.venue.sent(OrderRole.ENTRY) == []
    await stage.say(f"{LONG}!", message_id="t0", order_no=0, age_s=20)
    assert stage.core.alerts.revisions(newest.message_key)[-1].revision == 2
    await stage.close()


async def test_talk_that_was_edited_while_it_was_held_is_not_forgotten(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await talk(stage, 0)
    await stage.say("that level has held three times", message_id="t0", order_no=0)
    for number in range(1, 2 * KEPT):
        await talk(stage, number)
    assert "t0" in held(stage)
    await stage.close()
