"""The REST calls that a reading bot makes, with Discord's errors, limits and headers."""

from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from tests.servers.discord.world import Bot, Channel, Message, Payload, Person, World

UNAUTHORIZED = (401, {"message": "401: Unauthorized", "code": 0})
UNKNOWN_CHANNEL = (404, {"message": "Unknown Channel", "code": 10003})
UNKNOWN_MESSAGE = (404, {"message": "Unknown Message", "code": 10008})
MISSING_ACCESS = (403, {"message": "Missing Access", "code": 50001})
UNKNOWN_WEBHOOK = (404, {"message": "Unknown Webhook", "code": 10015})
EMPTY_MESSAGE = (400, {"message": "Cannot send an empty message", "code": 50006})
SLOW_MODE = 20016
MOST_AT_ONCE = 100
STARTS_A_DAY, DAY_MS = 1000, 86_400_000


Post = Callable[[Channel, Person, str], Message]


@dataclass(slots=True)
class RestFaults:
    """What the next call meets."""

    limited_s: float | None = None
    """Wait that the next call is told by a 429."""
    status: int | None = None
    """Status of the next call, as a 500."""
    history: list[int] = field(default_factory=list)
    """Statuses of the next calls for a channel's history."""
    calls: int = 0
    refused: int = 0


class Rest:
    """`routes` go into the server's application."""

    def __init__(
        self, world: World, gateway_url: Callable[[], str], starts_left: Callable[[], int], post: Post
    ) -> None:
        self.faults = RestFaults()
        self._world = world
        self._gateway_url = gateway_url
        self._starts_left = starts_left
        self._post = post

    def routes(self) -> list[web.RouteDef]:
        api = "/api/v10"
        return [
            web.get(f"{api}/users/@me", self._me),
            web.get(f"{api}/oauth2/applications/@me", self._application),
            web.get(f"{api}/gateway", self._gateway),
            web.get(f"{api}/gateway/bot", self._gateway_of_a_bot),
            web.post("/api/webhooks/{webhook}/{token}", self._webhook),
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

    async def _gateway_of_a_bot(self, request: web.Request) -> web.Response:
        bot = self._bot(request)
        if bot is None or bot.is_user:
            return self._answer(*UNAUTHORIZED)
        left = {"total": STARTS_A_DAY, "remaining": self._starts_left(), "reset_after": DAY_MS, "max_concurrency": 1}
        return self._answer(200, {"url": self._gateway_url(), "shards": 1, "session_start_limit": left})

    async def _webhook(self, request: web.Request) -> web.Response:
        """A post by a webhook; in slow mode it waits its turn as everybody does."""
        hook = self._world.webhooks.get(int(request.match_info["webhook"]))
        if hook is None or hook.token != request.match_info["token"]:
            return self._answer(*UNKNOWN_WEBHOOK)
        words = (await request.json()).get("content")
        if not words:
            return self._answer(*EMPTY_MESSAGE)
        now, last = self._world.now(), hook.channel.posted_at.get(hook.me.id)
        wait_s = hook.channel.slow_s - (now - last).total_seconds() if last is not None else 0.0
        if wait_s > 0:
            refusal = "This action cannot be performed due to slowmode rate limit."
            self.faults.refused += 1
            return self._answer(429, {"message": refusal, "code": SLOW_MODE, "retry_after": round(wait_s, 3)})
        hook.channel.posted_at[hook.me.id] = now
        message = self._post(hook.channel, hook.me, words)
        return self._answer(200, message.payload()) if request.query.get("wait") == "true" else web.Response(status=204)

    async def _channel(self, request: web.Request) -> web.Response:
        found = self._visible(request)
        return found if isinstance(found, web.Response) else self._answer(200, found.payload())

    async def _messages(self, request: web.Request) -> web.Response:
        """Newest first; with `after` those that come next after it, newest first too."""
        channel = self._visible(request)
        if isinstance(channel, web.Response):
            return channel
        if self.faults.history:
            return self._answer(self.faults.history.pop(0), {"message": "practised failure", "code": 0})
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
