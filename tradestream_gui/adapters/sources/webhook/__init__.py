"""Webhooks of other platforms, taken on a port of this computer only (aiohttp, which comes with discord.py).

Importing this package does not load it: the source does so beside the loop, once it is switched on.
"""

from tradestream_gui.adapters.sources.webhook.setup import SOURCE, BodyNotes, Group, Timing, WebhookSetup
from tradestream_gui.adapters.sources.webhook.source import WebhookSource

__all__ = ["SOURCE", "BodyNotes", "Group", "Timing", "WebhookSetup", "WebhookSource"]
