"""Discord in the whole program: what an analyst posts at the loopback gateway is decided, and ordered at the broker."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.sources.discord.rig import QUICK, TOKEN, redirect
from tests.servers.discord import Channel, DiscordServer, Person
from tests.stories.ibkr_life import CODE, Life, ready, serving, settings_for
from tests.support import eventually
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.sources.discord import BotSetup, DiscordSource
from tradestream_gui.assembly.sources import READER
from tradestream_gui.cli import Launch
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.events import AlertDecided
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.paths import Paths
from tradestream_gui.startup import Opened, open_profile
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.file import render
from tradestream_gui.upkeep.settings.model import Settings

ENTRY = "ES long 6326: B\nStop: 6316"
PASSPHRASE = "correct horse battery"


@dataclass
class Room:
    """A server on loopback with channels of one analyst, who is followed."""

    server: DiscordServer
    channels: list[Channel]
    analyst: Person

    def settings(self, base: Settings, **defaults: Any) -> Settings:
        wanted = plain(base)
        wanted["routing"]["defaults"] |= defaults
        wanted["routing"]["channels"] = [
            {"id": str(channel.id), "name": channel.name, "source": "discord"} for channel in self.channels
        ]
        wanted["routing"]["analysts"] = [{"id": "jm", "name": "JM", "authors": [str(self.analyst.id)], "mode": "AUTO"}]
        return Settings.model_validate(wanted)

    def key(self, message_id: int, channel: Channel) -> MessageKey:
        return MessageKey(f"discord:{channel.id}:{message_id}")


def room(server: DiscordServer, channels: int = 1) -> Room:
    guild = server.guild("Room", server.bot(TOKEN))
    return Room(server, [server.channel(guild, f"alerts-{n}") for n in range(channels)], server.person("analyst"))


@asynccontextmanager
async def trading(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, channels: int = 1, heartbeat_s: float = 41.25, **defaults: Any
) -> AsyncIterator[tuple[Room, Life]]:
    """The core with an account at the loopback TWS, fed by a bot at the loopback Discord."""
    tws, clock = await serving()
    server = DiscordServer(heartbeat_s=heartbeat_s)
    server.set_clock(clock.offset)
    await server.start()
    redirect(server, monkeypatch)
    at = room(server, channels)
    life = await Life(folder, tws, clock, at.settings(settings_for(tws.port), **defaults)).open()
    listed = frozenset(str(channel.id) for channel in at.channels)
    source = DiscordSource(
        BotSetup("main", lambda: listed), _ask, clock=clock, tasks=life.tasks,
        timing=replace(QUICK, told_after_s=1.0),
    )  # fmt: skip
    try:
        await ready(life)
        await source.connect(life.core.alerts)
        await eventually(lambda: server.sessions.identifies, why="the bot is logged in")
        await eventually(lambda: "reads" in life.core.alerts.links().get("discord main", ("", ""))[1])
        yield at, life
    finally:
        await source.close()
        await life.close()
        await server.stop()
        await tws.stop()


async def _ask() -> tuple[str, str]:
    return TOKEN, ""


async def test_post_becomes_one_protected_order_whatever_comes_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with trading(tmp_path, monkeypatch) as (at, life):
        (channel,) = at.channels
        stranger = at.server.person("analyst")
        at.server.post(channel, stranger, ENTRY)
        post = at.server.post(channel, at.analyst, ENTRY)
        await life.until(lambda: life.held() == 2 and life.stops_there() == 2, "filled, a stop for both")
        at.server.again(post)
        at.server.pin(post)
        at.server.sessions.twice = True
        at.server.edit(post, ENTRY + "\nlotto")
        at.server.sessions.twice = False
        at.server.drop()
        await eventually(lambda: at.server.sessions.resumes == 1)
        last = at.server.post(channel, at.analyst, "good morning")
        await life.until(lambda: life.core.alerts.decision(at.key(last.id, channel)), "the last message is decided")
        bought = [fill for fill in (await life.core.journal.load()).fills if fill.signed_qty > 0]
        assert sum(fill.last_qty for fill in bought) == life.held() == life.held_there() == 2
        refused = [each for each in life.core.alerts.messages() if each.author_id == str(stranger.id)]
        assert len(refused) == 1
        decision = life.core.alerts.decision(refused[0].message_key)
        assert decision is not None
        assert (decision.outcome, decision.code) == (Outcome.IGNORED, "UNKNOWN_AUTHOR"), "the same name is not the same"


async def test_delete_cancels_what_of_the_entry_still_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with trading(tmp_path, monkeypatch) as (at, life):
        (channel,) = at.channels
        exchange = life.server.exchange
        life.server.price("ESZ6", "6326.00", "6326.25", "6326.25", size=1)
        post = at.server.post(channel, at.analyst, ENTRY)
        await life.until(lambda: life.held() == 1 and life.stops_there() == 1, "one of two filled, a stop for one")
        assert [order.remaining for order in exchange.working() if order.terms.sign > 0] == [1]
        at.server.delete(post)
        await life.until(lambda: all(order.terms.sign < 0 for order in exchange.working()), "the rest is cancelled")
        assert (life.held(), life.stops_there()) == (1, 1)


async def test_what_was_posted_in_a_gap_opens_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with trading(tmp_path, monkeypatch) as (at, life):
        (channel,) = at.channels
        at.server.forget_sessions()
        at.server.drop()
        missed = at.server.post(channel, at.analyst, ENTRY)
        await life.until(lambda: life.core.alerts.decision(at.key(missed.id, channel)), "the missed alert is decided")
        decision = life.core.alerts.decision(at.key(missed.id, channel))
        assert decision is not None
        assert (decision.outcome, decision.code) == (Outcome.MISSED, "BACKFILL")
        assert life.held() == life.held_there() == 0
        assert not life.server.exchange.working()


@pytest.mark.qt_loop
async def test_burst_in_25_channels_is_decided_in_order_and_the_line_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heartbeat_s = 0.5
    async with trading(tmp_path, monkeypatch, channels=25, heartbeat_s=heartbeat_s) as (at, life):
        decided: list[Decision] = []
        life.core.bus.subscribe(AlertDecided, lambda fact: decided.append(fact.decision))
        stranger = at.server.person("stranger")
        posts = [
            at.server.post(channel, stranger if number % 4 else at.analyst, f"ES long {6300 + number}: C\nStop: 6290")
            for number in range(20)
            for channel in at.channels
        ]
        await life.until(lambda: len({each.message_key for each in decided}) == len(posts), "all are decided")
        for channel in at.channels:
            mine = [each.message_key for each in decided if f":{channel.id}:" in each.message_key]
            first = list(dict.fromkeys(mine))
            assert first == [at.key(post.id, channel) for post in posts if post.channel is channel]
        beats = len(at.server.sessions.beat_gaps)
        await eventually(lambda: len(at.server.sessions.beat_gaps) >= beats + 2, why="the heart goes on")
        assert (at.server.sessions.identifies, at.server.sessions.resumes) == (1, 0), "a late heartbeat is hung up on"


def files_with(words: str, folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]


@asynccontextmanager
async def opened(folder: Path, settings: Settings) -> AsyncIterator[Opened]:
    paths = Paths.for_profile("discord", data_dir=folder)
    paths.create()
    write_atomically(paths.config_file, render(settings).encode())
    launch = Launch("discord", folder, None, None, False, False, None, False, False, 1.0, 7, None, None)
    profile = await open_profile(launch, paths)
    await profile.start()
    try:
        yield profile
    finally:
        await profile.close()


async def test_profile_reads_discord_once_its_token_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = DiscordServer()
    await server.start()
    redirect(server, monkeypatch)
    at = room(server)
    (channel,) = at.channels
    settings = at.settings(settings_for(1))
    values = plain(settings)
    values["accounts"] = [row for row in values["accounts"] if row["id"] != CODE]
    values["routing"]["defaults"]["account"] = "sim"
    monkeypatch.delitem(sys.modules, READER, raising=False)
    try:
        async with opened(tmp_path, Settings.model_validate(values)) as profile:
            core = profile.running.core
            assert READER in sys.modules, "no alert waits until its parser is loaded"
            await eventually(lambda: "no token is kept" in core.alerts.links().get("discord main", ("", ""))[1])
            assert server.rest.faults.calls == 0
            await asyncio.to_thread(profile.secrets.unlock, PASSPHRASE)
            await asyncio.to_thread(profile.secrets.put, "discord/main/bot_token", TOKEN)
            await eventually(lambda: "reads #alerts-0" in core.alerts.links()["discord main"][1])
            post = server.post(channel, at.analyst, ENTRY)
            await eventually(lambda: core.alerts.decision(at.key(post.id, channel)), why="the post is decided")
            readings = {reading.name: reading for reading in core.health.look().readings if "discord" in reading.name}
            assert readings["Link to discord main"].value == "up"
            assert not files_with(TOKEN, tmp_path)
    finally:
        await server.stop()
