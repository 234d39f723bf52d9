"""The port itself: one short request a connection, few connections, nothing of a request in any log."""

import asyncio
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from tradestream_gui.adapters.sources.webhook.gate import Head, Refused, too_long
from tradestream_gui.adapters.sources.webhook.setup import HOST, MAX_BODY, Timing
from tradestream_gui.ports.clock import Clock, Timer

MAX_CONNECTIONS = 16
MAX_HEADER = 4096
Taken = Callable[[Head, Callable[[], Awaitable[bytes]]], Awaitable[tuple[int, dict[str, str]]]]
"""Answers a request with status and fields; it reads the body when it wants to. Raises Refused."""


class WebhookServer:
    """Listens from `start` to `stop`. `take` answers; it never sees more than the limits allow."""

    def __init__(self, port: int, take: Taken, clock: Clock, timing: Timing) -> None:
        self._port = port
        self._take = take
        self._clock = clock
        self._timing = timing
        self._server: asyncio.Server | None = None
        self._answering: web.Server | None = None
        self._deadlines: dict[asyncio.Protocol, Timer] = {}

    async def start(self) -> None:
        """Raises OSError where the port cannot be had."""
        answering = web.Server(
            self._answer, access_log=None, auto_decompress=False, keepalive_timeout=1.0, lingering_time=0.0,
            max_line_size=MAX_HEADER, max_field_size=MAX_HEADER, max_headers=64,
        )  # fmt: skip
        self._answering = answering
        self._server = await asyncio.get_running_loop().create_server(self._connection, HOST, self._port)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            for timer in self._deadlines.values():
                timer.cancel()
            self._deadlines.clear()
        if self._answering is not None:
            await self._answering.shutdown(timeout=1.0)
        if self._server is not None:
            await self._server.wait_closed()
        self._server = self._answering = None

    def _connection(self) -> asyncio.Protocol:
        """Whoever sends nothing, or slowly, is hung up on: no part of a request may hold a place for long."""
        assert self._answering is not None
        protocol = self._answering()
        left_s = self._timing.connection_s if len(self._answering.connections) < MAX_CONNECTIONS else 0.0

        def hang_up() -> None:
            self._deadlines.pop(protocol, None)
            protocol.force_close()

        self._deadlines[protocol] = self._clock.call_later(left_s, hang_up)
        return protocol

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        peer = request.transport.get_extra_info("peername") if request.transport is not None else None
        head = Head(
            request.method, request.path, request.headers, request.content_length, str(peer[0]) if peer else ""
        )

        async def body() -> bytes:
            return await self._body(request)

        try:
            status, fields = await self._take(head, body)
            headers: dict[str, str] = {}
        except Refused as refused:
            status, fields, headers = refused.status, {"error": str(refused)}, refused.headers
        answer = web.Response(
            status=status, text=json.dumps(fields), content_type="application/json", headers=headers
        )
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.force_close()
        return answer

    async def _body(self, request: web.BaseRequest) -> bytes:
        read = bytearray()
        try:
            async with asyncio.timeout(self._timing.read_s):
                async for chunk in request.content.iter_chunked(MAX_BODY):
                    read += chunk
                    if len(read) > MAX_BODY:
                        raise too_long()
        except TimeoutError as error:
            raise Refused(408, f"the body did not come within {self._timing.read_s:g} s") from error
        return bytes(read)
