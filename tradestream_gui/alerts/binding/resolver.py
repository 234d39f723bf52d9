"""Binds an alert's actions to contracts and to that author's own positions in that channel; a pure function."""

from collections.abc import Sequence
from dataclasses import replace

from tradestream_gui.alerts.binding.binding import Book, CallState, EarlierCall, meant, names, pending_meant, wanted_by
from tradestream_gui.alerts.binding.conditions import as_entry
from tradestream_gui.alerts.binding.corrections import amend
from tradestream_gui.alerts.binding.intents import CancelIntent, DoneIntent, Hold, Intent, WithdrawIntent
from tradestream_gui.alerts.binding.loaded import reports_fill, with_contract
from tradestream_gui.alerts.binding.lot_changes import close, set_stop, set_target, trim
from tradestream_gui.alerts.binding.opening import OpeningContext, contract_for, open_intent
from tradestream_gui.domain.alert_profile import AddedMeans
from tradestream_gui.domain.alerts import ActionKind, AlertAction
from tradestream_gui.domain.contract_names import contract_name


def resolve(actions: Sequence[AlertAction], book: Book, context: OpeningContext) -> tuple[Intent, ...] | Hold:
    """Every action as an intent, or one hold for the whole message: if a part fails, nothing of it is sent."""
    if sum(action.kind in (ActionKind.OPEN, ActionKind.ADD) for action in actions) > 1:
        return Hold("SEVERAL_ENTRIES", "one message makes at most one entry; place these by hand")
    intents: list[Intent] = []
    for action in actions:
        found = _resolve_one(action, book, context)
        if isinstance(found, Hold):
            return found
        intents.extend(found)
    return tuple(intents)


def _resolve_one(action: AlertAction, book: Book, context: OpeningContext) -> Sequence[Intent] | Hold:
    if action.kind is ActionKind.OPEN:
        return _open(action, book, context)
    if action.kind is ActionKind.OPEN_IF:
        entry = as_entry(action, context)
        return entry if isinstance(entry, Hold) else _open(entry, book, context)
    if action.kind is ActionKind.ADD:
        return _add(action, book, context)
    if action.kind is ActionKind.AMEND:
        return amend(action, book, context)
    if action.kind is ActionKind.CANCEL:
        return _cancel(action, book)
    if action.kind is ActionKind.CLOSE:
        return _close(action, book, context)
    bound = meant(action, book)
    if isinstance(bound, Hold):
        return bound
    if bound.is_flat:
        return (DoneIntent(f"{names(bound.positions)} is closed already", "ALREADY_FLAT", bound.bound_by.value),)
    if action.kind is ActionKind.TRIM:
        return trim(action, bound, context)
    if action.kind is ActionKind.SET_STOP:
        return set_stop(action, bound, context)
    return set_target(action, bound, context)


def _open(action: AlertAction, book: Book, context: OpeningContext) -> Sequence[Intent] | Hold:
    built = with_contract(action, book)
    if isinstance(built, Hold):
        earlier = book.amendable
        if earlier is not None and earlier.is_ours and reports_fill(action, earlier.action):
            return (DoneIntent(f"tells the author's own fill of {wanted_by(earlier.action).words}", "FILL_REPORT"),)
        return built
    whole, withdrawn = built
    instrument = contract_for(whole, context)
    if isinstance(instrument, Hold):
        return instrument
    intent = open_intent(whole, instrument, context)
    if isinstance(intent, Hold):
        return intent
    if whole is not action:
        intent = replace(intent, layers=(*intent.layers, ("contract", "loaded alert")))
    return (*withdrawn, intent)


def _add(action: AlertAction, book: Book, context: OpeningContext) -> Sequence[Intent] | Hold:
    bound = meant(action, book)
    if isinstance(bound, Hold) or bound.is_flat:
        if context.profile.added_means is AddedMeans.NEW and action.symbol is not None:
            return _open(action, book, context)
        return bound if isinstance(bound, Hold) else Hold("NO_POSITION", f"{names(bound.positions)} is closed already")
    if len({held.instrument for held in bound.positions}) > 1:
        return Hold("WHICH_POSITION", f"several positions could be meant: {names(bound.positions)}")
    held = bound.positions[-1]
    entries = sum(1 for pending in book.pending if pending.instrument == held.instrument)
    if entries or context.profile.adds_allowed < 1:
        return Hold("ADDS_LIMIT", f"no more adds to {contract_name(held.instrument)} are allowed")
    intent = open_intent(action, held.instrument, context, held.lot.lot_id)
    return intent if isinstance(intent, Hold) else (intent,)


def _close(action: AlertAction, book: Book, context: OpeningContext) -> Sequence[Intent] | Hold:
    """Closes what is open and takes back what has not filled or has not been sent: out is out."""
    waiting: list[Intent] = [CancelIntent(one.cl_ord_id) for one in pending_meant(action, book)]
    waiting += _withdrawn(action, book, needs_name=True)
    bound = meant(action, book)
    if isinstance(bound, Hold):
        return waiting or bound
    if bound.is_flat:
        done = DoneIntent(f"{names(bound.positions)} is closed already", "ALREADY_FLAT", bound.bound_by.value)
        return waiting or (done,)
    closing = close(action, bound, context)
    return closing if isinstance(closing, Hold) else [*waiting, *closing]


def _withdrawn(action: AlertAction, book: Book, *, needs_name: bool) -> list[Intent]:
    """Cards of alerts that still wait for a person and are called off now."""
    wanted = wanted_by(action)
    unsent = [call for call in book.not_taken if call.state is CallState.UNSENT]
    if book.replies:
        called_off = [call for call in unsent if call.message_key in book.replies]
    elif wanted.is_silent:
        called_off = unsent if action.everything or (not needs_name and len(unsent) == 1) else []
    else:
        called_off = [call for call in unsent if wanted.covers(wanted_by(call.action))]
    return [WithdrawIntent(call.message_key, f"{_name(call)} was called off before it was sent") for call in called_off]


def _name(call: EarlierCall) -> str:
    return wanted_by(call.action).words or "the entry"


def _cancel(action: AlertAction, book: Book) -> Sequence[Intent] | Hold:
    withdrawn = _withdrawn(action, book, needs_name=False)
    wanted = wanted_by(action)
    found = [
        pending
        for pending in book.pending
        if wanted.matches(pending.instrument) and (not book.replies or pending.message_key in book.replies)
    ]
    if len(found) + len(withdrawn) == 1:
        return withdrawn or (CancelIntent(found[0].cl_ord_id),)
    if found or withdrawn:
        listed = ", ".join(contract_name(pending.instrument) for pending in found)
        return Hold("WHICH_ORDER", f"several entries could be meant: {listed or 'the cards that wait'}")
    if any(wanted.matches(held.instrument) for held in book.positions):
        return Hold("CANCEL_AFTER_FILL", "the entry has filled already; a cancel never flattens by itself")
    return Hold("NOTHING_TO_CANCEL", "no entry of this author is waiting")
