"""From a post on Discord to a protected position at TopstepX and out of it by both targets, killed in the middle."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.adapters.sources.discord.rig import QUICK, TOKEN, redirect
from tests.servers.discord import DiscordServer
from tests.stories.ibkr_life import Life
from tests.stories.test_discord_alerts import Room, room
from tests.stories.test_projectx_account import (
    guarded,
    held_there,
    life_at,
    ready,
    serving,
    settings_for,
    stops_there,
)
from tests.support import eventually
from tradestream_gui.adapters.sources.discord import BotSetup, DiscordSource

D = Decimal


@asynccontextmanager
async def listening(life: Life, at: Room) -> AsyncIterator[DiscordSource]:
    """The bot of one life of the program, logged in and reading."""
    listed = frozenset(str(channel.id) for channel in at.channels)

    async def ask() -> tuple[str, str]:
        return TOKEN, ""

    source = DiscordSource(
        BotSetup("main", lambda: listed), ask, clock=life.clock, tasks=life.tasks,
        timing=replace(QUICK, told_after_s=1.0),
    )  # fmt: skip
    try:
        await ready(life)
        await source.connect(life.core.alerts)
        await eventually(lambda: "reads" in life.core.alerts.links().get("discord main", ("", ""))[1])
        yield source
    finally:
        await source.close()


async def test_post_is_filled_in_parts_protected_killed_and_leaves_by_both_targets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    topstep, clock = await serving()
    discord = DiscordServer()
    discord.set_clock(clock.offset)
    await discord.start()
    redirect(discord, monkeypatch)
    at = room(discord, 1)
    settings = at.settings(settings_for(topstep))
    guard = asyncio.create_task(guarded(topstep), name="guard")
    life = await life_at(tmp_path, topstep, clock, settings=settings).open()
    try:
        async with listening(life, at):
            topstep.price("ESZ6", "6326.00", "6326.25", "6326.25", size=1)
            post = discord.post(at.channels[0], at.analyst, "ES long 6326: B\nStop: 6316")
            await life.until(lambda: life.held() == 1 and stops_there(topstep) == 1, "one of two, a stop for one")
            topstep.price("ESZ6", "6326.00", "6326.25", "6326.25", size=1)
            await life.until(lambda: life.held() == 2 and stops_there(topstep) == 2, "both, a stop for both")
        await life.die()
        life = await life_at(tmp_path, topstep, clock, settings=settings).open()
        async with listening(life, at):
            await life.until(lambda: life.held() == 2, "known again")
            discord.again(post)
            for bid in ("6333.25", "6333.50", "6338.50", "6338.75"):
                ask = str(D(bid) + D("0.25"))
                for _ in range(15):
                    topstep.price("ESZ6", bid, ask, ask)
                    await asyncio.sleep(0.05)
            await life.until(lambda: life.held() == held_there(topstep) == 0, "flat by both targets")
            await life.until(lambda: not topstep.exchange.working(), "nothing rests")
            fills = (await life.core.journal.load()).fills
            earned = sum(-fill.signed_qty * fill.last_px * 50 - fill.commission for fill in fills)
            assert earned == topstep.account.balance - 500_000
            assert sum(fill.last_qty for fill in fills if fill.signed_qty > 0) == 2
    finally:
        guard.cancel()
        (worst,) = await asyncio.gather(guard, return_exceptions=True)
        await life.close()
        await discord.stop()
        await topstep.stop()
    assert isinstance(worst, asyncio.CancelledError), worst
