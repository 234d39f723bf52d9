"""Discord, read by bots of the user's own (discord.py, which brings aiohttp).

Importing this package loads neither: a source does so beside the loop, once it holds a token.
"""

from tradestream_gui.adapters.sources.discord.setup import SOURCE, BotSetup, Timing
from tradestream_gui.adapters.sources.discord.source import DiscordSource

__all__ = ["SOURCE", "BotSetup", "DiscordSource", "Timing"]
