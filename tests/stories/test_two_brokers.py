"""Two brokers in one profile: one room is traded at TWS and another at TopstepX, each in its own books to the cent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.sources.discord.rig import QUICK, TOKEN, redirect
from tests.servers.discord import Channel, DiscordServer, Person
from tests.servers.projectx import ProjectXServer
from tests.stories import ibkr_life, projectx_life
from tests.stories.far_ends import FarEnd, TopstepEnd, TwsEnd
from tests.stories.ibkr_life import FRIDAY, Life
from tests.stories.test_discord_to_brokers import ENTRY, STOPPED_AT, guarded, walk
from tradestream_gui.adapters.sources.discord import BotSetup, DiscordSource
from tradestream_gui.assembly.brokers import projectx_side
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.model import Settings

ACCOUNTS = (ibkr_life.ACCOUNT, projectx_life.ACCOUNT)
CALLS = (ENTRY, ENTRY.replace("6326", "6326.25"))
"""Each analyst has words of his own: the very same ones in another room would be taken for a repetition."""
CHATTER = ("good morning", "watching 6320 here", "nice move", "coffee")


@dataclass
class Desks:
    """One program, its two rooms with an analyst each, and the two brokers' own books."""

    life: Life
    discord: DiscordServer
    rooms: list[Channel]
    analysts: list[Person]
    ends: tuple[FarEnd, FarEnd]

    def both_earned(self) -> tuple[Decimal, Decimal]:
        return self.ends[0].earned(), self.ends[1].earned()

    async def booked(self, account_id: AccountId) -> Decimal:
        """What the program's own fills of an account add up to, fees taken off."""
        fills = [fill for fill in (await self.life.core.journal.load()).fills if fill.account_id == account_id]
        return sum((-fill.signed_qty * fill.last_px * 50 - fill.commission for fill in fills), Decimal(0))


def settings_of(port: int, topstep: ProjectXServer, rooms: list[Channel], analysts: list[Person]) -> Settings:
    wanted, other = plain(ibkr_life.settings_for(port)), plain(projectx_life.settings_for(topstep))
    wanted["accounts"].append(other["accounts"][1])
    wanted["projectx"] = other["projectx"]
    wanted["routing"]["channels"] = [
        {"id": str(room.id), "name": room.name, "source": "discord", "account": account}
        for room, account in zip(rooms, ACCOUNTS, strict=True)
    ]
    wanted["routing"]["analysts"] = [
        {"id": person.name, "name": person.name, "authors": [str(person.id)], "mode": "AUTO"} for person in analysts
    ]
    return Settings.model_validate(wanted)


@asynccontextmanager
async def trading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desks]:
    tws, clock = await ibkr_life.serving()
    topstep = ProjectXServer(today=FRIDAY.date(), balance=Decimal(500_000))
    topstep.set_clock(clock.offset)
    await topstep.start()
    topstep.price("ESZ6", "6326.00", "6326.25", "6326.25")
    discord = DiscordServer()
    discord.set_clock(clock.offset)
    await discord.start()
    redirect(discord, monkeypatch)
    guild = discord.guild("Room", discord.bot(TOKEN))
    rooms = [discord.channel(guild, name) for name in ("futures", "prop")]
    analysts = [discord.person(name) for name in ("jm", "kt")]
    vault = projectx_life.OpenVault()

    async def at_topstep(current: Settings, *rest: Any) -> Any:
        return await projectx_side(current, vault, *rest)

    settings = settings_of(tws.port, topstep, rooms, analysts)
    life = await Life(folder, tws, clock, settings, make_more=(at_topstep,)).open()
    listed = frozenset(str(room.id) for room in rooms)
    source = DiscordSource(
        BotSetup("main", lambda: listed), _ask, clock=clock, tasks=life.tasks, timing=QUICK
    )
    ends = TwsEnd(tws), TopstepEnd(topstep)
    guards = [asyncio.create_task(guarded(end), name="guard") for end in ends]
    try:
        core = life.core
        for account in ACCOUNTS:
            is_open = lambda at=account: core.accounts.state(at).trading_state is TradingState.ACTIVE  # noqa: E731
            await life.until(is_open, f"{account} is open")
        await source.connect(core.alerts)
        await life.until(lambda: "reads" in core.alerts.links().get("discord main", ("", ""))[1], "the bot reads")
        for end in ends:
            end.price("6326.00")
        es = core.reference.front("ES", clock.now())
        await life.until(lambda: core.board.quote(es.instrument_id), "a price of ES")
        yield Desks(life, discord, rooms, analysts, ends)
        for guard in guards:
            assert not guard.done() or guard.result() is None
    finally:
        for guard in guards:
            guard.cancel()
        await source.close()
        await life.close()
        for server in (discord, tws, topstep):
            await server.stop()


async def _ask() -> tuple[str, str]:
    return TOKEN, ""


async def test_one_burst_in_both_rooms_is_traded_at_both_brokers_and_booked_as_each_of_them_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with trading(tmp_path, monkeypatch) as desks:
        life, (tws, topstep) = desks.life, desks.ends
        for number in range(20):
            for room, analyst, call in zip(desks.rooms, desks.analysts, CALLS, strict=True):
                words = call if number == 10 else CHATTER[number % len(CHATTER)]
                desks.discord.post(room, analyst, words)
        await life.until(
            lambda: all(end.held() == 2 and end.stops() == [(STOPPED_AT, 2)] for end in desks.ends),
            "both are filled and protected",
        )
        await asyncio.gather(*(walk(end, "6333.00", "6333.25") for end in desks.ends))
        await life.until(lambda: [end.held() for end in desks.ends] == [1, 1], "half is off at both")
        topstep_only = topstep.earned()
        await asyncio.gather(*(walk(end, "6338.25", "6338.50") for end in desks.ends))
        await life.until(lambda: all(end.held() == 0 and end.is_clear() for end in desks.ends), "flat at both")
        for account, end in zip(ACCOUNTS, desks.ends, strict=True):
            for _ in range(200):
                if await desks.booked(account) == end.earned():
                    break
                await asyncio.sleep(0.05)
            assert await desks.booked(account) == end.earned() > 0, account
            assert end.bought() == 2, "one entry at each"
            assert life.core.ledger.realized(account, life.clock.now()) == end.earned()
        assert topstep.earned() != topstep_only
        assert tws.earned() != topstep.earned(), "each broker takes its own fees"
