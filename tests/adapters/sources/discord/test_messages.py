"""What is posted on Discord arrives as it was posted: words, cards, answers, threads, forwards, edits and deletes."""

from datetime import timedelta

import pytest

from tests.adapters.sources.discord.rig import rig
from tests.support import eventually
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.ports.broker import LinkState


async def test_post_comes_with_its_author_channel_time_and_place_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        await at.read()
        await at.up()
        posted = at.server.post(at.alerts, at.analyst, "ES long 6326: A")
        await at.came(1)
        (message,) = at.sink.messages
        assert (message.source, message.channel_id, message.channel_name) == ("discord", str(at.alerts.id), "#alerts")
        assert (message.author_id, message.author_name) == (str(at.analyst.id), "analyst")
        assert (message.text, message.arrival) == ("ES long 6326: A", Arrival.LIVE)
        assert (message.message_id, message.order_no) == (str(posted.id), posted.id)
        assert abs(message.sent_at - posted.at) < timedelta(milliseconds=2), "the time that the id itself tells"


async def test_card_of_a_webhook_is_read_and_the_preview_of_a_link_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    card = {
        "type": "rich", "title": "Entry", "description": "NQ short 22810",
        "fields": [{"name": "Stop", "value": "22830", "inline": True}], "footer": {"text": "size B"},
    }  # fmt: skip
    async with rig(monkeypatch) as at:
        hook = at.server.person("relay", webhook=True)
        await at.read()
        await at.up()
        at.server.post(at.alerts, hook, embeds=(card,), crossposted=True)
        at.server.post(at.alerts, at.analyst, "look", embeds=({**card, "type": "article"}, card))
        await at.came(2)
        relayed, linked = at.sink.messages
        assert relayed.author_id == str(hook.id)
        assert relayed.embeds == ((("", "Entry"), ("", "NQ short 22810"), ("Stop", "22830"), ("", "size B")),)
        assert relayed.reply_to_id is None, "where an announcement was first posted is nothing that it answers"
        assert (linked.text, linked.embeds) == ("look", ())


async def test_answer_carries_what_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        await at.read()
        await at.up()
        entry = at.server.post(at.alerts, at.analyst, "ES long 6326: A")
        at.server.post(at.alerts, at.analyst, "out", reply_to=entry)
        await at.came(2)
        answer = at.sink.messages[1]
        assert (answer.reply_to_id, answer.reply_text) == (str(entry.id), "ES long 6326: A")


async def test_post_in_a_thread_counts_as_an_answer_in_its_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        await at.read()
        await at.up()
        entry = at.server.post(at.alerts, at.analyst, "ES long 6326: A")
        thread = at.server.thread(entry, "the trade")
        inside = at.server.post(thread, at.analyst, "trim half")
        await at.came(2)
        at.server.delete(inside)
        await at.came(3)
        said, gone = at.sink.messages[1:]
        assert (said.channel_id, said.channel_name) == (str(at.alerts.id), "#alerts")
        assert (said.reply_to_id, said.reply_text) == (str(entry.id), "ES long 6326: A")
        assert (gone.message_id, gone.channel_id, gone.deleted) == (str(inside.id), str(at.alerts.id), True)


async def test_forwarded_words_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        await at.read()
        await at.up()
        at.server.post(at.alerts, at.analyst, snapshots=("ES long 6326: A",))
        await at.came(1)
        (message,) = at.sink.messages
        assert (message.text, message.forwarded, message.reply_to_id) == ("ES long 6326: A", True, None)


async def test_edit_and_deletes_come_with_their_author(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        await at.read()
        await at.up()
        posts = [at.server.post(at.alerts, at.analyst, f"call {number}") for number in range(4)]
        await at.came(4)
        at.server.edit(posts[0], "call 0, corrected")
        at.server.delete(posts[1])
        at.server.delete(posts[2], posts[3])
        await at.came(8)
        edit, *gone = at.sink.messages[4:]
        assert (edit.text, edit.arrival, edit.deleted) == ("call 0, corrected", Arrival.EDIT, False)
        assert [each.message_id for each in gone] == [str(each.id) for each in posts[1:]]
        assert all(each.deleted and each.author_id == str(at.analyst.id) for each in gone)


async def test_only_listed_channels_of_listed_servers_are_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        other = at.server.channel(at.guild, "talk")
        elsewhere = at.server.channel(at.server.guild("Another", at.bot), "alerts")
        at.listed.add(str(elsewhere.id))
        await at.read(guilds=frozenset({str(at.guild.id)}))
        await at.up()
        at.server.post(other, at.analyst, "in another channel")
        at.server.post(elsewhere, at.analyst, "in a server that the row leaves out")
        at.server.post(at.alerts, at.bot.me, "by the bot itself")
        at.server.post(at.alerts, at.analyst, "somebody joined", kind=7)
        await at.post_and_wait("the one")
        assert at.sink.texts == ["the one"]
        assert "does not list" in at.sink.words("discord main #alerts")
        at.listed.add(str(other.id))
        at.server.post(other, at.analyst, "listed from now on")
        await eventually(lambda: "listed from now on" in at.sink.texts)


async def test_two_bots_read_two_servers_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        second = at.server.bot("second-token", "second")
        room = at.server.channel(at.server.guild("Another", second), "futures")
        await at.read()
        await at.up()
        at.token = ("second-token", "")
        at.listed = {str(at.alerts.id), str(room.id)}
        await at.read("second")
        await eventually(lambda: "#futures" in at.sink.words("discord second"))
        at.server.post(at.alerts, at.analyst, "first")
        at.server.post(room, at.analyst, "second")
        await at.came(2)
        assert sorted(message.channel_name for message in at.sink.messages) == ["#alerts", "#futures"]


async def test_posts_of_one_millisecond_in_two_channels_stay_two_in_their_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with rig(monkeypatch) as at:
        other = at.server.channel(at.guild, "other")
        at.listed.add(str(other.id))
        await at.read()
        await at.up()
        now = at.server.world.now()
        monkeypatch.setattr(at.server.world, "now", lambda: now)
        first = at.server.post(at.alerts, at.analyst, "ES long 6326")
        second = at.server.post(other, at.analyst, "ES long 6326")
        await at.came(2)
        assert [message.order_no for message in at.sink.messages] == [first.id, second.id]
        assert len({message.sent_at for message in at.sink.messages}) == 1
        assert [message.channel_id for message in at.sink.messages] == [str(at.alerts.id), str(other.id)]


async def test_post_without_any_words_is_handed_on_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        await at.read()
        await at.up()
        at.server.post(at.alerts, at.analyst)
        at.server.post(at.alerts, at.analyst, "after the picture")
        await at.came(2)
        assert at.sink.texts == ["", "after the picture"]
        assert at.sink.messages[0].embeds == ()
        assert at.sink.state() is LinkState.UP
