"""What the author has said here before, to tell what a message is about: replies, calls, loaded contracts."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from tradestream_gui.alerts.binding.binding import Book, CallState, EarlierCall, Prepared, wanted_by
from tradestream_gui.alerts.binding.calls import Calls, calls_of, states_of
from tradestream_gui.alerts.binding.intents import ContractWanted
from tradestream_gui.alerts.binding.loaded import as_if_bought
from tradestream_gui.alerts.desk.inbox import Inbox
from tradestream_gui.alerts.desk.questions import DeskQuestions, alert_text_of
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import ActionKind, AlertAction, Reading
from tradestream_gui.domain.decisions import Decision
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Origin
from tradestream_gui.domain.routing import Route

LINK_WINDOW = timedelta(minutes=10)
"""How long a loaded contract waits for its "in", and an alert for its correction."""
SAME_DAY = timedelta(hours=20)
"""How far back an author's calls of one trade date can lie."""
MAX_REPLY_STEPS = 8
_TextKey = tuple[MessageKey, int, str, str | None, bool]
"""Message and version, the text, what it answers and whether a card hangs on it: quoted words have neither."""
MAX_READINGS = 2_000
"""Readings of earlier messages kept at once; the oldest is read anew when it is needed again."""


class Conversation:
    """Answers from the inbox and the owners of lots, orders and cards; what it keeps are readings of fixed texts."""

    def __init__(
        self,
        inbox: Inbox,
        ask: DeskQuestions,
        cards: Callable[[], Collection[MessageKey]],
        acted: Callable[[MessageKey], Decision | None],
    ) -> None:
        self._inbox = inbox
        self._ask = ask
        self._cards = cards
        self._acted = acted
        self._readings: OrderedDict[_TextKey, tuple[AlertProfile, Reading]] = OrderedDict()

    def read(self, revision: MessageRevision, route: Route) -> Reading:
        """The message as the parser reads it for this route; remembered, because later ones are about it."""
        return self._read(revision, self._ask.profile(route.profile, revision))

    def held(self, revision: MessageRevision, origin: Origin) -> Book:
        """What the author has open and pending, without what was said of it."""
        return self._ask.book_of(origin, revision)

    def book(self, revision: MessageRevision, route: Route, origin: Origin) -> Book:
        """All that an alert in this message may touch or mean."""
        book = self._ask.book_of(origin, revision)
        replies = self._replies(revision)
        earlier = list(self._earlier(revision, route))
        calls = self._calls(earlier, route, book, revision)
        return replace(
            book,
            replies=replies,
            prepared=self._prepared(revision, replies, earlier, route, calls),
            not_taken=tuple(calls.not_taken),
            quoted=self._quoted(revision, route),
            amendable=self._own_call(revision, route, book) or self._amendable(revision, replies, calls),
        )

    def stands(self, message_key: MessageKey, asking: MessageRevision, origin: Origin) -> bool:
        """Whether the entry that a message made is open, or may still fill."""
        state = states_of(self._ask.book_of(origin, asking), ())(message_key)
        return state in (CallState.FILLED, CallState.WORKING)

    def _replies(self, revision: MessageRevision) -> tuple[MessageKey, ...]:
        chain: list[MessageKey] = []
        asked = revision.reply_to
        while asked is not None and asked not in chain and len(chain) < MAX_REPLY_STEPS:
            chain.append(asked)
            replied = self._inbox.newest(asked)
            asked = replied.reply_to if replied else None
        return tuple(chain)

    def _earlier(self, revision: MessageRevision, route: Route) -> Iterable[MessageRevision]:
        """The author's other messages here of the last hours, oldest first."""
        listed = route.analyst.author_ids if route.channel.speaks_for is None else None
        until = revision.sent_at
        for message in self._inbox.messages_in(revision.channel_id, until - SAME_DAY, until):
            if message.message_key == revision.message_key or message.deleted:
                continue
            if listed is None or message.author_id in listed:
                yield message

    def _calls(self, messages: Sequence[MessageRevision], route: Route, book: Book, asking: MessageRevision) -> Calls:
        profiles: dict[str, AlertProfile] = {}
        said = []
        for message in messages:
            profile = profiles.get(message.author_id)
            if profile is None:
                profile = profiles[message.author_id] = self._ask.profile(route.profile, message)
            reading = self._read(message, profile)
            if reading.actions or reading.candidate:
                said.append((message, reading.actions or reading.candidate))
        return calls_of(said, states_of(book, self._cards()), asking.sent_at, holds=bool(book.positions))

    def _prepared(
        self,
        revision: MessageRevision,
        replies: tuple[MessageKey, ...],
        earlier: Sequence[MessageRevision],
        route: Route,
        calls: Calls,
    ) -> tuple[Prepared, ...]:
        untaken = {call.message_key: call for call in calls.not_taken}
        found: list[Prepared] = []
        for message in earlier:
            is_replied = message.message_key in replies
            if not is_replied and revision.sent_at - message.sent_at > LINK_WINDOW:
                continue
            call = untaken.get(message.message_key)
            if call is not None and (is_replied or call.action.kind is ActionKind.OPEN_IF):
                found.append(Prepared(message.message_key, call.action, call.state is CallState.UNSENT))
                continue
            loaded = self._loaded(message, route)
            if loaded is not None:
                found.append(Prepared(message.message_key, loaded))
        return tuple(found)

    def _loaded(self, message: MessageRevision, route: Route) -> AlertAction | None:
        """The contract of a message that only prepares it."""
        bought = as_if_bought(message.text)
        if bought is None:
            return None
        profile = self._ask.profile(route.profile, message)
        if self._read(message, profile).is_alert:
            return None
        reading = self._read(replace(message, text=bought), profile)
        entries = [action for action in reading.actions or reading.candidate if action.kind is ActionKind.OPEN]
        return entries[0] if len(entries) == 1 and entries[0].symbol is not None else None

    def _quoted(self, revision: MessageRevision, route: Route) -> ContractWanted | None:
        """The contract in the words that the message replies to; None when they name none, or more than one."""
        if not revision.reply_text:
            return None
        quoted = replace(revision, text=revision.reply_text, reply_text=None, embeds=())
        reading = self._read(quoted, self._ask.profile(route.profile, revision))
        named = [wanted_by(action) for action in reading.actions or reading.candidate if action.symbol is not None]
        return named[0] if len(named) == 1 else None

    def _own_call(self, revision: MessageRevision, route: Route, book: Book) -> EarlierCall | None:
        """The entry of this message's own earlier version, once that was acted upon."""
        decided = self._acted(revision.message_key)
        if decided is None or decided.revision >= revision.revision:
            return None
        acted = [one for one in self._inbox.revisions(revision.message_key) if one.revision == decided.revision]
        return self._calls(acted, route, book, revision).last

    def _amendable(
        self, revision: MessageRevision, replies: tuple[MessageKey, ...], calls: Calls
    ) -> EarlierCall | None:
        """The call replied to, else the last one of the last minutes."""
        replied = next((calls.latest[key] for key in replies if key in calls.latest), None)
        if replied is not None or calls.last is None:
            return replied
        said = self._inbox.newest(calls.last.message_key)
        is_recent = said is not None and revision.sent_at - said.sent_at <= LINK_WINDOW
        return calls.last if is_recent else None

    def _read(self, message: MessageRevision, profile: AlertProfile) -> Reading:
        """Read once for as long as its profile stays what it is."""
        key = (message.message_key, message.revision, message.text, message.reply_text, bool(message.embeds))
        known = self._readings.get(key)
        if known is not None and known[0] is profile:
            return known[1]
        reading = self._ask.read(alert_text_of(message), profile)
        self._readings[key] = (profile, reading)
        if len(self._readings) > MAX_READINGS:
            self._readings.popitem(last=False)
        return reading
