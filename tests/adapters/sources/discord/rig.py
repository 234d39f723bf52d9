"""A bot of the adapter at the loopback Discord: real sockets, timings scaled, what it delivers kept in a list."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import discord
import pytest
import yarl

from tests.servers.discord import Channel, DiscordServer, Guild, Person
from tests.support import eventually
from tradestream_gui.adapters.runtime.clock import RealClock
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.adapters.sources.discord import BotSetup, DiscordSource, Timing
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.source import IncomingMessage

TOKEN = "practice-token"
QUICK = Timing(
    ask_s=0.05, retry_s=0.05, retry_most_s=0.2, steady_s=5.0, patience_s=8.0, told_after_s=0.05, heartbeat_s=8.0,
    guilds_s=0.1, check_s=30.0, grace_s=0.1, history=timedelta(hours=12), history_most=200,
)  # fmt: skip
"""The heartbeat's timeout stays above the five seconds that discord.py waits before it identifies once more."""


@dataclass
class Sink:
    messages: list[IncomingMessage] = field(default_factory=list)
    links: list[tuple[str, LinkState, str]] = field(default_factory=list)

    breaks: bool = False

    def on_message(self, message: IncomingMessage) -> None:
        if self.breaks:
            raise LookupError("the desk is broken")
        self.messages.append(message)

    def on_source_link(self, source: str, state: LinkState, detail: str) -> None:
        self.links.append((source, state, detail))

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]

    def state(self, source: str = "discord main") -> LinkState:
        return next((state for name, state, _ in reversed(self.links) if name == source), LinkState.OFF)

    def words(self, source: str = "discord main") -> str:
        return next((detail for name, _, detail in reversed(self.links) if name == source), "")


class Rig:
    """One guild with one listed channel and its analyst, and the adapter's bot."""

    def __init__(self, server: DiscordServer, timing: Timing) -> None:
        self.server = server
        self.timing = timing
        self.clock = RealClock()
        self.failures: list[str] = []
        self.tasks = LoopTasks(lambda name, error: self.failures.append(f"{name}: {error!r}"))
        self.bot = server.bot(TOKEN)
        self.guild: Guild = server.guild("Room", self.bot)
        self.alerts: Channel = server.channel(self.guild, "alerts")
        self.analyst: Person = server.person("analyst")
        self.listed = {str(self.alerts.id)}
        self.token: tuple[str, str] = (TOKEN, "")
        self.sink = Sink()
        self.sources: list[DiscordSource] = []

    async def ask(self) -> tuple[str, str]:
        return self.token

    async def read(self, name: str = "main", **changes: object) -> DiscordSource:
        setup = replace(BotSetup(name, lambda: frozenset(self.listed)), **changes)  # type: ignore[arg-type]  # by name
        source = DiscordSource(setup, self.ask, clock=self.clock, tasks=self.tasks, timing=self.timing)
        self.sources.append(source)
        await source.connect(self.sink)
        return source

    async def up(self) -> None:
        await eventually(lambda: self.sink.state() is LinkState.UP, why="the link is up")

    async def came(self, count: int) -> None:
        await eventually(lambda: len(self.sink.messages) >= count, why=f"{count} messages came")

    async def post_and_wait(self, text: str) -> IncomingMessage:
        message = self.server.post(self.alerts, self.analyst, text)
        found = await eventually(
            lambda: next((each for each in self.sink.messages if each.message_id == str(message.id)), None)
        )
        assert found is not None
        return found

    async def close(self) -> None:
        for source in self.sources:
            await source.close()
        await self.tasks.close()


def redirect(server: DiscordServer, monkeypatch: pytest.MonkeyPatch, *, port: int = 0) -> None:
    """Points discord.py at the loopback server, or at the port of a proxy before it."""
    rest, gateway = (
        url.replace(f":{server.port}/", f":{port or server.port}/") for url in (server.rest_url, server.gateway_url)
    )
    monkeypatch.setattr(discord.http.Route, "BASE", rest)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(gateway))


@asynccontextmanager
async def rig(
    monkeypatch: pytest.MonkeyPatch, timing: Timing = QUICK, *, heartbeat_s: float = 41.25
) -> AsyncIterator[Rig]:
    server = DiscordServer(heartbeat_s=heartbeat_s)
    await server.start()
    redirect(server, monkeypatch)
    made = Rig(server, timing)
    try:
        yield made
        assert not made.failures, made.failures
    finally:
        await made.close()
        await server.stop()
