"""The core in a process of its own, which a story kills: a bot at a loopback Discord, an account at a loopback broker.

Says `open` once the account is compared and `ready` once it has a price and the bot reads; then it trades until killed.
"""

import asyncio
import json
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import yarl

from tests.adapters.sources.discord.rig import QUICK, TOKEN
from tests.stories import ibkr_life, projectx_life
from tests.stories.ibkr_life import FridayClock, Life
from tradestream_gui.adapters.sources.discord import BotSetup, DiscordSource
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.upkeep.settings.model import Settings


def life_of(told: dict[str, Any]) -> Life:
    settings, folder = Settings.model_validate(told["settings"]), Path(told["folder"])
    clock = FridayClock(timedelta(seconds=told["offset_s"]))
    if told["broker"] == "tws":
        return Life(folder, None, clock, settings, account=ibkr_life.ACCOUNT)
    return projectx_life.life_at(folder, None, clock, settings=settings)


async def trade(told: dict[str, Any]) -> None:
    discord.http.Route.BASE = told["rest"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(told["gateway"])
    life = await life_of(told).open()
    core, listed = life.core, frozenset(told["channels"])
    await life.until(lambda: core.accounts.state(life.account).trading_state is TradingState.ACTIVE, "it is open")
    print("open", flush=True)
    es = core.reference.resolve("ES", life.clock.now())
    assert es is not None
    await life.until(lambda: core.board.quote(es.instrument_id), "a price of ES")
    source = DiscordSource(
        BotSetup("main", lambda: listed), _ask, clock=life.clock, tasks=life.tasks,
        timing=replace(QUICK, told_after_s=1.0),
    )  # fmt: skip
    await source.connect(core.alerts)
    await life.until(lambda: "reads" in core.alerts.links().get("discord main", ("", ""))[1], "the bot reads")
    print("ready", flush=True)
    await asyncio.Event().wait()


async def _ask() -> tuple[str, str]:
    return TOKEN, ""


if __name__ == "__main__":
    asyncio.run(trade(json.loads(sys.argv[1])))
