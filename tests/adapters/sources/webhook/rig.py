"""The webhook's source on a real port, and a sender that writes every byte itself."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.adapters.sources.discord.rig import Sink
from tests.support import eventually
from tradestream_gui.adapters.runtime.clock import RealClock
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.adapters.sources.webhook import BodyNotes, Group, Timing, WebhookSetup, WebhookSource
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.source import IncomingMessage

TOKEN = "kJ3-practice_token-of-thirty-two-bytes-0123"
BODY = b'{"ticker": "ES1!", "action": "buy", "price": 6326}'
JSON = {"Content-Type": "application/json"}
QUICK = Timing(ask_s=0.02, retry_s=0.02, retry_most_s=0.05, read_s=0.2, connection_s=0.5)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    fields: dict[str, Any]

    @property
    def error(self) -> str:
        return str(self.fields.get("error", ""))


@dataclass
class Sender:
    """Posts to the port over sockets of its own."""

    port: int
    token: str = TOKEN

    async def post(
        self,
        body: bytes = BODY,
        *,
        path: str = "/v1/alerts/swing",
        method: str = "POST",
        headers: dict[str, str] | None = None,
        without: tuple[str, ...] = (),
    ) -> Answer:
        sent = {
            "Host": f"127.0.0.1:{self.port}", "X-TradeStream-Token": self.token, "Content-Length": str(len(body)),
            **JSON, **(headers or {}),
        }  # fmt: skip
        lines = [f"{name}: {value}" for name, value in sent.items() if name not in without]
        head = f"{method} {path} HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n"
        return await self.say(head.encode() + body)

    async def say(self, *parts: bytes, pause_s: float = 0.0) -> Answer:
        """Writes the parts with pauses between them and reads the answer to its end; status 0: hung up on."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for part in parts:
                writer.write(part)
                with suppress(ConnectionError):
                    await writer.drain()
                await asyncio.sleep(pause_s)
            read = b""
            with suppress(ConnectionError):
                read = await asyncio.wait_for(reader.read(), 10)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
        return _answer(read)


def _answer(read: bytes) -> Answer:
    if not read:
        return Answer(0, {}, {})
    head, _, body = read.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    is_json = headers.get("content-type", "").startswith("application/json")
    return Answer(int(first.split()[1]), headers, json.loads(body) if is_json else {})


def notes_by_json(text: str) -> BodyNotes:
    """Enough of the desk's own reading for the tests of the port."""
    with suppress(ValueError):
        found = json.loads(text)
        only_reduces = found.get("action") in ("exit", "cancel")
        return BodyNotes(group=found.get("stub", ""), id=found.get("id", ""), only_reduces=only_reduces)
    return BodyNotes()


@dataclass
class Rig:
    sink: Sink
    sender: Sender
    stored: list[IncomingMessage] = field(default_factory=list)
    token: str = TOKEN
    store_breaks: bool = False
    is_signed: bool = False
    groups: dict[str, Group] = field(default_factory=lambda: {"swing": Group("swing", "Swing")})

    async def ask(self) -> tuple[str, str]:
        return self.token, "" if self.token else "no token is kept for the webhook"

    async def store(self, message: IncomingMessage) -> None:
        if self.store_breaks:
            raise StoreFailed("the disk is full")
        assert message in self.sink.messages, "handed over before it is stored"
        self.stored.append(message)


@asynccontextmanager
async def listening(
    *, timing: Timing = QUICK, token: str = TOKEN, port: int | None = None
) -> AsyncIterator[Rig]:
    failed: list[str] = []
    tasks = LoopTasks(lambda name, error: failed.append(f"{name}: {error!r}"))
    sink, sender = Sink(), Sender(port or free_port())
    rig = Rig(sink, sender, token=token)
    setup = WebhookSetup(sender.port, rig.groups.get, lambda: rig.is_signed, notes_by_json)
    source = WebhookSource(setup, rig.ask, rig.store, clock=RealClock(), tasks=tasks, timing=timing)
    await source.connect(sink)
    try:
        if token and port is None:
            await eventually(lambda: sink.state("webhook") is LinkState.UP, why="the port is open")
        yield rig
    finally:
        await source.close()
        await tasks.close()
        assert not failed, failed
