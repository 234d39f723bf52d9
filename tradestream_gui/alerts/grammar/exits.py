"""Trims, closes, stop-outs, stop and target moves, cancels: words about a position that the author holds."""

from collections.abc import Callable
from decimal import Decimal

from tradestream_gui.alerts.grammar.contract import Contract
from tradestream_gui.alerts.grammar.exit_parts import DETERMINERS
from tradestream_gui.alerts.grammar.exit_verbs import read_close, read_exit, read_sell, read_trim
from tradestream_gui.alerts.grammar.guards import CANCEL_GUARDS, EXIT_GUARDS, guard_after, guard_before
from tradestream_gui.alerts.grammar.out_verbs import read_cancel, read_cut, read_flat, read_out, read_stopped
from tradestream_gui.alerts.grammar.part_verbs import (
    read_done,
    read_filled_target,
    read_fraction_off,
    read_left_in,
    read_taken_part,
)
from tradestream_gui.alerts.grammar.plans import is_planned
from tradestream_gui.alerts.grammar.prices import MAX_PRICE, Priced, find_price, number_before
from tradestream_gui.alerts.grammar.pulled import read_gone, read_pulled, read_quote_down
from tradestream_gui.alerts.grammar.quantities import exit_quantity, part_on_card
from tradestream_gui.alerts.grammar.results import is_round_trip
from tradestream_gui.alerts.grammar.scene import Draft, Scene, Sentence, joined_contracts
from tradestream_gui.alerts.grammar.speakers import is_others_deed
from tradestream_gui.alerts.grammar.verb_entries import price_on_card
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind

WINDOW = 12


def read_exits(scene: Scene, sentence: Sentence) -> None:
    """Adds the drafts that reduce or end a position in one sentence."""
    row = scene.row
    for index in [at for at in range(sentence.lo, sentence.hi) if row[at] in EXIT_KINDS]:
        if index in scene.used:
            continue
        kind = _RULES[row[index]](scene, sentence, index)
        if kind is not None and not sentence.asks:
            _draft(scene, sentence, index, kind)


def _draft(scene: Scene, sentence: Sentence, index: int, kind: ActionKind) -> None:
    if _is_no_order(scene, sentence, index, kind):
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
            if other.kind is kind and other.price is None:
                late = _exit_price(scene, sentence, index, contract)
                if late is not None:
                    _take_price(scene, other, late)
            if other.kind is kind is ActionKind.TRIM and other.quantity is None:
                exit_quantity(scene, other, sentence, index)
            return
    piece = scene.pieces[index]
    draft = Draft(kind, index, f"{piece.kind} of a position", contract)
    draft.strong = piece.text in ("stc", "sell to close", "sold to close", "all out")
    if kind is ActionKind.TRIM:
        exit_quantity(scene, draft, sentence, index)
        if draft.quantity is None and contract is not None and contract.first >= sentence.hi:
            exit_quantity(scene, draft, scene.sentence_of(contract.first), index)
        if draft.quantity is None and W.SIZE in scene.kinds and P.COLON in scene.kinds:
            part_on_card(scene, draft)
    elif contract is None:
        draft.everything = _is_everything(scene, sentence, index)
    if _spares(scene, sentence, index, contract):
        draft.contract = contract = None
        draft.doubt("EXCEPTION", "everything is closed but what is named")
    priced = _exit_price(scene, sentence, index, contract)
    if priced is not None:
        _take_price(scene, draft, priced)
    draft.note("action", piece, draft.rule)
    scene.drafts.append(draft)
    _each_named(scene, sentence, draft)


_DAY_OVER = frozenset(("closed the day", "closed the week", "finished the day", "ended the day", "ended the week"))
"""Where a market ended its day; what was sold is told to compare."""


def _is_regretted(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`took profits too early on ES`: what was done and is looked back at."""
    for at in range(index + 1, min(index + 8, sentence.hi)):
        if scene.row[at] in _ENDS_CLAUSE:
            return False
        if scene.row[at] == W.RECAP and scene.pieces[at].text.startswith("too "):
            return True
    return False


def _is_no_order(scene: Scene, sentence: Sentence, index: int, kind: ActionKind) -> bool:
    """Whether the words around a word of exit make a plan, a report, a jest or another's deed of it."""
    guards = EXIT_GUARDS if kind is not ActionKind.CANCEL else CANCEL_GUARDS
    if guard_before(scene, sentence, index, guards, WINDOW) or scene.kind_at(index + 1) == W.HYPOTHESIS:
        return True
    if is_planned(scene, sentence, index) or is_others_deed(scene, sentence, index):
        return True
    if guard_after(scene, sentence, index, _OVER) or guard_after(scene, sentence, index, _JESTS) in _JESTING:
        return True
    if scene.kind_at(index - 1) in (W.AND, W.THEN) and _is_condition(scene, sentence, index):
        return True
    if W.RECAP in scene.kinds and (_is_regretted(scene, sentence, index) or not _DAY_OVER.isdisjoint(scene.words)):
        return True
    return kind is not ActionKind.CANCEL and is_round_trip(scene, sentence, index)


def _is_everything(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`ALL OUT`, `flat`, `closed everything`, `all positions closed`: whatever this author has open here."""
    pieces = scene.pieces[sentence.lo : sentence.hi]
    kinds = {piece.kind for piece in pieces}
    if kinds & {W.REST, W.RUNNER}:
        return False
    if scene.pieces[index].text in ("all out", "flat") or {W.ALL, W.POSITION} <= kinds:
        return True
    return any("everything" in piece.text or "positions" in piece.text for piece in pieces)


def _spares(scene: Scene, sentence: Sentence, index: int, contract: Contract | None) -> bool:
    """`closed everything except AMD`: what is named stays."""
    if contract is None or contract.first < index or W.BUT not in scene.kinds:
        return False
    at = contract.first - 1
    while at > index and (scene.pieces[at].text in DETERMINERS or scene.row[at] in (W.SELF, W.FOR, W.OF)):
        at -= 1
    whole = W.ALL in scene.row[sentence.lo : at] or "all" in scene.pieces[index].text.split(" ")
    return scene.row[at] == W.BUT and whole


def _is_condition(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`close under 272 and I'm out`: a level that is yet to be crossed stands before the verb."""
    return any(
        scene.kind_at(at) in (W.BELOW, W.ABOVE) and scene.kind_at(at + 1) == P.NUMBER
        for at in range(max(sentence.lo, index - 8), index)
    )


def _take_price(scene: Scene, draft: Draft, priced: Priced) -> None:
    draft.price = priced.price
    scene.used.update(range(priced.first, priced.last + 1))
    last = scene.pieces[priced.last]
    draft.note("price", scene.pieces[priced.first]._replace(end=last.end), "price of the exit")


_OVER = frozenset((W.PAST_TIME,))
_JESTS = frozenset((W.UNREAL,))
_JESTING = ("jk", "kidding", "joke", "joking", "example", "for example", "not a signal", "not an alert", "paper",
            "ira", "roth", "ira account", "long term account")  # fmt: skip


def _each_named(scene: Scene, sentence: Sentence, draft: Draft) -> None:
    """`out of META and NVDA`: one action for each symbol of the list."""
    for other in joined_contracts(scene, sentence, draft.contract):
        twin_price = find_price(scene, other.first, min(other.last + 3, sentence.hi), other, True)
        twin = Draft(draft.kind, draft.at, draft.rule, other, quantity=draft.quantity, evidence=list(draft.evidence))
        if twin_price is not None:
            twin.evidence = [note for note in twin.evidence if note[0] != "price"]
            _take_price(scene, twin, twin_price)
        scene.drafts.append(twin)


def _same(a: Contract | None, b: Contract | None) -> bool:
    return a is b or a is None or b is None or a.symbol == b.symbol


def _exit_price(scene: Scene, sentence: Sentence, index: int, contract: Contract | None) -> Priced | None:
    lo = sentence.lo if contract is not None and contract.first < index else index
    near = min(index + 2, sentence.hi)
    beside = lo < index and scene.kind_at(index + 2) != W.OF  # `out 2 of 3` tells a part
    priced = find_price(scene, index, near, contract, True) if beside else None
    priced = priced or find_price(scene, lo, _end_of_exit(scene, sentence, index, contract), contract, True)
    if priced is None:
        priced = number_before(scene, sentence, index)
    if priced is None:
        priced = _price_cell(scene, sentence)
    if priced is None and contract is not None and contract.first >= sentence.hi:
        priced = find_price(scene, contract.first, scene.sentence_of(contract.last).hi, contract, True)
    if priced is None and P.NEWLINE in scene.kinds and len(scene.sentences) > 1:
        priced = price_on_card(scene, contract, exiting=True)
    if priced is None and (contract is None or contract.is_root):
        priced = _last_number(scene, sentence, index)
    if priced is None or not isinstance(priced.price, Decimal):
        return priced
    unlikely = contract is None and 100 < priced.price < 2000
    return None if unlikely or not 0 < priced.price < MAX_PRICE else priced


def _price_cell(scene: Scene, sentence: Sentence) -> Priced | None:
    """`9.00 | 1 off`: the price in a cell of its own at the head."""
    piece = scene.pieces[sentence.lo]
    if scene.row[sentence.lo : sentence.lo + 2] != [P.NUMBER, P.PIPE] or sentence.lo in scene.used:
        return None
    assert isinstance(piece.value, Decimal)
    return Priced(piece.value, sentence.lo, sentence.lo, False, False)


def _last_number(scene: Scene, sentence: Sentence, index: int) -> Priced | None:
    """`trimming ES into this push 6828`: the one price-sized number behind the verb ends its clause."""
    if P.NUMBER not in scene.row[index + 1 : sentence.hi]:
        return None
    hi = next((at for at in range(index + 1, sentence.hi) if scene.row[at] in _ENDS_CLAUSE), sentence.hi)
    free = [at for at in range(index + 1, hi) if scene.row[at] == P.NUMBER and at not in scene.used]
    if len(free) != 1 or free[0] != hi - 1 or scene.row[hi - 2] not in (P.OTHER, W.HERE, W.RUNNER, W.NOW):
        return None
    value = scene.pieces[free[0]].value
    assert isinstance(value, Decimal)
    return Priced(value, free[0], free[0], False, False) if 2000 <= value < MAX_PRICE else None


_ENDS_CLAUSE = frozenset((P.COMMA, P.MENTION, P.SIGN, W.AND, P.DASH, P.PIPE, P.OPENING, W.STOP, W.TARGET))


def _end_of_exit(scene: Scene, sentence: Sentence, index: int, contract: Contract | None) -> int:
    """Where the talk of an exit ends: at what comes next or at the next instrument."""
    last = max(index, contract.last) if contract is not None and contract.last < sentence.hi else index
    hi = next((at for at in range(last + 1, sentence.hi) if scene.row[at] in _COMES_NEXT), sentence.hi)
    another = (at for at in range(last + 1, hi - 1) if scene.row[at] == P.COMMA and scene.row[at + 1] in _PARTS)
    hi = next(another, hi)
    for other in scene.contracts:
        if last < other.first < hi and contract is not None and other.symbol != contract.symbol:
            return other.first
    return hi


_PARTS = frozenset((P.SLASH, W.FRACTION, P.PERCENT))
_COMES_NEXT = frozenset((W.FUTURE, W.WATCH, W.ENTER, W.BUY, W.LOAD))


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


_RULES: dict[str, Callable[[Scene, Sentence, int], ActionKind | None]] = {
    W.TRIM: read_trim, W.CLOSE: read_close, W.EXIT: read_exit, W.SELL: read_sell, W.OUT: read_out,
    W.STOPPED: read_stopped, W.CUT: read_cut, W.FLAT: read_flat, W.CANCEL: read_cancel,
    W.OFF: read_fraction_off, W.LEAVE: read_left_in, W.TAKE: read_taken_part, W.PULL: read_pulled,
    W.GONE: read_gone, W.QUOTE: read_quote_down, W.FILLED: read_filled_target, W.DONE: read_done,
}  # fmt: skip
EXIT_KINDS = frozenset(_RULES)
"""A message without any of these words speaks of no exit."""
