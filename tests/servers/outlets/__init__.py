"""A loopback server that answers as Discord's webhooks and Telegram's bots do, and forgets nothing it was sent."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class WebOutlets:
    """`next_answers` are (status, fields, headers) given in a row before all is well again; `hangs` says nothing."""

    base: str = ""
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    next_answers: list[tuple[int, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    hangs: bool = False

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if self.hangs:
            await asyncio.Event().wait()
        self.requests.append((request.path_qs, json.loads(await request.text())))
        if self.next_answers:
            status, fields, headers = self.next_answers.pop(0)
            return web.json_response(fields, status=status, headers=headers)
        return web.json_response({"ok": True, "id": str(len(self.requests))})

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [fields for _, fields in self.requests]


@asynccontextmanager
async def web_outlets() -> AsyncIterator[WebOutlets]:
    outlets = WebOutlets()
    server = web.Server(outlets.answer)
    listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
    outlets.base = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield outlets
    finally:
        listening.close()
        await server.shutdown(timeout=0.2)
        await listening.wait_closed()
