"""Trimming, closing, exiting and selling: whether the verb is an order about a position, and how much of it."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.clarity import is_harmless
from tradestream_gui.alerts.grammar.exit_parts import (
    DETERMINERS,
    acts_on_other,
    all_but,
    has_object,
    is_closing_print,
    is_idle_slang,
    is_last_part,
    is_reported,
    is_side_ended,
    leaves,
    leaves_count,
    leaves_the_room,
    object_index,
    takes_part,
)
from tradestream_gui.alerts.grammar.guards import REACH_AFTER, opens_clause
from tradestream_gui.alerts.grammar.quantities import fraction_at
from tradestream_gui.alerts.grammar.scene import Scene, Sentence
from tradestream_gui.alerts.grammar.verb_entries import takes_a_contract
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind


def read_trim(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    piece = scene.pieces[index]
    if is_idle_slang(scene, sentence, index):
        return None
    if takes_a_contract(scene, sentence, index):
        return None
    if is_part_of_named(scene, sentence, index) and not is_reported(scene, sentence, index):
        return ActionKind.TRIM
    follower = scene.kind_at(index + 1)
    if " " in piece.text and acts_on_other(scene, sentence, index):
        return None
    if piece.text in ("locked in", "locking in") and not _is_counted(scene, sentence, index):
        return None
    if follower == W.OR and scene.kind_at(index + 2) == W.HOLD:
        return None
    allowed = piece.text in (
        "trim",
        "scale out",
        "take some",
        "take profits",
        "take partials",
        "sell some",
        "lock some",
    )
    if allowed and W.PERMISSION in scene.row[index + 1 : min(index + 4, sentence.hi)] and not scene.contracts:
        return None
    if scene.kind_at(index - 1) == W.OBSERVED or (
        follower == W.PERMISSION and scene.kind_at(index + 2) not in (W.POSITION, W.RUNNER, P.TICKER)
    ):
        return None
    talk = follower == P.OTHER and not scene.contracts and not is_harmless(scene.pieces[index + 1].text)
    if talk and piece.text in ("trim", "reduce", "reducing", "reduced"):
        return None
    if follower in (W.TARGET, W.LEVEL, W.IS, W.LABEL, W.SIZE, W.RISK):
        return None
    if piece.text == "trims" and scene.kind_at(index - 1) != W.TAKE:
        return None
    if piece.text == "trim" and index > sentence.lo and scene.pieces[index - 1].text in ("the", "a"):
        return None
    if piece.text in ("partial", "partials") and follower == P.OTHER:
        return None
    if piece.text in ("scale", "trim") and _is_filled_step(scene, index):
        return ActionKind.TRIM
    scales = piece.text in _NEED_COUNT and not _is_counted(scene, sentence, index)
    if scales or not opens_clause(scene, sentence, index, SOFT):
        return None
    if is_reported(scene, sentence, index):
        return None
    return ActionKind.TRIM


_NEED_COUNT = ("scale", "scaling", "scaled", "secure", "secured", "securing", "lock", "locked", "locking")


def _is_counted(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`scaled half`, `scaled 1 at 7455`, `locking in 3 of 5`: how much goes is said."""
    if takes_part(scene, sentence, index):
        return True
    contract = scene.contract_at(index + 1)
    if contract is not None and contract.is_full and contract.said_expiry and index - sentence.lo <= 1:
        return scene.kind_at(contract.last + 1) == W.AT and scene.kind_at(contract.last + 2) == P.NUMBER
    if scene.kind_at(index + 1) in (P.SIGN, P.COLON) and index == sentence.lo:
        contract = scene.contract_at(index + 2)
        return contract is not None and P.NUMBER in scene.row[contract.last + 1 : contract.last + 3]
    if scene.pieces[index].text == "scale" or index + 1 >= sentence.hi:
        return False
    counted = scene.kind_at(index + 1) == P.COUNT or scene.pieces[index + 1].text.isdigit()
    return counted and scene.kind_at(index + 2) in (W.AT, P.NUMBER, W.HERE, W.OFF, W.OUT, W.OF)


def _is_filled_step(scene: Scene, index: int) -> bool:
    """`scale 1 filled 5.20`: a numbered step of the way out that was done."""
    numbered = scene.kind_at(index + 1) == P.NUMBER and len(scene.pieces[index + 1].text) == 1
    return numbered and scene.kind_at(index + 2) in (W.FILLED, W.HIT, W.DONE)


SOFT = frozenset((
    W.SIZE_WORD, P.OTHER, W.OR, W.AND, W.STOP, W.BREAK_EVEN, W.HIT, W.TARGET, W.CLOSE, W.PAST, W.REST, W.ON, W.AT,
    W.TO, W.DONE,
))  # fmt: skip


_BEFORE_CLOSED = frozenset((W.REST, W.SIZE_WORD, W.POSITION, W.RUNNER, W.OR, W.DONE, P.OTHER, W.TARGET, W.HIT))


def read_close(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`closed META`, `closing leaving runners`; not "a close below", "into the close", "close to"."""
    piece = scene.pieces[index]
    before, after = scene.kind_at(index - 1), scene.kind_at(index + 1)
    if piece.text == "closes" or after in (W.BELOW, W.ABOVE, W.TO, W.ON) or before in (P.MEASURE, W.TO, W.CANDLE):
        return None
    if is_closing_print(scene, sentence, index) or (piece.text == "close" and before in (P.OTHER, W.ON, W.WHEN)):
        return None
    if acts_on_other(scene, sentence, index) or (piece.text == "closed" and after in (W.PROFIT, W.LOSS)):
        return None
    if before == P.OPENING and after in (P.DATE, P.SLASH):
        return None
    if piece.text == "closed" and _tells_the_markets_close(scene, sentence, index):
        return None
    if after == W.WHEN or any(scene.pieces[at].text == "opened" for at in range(sentence.lo, index)):
        return None
    if after == W.AT and not scene.contracts and scene.kind_at(index + 2) == P.OTHER:
        word = scene.pieces[index + 2].text
        if word not in DETERMINERS and not is_harmless(word):
            return None
    if leaves(scene, index, sentence.hi) or leaves_count(scene, index, sentence.hi):
        return ActionKind.TRIM
    if piece.text in ("closed", "close") and is_part_of_named(scene, sentence, index):
        return ActionKind.TRIM
    if piece.text == "closed" and is_side_ended(scene, sentence, index):
        return ActionKind.CLOSE
    if not opens_clause(scene, sentence, index, _BEFORE_CLOSED):
        return None
    if piece.text in ("close", "closing") and not has_object(scene, sentence, index):
        return None
    if takes_part(scene, sentence, index):
        return ActionKind.TRIM
    return ActionKind.CLOSE


def _tells_the_markets_close(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`we closed right at 7858`: a market, as no position is named and the level is an index's."""
    if scene.pieces[index - 1].text not in ("we", "market", "markets"):
        return False
    at = next((at for at in range(index + 1, min(index + 4, sentence.hi)) if scene.row[at] == P.NUMBER), -1)
    value = scene.pieces[at].value if at >= 0 else None
    return isinstance(value, Decimal) and value >= 100 and all(scene.contract_at(k) is None for k in range(index, at))


def read_exit(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    piece = scene.pieces[index]
    if is_idle_slang(scene, sentence, index):
        return None
    if piece.text in ("exit", "exits") and (
        not opens_clause(scene, sentence, index)
        or scene.kind_at(index + 1) in (W.IS, W.PAST, W.TARGET, W.LEVEL, W.BELOW, W.ABOVE)
        or (scene.kind_at(index + 1) == P.COLON and scene.contract_at(index + 2) is None)
    ):
        return None
    if piece.text == "btc" or (scene.kind_at(index + 1) == W.ON and scene.contract_at(index + 2) is None):
        return None
    if piece.text in ("close out", "close all") and scene.kind_at(index - 1) == W.TO:
        return None
    if scene.row[index + 1 : index + 3] == [W.OF, W.HERE] and leaves_the_room(scene, index):
        return None
    if piece.text == "exits" and scene.kind_at(index + 1) == W.AT:
        return None
    if piece.text == "sold out of" and scene.kind_at(index + 1) == P.OTHER and not scene.contracts:
        return None
    held = scene.kind_at(object_index(scene, sentence, index)) in (W.RUNNER, W.REST, W.ALL, W.HERE, W.POSITION)
    astray = scene.kind_at(index + 1) == P.OTHER and not scene.contracts and not held
    if piece.text in ("exit", "exits", "exiting") and astray:
        return None
    if scene.kind_at(index - 1) == W.AND and scene.kind_at(index - 2) in (P.MEASURE, P.GAIN, P.COUNT):
        return None
    if "all" in piece.text and scene.kind_at(index + 1) == W.BUT:
        return ActionKind.TRIM
    if " " in piece.text and leaves(scene, index, sentence.hi):
        return ActionKind.TRIM if "leave" in scene.pieces[index].text else ActionKind.CLOSE
    if takes_part(scene, sentence, index) or leaves_count(scene, index, sentence.hi):
        return ActionKind.TRIM
    if is_reported(scene, sentence, index) or acts_on_other(scene, sentence, index):
        return None
    return ActionKind.CLOSE


def is_part_of_named(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`three of four AMD sold at 4.15`, `half of position closed`, `half my AMD comes off`: the part stands first."""
    last = index - 1
    while last > sentence.lo and (scene.kind_at(last) == W.IS or scene.pieces[last].text in _COMES):
        last -= 1
    named = scene.contract_at(last)
    first = named.first if named is not None else last if scene.kind_at(last) == W.POSITION else -1
    if first <= sentence.lo:
        return False
    at = first - 1
    while at >= sentence.lo and (scene.pieces[at].text in DETERMINERS or scene.row[at] in (W.SELF, W.OF)):
        at -= 1
    if scene.kind_at(index + 1) not in _BEHIND_PART:
        return False
    part = at >= sentence.lo and (scene.kind_at(at) in (W.PART, P.PERCENT) or fraction_at(scene, at) is not None)
    return part and (opens_clause(scene, sentence, at) or scene.pieces[at - 1].text in ("so", "then"))


_COMES = ("comes", "coming", "came", "goes", "got", "now", "just")
_BEHIND_PART = frozenset((
    "", P.NUMBER, W.AT, W.FOR, W.HERE, P.COMMA, P.MENTION, P.SIGN, P.END, P.NEWLINE, P.PIPE, P.DASH, P.OPENING, W.AND,
))  # fmt: skip


_BEFORE_SOLD = frozenset((W.RUNNER, W.POSITION, W.TRIM, W.CONTRACTS, W.SIZE_WORD))


def _heads_card(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`SELL ALERT` above the labelled lines of one whole option: it ends there."""
    if sentence is not scene.sentences[0] or scene.kind_at(sentence.hi) != P.NEWLINE or len(scene.contracts) != 1:
        return False
    alone = all(
        scene.row[at] in _IN_HEADING or scene.pieces[at].text in ("alert", "signal", "alerts")
        for at in range(sentence.lo, sentence.hi)
        if at != index
    )
    contract = scene.contracts[0]
    return alone and contract.first >= sentence.hi and contract.is_full and scene.kinds.isdisjoint((W.STOP, W.TARGET))


_IN_HEADING = frozenset((P.SIGN, P.MENTION, P.PIPE, P.DASH, P.STAR, W.ANNOUNCE))


def read_sell(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`SOLD DIS 12/11 118 CALLS @ 2.05`, `sold the runners`, `selling this one`, `sold 1/2 AAPL`."""
    if W.BUY in scene.row[max(sentence.lo, index - REACH_AFTER) : index]:
        return None
    if scene.kinds & {W.SPREAD, W.SELL_TO_OPEN} and not scene.kinds & {W.RUNNER}:
        return None
    piece = scene.pieces[index]
    if piece.text == "sell" and scene.kind_at(index + 1) == W.AT and not scene.contracts:
        return None
    if _heads_card(scene, sentence, index):
        return ActionKind.CLOSE
    falls = scene.kind_at(index + 1) == W.OFF and scene.contract_at(index - 1) is not None
    if falls and scene.kind_at(index + 2) not in (W.AT, P.NUMBER, P.COUNT, W.FRACTION, P.PERCENT):
        return None
    own = scene.kind_at(index - 1) == W.SELF
    if piece.text == "sold" and is_part_of_named(scene, sentence, index):
        return ActionKind.TRIM
    begins = opens_clause(scene, sentence, index, _BEFORE_SOLD)
    if not (begins or own):
        return None
    stays = leaves_count(scene, index, sentence.hi)
    if stays or takes_part(scene, sentence, index) or all_but(scene, sentence, index):
        return ActionKind.TRIM
    follower = scene.kind_at(index + 1)
    counted = scene.pieces[index + 1].text.isdigit() if follower == P.NUMBER else follower == P.COUNT
    if counted and scene.kind_at(index + 2) == P.ROOT:
        return ActionKind.TRIM
    if counted and (scene.kind_at(index + 2) in (W.AT, W.OF, W.HERE, W.MORE) or index + 2 >= sentence.hi):
        return ActionKind.TRIM
    if counted and scene.kind_at(index + 2) == P.COMMA and scene.kind_at(index + 3) in (W.HOLD, W.LEAVE):
        return ActionKind.TRIM
    if follower == W.MORE and scene.kind_at(index + 2) == P.PERCENT and scene.kind_at(index + 3) in (W.OFF, W.HERE):
        return ActionKind.TRIM
    if follower == P.PERCENT and scene.kind_at(index + 2) in (W.OF, W.OFF, W.HERE):
        return ActionKind.TRIM
    contract = scene.contract_at(index + 1) or next(iter(scene.contracts_between(sentence.lo, sentence.hi)), None)
    if contract is not None and (contract.is_option or (contract.symbol and not contract.is_root)):
        return ActionKind.CLOSE if contract.is_full or own or piece.text in ("sold", "sld", "selling") else None
    last = index + 1 < sentence.hi and scene.pieces[index + 1].text == "last" and begins
    last = last or any(is_last_part(scene, at) for at in range(index + 2, min(index + 4, sentence.hi)))
    if last or follower in (W.RUNNER, W.REST, W.ALL, W.HERE) or (follower == W.AT and (own or begins)):
        return ActionKind.CLOSE
    if piece.text == "sold" and begins and scene.kind_at(index - 1) in (W.RUNNER, W.POSITION):
        return ActionKind.CLOSE
    return None
