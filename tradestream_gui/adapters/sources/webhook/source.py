"""Posts of other platforms as an alert source: keeps the port open and hands each post to the desk once."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import TYPE_CHECKING

from tradestream_gui.adapters.sources.webhook.gate import ID_HEADER, Gatekeeper, Head, Refused, check_head
from tradestream_gui.adapters.sources.webhook.setup import HOST, SOURCE, BodyNotes, Group, Timing, WebhookSetup
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.source import AlertSink, IncomingMessage

if TYPE_CHECKING:
    from tradestream_gui.adapters.sources.webhook.server import WebhookServer

MASK = "*"
Token = Callable[[], Awaitable[tuple[str, str]]]
Store = Callable[[IncomingMessage], Awaitable[None]]


class WebhookSource:
    """`token` gives the token, or "" and why there is none; `store` returns when a handed-over message is durable, and
    raises StoreFailed. A sender hears that its post was taken only after that."""

    def __init__(
        self,
        setup: WebhookSetup,
        token: Token,
        store: Store,
        *,
        clock: Clock,
        tasks: Tasks,
        timing: Timing | None = None,
    ) -> None:
        self._setup = setup
        self._token = token
        self._store = store
        self._clock = clock
        self._tasks = tasks
        self._timing = timing or Timing()
        self._gate = Gatekeeper(clock, self._timing)
        self._sink: AlertSink | None = None
        self._server: WebhookServer | None = None
        self._told: tuple[LinkState, str] | None = None
        self._last_no = 0

    @property
    def name(self) -> str:
        return SOURCE

    async def connect(self, sink: AlertSink) -> None:
        """Returns at once; a port that is taken is tried again."""
        self._sink = sink
        self._tasks.spawn(self._open_port(), "open the webhook's port")

    async def close(self) -> None:
        self._sink = None
        if self._server is not None:
            await self._server.stop()

    async def _open_port(self) -> None:
        wait_s = self._timing.retry_s
        await asyncio.to_thread(import_module, "tradestream_gui.adapters.sources.webhook.server")
        from tradestream_gui.adapters.sources.webhook.server import WebhookServer

        while self._sink is not None:
            token, why = await self._token()
            if not token:
                self._tell(LinkState.OFF, why)
                await self._clock.sleep(self._timing.ask_s)
                continue
            server = WebhookServer(self._setup.port, self._take, self._clock, self._timing)
            try:
                await server.start()
            except OSError as error:
                words = f"port {self._setup.port} cannot be had: {error.strerror or error}"
                self._tell(LinkState.DOWN, f"{words}; it is tried again in {wait_s:.0f} s, or choose another in Config")
                await self._clock.sleep(wait_s)
                wait_s = min(wait_s * 2, self._timing.retry_most_s)
                continue
            self._server = server
            self._tell(LinkState.UP, f"listens on {HOST}:{self._setup.port}")
            return

    def _tell(self, state: LinkState, words: str) -> None:
        if self._sink is not None and self._told != (state, words):
            self._told = (state, words)
            self._sink.on_source_link(SOURCE, state, words)

    async def _take(self, head: Head, body: Callable[[], Awaitable[bytes]]) -> tuple[int, dict[str, str]]:
        """Answers a request. Nothing between the check for a repeat and the note of the post waits for anything."""
        token, _ = await self._token()
        if not token:
            raise Refused(404, "not found")
        asked = check_head(head, self._setup.port, token)
        raw = await body()
        self._gate.check_signature(head.headers, raw, token, demanded=self._setup.is_signed())
        text = _text_of(raw).replace(token, MASK * 8)  # what is handed over is stored and shown
        notes = self._setup.notes_of(text)
        group = self._group(asked, notes)
        post_id = head.headers.get(ID_HEADER, "").strip() or notes.id
        if notes.time_fault:
            raise Refused(400, notes.time_fault)
        if self._sink is None:
            raise Refused(503, "the program is closing")
        if self._gate.is_repeat(group.channel_id, post_id, text):
            return 200, {"status": "duplicate"}
        self._gate.check_pace(only_reduces=notes.only_reduces)
        message = self._message(group, notes, post_id, text)
        self._gate.note(group.channel_id, post_id, text)
        self._sink.on_message(message)
        try:
            await self._store(message)
        except StoreFailed as error:
            raise Refused(503, f"the post could not be stored: {error}") from error
        return 202, {"status": "accepted", "id": message.message_id}

    def _group(self, asked: str, notes: BodyNotes) -> Group:
        if asked and notes.group and asked != notes.group:
            raise Refused(400, f"the address names the group {asked}, the body {notes.group}")
        wanted = asked or notes.group
        if not wanted:
            raise Refused(400, "name a group: in the address behind /v1/alerts/, or as stub or group in the body")
        group = self._setup.group_of(wanted)
        if group is None:
            raise Refused(404, f"there is no group {wanted}: add a channel with the source {SOURCE} in Config")
        return group

    def _message(self, group: Group, notes: BodyNotes, post_id: str, text: str) -> IncomingMessage:
        now = self._clock.now()
        self._last_no = max(int(now.timestamp() * 1_000_000), self._last_no + 1)
        digest = hashlib.sha256((post_id or text).encode()).hexdigest()[:24]
        return IncomingMessage(
            source=SOURCE,
            channel_id=group.channel_id,
            channel_name=group.name,
            message_id=f"id-{digest}" if post_id else f"{digest[:12]}-{self._last_no}",
            author_id=f"{SOURCE}:{group.channel_id}",
            author_name=group.name,
            text=text,
            sent_at=notes.sent_at or now,
            order_no=self._last_no,
            arrival=Arrival.WEBHOOK,
        )


def _text_of(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise Refused(400, "the body is no UTF-8 text") from error
    if not text:
        raise Refused(400, "the body is empty")
    return text
