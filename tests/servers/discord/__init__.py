"""Discord on loopback: the gateway's websocket and the REST calls of a bot, over guilds and messages of its own."""

from tests.servers.discord.server import DiscordServer
from tests.servers.discord.world import Channel, Guild, Person

__all__ = ["Channel", "DiscordServer", "Guild", "Person"]
