"""The end of a log-in, wherever it is: nothing is left open, and nothing is told any more."""

import asyncio

import pytest

from tests.adapters.sources.discord.rig import QUICK, TOKEN, rig
from tests.support import eventually
from tradestream_gui.adapters.sources.discord.log_in import LogIn
from tradestream_gui.adapters.sources.discord.memory import Memory
from tradestream_gui.adapters.sources.discord.setup import BotSetup, LinkLost
from tradestream_gui.ports.broker import LinkState


async def test_closing_ends_everything_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        source = await at.read()
        await at.up()
        await source.close()
        told = len(at.sink.links)
        at.server.post(at.alerts, at.analyst, "after the close")
        await eventually(lambda: not at.server.sessions.sockets, why="the socket is closed")
        assert (len(at.sink.links), at.sink.messages) == (told, [])


async def test_closing_in_the_middle_of_the_log_in_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        for rounds in range(6):
            source = await at.read(f"bot{rounds}")
            for _ in range(rounds * 3):
                await asyncio.sleep(0.01)
            await source.close()
        await eventually(lambda: not at.server.sessions.sockets, why="no socket is left")


async def test_session_that_comes_up_as_the_log_in_ends_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as at:
        told: list[LinkState] = []
        log_in = LogIn(
            BotSetup("main", lambda: frozenset(at.listed)), at.sink, lambda _channel, state, _words: told.append(state),
            clock=at.clock, tasks=at.tasks, timing=QUICK, memory=Memory(),
        )  # fmt: skip
        running = asyncio.create_task(log_in.run(TOKEN))
        await eventually(lambda: LinkState.UP in told, why="the bot is in")
        log_in.end()
        await asyncio.sleep(0)
        assert not running.done(), "it is leaving"
        told.clear()
        await log_in.on_resumed()
        await log_in.on_ready()
        log_in.end()
        with pytest.raises(LinkLost, match="closed"):
            await running
        assert told == []
