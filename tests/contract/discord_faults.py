"""A bot behind a breaking wire: posts, a fault somewhere around them, and what came in the end."""

import asyncio
import itertools
from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from tests.adapters.sources.discord.rig import QUICK, Rig, redirect
from tests.contract.wire_faults import KINDS, SLACK_S, TOLD_WITHIN_S, break_soon
from tests.servers.discord import DiscordServer
from tests.servers.link_proxy import LinkProxy
from tests.support import eventually
from tradestream_gui.alerts.desk.inbox import Inbox
from tradestream_gui.ports.broker import LinkState

FIFTIETH = replace(
    QUICK, retry_s=0.02, retry_most_s=0.02, retry_unreached_s=0.02, beat_s=0.1, silent_s=0.24, patience_s=2.0
)
"""Of the program's times: its 25 seconds to tell a loss are half a second here."""
PATIENCE_S = 30.0
"""discord.py waits seconds before it calls again, however short our own times are."""
POSTS_MOST = 3
BETWEEN_S = 0.06


class Rounds:
    """One bot behind one wire. `posts` are the ids of all that was posted."""

    def __init__(self, at: Rig, proxy: LinkProxy, random: Random) -> None:
        self.at = at
        self.proxy = proxy
        self.random = random
        self.posts: list[str] = []
        self._number = itertools.count(1)

    async def play(self, kind: str) -> None:
        if kind == "silence":
            await self._up()
        breaking = asyncio.create_task(break_soon(self.proxy, kind, self.random), name="break")
        for _ in range(self.random.randint(1, POSTS_MOST)):
            self._post()
            await asyncio.sleep(self.random.uniform(0, BETWEEN_S))
        await breaking
        if self.proxy.is_silent:
            await eventually(
                lambda: self.at.sink.state() is LinkState.DOWN, within_s=TOLD_WITHIN_S + SLACK_S,
                why="the loss is told",
            )  # fmt: skip
        self.proxy.heal()

    async def compare(self) -> None:
        """After the last fault: the bot is back by itself, every post came, and none makes a second version."""
        await self._up()
        self._post()
        await eventually(lambda: not self.missing(), within_s=PATIENCE_S, why="every post came")
        inbox, clock = Inbox(), self.at.clock
        revisions = [inbox.revise(message, clock.now()) for message in self.at.sink.messages]
        kept = Counter(one.message_key.rpartition(":")[2] for one in revisions if one is not None)
        assert kept == Counter(self.posts), "what came twice makes no second version"
        assert not any(one.deleted for one in revisions if one is not None)

    def missing(self) -> set[str]:
        return set(self.posts) - {message.message_id for message in self.at.sink.messages}

    def _post(self) -> None:
        self.posts.append(str(self.at.server.post(self.at.alerts, self.at.analyst, f"call {next(self._number)}").id))

    async def _up(self) -> None:
        await eventually(lambda: self.at.sink.state() is LinkState.UP, within_s=PATIENCE_S, why="the bot is back")


async def break_the_line(seed: int, rounds: int) -> int:
    """Plays so many rounds and compares what came at the end; how often a loss was told."""
    random, server = Random(seed), DiscordServer()
    await server.start()
    proxy = LinkProxy(server.port, random)
    await proxy.start()
    server.sessions.resume_url = lambda: f"ws://127.0.0.1:{proxy.port}/gw"
    with pytest.MonkeyPatch.context() as patch:
        redirect(server, patch, port=proxy.port)
        at = Rig(server, FIFTIETH)
        try:
            await at.read()
            await at.up()
            played = Rounds(at, proxy, random)
            for number in range(rounds):
                await played.play(KINDS[number % len(KINDS)])
            await played.compare()
            assert not at.failures, at.failures
            return sum(1 for name, state, _ in at.sink.links if name == "discord main" and state is LinkState.DOWN)
        finally:
            await at.close()
            await proxy.stop()
            await server.stop()
