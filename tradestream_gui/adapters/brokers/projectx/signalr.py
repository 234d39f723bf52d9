"""A SignalR connection in JSON over one websocket: handshake, calls with answers, events, and when it is dead."""

import asyncio
import itertools
import json
import logging
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import quote

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from tradestream_gui.adapters.brokers.projectx import causes
from tradestream_gui.adapters.brokers.projectx.setup import Timing
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.ports.clock import Clock, Tasks

SEPARATOR = "\x1e"
INVOCATION, COMPLETION, PING, CLOSE = 1, 3, 6, 7
MAX_RECORD = 1 << 24
_log = logging.getLogger(__name__)
_wire_log = logging.getLogger(f"{__name__}.wire")
_wire_log.setLevel(logging.WARNING)  # its debug lines hold the token


class TokenExpired(BrokerUnreachable):
    """The hub does not let this token in."""


class HubListener(Protocol):
    """Who hears a hub; all calls on the loop's thread."""

    def event(self, target: str, arguments: list[Any]) -> None: ...

    def alive(self) -> None:
        """The line answered a probe."""

    def gap(self) -> None:
        """A record could not be read: something may have been missed."""

    def lost(self, words: str) -> None:
        """The connection is over; told once for each opening."""


class Hub:
    """One hub. `open` may be called again after a loss."""

    def __init__(self, url: str, listener: HubListener, *, clock: Clock, tasks: Tasks, timing: Timing) -> None:
        self._url = url
        self._listener = listener
        self._clock = clock
        self._tasks = tasks
        self._timing = timing
        self._socket: ClientConnection | None = None
        self._kept = ""
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self._numbers = itertools.count(1)
        self._heard_s = 0.0

    @property
    def is_open(self) -> bool:
        return self._socket is not None

    async def open(self, token: str) -> None:
        """Connects, negotiation skipped, and shakes hands. Raises TokenExpired or BrokerUnreachable."""
        if self._socket is not None:
            return
        socket = await self._connected(token)
        self._kept, self._heard_s = "", self._clock.monotonic()
        try:
            async with asyncio.timeout(self._timing.answer_s):
                await socket.send(json.dumps({"protocol": "json", "version": 1}) + SEPARATOR)
                greeting, *records = await self._first_records(socket)
        except (ConnectionClosed, TimeoutError, ValueError) as error:
            _abort(socket)
            raise BrokerUnreachable(causes.unreached(self._url, "its hub does not shake hands")) from error
        if not isinstance(greeting, dict) or greeting.get("error"):
            _abort(socket)
            raise BrokerUnreachable(causes.unreached(self._url, f"its hub answers the handshake with {greeting}"))
        self._socket = socket
        for record in records:
            self._take(record)
        self._tasks.spawn(self._read(socket), f"hub {self._url}")
        self._tasks.spawn(self._probe(socket), f"probes of {self._url}")

    async def invoke(self, target: str, *arguments: Any) -> None:
        """Calls a method and waits for its answer. Raises BrokerUnreachable."""
        socket = self._socket
        if socket is None:
            raise BrokerUnreachable(causes.unreached(self._url, "its hub is not connected"))
        number = str(next(self._numbers))
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        record = {"type": INVOCATION, "invocationId": number, "target": target, "arguments": list(arguments)}
        try:
            async with asyncio.timeout(self._timing.answer_s):
                await socket.send(json.dumps(record) + SEPARATOR)
                await answer
        except (TimeoutError, ConnectionClosed) as error:
            raise BrokerUnreachable(causes.unreached(self._url, f"its hub did not answer {target}")) from error
        finally:
            self._answers.pop(number, None)

    def close(self) -> None:
        """Ends the connection without a word to the listener."""
        socket, self._socket = self._socket, None
        if socket is not None:
            _abort(socket)
        self._fail_calls("the connection was closed")

    # -- inside --------------------------------------------------------------------------------------------

    async def _connected(self, token: str) -> ClientConnection:
        url = f"{self._url.replace('http', 'ws', 1)}?access_token={quote(token)}"
        try:
            return await connect(
                url, proxy=None, compression=None, ping_interval=None, open_timeout=self._timing.answer_s,
                close_timeout=1, max_size=MAX_RECORD, logger=_wire_log,
            )  # fmt: skip
        except InvalidStatus as error:
            status = error.response.status_code
            if status in (401, 403):
                raise TokenExpired(causes.unreached(self._url, f"its hub refuses the session ({status})")) from error
            raise BrokerUnreachable(causes.unreached(self._url, f"its hub answers {status}")) from error
        except (InvalidHandshake, InvalidURI, TimeoutError, OSError, EOFError) as error:
            words = str(error).replace(quote(token), "…") or type(error).__name__
            raise BrokerUnreachable(causes.unreached(self._url, words)) from error

    async def _first_records(self, socket: ClientConnection) -> list[Any]:
        while True:
            records = self._records(await socket.recv())
            if records:
                return [json.loads(records[0]), *records[1:]]

    def _records(self, data: str | bytes) -> list[str]:
        """The whole records of one frame; the beginning of one is kept until its end comes."""
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
        *whole, self._kept = (self._kept + text).split(SEPARATOR)
        return [record for record in whole if record]

    async def _read(self, socket: ClientConnection) -> None:
        words = "the hub hung up"
        try:
            while self._socket is socket:
                for record in self._records(await socket.recv()):
                    self._heard_s = self._clock.monotonic()
                    self._take(record)
        except ConnectionClosed as error:
            words = f"the hub hung up: {error}"
        self._lose(socket, words)

    def _take(self, text: str) -> None:
        try:
            record = json.loads(text, parse_float=Decimal)
            kind = record["type"]
        except (ValueError, TypeError, KeyError):
            _log.warning("%s sent a record that cannot be read: %.200s", self._url, text)
            self._listener.gap()
            return
        if kind == INVOCATION:
            arguments = record.get("arguments")
            self._listener.event(str(record.get("target")), arguments if isinstance(arguments, list) else [])
        elif kind == COMPLETION:
            self._answered(record)
        elif kind == CLOSE and self._socket is not None:
            self._lose(self._socket, f"the hub said good-bye: {record.get('error') or 'no reason told'}")

    def _answered(self, record: dict[str, Any]) -> None:
        answer = self._answers.get(str(record.get("invocationId")))
        if answer is None or answer.done():
            return
        if record.get("error"):
            answer.set_exception(BrokerUnreachable(causes.unreached(self._url, str(record["error"]))))
        else:
            answer.set_result(record.get("result"))

    async def _probe(self, socket: ClientConnection) -> None:
        """Asks the line itself whether it lives: a quiet market is silent too."""
        while self._socket is socket:
            await self._clock.sleep(self._timing.probe_s)
            if self._socket is not socket:
                return
            try:
                async with asyncio.timeout(self._timing.probe_answer_s):
                    await (await socket.ping())
                    await socket.send(json.dumps({"type": PING}) + SEPARATOR)
            except TimeoutError:
                self._lose(socket, f"the hub's line is dead: no answer within {self._timing.probe_answer_s:g} s")
                return
            except ConnectionClosed:
                return  # the reader tells
            if self._clock.monotonic() - self._heard_s > self._timing.silence_s:
                self._lose(socket, f"the hub says nothing for {self._timing.silence_s:g} s though its line answers")
                return
            self._listener.alive()

    def _lose(self, socket: ClientConnection, words: str) -> None:
        if self._socket is not socket:
            return
        self._socket = None
        _abort(socket)
        self._fail_calls(words)
        self._listener.lost(words)

    def _fail_calls(self, words: str) -> None:
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(BrokerUnreachable(causes.unreached(self._url, words)))


def _abort(socket: ClientConnection) -> None:
    """A dead line would hold back a polite farewell."""
    socket.transport.abort()
