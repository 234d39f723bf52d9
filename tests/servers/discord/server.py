"""The server itself: listens on loopback and obeys the control, by which a test or a console posts and disturbs."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from aiohttp import web

from tests.servers.discord.gateway import INVALID, RECONNECT, GatewaySocket, Sessions
from tests.servers.discord.rest import Rest
from tests.servers.discord.world import (
    ANNOUNCEMENT,
    CROSSPOSTED,
    DEFAULT,
    PUBLIC_THREAD,
    REPLY,
    TEXT,
    Bot,
    Channel,
    Guild,
    Message,
    Payload,
    Person,
    Webhook,
    World,
)

JOINED = "2026-01-01T00:00:00+00:00"


class DiscordServer:
    """`port` 0 takes any free one and keeps it over restarts. Everything public below `start` is the control."""

    def __init__(self, *, heartbeat_s: float = 41.25, now: Callable[[], datetime] | None = None) -> None:
        self.clock_offset = timedelta(0)
        self._clock = now or (lambda: datetime.now(UTC))
        self.world = World(lambda: self._clock() + self.clock_offset)
        self.port = 0
        self.sessions = Sessions(self.world, heartbeat_s, lambda: self.gateway_url)
        self.rest = Rest(self.world, lambda: self.gateway_url, lambda: self.sessions.starts_left, self.post)
        self._runner: web.AppRunner | None = None
        self._next_id = 1000

    @property
    def rest_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gw"

    async def start(self, port: int = 0) -> None:
        application = web.Application()
        application.add_routes([*self.rest.routes(), web.get("/gw", self._gateway), web.get("/gw/", self._gateway)])
        self._runner = web.AppRunner(application, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port or self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Nobody is let in, and whoever is in is hung up on."""
        self.drop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # -- control: who and where ----------------------------------------------------------------------------

    def bot(self, token: str, name: str = "reader", *, content_intent: bool = True, is_user: bool = False) -> Bot:
        me = Person(self._id(), name, bot=not is_user)
        self.world.bots[token] = Bot(token, me, self._id(), content_intent, is_user)
        return self.world.bots[token]

    def guild(self, name: str, *bots: Bot) -> Guild:
        guild = Guild(self._id(), name, bots={bot.me.id for bot in bots})
        self.world.guilds[guild.id] = guild
        return guild

    def channel(self, guild: Guild, name: str, *, announcement: bool = False) -> Channel:
        channel = Channel(self._id(), name, guild, ANNOUNCEMENT if announcement else TEXT)
        guild.channels[channel.id] = channel
        return channel

    def thread(self, starter: Message, name: str) -> Channel:
        """A public thread that hangs on a message: it bears the message's own id."""
        parent = starter.channel
        thread = Channel(starter.id, name, parent.guild, PUBLIC_THREAD, parent)
        parent.guild.channels[thread.id] = thread
        self._tell(thread, "THREAD_CREATE", thread.payload())
        return thread

    def webhook(self, channel: Channel, name: str) -> tuple[Person, str]:
        """A webhook of a channel, and the address at which it takes posts."""
        hook = Webhook(self.person(name, webhook=True), "hook-secret-of-sixty-eight-letters", channel)
        self.world.webhooks[hook.me.id] = hook
        return hook.me, f"http://127.0.0.1:{self.port}/api/webhooks/{hook.me.id}/{hook.token}"

    def slow_mode(self, channel: Channel, wait_s: float) -> None:
        """Whoever posts waits so long before the next post; 0 ends it."""
        channel.slow_s = wait_s

    def person(self, name: str, *, bot: bool = False, webhook: bool = False) -> Person:
        return Person(self._id(), name, bot, webhook)

    def hide(self, channel: Channel, bot: Bot) -> None:
        channel.hidden_from.add(bot.me.id)
        self._tell_rights(channel)

    def show(self, channel: Channel, bot: Bot) -> None:
        channel.hidden_from.discard(bot.me.id)
        self._tell_rights(channel)

    def _tell_rights(self, channel: Channel) -> None:
        """Bots keep every channel in their list, also those that they may not see."""
        for session in list(self.sessions.kept.values()):
            if session.bot.me.id in channel.guild.bots:
                session.emit("CHANNEL_UPDATE", channel.payload())

    # -- control: messages ---------------------------------------------------------------------------------

    def post(
        self,
        channel: Channel,
        author: Person,
        content: str = "",
        *,
        embeds: Sequence[Payload] = (),
        reply_to: Message | None = None,
        snapshots: Sequence[str] = (),
        kind: int | None = None,
        crossposted: bool = False,
        unheard: bool = False,
    ) -> Message:
        """`unheard`: it stands in the channel, but the gateway never tells of it."""
        message = Message(
            id=self.world.snowflake(),
            channel=channel,
            author=author,
            content=content,
            at=self.world.now(),
            type=kind if kind is not None else REPLY if reply_to is not None else DEFAULT,
            embeds=tuple(embeds),
            reply_to=reply_to,
            snapshots=tuple(snapshots),
            flags=CROSSPOSTED if crossposted else 0,
        )
        channel.messages[message.id] = message
        if not unheard:
            self._tell_message("MESSAGE_CREATE", message)
        return message

    def edit(self, message: Message, content: str, *, unheard: bool = False) -> None:
        message.content, message.edited_at = content, self.world.now()
        if not unheard:
            self._tell_message("MESSAGE_UPDATE", message)

    def pin(self, message: Message) -> None:
        """An update that changes no word."""
        self._tell_message("MESSAGE_UPDATE", message)

    def delete(self, *messages: Message, unheard: bool = False) -> None:
        channel = messages[0].channel
        for message in messages:
            channel.messages.pop(message.id, None)
        if unheard:
            return
        where: Payload = {"channel_id": str(channel.id), "guild_id": str(channel.guild.id)}
        if len(messages) == 1:
            self._tell(channel, "MESSAGE_DELETE", {"id": str(messages[0].id), **where})
        else:
            self._tell(channel, "MESSAGE_DELETE_BULK", {"ids": [str(each.id) for each in messages], **where})

    def again(self, message: Message) -> None:
        """The same event a second time, under a number of its own."""
        self._tell_message("MESSAGE_CREATE", message)

    # -- control: faults -----------------------------------------------------------------------------------

    def set_clock(self, offset: timedelta) -> None:
        self.clock_offset = offset

    def drop(self) -> None:
        for socket in list(self.sessions.sockets):
            socket.cut()

    def reconnect(self) -> None:
        for socket in list(self.sessions.sockets):
            socket.send({"op": RECONNECT, "t": None, "s": None, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        for socket in list(self.sessions.sockets):
            socket.send({"op": INVALID, "t": None, "s": None, "d": resumable})
        if not resumable:
            self.sessions.kept.clear()

    def forget_sessions(self) -> None:
        """A resume finds nothing: the next log-in starts anew."""
        self.sessions.kept.clear()

    async def close_sockets(self, code: int) -> None:
        for socket in list(self.sessions.sockets):
            await socket.close(code)

    def freeze(self) -> None:
        """The sockets that are open now stay open and say nothing any more; a new one is served."""
        for socket in list(self.sessions.sockets):
            socket.is_frozen = True

    def garbage(self, text: str = '{"op":0,"t":"NEVER_HEARD_OF","s":null,"d":{}}') -> None:
        for socket in list(self.sessions.sockets):
            socket.send_text(text)

    def limit_next(self, wait_s: float) -> None:
        self.rest.faults.limited_s = wait_s

    def http_status_next(self, status: int) -> None:
        self.rest.faults.status = status

    def snapshot(self) -> dict[str, int]:
        sessions = self.sessions
        return {
            "sockets": len(sessions.sockets), "identifies": sessions.identifies, "resumes": sessions.resumes,
            "rest_calls": self.rest.faults.calls,
            "messages": sum(len(channel.messages) for channel in self.world.channels()),
        }  # fmt: skip

    # -- inside --------------------------------------------------------------------------------------------

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=1 << 16)
        await socket.prepare(request)
        query = dict(request.query)
        self.sessions.queries.append(query)
        await GatewaySocket(self.sessions, socket, query).serve()
        return socket

    def _tell_message(self, event: str, message: Message) -> None:
        for session in list(self.sessions.kept.values()):
            if session.wants(message.channel):
                shown = message.payload(with_content=session.has_content)
                if not message.author.webhook:
                    shown["member"] = {"roles": [], "joined_at": JOINED, "deaf": False, "mute": False, "flags": 0}
                session.emit(event, {**shown, "guild_id": str(message.channel.guild.id)})

    def _tell(self, channel: Channel, event: str, data: Payload) -> None:
        for session in list(self.sessions.kept.values()):
            if session.wants(channel):
                session.emit(event, data)

    def _id(self) -> int:
        self._next_id += 1
        return self.world.snowflake(datetime(2026, 1, 1, tzinfo=UTC)) + self._next_id
