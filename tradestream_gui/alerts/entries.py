"""Opening and adding: entry verbs with a contract, directions with a future, bare contracts, fills of a loaded alert."""

from decimal import Decimal

from tradestream_gui.alerts.contracts import Contract
from tradestream_gui.alerts.guards import (
    AFTER_GUARDS,
    ENTRY_GUARDS,
    STRONG_GUARDS,
    guard_after,
    guard_before,
    opens_clause,
)
from tradestream_gui.alerts.lexicon import W
from tradestream_gui.alerts.pieces import P
from tradestream_gui.alerts.prices import Priced, average_price, entry_quantity, find_price, number_before, size_words
from tradestream_gui.alerts.scene import Draft, LevelWords, Scene, Sentence
from tradestream_gui.domain.alerts import ActionKind, AlertSide, PriceRange

STRONG_WINDOW = 3
"""How far back a guard reaches to a verb that is itself an order form ("BTO")."""
LONG_WINDOW = 40
MAX_FUTURE_PRICE = Decimal(1_000_000)


def read_entries(scene: Scene, sentence: Sentence) -> None:
    """Adds the drafts that open or add in one sentence."""
    for index in range(sentence.lo, sentence.hi):
        if index in scene.used:
            continue
        kind = scene.pieces[index].kind
        if kind in (W.LONG, W.SHORT):
            _direction(scene, sentence, index)
        elif kind in (W.BUY, W.ENTER, W.TAKE, W.OPEN, W.IN, W.AGAIN):
            _verb(scene, sentence, index, kind)
        elif kind in (W.FILLED, W.ENTRY):
            _filled(scene, sentence, index)
        elif kind == W.SELL:
            _sell_future(scene, sentence, index)
        elif kind in (W.ADD, W.AVERAGED):
            _add(scene, sentence, index)


def _direction(scene: Scene, sentence: Sentence, index: int) -> None:
    """`ES long 6326: A`, `long 2 MES 6801.25`, `NQ SHORT 25610`, `scalping MES short here`."""
    if any(draft.at == index for draft in scene.drafts):
        return
    contract = _root_beside(scene, sentence, index)
    if contract is None or any(d.contract is contract and d.kind.opens for d in scene.drafts):
        return
    guard = guard_before(scene, sentence, index, ENTRY_GUARDS, LONG_WINDOW)
    piece = scene.pieces[index]
    draft = Draft(ActionKind.OPEN, index, "direction with a future", contract)
    draft.side = AlertSide.SHORT if piece.kind == W.SHORT else AlertSide.LONG
    draft.note("side", piece, "direction word")
    added = any(scene.kind_at(at) in (W.ADD, W.AVERAGED) for at in range(sentence.lo, index))
    if added:
        draft.kind = ActionKind.ADD
    lo, hi = _clause_of(scene, sentence, min(index, contract.first), max(index, contract.last))
    trigger = _trigger(scene, max(index, contract.last), hi)
    entry_quantity(scene, draft, lo, hi)
    if trigger is not None:
        _wait_for(scene, draft, trigger)
    else:
        start = min(index, contract.first)
        priced = find_price(scene, start, hi, None, False) or average_price(scene, start, hi)
        _take_price(scene, draft, priced)
        draft.at_market = draft.price is None and _is_market(scene, lo, hi)
    draft.size_words = size_words(scene, sentence.lo, sentence.hi)
    if sentence.asks or guard or _is_taken_back(scene, sentence, index) or _is_remark(scene, sentence, draft):
        return
    if draft.price is None and not draft.at_market and draft.kind is not ActionKind.OPEN_IF:
        if draft.quantity is None and not opens_clause(scene, sentence, index):
            return
        draft.doubt("PRICE_MISSING", "the alert names a direction but no price")
    scene.drafts.append(draft)


def _is_remark(scene: Scene, sentence: Sentence, draft: Draft) -> bool:
    """`longs look good here`, `100 points on NQ short`: an opinion or a result; without a price, any talk is."""
    first = min(draft.at, draft.contract.first) if draft.contract is not None else draft.at
    if scene.kind_at(first - 1) == W.ON or any(
        scene.kind_at(at) in (P.GAIN, W.POINTS, P.PERCENT) for at in range(sentence.lo, first)
    ):
        return True
    if any(scene.kind_at(at) in (W.OBSERVED, W.WATCH) for at in range(draft.at + 1, draft.at + 4)):
        return True
    if draft.price is not None:
        return False
    return any(scene.kind_at(at) in (W.OBSERVED, W.WATCH, W.POINTS) for at in range(sentence.lo, sentence.hi))


def _root_beside(scene: Scene, sentence: Sentence, index: int) -> Contract | None:
    """The future that a direction word belongs to: the nearest one within four pieces of its sentence."""
    best: Contract | None = None
    for contract in scene.contracts_between(sentence.lo, sentence.hi):
        if not contract.is_root or contract.is_option:
            continue
        gap = contract.first - index if contract.first > index else index - contract.last
        if gap > (6 if scene.kind_at(contract.first - 1) == W.ON else 4):
            continue
        if contract.first > index:
            between = range(index + 1, contract.first)
            return contract if all(scene.kind_at(at) not in _BREAKS_PAIR for at in between) else best
        best = contract
    return best


_BREAKS_PAIR = frozenset((W.AND, P.COMMA, W.STOP, W.TARGET, W.BUT))


def _clause_of(scene: Scene, sentence: Sentence, first: int, last: int) -> tuple[int, int]:
    """The stretch of a sentence that belongs to one contract: up to the next contract of another action."""
    lo, hi = sentence.lo, sentence.hi
    for other in scene.contracts:
        if last < other.first < hi and other.is_root:
            hi = other.first
            while hi - 1 > last and scene.kind_at(hi - 1) in (W.AND, W.LONG, W.SHORT, P.COMMA, W.BUY):
                hi -= 1
        elif lo <= other.last < first:
            lo = max(lo, other.last + 1)
    for draft in scene.drafts:
        if lo <= draft.at < first:
            lo = draft.at + 1
    return lo, hi


def _is_market(scene: Scene, lo: int, hi: int) -> bool:
    for index in range(lo, hi):
        piece = scene.pieces[index]
        if piece.kind == W.MARKET or piece.kind == W.NOW or (piece.kind == W.HERE and piece.text == "here"):
            return True
        if piece.text in ("market", "at market"):
            return True
        if piece.kind == P.LETTER and piece.text == "m":
            return True
    return False


def _trigger(scene: Scene, index: int, hi: int) -> int | None:
    """`long above 6812`, `on the break of 305.2`: the index of the level that the entry waits for."""
    waits = False
    for at in range(index + 1, min(index + 7, hi)):
        piece = scene.pieces[at]
        if piece.kind in (W.ABOVE, W.BELOW, W.BREAK, W.HYPOTHESIS):
            waits = True
        elif piece.kind == P.NUMBER and at not in scene.used:
            return at if waits else None
        elif piece.kind in (W.STOP, W.TARGET):
            return None
    return None


def _wait_for(scene: Scene, draft: Draft, index: int) -> None:
    piece = scene.pieces[index]
    assert isinstance(piece.value, Decimal)
    draft.kind = ActionKind.OPEN_IF
    draft.trigger_words = LevelWords("number", piece.value, index, piece.dollar, rule="level that the entry waits for")
    draft.note("trigger", piece, "level that the entry waits for")
    scene.used.add(index)


def _is_taken_back(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`paper account only`, `do not take this`, `cancel that`: in this sentence or as the one after it."""
    if guard_after(scene, sentence, index, AFTER_GUARDS):
        return True
    return any(scene.pieces[at].kind == W.FROM for at in range(index + 1, min(index + 4, sentence.hi)))


def _verb(scene: Scene, sentence: Sentence, index: int, kind: str) -> None:
    contract = _object_of(scene, sentence, index)
    if kind == W.IN and not _is_verb_in(scene, sentence, index, contract):
        return
    if kind == W.AGAIN and scene.pieces[index].text != "back in":
        return
    if kind == W.OPEN and contract is None:
        return
    if contract is not None and any(d.contract is contract and d.kind.opens for d in scene.drafts):
        return
    strong = scene.pieces[index].text in ("bto", "buy to open", "bought to open") and contract is not None
    if contract is not None and contract.is_root and not contract.is_option:
        _buy_future(scene, sentence, index, contract)
        return
    if strong:
        guard = guard_before(scene, sentence, index, STRONG_GUARDS, STRONG_WINDOW)
    else:
        guard = guard_before(scene, sentence, index, ENTRY_GUARDS, LONG_WINDOW)
    if kind == W.TAKE and contract is None:
        guard = guard_before(scene, sentence, index, ENTRY_GUARDS, 2)
    if guard or (sentence.asks and not strong) or guard_after(scene, sentence, index, AFTER_GUARDS):
        return
    if contract is None or not (contract.is_option or contract.symbol):
        _verb_without_contract(scene, sentence, index, kind, contract)
        return
    draft = Draft(ActionKind.OPEN, index, f"{kind} with a contract", contract, AlertSide.LONG)
    draft.strong = strong
    hi = sentence.hi if contract.last < sentence.hi else scene.sentence_of(contract.last).hi
    entry_quantity(scene, draft, max(sentence.lo, index - 4), min(hi, max(contract.last, index) + 8))
    trigger = _trigger(scene, contract.last, hi) if contract.is_option else None
    if trigger is not None:
        _wait_for(scene, draft, trigger)
    priced = find_price(scene, index, hi, contract, False) or _price_on_card(scene, contract)
    _take_price(scene, draft, priced or average_price(scene, contract.last + 1, hi))
    draft.size_words = size_words(scene, sentence.lo, hi)
    draft.again = any(scene.kind_at(at) == W.AGAIN for at in range(sentence.lo, hi))
    if not contract.is_option:
        _as_shares(scene, draft, contract, index, hi)
    if draft.price is None and contract.is_option:
        draft.at_market = _is_market(scene, index, hi)
    if contract.is_option or draft.contract is not None:
        scene.drafts.append(draft)


def _price_on_card(scene: Scene, contract: Contract) -> Priced | None:
    """The price on a line of its own: `Entry: 1.50-1.60`, `@ 2.10`."""
    for sentence in scene.sentences:
        short = sentence.hi - sentence.lo <= 6
        if short and scene.kind_at(sentence.lo) in (W.ENTRY, W.AT, W.FILLED):
            return find_price(scene, sentence.lo, sentence.hi, contract, False)
    return None


def _object_of(scene: Scene, sentence: Sentence, index: int) -> Contract | None:
    """The contract after the verb, within ten pieces; else the one right before it."""
    for contract in scene.contracts:
        if contract.last >= index and contract.first - index <= 10 and contract.first < sentence.hi:
            return contract
    for contract in reversed(scene.contracts_between(sentence.lo, index)):
        if index - contract.last <= 6:
            return contract
    if scene.pieces[index].kind == W.BUY or scene.kind_at(sentence.hi) == P.NEWLINE:
        for contract in scene.contracts:
            if contract.is_full and sentence.hi <= contract.first <= sentence.hi + 4 and index - sentence.lo <= 2:
                return contract
    return None


def _is_verb_in(scene: Scene, sentence: Sentence, index: int, contract: Contract | None) -> bool:
    """ "in" is an entry at the start of its clause, or right before a contract; elsewhere it is a preposition."""
    follower = scene.kind_at(index + 1)
    if opens_clause(scene, sentence, index) and scene.kind_at(index - 1) not in (P.NUMBER, P.PERCENT, P.GAIN):
        return contract is not None or follower in (W.AT, P.NUMBER, P.MENTION, P.DTE, W.HERE, W.WHEN, "")
    if contract is not None and contract.is_option and contract.first - index <= 2 and contract.symbol:
        return scene.kind_at(index - 1) in (W.SELF, W.AGAIN, W.BUT, W.AND, P.MENTION)
    return False


def _verb_without_contract(scene: Scene, sentence: Sentence, index: int, kind: str, contract: Contract | None) -> None:
    """`In at 1.34`, `taking it again here 2.05`, `I'm entering again`: what was loaded before, or a reply's contract."""
    again = any(scene.kind_at(at) == W.AGAIN for at in range(index, min(index + 4, sentence.hi)))
    begins = opens_clause(scene, sentence, index, _TALK) or (kind == W.TAKE and again)
    if kind not in (W.IN, W.ENTER, W.TAKE, W.AGAIN) or not begins:
        return
    if kind == W.TAKE and not any(
        scene.kind_at(at) in (W.HERE, W.AGAIN, W.ENTRY) for at in range(index + 1, index + 4)
    ):
        return
    priced = find_price(scene, index, sentence.hi, None, False)
    if priced is None and kind != W.ENTER:
        return
    value = priced.price if priced else None
    if isinstance(value, Decimal) and (value > 100 or _is_round_talk(scene, priced)):
        return
    draft = Draft(ActionKind.OPEN, index, f"{kind} without a contract", contract, AlertSide.LONG)
    _take_price(scene, draft, priced)
    if draft.price is None and draft.kind is ActionKind.OPEN and contract is None:
        draft.doubt("CONTRACT_MISSING", "an entry without contract and price")
    draft.size_words = size_words(scene, sentence.lo, sentence.hi)
    draft.again = again
    scene.drafts.append(draft)


def _is_round_talk(scene: Scene, priced: Priced | None) -> bool:
    """`back in 20`: an unmarked whole number without a contract is no price."""
    return priced is not None and not priced.marked and "." not in scene.pieces[priced.first].text


_TALK = frozenset((P.OTHER, W.OBSERVED, W.TO, W.WATCH, W.SIZE_WORD, W.AND, W.ON))


def _buy_future(scene: Scene, sentence: Sentence, index: int, contract: Contract) -> None:
    """`BTO MNQ1 29522 longs here`, `bought ES 6801`: the direction word wins, else buying is long."""
    if any(scene.kind_at(at) in (W.LONG, W.SHORT) for at in range(sentence.lo, sentence.hi)):
        return
    if guard_before(scene, sentence, index, ENTRY_GUARDS, LONG_WINDOW) or _is_taken_back(scene, sentence, index):
        return
    draft = Draft(ActionKind.OPEN, index, "bought a future", contract, AlertSide.LONG)
    entry_quantity(scene, draft, sentence.lo, sentence.hi)
    priced = find_price(scene, index, sentence.hi, None, False) or average_price(scene, index, sentence.hi)
    _take_price(scene, draft, priced)
    draft.at_market = draft.price is None and _is_market(scene, index, sentence.hi)
    if draft.price is None and not draft.at_market:
        draft.doubt("PRICE_MISSING", "the alert names a future but no price")
    scene.drafts.append(draft)


def _sell_future(scene: Scene, sentence: Sentence, index: int) -> None:
    """`Sell NQ 25610 stop 25640`: short only when a stop makes it an entry; else it may end a long."""
    contract = scene.contract_at(index + 1)
    if contract is None or not contract.is_root or contract.is_option or W.STOP not in scene.kinds:
        return
    if guard_before(scene, sentence, index, ENTRY_GUARDS, LONG_WINDOW) or _is_taken_back(scene, sentence, index):
        return
    draft = Draft(ActionKind.OPEN, index, "sold a future with a stop", contract, AlertSide.SHORT)
    draft.note("side", scene.pieces[index], "direction word")
    _take_price(scene, draft, find_price(scene, index, sentence.hi, None, False))
    if draft.price is not None and not sentence.asks:
        scene.drafts.append(draft)


def _as_shares(scene: Scene, draft: Draft, contract: Contract, index: int, hi: int) -> None:
    """A symbol without strike and right is stock only when shares, or a count and a price, are named."""
    said = any(scene.kind_at(at) == W.SHARES for at in range(index, hi))
    if said or (draft.quantity is not None and draft.price is not None):
        contract.shares = True
        return
    if scene.pieces[index].kind in (W.AGAIN,) and draft.price is not None:
        return
    if draft.price is not None and scene.pieces[index].kind in (W.BUY, W.ENTER):
        draft.doubt("ASSET_UNCLEAR", f"{contract.symbol}: option or shares?")
        return
    draft.contract = None


def _filled(scene: Scene, sentence: Sentence, index: int) -> None:
    """`Filled 3.95 starters`, `4.10 entry`: the fill of what the author loaded before."""
    if scene.kind_at(index) == W.ENTRY and index == sentence.lo and scene.drafts:
        _entry_price(scene, sentence, index)
        return
    if scene.kind_at(index) == W.ENTRY and scene.kind_at(index + 1) == P.COLON and opens_clause(scene, sentence, index):
        _entry_label(scene, sentence, index)
        return
    if scene.drafts or scene.contracts:
        return
    if guard_before(scene, sentence, index, ENTRY_GUARDS, LONG_WINDOW) or sentence.asks:
        return
    priced: Priced | None = None
    if scene.kind_at(index) == W.FILLED and scene.pieces[index].text == "filled":
        priced = find_price(scene, index, sentence.hi, None, False)
    elif scene.kind_at(index) == W.ENTRY and index > sentence.lo and scene.kind_at(index - 1) == P.NUMBER:
        rest = range(index + 1, sentence.hi)
        if opens_clause(scene, sentence, index) and all(scene.kind_at(at) in (P.MENTION, P.SIGN) for at in rest):
            priced = number_before(scene, sentence, index)
    if priced is None or isinstance(priced.price, PriceRange) or priced.price > 100:
        return
    draft = Draft(ActionKind.OPEN, index, "fill of the loaded contract", None, AlertSide.LONG)
    _take_price(scene, draft, priced)
    draft.size_words = size_words(scene, sentence.lo, sentence.hi)
    scene.drafts.append(draft)


_MADE = frozenset((P.OTHER, W.SIZE_WORD))


def _entry_label(scene: Scene, sentence: Sentence, index: int) -> None:
    """A labelled card: `Entry: 1.55` beside the message's only contract."""
    named = [contract for contract in scene.contracts if contract.symbol is not None]
    if len(named) != 1 or sentence.asks or scene.kinds & _NOT_CARD:
        return
    contract = named[0]
    if not contract.is_full:
        return
    draft = Draft(ActionKind.OPEN, index, "labelled card", contract, AlertSide.LONG)
    _take_price(scene, draft, find_price(scene, index, sentence.hi, contract, False))
    if draft.price is not None:
        entry_quantity(scene, draft, 0, len(scene.pieces))
        scene.drafts.append(draft)


_NOT_CARD = frozenset((W.LOAD, W.RECAP, W.UNREAL, W.FLOW, W.NEGATION, W.HYPOTHESIS, W.CANCEL))


def _entry_price(scene: Scene, sentence: Sentence, index: int) -> None:
    """`Entry this time is at 3.13 on those same puts`: price and contract of the entry announced before."""
    draft = scene.drafts[-1]
    if draft.kind is not ActionKind.OPEN or draft.price is not None:
        return
    inside = scene.contracts_between(sentence.lo, sentence.hi)
    if draft.contract is None and inside:
        draft.contract = inside[0]
    _take_price(scene, draft, find_price(scene, index, sentence.hi, draft.contract, False))
    if draft.price is not None:
        draft.doubts = [doubt for doubt in draft.doubts if doubt.code != "CONTRACT_MISSING"]


def _add(scene: Scene, sentence: Sentence, index: int) -> None:
    """`added to MSFT`, `averaged down here 1.5`, `2nd entry ES 6318`."""
    piece = scene.pieces[index]
    if piece.kind == W.AVERAGED or any(d.kind is ActionKind.ADD for d in scene.drafts):
        return
    if not opens_clause(scene, sentence, index, _MADE) or sentence.asks:
        return
    before = scene.pieces[index - 1] if index > sentence.lo else None
    if before is not None and before.kind == P.OTHER and before.text not in ("made", "another", "quick", "just"):
        return
    if guard_before(scene, sentence, index, ENTRY_GUARDS, LONG_WINDOW) or guard_after(
        scene, sentence, index, AFTER_GUARDS
    ):
        return
    if scene.kind_at(index + 1) in (W.LEVEL, W.IS, W.PAST, W.WATCH, W.MORE) and piece.text == "add":
        return
    if any(scene.kind_at(at) in (W.LONG, W.SHORT) for at in range(index, sentence.hi)) and scene.contracts:
        return
    contract = _object_of(scene, sentence, index)
    if piece.text == "add" and (contract is None or contract.first - index > 3):
        return
    priced = find_price(scene, index, sentence.hi, contract, False) or number_before(scene, sentence, index)
    is_phrase = " " in piece.text
    if contract is None and priced is None and not is_phrase and scene.kind_at(index - 1) != W.SELF:
        return
    averaged = any(scene.kind_at(at) == W.AVERAGE for at in range(index, sentence.hi))
    if contract is None and priced is None and scene.kind_at(index + 1) in (P.OTHER, W.ON) and not averaged:
        return
    if contract is not None and contract.is_option and piece.text in ("add", "adding") and not contract.is_full:
        return
    draft = Draft(ActionKind.ADD, index, "added", contract, AlertSide.LONG)
    if priced is not None and not (
        contract is None and isinstance(priced.price, Decimal) and 100 < priced.price < 2000
    ):
        _take_price(scene, draft, priced)
    draft.size_words = size_words(scene, sentence.lo, sentence.hi)
    scene.drafts.append(draft)


def _take_price(scene: Scene, draft: Draft, priced: Priced | None) -> None:
    if priced is None:
        return
    draft.price = priced.price
    rule = "price after its mark" if priced.marked else "number beside the contract"
    scene.used.update(range(priced.first, priced.last + 1))
    first, last = scene.pieces[priced.first], scene.pieces[priced.last]
    draft.note("price", first._replace(end=last.end), rule)


def read_bare_contract(scene: Scene) -> None:
    """A contract with a price and no verb at all: an entry only by the room's habit, else for a person to see."""
    full = [contract for contract in scene.contracts if contract.is_full]
    if scene.drafts or len(full) != 1:
        return
    contract = full[0]
    sentence = scene.sentence_of(contract.last)
    if sentence.asks or scene.kinds & _NOT_BARE:
        return
    priced = find_price(scene, contract.first, sentence.hi, contract, False)
    if priced is None or priced.arrow:
        return
    around = range(sentence.lo, min(priced.last + 3, sentence.hi))
    if any(scene.kind_at(at) in _NOT_BESIDE_BARE for at in around):
        return
    guard = guard_before(scene, sentence, contract.first, ENTRY_GUARDS, LONG_WINDOW)
    if guard:
        return
    if any(scene.kind_at(at) == W.NOW for at in range(contract.last, priced.first + 1)):
        return
    draft = Draft(ActionKind.OPEN, contract.first, "bare contract with a price", contract, AlertSide.LONG)
    _take_price(scene, draft, priced)
    entry_quantity(scene, draft, sentence.lo, sentence.hi)
    draft.size_words = size_words(scene, sentence.lo, sentence.hi)
    evident = (
        bool(draft.size_words) or draft.quantity is not None or scene.ping or bool(scene.kinds & {W.STOP, W.TARGET})
    )
    if not (scene.profile.bare_contract_opens or (evident and contract.said_expiry)):
        draft.doubt("BARE_CONTRACT", "a contract and a price without a word that says what to do")
    scene.drafts.append(draft)


_NOT_BARE = frozenset((P.GAIN, P.PERCENT, P.ARROW, W.LOAD, W.FLOW, W.SPREAD, W.RECAP, W.PROMO, W.UNREAL,
                       W.SELL_TO_OPEN))  # fmt: skip
_NOT_BESIDE_BARE = frozenset((W.STATUS, W.QUESTION, W.HIT, W.PROFIT, W.POINTS, W.LOSS, W.PAST))
