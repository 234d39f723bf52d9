"""Which talk is held in memory: a busy day has ten thousand messages, and nearly all of them are no alert."""

from collections import deque

from tradestream_gui.alerts.binding.loaded import as_if_bought
from tradestream_gui.alerts.desk.decision_book import DecisionBook
from tradestream_gui.alerts.desk.inbox import Inbox
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.alerts import Reading
from tradestream_gui.domain.events import TalkForgotten
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import MessageRevision

KEPT_TALK = 2_000
NO_ALERT = "NOT_AN_ALERT"


class TalkWindow:
    """Beyond so many the room with the most talk lets its oldest go, so a quiet room keeps all of its day.

    Only what no later message can be about goes: no answer to another message, no contract, no earlier version. The
    inbox still knows it again when it is edited, taken back or delivered once more.
    """

    def __init__(self, bus: EventBus, inbox: Inbox, book: DecisionBook) -> None:
        self._bus = bus
        self._inbox = inbox
        self._book = book
        self._rooms: dict[str, deque[MessageKey]] = {}
        self._count = 0

    def add(self, revision: MessageRevision, reading: Reading) -> None:
        """Takes in a message that was decided to be no alert."""
        if revision.revision or revision.reply_to or reading.candidate or as_if_bought(revision.text) is not None:
            return
        self._rooms.setdefault(revision.channel_id, deque()).append(revision.message_key)
        self._count += 1
        if self._count > KEPT_TALK:
            self._count -= 1
            self._forget(max(self._rooms.values(), key=len).popleft())

    def _forget(self, message_key: MessageKey) -> None:
        newest, decision = self._inbox.newest(message_key), self._book.decision(message_key)
        if newest is None or newest.revision or decision is None or decision.code != NO_ALERT:
            return  # it has become more than talk
        self._inbox.forget(message_key)
        self._book.forget(message_key)
        self._bus.publish(TalkForgotten(message_key))
