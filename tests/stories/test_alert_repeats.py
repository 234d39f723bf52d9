"""The same call again, in another channel, after a restart, or the other way round: one entry, or a person decides."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.stories.test_alert_positions import ES_LONG, _approve, open_qty, said
from tests.trading.stage import MES, Stage, open_stage
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.domain.orders import OrderRole

DUPLICATE = "DUPLICATE_SIGNAL"
HELD_NO = 2
"""The place in its room of the message that is edited: an edit keeps it."""


def entries(stage: Stage) -> int:
    return len(stage.venue.sent(OrderRole.ENTRY))


async def test_a_copy_in_another_channel_is_refused_for_ten_minutes_then_held_for_the_trade_date(
    tmp_path: Path,
) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG)
    assert await said(stage, ES_LONG, channel="vip") == (Outcome.REFUSED, DUPLICATE)
    await said(stage, "all out ES")
    await stage.run(11 * 60)
    await stage.quote("6326.00", "6326.25")
    assert await said(stage, ES_LONG, channel="vip", message_id="late") == (Outcome.HELD, DUPLICATE)
    assert entries(stage) == 1
    await stage.close()


async def test_the_memory_of_signals_survives_the_kill_of_the_program(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG)
    later = await stage.killed(after_s=60)
    await later.quote("6326.00", "6326.25")
    assert await said(later, ES_LONG, channel="vip") == (Outcome.REFUSED, DUPLICATE)
    evening = await later.killed(after_s=3600)
    await evening.quote("6326.00", "6326.25")
    assert await said(evening, ES_LONG, channel="vip") == (Outcome.HELD, DUPLICATE)
    assert entries(stage) + entries(later) + entries(evening) == 1
    await evening.close()


async def test_midnight_in_new_york_starts_no_new_trade_date(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, start=datetime(2026, 11, 20, 4, 55, tzinfo=UTC))
    await stage.say(ES_LONG)
    await said(stage, "all out ES")
    await stage.run(6 * 60)
    await stage.quote("6326.00", "6326.25")
    assert await said(stage, ES_LONG, channel="vip") == (Outcome.REFUSED, DUPLICATE)
    await stage.close()


async def test_a_second_card_of_the_same_call_is_refused(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    assert await said(stage, ES_LONG, author="ann", message_id="a") == (Outcome.AWAITING, "ASK")
    assert await said(stage, ES_LONG, author="ann", channel="vip") == (Outcome.REFUSED, DUPLICATE)
    stage.tasks.spawn(_approve(stage, "test:futures:a"), "approve")
    await stage.run(2)
    assert entries(stage) == 1
    await stage.close()


@pytest.mark.parametrize("text", ["ES long m : A stop 6316", "MES long 6326: A\nStop: 6316"])
async def test_market_calls_and_the_micro_are_known_as_the_same_call(tmp_path: Path, text: str) -> None:
    stage = await open_stage(tmp_path)
    first = text if "m :" in text else ES_LONG
    await stage.say(first)
    await stage.quote("6326.25", "6326.50")
    assert await said(stage, text, channel="vip") == (Outcome.REFUSED, DUPLICATE)
    await stage.close()


async def test_a_second_price_minutes_later_asks_unless_the_author_says_again(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG)
    second = "ES long 6325.50: A\nStop: 6316"
    assert await said(stage, second, message_id="two") == (Outcome.HELD, "POSSIBLE_REPOST")
    assert entries(stage) == 1
    assert (await said(stage, "re-entry ES long 6325.75: A\nStop: 6316"))[0] is Outcome.TRADED
    assert entries(stage) == 2
    copy = await said(stage, "re-entry ES long 6325.75: A\nStop: 6316", channel="vip")
    assert copy == (Outcome.REFUSED, DUPLICATE)
    assert entries(stage) == 2
    await stage.close()


async def test_an_edit_of_what_was_held_as_a_repeat_stays_held_though_its_copy_has_been_traded(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG)
    await stage.run(9 * 60 + 50)
    await stage.quote("6326.00", "6326.25")
    second = "ES long 6325.50: A\nStop: 6316"
    assert await said(stage, second, message_id="held", order_no=HELD_NO) == (Outcome.HELD, "POSSIBLE_REPOST")
    await stage.run(10)
    await stage.quote("6326.00", "6326.25")
    assert (await said(stage, second, channel="vip", message_id="copy"))[0] is Outcome.TRADED
    for price in ("6325.75", "6325.25"):
        edited = f"ES long {price}: A\nStop: 6316"
        told = await said(stage, edited, message_id="held", order_no=HELD_NO, arrival=Arrival.EDIT)
        assert told == (Outcome.HELD, "POSSIBLE_REPOST")
    assert entries(stage) == 2
    await stage.close()


async def test_another_speaker_in_the_very_words_of_the_first_is_an_echo(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG)
    assert await said(stage, "ES  LONG 6326: a\nstop: 6316", author="ann", channel="vip") == (Outcome.HELD, "ECHO")
    assert entries(stage) == 1
    await stage.close()


async def test_another_analysts_opposite_call_is_held_as_a_conflict_until_the_first_is_closed(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG)
    short = "ES short 6326: A\nStop: 6336"
    await said(stage, short, author="ann", message_id="short")
    stage.tasks.spawn(_approve(stage, "test:futures:short"), "approve")
    await stage.run(2)
    decision = stage.core.alerts.decision(stage.core.alerts.messages()[-1].message_key)
    assert decision is not None
    assert (decision.outcome, decision.code) == (Outcome.HELD, "CONFLICT")
    assert open_qty(stage) == {MES: 3}
    await said(stage, "all out ES")
    stage.tasks.spawn(_approve(stage, "test:futures:short"), "approve")
    await stage.run(2)
    assert (entries(stage), await stage.position()) == (2, -3)
    await stage.close()


async def test_an_exit_posted_while_offline_is_put_to_a_person_who_confirms_it(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG)
    missed = await said(stage, "all out ES", arrival=Arrival.BACKFILL, message_id="out")
    assert missed == (Outcome.HELD, "BACKFILL")
    assert open_qty(stage) == {MES: 3}
    stage.tasks.spawn(_approve(stage, "test:futures:out"), "approve")
    await stage.run(2)
    assert open_qty(stage) == {}
    assert await said(stage, "all out ES", arrival=Arrival.BACKFILL) == (Outcome.IGNORED, "BACKFILL")
    await stage.close()


async def test_a_name_that_looks_like_the_analysts_is_a_strangers(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    for author in ("jm ", "JM", "\u0458m", "1093"):
        assert await said(stage, ES_LONG, author=author) == (Outcome.IGNORED, "UNKNOWN_AUTHOR")
    assert await said(stage, ES_LONG, channel="unlisted") == (Outcome.IGNORED, "UNKNOWN_AUTHOR")
    assert entries(stage) == 0
    await stage.close()


async def test_own_words_only_forwards_struck_out_and_quoted_alerts_open_nothing(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    assert await said(stage, ES_LONG, forwarded=True) == (Outcome.IGNORED, "FORWARDED")
    assert (await said(stage, "~~ES long 6326: A stop 6316~~"))[0] is Outcome.IGNORED
    assert (await said(stage, "nice one", reply_to="x", reply_text=ES_LONG))[0] is Outcome.IGNORED
    assert (await said(stage, "> ES long 6326: A\n> Stop: 6316\nwhat did he say?"))[0] is Outcome.IGNORED
    assert entries(stage) == 0
    await stage.close()


async def test_a_post_in_a_thread_is_about_the_message_that_the_thread_hangs_on(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG, message_id="parent")
    assert await said(stage, "all out", reply_to="parent") == (Outcome.DONE, "")
    assert open_qty(stage) == {}
    await stage.close()


async def test_an_unfurled_link_or_a_pin_is_no_new_version(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.say(ES_LONG, message_id="a", order_no=1)
    decided = stage.core.alerts.decision(stage.core.alerts.messages()[-1].message_key)
    await stage.say(" ES  long 6326: A\nStop:  6316", message_id="a", order_no=1)
    await stage.say(ES_LONG, message_id="a", order_no=1, embeds=((("", "ES long 6400: A stop 6390"),),))
    assert len(stage.core.alerts.revisions(stage.core.alerts.messages()[-1].message_key)) == 1
    assert stage.core.alerts.decision(stage.core.alerts.messages()[-1].message_key) is decided
    await stage.close()


async def test_a_bots_card_is_its_embed_so_a_changed_card_is_a_new_version(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    card = ((("", "ES long 6326: A"), ("Stop", "6316")),)
    await stage.say("@everyone", message_id="a", order_no=1, embeds=card)
    await stage.say("@here", message_id="a", order_no=1, embeds=card)
    key = stage.core.alerts.messages()[-1].message_key
    assert (entries(stage), len(stage.core.alerts.revisions(key))) == (1, 1)
    await stage.say("@everyone", message_id="a", order_no=1, embeds=((("", "ES long 6326: A"), ("Stop", "6318")),))
    assert (entries(stage), len(stage.core.alerts.revisions(key))) == (1, 2)
    await stage.close()
