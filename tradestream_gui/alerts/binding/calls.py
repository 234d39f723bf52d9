"""The entries that an author has called: which are ours, which we did not take, and which ended again."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tradestream_gui.alerts.binding.binding import Book, CallState, EarlierCall, wanted_by
from tradestream_gui.alerts.binding.corrections import corrected
from tradestream_gui.alerts.binding.loaded import reports_fill
from tradestream_gui.alerts.grammar.dates import EASTERN
from tradestream_gui.domain.alerts import ActionKind, AlertAction
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import MessageRevision

StateOf = Callable[[MessageKey], CallState]


@dataclass(slots=True)
class Calls:
    """`latest` has the last call of each message, `not_taken` the calls that are not ours and did not end."""

    latest: dict[MessageKey, EarlierCall] = field(default_factory=dict)
    not_taken: list[EarlierCall] = field(default_factory=list)
    last: EarlierCall | None = None

    def add(self, call: EarlierCall) -> None:
        self.latest[call.message_key] = call
        self.last = call
        if not call.is_ours:
            self.not_taken.append(call)

    def correct(self, correction: AlertAction) -> None:
        """The last call reads now as its author has corrected it."""
        if self.last is None:
            return
        call = replace(self.last, action=corrected(self.last.action, correction))
        self.not_taken = [call if one is self.last else one for one in self.not_taken]
        self.latest[call.message_key] = self.last = call


def calls_of(
    said: Iterable[tuple[MessageRevision, Sequence[AlertAction]]], state_of: StateOf, now: datetime, *, holds: bool
) -> Calls:
    """Goes through what the author said, oldest first. `holds`: something of the author's is open with us, so that an
    exit without a name may have meant that."""
    calls, today = Calls(), now.astimezone(EASTERN).date()
    for message, actions in said:
        for action in actions:
            if action.kind in (ActionKind.OPEN, ActionKind.OPEN_IF):
                has_expired = action.expiry is not None and action.expiry < today
                if not has_expired and not _tells_fill(action, calls.last):
                    calls.add(EarlierCall(message.message_key, action, state_of(message.message_key)))
            elif action.kind is ActionKind.AMEND:
                calls.correct(action)
            elif action.kind in (ActionKind.CLOSE, ActionKind.CANCEL) and calls.not_taken:
                unclear = holds and not action.everything
                calls.not_taken = [one for one in calls.not_taken if not _ends(action, message, one, unclear=unclear)]
    return calls


def states_of(book: Book, cards: Iterable[MessageKey]) -> StateOf:
    """What has come of the entry of a message, by the author's own lots, orders and cards."""
    states = dict.fromkeys(cards, CallState.UNSENT)
    states |= {MessageKey(held.lot.origin.message_key or ""): CallState.CLOSED for held in book.closed}
    states |= {MessageKey(one.message_key): CallState.WORKING for one in book.pending}
    states |= {MessageKey(held.lot.origin.message_key or ""): CallState.FILLED for held in book.positions}
    return lambda message_key: states.get(message_key, CallState.NOT_TAKEN)


def _tells_fill(action: AlertAction, last: EarlierCall | None) -> bool:
    return last is not None and last.is_ours and reports_fill(action, last.action)


def _ends(action: AlertAction, message: MessageRevision, call: EarlierCall, *, unclear: bool) -> bool:
    """Whether an exit ends a call that we do not hold: named, replied to, or said of whatever is open."""
    wanted = wanted_by(action)
    if not wanted.is_silent:
        return call.action.symbol is not None and wanted.covers(wanted_by(call.action))
    return message.reply_to == call.message_key or (message.reply_to is None and not unclear)
