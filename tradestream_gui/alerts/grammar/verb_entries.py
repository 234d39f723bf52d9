"""Entry verbs with an option or shares, and verbs that refer to what was loaded before."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.clarity import is_harmless
from tradestream_gui.alerts.grammar.contract import Contract
from tradestream_gui.alerts.grammar.entry_parts import (
    LONG_WINDOW,
    is_market,
    labelled_trigger,
    object_of,
    take_price,
    trigger_at,
    wait_for,
)
from tradestream_gui.alerts.grammar.future_entries import buy_future
from tradestream_gui.alerts.grammar.guards import (
    AFTER_GUARDS,
    ENTRY_GUARDS,
    EXITS,
    REACH_AFTER,
    STRONG_GUARDS,
    guard_after,
    guard_before,
    opens_clause,
)
from tradestream_gui.alerts.grammar.plans import entry_price
from tradestream_gui.alerts.grammar.prices import Priced, average_price, find_price
from tradestream_gui.alerts.grammar.quantities import entry_quantity, fraction_at, size_words
from tradestream_gui.alerts.grammar.scene import Draft, Scene, Sentence
from tradestream_gui.alerts.grammar.speakers import has_named_speaker, is_others_deed
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind, AlertSide

STRONG_WINDOW = 3


def read_verb(scene: Scene, sentence: Sentence, index: int, kind: str) -> None:
    contract = object_of(scene, sentence, index)
    if kind == W.IN and not _is_verb_in(scene, sentence, index, contract):
        return
    if kind == W.AGAIN and scene.pieces[index].text not in ("back in", "re - entry", "re entry"):
        return
    if kind == W.TAKE and _takes_off(scene, sentence, index):
        return
    if kind == W.OPEN and (contract is None or (contract.first < index and not contract.is_option)):
        return
    if kind == W.OPEN and scene.pieces[index].text == "open" and contract is not None and contract.last < index:
        return
    if contract is not None and any(d.contract is contract and d.kind.opens for d in scene.drafts):
        return
    strong = scene.pieces[index].text in ("bto", "buy to open", "bought to open") and contract is not None
    if contract is not None and contract.is_root and not contract.is_option:
        buy_future(scene, sentence, index, contract)
        return
    if _is_guarded(scene, sentence, index, strong, 2 if kind == W.TAKE and contract is None else LONG_WINDOW):
        return
    if _is_round_trip(scene, sentence, index, contract):
        return
    if contract is None or not (contract.is_option or contract.symbol):
        _verb_without_contract(scene, sentence, index, kind, contract)
        return
    draft = Draft(ActionKind.OPEN, index, f"{kind} with a contract", contract, AlertSide.LONG, strong=strong)
    if W.MORE in scene.row[index + 1 : max(index + 1, contract.first)]:
        draft.kind, draft.rule = ActionKind.ADD, "more of a contract"
    if kind == W.TAKE and W.OFF in scene.row[contract.last : sentence.hi]:
        draft.doubt("WORD_UNCLEAR", '"off" beside the entry may change what it means')
    _open_contract(scene, sentence, index, draft, contract)


def _takes_off(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`SLV 80c up 60%, taking 50% off at 4.9`: a part comes off, nothing is bought."""
    named = scene.contract_at(index + 1)
    if _takes_count(scene, sentence, index) or (named is not None and scene.kind_at(named.last + 1) == W.OFF):
        return True
    part = scene.kind_at(index + 1) in (P.PERCENT, W.FRACTION, W.MOST, W.PART, P.SLASH)
    if part and W.OFF in scene.row[index + 1 : min(index + 8, sentence.hi)]:
        return True
    ends = index + 2 >= sentence.hi or scene.kind_at(index + 2) in (P.MENTION, P.SIGN, P.COMMA)
    return ends and fraction_at(scene, index + 1) is not None


def _takes_count(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`4316 hit, took 1, 1 left`: how many were taken off, as no symbol follows the count."""
    count = scene.pieces[index + 1] if index + 1 < sentence.hi else None
    if count is None or not count.text.isdigit() or len(count.text) > 2:
        return False
    return scene.kind_at(index + 2) in ("", P.COMMA, W.HERE, W.OFF, P.MENTION, P.END, P.NEWLINE, P.SIGN, P.DASH)


def _is_guarded(scene: Scene, sentence: Sentence, index: int, strong: bool, window: int) -> bool:
    """Whether a word before or behind takes the force out of the verb; an order form needs less shelter."""
    if strong:
        if scene.kind_at(index - 1) == W.OBSERVED and index > sentence.lo:
            return True
        conditional = scene.kind_at(sentence.lo) == W.HYPOTHESIS and scene.kind_at(index - 1) == P.COMMA
        guarded = conditional or bool(guard_before(scene, sentence, index, STRONG_GUARDS, STRONG_WINDOW))
    else:
        guarded = sentence.asks or bool(guard_before(scene, sentence, index, ENTRY_GUARDS, window))
    return guarded or bool(guard_after(scene, sentence, index, AFTER_GUARDS))


def _open_contract(scene: Scene, sentence: Sentence, index: int, draft: Draft, contract: Contract) -> None:
    """Price, quantity, trigger and size words of an entry whose verb and contract are known."""
    if sentence.asks:
        draft.doubt("ASKED", "an order that ends in a question mark")
    if is_others_deed(scene, sentence, index) or (not draft.strong and has_named_speaker(scene, sentence, index)):
        draft.doubt("SPEAKER_UNCLEAR", f'"{scene.pieces[index - 1].text}" may be who did this, not the author')
    hi = sentence.hi if contract.last < sentence.hi else scene.sentence_of(contract.last).hi
    lo = max(sentence.lo, min(index - 4, contract.first - 3))
    entry_quantity(scene, draft, lo, min(hi, max(contract.last, index) + 8))
    trigger = (trigger_at(scene, contract.last, hi) or labelled_trigger(scene)) if contract.is_option else None
    if trigger is not None and _is_premium(scene, trigger, contract):
        draft.doubt("PRICE_CAP", f"the entry waits for a premium of {scene.pieces[trigger].text}")
    elif trigger is not None:
        wait_for(scene, draft, trigger)
    priced = entry_price(scene, index, hi, max(index, contract.last), contract)
    if priced is None and sentence.lo <= contract.first < index:
        priced = find_price(scene, contract.first, index, contract, False)
    priced = priced or price_on_card(scene, contract)
    take_price(scene, draft, priced or average_price(scene, contract.last + 1, hi))
    if draft.quantity is None and len(scene.sentences) > 1 and len(scene.contracts) == 1:
        entry_quantity(scene, draft, hi, len(scene.pieces))
    draft.size_words = size_words(scene, sentence.lo, hi)
    draft.again = W.AGAIN in scene.row[sentence.lo : hi]
    if not contract.is_option and draft.kind is not ActionKind.ADD:
        _as_shares(scene, draft, contract, index, hi)
    if draft.price is None and contract.is_option:
        draft.at_market = is_market(scene, index, hi)
    if contract.is_option or draft.contract is not None:
        scene.drafts.append(draft)
        _each_joined(scene, sentence, draft)


def _is_premium(scene: Scene, index: int, contract: Contract) -> bool:
    """`under .90` beside a 668 strike is no level of the underlying."""
    value = scene.pieces[index].value
    return contract.strike is not None and isinstance(value, Decimal) and value * 4 < contract.strike


def _is_round_trip(scene: Scene, sentence: Sentence, index: int, contract: Contract | None) -> bool:
    """`bought at 2.1 sold at 4.2`: entry and exit of the same thing in one breath is a report."""
    if scene.kinds.isdisjoint(_ROUND) and scene.words.isdisjoint(_SOLD):
        return False
    for at in range(index + 1, min(sentence.hi, index + REACH_AFTER)):
        ends = scene.kind_at(at) in EXITS or (contract is None and scene.kind_at(at) == W.OUT)
        if ends and scene.kind_at(at + 1) in (W.AT, W.FOR, P.NUMBER, W.HERE):
            return True
        if scene.pieces[at].text in _SOLD and scene.pieces[index].text in _BOUGHT and W.AT in scene.row[at : at + 6]:
            return True
    return False


_ROUND = EXITS | {W.OUT}
_BOUGHT = ("bought", "entered", "opened", "took", "purchased", "grabbed", "picked up", "filled")
_SOLD = ("sold", "closed", "exited", "trimmed", "sld")


def _each_joined(scene: Scene, sentence: Sentence, lead: Draft) -> None:
    """`BTO A ... @ 2.10 and B ... @ 1.90`: the verb serves each full contract of the list."""
    assert lead.contract is not None
    if len(scene.contracts) < 2:
        return
    if W.OR in scene.kinds:
        for other in scene.contracts_between(lead.contract.last + 1, sentence.hi):
            if other.is_full and scene.kind_at(other.first - 1) == W.OR:
                lead.doubt("ALTERNATIVES", 'two contracts with an "or" between them')
    previous = lead.contract
    for contract in scene.contracts_between(sentence.lo, sentence.hi):
        if contract.first <= previous.last or not contract.is_full or contract.symbol == lead.contract.symbol:
            continue
        if not any(scene.kind_at(at) in (W.AND, P.COMMA, P.BAR) for at in range(previous.last + 1, contract.first)):
            return
        if any(scene.kind_at(at) in _OTHER_VERBS for at in range(previous.last + 1, contract.first)):
            return
        draft = Draft(ActionKind.OPEN, contract.first, lead.rule, contract, AlertSide.LONG, strong=lead.strong)
        take_price(scene, draft, find_price(scene, contract.first, sentence.hi, contract, False))
        scene.drafts.append(draft)
        previous = contract


_OTHER_VERBS = frozenset((
    W.SELL, W.EXIT, W.CLOSE, W.TRIM, W.HOLD, W.WATCH, W.STATUS, W.LOAD, W.OUT, W.NEGATION, W.BUY, W.ENTER,
    W.STOP, W.TARGET,
))  # fmt: skip


def takes_a_contract(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`took some DIS 118c at 2.05` buys, unless something comes off; `took some off` does not."""
    if scene.pieces[index].text not in ("took some", "taking some", "take some"):
        return False
    contract = scene.contract_at(index + 1) or scene.contract_at(index + 2)
    if contract is None or not contract.is_full:
        return False
    return all(scene.kind_at(at) not in (W.OFF, W.PROFIT) for at in range(index, min(sentence.hi, index + REACH_AFTER)))


CARD_LINE = 9
_OF_ENTRY = (
    "entry", "entry price", "entered", "bought at", "buy price", "price paid", "in at", "got in at", "paid", "cost",
)  # fmt: skip


def price_on_card(scene: Scene, contract: Contract | None, exiting: bool = False) -> Priced | None:
    """The price on a line of its own: `Entry: 1.50-1.60`, `@ 2.10`, `Price: 1.12`."""
    for sentence in scene.sentences:
        lo = sentence.lo
        while lo + 1 < sentence.hi and scene.kind_at(lo) in (P.SIGN, P.DASH):
            lo += 1
        short = sentence.hi - lo <= CARD_LINE
        alone = sentence.hi - lo == 1 and scene.pieces[lo].dollar
        labelled = scene.kind_at(lo) in (W.EXIT, W.OUT) and scene.kind_at(lo + 1) in (P.COLON, P.NUMBER)
        told = scene.kind_at(lo) in (W.ENTRY, W.AT, W.FILLED) and not (exiting and scene.pieces[lo].text in _OF_ENTRY)
        if (short and (labelled or told)) or alone:
            found = find_price(scene, sentence.lo, sentence.hi, contract, exiting)
            if found is not None:
                return found
    return None


def _is_verb_in(scene: Scene, sentence: Sentence, index: int, contract: Contract | None) -> bool:
    """ "in" is an entry at the start of its clause, or right before a contract; elsewhere it is a preposition."""
    follower = scene.kind_at(index + 1)
    if contract is not None and contract.is_full and _is_behind_price(scene, index, contract):
        return True
    if opens_clause(scene, sentence, index) and scene.kind_at(index - 1) not in (P.NUMBER, P.PERCENT, P.GAIN):
        if follower == W.SIZE_WORD and contract is None:
            priced = index + 3 if scene.kind_at(index + 2) in (P.COMMA, W.AT) else index + 2
            return scene.kind_at(priced) == P.NUMBER and "." in scene.pieces[priced].text
        return contract is not None or follower in (W.AT, P.NUMBER, P.MENTION, P.DTE, W.HERE, W.WHEN, "")
    if contract is not None and scene.row[contract.last + 1 : index + 2] == [W.SHARES, W.IN, W.AT]:
        return True
    if contract is not None and contract.is_option and contract.first - index <= 2 and contract.symbol:
        before = scene.pieces[index - 1] if index else None
        small_talk = before is not None and before.kind == P.OTHER and is_harmless(before.text)
        return small_talk or scene.kind_at(index - 1) in (W.SELF, W.AGAIN, W.BUT, W.AND, P.MENTION)
    return False


def _is_behind_price(scene: Scene, index: int, contract: Contract) -> bool:
    """`QQQ 612c .88 in`, `XSP 786p 0dte .95 in, riding ...`: contract, price, and the word ends the clause."""
    ends = scene.kind_at(index + 1) in ("", P.COMMA, P.END, P.NEWLINE, P.MENTION, P.SIGN, W.FOR, W.SIZE_WORD, P.DASH)
    return ends and scene.kind_at(index - 1) == P.NUMBER and 0 < index - contract.last <= 3


def _verb_without_contract(scene: Scene, sentence: Sentence, index: int, kind: str, contract: Contract | None) -> None:
    """`In at 3.20`, `taking it again at 1.85`, `re-entering here`: what was loaded before, or a reply's."""
    again = W.AGAIN in scene.row[index : min(index + 4, sentence.hi)]
    begins = opens_clause(scene, sentence, index, _TALK) or (kind == W.TAKE and again)
    if kind not in (W.IN, W.ENTER, W.TAKE, W.AGAIN) or not begins:
        return
    if kind == W.TAKE and W.OFF in scene.row[index : sentence.hi]:
        return
    if kind == W.IN and any(earlier.asks for earlier in scene.sentences if earlier.lo < index):
        return
    if kind == W.TAKE and not any(
        scene.kind_at(at) in (W.HERE, W.AGAIN, W.ENTRY) for at in range(index + 1, index + 4)
    ):
        return
    priced = find_price(scene, index, sentence.hi, None, False)
    if priced is None and kind != W.ENTER:
        return
    ends = scene.kind_at(index + 1) in ("", P.MENTION, W.HERE, P.NEWLINE, P.END)
    if priced is None and contract is None and not (again or ends) and W.STOP not in scene.kinds:
        return
    value = priced.price if priced else None
    if isinstance(value, Decimal) and (value > 100 or _is_round_talk(scene, priced)):
        return
    draft = Draft(ActionKind.OPEN, index, f"{kind} without a contract", contract, AlertSide.LONG)
    if W.MORE in scene.row[index + 1 : index + 3]:
        draft.kind, draft.rule = ActionKind.ADD, "more of what is held"
        entry_quantity(scene, draft, index, min(sentence.hi, index + 4))
    take_price(scene, draft, priced)
    if draft.price is None and draft.kind is ActionKind.OPEN and contract is None:
        draft.doubt("CONTRACT_MISSING", "an entry without contract and price")
    draft.size_words = size_words(scene, sentence.lo, sentence.hi)
    draft.again = again
    scene.drafts.append(draft)


def _is_round_talk(scene: Scene, priced: Priced | None) -> bool:
    """`back in 15`: an unmarked whole number without a contract is no price."""
    return priced is not None and not priced.marked and "." not in scene.pieces[priced.first].text


_TALK = frozenset((P.OTHER, W.OBSERVED, W.TO, W.WATCH, W.SIZE_WORD, W.AND, W.ON))


_EXPIRY_WORDS = ("weekly", "weeklies", "eow", "next week", "this week", "leap", "leaps", "monthly", "0days", "zeroes")
_OF_OPTIONS = frozenset((W.RIGHT, P.STRIKE_RIGHT, P.DTE, P.DATE, P.SLASH, W.EXPIRY, P.OCC))


def _as_shares(scene: Scene, draft: Draft, contract: Contract, index: int, hi: int) -> None:
    """A symbol without strike and right is stock only when shares, or a count and a price, are named."""
    said = W.SHARES in scene.row[min(index, contract.last) : hi]
    dated = any(piece.kind == W.WHEN and piece.text in _EXPIRY_WORDS for piece in scene.pieces)
    ordered = draft.strong and draft.price is not None and scene.kinds.isdisjoint(_OF_OPTIONS) and not dated
    start = draft.price_start(0)
    last = next((at for at, piece in enumerate(scene.pieces) if piece.start >= start), contract.last)
    if any(scene.kind_at(at) == P.NUMBER and at not in scene.used for at in range(contract.last + 1, last)):
        draft.doubt("ASSET_UNCLEAR", f"{contract.symbol}: a number before the price may be a strike")
        return
    if said or ordered or (draft.quantity is not None and draft.price is not None):
        contract.sure = contract.sure or draft.strong
        contract.shares = True
        return
    if scene.pieces[index].kind in (W.AGAIN,) and draft.price is not None:
        return
    bought = scene.pieces[index].kind in (W.BUY, W.ENTER)
    protected = scene.pieces[index].kind == W.IN and not scene.kinds.isdisjoint((W.STOP, W.RISK))
    if draft.price is not None and (bought or protected):
        draft.doubt("ASSET_UNCLEAR", f"{contract.symbol}: option or shares?")
        return
    draft.contract = None
