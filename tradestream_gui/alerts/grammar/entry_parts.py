"""What every entry rule shares: the object of a verb, market words, triggers, retractions, prices."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.contract import Contract
from tradestream_gui.alerts.grammar.decimal_commas import last_of_level, single_level
from tradestream_gui.alerts.grammar.guards import AFTER_GUARDS, guard_after
from tradestream_gui.alerts.grammar.prices import Priced
from tradestream_gui.alerts.grammar.scene import Draft, LevelWords, Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind

LONG_WINDOW = 40


def take_price(scene: Scene, draft: Draft, priced: Priced | None) -> None:
    if priced is None:
        return
    draft.price = priced.price
    rule = "price after its mark" if priced.marked else "number beside the contract"
    if priced.first == priced.last:
        scene.used.add(priced.first)
    else:
        scene.used.update(range(priced.first, priced.last + 1))
    first, last = scene.pieces[priced.first], scene.pieces[priced.last]
    draft.evidence.append(("price", first.start, last.end, rule))
    if P.ARROW not in scene.kinds:
        return
    arrows = (scene.kind_at(priced.first - 1), scene.kind_at(priced.last + 1))
    numbers = (scene.kind_at(priced.first - 2), scene.kind_at(priced.last + 2))
    if (P.ARROW, P.NUMBER) in zip(arrows, numbers, strict=True):
        draft.doubt("PRICE_UNCLEAR", "an arrow from one price to another: it may tell how it went")


def is_market(scene: Scene, lo: int, hi: int) -> bool:
    for index in range(lo, hi):
        piece = scene.pieces[index]
        if piece.kind == W.MARKET or piece.kind == W.NOW or (piece.kind == W.HERE and piece.text == "here"):
            return True
        if piece.text in ("market", "at market"):
            return True
        if piece.kind == P.LETTER and piece.text == "m":
            return True
    return False


def trigger_at(scene: Scene, index: int, hi: int, *, is_done: bool = False) -> int | None:
    """`long above 6812`, `on the break of 305.2`: the index of the level that the entry waits for. What is done
    (`longed MES on the dip 6651.5`) waits for nothing."""
    if is_done or scene.kinds.isdisjoint(_WAITING):
        return None
    waits = False
    for at in range(index + 1, min(index + 7, hi)):
        piece = scene.pieces[at]
        if piece.kind in _WAITING:
            waits = True
        elif piece.kind == P.NUMBER and at not in scene.used:
            return at if waits else None
        elif piece.kind in (W.STOP, W.TARGET):
            return None
    return None


_WAITING = frozenset((W.ABOVE, W.BELOW, W.BREAK, W.HYPOTHESIS, W.RESTING))


def labelled_trigger(scene: Scene) -> int | None:
    """`Trigger: PYPL over 72.80` on a card: the index of its level."""
    if W.HYPOTHESIS not in scene.kinds or P.COLON not in scene.kinds:
        return None
    for at, piece in enumerate(scene.pieces):
        if piece.kind == W.HYPOTHESIS and piece.text.startswith("trigger") and scene.kind_at(at + 1) == P.COLON:
            ahead = range(at + 2, min(at + 7, len(scene.pieces)))
            return next((k for k in ahead if scene.kind_at(k) == P.NUMBER and k not in scene.used), None)
    return None


def wait_for(scene: Scene, draft: Draft, index: int) -> None:
    piece = scene.pieces[index]
    assert isinstance(piece.value, Decimal)
    end = len(scene.pieces)
    value = single_level(scene, index, end) or piece.value
    draft.kind = ActionKind.OPEN_IF
    draft.trigger_words = LevelWords("number", value, index, piece.dollar, rule="level that the entry waits for")
    draft.note("trigger", piece, "level that the entry waits for")
    scene.used.update(range(index, last_of_level(scene, index, end) + 1))


def is_taken_back(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`paper account only`, `do not take this`, `cancel that`: in this sentence or as the one after it."""
    if guard_after(scene, sentence, index, AFTER_GUARDS):
        return True
    return W.FROM in scene.row[index + 1 : min(index + 4, sentence.hi)]


_NOT_BETWEEN = frozenset((W.STOP, W.EXIT, W.TRIM, W.CLOSE, W.STOPPED, P.GAIN, W.REST, W.OFF))


def object_of(scene: Scene, sentence: Sentence, index: int) -> Contract | None:
    """The contract after the verb, within ten pieces; else the one right before it."""
    for contract in scene.contracts:
        if contract.last >= index and contract.first - index <= 10 and contract.first < sentence.hi:
            walled = not _NOT_BETWEEN.isdisjoint(scene.row[index + 1 : max(index + 1, contract.first)])
            return None if walled else contract
    for contract in reversed(scene.contracts_between(sentence.lo, index)):
        if index - contract.last <= 6:
            return contract
    full = [contract for contract in scene.contracts if contract.is_full]
    if scene.pieces[index].kind == W.BUY and sentence.hi - sentence.lo <= 2 and len(full) == 1:
        return full[0]
    if scene.pieces[index].kind == W.BUY or scene.kind_at(sentence.hi) == P.NEWLINE:
        for contract in scene.contracts:
            if contract.is_full and sentence.hi <= contract.first <= sentence.hi + 4 and index - sentence.lo <= 2:
                return contract
    return None
