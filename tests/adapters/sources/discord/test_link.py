"""The line to Discord: lost, resumed, begun anew, frozen and limited; nothing is lost or doubled, history is marked."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import discord
import pytest

from tests.adapters.sources.discord.rig import QUICK, Rig, redirect, rig
from tests.servers.link_proxy import LinkProxy
from tests.support import eventually
from tradestream_gui.adapters.notify import DiscordWebhookOutlet
from tradestream_gui.domain.events import NoticeKind, Severity
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.notify import NotDelivered, Post

LIVELY = replace(QUICK, beat_s=0.1, silent_s=0.3)
"""Discord's own heartbeat stays at 41 seconds."""


def arrivals(at: Rig) -> list[tuple[str, Arrival]]:
    return [(message.text, message.arrival) for message in at.sink.messages]


@pytest.mark.parametrize("how", ["drop", "reconnect", "resumable"])
async def test_resumed_line_brings_what_was_posted_meanwhile_once_and_as_live(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rig(monkeypatch) as at:
        await at.read()
        await at.up()
        await at.post_and_wait("before")
        if how == "drop":
            at.server.drop()
        elif how == "reconnect":
            at.server.reconnect()
        else:
            at.server.invalidate(resumable=True)
        for number in range(5):
            at.server.post(at.alerts, at.analyst, f"in the gap {number}")
        await eventually(lambda: at.server.sessions.resumes == 1, why="resumed")
        await at.post_and_wait("after")
        expected = ["before", *(f"in the gap {number}" for number in range(5)), "after"]
        assert arrivals(at) == [(text, Arrival.LIVE) for text in expected]
        assert at.server.sessions.identifies == 1


async def test_new_session_hands_on_the_gap_as_history_with_its_edits_and_deletes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with rig(monkeypatch) as at:
        await at.read()
        await at.up()
        kept = at.server.post(at.alerts, at.analyst, "kept")
        edited = at.server.post(at.alerts, at.analyst, "edited in the gap")
        gone = at.server.post(at.alerts, at.analyst, "deleted in the gap")
        await at.came(3)
        at.server.forget_sessions()
        at.server.drop()
        missed = [at.server.post(at.alerts, at.analyst, f"missed {number}") for number in range(3)]
        at.server.edit(edited, "edited, new words")
        at.server.delete(gone)
        await eventually(lambda: at.server.sessions.identifies == 2, why="identified anew after five seconds")
        await at.came(8)
        live = await at.post_and_wait("live again")
        told = at.sink.messages[3:]
        assert [(each.message_id, each.arrival, each.deleted) for each in told] == [
            (str(gone.id), Arrival.EDIT, True),
            (str(edited.id), Arrival.EDIT, False),
            *((str(each.id), Arrival.BACKFILL, False) for each in missed),
            (live.message_id, Arrival.LIVE, False),
        ]
        assert str(kept.id) not in [each.message_id for each in told]
        assert at.server.sessions.resumes >= 1, "it asked to resume first"


async def test_lines_that_are_cut_or_ended_again_and_again_lose_and_double_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def at_once(client: object, shard_id: object, *, initial: bool = False) -> None:
        """discord.py's five seconds before it identifies anew, scaled like our own times."""
        await asyncio.sleep(0 if initial else 0.1)

    monkeypatch.setattr(discord.Client, "before_identify_hook", at_once)
    async with rig(monkeypatch) as at:
        await at.read()
        await at.up()
        for number in range(2):
            at.server.drop()
            await eventually(lambda: at.server.sessions.resumes > number, why="resumed")  # noqa: B023  # awaited at once
            await at.post_and_wait(f"resumed {number}")
        for number in range(3):
            told = len(at.sink.links)
            at.server.invalidate()
            wanted = number + 2
            await eventually(lambda: at.server.sessions.identifies >= wanted, why="anew")  # noqa: B023  # awaited at once
        await eventually(lambda: len(at.sink.links) > told and at.sink.state() is LinkState.UP, why="it is up again")
        await at.post_and_wait("after all that")
        assert at.sink.texts == ["resumed 0", "resumed 1", "after all that"]


async def test_start_reads_the_day_so_far_as_history(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch, replace(QUICK, history_most=150)) as at:
        for number in range(200):
            at.server.post(at.alerts, at.analyst, f"earlier {number}")
        await at.read()
        await at.up()
        await at.came(150)
        assert arrivals(at) == [(f"earlier {number}", Arrival.BACKFILL) for number in range(50, 200)]


async def test_what_comes_live_during_the_catch_up_is_never_taken_for_history(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        for number in range(30):
            at.server.post(at.alerts, at.analyst, f"earlier {number}")
        await at.read()
        await eventually(lambda: at.server.sessions.identifies, why="identified")
        for number in range(40):
            at.server.post(at.alerts, at.analyst, f"live {number}")
            await asyncio.sleep(0.01)
        await at.came(70)
        await at.up()
        marked = dict(arrivals(at))
        assert len(at.sink.messages) == 70
        assert {text for text, arrival in marked.items() if arrival is Arrival.LIVE} == {f"live {n}" for n in range(40)}


async def test_limited_and_failing_history_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        at.server.post(at.alerts, at.analyst, "earlier")
        await at.read()
        await eventually(lambda: at.server.sessions.identifies, why="identified")
        at.server.limit_next(0.2)
        await at.came(1)
        assert at.server.rest.faults.refused == 1
        assert arrivals(at) == [("earlier", Arrival.BACKFILL)]


async def test_history_that_cannot_be_read_is_told_and_asked_for_again_until_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with rig(monkeypatch) as at:
        missed = [at.server.post(at.alerts, at.analyst, f"before the start {number}") for number in range(2)]
        at.server.rest.faults.history = [400, 400, 400]
        await at.read()
        await at.came(2)
        assert arrivals(at) == [(f"before the start {number}", Arrival.BACKFILL) for number in range(len(missed))]
        told = [(state, words) for name, state, words in at.sink.links if name == "discord main #alerts"]
        assert [state for state, _ in told] == [LinkState.DOWN, LinkState.UP], "the same words are told once"
        assert at.server.rest.faults.history == [], "asked until it was answered"
        assert "it is asked for again: 400 Bad Request" in told[0][1]


async def test_repeated_events_and_unknown_ones_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        await at.read()
        await at.up()
        at.server.garbage()
        await at.post_and_wait("still there")
        assert at.sink.state() is LinkState.UP


async def test_torn_frame_ends_the_session_and_the_next_one_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        await at.read()
        await at.up()
        at.server.garbage("{torn")
        await eventually(lambda: at.server.sessions.identifies == 2, why="logged in anew")
        assert any("cannot be read" in detail for _, state, detail in at.sink.links if state is LinkState.DOWN)
        await at.up()
        await at.post_and_wait("live again")


async def test_server_that_is_gone_is_told_and_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch, replace(QUICK, patience_s=0.5)) as at:
        await at.read()
        await at.up()
        await at.server.stop()
        await eventually(lambda: at.sink.state() is LinkState.DOWN, why="told that the line is lost")
        await asyncio.sleep(0.8)
        at.server.forget_sessions()
        await at.server.start()
        await at.up()
        await at.post_and_wait("live again")


async def test_line_that_died_without_a_word_is_called_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch, replace(QUICK, heartbeat_s=1.0), heartbeat_s=0.4) as at:
        await at.read()
        await at.up()
        at.server.freeze()
        lost = at.server.post(at.alerts, at.analyst, "into the dead line")
        await eventually(lambda: at.server.sessions.resumes, why="resumed over a new socket")
        await at.came(1)
        assert [message.message_id for message in at.sink.messages] == [str(lost.id)]
        assert at.sink.messages[0].arrival is Arrival.LIVE, "told by the resume; its age is judged by the desk"


async def test_gateway_that_stays_connected_but_silent_is_told_long_before_its_next_heartbeat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with rig(monkeypatch, LIVELY) as at:
        await at.read()
        await at.up()
        at.server.freeze()
        lost = at.server.post(at.alerts, at.analyst, "into the silence")
        told = await eventually(  # it may be up again a moment later
            lambda: [detail for _, state, detail in at.sink.links if state is LinkState.DOWN],
            why="told that it is silent",
        )
        assert "has answered nothing" in told[0]
        await at.came(1)
        assert (at.sink.messages[0].message_id, at.sink.messages[0].arrival) == (str(lost.id), Arrival.LIVE)
        assert (at.server.sessions.identifies, at.server.sessions.resumes) == (1, 1), "resumed, not begun anew"
        await at.up()


async def test_wire_that_carries_nothing_any_more_is_told_and_resumed_over_a_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with rig(monkeypatch, LIVELY) as at:
        proxy = LinkProxy(at.server.port, Random(1))
        await proxy.start()
        at.server.sessions.resume_url = lambda: f"ws://127.0.0.1:{proxy.port}/gw"
        redirect(at.server, monkeypatch, port=proxy.port)
        await at.read()
        await at.up()
        proxy.is_silent = True
        lost = at.server.post(at.alerts, at.analyst, "into the dead wire")
        await eventually(lambda: at.sink.state() is LinkState.DOWN, why="told that it is dead")
        proxy.heal()
        await at.came(1)
        assert (at.sink.messages[0].message_id, at.sink.messages[0].arrival) == (str(lost.id), Arrival.LIVE)
        await at.up()
        await proxy.stop()


async def test_line_that_answers_is_never_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch, replace(QUICK, beat_s=0.02, silent_s=0.5)) as at:
        await at.read()
        await at.up()
        beats = len(at.server.sessions.beat_gaps)
        await eventually(lambda: len(at.server.sessions.beat_gaps) > beats + 60, why="sixty signs of life")
        assert (at.server.sessions.identifies, at.server.sessions.resumes) == (1, 0)
        assert [state for _, state, _ in at.sink.links if state is LinkState.DOWN] == []


async def test_channel_whose_stream_stands_still_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch, replace(QUICK, check_s=0.1)) as at:
        await at.read()
        await at.up()
        await at.post_and_wait("heard")
        at.server.post(at.alerts, at.analyst, "never told by the gateway", unheard=True)
        await at.came(2)
        assert arrivals(at)[1] == ("never told by the gateway", Arrival.BACKFILL)
        told = [detail for _, state, detail in at.sink.links if state is LinkState.DOWN]
        assert any("#alerts had messages that the stream did not bring" in detail for detail in told)
        await at.post_and_wait("live again")
        assert arrivals(at)[2] == ("live again", Arrival.LIVE)


async def test_channel_that_may_not_be_read_is_named_until_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch, replace(QUICK, check_s=0.1)) as at:
        at.listed |= {"12345", "general"}
        at.server.hide(at.alerts, at.bot)
        await at.read()
        await at.up()
        assert "View Channel" in at.sink.words("discord main #alerts")
        assert "invitation" in at.sink.words("discord main 12345")
        assert "Copy Channel ID" in at.sink.words("discord main general")
        assert at.sink.state("discord main #alerts") is LinkState.DOWN


async def test_channel_that_was_shut_for_a_while_is_read_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch, replace(QUICK, check_s=0.1)) as at:
        await at.read()
        await at.up()
        await at.post_and_wait("before")
        at.server.hide(at.alerts, at.bot)
        await eventually(lambda: at.sink.state("discord main #alerts") is LinkState.DOWN, why="told that it is shut")
        at.server.post(at.alerts, at.analyst, "behind the door")
        at.server.show(at.alerts, at.bot)
        await eventually(lambda: at.sink.state("discord main #alerts") is LinkState.UP, why="told that it is open")
        await at.came(2)
        await at.post_and_wait("after")
        assert arrivals(at) == [
            ("before", Arrival.LIVE), ("behind the door", Arrival.BACKFILL), ("after", Arrival.LIVE),
        ]  # fmt: skip


async def test_line_that_is_cut_under_the_catch_up_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch, replace(QUICK, check_s=0.01)) as at:
        for number in range(120):
            at.server.post(at.alerts, at.analyst, f"earlier {number}")
        await at.read()
        for _ in range(8):
            await at.up()
            at.server.limit_next(0.2)
            await asyncio.sleep(0.03)
            at.server.garbage("{torn")
            await eventually(lambda: at.sink.state() is LinkState.DOWN, why="the torn frame is noticed")
        await at.up()
        await at.came(120)
        assert len({message.message_id for message in at.sink.messages}) == 120


async def test_post_that_cannot_be_taken_over_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        await at.read()
        await at.up()
        at.sink.breaks = True
        at.server.post(at.alerts, at.analyst, "into a broken desk")
        await eventually(lambda: "could not be taken over" in at.sink.words("discord main events"))


async def test_gateway_is_asked_for_the_version_that_is_read_and_its_one_compressed_stream_is_understood(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with rig(monkeypatch) as at:
        await at.read()
        await at.up()
        await at.post_and_wait("packed")
        at.server.drop()
        await eventually(lambda: at.server.sessions.resumes == 1, why="resumed")
        await at.post_and_wait("packed anew")
        asked = {"v": "10", "encoding": "json", "compress": "zlib-stream"}
        assert at.server.sessions.queries == [asked, asked], "a resume asks the same"


async def test_post_of_our_own_webhook_waits_out_slow_mode_and_is_read_as_a_webhooks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with rig(monkeypatch) as at:
        await at.read()
        await at.up()
        hook, url = at.server.webhook(at.alerts, "fills")

        async def secret() -> tuple[str, str]:
            return url, ""

        outlet = DiscordWebhookOutlet(secret, lambda: ZoneInfo("UTC"), bases=(url.partition("/api/")[0],))
        now = at.clock.now()
        posts = [Post(NoticeKind.FILL, Severity.SUCCESS, "Filled", words, now) for words in ("first", "second")]
        at.server.slow_mode(at.alerts, 30)
        await outlet.send(posts[:1])
        with pytest.raises(NotDelivered, match="slowmode rate limit") as refused:
            await outlet.send(posts[1:])
        assert not refused.value.is_final
        assert refused.value.retry_after_s is not None
        assert 29 < refused.value.retry_after_s <= 30
        at.server.set_clock(timedelta(seconds=refused.value.retry_after_s))
        await outlet.send(posts[1:])
        await outlet.close()
        await at.came(2)
        assert [message.author_id for message in at.sink.messages] == [str(hook.id)] * 2
        assert [text.rpartition(": ")[2] for text in at.sink.texts] == ["first", "second"]
