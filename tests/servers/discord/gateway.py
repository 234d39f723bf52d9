"""The gateway's side of one websocket: hello, identify, heartbeat, resume, and the events of a session."""

import asyncio
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from aiohttp import WSMsgType, web

from tests.servers.discord.world import Bot, Channel, Guild, Payload, World

DISPATCH, BEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
GUILDS, GUILD_MESSAGES, MESSAGE_CONTENT = 1, 1 << 9, 1 << 15
UNKNOWN_OP, BAD_FRAME, NOT_IDENTIFIED, BAD_TOKEN, TWICE, BAD_SEQ, TIMED_OUT = 4001, 4002, 4003, 4004, 4005, 4007, 4009
BAD_VERSION, DISALLOWED_INTENTS = 4012, 4014
VERSION, ENCODING, COMPRESSION = "10", "json", "zlib-stream"
"""What the query of the gateway's address may ask for; another compression is answered with plain text."""


@dataclass(slots=True)
class GatewaySession:
    """What outlives a socket: the events by number, for a resume."""

    session_id: str
    bot: Bot
    intents: int
    events: list[Payload] = field(default_factory=list)
    socket: "GatewaySocket | None" = None

    def emit(self, name: str, data: Payload) -> None:
        """Numbers the event; it is sent where a socket is, and kept for a resume otherwise."""
        frame = {"op": DISPATCH, "t": name, "s": len(self.events) + 1, "d": data}
        self.events.append(frame)
        if self.socket is not None:
            self.socket.send(frame)

    def wants(self, channel: Channel) -> bool:
        is_there = self.bot.me.id in channel.guild.bots
        return bool(self.intents & GUILD_MESSAGES) and is_there and channel.sees(self.bot.me.id)

    @property
    def has_content(self) -> bool:
        return bool(self.intents & MESSAGE_CONTENT) and self.bot.content_intent


@dataclass(slots=True)
class Sessions:
    """All sessions and what the gateway does next; the control writes here."""

    world: World
    interval_s: float
    resume_url: Callable[[], str]
    kept: dict[str, GatewaySession] = field(default_factory=dict)
    sockets: list["GatewaySocket"] = field(default_factory=list)
    beat_gaps: list[float] = field(default_factory=list)
    """Time between the heartbeats of one socket, all sockets together."""
    identifies: int = 0
    resumes: int = 0
    queries: list[dict[str, str]] = field(default_factory=list)
    """What the address of each socket asked for."""
    starts_left: int = 1000
    """Log-ins that the bots have left today."""
    frozen: bool = False
    close_next: int | None = None
    """Code with which the next identify is answered."""
    twice: bool = False
    """Every event is sent a second time, under the same number."""


class GatewaySocket:
    """One websocket from hello to close. `query` is that of the address by which it was opened."""

    def __init__(self, sessions: Sessions, socket: web.WebSocketResponse, query: dict[str, str]) -> None:
        self._sessions = sessions
        self._socket = socket
        self._query = query
        self._packer = zlib.compressobj() if query.get("compress") == COMPRESSION else None
        """One stream for the whole life of the socket: no frame can be read without those before it."""
        self._session: GatewaySession | None = None
        self._outgoing: asyncio.Queue[str] = asyncio.Queue()
        self._last_beat = 0.0
        self.is_frozen = False
        self.before_write: Callable[[str], None] = lambda text: None
        """Hears of each frame as the very last thing before it is written."""

    async def serve(self) -> None:
        if self._query.get("v") != VERSION or self._query.get("encoding") != ENCODING:
            await self.close(BAD_VERSION)
            return
        self.send({"op": HELLO, "t": None, "s": None, "d": {"heartbeat_interval": self._sessions.interval_s * 1000}})
        sending = asyncio.create_task(self._send_all(), name="gateway writer")
        self._sessions.sockets.append(self)
        try:
            while True:
                message = await asyncio.wait_for(self._socket.receive(), self._sessions.interval_s * 2.5)
                if message.type is not WSMsgType.TEXT:
                    return
                if self._sessions.frozen or self.is_frozen:
                    continue
                await self._hear(message.data)
        except TimeoutError:
            await self._socket.close(code=TIMED_OUT, message=b"Session timed out")
        finally:
            sending.cancel()
            self._sessions.sockets.remove(self)
            if self._session is not None and self._session.socket is self:
                self._session.socket = None

    def send(self, frame: Payload) -> None:
        self.send_text(json.dumps(frame))
        if self._sessions.twice and frame["op"] == DISPATCH:
            self.send_text(json.dumps(frame))

    def send_text(self, text: str) -> None:
        if not (self._sessions.frozen or self.is_frozen):
            self._outgoing.put_nowait(text)

    async def close(self, code: int) -> None:
        await self._socket.close(code=code)

    def cut(self) -> None:
        """Without a word of farewell, as a dead line."""
        transport = self._socket._req.transport if self._socket._req is not None else None  # no public way to a reset
        if transport is not None:
            transport.abort()

    async def _send_all(self) -> None:
        while True:
            text = await self._outgoing.get()
            try:
                await self._write(text)
            except ConnectionError:
                return  # gone: what was to be sent waits in the session

    async def _write(self, text: str) -> None:
        packer, frame = self._packer, text.encode()
        if packer is not None:
            frame = packer.compress(frame) + packer.flush(zlib.Z_SYNC_FLUSH)
        self.before_write(text)
        await self._socket.send_frame(frame, WSMsgType.TEXT if packer is None else WSMsgType.BINARY)

    async def _hear(self, text: str) -> None:
        try:
            frame = json.loads(text)
            op, data = frame["op"], frame.get("d")
        except (ValueError, KeyError, TypeError):
            await self.close(BAD_FRAME)
            return
        if op == BEAT:
            self._beat()
        elif op == IDENTIFY:
            await self._identify(data)
        elif op == RESUME:
            await self._resume(data)
        elif self._session is None:
            await self.close(NOT_IDENTIFIED)
        elif op not in (3, 4, 8, 14):  # presence, voice, members, soundboard: heard and left alone
            await self.close(UNKNOWN_OP)

    def _beat(self) -> None:
        now = monotonic()
        if self._last_beat:
            self._sessions.beat_gaps.append(now - self._last_beat)
        self._last_beat = now
        self.send({"op": ACK, "t": None, "s": None, "d": None})

    async def _identify(self, data: Any) -> None:
        sessions = self._sessions
        sessions.identifies += 1
        sessions.starts_left = max(sessions.starts_left - 1, 0)
        bot = sessions.world.bots.get(str(data.get("token")))
        code, sessions.close_next = sessions.close_next, None
        if code is None and self._session is not None:
            code = TWICE
        if code is None and (bot is None or bot.is_user):
            code = BAD_TOKEN
        intents = int(data.get("intents", 0))
        if code is None and bot is not None and intents & MESSAGE_CONTENT and not bot.content_intent:
            code = DISALLOWED_INTENTS
        if code is not None or bot is None:
            await self.close(code or BAD_TOKEN)
            return
        session = GatewaySession(f"session-{sessions.identifies}", bot, intents, socket=self)
        sessions.kept[session.session_id] = session
        self._session = session
        guilds = sessions.world.guilds_of(bot)
        session.emit("READY", self._ready(session, guilds))
        for guild in guilds:
            session.emit("GUILD_CREATE", guild.payload(bot))

    def _ready(self, session: GatewaySession, guilds: list[Guild]) -> Payload:
        bot = session.bot
        return {
            "v": 10, "user": bot.payload(), "session_id": session.session_id, "session_type": "normal",
            "resume_gateway_url": self._sessions.resume_url(), "private_channels": [], "relationships": [],
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "application": {"id": str(bot.application_id), "flags": bot.flags}, "shard": [0, 1],
        }  # fmt: skip

    async def _resume(self, data: Any) -> None:
        self._sessions.resumes += 1
        session = self._sessions.kept.get(str(data.get("session_id")))
        if session is None or session.bot.token != data.get("token"):
            self.send({"op": INVALID, "t": None, "s": None, "d": False})
            return
        seq = int(data.get("seq") or 0)
        if seq > len(session.events):
            await self.close(BAD_SEQ)
            return
        self._session, session.socket = session, self
        for frame in session.events[seq:]:
            self.send(frame)
        session.emit("RESUMED", {"_trace": []})
