"""Builds the connection checks: a guide, the fields with what is kept, and the adapter's calls, loaded late."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module

from tradestream_gui.assembly.brokers import load_beside
from tradestream_gui.assembly.sources import kept_secret, listed_for, token_of
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.connection_check import CheckField, CheckStep, ConnectionCheck, Tell
from tradestream_gui.ports.secrets import Secrets
from tradestream_gui.upkeep.connection_guides import DISCORD_GUIDE, IBKR_GUIDE, PROJECTX_GUIDE, ConnectionGuide
from tradestream_gui.upkeep.settings.brokers import PROJECTX_KEY
from tradestream_gui.upkeep.settings.model import Settings
from tradestream_gui.upkeep.settings.service import SettingsService
from tradestream_gui.upkeep.settings.sources import token_name

CLIENT_ID_STEP = 60
"""The check logs in under a client id of its own: the program's may be in use by the program itself."""
Run = Callable[[Mapping[str, str], Tell], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Check:
    """A ConnectionCheck out of its parts."""

    guide: ConnectionGuide
    given: Callable[[Settings], tuple[CheckField, ...]]
    calls: Run
    settings: SettingsService

    @property
    def title(self) -> str:
        return self.guide.title

    @property
    def needs(self) -> tuple[str, ...]:
        return self.guide.needs

    @property
    def unproven(self) -> tuple[str, ...]:
        return self.guide.unproven

    def fields(self) -> tuple[CheckField, ...]:
        return self.given(self.settings.current)

    async def run(self, values: Mapping[str, str], tell: Tell) -> bool:
        return await self.calls(values, tell)


def connection_checks(
    settings: SettingsService, secrets: Secrets, clock: Clock, tasks: Tasks
) -> tuple[ConnectionCheck, ...]:
    async def ibkr(values: Mapping[str, str], tell: Tell) -> bool:
        await asyncio.to_thread(load_beside, "tradestream_gui.adapters.brokers.ibkr.check", asyncio.get_running_loop())
        from tradestream_gui.adapters.brokers.ibkr import Endpoint, Timing
        from tradestream_gui.adapters.brokers.ibkr.check import check

        port = values["port"].strip()
        if not port.isdecimal() or not 0 < int(port) < 65_536:
            return _refused(tell, "Log-in", f"“{port}” is no port: TWS 7497 or 7496, IB Gateway 4002 or 4001")
        endpoint = Endpoint(values["host"].strip(), int(port), settings.current.ibkr.client_id + CLIENT_ID_STEP)
        return await check(endpoint, tell, clock=clock, tasks=tasks, timing=Timing())

    async def projectx(values: Mapping[str, str], tell: Tell) -> bool:
        await asyncio.to_thread(import_module, "tradestream_gui.adapters.brokers.projectx.check")
        from tradestream_gui.adapters.brokers.projectx import Endpoints, Gateway, Timing
        from tradestream_gui.adapters.brokers.projectx.check import check

        key, problem = await _given(
            values["key"], kept_secret(secrets, PROJECTX_KEY, "API key", "TopstepX")
        )
        user, wanted = values["user"].strip(), settings.current.projectx
        problem = problem if user else "type your TopstepX user name first; it is that of your log-in there"
        if problem:
            return _refused(tell, "Log-in by user name and key", problem)

        async def credentials() -> tuple[str, str, str]:
            return user, key, ""

        gateway = Gateway(
            Endpoints(wanted.api_url, wanted.user_hub_url, wanted.market_hub_url), credentials, clock=clock,
            tasks=tasks, timing=Timing(),
        )  # fmt: skip
        return await check(gateway, tell, clock=clock, tasks=tasks, key=key)

    return (
        *(
            Check(_titled(IBKR_GUIDE, f"{IBKR_GUIDE.title}, {kind}"), partial(_ibkr_fields, kind=kind), ibkr, settings)
            for kind in ("paper", "live")
        ),
        Check(PROJECTX_GUIDE, _projectx_fields, projectx, settings),
        *(_bot_check(bot.id, settings, secrets) for bot in settings.current.discord.bots),
    )


def _bot_check(bot: str, settings: SettingsService, secrets: Secrets) -> ConnectionCheck:
    async def discord(values: Mapping[str, str], tell: Tell) -> bool:
        await asyncio.to_thread(import_module, "tradestream_gui.adapters.sources.discord.check")
        from tradestream_gui.adapters.sources.discord.check import check

        token, problem = await _given(values["token"], token_of(secrets, bot))
        if problem:
            return _refused(tell, "Who the token is", problem)
        row = next((one for one in settings.current.discord.bots if one.id == bot), None)
        channels = sorted(listed_for(row, settings.current)) if row is not None else []
        return await check(token, channels, tell)

    def fields(current: Settings) -> tuple[CheckField, ...]:
        return (CheckField("token", "Bot token", "", secret=token_name(bot)),)

    return Check(_titled(DISCORD_GUIDE, f"{DISCORD_GUIDE.title} “{bot}”"), fields, discord, settings)


def _titled(guide: ConnectionGuide, title: str) -> ConnectionGuide:
    return replace(guide, title=title)


def _ibkr_fields(current: Settings, *, kind: str) -> tuple[CheckField, ...]:
    wanted = current.ibkr
    port = wanted.live_port if kind == "live" else wanted.paper_port
    return (
        CheckField("host", "Computer on which TWS runs", wanted.host, setting="ibkr.host"),
        CheckField("port", f"Port of its {kind} log-in", str(port), setting=f"ibkr.{kind}_port"),
    )


def _projectx_fields(current: Settings) -> tuple[CheckField, ...]:
    return (
        CheckField("user", "TopstepX user name", current.projectx.user_name, setting="projectx.user_name"),
        CheckField("key", "API key", "", secret=PROJECTX_KEY),
    )


async def _given(typed: str, kept: Callable[[], Awaitable[tuple[str, str]]]) -> tuple[str, str]:
    """What was typed, else what is kept, with the words why there is neither."""
    return (typed.strip(), "") if typed.strip() else await kept()


def _refused(tell: Tell, name: str, words: str) -> bool:
    """Nothing was asked of anybody."""
    tell(CheckStep(name, False, words, 0.0, ""))
    return False
