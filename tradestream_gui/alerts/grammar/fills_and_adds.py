"""Fills of a loaded contract, labelled entry cards, and additions to a position."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.clarity import is_harmless
from tradestream_gui.alerts.grammar.contract import Contract
from tradestream_gui.alerts.grammar.entry_parts import LONG_WINDOW, labelled_trigger, object_of, take_price, wait_for
from tradestream_gui.alerts.grammar.guards import (
    AFTER_GUARDS,
    ENTRY_GUARDS,
    EXITS,
    guard_after,
    guard_before,
    opens_clause,
)
from tradestream_gui.alerts.grammar.prices import MIN_INDEX, Priced, find_price, number_before
from tradestream_gui.alerts.grammar.quantities import entry_quantity, size_words
from tradestream_gui.alerts.grammar.scene import Draft, Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind, AlertSide, PriceRange


def read_fill(scene: Scene, sentence: Sentence, index: int) -> None:
    """`Filled 2.60`, `2.60 entry`: the fill of what the author loaded before."""
    if scene.kind_at(index) == W.ENTRY and index == sentence.lo and scene.drafts:
        _entry_price(scene, sentence, index)
        return
    if scene.kind_at(index) == W.ENTRY and scene.kind_at(index + 1) == P.COLON and opens_clause(scene, sentence, index):
        read_label(scene, sentence, index)
        return
    if scene.drafts:
        return
    if sentence.hi - sentence.lo == 1 and scene.kind_at(sentence.hi) == P.NEWLINE and _heads_entry(scene, sentence):
        return
    if scene.contracts:
        _after_contract(scene, sentence, index)
        return
    if guard_before(scene, sentence, index, ENTRY_GUARDS | FILLS_OF_EXITS, LONG_WINDOW) or sentence.asks:
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
    take_price(scene, draft, priced)
    draft.size_words = size_words(scene, sentence.lo, sentence.hi)
    scene.drafts.append(draft)


def _heads_entry(scene: Scene, sentence: Sentence) -> bool:
    """`ENTRY` alone on the first line, and under it a whole contract with its price."""
    if sentence is not scene.sentences[0] or len(scene.sentences) < 2 or len(scene.contracts) != 1:
        return False
    contract, below = scene.contracts[0], scene.sentences[1]
    inside = below.lo <= contract.first and contract.last < below.hi
    if not inside or not (contract.is_full and contract.said_expiry) or tells_state(scene, sentence.lo):
        return False
    if not scene.kinds.isdisjoint(_NOT_HEADED) or not _NOT_IN_CARD.isdisjoint(scene.row[below.lo : below.hi]):
        return False
    priced = find_price(scene, contract.first, below.hi, contract, False)
    if priced is None or priced.arrow:
        return False
    draft = Draft(ActionKind.OPEN, contract.first, "contract under its heading", contract, AlertSide.LONG)
    take_price(scene, draft, priced)
    entry_quantity(scene, draft, below.lo, len(scene.pieces))
    draft.size_words = size_words(scene, 0, len(scene.pieces))
    scene.drafts.append(draft)
    return True


FILLS_OF_EXITS = frozenset((
    W.TRIM, W.TARGET, W.EXIT, W.SELL, W.CLOSE, W.STOP, W.FRACTION, W.OUT, W.OFF, W.CUT, W.REST, W.RUNNER, W.GONE,
))  # fmt: skip
"""Before "filled" these tell of an exit's fill."""


def _after_contract(scene: Scene, sentence: Sentence, index: int) -> None:
    """`AMD 240c 11/27 entry 1.85`, `... filled at 1.85`."""
    before = index - 2 if scene.kind_at(index - 1) == P.CLOSING else index - 1
    contract = scene.contract_at(before) or _filled_contract(scene, sentence, index)
    if contract is None or not contract.is_full or sentence.asks or scene.kind_at(index - 1) in FILLS_OF_EXITS:
        return
    if guard_before(scene, sentence, index, ENTRY_GUARDS, LONG_WINDOW):
        return
    priced = find_price(scene, index, sentence.hi, contract, False)
    if priced is None or priced.first - max(index, contract.last) > 2:
        return
    if guard_after(scene, sentence, index, AFTER_GUARDS | EXITS):
        return
    draft = Draft(ActionKind.OPEN, index, "contract with its fill", contract, AlertSide.LONG)
    take_price(scene, draft, priced)
    draft.size_words = size_words(scene, sentence.lo, sentence.hi)
    scene.drafts.append(draft)


def _filled_contract(scene: Scene, sentence: Sentence, index: int) -> Contract | None:
    """`Filled on the AMZN 240c 12/4 at 1.62`, `got filled AMZN ...`: the contract after the word."""
    if scene.pieces[index].text not in ("filled", "fill") or not opens_clause(scene, sentence, index, _MADE):
        return None
    inside = scene.contracts_between(index, min(sentence.hi, index + 4))
    if not inside and index == sentence.lo and len(scene.contracts) == 1 and not is_headed_otherwise(scene):
        only = scene.contracts[0]
        return only if only.last < index and only.is_full and only.said_expiry else None
    return inside[0] if inside else None


_MADE = frozenset((P.OTHER, W.SIZE_WORD))


def read_label(scene: Scene, sentence: Sentence, index: int) -> None:
    """A labelled card: `Entry: 1.55` beside the message's only contract."""
    named = [contract for contract in scene.contracts if contract.symbol is not None]
    if is_headed_otherwise(scene) or _tells_end(scene, named) or tells_state(scene, index):
        return
    if len(named) != 1 or sentence.asks or not scene.kinds.isdisjoint(_NOT_CARD):
        return
    if guard_before(scene, scene.sentence_of(named[0].first), named[0].first, ENTRY_GUARDS, LONG_WINDOW):
        return
    guarded = guard_before(scene, sentence, index, ENTRY_GUARDS, LONG_WINDOW)
    if guarded or guard_after(scene, sentence, index, AFTER_GUARDS):
        return
    if not scene.kinds.isdisjoint(_ENDS) and any(
        piece.kind in _ENDS and scene.kind_at(at + 1) == P.COLON for at, piece in enumerate(scene.pieces)
    ):
        return
    contract = named[0]
    if contract.is_root and not contract.is_option:
        _future_label(scene, sentence, index, contract)
        return
    if not contract.is_full:
        _shares_label(scene, sentence, index, contract)
        return
    draft = Draft(ActionKind.OPEN, index, "labelled card", contract, AlertSide.LONG)
    trigger = labelled_trigger(scene)
    if trigger is not None:
        wait_for(scene, draft, trigger)
    take_price(scene, draft, find_price(scene, index, sentence.hi, contract, False))
    if draft.price is not None:
        entry_quantity(scene, draft, 0, len(scene.pieces))
        draft.size_words = size_words(scene, 0, len(scene.pieces))
        scene.drafts.append(draft)


def is_headed_otherwise(scene: Scene) -> bool:
    """`POSITION CLOSED`, `WATCHING` above a card: its fill is that of the exit, or none at all."""
    if len(scene.sentences) < 2:
        return False
    head = scene.sentences[0]
    row = scene.row[head.lo : head.hi]
    if W.ENTRY in row and P.NUMBER in row and any(one.is_full for one in scene.contracts_between(head.lo, head.hi)):
        return False  # the line is the card itself
    if not _HEADS_OF_ENDS.isdisjoint(row):
        return True
    if _PLANS.isdisjoint(row):
        return False
    return any(piece.kind in _PLANS and piece.text not in _IDEAS for piece in scene.pieces[head.lo : head.hi])


def tells_state(scene: Scene, index: int) -> bool:
    """`Avg: 2.10 | Mark: 3.10`, `Paid: 2.10` / `Now: 3.10`, `Holdings`: what is held and how it stands."""
    if not (_STATE.isdisjoint(scene.words) and _HELD.isdisjoint(scene.words)):
        for at, piece in enumerate(scene.pieces):
            if piece.text in _STATE and scene.kind_at(at + 1) in _BEHIND_STATE:
                return True
            if piece.text in _HELD and at < 4:
                return True
    average = scene.pieces[index].text in _AVERAGES
    return average and scene.kinds.isdisjoint(_OF_ENTRIES)


_BEHIND_STATE = frozenset((P.COLON, W.IS, P.NUMBER, P.PLUS, W.AT))
_STATE = frozenset((
    "now", "mark", "last", "gain", "gains", "result", "results", "pnl", "current", "currently", "unrealized", "profit",
    "profits", "loss", "return", "roi", "status", "high", "closed", "p", "l", "worth", "value",
))  # fmt: skip
_HELD = frozenset(("holdings", "holding", "positions", "portfolio", "pnl", "status", "results", "result"))
_AVERAGES = frozenset(("avg", "average", "avg price", "avg cost", "cost"))
_OF_ENTRIES = frozenset((W.OPEN, W.BUY, W.ENTER, W.ANNOUNCE, W.STOP, W.TARGET, P.COUNT))


def _tells_end(scene: Scene, named: list[Contract]) -> bool:
    """`Action: SELL`, `Sold: 4.10` on an option's card."""
    if scene.kinds.isdisjoint(_ENDS) or not any(contract.is_option for contract in named):
        return False
    return any(piece.kind in _ENDS and scene.kind_at(at - 1) in _CELL_HEADS for at, piece in enumerate(scene.pieces))


_CELL_HEADS = frozenset((P.COLON, P.NEWLINE, P.PIPE, P.SIGN, P.DASH, ""))
_HEADS_OF_ENDS = frozenset((
    W.CLOSE, W.EXIT, W.TRIM, W.STOPPED, W.CUT, W.OUT, W.SELL, W.GONE, W.CANCEL, W.HIT, W.DONE, W.ADD, W.FLAT, W.OFF,
    W.STOP, W.TARGET, W.MOVE, W.RECAP,
))  # fmt: skip
_PLANS = frozenset((W.WATCH, W.LOAD, W.QUESTION, W.FUTURE))
_IDEAS = ("idea", "ideas", "setup", "setups", "ready", "zone")
_ENDS = frozenset((W.EXIT, W.OUT, W.SELL, W.CLOSE))
"""A card with one of these as a label tells of an end."""


def _shares_label(scene: Scene, sentence: Sentence, index: int, contract: Contract) -> None:
    """`Underlying: SOFI` / `Type: EQUITY` / `Qty: 400` / `Fill: 27.35`: shares that the card counts."""
    said = any(piece.kind == W.SHARES or piece.text == "stock" for piece in scene.pieces)
    if contract.is_option or not said or not scene.kinds.isdisjoint(_NO_SHARES):
        return
    draft = Draft(ActionKind.OPEN, index, "labelled card", contract, AlertSide.LONG)
    take_price(scene, draft, find_price(scene, index, sentence.hi, contract, False))
    entry_quantity(scene, draft, 0, len(scene.pieces))
    if draft.price is not None and (draft.quantity is not None or _says_shares(scene)):
        contract.shares = True
        scene.drafts.append(draft)


def _says_shares(scene: Scene) -> bool:
    """`Type: Shares`: a cell that says nothing else."""
    return any(
        piece.kind == W.SHARES and scene.kind_at(at - 1) == P.COLON and scene.kind_at(at + 1) in (P.NEWLINE, P.PIPE, "")
        for at, piece in enumerate(scene.pieces)
    )


_NO_SHARES = frozenset((
    W.SHORT, W.SELL, W.RIGHT, P.STRIKE_RIGHT, P.DATE, P.SLASH, P.DTE, W.EXPIRY, P.OCC, W.CLOSE, W.EXIT,
))  # fmt: skip


def _future_label(scene: Scene, sentence: Sentence, index: int, contract: Contract) -> None:
    """`Symbol: MNQ` / `Side: Short` / `Entry: 25590`: one root, one direction on its own line, and the price."""
    sides = [at for at, piece in enumerate(scene.pieces) if piece.kind in (W.LONG, W.SHORT, W.BUY, W.SELL)]
    if len(sides) != 1:
        return
    side = scene.pieces[sides[0]]
    said = scene.sentence_of(sides[0])
    planned = W.WATCH in scene.row[said.lo : said.hi] or W.FUTURE in scene.kinds
    if planned or any(piece.kind == W.WHEN and piece.text != "today" for piece in scene.pieces):
        return
    draft = Draft(ActionKind.OPEN, index, "labelled card", contract)
    draft.side = AlertSide.LONG if side.kind in (W.LONG, W.BUY) else AlertSide.SHORT
    draft.note("side", side, "direction word")
    take_price(scene, draft, find_price(scene, index, sentence.hi, None, False))
    if draft.price is not None:
        entry_quantity(scene, draft, 0, len(scene.pieces))
        draft.size_words = size_words(scene, 0, len(scene.pieces))
        scene.drafts.append(draft)


_NOT_CARD = frozenset((W.LOAD, W.RECAP, W.UNREAL, W.FLOW, W.NEGATION, W.HYPOTHESIS, W.CANCEL))


_NOT_HEADED = _NOT_CARD - {W.FLOW} | _ENDS | {W.PAST_TIME, W.WATCH, W.HOLD, W.STATUS}
_NOT_IN_CARD = frozenset((
    P.GAIN, P.PERCENT, P.ARROW, P.ASK, W.FLOW, W.HIT, W.PROFIT, W.LOSS, W.PAST, W.STATUS, W.NOW, W.OBSERVED, P.OTHER,
))  # fmt: skip


def _entry_price(scene: Scene, sentence: Sentence, index: int) -> None:
    """`Entry at 2.45 on the same calls`: price and contract of the entry announced before."""
    draft = scene.drafts[-1]
    if draft.kind is not ActionKind.OPEN or draft.price is not None:
        return
    inside = scene.contracts_between(sentence.lo, sentence.hi)
    if draft.contract is None and inside:
        draft.contract = inside[0]
    priced = find_price(scene, index, sentence.hi, draft.contract, False)
    take_price(scene, draft, priced)
    if priced is not None:
        draft.doubts = [doubt for doubt in draft.doubts if doubt.code not in ("CONTRACT_MISSING", "PRICE_MISSING")]


def _is_planned(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`adding lower near 180 if it gets there`, `adding AMD to my watchlist`: nothing is bought yet."""
    if "watchlist" in scene.words:
        return True
    return scene.pieces[index].text == "adding" and bool(guard_after(scene, sentence, index, _CONDITIONS))


_CONDITIONS = frozenset((W.HYPOTHESIS,))


def _price_of_add(scene: Scene, sentence: Sentence, index: int, hi: int, contract: Contract | None) -> Priced | None:
    """Behind the word, past the "on" of `2nd tranche on, 3.55`, else at the head of the sentence. The small whole
    number of `added 2 new mods` is none."""
    on = scene.kind_at(index + 1) == W.ON and scene.kind_at(index + 2) in (P.COMMA, W.AT, P.NUMBER, P.DASH)
    priced = find_price(scene, index + 2 * on, hi, contract, False) or number_before(scene, sentence, index)
    if priced is None or contract is not None or priced.marked or not isinstance(priced.price, Decimal):
        return priced
    return priced if "." in scene.pieces[priced.first].text or priced.price >= 100 else None


def _is_priced_order(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`add .55`, `add 3988, sl unchanged`: the word, a price, and the clause is over."""
    lead = range(sentence.lo, index)
    head = all(scene.kind_at(at) in (P.MENTION, P.SIGN, W.SELF) or scene.pieces[at].text in _GOT for at in lead)
    price = scene.pieces[index + 1] if index + 1 < sentence.hi else None
    if not head or price is None or price.kind != P.NUMBER or not isinstance(price.value, Decimal):
        return False
    after = scene.kind_at(index + 2) if index + 2 < sentence.hi else ""
    ends = after in ("", P.COMMA, P.MENTION, P.SIGN, W.HERE, W.STOP) or scene.pieces[index + 2].text == "same"
    return ends and ("." in price.text or price.value >= MIN_INDEX)


_GOT = ("got", "the", "just")
_BEHIND_TRANCHE = frozenset((W.ON, W.IN, W.AT, W.HERE, W.FILLED, P.NUMBER, P.COMMA, P.TICKER, P.ROOT, "", P.NEWLINE))


def _is_lone_average(scene: Scene, sentence: Sentence, index: int) -> bool:
    """Not `Averaged AMD 150c at .95`: without the contract and a marked price behind it the word tells nothing new."""
    contract = scene.contract_at(index + 1)
    if scene.kind_at(index) != W.AVERAGED:
        return False
    if contract is None or not contract.is_full or index != sentence.lo:
        return True
    return scene.row[contract.last + 1 : contract.last + 3] != [W.AT, P.NUMBER]


def read_add(scene: Scene, sentence: Sentence, index: int) -> None:
    """`added to MSFT`, `averaged down here 1.5`, `2nd entry ES 6318`."""
    piece = scene.pieces[index]
    if _is_lone_average(scene, sentence, index) or any(d.kind is ActionKind.ADD for d in scene.drafts):
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
    if scene.kind_at(index + 1) == W.WATCH or piece.text == "adds" or _is_planned(scene, sentence, index):
        return
    if piece.text.endswith("tranche") and scene.kind_at(index + 1) not in _BEHIND_TRANCHE:
        return
    contract = object_of(scene, sentence, index)
    far = contract is None or contract.first - index > 3
    if piece.text == "add" and far and not _is_priced_order(scene, sentence, index):
        return
    draft = Draft(ActionKind.ADD, index, "added", contract, AlertSide.LONG)
    entry_quantity(scene, draft, index, min(sentence.hi, index + 4))
    hi = sentence.hi
    if contract is not None and contract.first >= hi:
        hi = scene.sentence_of(contract.last).hi
        entry_quantity(scene, draft, contract.first, hi)
    priced = _price_of_add(scene, sentence, index, hi, contract)
    is_phrase = " " in piece.text
    averaged = W.AVERAGE in scene.row[index : sentence.hi] or "cost basis" in scene.words
    more = next((at for at in range(index + 1, min(index + 4, sentence.hi)) if scene.row[at] == W.MORE), -1)
    averaged = averaged or (more > 0 and (scene.row[more + 1] != P.OTHER or is_harmless(scene.pieces[more + 1].text)))
    own = is_phrase or averaged or scene.kind_at(index - 1) == W.SELF
    if contract is None and priced is None and not own:
        return
    if contract is None and priced is None and scene.kind_at(index + 1) in (P.OTHER, W.ON) and not averaged:
        return
    if contract is not None and contract.is_option and piece.text in ("add", "adding") and not contract.is_full:
        return
    if priced is not None and not (
        contract is None and isinstance(priced.price, Decimal) and 100 < priced.price < 2000
    ):
        take_price(scene, draft, priced)
    draft.size_words = size_words(scene, sentence.lo, sentence.hi)
    scene.drafts.append(draft)
