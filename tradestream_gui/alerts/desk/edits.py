"""Messages that are edited or deleted after they were acted upon: corrected, taken back, or left as they are."""

from dataclasses import replace

from tradestream_gui.alerts.binding.corrections import as_correction
from tradestream_gui.alerts.desk.decision_book import DecisionBook
from tradestream_gui.alerts.desk.dispatch import Dispatch
from tradestream_gui.alerts.desk.executor import IntentExecutor
from tradestream_gui.alerts.desk.inbox import Inbox
from tradestream_gui.alerts.desk.judgement import Verdict
from tradestream_gui.alerts.desk.preview import origin_of
from tradestream_gui.alerts.desk.questions import DeskQuestions
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.alerts import AlertAction, Reading
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.events import Notice, NoticeKind, Severity
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.policies import ExecutionPolicy
from tradestream_gui.domain.routing import Route
from tradestream_gui.ports.clock import Clock


class EditedMessages:
    """Holds no state. Nothing opens again here, and nothing that has filled is flattened."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        ask: DeskQuestions,
        inbox: Inbox,
        book: DecisionBook,
        dispatch: Dispatch,
        executor: IntentExecutor,
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._ask = ask
        self._inbox = inbox
        self._book = book
        self._dispatch = dispatch
        self._executor = executor

    async def after_acting(
        self, revision: MessageRevision, reading: Reading, route: Route, acted: Decision, execution: ExecutionPolicy
    ) -> None:
        """What differs is a correction, and an alert that is none any more is taken back."""
        versions = self._inbox.revisions(revision.message_key)
        before = next((one for one in versions if one.revision == acted.revision), None)
        earlier = self._ask.read_message(before, route.profile) if before else None
        if earlier is not None and is_same(earlier, reading):
            self._book.amended(revision, acted, reading, acted.code, "edited, nothing that counts has changed")
            return
        if not reading.is_alert:
            self.taken_back(revision, route, "EDITED_OUT", "edited into no alert", execution)
            return
        correction = after_acting(earlier, reading) if earlier else None
        if correction is not None:
            await self._dispatch.act(revision, correction, route, execution)
            return
        verdict = Verdict(Outcome.HELD, "AMENDED", "edited after it was acted upon; check what stands")
        self._book.finish(revision, reading, route, verdict, None, execution.approval_life)

    def taken_back(
        self, revision: MessageRevision, route: Route, code: str, how: str, execution: ExecutionPolicy
    ) -> None:
        """A message that is taken back cancels its entry if that has not filled; what is filled is only told."""
        origin = origin_of(revision, route)
        waiting = [p for p in self._ask.book_of(origin, revision).pending if p.message_key == revision.message_key]
        for pending in waiting:
            self._executor.cancel_entry(pending.cl_ord_id, f"the message was {how}")
        acted = self._book.acted(revision.message_key) is not None and not waiting
        words = f"{how}; its entry was cancelled" if waiting else how
        if acted:
            words = f"{how} after it was acted upon; nothing was changed"
            self._bus.publish(Notice(NoticeKind.ALERT, Severity.WARNING, route.analyst.name, words, self._clock.now()))
        outcome = Outcome.DONE if waiting else Outcome.HELD if acted else Outcome.IGNORED
        verdict = Verdict(outcome, code, words)
        self._book.finish(revision, None, route, verdict, None, execution.approval_life)


def is_same(earlier: Reading, later: Reading) -> bool:
    """Whether both versions ask for the same: only the words differ."""
    return [_bare(action) for action in _wanted(earlier)] == [_bare(action) for action in _wanted(later)]


def after_acting(earlier: Reading, later: Reading) -> Reading | None:
    """The edit as a correction of the entry that the message made; None when it is no such thing."""
    before, now = _wanted(earlier), later.actions
    if len(before) != 1 or len(now) != 1 or not before[0].kind.opens:
        return None
    correction = as_correction(before[0], now[0])
    return None if correction is None else replace(later, actions=(correction,))


def _wanted(reading: Reading) -> tuple[AlertAction, ...]:
    return reading.actions or reading.candidate


def _bare(action: AlertAction) -> AlertAction:
    return replace(action, evidence=(), size_words=tuple(sorted(action.size_words)))
