"""Messages as they came: every revision is kept, none is rewritten."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from tradestream_gui.domain.ids import MessageKey


class Arrival(Enum):
    """How a revision reached us; only LIVE and MANUAL may open a position."""

    LIVE = "live"
    BACKFILL = "backfill"
    EDIT = "edit"
    MANUAL = "manual"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class MessageRevision:
    """One version of one message. `revision` rises only when the normalised text changes.

    `sequence` is the receive order within (source, channel): the watermark is kept over it. `author_id` is what
    trust is given to; `author_name` is only shown.
    """

    message_key: MessageKey
    revision: int
    source: str
    channel_id: str
    channel_name: str
    author_id: str
    author_name: str
    text: str
    sent_at: datetime
    received_at: datetime
    sequence: int
    arrival: Arrival
    reply_to: MessageKey | None = None
    reply_text: str | None = None
    embeds: tuple[tuple[tuple[str, str], ...], ...] = ()
    """Each embed as (name, value) pairs in the order shown."""
    deleted: bool = False
