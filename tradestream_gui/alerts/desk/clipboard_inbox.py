"""The clipboard inbox: copied text that is an alert becomes a card, and a key sends it through the desk.

It is off until the settings name whose alerts are copied. What is no alert leaves no trace: it is neither kept nor
logged. The key is the approval; without it nothing is sent, whatever the analyst's mode is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tradestream_gui.alerts.desk.answered import AnsweredOnArrival
from tradestream_gui.alerts.desk.desk import AlertDesk
from tradestream_gui.alerts.desk.inbox import first_revision
from tradestream_gui.alerts.desk.preview import Preview
from tradestream_gui.alerts.words.text import MAX_CHARS
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.ids import ChannelId
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.source import HandedIn, IncomingMessage

SOURCE = "clipboard"
CARD_LIFE = timedelta(seconds=90)
"""As long as a card that asks: an older copy says nothing about the market any more."""


@dataclass(frozen=True, slots=True)
class Copied:
    """Whose alerts are copied, by the rows of the settings."""

    channel_id: str
    channel_name: str
    author_id: str
    author_name: str


@dataclass(frozen=True, slots=True)
class ClipboardCard:
    """A copied alert that nobody has sent; `preview` is what sending would come to as of the copying."""

    message: IncomingMessage
    revision: MessageRevision
    preview: Preview


class ClipboardInbox:
    """Holds at most one card, the newest. `whose` is None while the inbox is off."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        tasks: Tasks,
        desk: AlertDesk,
        source: HandedIn | None,
        whose: Callable[[], Copied | None],
    ) -> None:
        self._clock = clock
        self._desk = desk
        self._source = source
        self._whose = whose
        self._card: ClipboardCard | None = None
        self._answered = AnsweredOnArrival(bus, tasks, desk)
        self._last_no = 0

    @property
    def is_on(self) -> bool:
        return self._source is not None and self._whose() is not None

    @property
    def card(self) -> ClipboardCard | None:
        """The card that waits; one that is too old is gone."""
        if self._card is not None and self._clock.now() - self._card.message.sent_at >= CARD_LIFE:
            self._card = None
        return self._card

    def offer(self, text: str) -> ClipboardCard | None:
        """A card for copied text that is an alert of a followed analyst; None, and nothing is kept, for all else."""
        copied = self._whose()
        if copied is None or self._source is None or not text.strip() or len(text) > MAX_CHARS:
            return None
        message = self._message(text.strip(), copied)
        revision = first_revision(message, message.sent_at)
        preview = self._desk.preview(revision)
        if preview.reading is None or not preview.reading.is_alert:
            return None
        self._card = ClipboardCard(message, revision, preview)
        return self._card

    def refresh(self) -> ClipboardCard | None:
        """The card that waits as of now."""
        card = self.card
        if card is not None:
            self._card = ClipboardCard(card.message, card.revision, self._desk.preview(card.revision))
        return self._card

    def send(self) -> bool:
        """Hands the card in; where the desk then asks, this key was the answer. False when no card waits."""
        card, self._card = self.card, None
        if card is None or self._source is None:
            return False
        self._answered.expect(card.revision.message_key)
        return self._source.hand_in(card.message)

    def dismiss(self) -> None:
        self._card = None

    # inside

    def _message(self, text: str, copied: Copied) -> IncomingMessage:
        now = self._clock.now()
        self._last_no = max(int(now.timestamp() * 1_000_000), self._last_no + 1)
        return IncomingMessage(
            source=SOURCE,
            channel_id=copied.channel_id,
            channel_name=copied.channel_name,
            message_id=str(self._last_no),
            author_id=copied.author_id,
            author_name=copied.author_name,
            text=text,
            sent_at=now,
            order_no=self._last_no,
            arrival=Arrival.MANUAL,
        )


def copied_by(desk: AlertDesk, analyst_id: str | None, channel_id: str | None) -> Copied | None:
    """The rows that the settings name; None where one is missing or the analyst is not followed there."""
    rules = desk.rules
    analyst = next((each for each in rules.analysts.values() if each.analyst_id == analyst_id), None)
    if analyst is None:
        return None
    author = next(iter(sorted(analyst.author_ids)), str(analyst.analyst_id))
    for channel in rules.channels.values():
        if channel_id not in (None, "", channel.channel_id):
            continue
        if rules.analyst_of(ChannelId(channel.channel_id), author) is analyst:
            return Copied(str(channel.channel_id), channel.name, author, analyst.name)
    return None
