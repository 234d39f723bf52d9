"""Turns what sources deliver into revisions: one for each text that really differs, in order per channel."""

import hashlib
import re
import unicodedata
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from operator import itemgetter

from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.ports.source import IncomingMessage


class Inbox:
    """Knows the revisions of every message; pins, unfurls and other updates of the same text make none."""

    def __init__(self) -> None:
        self._revisions: dict[MessageKey, list[MessageRevision]] = {}
        self._digest: dict[MessageKey, str] = {}
        self._channels: dict[str, list[tuple[datetime, MessageKey]]] = {}

    def restore(self, revisions: Iterable[MessageRevision]) -> None:
        for revision in revisions:
            self._keep(revision)

    def newest(self, message_key: MessageKey) -> MessageRevision | None:
        known = self._revisions.get(message_key)
        return known[-1] if known else None

    def revisions(self, message_key: MessageKey) -> tuple[MessageRevision, ...]:
        return tuple(self._revisions.get(message_key, ()))

    def messages(self) -> tuple[MessageRevision, ...]:
        return tuple(known[-1] for known in self._revisions.values())

    def messages_in(self, channel_id: str, since: datetime, until: datetime) -> Iterator[MessageRevision]:
        """The newest revision of every message of a channel that was posted within these times, oldest first."""
        posted = self._channels.get(channel_id, [])
        first = bisect_left(posted, since, key=itemgetter(0))
        last = bisect_right(posted, until, key=itemgetter(0))
        return (self._revisions[key][-1] for _, key in posted[first:last])

    def revise(self, message: IncomingMessage, received_at: datetime) -> MessageRevision | None:
        """The next revision, or None when the text is the one we have."""
        key = message_key(message)
        before = self.newest(key)
        author_id, author_name = message.author_id, message.author_name
        embeds = message.embeds
        text = message.text
        if before is not None:
            if message.deleted:  # a source tells only which message is gone
                author_id, author_name = before.author_id, before.author_name
                text, embeds = before.text, before.embeds
            elif self._digest[key] == _digest(text, embeds):
                return None
        elif message.deleted:
            return None
        is_edit = before is not None and message.arrival is not Arrival.BACKFILL
        arrival = Arrival.EDIT if is_edit else message.arrival
        revision = replace(
            first_revision(message, received_at),
            revision=0 if before is None else before.revision + 1,
            author_id=author_id,
            author_name=author_name,
            text=text,
            arrival=arrival,
            embeds=embeds,
        )
        self._keep(revision)
        return revision

    def _keep(self, revision: MessageRevision) -> None:
        known = self._revisions.setdefault(revision.message_key, [])
        if not known:
            posted = self._channels.setdefault(revision.channel_id, [])
            insort(posted, (revision.sent_at, revision.message_key), key=itemgetter(0))
        known.append(revision)
        self._digest[revision.message_key] = _digest(revision.text, revision.embeds)


def first_revision(message: IncomingMessage, received_at: datetime) -> MessageRevision:
    """The message as a revision that nobody has stored."""
    return MessageRevision(
        message_key=message_key(message),
        revision=0,
        source=message.source,
        channel_id=message.channel_id,
        channel_name=message.channel_name,
        author_id=message.author_id,
        author_name=message.author_name,
        text=message.text,
        sent_at=message.sent_at,
        received_at=received_at,
        sequence=message.order_no,
        arrival=message.arrival,
        reply_to=_reply_key(message),
        reply_text=message.reply_text,
        embeds=message.embeds,
        deleted=message.deleted,
    )


def message_key(message: IncomingMessage) -> MessageKey:
    return MessageKey(f"{message.source}:{message.channel_id}:{message.message_id}")


def _reply_key(message: IncomingMessage) -> MessageKey | None:
    if message.reply_to_id is None:
        return None
    return MessageKey(f"{message.source}:{message.channel_id}:{message.reply_to_id}")


def _digest(text: str, embeds: tuple[tuple[tuple[str, str], ...], ...]) -> str:
    """What must differ for a new version: the words. Embeds come and go with links; they count only where they are
    the message, as in a bot's card."""
    words = " ".join(unicodedata.normalize("NFKC", _MENTION.sub(" ", text)).split())
    return hashlib.sha256(repr(words or embeds).encode()).hexdigest()


_MENTION = re.compile(r"<(?:@[!&]?|#)\d{1,20}>|@everyone|@here")
