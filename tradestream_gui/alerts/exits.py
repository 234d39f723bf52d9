"""Trims, closes, stop-outs, stop and target moves, cancels: words about a position that the author holds."""

from collections.abc import Callable
from decimal import Decimal

from tradestream_gui.alerts.contracts import Contract
from tradestream_gui.alerts.exit_parts import (
    EXIT_OBJECTS,
    all_but,
    has_object,
    is_closing_print,
    is_reported,
    leaves,
    percent_of_position,
    takes_part,
)
from tradestream_gui.alerts.guards import EXIT_GUARDS, REACH_AFTER, guard_after, guard_before, opens_clause
from tradestream_gui.alerts.lexicon import W
from tradestream_gui.alerts.piece_kinds import P
from tradestream_gui.alerts.prices import Priced, find_price, number_before
from tradestream_gui.alerts.quantities import exit_quantity, fraction_at
from tradestream_gui.alerts.scene import Draft, Scene, Sentence
from tradestream_gui.alerts.verb_entries import takes_a_contract
from tradestream_gui.domain.alerts import ActionKind

WINDOW = 12


def read_exits(scene: Scene, sentence: Sentence) -> None:
    """Adds the drafts that reduce or end a position in one sentence."""
    for index in range(sentence.lo, sentence.hi):
        if index in scene.used:
            continue
        rule = _RULES.get(scene.pieces[index].kind)
        if rule is not None:
            kind = rule(scene, sentence, index)
            if kind is not None and not sentence.asks:
                _draft(scene, sentence, index, kind)


def _draft(scene: Scene, sentence: Sentence, index: int, kind: ActionKind) -> None:
    if guard_before(scene, sentence, index, EXIT_GUARDS, WINDOW) or scene.kind_at(index + 1) == W.HYPOTHESIS:
        return
    if guard_after(scene, sentence, index, _OVER):
        return
    contract = _subject(scene, sentence, index)
    if scene.kind_at(index - 1) == P.OPENING and any(sentence.lo <= other.at < index for other in scene.drafts):
        return
    for other in scene.drafts:
        if (
            kind is not ActionKind.CANCEL
            and other.kind in (ActionKind.TRIM, ActionKind.CLOSE)
            and _same(other.contract, contract)
        ):
            if other.kind is ActionKind.CLOSE and kind is ActionKind.TRIM:
                other.kind = kind
                exit_quantity(scene, other, sentence, index)
            return
    piece = scene.pieces[index]
    draft = Draft(kind, index, f"{piece.kind} of a position", contract)
    draft.strong = piece.text in ("stc", "sell to close", "sold to close", "all out")
    if kind is ActionKind.TRIM:
        exit_quantity(scene, draft, sentence, index)
    elif any(scene.kind_at(at) == W.ALL for at in range(sentence.lo, sentence.hi)) and contract is None:
        draft.everything = any(scene.kind_at(at) == W.POSITION for at in range(sentence.lo, sentence.hi))
    priced = _exit_price(scene, sentence, index, contract)
    if priced is not None:
        draft.price = priced.price
        scene.used.update(range(priced.first, priced.last + 1))
        last = scene.pieces[priced.last]
        draft.note("price", scene.pieces[priced.first]._replace(end=last.end), "price of the exit")
    draft.note("action", piece, draft.rule)
    scene.drafts.append(draft)
    _each_named(scene, sentence, draft)


_OVER = frozenset((W.PAST_TIME,))


def _each_named(scene: Scene, sentence: Sentence, draft: Draft) -> None:
    """`out of META and NVDA`: one action for each symbol of the list."""
    lead = draft.contract
    if lead is None or lead.is_option:
        return
    last = lead.last
    for other in scene.contracts_between(sentence.lo, sentence.hi):
        joint = scene.kind_at(last + 1)
        if other.first == last + 2 and joint in (W.AND, P.COMMA, P.BAR) and not other.is_option and other is not lead:
            twin = Draft(
                draft.kind, draft.at, draft.rule, other, quantity=draft.quantity, evidence=list(draft.evidence)
            )
            scene.drafts.append(twin)
            last = other.last


def _same(a: Contract | None, b: Contract | None) -> bool:
    return a is b or a is None or b is None or a.symbol == b.symbol


def _exit_price(scene: Scene, sentence: Sentence, index: int, contract: Contract | None) -> Priced | None:
    lo = sentence.lo if contract is not None and contract.first < index else index
    priced = find_price(scene, lo, sentence.hi, contract, True)
    if priced is None:
        priced = number_before(scene, sentence, index)
    if priced is None and contract is not None and contract.first >= sentence.hi:
        priced = find_price(scene, contract.first, scene.sentence_of(contract.last).hi, contract, True)
    if priced is not None and contract is None and isinstance(priced.price, Decimal) and 100 < priced.price < 2000:
        return None
    return priced


def _subject(scene: Scene, sentence: Sentence, index: int) -> Contract | None:
    """The contract a word of exit speaks of: after it in the sentence, before it, or the message's only one."""
    inside = scene.contracts_between(sentence.lo, sentence.hi)
    after = [contract for contract in inside if contract.first > index]
    before = [contract for contract in inside if contract.last < index]
    if after and (not before or after[0].first - index <= 3):
        return after[0]
    if before:
        return before[-1]
    if len(scene.contracts) == 1:
        return scene.contracts[0]
    return None


def _trim(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    piece = scene.pieces[index]
    if takes_a_contract(scene, sentence, index):
        return None
    follower = scene.kind_at(index + 1)
    allowed = piece.text in (
        "trim",
        "scale out",
        "take some",
        "take profits",
        "take partials",
        "sell some",
        "lock some",
    )
    near = range(index + 1, min(index + 4, sentence.hi))
    if allowed and any(scene.kind_at(at) == W.PERMISSION for at in near) and not scene.contracts:
        return None
    if scene.kind_at(index - 1) == W.OBSERVED or (
        follower == W.PERMISSION and scene.kind_at(index + 2) not in (W.POSITION, W.RUNNER, P.TICKER)
    ):
        return None
    if follower in (W.TARGET, W.LEVEL, W.IS, W.LABEL) or (piece.text == "trims" and scene.kind_at(index - 1) != W.TAKE):
        return None
    if piece.text in ("partial", "partials") and follower == P.OTHER:
        return None
    scales = piece.text in ("scale", "scaling", "scaled") and not takes_part(scene, sentence, index)
    if scales or not opens_clause(scene, sentence, index, _SOFT):
        return None
    if is_reported(scene, sentence, index):
        return None
    return ActionKind.TRIM


_SOFT = frozenset(
    (P.OTHER, W.OR, W.AND, W.STOP, W.BREAK_EVEN, W.HIT, W.TARGET, W.CLOSE, W.PAST, W.REST, W.ON, W.AT, W.TO)
)


def _close(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`closed META`, `closing leaving runners`; not "a close below", "into the close", "close to"."""
    piece = scene.pieces[index]
    before, after = scene.kind_at(index - 1), scene.kind_at(index + 1)
    if piece.text == "closes" or after in (W.BELOW, W.ABOVE, W.TO, W.ON) or before in (P.MEASURE, W.TO, W.CANDLE):
        return None
    if is_closing_print(scene, sentence, index):
        return None
    leaving = leaves(scene, index, sentence.hi)
    if leaving:
        return ActionKind.TRIM
    if not opens_clause(scene, sentence, index, frozenset((W.POSITION, W.RUNNER, W.OR, W.DONE, P.OTHER))):
        return None
    if piece.text in ("close", "closing") and not has_object(scene, sentence, index):
        return None
    if takes_part(scene, sentence, index):
        return ActionKind.TRIM
    return ActionKind.CLOSE


def _exit(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    piece = scene.pieces[index]
    if piece.text in ("exit", "exits") and (
        not opens_clause(scene, sentence, index) or scene.kind_at(index + 1) in (W.IS, P.COLON, W.TARGET, W.LEVEL)
    ):
        return None
    if piece.text == "btc":
        return None
    if piece.text in ("close out", "close all") and scene.kind_at(index - 1) == W.TO:
        return None
    if scene.kind_at(index + 1) == W.OF and scene.kind_at(index + 2) == W.HERE and scene.kind_at(index + 3) == W.FOR:
        return None
    if piece.text in ("exit", "exits", "exiting") and scene.kind_at(index + 1) == P.OTHER and not scene.contracts:
        return None
    if scene.kind_at(index - 1) == W.AND and scene.kind_at(index - 2) in (P.MEASURE, P.GAIN, P.COUNT):
        return None
    if "all" in piece.text and scene.kind_at(index + 1) == W.BUT:
        return ActionKind.TRIM
    if " " in piece.text and leaves(scene, index, sentence.hi):
        return ActionKind.TRIM if "leave" in scene.pieces[index].text else ActionKind.CLOSE
    if takes_part(scene, sentence, index):
        return ActionKind.TRIM
    if is_reported(scene, sentence, index):
        return None
    return ActionKind.CLOSE


def _sell(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`SOLD DIS 12/11 118 CALLS @ 2.05`, `sold the runners`, `selling this one`, `sold 1/2 AAPL`."""
    if any(scene.kind_at(at) == W.BUY for at in range(max(sentence.lo, index - REACH_AFTER), index)):
        return None
    if scene.kinds & {W.SPREAD, W.SELL_TO_OPEN} and not scene.kinds & {W.RUNNER}:
        return None
    piece = scene.pieces[index]
    own = scene.kind_at(index - 1) == W.SELF
    begins = opens_clause(scene, sentence, index, frozenset((W.RUNNER, W.POSITION)))
    if not (begins or own):
        return None
    if takes_part(scene, sentence, index) or all_but(scene, sentence, index):
        return ActionKind.TRIM
    follower = scene.kind_at(index + 1)
    counted = scene.pieces[index + 1].text.isdigit() if follower == P.NUMBER else follower == P.COUNT
    if counted and scene.kind_at(index + 2) in (W.AT, W.OF, W.HERE):
        return ActionKind.TRIM
    if follower == P.PERCENT and scene.kind_at(index + 2) in (W.OF, W.OFF, W.HERE):
        return ActionKind.TRIM
    contract = scene.contract_at(index + 1) or next(iter(scene.contracts_between(sentence.lo, sentence.hi)), None)
    if contract is not None and (contract.is_option or (contract.symbol and not contract.is_root)):
        return ActionKind.CLOSE if contract.is_full or piece.text in ("sold", "selling") else None
    if follower in (W.RUNNER, W.REST, W.ALL, W.HERE) or (follower == W.AT and (own or begins)):
        return ActionKind.CLOSE
    if piece.text == "sold" and begins and scene.kind_at(index - 1) in (W.RUNNER, W.POSITION):
        return ActionKind.CLOSE
    return None


def _out(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`out of NVDA`, `DIS OUT @ 2.05`, `half out`, `out half`; not "break out", "check out", "stopped out of"."""
    before, after = scene.kind_at(index - 1), scene.kind_at(index + 1)
    part = fraction_at(scene, index - 1) if index > sentence.lo else None
    if part is not None or (before == P.PERCENT and after == W.OF and fraction_at(scene, index + 2) is not None):
        return ActionKind.TRIM
    if before == P.OTHER or not opens_clause(scene, sentence, index):
        return None
    if takes_part(scene, sentence, index) or percent_of_position(scene, index):
        return ActionKind.TRIM
    if after == W.OF:
        named = next((c for c in (scene.contract_at(at) for at in range(index + 2, index + 6)) if c is not None), None)
        if scene.kind_at(index + 2) == W.HERE and scene.kind_at(index + 3) == W.FOR:
            return None
        return ActionKind.CLOSE if named or scene.kind_at(index + 2) in (W.HERE, W.POSITION, W.ALL, W.REST) else None
    subject = index > sentence.lo and scene.contract_at(index - 1) is not None
    own = before in (W.SELF, W.RUNNER) or (before in (P.COMMA, P.DASH) and index + 1 >= sentence.hi)
    if after == W.BREAK_EVEN and (index == sentence.lo or subject or own):
        return ActionKind.CLOSE
    if scene.contract_at(index + 1) is not None:
        return ActionKind.CLOSE
    if (subject or own or index == sentence.lo) and (
        after in EXIT_OBJECTS or index + 1 >= sentence.hi or after == P.NUMBER
    ):
        return ActionKind.CLOSE if after not in (W.FOR,) or subject else None
    return None


def _stopped(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`-12 ticks, stopped`, `SL hit`, `stopped NQ`, `stopped out of half`; not errands nor other people's stops."""
    piece = scene.pieces[index]
    if scene.kinds & {W.UNREAL} or not opens_clause(scene, sentence, index, frozenset((W.AND,))):
        return None
    if piece.text in ("stopped", "stopping"):
        after = scene.kind_at(index + 1)
        ends = index + 1 >= sentence.hi or after in (
            P.MENTION,
            P.SIGN,
            W.AT,
            W.OUT,
            W.NEGATION,
            W.SELF,
            P.COMMA,
            P.NUMBER,
            P.DASH,
            P.PERCENT,
            P.GAIN,
            W.ON,
        )
        if not (ends or scene.contract_at(index + 1)) or (after == W.AT and scene.kind_at(index + 2) == P.OTHER):
            return None
        if piece.text == "stopping":
            return None
    if takes_part(scene, sentence, index):
        return ActionKind.TRIM
    return ActionKind.CLOSE


def _cut(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    if not opens_clause(scene, sentence, index):
        return None
    if takes_part(scene, sentence, index):
        return ActionKind.TRIM
    after = scene.kind_at(index + 1)
    ended = index > sentence.lo and scene.pieces[index].text == "covered" and scene.kind_at(index - 1) == W.SHORT
    if (
        ended
        or scene.contract_at(index + 1)
        or (after in (W.SHORT, W.REST, W.HERE, W.ALL, W.RUNNER) and scene.kind_at(index + 2) != W.OUT)
    ):
        return ActionKind.CLOSE
    return None


def _flat(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    if not opens_clause(scene, sentence, index):
        return None
    after = scene.kind_at(index + 1)
    if (
        index + 1 >= sentence.hi
        or after in (P.MENTION, P.SIGN, W.HERE, W.NOW, W.ON, W.FOR, P.COMMA)
        or scene.contract_at(index + 1)
    ):
        return ActionKind.CLOSE
    return None


def _cancel(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`Cancel the NQ short`, `scratch that, no fill`, `order pulled`."""
    piece = scene.pieces[index]
    if any(draft.kind is ActionKind.CANCEL for draft in scene.drafts):
        return None
    if piece.text in ("ignore", "disregard", "void", "scratch", "nevermind") and index + 1 < sentence.hi:
        return None
    reported = piece.text in ("cancelled", "canceled") and not (
        scene.kind_at(index + 1) == W.SELF or scene.contract_at(index + 1) is not None
    )
    if reported or piece.text == "fill" or not opens_clause(scene, sentence, index):
        return None
    return ActionKind.CANCEL


def _fraction_off(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`1/4 off SPX 2.2`, `half off here`."""
    part = fraction_at(scene, index - 1) if index > sentence.lo else None
    if scene.kind_at(index - 1) in (W.RUNNER, W.REST, W.POSITION) and scene.kind_at(sentence.lo) in (W.TAKE, W.SELF):
        return ActionKind.CLOSE
    counted = scene.pieces[index - 1] if index > sentence.lo else None
    if counted is not None and counted.kind == P.NUMBER and counted.text.isdigit() and len(counted.text) <= 2:
        return ActionKind.TRIM if scene.kind_at(index - 2) in (W.TAKE, W.SELL, W.TRIM) else None
    if scene.kind_at(index - 1) == P.PERCENT and scene.kind_at(index - 2) in (W.TAKE, W.SELL, W.TRIM):
        return ActionKind.TRIM
    if part is None and scene.kind_at(index - 1) not in (W.PART,):
        return None
    return (
        ActionKind.TRIM if opens_clause(scene, sentence, index, _SOFT | {P.SLASH, W.FRACTION, W.PART, W.TAKE}) else None
    )


def _left_in(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`leaving 1 runner`: what stays tells that the rest went."""
    piece = scene.pieces[index]
    if piece.text == "leaving" and opens_clause(scene, sentence, index, frozenset((P.OTHER,))):
        return ActionKind.TRIM
    return None


_RULES: dict[str, Callable[[Scene, Sentence, int], ActionKind | None]] = {
    W.TRIM: _trim, W.CLOSE: _close, W.EXIT: _exit, W.SELL: _sell, W.OUT: _out, W.STOPPED: _stopped, W.CUT: _cut,
    W.FLAT: _flat, W.CANCEL: _cancel, W.OFF: _fraction_off, W.LEAVE: _left_in,
}  # fmt: skip
