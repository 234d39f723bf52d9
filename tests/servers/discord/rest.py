"""The REST calls that a reading bot makes, with Discord's errors, limits and headers."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from tests.servers.discord.world import Bot, Channel, Payload, World

UNAUTHORIZED = (401, {"message": "401: Unauthorized", "code": 0})
UNKNOWN_CHANNEL = (404, {"message": "Unknown Channel", "code": 10003})
UNKNOWN_MESSAGE = (404, {"message": "Unknown Message", "code": 10008})
MISSING_ACCESS = (403, {"message": "Missing Access", "code": 50001})
MOST_AT_ONCE = 100


@dataclass(slots=True)
class RestFaults:
    """What the next call meets."""

    limited_s: float | None = None
    """Wait that the next call is told by a 429."""
    status: int | None = None
    """Status of the next call, as a 500."""
    calls: int = 0
    refused: int = 0


class Rest:
    """`routes` go into the server's application."""

    def __init__(self, world: World, gateway_url: Callable[[], str]) -> None:
        self.faults = RestFaults()
        self._world = world
        self._gateway_url = gateway_url

    def routes(self) -> list[web.RouteDef]:
        api = "/api/v10"
        return [
            web.get(f"{api}/users/@me", self._me),
            web.get(f"{api}/oauth2/applications/@me", self._application),
            web.get(f"{api}/gateway", self._gateway),
            web.get(f"{api}/channels/{{channel}}", self._channel),
            web.get(f"{api}/channels/{{channel}}/messages", self._messages),
            web.get(f"{api}/channels/{{channel}}/messages/{{message}}", self._message),
        ]

    async def _me(self, request: web.Request) -> web.Response:
        bot = self._bot(request)
        return self._answer(*(UNAUTHORIZED if bot is None else (200, bot.payload())))

    async def _application(self, request: web.Request) -> web.Response:
        bot = self._bot(request)
        if bot is None or bot.is_user:
            return self._answer(*UNAUTHORIZED)
        return self._answer(200, bot.application())

    async def _gateway(self, request: web.Request) -> web.Response:
        return self._answer(200, {"url": self._gateway_url()})

    async def _channel(self, request: web.Request) -> web.Response:
        found = self._visible(request)
        return found if isinstance(found, web.Response) else self._answer(200, found.payload())

    async def _messages(self, request: web.Request) -> web.Response:
        """Newest first; with `after` those that come next after it, newest first too."""
        channel = self._visible(request)
        if isinstance(channel, web.Response):
            return channel
        limit = min(int(request.query.get("limit", 50)), MOST_AT_ONCE)
        after, before = int(request.query.get("after", 0)), int(request.query.get("before", 1 << 63))
        ids = sorted(each for each in channel.messages if after < each < before)
        chosen = ids[:limit] if "after" in request.query else ids[-limit:]
        bot = self._bot(request)
        shown = bot is not None and bot.content_intent
        return self._answer(200, [channel.messages[each].payload(with_content=shown) for each in reversed(chosen)])

    async def _message(self, request: web.Request) -> web.Response:
        channel = self._visible(request)
        if isinstance(channel, web.Response):
            return channel
        message = channel.messages.get(int(request.match_info["message"]))
        bot = self._bot(request)
        if message is None:
            return self._answer(*UNKNOWN_MESSAGE)
        return self._answer(200, message.payload(with_content=bot is not None and bot.content_intent))

    def _visible(self, request: web.Request) -> Channel | web.Response:
        bot = self._bot(request)
        if bot is None:
            return self._answer(*UNAUTHORIZED)
        channel = self._world.channel(int(request.match_info["channel"]))
        if channel is None:
            return self._answer(*UNKNOWN_CHANNEL)
        if not channel.sees(bot.me.id) or bot.me.id not in channel.guild.bots:
            return self._answer(*MISSING_ACCESS)
        return channel

    def _bot(self, request: web.Request) -> Bot | None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        return self._world.bots.get(token) if kind == "Bot" else None

    def _answer(self, status: int, body: Payload | list[Payload]) -> web.Response:
        faults = self.faults
        faults.calls += 1
        headers = {
            "X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "4", "X-RateLimit-Reset-After": "1.0",
            "X-RateLimit-Reset": "9999999999.0", "X-RateLimit-Bucket": "practice", "Via": "1.1 loopback",
        }  # fmt: skip
        if faults.limited_s is not None:
            wait_s, faults.limited_s = faults.limited_s, None
            body, status = {"message": "You are being rate limited.", "retry_after": wait_s, "global": False}, 429
            headers |= {"X-RateLimit-Remaining": "0", "Retry-After": str(wait_s)}
            faults.refused += 1
        elif faults.status is not None:
            status, faults.status = faults.status, None
            body = {"message": "practised failure", "code": 0}
        response = web.json_response(body, status=status, headers=headers)
        response.headers["Content-Type"] = "application/json"  # exactly so: a charset makes clients read it as text
        return response
