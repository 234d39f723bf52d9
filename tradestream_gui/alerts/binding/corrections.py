"""What a correction of an earlier alert comes to, before and after its fill: it proposes or protects, never adds."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from enum import Enum

from tradestream_gui.alerts.binding.binding import Book, BoundBy, CallState, EarlierCall, Meant
from tradestream_gui.alerts.binding.intents import (
    CancelIntent,
    DoneIntent,
    Hold,
    Intent,
    PendingEntry,
    PlanIntent,
    ReviseIntent,
)
from tradestream_gui.alerts.binding.lot_changes import set_stop, set_target
from tradestream_gui.alerts.binding.opening import OpeningContext, level_price
from tradestream_gui.alerts.grammar.levels_by_distance import equal_shares
from tradestream_gui.domain.alerts import ActionKind, AlertAction
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.money import signed

ENTRY_FIELDS = ("asset", "side", "symbol", "strike", "right", "expiry", "quantity", "price", "trigger")
"""Fields that make another order; the stop and the targets only change how it is left."""
CONTRACT_FIELDS = frozenset(("asset", "side", "symbol", "strike", "right", "expiry"))


class AmendChoice(Enum):
    """What a person does with a position whose alert was corrected to another contract after the fill."""

    KEEP = "keep"
    SWAP = "swap"
    FLAT = "flat"


def corrected(earlier: AlertAction, correction: AlertAction) -> AlertAction:
    """The earlier entry with every field that the correction names."""
    said = {
        field: getattr(correction, field)
        for field in (*ENTRY_FIELDS, "stop", "targets")
        if getattr(correction, field) not in (None, ())
    }
    return replace(earlier, **said, at_market=earlier.at_market and "price" not in said)


def changed_fields(earlier: AlertAction, later: AlertAction) -> frozenset[str]:
    """Names of the fields in which two readings of the same entry differ."""
    fields = (*ENTRY_FIELDS, "stop", "targets", "kind")
    return frozenset(field for field in fields if getattr(earlier, field) != getattr(later, field))


def as_correction(earlier: AlertAction, later: AlertAction) -> AlertAction | None:
    """An edited entry as a correction of the one that was acted upon; None when it became something else."""
    changed = changed_fields(earlier, later)
    gone = [field for field in changed if getattr(later, field) in (None, ())]
    if "kind" in changed or gone:
        return None
    blank = AlertAction(ActionKind.AMEND, evidence=later.evidence)
    return replace(blank, **{field: getattr(later, field) for field in changed})


def amend(correction: AlertAction, book: Book, context: OpeningContext) -> Sequence[Intent] | Hold:
    """A correction's intents; the call that it is about stands in the book."""
    call = book.amendable
    if call is None:
        return Hold("NOTHING_TO_AMEND", "a correction, but no alert of this author in the last minutes to correct")
    now = corrected(call.action, correction)
    changed = changed_fields(call.action, now)
    if not changed:
        return (DoneIntent("the correction changes nothing", "UNCHANGED"),)
    words = f"corrected {', '.join(sorted(changed))}"
    if call.state is CallState.CLOSED:
        return (DoneIntent(f"{words}, but the trade is closed already"),)
    if call.state is CallState.FILLED:
        return _after_fill(call, now, changed, book, context)
    if call.state is CallState.WORKING:
        return _while_working(call, now, changed, book, context)
    return (ReviseIntent(call.message_key, now, f"{words}; approve to send it"),)


def _while_working(
    call: EarlierCall, now: AlertAction, changed: frozenset[str], book: Book, context: OpeningContext
) -> Sequence[Intent] | Hold:
    """An entry of other terms is taken back and proposed anew; new exits go into the plan of the one that works."""
    working = [one for one in book.pending if one.message_key == call.message_key]
    if not changed & {*ENTRY_FIELDS, "kind"}:
        found = [_plan_change(one, now, changed, context) for one in working]
        held = next((one for one in found if isinstance(one, Hold)), None)
        return held or [one for one in found if not isinstance(one, Hold)]
    cancels: list[Intent] = [CancelIntent(one.cl_ord_id) for one in working]
    words = f"corrected {', '.join(sorted(changed))} before the fill; approve to send it"
    return [*cancels, ReviseIntent(call.message_key, now, words)]


def _plan_change(
    entry: PendingEntry, now: AlertAction, changed: frozenset[str], context: OpeningContext
) -> PlanIntent | Hold:
    plan, reference = entry.plan, _reference(now)
    if plan is None or reference is None:
        return Hold("AMENDED", "exits corrected while the entry works; check what stands")
    sign = plan.side.sign
    stop: Decimal | None = None
    if "stop" in changed:
        assert now.stop is not None, "a correction takes no field away"
        stop = level_price(now.stop, entry.instrument, reference, -sign, None)
        if stop is None or (reference - stop) * sign <= 0:
            return Hold("STOP_UNIT", "the corrected stop is no price behind the entry; confirm it by hand")
        if plan.stop_price is not None and (plan.stop_price - stop) * sign > 0 and not context.by_hand:
            words = f"the corrected stop {stop} risks more than {plan.stop_price}; confirm it by hand"
            return Hold("STOP_WIDER", words)
    targets = now.targets if "targets" in changed else ()
    prices = [level_price(level, entry.instrument, reference, sign, None) for level in targets]
    good = [price for price in prices if price is not None and (price - reference) * sign > 0]
    if len(good) != len(prices):
        return Hold("TARGET_UNIT", "a corrected target is no price beyond the entry; confirm it by hand")
    allocations = equal_shares(good, entry.instrument) if good else ()
    words = f"exits of {contract_name(entry.instrument)} corrected before the fill"
    return PlanIntent(entry.lot_id, stop, allocations, words)


def _after_fill(
    call: EarlierCall, now: AlertAction, changed: frozenset[str], book: Book, context: OpeningContext
) -> Sequence[Intent] | Hold:
    held = tuple(one for one in book.positions if one.lot.origin.message_key == call.message_key)
    name = ", ".join(f"{signed(one.lot.signed_qty)} {contract_name(one.instrument)}" for one in held)
    if changed & CONTRACT_FIELDS:
        words = f"{name} is open and the author meant another contract: keep it, swap it or flatten it"
        return Hold("AMENDED_AFTER_FILL", words)
    if changed & {"quantity", "trigger", "kind"}:
        what = ", ".join(sorted(changed))
        return Hold("AMENDED_AFTER_FILL", f"{what} corrected after {name} was opened; check what stands")
    bound = Meant(held, BoundBy.REPLY)
    intents: list[Intent] = []
    if "stop" in changed:
        found = set_stop(replace(now, kind=ActionKind.SET_STOP), bound, context)
        if isinstance(found, Hold):
            return found
        intents.extend(found)
    if "targets" in changed:
        targets = set_target(replace(now, kind=ActionKind.SET_TARGET), bound, context)
        if isinstance(targets, Hold):
            return targets
        intents.extend(targets)
    if not intents:
        intents.append(DoneIntent(f"the alert's price is corrected; our own fill of {name} stands", "PRICE_CORRECTED"))
    return intents


def _reference(action: AlertAction) -> Decimal | None:
    return action.price if isinstance(action.price, Decimal) else None
