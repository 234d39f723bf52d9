"""Takes every message from arrival to exactly one decision: read, bound, routed, judged, carried out."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tradestream_gui.alerts.binding.conversation import Conversation
from tradestream_gui.alerts.binding.corrections import AmendChoice
from tradestream_gui.alerts.binding.intents import Hold
from tradestream_gui.alerts.desk.decision_book import Card, DecisionBook, Rejected
from tradestream_gui.alerts.desk.dispatch import Dispatch
from tradestream_gui.alerts.desk.edits import EditedMessages
from tradestream_gui.alerts.desk.executor import IntentExecutor
from tradestream_gui.alerts.desk.inbox import Inbox
from tradestream_gui.alerts.desk.judgement import Verdict, after_edit, opens, timeliness
from tradestream_gui.alerts.desk.preview import Preview, origin_of, preview_of, preview_of_card
from tradestream_gui.alerts.desk.questions import DeskQuestions
from tradestream_gui.alerts.desk.quote_log import AlertQuoteLog
from tradestream_gui.alerts.desk.release import Release
from tradestream_gui.alerts.desk.shown_order import ShownOrder
from tradestream_gui.alerts.desk.talk_window import NO_ALERT, TalkWindow
from tradestream_gui.alerts.profiles.profile_book import ProfileBook
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.alerts import AlertAction, Reading
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.events import AlertReceived, Notice, NoticeKind, Severity, SourceLinkChanged
from tradestream_gui.domain.ids import AccountId, ChannelId, MessageKey
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.domain.policies import ExecutionPolicy
from tradestream_gui.domain.routing import Route, RoutingRules
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.journal import Journal
from tradestream_gui.ports.source import IncomingMessage, Watermark


class AlertDesk:
    """The only maker of decisions. Messages of one channel are decided in their order; each revision once."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        tasks: Tasks,
        journal: Journal,
        watermark: Watermark,
        executor: IntentExecutor,
        quote_log: AlertQuoteLog,
        rules: RoutingRules,
        execution: ExecutionPolicy,
        questions: DeskQuestions,
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._tasks = tasks
        self._rules = rules
        self._execution = execution
        self._ask = questions
        self._inbox = Inbox()
        self._book = DecisionBook(bus=bus, clock=clock, journal=journal, reading_json=questions.reading_json)
        self._conversation = Conversation(self._inbox, questions, self._book.cards, self._book.acted)
        self._release = Release(questions, watermark, execution)
        self._dispatch = Dispatch(
            ask=questions,
            book=self._book,
            conversation=self._conversation,
            release=self._release,
            executor=executor,
            quote_log=quote_log,
            watermark=watermark,
            is_newest=self._is_newest,
            now=clock.now,
        )
        self._edited = EditedMessages(
            bus=bus,
            clock=clock,
            ask=questions,
            inbox=self._inbox,
            book=self._book,
            dispatch=self._dispatch,
            executor=executor,
        )
        self._talk = TalkWindow(bus, self._inbox, self._book)
        self._lanes: dict[str, asyncio.Lock] = {}
        self._links: dict[str, tuple[LinkState, str]] = {}

    def restore(self, revisions: Iterable[MessageRevision], decisions: Iterable[Decision]) -> None:
        """Takes over what is stored; cards that waited have run out by now, signals are remembered."""
        kept, decided = tuple(revisions), tuple(decisions)
        self._inbox.restore(kept)
        self._release.restore(kept, decided, self._rules, self._clock.now())
        self._book.restore(decided)

    def set_rules(self, rules: RoutingRules, execution: ExecutionPolicy) -> None:
        self._rules = rules
        self._execution = execution

    @property
    def rules(self) -> RoutingRules:
        return self._rules

    @property
    def profiles(self) -> ProfileBook:
        return self._ask.profiles

    def message(self, message_key: MessageKey) -> MessageRevision | None:
        return self._inbox.newest(message_key)

    def decision(self, message_key: MessageKey) -> Decision | None:
        return self._book.decision(message_key)

    def messages(self) -> tuple[MessageRevision, ...]:
        """The newest revision of every message that is held, in the order in which the messages first came."""
        return self._inbox.messages()

    def revisions(self, message_key: MessageKey) -> tuple[MessageRevision, ...]:
        """All versions of a message that are known, oldest first."""
        return self._inbox.revisions(message_key)

    def preview(self, revision: MessageRevision) -> Preview:
        """What this message would come to now; nothing is stored, decided or sent."""
        book_of = self._conversation.book
        return preview_of(revision, self._rules, self._execution, self._ask, book_of, self._clock.now())

    def cards(self) -> tuple[MessageKey, ...]:
        return self._book.cards()

    def card(self, message_key: MessageKey) -> Card | None:
        """What waits for a person's answer, with the reading that it would act upon."""
        return self._book.card(message_key)

    def offer(self, card: Card, account_id: AccountId) -> Preview:
        """What approving the card would come to now, on its own account or on another one."""
        book_of, now = self._conversation.book, self._clock.now()
        return preview_of_card(card, account_id, self._execution, self._ask, book_of, now)

    def links(self) -> dict[str, tuple[LinkState, str]]:
        """The state that each source last told of itself, and its words."""
        return dict(self._links)

    # -- arrival (AlertSink) -------------------------------------------------------------------------------

    def on_message(self, message: IncomingMessage) -> None:
        revision = self._inbox.revise(message, self._clock.now())
        if revision is None:
            return
        self._bus.publish(AlertReceived(revision))
        self._tasks.spawn(self._in_lane(revision, message.forwarded), f"decide {revision.message_key}")

    def on_source_link(self, source: str, state: LinkState, detail: str) -> None:
        self._links[source] = (state, detail)
        severity, now = Severity.INFO if state is LinkState.UP else Severity.WARNING, self._clock.now()
        self._bus.publish(SourceLinkChanged(source, state.value, detail, now))
        self._bus.publish(Notice(NoticeKind.CONNECTION, severity, source, f"{state.value} {detail}", now))

    async def _in_lane(self, revision: MessageRevision, forwarded: bool) -> None:
        async with self._lane(revision):
            if forwarded:
                words = "forwarded from elsewhere; only the author's own words are traded"
                self._end(revision, None, None, Verdict(Outcome.IGNORED, "FORWARDED", words))
            else:
                await self._decide(revision)

    def _lane(self, revision: MessageRevision) -> asyncio.Lock:
        """One after the other: an answer by hand waits for its channel too, so that no edit overtakes it."""
        return self._lanes.setdefault(f"{revision.source}:{revision.channel_id}", asyncio.Lock())

    def _is_newest(self, revision: MessageRevision) -> bool:
        return self._inbox.newest(revision.message_key) is revision

    # -- a person's answers --------------------------------------------------------------------------------

    async def approve(self, message_key: MessageKey, order: ShownOrder | None = None) -> Decision | None:
        """Judges the card again as of now and carries it out; None when it is gone or has run out. `order` is the
        entry exactly as the person saw it, where that was shown or changed: no other is sent."""
        waiting = self._book.card(message_key)
        if waiting is None:
            return None
        async with self._lane(waiting.revision):
            card = self._book.take_card(message_key)
            if card is None:
                return None
            if card.expires_at is not None and self._clock.now() >= card.expires_at:
                return self._finish(card, Verdict(Outcome.SKIPPED, "EXPIRED", "too late"))
            wanted = card.reading.actions or card.reading.candidate
            if self._would_open_twice(card, wanted):
                words = "the entry that it corrects still stands; close or cancel that one first"
                return self._finish(card, Verdict(Outcome.HELD, "AMENDED_AFTER_FILL", words))
            reading = replace(card.reading, actions=wanted, held=False)
            return await self._dispatch.answer(card.revision, reading, card.route, self._execution, order)

    async def settle(self, message_key: MessageKey, choice: AmendChoice) -> Decision | None:
        """Answers the card of a correction that came after the fill: keep what is open, flatten it, or flatten it and
        enter the corrected contract; None when the card is gone or corrects nothing."""
        waiting = self._book.card(message_key)
        if waiting is None or waiting.amends is None:
            return None
        async with self._lane(waiting.revision):
            card = self._book.take_card(message_key)
            if card is None:
                return None
            if choice is AmendChoice.KEEP:
                return self._finish(card, Verdict(Outcome.SKIPPED, "KEPT", "you kept the position as it is"))
            return await self._dispatch.settle(card, self._execution, swap=choice is AmendChoice.SWAP)

    def _would_open_twice(self, card: Card, wanted: Sequence[AlertAction]) -> bool:
        """Whether a corrected entry would come beside the one that it corrects."""
        if card.amends is None or not any(action.kind.opens for action in wanted):
            return False
        return self._conversation.stands(card.amends, card.revision, origin_of(card.revision, card.route))

    def reject(self, message_key: MessageKey, why: str) -> Rejected | None:
        """What it ended, so that it can be taken back; None when nothing waited."""
        before, card = self._book.decision(message_key), self._book.take_card(message_key)
        if card is None or before is None:
            return None
        return Rejected(card, before, self._finish(card, Verdict(Outcome.SKIPPED, "REJECTED", why)))

    def take_back(self, rejected: Rejected) -> str:
        """Puts the card before the person again, with the time that it had; why not, in words, when it is too late:
        an edit, a deletion or an end of its time is not undone."""
        card = rejected.card
        is_last = self._book.decision(card.revision.message_key) is rejected.ended
        if not is_last or not self._is_newest(card.revision):
            return "The message was changed meanwhile: it stays as it is."
        if card.expires_at is not None and self._clock.now() >= card.expires_at:
            return "Its time has run out meanwhile."
        self._book.put_back(card, rejected.before)
        return ""

    def replace_card(self, message_key: MessageKey) -> None:
        """Answers a card with no because other words are sent in its place: those are no repeat of it."""
        self.reject(message_key, "replaced by what you sent instead")
        self._release.forget(message_key)

    def expire_cards(self) -> None:
        """Lets cards run out whose time is over; called every second."""
        for card in self._book.take_expired():
            self._finish(card, Verdict(Outcome.SKIPPED, "EXPIRED", "nobody approved it in time"))

    def _finish(self, card: Card, verdict: Verdict) -> Decision:
        life = self._execution.approval_life
        return self._book.finish(
            card.revision, card.reading, card.route, verdict, None, life, card.amends, held_as=card.code
        )

    # -- deciding ------------------------------------------------------------------------------------------

    async def _decide(self, revision: MessageRevision) -> None:
        route = self._rules.route(ChannelId(revision.channel_id), revision.author_id)
        if route is None:
            self._end(revision, None, None, Verdict(Outcome.IGNORED, "UNKNOWN_AUTHOR", "nobody on the list"))
            return
        self._book.take_card(revision.message_key)
        if revision.deleted:
            self._edited.taken_back(revision, route, "DELETED", "deleted", self._execution)
            return
        reading = self._conversation.read(revision, route)
        acted = self._book.acted(revision.message_key)
        if acted is not None and revision.arrival is Arrival.EDIT:
            await self._edited.after_acting(revision, reading, route, acted, self._execution)
            return
        if not reading.is_alert:
            self._end(revision, reading, route, _no_alert(reading))
            self._talk.add(revision, reading)
            return
        late = timeliness(revision, reading, route, self._execution)
        if late is not None:
            self._end(revision, reading, route, self._confirmable(revision, reading, route, late))
            return
        amended = after_edit(revision, reading, route, self._book.decision(revision.message_key), self._execution)
        if amended is not None or reading.held:
            self._end(revision, reading, route, _held(amended, reading))
            return
        await self._dispatch.act(revision, reading, route, self._execution)

    def _confirmable(self, revision: MessageRevision, reading: Reading, route: Route, late: Verdict) -> Verdict:
        """An exit posted while offline is put to a person when it would still change something."""
        if opens(reading) or not self._dispatch.would_change(revision, reading, route, self._execution):
            return late
        return Verdict(Outcome.HELD, late.code, "posted while offline; confirm it by hand")

    def _end(self, revision: MessageRevision, reading: Reading | None, route: Route | None, verdict: Verdict) -> None:
        """Ends the way of this revision for now; what a person may still answer becomes a card."""
        self._book.finish(revision, reading, route, verdict, None, self._execution.approval_life)


def _no_alert(reading: Reading) -> Verdict:
    words = "; ".join(reason.words for reason in reading.reasons) or "not an alert"
    return Verdict(Outcome.IGNORED, NO_ALERT, words)


def _held(amended: Hold | None, reading: Reading) -> Verdict:
    reason = amended or (reading.reasons[0] if reading.reasons else None)
    if reason is None:
        return Verdict(Outcome.HELD, "UNCLEAR", "not clear enough to act upon")
    return Verdict(Outcome.HELD, reason.code, reason.words)
