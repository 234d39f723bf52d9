"""Which of the author's own positions a message means: reply, contract, symbol, only position, in this order."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from tradestream_gui.alerts.binding.intents import ContractWanted, Hold, OpenPosition, PendingEntry
from tradestream_gui.domain.alerts import ActionKind, AlertAction
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import signed


class BoundBy(Enum):
    """What told which position is meant."""

    REPLY = "reply"
    CONTRACT = "contract"
    SYMBOL = "symbol"
    ONLY_POSITION = "only open position"
    EVERYTHING = "every open position"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A contract that the author loaded, or named with a condition, without an entry yet."""

    message_key: MessageKey
    action: AlertAction
    is_card: bool = False
    """It waits for a person as a card."""


class CallState(Enum):
    """What has come of an entry that the author called."""

    UNSENT = "unsent"
    WORKING = "working"
    FILLED = "filled"
    CLOSED = "closed"
    NOT_TAKEN = "not taken"


@dataclass(frozen=True, slots=True)
class EarlierCall:
    """An entry that the author called here before, as it was read, and what has come of it."""

    message_key: MessageKey
    action: AlertAction
    state: CallState

    @property
    def is_ours(self) -> bool:
        """Whether it led to an entry of ours."""
        return self.state in (CallState.WORKING, CallState.FILLED, CallState.CLOSED)


@dataclass(frozen=True, slots=True)
class Book:
    """What the author has open and pending in this channel; nobody else's, and never the whole account's."""

    positions: tuple[OpenPosition, ...] = ()
    """Oldest first."""
    pending: tuple[PendingEntry, ...] = ()
    replies: tuple[MessageKey, ...] = ()
    """The message that the alert replies to, then the one that this replied to, and so on: it beats everything else
    that could be meant."""
    closed: tuple[OpenPosition, ...] = ()
    """Positions of the same trade date that are flat by now."""
    prepared: tuple[Prepared, ...] = ()
    not_taken: tuple[EarlierCall, ...] = ()
    """Entries that the author called and did not end, and that we have not: "out" may mean one of them."""
    quoted: ContractWanted | None = None
    """The contract that the text replied to names, when its message made no position here."""
    amendable: EarlierCall | None = None
    """The call that a correction is about."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The positions that are meant, never empty, and how that is known. `is_flat`: they are closed already."""

    positions: tuple[OpenPosition, ...]
    bound_by: BoundBy
    is_flat: bool = False


def meant(action: AlertAction, book: Book) -> Meant | Hold:
    """The positions that the action is about, or why a person must say."""
    replied = _replied(action, book)
    if replied is not None:
        return replied
    wanted = wanted_by(action)
    by = BoundBy.SYMBOL if wanted.is_symbol_only else BoundBy.CONTRACT
    if wanted.is_silent and book.quoted is not None:
        wanted, by = book.quoted, BoundBy.REPLY
    if wanted.is_silent:
        return _unnamed(action, book)
    found = _matching(wanted, book.positions)
    if not found:
        flat = _matching(wanted, book.closed)
        if flat and not _matching_calls(wanted, book.not_taken):
            return Meant(flat, by, is_flat=True)
        return Hold("NO_POSITION", f"no open position of {wanted.words} from this author in this channel")
    if _contracts(found) > 1 and not action.everything and action.kind is not ActionKind.CLOSE:
        return Hold("WHICH_POSITION", names(found))
    return Meant(found, by)


def _replied(action: AlertAction, book: Book) -> Meant | Hold | None:
    """The position made by the message replied to; None when that made none."""
    wanted = wanted_by(action)
    for message_key in book.replies:
        opened = _made_by(message_key, book.positions)
        fitting = _matching(wanted, opened)
        if fitting:
            return Meant(fitting, BoundBy.REPLY)
        if opened:
            return Hold("REPLY_DIFFERS", f"it replies to {names(opened)} and names {wanted.words}")
        flat = _matching(wanted, _made_by(message_key, book.closed))
        if flat:
            return Meant(flat, BoundBy.REPLY, is_flat=True)
        untaken = [call for call in book.not_taken if call.message_key == message_key]
        if untaken:
            return Hold("NO_POSITION", "it replies to an alert that was not traded")
    return None


def _unnamed(action: AlertAction, book: Book) -> Meant | Hold:
    if action.everything:
        if book.positions:
            return Meant(book.positions, BoundBy.EVERYTHING)
        return _ended(book) or Hold("NO_POSITION", "this author has no open position here")
    if not book.positions:
        return _ended(book) or Hold("NO_POSITION", "no open position of this author in this channel")
    others = [call for call in book.not_taken if not _is_held(call, book.positions)]
    waiting = [one for one in book.pending if one.instrument not in [held.instrument for held in book.positions]]
    if _contracts(book.positions) > 1 or others or waiting:
        doubt = [f"{wanted_by(call.action).words or 'an unnamed entry'} (called, not traded)" for call in others]
        doubt += [f"{contract_name(one.instrument)} (not filled yet)" for one in waiting]
        return Hold("WHICH_POSITION", "; ".join((names(book.positions), *doubt)))
    return Meant(book.positions, BoundBy.ONLY_POSITION)


def _ended(book: Book) -> Meant | None:
    """The only contract of the day that is flat by now, when nothing else could be meant."""
    if book.closed and not book.not_taken and not book.pending:
        return Meant(book.closed[-1:], BoundBy.ONLY_POSITION, is_flat=True)
    return None


def pending_meant(action: AlertAction, book: Book) -> tuple[PendingEntry, ...]:
    """The entries not filled yet that the action is about, by the same order of evidence."""
    wanted = wanted_by(action)
    fitting = tuple(one for one in book.pending if wanted.matches(one.instrument))
    for message_key in book.replies:
        replied = tuple(one for one in book.pending if one.message_key == message_key)
        if replied:
            return tuple(one for one in replied if one in fitting)
        if _made_by(message_key, (*book.positions, *book.closed)):
            return ()
    if action.everything or not wanted.is_silent:
        return fitting
    held = {position.instrument for position in book.positions}
    return fitting if len({one.instrument for one in fitting} | held) == 1 and not book.not_taken else ()


def wanted_by(action: AlertAction) -> ContractWanted:
    return ContractWanted(action.symbol, action.strike, action.right, action.expiry)


def names(positions: Sequence[OpenPosition]) -> str:
    """`+3 MES Dec26, −1 NQ Dec26`."""
    return ", ".join(f"{signed(held.lot.signed_qty)} {contract_name(held.instrument)}" for held in positions)


def _matching_calls(wanted: ContractWanted, calls: Sequence[EarlierCall]) -> bool:
    return any(wanted.covers(wanted_by(call.action)) for call in calls)


def _is_held(call: EarlierCall, positions: Sequence[OpenPosition]) -> bool:
    said = wanted_by(call.action)
    return not said.is_silent and any(said.matches(held.instrument) for held in positions)


def _made_by(message_key: MessageKey, positions: Sequence[OpenPosition]) -> tuple[OpenPosition, ...]:
    return tuple(held for held in positions if held.lot.origin.message_key == message_key)


def _matching(wanted: ContractWanted, positions: Sequence[OpenPosition]) -> tuple[OpenPosition, ...]:
    return tuple(held for held in positions if wanted.matches(held.instrument))


def _contracts(positions: Sequence[OpenPosition]) -> int:
    instruments: set[Instrument] = {held.instrument for held in positions}
    return len(instruments)
