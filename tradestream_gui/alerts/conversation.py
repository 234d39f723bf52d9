"""What the author has said here before, to tell what a message is about: replies, calls, loaded contracts."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tradestream_gui.alerts.binding import Book, CallState, EarlierCall, Prepared, wanted_by
from tradestream_gui.alerts.corrections import corrected
from tradestream_gui.alerts.dates import EASTERN
from tradestream_gui.alerts.inbox import Inbox
from tradestream_gui.alerts.intents import ContractWanted
from tradestream_gui.alerts.loaded import as_if_bought, reports_fill
from tradestream_gui.alerts.questions import DeskQuestions, alert_text_of
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
MAX_READINGS = 2000
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
        self._readings: OrderedDict[tuple[MessageKey, int, str], tuple[AlertProfile, Reading]] = OrderedDict()

    def book(self, revision: MessageRevision, route: Route, origin: Origin) -> Book:
        """All that an alert in this message may touch or mean."""
        book = self._ask.book_of(origin, revision)
        replies = self._replies(revision)
        earlier = list(self._earlier(revision, route))
        calls = self._calls(earlier, route, book, revision.sent_at)
        not_taken = tuple(call for call in calls if call.state in (CallState.UNSENT, CallState.NOT_TAKEN))
        return replace(
            book,
            replies=replies,
            prepared=self._prepared(revision, replies, earlier, route, not_taken),
            not_taken=not_taken,
            quoted=self._quoted(revision, route),
            amendable=self._own_call(revision, route, book) or self._amendable(revision, replies, calls),
        )

    def stands(self, message_key: MessageKey, asking: MessageRevision, origin: Origin) -> bool:
        """Whether the entry that a message made is open, or may still fill."""
        return self._state(message_key, self._ask.book_of(origin, asking)) in (CallState.FILLED, CallState.WORKING)

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
        for message in self._inbox.messages_in(revision.channel_id):
            if message.message_key == revision.message_key or message.deleted:
                continue
            if listed is not None and message.author_id not in listed:
                continue
            if timedelta(0) <= revision.sent_at - message.sent_at <= SAME_DAY:
                yield message

    def _calls(self, messages: Sequence[MessageRevision], route: Route, book: Book, now: datetime) -> list[EarlierCall]:
        """The entries that the author called and, unless they are ours, did not end."""
        calls: list[EarlierCall] = []
        for message in messages:
            reading = self._read(message, route)
            for action in reading.actions or reading.candidate:
                if action.kind in (ActionKind.OPEN, ActionKind.OPEN_IF):
                    if not _is_past(action, now) and not (calls and _tells_fill(action, calls[-1])):
                        calls.append(EarlierCall(message.message_key, action, self._state(message.message_key, book)))
                elif action.kind is ActionKind.AMEND and calls:
                    calls[-1] = replace(calls[-1], action=corrected(calls[-1].action, action))
                elif action.kind in (ActionKind.CLOSE, ActionKind.CANCEL):
                    unclear = not action.everything and any(call.state is CallState.FILLED for call in calls)
                    calls = [c for c in calls if c.is_ours or not _ends(action, message, c, unclear=unclear)]
        return calls

    def _state(self, message_key: MessageKey, book: Book) -> CallState:
        if any(held.lot.origin.message_key == message_key for held in book.positions):
            return CallState.FILLED
        if any(one.message_key == message_key for one in book.pending):
            return CallState.WORKING
        if any(held.lot.origin.message_key == message_key for held in book.closed):
            return CallState.CLOSED
        return CallState.UNSENT if message_key in self._cards() else CallState.NOT_TAKEN

    def _prepared(
        self,
        revision: MessageRevision,
        replies: tuple[MessageKey, ...],
        earlier: Sequence[MessageRevision],
        route: Route,
        not_taken: Sequence[EarlierCall],
    ) -> tuple[Prepared, ...]:
        untaken = {call.message_key: call for call in not_taken}
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
        if bought is None or self._read(message, route).is_alert:
            return None
        reading = self._read(replace(message, text=bought), route)
        entries = [action for action in reading.actions or reading.candidate if action.kind is ActionKind.OPEN]
        return entries[0] if len(entries) == 1 and entries[0].symbol is not None else None

    def _quoted(self, revision: MessageRevision, route: Route) -> ContractWanted | None:
        """The contract in the words that the message replies to; None when they name none, or more than one."""
        if not revision.reply_text:
            return None
        reading = self._read(replace(revision, text=revision.reply_text, reply_text=None, embeds=()), route)
        named = [wanted_by(action) for action in reading.actions or reading.candidate if action.symbol is not None]
        return named[0] if len(named) == 1 else None

    def _own_call(self, revision: MessageRevision, route: Route, book: Book) -> EarlierCall | None:
        """The entry of this message's own earlier version, once that was acted upon."""
        decided = self._acted(revision.message_key)
        if decided is None or decided.revision >= revision.revision:
            return None
        acted = [one for one in self._inbox.revisions(revision.message_key) if one.revision == decided.revision]
        return next(iter(self._calls(acted, route, book, revision.sent_at)), None)

    def _amendable(
        self, revision: MessageRevision, replies: tuple[MessageKey, ...], calls: Sequence[EarlierCall]
    ) -> EarlierCall | None:
        """The call replied to, else the last one of the last minutes."""
        replied = next((call for call in calls if call.message_key in replies), None)
        if replied is not None or not calls:
            return replied
        said = self._inbox.newest(calls[-1].message_key)
        is_recent = said is not None and revision.sent_at - said.sent_at <= LINK_WINDOW
        return calls[-1] if is_recent else None

    def _read(self, message: MessageRevision, route: Route) -> Reading:
        """Read once for as long as its profile stays what it is."""
        key = (message.message_key, message.revision, message.text)
        profile = self._ask.profile(route.profile, message)
        known = self._readings.get(key)
        if known is not None and known[0] is profile:
            return known[1]
        reading = self._ask.read(alert_text_of(message), profile)
        self._readings[key] = (profile, reading)
        if len(self._readings) > MAX_READINGS:
            self._readings.popitem(last=False)
        return reading


def _is_past(action: AlertAction, now: datetime) -> bool:
    """Whether the called option has expired."""
    return action.expiry is not None and action.expiry < now.astimezone(EASTERN).date()


def _tells_fill(action: AlertAction, call: EarlierCall) -> bool:
    return call.is_ours and reports_fill(action, call.action)


def _ends(action: AlertAction, message: MessageRevision, call: EarlierCall, *, unclear: bool) -> bool:
    """Whether an exit ends a call that we do not hold: named, replied to, or said of whatever is open. `unclear`:
    something of ours is open too, so that words alone may have meant either."""
    wanted = wanted_by(action)
    if not wanted.is_silent:
        return call.action.symbol is not None and wanted.covers(wanted_by(call.action))
    return message.reply_to == call.message_key or (message.reply_to is None and not unclear)
