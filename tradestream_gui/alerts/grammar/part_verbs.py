"""A part off, some left, a target filled, the last one taken off, done: words about how much of a position goes."""

from tradestream_gui.alerts.grammar.clarity import is_harmless
from tradestream_gui.alerts.grammar.exit_parts import DETERMINERS
from tradestream_gui.alerts.grammar.exit_verbs import SOFT, is_part_of_named
from tradestream_gui.alerts.grammar.guards import opens_clause
from tradestream_gui.alerts.grammar.quantities import NUMBER_WORDS, fraction_at
from tradestream_gui.alerts.grammar.scene import Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind


def read_fraction_off(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`1/4 off SPX 2.2`, `half off here`."""
    part = fraction_at(scene, index - 1) if index > sentence.lo else None
    if is_part_of_named(scene, sentence, index):
        return ActionKind.TRIM
    told = _taken_off(scene, sentence, index) or _off_at_price(scene, sentence, index)
    if told is not None:
        return told
    if scene.kind_at(index - 2) == W.OF and fraction_at(scene, index - 3) is not None:
        return ActionKind.TRIM
    counted = scene.pieces[index - 1] if index > sentence.lo else None
    if counted is not None and counted.kind == P.NUMBER and counted.text.isdigit() and len(counted.text) <= 2:
        if scene.kind_at(index - 2) == P.COLON and scene.contract_at(index - 3) is not None:
            return ActionKind.TRIM
        after_target = scene.kind_at(index - 2) == P.COMMA and W.TARGET in scene.kinds and W.HIT in scene.kinds
        return ActionKind.TRIM if after_target or scene.kind_at(index - 2) in (W.TAKE, W.SELL, W.TRIM) else None
    named = scene.contract_at(index - 1)
    if named is not None and scene.kind_at(named.first - 1) == W.REST:
        return ActionKind.CLOSE
    of = named.first - 1 if named is not None else -1
    if scene.pieces[of].text in DETERMINERS:
        of -= 1
    if named is not None and scene.kind_at(of) == W.OF:
        part_of = scene.kind_at(of - 1) in (W.PART, W.FRACTION, P.SLASH)
        return ActionKind.TRIM if part_of else None
    if named is not None and fraction_at(scene, named.first - 1) is not None and named.first - 1 == sentence.lo:
        return ActionKind.TRIM
    rides = scene.kinds & {W.RUNNER, W.LEAVE, W.HOLD, W.STOP}
    if scene.kind_at(index - 1) == P.PERCENT and index - 1 == sentence.lo and rides:
        return ActionKind.TRIM
    begins = index == sentence.lo or scene.kind_at(index - 1) == P.COMMA
    begins = begins or (named is not None and named.first == sentence.lo)
    if begins and fraction_at(scene, index + 1) is not None:
        return ActionKind.TRIM
    head = index == sentence.lo and scene.pieces[index + 1 : index + 2] and scene.pieces[index + 1].text.isdigit()
    if head and len(scene.pieces[index + 1].text) <= 2 and scene.row[index + 2 : index + 4] == [W.AT, P.NUMBER]:
        return ActionKind.TRIM
    if index == sentence.lo and scene.kind_at(index + 1) == P.NUMBER and scene.kind_at(index + 2) == W.LEAVE:
        return ActionKind.TRIM if scene.kind_at(index + 3) in (P.NUMBER, P.COUNT) else None
    if scene.kind_at(index - 1) == P.PERCENT and scene.kind_at(index - 2) in (W.TAKE, W.SELL, W.TRIM):
        return ActionKind.TRIM
    if part is None and scene.kind_at(index - 1) not in (W.PART,):
        return None
    return (
        ActionKind.TRIM
        if opens_clause(scene, sentence, index, SOFT | {P.SLASH, W.FRACTION, W.PART, W.TAKE, W.MORE, W.MOST})
        else None
    )


def _taken_off(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`taking most off`, `1 con off @ 6993.25`, `one more off`, `took the runners off`: what the taking tells."""
    if _takes_part_off(scene, sentence, index) or _counts_off(scene, sentence, index):
        return ActionKind.TRIM
    more = scene.kind_at(index - 1) == W.MORE and index - 2 == sentence.lo
    if more and (scene.pieces[index - 2].text in NUMBER_WORDS or scene.pieces[index - 2].text.isdigit()):
        return ActionKind.TRIM
    if scene.kind_at(index - 1) in (W.RUNNER, W.REST, W.POSITION) and (
        scene.kind_at(sentence.lo) in (W.TAKE, W.SELF) or W.TAKE in scene.row[max(0, index - 4) : index]
    ):
        return ActionKind.CLOSE
    if _takes_last_off(scene, sentence, index):
        return ActionKind.CLOSE
    return None


def _off_at_price(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`9.00 | 1 off`, `11.20 | last off`, `MCL off at 62.60 both`: beside its price the word ends what it names."""
    named = scene.contract_at(index - 1)
    if named is not None and named.first == sentence.lo:
        return ActionKind.CLOSE if scene.row[index + 1 : index + 4] == [W.AT, P.NUMBER, W.ALL] else None
    if index - 3 != sentence.lo or scene.row[sentence.lo : index - 1] != [P.NUMBER, P.PIPE]:
        return None
    what = scene.pieces[index - 1].text
    if what in _LAST:
        return ActionKind.CLOSE
    return ActionKind.TRIM if what.isdigit() and len(what) <= 2 else None


def _takes_part_off(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`taking most off`, `taking 30% of the position off`."""
    for at in range(max(sentence.lo, index - 6), index):
        part = scene.kind_at(at + 1) == P.PERCENT or fraction_at(scene, at + 1) is not None
        if scene.kind_at(at) == W.TAKE and part:
            return at + 2 == index or scene.kind_at(at + 2) == W.OF
    return False


def _takes_last_off(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`took my last contract off here`: the last of it, told between the verb and its "off"."""
    taken = next((at for at in range(index - 1, max(sentence.lo, index - 6) - 1, -1) if scene.row[at] == W.TAKE), -1)
    if taken < 0 or not opens_clause(scene, sentence, taken):
        return False
    between = range(taken + 1, index)
    named = scene.contract_at(taken + 1)
    ends = scene.kind_at(index + 1) in ("", W.AT, P.NUMBER, W.HERE, P.COMMA, P.END, P.NEWLINE, P.MENTION)
    if named is not None and named.last == index - 1 and ends:
        return True
    last = any(scene.pieces[at].text in _LAST or scene.row[at] == W.REST for at in between)
    return last and all(
        scene.row[at] in _OF_LAST
        or scene.pieces[at].text in DETERMINERS
        or is_harmless(scene.pieces[at].text)
        or scene.contract_at(at) is not None
        for at in between
    )


_LAST = ("last", "final", "remaining")
_OF_LAST = frozenset((W.SELF, W.REST, W.CONTRACTS, W.OF, W.RUNNER, W.ALL, W.PART, P.NUMBER, P.COUNT))


def _counts_off(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`1 con off @ 6993.25`, `1 off 3997, 2 left`."""
    at = index - 1
    if at < sentence.lo or not opens_clause(scene, sentence, at):
        return False
    priced = scene.kind_at(index + 2 if scene.kind_at(index + 1) == W.AT else index + 1) in (P.NUMBER, W.HERE)
    counted = scene.kind_at(at) == P.NUMBER and scene.pieces[at].text.isdigit() and len(scene.pieces[at].text) <= 2
    return priced and (scene.kind_at(at) == P.COUNT or (counted and at == sentence.lo))


def read_filled_target(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`TP1 FILLED 1 MESZ5 @ 6775.25`: a machine's target was filled in part of a named position."""
    at = index - 1
    if scene.kind_at(at) == P.NUMBER and len(scene.pieces[at].text) == 1:
        at -= 1
    if at < sentence.lo or scene.kind_at(at) != W.TARGET or not opens_clause(scene, sentence, at):
        return None
    if at < index - 1 and scene.kind_at(index + 1) in (P.COMMA, "", P.NEWLINE, P.END, P.MENTION, P.SIGN):
        return ActionKind.TRIM
    counted = scene.kind_at(index + 1) in (P.NUMBER, P.COUNT)
    named = scene.contract_at(index + 2 if counted else index + 1)
    return ActionKind.TRIM if named is not None else None


def read_taken_part(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`take half here`, `taking off half`: a part taken, with nothing bought."""
    at = index + 2 if scene.kind_at(index + 1) == W.OFF else index + 1
    count = scene.pieces[at] if at < sentence.hi else None
    paid = not {W.HIT, W.DONE}.isdisjoint(scene.row[:index]) or any(
        scene.pieces[k].text in ("left", "remaining") for k in range(at + 1, min(at + 5, len(scene.pieces)))
    )
    few = count is not None and count.kind == P.NUMBER and count.text.isdigit() and len(count.text) <= 2
    if few and paid and opens_clause(scene, sentence, index) and scene.kind_at(at + 1) in _BEHIND_PART | {""}:
        return ActionKind.TRIM
    if fraction_at(scene, at) is None or not opens_clause(scene, sentence, index):
        return None
    if scene.kind_at(at) == P.NUMBER and W.OFF in scene.row[at : min(at + 6, sentence.hi)]:
        return ActionKind.TRIM
    return ActionKind.TRIM if at + 1 >= sentence.hi or scene.kind_at(at + 1) in _BEHIND_PART else None


_BEHIND_PART = frozenset((W.HERE, W.AT, P.NUMBER, W.AND, P.MENTION, P.COMMA, P.SIGN))


def read_done(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`NVDA done 3.85`, `ES done, +9`: the name at the head, the word, and the price or the result."""
    named = scene.contract_at(index - 1) if index > sentence.lo else None
    lead = range(sentence.lo, named.first) if named is not None else ()
    if named is None or scene.pieces[index].text != "done":
        return None
    if any(scene.kind_at(at) not in (P.MENTION, P.SIGN) for at in lead):
        return None
    at = index + 2 if scene.kind_at(index + 1) in (W.AT, P.COMMA, P.DASH) else index + 1
    priced = scene.kind_at(at) == P.NUMBER and not scene.kinds & {W.TARGET}
    result = scene.kind_at(at) in (P.GAIN, P.PERCENT, P.PLUS, W.ALL)
    return ActionKind.CLOSE if priced or result else None


def read_left_in(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`leaving 1 runner`: what stays tells that the rest went."""
    piece = scene.pieces[index]
    alone = any(each.text == "alone" for each in scene.pieces[index + 1 : index + 4])
    named = scene.contract_at(index + 1)
    alone = alone or (named is not None and scene.kind_at(named.last + 1) in (W.ON, W.OPEN, W.STATUS))
    counted = scene.kind_at(index + 1) in (P.NUMBER, P.COUNT) and scene.kind_at(index + 2) == W.RUNNER
    if piece.text == "left" and counted and opens_clause(scene, sentence, index):
        return ActionKind.TRIM
    alone = alone or (scene.kind_at(index + 1) == W.HERE and index + 2 >= sentence.hi)
    if piece.text in ("leaving", "leavin") and opens_clause(scene, sentence, index, frozenset((P.OTHER,))):
        return ActionKind.TRIM if not alone else None
    paid = not {W.HIT, W.DONE}.isdisjoint(scene.row[sentence.lo : index]) and W.TARGET in scene.kinds
    keeps = piece.text in ("keeping", "keep") and scene.kind_at(index + 1) in (P.NUMBER, P.COUNT)
    reached = W.TARGET in scene.kinds and not {W.HIT, W.DONE, W.FILLED}.isdisjoint(scene.row[:index])
    if keeps and reached and opens_clause(scene, sentence, index):
        return ActionKind.TRIM
    if piece.text == "left" and paid and index > sentence.lo and scene.pieces[index - 1].text.isdigit():
        return ActionKind.TRIM
    return None
