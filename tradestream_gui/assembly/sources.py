"""Alert sources that log in somewhere: made where a listed channel asks for one, their tokens out of the secrets."""

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from tradestream_gui.adapters.sources.clipboard import ClipboardSource
from tradestream_gui.adapters.sources.discord import BotSetup, DiscordSource
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.secrets import Secrets, SecretsLocked, SecretsState
from tradestream_gui.ports.source import AlertSource
from tradestream_gui.upkeep.settings.model import Settings
from tradestream_gui.upkeep.settings.service import SettingsService
from tradestream_gui.upkeep.settings.sources import DISCORD, DiscordBotRow, token_name

READER = "tradestream_gui.alerts.parser"


def load_reader(settings: Settings, sources: Iterable[AlertSource]) -> None:
    """Has what reads a text loaded before one can come by itself, so that no alert waits for it. Where a person hands
    in every text, the first one loads it."""
    if settings.clipboard.inbox or any(not isinstance(source, ClipboardSource) for source in sources):
        importlib.import_module(READER)


def discord_sources(
    settings: SettingsService, secrets: Secrets, clock: Clock, tasks: Tasks
) -> tuple[DiscordSource, ...]:
    """A source for each bot that has channels to read; none, and nothing asked of the secrets, where no listed
    channel is Discord's. Which channels these are is looked up at each message, as the settings say by then."""
    bots = [bot for bot in settings.current.discord.bots if bot.enabled and listed_for(bot, settings.current)]
    return tuple(
        DiscordSource(
            BotSetup(bot.id, partial(_listed_now, bot, settings), frozenset(bot.guilds)),
            token_of(secrets, bot.id),
            clock=clock,
            tasks=tasks,
        )
        for bot in bots
    )


def listed_for(bot: DiscordBotRow, settings: Settings) -> frozenset[str]:
    listed = frozenset(channel.id for channel in settings.routing.channels if channel.source == DISCORD)
    return listed & frozenset(bot.channels) if bot.channels else listed


def _listed_now(bot: DiscordBotRow, settings: SettingsService) -> frozenset[str]:
    return listed_for(bot, settings.current)


def token_of(secrets: Secrets, bot: str) -> Callable[[], Awaitable[tuple[str, str]]]:
    """The bot's token with "", or "" with the words why there is none yet."""
    return kept_secret(secrets, token_name(bot), "token", "this bot")


def kept_secret(secrets: Secrets, name: str, what: str, whose: str) -> Callable[[], Awaitable[tuple[str, str]]]:
    """Asks for a secret by its name, on a thread: its value with "", or "" with the words why there is none yet."""
    missing = f"no {what} is kept for {whose}; in a terminal, run: tradestream secret set {name}"

    def read() -> tuple[str, str]:
        try:
            status = secrets.status()
            if status.state is SecretsState.EMPTY:
                return "", missing
            if status.state is SecretsState.LOCKED:
                secrets.unlock(None)
            value = secrets.get(name)
        except SecretsLocked as error:
            return "", f"the vault with the {what} of {whose} is closed: {error}"
        except StoreFailed as error:
            return "", f"the {what} of {whose} cannot be read: {error}"
        return (value.strip(), "") if value and value.strip() else ("", missing)

    async def ask() -> tuple[str, str]:
        return await asyncio.to_thread(read)

    return ask
