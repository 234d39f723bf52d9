"""Entries in futures: a direction with a root, bought or sold roots; results and opinions told apart."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.contract import Contract
from tradestream_gui.alerts.grammar.entry_parts import (
    LONG_WINDOW,
    is_market,
    is_taken_back,
    take_price,
    trigger_at,
    wait_for,
)
from tradestream_gui.alerts.grammar.guards import ENTRY_GUARDS, guard_before, opens_clause
from tradestream_gui.alerts.grammar.plans import entry_price
from tradestream_gui.alerts.grammar.prices import MAX_PRICE, Priced, average_price, find_price
from tradestream_gui.alerts.grammar.quantities import entry_quantity, set_count, size_words
from tradestream_gui.alerts.grammar.scene import Draft, Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind, AlertSide


def read_direction(scene: Scene, sentence: Sentence, index: int) -> None:
    """`ES long 6326: A`, `long 2 MES 6801.25`, `NQ SHORT 25610`, `scalping MES short here`."""
    if any(draft.at == index for draft in scene.drafts) or is_card_of_end(scene):
        return
    contract = _root_beside(scene, sentence, index)
    if contract is None:
        _long_other(scene, sentence, index)
        return
    flips = scene.pieces[index - 1].text in _FLIPS and index > sentence.lo
    named = _names_position(scene, sentence, index if flips else min(index, contract.first))
    if named or _is_over(scene, sentence, index, contract):
        scene.used.add(index)
        return
    if any(d.contract is contract and d.kind.opens for d in scene.drafts):
        return
    guard = guard_before(scene, sentence, index, ENTRY_GUARDS, LONG_WINDOW)
    piece = scene.pieces[index]
    draft = Draft(ActionKind.OPEN, index, "direction with a future", contract)
    draft.again = W.AGAIN in scene.row[sentence.lo : sentence.hi]
    draft.side = AlertSide.SHORT if piece.kind == W.SHORT else AlertSide.LONG
    draft.note("side", piece, "direction word")
    if not _ADDED.isdisjoint(scene.row[sentence.lo : index]):
        draft.kind = ActionKind.ADD
    lo, hi = _clause_of(scene, sentence, min(index, contract.first), max(index, contract.last))
    trigger = trigger_at(scene, max(index, contract.last), hi, is_done=piece.text in ("longed", "shorted"))
    entry_quantity(scene, draft, lo, hi)
    if trigger is not None and scene.pieces[index].text in ("longs", "shorts"):
        return
    if trigger is not None:
        wait_for(scene, draft, trigger)
    else:
        start = min(index, contract.first)
        last = max(index, contract.last)
        priced = entry_price(scene, start, hi, last, None) or average_price(scene, start, hi)
        take_price(scene, draft, priced or _price_before(scene, sentence, start))
        draft.at_market = draft.price is None and is_market(scene, lo, hi)
    draft.size_words = size_words(scene, sentence.lo, sentence.hi)
    if sentence.asks or guard or is_taken_back(scene, sentence, index) or _is_remark(scene, sentence, draft):
        return
    if (isinstance(draft.price, Decimal) and draft.price >= MAX_PRICE) or _is_garbled(scene, draft, hi):
        return
    if draft.price is None and not draft.at_market and draft.kind is not ActionKind.OPEN_IF:
        if W.BREAK_EVEN in scene.kinds:
            return
        if draft.quantity is None and not opens_clause(scene, sentence, index):
            return
        draft.doubt("PRICE_MISSING", "the alert names a direction but no price")
    scene.drafts.append(draft)
    _each_joined(scene, sentence, draft)


def _each_joined(scene: Scene, sentence: Sentence, lead: Draft) -> None:
    """`long 1 NQ 30371 and 2 MES 7818`: the next future of the list goes the same way."""
    last = lead.contract
    for contract in scene.contracts_between(lead.at, sentence.hi):
        if last is None or contract.first <= last.last or not contract.is_root or contract.symbol == last.symbol:
            continue
        between = scene.row[last.last + 1 : contract.first]
        if W.AND not in between or not _IN_LIST.issuperset(between) or lead.kind is not ActionKind.OPEN:
            return
        draft = Draft(ActionKind.OPEN, contract.first, lead.rule, contract, lead.side)
        draft.evidence = [note for note in lead.evidence if note[0] == "side"]
        count = contract.first - 1
        if scene.kind_at(count) in (P.NUMBER, P.COUNT):
            entry_quantity(scene, draft, count, contract.first)
            if draft.quantity is None:
                set_count(scene, draft, count, scene.pieces[count], "count before the symbol")
        hi = min(contract.last + 3, sentence.hi)
        take_price(scene, draft, find_price(scene, contract.last + 1, hi, contract, False))
        if draft.price is None:
            draft.doubt("PRICE_MISSING", "the alert names a future but no price")
        scene.drafts.append(draft)
        last = contract


_IN_LIST = frozenset((W.AND, P.NUMBER, P.COUNT, W.AT, P.COMMA))


def is_card_of_end(scene: Scene) -> bool:
    """`Trade closed` / `ES LONG` / `Entry 6812.50` / `Exit 6825`: the card names what has ended."""
    if scene.kinds.isdisjoint(_ENDINGS) or W.EXIT not in scene.kinds:
        return False
    heads = [at for at, kind in enumerate(scene.row) if kind == W.EXIT and scene.kind_at(at - 1) in _CELL_HEADS]
    if not any(scene.kind_at(at + 1) in (P.COLON, P.NUMBER, W.AT) for at in heads):
        return False
    head = scene.sentences[0]
    headed = P.NEWLINE in scene.kinds and not _ENDINGS.isdisjoint(scene.row[head.lo : head.hi])
    return headed or any(
        kind == W.ENTRY and scene.kind_at(at - 1) in _CELL_HEADS and at < heads[0] for at, kind in enumerate(scene.row)
    )


_CELL_HEADS = frozenset((P.NEWLINE, P.PIPE))
_FLIPS = ("reversing", "reversed", "reverse", "flipping", "flipped", "flip")
_ENDINGS = frozenset((W.CLOSE, W.EXIT, W.STOPPED, W.OUT, W.FLAT, W.TRIM, W.SELL))
_ADDED = frozenset((W.ADD, W.AVERAGED))
_ENDED = frozenset((W.CLOSE, W.STOPPED, W.OUT, W.CUT, W.EXIT, W.PAST))
"""Behind a direction these make it the name of a position: `ES long closed`."""


def _is_over(scene: Scene, sentence: Sentence, index: int, contract: Contract) -> bool:
    """`ES long closed`, `ES long 6820 stopped -4`: how the trade that is named ended."""
    after = max(index, contract.last) + 1
    if scene.kind_at(after) in _ENDED and min(index, contract.first) >= sentence.lo:
        return True
    for at in range(after, sentence.hi) if W.STOPPED in scene.kinds else ():
        if scene.row[at] == W.STOPPED:
            return True
        if scene.row[at] in _CLAUSE_BREAKS:
            return False
    return False


_CLAUSE_BREAKS = frozenset((P.COMMA, W.BUT, W.AND, W.THEN, P.PIPE, W.STOP, W.TARGET))


def _price_before(scene: Scene, sentence: Sentence, first: int) -> Priced | None:
    """`6815 short ES`, `filled at 6815 short ES`: the price opens the sentence."""
    led = all(scene.row[at] in _LEADS_PRICE for at in range(sentence.lo, first - 1))
    piece = scene.pieces[first - 1] if first - 1 >= sentence.lo and led else None
    if piece is None or piece.kind != P.NUMBER or first - 1 in scene.used or not isinstance(piece.value, Decimal):
        return None
    return Priced(piece.value, first - 1, first - 1, False, False) if piece.value >= MIN_LEADING_PRICE else None


_LEADS_PRICE = frozenset((W.FILLED, W.AT, W.IN, W.ENTER, P.MENTION, P.SIGN, W.SELF))
MIN_LEADING_PRICE = 50
"""A smaller number before a direction is a count."""


def _names_position(scene: Scene, sentence: Sentence, first: int) -> bool:
    """`covered half NQ short`, `out of MNQ long`, `buying the NQ short back`: the direction names what is held."""
    if scene.kind_at(first) == W.SHORT and W.BUY in scene.row[max(sentence.lo, first - 4) : first]:
        return True
    for at in range(first - 1, max(sentence.lo, first - 8) - 1, -1):
        kind = scene.kind_at(at)
        if kind in _OF_POSITION or (kind == P.COLON and scene.kind_at(at - 1) in _OF_POSITION - {W.STOP, W.TARGET}):
            return True
        if kind in _CLAUSE_ENDS:
            return False
    return False


_OF_POSITION = frozenset((
    W.CUT, W.OUT, W.EXIT, W.CLOSE, W.TRIM, W.STOPPED, W.TARGET, W.STOP, W.OFF, W.HOLD, W.CANCEL, W.LEAVE, W.FLAT,
))  # fmt: skip
_CLAUSE_ENDS = frozenset((P.COMMA, W.AND, W.BUT, W.THEN, P.PIPE, P.DASH, P.BAR, P.NUMBER, P.COLON, P.TICKER, P.ROOT))


MANY_SHARES = 20
"""From this count on, a count before a ticker means shares."""


def _long_other(scene: Scene, sentence: Sentence, index: int) -> None:
    """`Long TSLA 440c 11/27 @ 3.2`, `Long AMD shares 240`: bought; "short" of those is never read by itself."""
    counted = scene.pieces[index + 1] if index + 1 < sentence.hi else None
    many = counted is not None and counted.kind == P.NUMBER and isinstance(counted.value, Decimal)
    contract = scene.contract_at(index + 2 if many else index + 1)
    if contract is None or scene.kind_at(index) != W.LONG or scene.pieces[index].text != "long" or sentence.asks:
        return
    shares = W.SHARES in scene.row[index : sentence.hi]
    if many and counted is not None and not contract.is_option and "." not in counted.text:
        assert isinstance(counted.value, Decimal)
        shares = shares or counted.value >= MANY_SHARES
    protected = W.STOP in scene.kinds and not contract.is_option and not contract.is_root
    if not (contract.is_full or shares or protected) or not opens_clause(scene, sentence, index):
        return
    if guard_before(scene, sentence, index, ENTRY_GUARDS, LONG_WINDOW) or is_taken_back(scene, sentence, index):
        return
    draft = Draft(ActionKind.OPEN, index, "long a contract", contract, AlertSide.LONG)
    contract.shares = shares and not contract.is_option
    entry_quantity(scene, draft, index, sentence.hi)
    priced = entry_price(scene, index, sentence.hi, contract.last, contract)
    priced = priced or average_price(scene, index, sentence.hi)
    take_price(scene, draft, priced)
    draft.size_words = size_words(scene, sentence.lo, sentence.hi)
    if protected and not shares:
        draft.doubt("ASSET_UNCLEAR", f"{contract.symbol}: option or shares?")
    if draft.price is not None:
        scene.drafts.append(draft)


def _is_remark(scene: Scene, sentence: Sentence, draft: Draft) -> bool:
    """`longs look good here`, `80 ticks on RTY short`: an opinion or a result; without a price, any talk is."""
    flips = scene.pieces[draft.at - 1].text in _FLIPS
    first = draft.at if draft.contract is None or flips else min(draft.at, draft.contract.first)
    on = scene.kind_at(first - 1) == W.ON and scene.kind_at(first - 2) not in (W.FILLED, W.ENTER, W.IN, W.TAKE)
    lead = scene.row[max(sentence.lo, first - 6) : max(sentence.lo, first)]
    praised = W.LEVEL in lead or W.OBSERVED in lead or (bool(lead) and lead[-1] == W.FOR)
    next_one = scene.kind_at(first - 1) == W.NEXT
    behind = scene.row[draft.at + 1 : draft.at + 4]
    over = W.PAST in behind and P.COMMA not in behind[: behind.index(W.PAST)]
    if (
        on
        or next_one
        or over
        or (praised and P.COMMA not in lead)
        or not _RESULTS.isdisjoint(scene.row[sentence.lo : max(sentence.lo, first)])
    ):
        return True
    if not _OPINIONS.isdisjoint(scene.row[draft.at + 1 : draft.at + 4]):
        return True
    if any(scene.pieces[at].text in ("looks good", "look good") for at in range(draft.at + 1, sentence.hi)):
        return True
    if draft.price is not None:
        return False
    row = scene.row[sentence.lo : sentence.hi]
    return W.POINTS in row or not _OPINIONS.isdisjoint(row)


_RESULTS = frozenset((P.GAIN, W.POINTS, P.PERCENT))
_OPINIONS = frozenset((W.OBSERVED, W.WATCH))


def _is_garbled(scene: Scene, draft: Draft, hi: int) -> bool:
    """A direction without a price whose next piece is neither size, stop nor mark is no alert."""
    if draft.price is not None or draft.at_market or draft.kind is ActionKind.OPEN_IF or draft.contract is None:
        return False
    at = max(draft.at, draft.contract.last) + 1
    while scene.kind_at(at) == P.SIGN and scene.kind_at(at + 1) in (P.SIGN, P.NEWLINE):
        at += 1
    if scene.kind_at(at + 1) == P.NEWLINE and scene.kind_at(at) == P.SIGN:
        return False
    if scene.kind_at(at) == P.COUNT:
        at += 1
        return at < hi and scene.kind_at(at) == P.OTHER and scene.pieces[at].text not in ("only", "here")
    return at < hi and scene.kind_at(at) in (P.OTHER, P.SIGN, W.AT, P.MEASURE, P.PLUS, P.DASH)


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
            if best is not None and best.last == index - 1 and contract.first - index > 1:
                return best
            return contract if _BREAKS_PAIR.isdisjoint(scene.row[index + 1 : contract.first]) else best
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


def buy_future(scene: Scene, sentence: Sentence, index: int, contract: Contract) -> None:
    """`BTO MNQ1 25480`, `bought ES 6801`: the direction word wins, else buying is long."""
    if sentence.asks or any(scene.kind_at(at) in (W.LONG, W.SHORT) for at in range(sentence.lo, sentence.hi)):
        return
    if guard_before(scene, sentence, index, ENTRY_GUARDS, LONG_WINDOW) or is_taken_back(scene, sentence, index):
        return
    draft = Draft(ActionKind.OPEN, index, "bought a future", contract, AlertSide.LONG)
    entry_quantity(scene, draft, sentence.lo, sentence.hi)
    trigger = trigger_at(scene, max(index, contract.last), sentence.hi)
    if trigger is not None:
        wait_for(scene, draft, trigger)
        scene.drafts.append(draft)
        return
    last = max(index, contract.last)
    priced = entry_price(scene, index, sentence.hi, last, None) or average_price(scene, index, sentence.hi)
    take_price(scene, draft, priced)
    draft.at_market = draft.price is None and is_market(scene, index, sentence.hi)
    if draft.price is None and not draft.at_market:
        draft.doubt("PRICE_MISSING", "the alert names a future but no price")
    scene.drafts.append(draft)


def sell_future(scene: Scene, sentence: Sentence, index: int) -> None:
    """`Sell NQ 25610 stop 25640`: short only when a stop makes it an entry; else it may end a long."""
    at = index + 1
    while scene.kind_at(at) in (P.NUMBER, P.COUNT, P.BAR) and at - index < 3:
        at += 1
    contract = scene.contract_at(at) or scene.contract_at(index - 1)
    if contract is None or not contract.is_root or contract.is_option or W.STOP not in scene.kinds:
        return
    if guard_before(scene, sentence, index, ENTRY_GUARDS, LONG_WINDOW) or is_taken_back(scene, sentence, index):
        return
    draft = Draft(ActionKind.OPEN, index, "sold a future with a stop", contract, AlertSide.SHORT)
    draft.note("side", scene.pieces[index], "direction word")
    entry_quantity(scene, draft, sentence.lo, sentence.hi)
    take_price(scene, draft, find_price(scene, index, sentence.hi, None, False) or _entry_on_card(scene, sentence))
    if draft.price is not None and not sentence.asks:
        scene.drafts.append(draft)


def _entry_on_card(scene: Scene, sentence: Sentence) -> Priced | None:
    """`SELL NQ` above `Entry 25430`: the price on the line below that is headed so."""
    if scene.kind_at(sentence.hi) != P.NEWLINE:
        return None
    for below in scene.sentences:
        if below.lo > sentence.hi and scene.kind_at(below.lo) == W.ENTRY:
            return find_price(scene, below.lo, below.hi, None, False)
    return None
