"""The two SignalR hubs: negotiation, handshake, invocations, events and pings in JSON records over a websocket."""

import asyncio
import itertools
import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from aiohttp import WSMsgType, web

from tests.servers.projectx.faults import Faults

SEPARATOR = "\x1e"
PING, CLOSE = {"type": 6}, {"type": 7}
USER_SUBJECTS = ("Orders", "Positions", "Trades")
MARKET_SUBJECTS = ("ContractQuotes", "ContractTrades", "ContractMarketDepth")


class HubSession:
    """One client at one hub. `subjects` are what it subscribed to: `Accounts`, or a subject with what it is of."""

    def __init__(self, hub: "Hub", socket: web.WebSocketResponse, line: asyncio.BaseTransport | None) -> None:
        self.subjects: set[tuple[str, object]] = set()
        self._hub = hub
        self._socket = socket
        self._outgoing: asyncio.Queue[str] = asyncio.Queue()
        self._line = line
        self._is_greeted = False
        self._kept = ""

    async def serve(self) -> None:
        writing = asyncio.create_task(self._write(), name="hub writer")
        pinging = asyncio.create_task(self._ping(), name="hub pings")
        try:
            while True:
                await self._hub.faults.hold()
                message = await self._socket.receive()
                if message.type is not WSMsgType.TEXT:
                    if message.type is WSMsgType.BINARY:
                        continue
                    return
                if self._hub.faults.dead or self._hub.faults.deaf:
                    continue
                self._take(message.data)
        finally:
            for task in (writing, pinging):
                task.cancel()
            await asyncio.gather(writing, pinging, return_exceptions=True)

    def tell(self, target: str, *arguments: object) -> None:
        self.send({"type": 1, "target": target, "arguments": list(arguments)})

    def send(self, record: dict[str, Any]) -> None:
        self.send_text(json.dumps(record, default=_number) + SEPARATOR)

    def send_text(self, text: str) -> None:
        faults = self._hub.faults
        if not faults.dead and not faults.mute:
            self._outgoing.put_nowait(text)

    def abort(self) -> None:
        if isinstance(self._line, asyncio.Transport):
            self._line.abort()

    # -- inside --------------------------------------------------------------------------------------------

    def _take(self, text: str) -> None:
        *records, self._kept = (self._kept + text).split(SEPARATOR)
        for record in records:
            said = json.loads(record)
            if not self._is_greeted:
                self._greet(said)
            elif said.get("type") == 1:
                self._invoked(said)

    def _greet(self, said: dict[str, Any]) -> None:
        self._is_greeted = said.get("protocol") == "json"
        if self._is_greeted:
            self.send({})
        else:
            self.send({"error": f"The protocol '{said.get('protocol')}' is not supported."})

    def _invoked(self, said: dict[str, Any]) -> None:
        target, arguments = said["target"], said.get("arguments") or []
        error = self._hub.invoked(self, target, arguments)
        invocation_id = said.get("invocationId")
        if invocation_id is not None:
            answer = {"error": error} if error else {"result": None}
            self.send({"type": 3, "invocationId": invocation_id, **answer})

    async def _write(self) -> None:
        while True:
            text = await self._outgoing.get()
            await self._hub.faults.hold()
            if self._socket.closed:
                return
            try:
                for part in self._parts(text):
                    await self._socket.send_str(part)
            except ConnectionError:
                return

    def _parts(self, text: str) -> Iterable[str]:
        if not self._hub.faults.split:
            return (text,)
        middle = len(text) // 2
        return (text[:middle], text[middle:])

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(self._hub.keep_alive_s)
            if self._is_greeted and not self._hub.faults.frozen:
                self.send(PING)


class Hub:
    """`subjects` are what can be subscribed to here; `may_enter` judges a token; `on_subscribed` may send a first
    picture."""

    def __init__(
        self,
        subjects: tuple[str, ...],
        faults: Faults,
        may_enter: Callable[[web.Request], bool],
        on_subscribed: Callable[[HubSession, str, object], None],
    ) -> None:
        self.keep_alive_s = 15.0
        self.faults = faults
        self.sessions: list[HubSession] = []
        self.invocations: list[tuple[str, tuple[object, ...]]] = []
        self._subjects = subjects
        self._may_enter = may_enter
        self._on_subscribed = on_subscribed
        self._promised: set[str] = set()
        self._numbers = itertools.count(1)

    async def negotiate(self, request: web.Request) -> web.Response:
        """Version 1 has a secret token beside the public id; a client that names no version connects by the id."""
        if not self._may_enter(request):
            return web.Response(status=401)
        number = next(self._numbers)
        connection, token = f"connection-{number}", f"connection-token-{number}"
        version = min(int(request.query.get("negotiateVersion", "0")), 1)
        self._promised.add(token if version else connection)
        answer: dict[str, Any] = {
            "negotiateVersion": version, "connectionId": connection,
            "availableTransports": [{"transport": "WebSockets", "transferFormats": ["Text", "Binary"]}],
        }  # fmt: skip
        return web.json_response({**answer, "connectionToken": token} if version else answer)

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """With an `id` from the negotiation, which is good once, or without one where negotiation is skipped."""
        if not self._may_enter(request):
            return web.Response(status=401)
        connection = request.query.get("id")
        if connection is not None:
            if connection not in self._promised:
                return web.Response(status=404, text="No Connection with that ID")
            self._promised.discard(connection)
        if self.faults.dead:
            await self.faults.hold()
        socket = web.WebSocketResponse(max_msg_size=1 << 16)
        await socket.prepare(request)
        session = HubSession(self, socket, request.transport)
        self.sessions.append(session)
        try:
            await session.serve()
        finally:
            self.sessions.remove(session)
        return socket

    def invoked(self, session: HubSession, target: str, arguments: list[object]) -> str:
        """What is wrong with an invocation; empty when it is done."""
        self.invocations.append((target, tuple(arguments)))
        verb = "Unsubscribe" if target.startswith("Unsubscribe") else "Subscribe"
        subject = target.removeprefix(verb)
        if not target.startswith(verb) or subject not in self._subjects:
            return f"Unknown hub method '{target}'"
        if len(arguments) != (0 if subject == "Accounts" else 1):
            return f"Failed to invoke '{target}' due to an error on the server."
        of = arguments[0] if arguments else None
        if verb == "Subscribe":
            session.subjects.add((subject, of))
            self._on_subscribed(session, subject, of)
        else:
            session.subjects.discard((subject, of))
        return ""

    def listeners(self, subject: str, of: object) -> list[HubSession]:
        return [session for session in self.sessions if (subject, of) in session.subjects]

    def drop(self) -> None:
        for session in list(self.sessions):
            session.abort()

    def close(self, error: str | None, *, allow_reconnect: bool) -> None:
        """The hub's own farewell."""
        for session in list(self.sessions):
            session.send({**CLOSE, "error": error, "allowReconnect": allow_reconnect})


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"no JSON for {value!r}")
