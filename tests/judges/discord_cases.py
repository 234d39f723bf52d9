"""Runs inside a judge's environment: discord.py against the loopback Discord, one case after another.

Called with the library's name and the port; prints one JSON line per case. Knows nothing of our adapter. The room on
the other side talks by itself, and cuts, reopens and limits the line from time to time.
"""

import asyncio
import importlib
import json
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from yarl import URL

WAIT_S = 12.0
TOKEN, MUTE, PERSON, WRONG = "judged", "without-content", "a-persons", "unknown"


class Bench:
    """One logged-in client, and everything that it heard."""

    def __init__(self, library: ModuleType, port: int) -> None:
        self.lib = library
        library.http.Route.BASE = f"http://127.0.0.1:{port}/api/v10"
        importlib.import_module("discord.gateway").DiscordWebSocket.DEFAULT_GATEWAY = URL(f"ws://127.0.0.1:{port}/gw")
        self.client = self.make()
        self.heard: list[Any] = []
        self.edits: list[Any] = []
        self.gone: list[int] = []
        self.gone_together: list[set[int]] = []
        self.resumes = 0
        for handler in (
            self.on_message, self.on_raw_message_edit, self.on_raw_message_delete, self.on_raw_bulk_message_delete,
            self.on_resumed,
        ):  # fmt: skip
            self.client.event(handler)

    def make(self) -> Any:
        intents = self.lib.Intents(guilds=True, guild_messages=True, message_content=True)
        return self.lib.Client(intents=intents, guild_ready_timeout=0.2, max_messages=None)

    async def on_message(self, message: Any) -> None:
        self.heard.append(message)

    async def on_raw_message_edit(self, edit: Any) -> None:
        self.edits.append(edit.message)

    async def on_raw_message_delete(self, gone: Any) -> None:
        self.gone.append(gone.message_id)

    async def on_raw_bulk_message_delete(self, gone: Any) -> None:
        self.gone_together.append(set(gone.message_ids))

    async def on_resumed(self) -> None:
        self.resumes += 1

    def channel(self, name: str) -> Any:
        return next(each for each in self.client.get_all_channels() if each.name == name)

    async def until(self, true: Callable[[], Any]) -> Any:
        for _ in range(int(WAIT_S / 0.02)):
            found = true()
            if found:
                return found
            await asyncio.sleep(0.02)
        raise AssertionError("it never came")

    async def a_message(self, wanted: Callable[[Any], Any]) -> Any:
        return await self.until(lambda: next((each for each in self.heard if wanted(each)), None))


async def bot_and_its_application_are_there(b: Bench) -> None:
    assert b.client.user.bot
    assert b.client.application.flags.gateway_message_content_limited


async def channel_is_seen_and_the_hidden_one_is_not(b: Bench) -> None:
    room, hidden = b.channel("alerts"), b.channel("hidden")
    assert room.permissions_for(room.guild.me).read_message_history
    assert not hidden.permissions_for(hidden.guild.me).view_channel
    refusal = 0
    try:
        [each async for each in hidden.history(limit=1)]
    except b.lib.Forbidden as error:
        refusal = error.code
    assert refusal == 50001


async def message_has_author_words_and_the_time_of_its_id(b: Bench) -> None:
    message = await b.a_message(lambda each: each.content.startswith("post "))
    assert (message.author.name, message.author.bot, message.webhook_id) == ("analyst", False, None)
    assert message.created_at == b.lib.utils.snowflake_time(message.id)


async def card_of_a_webhook_is_rich(b: Bench) -> None:
    message = await b.a_message(lambda each: each.webhook_id)
    assert message.flags.is_crossposted
    assert (message.embeds[0].type, message.embeds[0].title) == ("rich", "Entry")


async def answer_knows_what_it_answers(b: Bench) -> None:
    message = await b.a_message(lambda each: each.type is b.lib.MessageType.reply)
    assert message.reference.resolved.content.startswith("post ")


async def forward_carries_a_snapshot(b: Bench) -> None:
    message = await b.a_message(lambda each: each.message_snapshots)
    assert message.message_snapshots[0].content == "forwarded"


async def post_in_a_thread_knows_its_parent(b: Bench) -> None:
    message = await b.a_message(lambda each: isinstance(each.channel, b.lib.Thread))
    assert message.channel.parent.name == "alerts"


async def edits_and_deletes_are_told(b: Bench) -> None:
    edit = await b.until(lambda: b.edits)
    assert edit[0].content.endswith("edited")
    await b.until(lambda: b.gone)
    assert all(len(each) == 2 for each in await b.until(lambda: b.gone_together))


async def history_pages_from_the_newest(b: Bench) -> None:
    found = [each.id async for each in b.channel("long").history(limit=150)]
    assert len(found) == 150
    assert found == sorted(found, reverse=True)


async def limited_calls_are_waited_for(b: Bench) -> None:
    for _ in range(20):
        assert [each async for each in b.channel("long").history(limit=1)]
        await asyncio.sleep(0.1)


async def heart_beats(b: Bench) -> None:
    await b.until(lambda: b.client.latency < 1)


async def cut_lines_are_resumed_without_a_gap(b: Bench) -> None:
    await b.until(lambda: b.resumes >= 3)
    numbers = [int(each.content.split()[1]) for each in b.heard if each.content.startswith("post ")]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


async def unknown_token_is_refused(b: Bench) -> None:
    other = b.make()
    try:
        await other.login(WRONG)
    except b.lib.LoginFailure:
        return
    finally:
        await other.close()
    raise AssertionError("the token was taken")


async def person_is_told_from_a_bot(b: Bench) -> None:
    other = b.make()
    try:
        await other.login(PERSON)
    except b.lib.HTTPException:
        assert not other.user.bot
    finally:
        await other.close()


async def missing_intent_is_named(b: Bench) -> None:
    other = b.make()
    try:
        await other.start(MUTE)
    except b.lib.PrivilegedIntentsRequired:
        return
    finally:
        await other.close()
    raise AssertionError("it was let in")


CASES = (
    bot_and_its_application_are_there, channel_is_seen_and_the_hidden_one_is_not,
    message_has_author_words_and_the_time_of_its_id, card_of_a_webhook_is_rich, answer_knows_what_it_answers,
    forward_carries_a_snapshot, post_in_a_thread_knows_its_parent, edits_and_deletes_are_told,
    history_pages_from_the_newest, limited_calls_are_waited_for, heart_beats, cut_lines_are_resumed_without_a_gap,
    unknown_token_is_refused, person_is_told_from_a_bot, missing_intent_is_named,
)  # fmt: skip


async def judge(name: str, port: int) -> int:
    bench = Bench(importlib.import_module(name), port)
    line = asyncio.create_task(bench.client.start(TOKEN))
    await bench.until(bench.client.is_ready)
    failed = 0
    for case in CASES:
        problem = ""
        try:
            await asyncio.wait_for(case(bench), 2 * WAIT_S)
        except Exception as error:  # each case's end is a row of the table, whatever it was
            problem = f"{type(error).__name__}: {error}"
            failed += 1
        print(json.dumps({"case": case.__name__.replace("_", " "), "problem": problem}), flush=True)
    await bench.client.close()
    await line
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(judge(sys.argv[1], int(sys.argv[2]))))
