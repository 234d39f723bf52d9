"""Turns what sources deliver into revisions: one for each text that really differs, in order per channel."""

import re
import unicodedata
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from sys import intern

from tradestream_gui.alerts.desk.known_texts import KnownTexts
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.ports.source import IncomingMessage


class Inbox:
    """Knows the revisions of every message; pins, unfurls and other updates of the same text make none.

    It holds a whole day of every room, so a message costs little more than its own words; talk that is forgotten is
    still known again.
    """

    def __init__(self) -> None:
        self._newest: dict[MessageKey, MessageRevision] = {}
        self._earlier: dict[MessageKey, tuple[MessageRevision, ...]] = {}
        self._channels: dict[str, list[MessageKey]] = {}
        self._forgotten = KnownTexts()

    def restore(self, revisions: Iterable[MessageRevision]) -> None:
        for revision in revisions:
            self._keep(revision)

    def newest(self, message_key: MessageKey) -> MessageRevision | None:
        return self._newest.get(message_key)

    def revisions(self, message_key: MessageKey) -> tuple[MessageRevision, ...]:
        newest = self._newest.get(message_key)
        return () if newest is None else (*self._earlier.get(message_key, ()), newest)

    def messages(self) -> tuple[MessageRevision, ...]:
        return tuple(self._newest.values())

    def messages_in(self, channel_id: str, since: datetime, until: datetime) -> Iterator[MessageRevision]:
        """The newest revision of every message of a channel that was posted within these times, oldest first."""
        posted = self._channels.get(channel_id, [])
        first = bisect_left(posted, since, key=self._posted_at)
        last = bisect_right(posted, until, key=self._posted_at)
        return (self._newest[key] for key in posted[first:last])

    def revise(self, message: IncomingMessage, received_at: datetime) -> MessageRevision | None:
        """The next revision, or None when the text is the one we have."""
        key = message_key(message)
        before = self.newest(key)
        is_known = before is not None or self._forgotten.knows(key)
        fresh = first_revision(message, received_at)
        author_id, author_name = fresh.author_id, fresh.author_name
        embeds = fresh.embeds
        text = fresh.text
        if before is not None:
            if message.deleted:  # a source tells only which message is gone
                author_id, author_name = before.author_id, before.author_name
                text, embeds = before.text, before.embeds
            elif _said(before.text, before.embeds) == _said(text, embeds):
                return None
        elif message.deleted or (is_known and self._forgotten.is_same(key, _mark_of(fresh))):
            return None
        is_edit = is_known and message.arrival is not Arrival.BACKFILL
        arrival = Arrival.EDIT if is_edit else message.arrival
        revision = replace(
            fresh,
            revision=before.revision + 1 if before is not None else int(is_known),
            author_id=author_id,
            author_name=author_name,
            text=text,
            arrival=arrival,
            embeds=embeds,
        )
        self._keep(revision)
        return revision

    def forget(self, message_key: MessageKey) -> None:
        """Lets go of a message that has one version; what comes under its key later is still no new message."""
        assert message_key not in self._earlier, f"{message_key} has more than one version"
        gone = self._newest.pop(message_key)
        self._channels[gone.channel_id].remove(message_key)
        self._forgotten.add(message_key, _mark_of(gone))

    def _keep(self, revision: MessageRevision) -> None:
        key = revision.message_key
        before = self._newest.get(key)
        self._newest[key] = revision
        if before is None:
            insort(self._channels.setdefault(revision.channel_id, []), key, key=self._posted_at)
        else:
            self._earlier[key] = (*self._earlier.get(key, ()), before)

    def _posted_at(self, message_key: MessageKey) -> datetime:
        """Of its first version: an edit does not move it."""
        earlier = self._earlier.get(message_key)
        return earlier[0].sent_at if earlier else self._newest[message_key].sent_at


def first_revision(message: IncomingMessage, received_at: datetime) -> MessageRevision:
    """The message as a revision that nobody has stored."""
    return MessageRevision(
        message_key=message_key(message),
        revision=0,
        source=intern(message.source),
        channel_id=intern(message.channel_id),
        channel_name=intern(message.channel_name),
        author_id=intern(message.author_id),
        author_name=intern(message.author_name),
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


def _mark_of(revision: MessageRevision) -> str:
    return repr(_said(revision.text, revision.embeds))


def _said(text: str, embeds: tuple[tuple[tuple[str, str], ...], ...]) -> object:
    """What must differ for a new version: the words. Embeds come and go with links; they count only where they are
    the message, as in a bot's card."""
    return " ".join(unicodedata.normalize("NFKC", _MENTION.sub(" ", text)).split()) or embeds


_MENTION = re.compile(r"<(?:@[!&]?|#)\d{1,20}>|@everyone|@here")
