"""Alert sources: messages come in as they were posted, in the order of arrival, on the loop's thread."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tradestream_gui.domain.messages import Arrival
from tradestream_gui.ports.broker import LinkState


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One message, edit or delete as the source delivers it. `order_no` rises with the message's place in its
    channel (Discord's snowflake, else the receive number): the watermark is kept over it. `sent_at` is the
    source's own time of posting. A post in a thread comes as its parent channel's, in reply to the message that the
    thread hangs on. `text` is the author's own; what is only forwarded is marked so, and never traded."""

    source: str
    channel_id: str
    channel_name: str
    message_id: str
    author_id: str
    author_name: str
    text: str
    sent_at: datetime
    order_no: int
    arrival: Arrival
    reply_to_id: str | None = None
    reply_text: str | None = None
    embeds: tuple[tuple[tuple[str, str], ...], ...] = ()
    deleted: bool = False
    forwarded: bool = False


class AlertSink(Protocol):
    def on_message(self, message: IncomingMessage) -> None: ...

    def on_source_link(self, source: str, state: LinkState, detail: str) -> None: ...


class AlertSource(Protocol):
    """One connection to one place where analysts post."""

    @property
    def name(self) -> str: ...

    async def connect(self, sink: AlertSink) -> None: ...

    async def close(self) -> None: ...


class HandedIn(Protocol):
    """A source that delivers only what a person hands in."""

    def hand_in(self, message: IncomingMessage) -> bool:
        """False when it is not connected; then nothing was delivered."""


class Watermark(Protocol):
    """Remembers, outside of the database, the last message of each channel that made an intent, so that neither a
    restored backup nor a lost database can trade it again."""

    def allows(self, source: str, channel_id: str, order_no: int) -> bool: ...

    def advance(self, source: str, channel_id: str, order_no: int) -> Awaitable[None]:
        """Durable once awaited; raises StoreFailed then."""

    def close(self) -> None: ...
