"""A Discord webhook of the user's own: his fills, and what else he lets through."""

import re
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from tradestream_gui.adapters.notify.web import WebPoster
from tradestream_gui.adapters.notify.wording import Secret, together
from tradestream_gui.ports.notify import NotDelivered, Post

LIMIT = 1900
"""Discord takes 2,000 characters; escapes need some of them."""
SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS = 4, 4096
BASES = ("https://discord.com", "https://discordapp.com", "https://ptb.discord.com", "https://canary.discord.com")
_PATH = re.compile(r"/api(?:/v\d{1,2})?/webhooks/\d{1,20}/[\w-]{1,120}\Z")
_MARKS = re.compile(r"([\\*_~`|>#\[\]()])")


class DiscordWebhookOutlet:
    """`url` gives the webhook's whole URL: whoever has it can post there, so it is a secret."""

    name = "Discord webhook"
    gap_s = 2.1
    """Thirty a minute are allowed for a channel."""

    def __init__(self, url: Secret, zone: Callable[[], ZoneInfo], bases: Sequence[str] = BASES) -> None:
        self._url = url
        self._zone = zone
        self._bases = tuple(bases)
        self._web = WebPoster("Discord")

    async def send(self, posts: Sequence[Post]) -> None:
        url, why = await self._url()
        if not url:
            raise NotDelivered(why, is_final=True)
        base = next((base for base in self._bases if url.startswith(f"{base}/")), None)
        if base is None or not _PATH.match(url.removeprefix(base)):
            words = "the kept URL is no Discord webhook; copy it from the channel's settings under Integrations"
            raise NotDelivered(words, is_final=True)
        is_silent = all(post.is_silent for post in posts)
        fields = {
            "content": _MARKS.sub(r"\\\1", together(posts, self._zone(), LIMIT // 2)),
            "allowed_mentions": {"parse": []},
            "flags": SUPPRESS_EMBEDS | (SUPPRESS_NOTIFICATIONS if is_silent else 0),
        }
        await self._web.post(f"{url}?wait=true", fields, url.rpartition("/")[2])

    async def close(self) -> None:
        await self._web.close()
