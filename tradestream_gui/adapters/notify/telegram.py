"""A Telegram bot of the user's own that writes to his chat."""

import re
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from tradestream_gui.adapters.notify.web import WebPoster
from tradestream_gui.adapters.notify.wording import Secret, together
from tradestream_gui.ports.notify import NotDelivered, Post

BASE = "https://api.telegram.org"
LIMIT = 4000
_TOKEN = re.compile(r"\d{1,20}:[\w-]{10,100}\Z")


class TelegramOutlet:
    """`token` gives the bot's token, `chat` the chat that it writes to as the settings say by then."""

    name = "Telegram"
    gap_s = 1.1
    """One message a second is allowed for a chat."""

    def __init__(
        self, token: Secret, chat: Callable[[], str], zone: Callable[[], ZoneInfo], base: str = BASE
    ) -> None:
        self._token = token
        self._chat = chat
        self._zone = zone
        self._base = base
        self._web = WebPoster("Telegram")

    async def send(self, posts: Sequence[Post]) -> None:
        token, why = await self._token()
        if not token:
            raise NotDelivered(why, is_final=True)
        if not _TOKEN.match(token):
            raise NotDelivered("the kept token is none of a Telegram bot; BotFather gives it", is_final=True)
        if not self._chat():
            raise NotDelivered("no chat is set: write to the bot once and enter the chat's id", is_final=True)
        fields = {
            "chat_id": self._chat(),
            "text": together(posts, self._zone(), LIMIT),
            "disable_notification": all(post.is_silent for post in posts),
            "link_preview_options": {"is_disabled": True},
        }
        await self._web.post(f"{self._base}/bot{token}/sendMessage", fields, token)

    async def close(self) -> None:
        await self._web.close()
