"""Targets in a sentence: the word with the list of levels after it, or the one level before it."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.levels import CONNECTORS, NO_JOINTS, REACH, Found, distance_form, new_of_old
from tradestream_gui.alerts.grammar.scene import LevelWords, Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W, words_of
from tradestream_gui.alerts.words.piece_kinds import P

_new = tuple.__new__
"""Makes a level without the keyword handling of its class."""
_TARGET_CONNECTORS = CONNECTORS | {P.PLUS}
_LIST_JOINTS = frozenset((P.PIPE, P.COMMA, P.BAR, W.AND, W.THEN, P.DASH, P.ARROW, W.OR, P.PLUS, P.SIGN))


def find_targets(scene: Scene, sentence: Sentence) -> list[Found]:
    """Every target word of the sentence with the list of levels after it, or the one level before it."""
    out: list[Found] = []
    row, done = scene.row, -1
    for index in [at for at in range(sentence.lo, sentence.hi) if row[at] == W.TARGET]:
        if index > done and index not in scene.used:
            found = _target_at(scene, sentence, index)
            out.append(found)
            done = found.last
    return out


def _target_at(scene: Scene, sentence: Sentence, index: int) -> Found:
    levels: list[LevelWords] = []
    underlying = False
    others = 0
    row, hi = scene.row, sentence.hi
    at, last = index + 1, index
    while at < hi and at <= last + REACH:
        if row[at] == P.NUMBER:
            at = new_of_old(scene, at, hi, NO_JOINTS)
        kind = row[at]
        if kind in _LEVELS and _take_level(scene, sentence, at, underlying, levels):
            last = at
        elif (levels and _joins(row, at)) or (kind == W.TARGET and not (levels and at - last > 2)):
            pass
        elif levels:
            break
        elif kind in (P.ROOT, P.TICKER):
            underlying = underlying or scene.kind_at(at - 1) == P.BAR
        elif kind == P.OTHER:
            others += 1
            if others > 1 or scene.pieces[at].text in _NO_TARGETS:
                break
        elif kind in _TARGET_CONNECTORS or (kind == P.NUMBER and _is_ordinal_of_target(scene, at, sentence.hi)):
            pass
        else:
            break
        at += 1
    found = Found(index, tuple(levels[:6]), index, last, "target word")
    if levels and scene.pieces[last + 1 : last + 2] and scene.pieces[last + 1].text in _COUNTED:
        levels = []
        found.levels = ()
    found.hit = W.HIT in row[index + 1 : min(index + 4, hi)]
    if levels:
        scene.used.update(range(index, last + 1))
    elif not found.hit:
        left = _target_left(scene, sentence, index)
        if left is not None:
            found.levels, found.first = (left,), left.at
            scene.used.update((index, left.at))
    return found


def _joins(row: list[str], at: int) -> bool:
    """A mark of a list, or the "second" of `first target 346.50, second 349`."""
    if row[at] in _LIST_JOINTS:
        return True
    return row[at] == W.AGAIN and row[at + 1] == P.NUMBER and row[at - 1] in _LIST_JOINTS


def _take_level(scene: Scene, sentence: Sentence, at: int, underlying: bool, levels: list[LevelWords]) -> bool:
    """Appends what the piece says of a target: a level, a percentage, R, points, `3/4/5`, or the trail behind one."""
    if at in scene.used:
        return False
    piece = scene.pieces[at]
    kind, rule = piece.kind, "level after target word"
    if kind in (P.SLASH, P.DATE) and "/" in piece.text:
        levels.extend(LevelWords("number", Decimal(part), at, rule=rule) for part in piece.text.split("/"))
        return True
    value = piece.value
    if not isinstance(value, Decimal):
        return False
    if kind == P.NUMBER and not (len(piece.text) == 1 and _is_ordinal_of_target(scene, at, sentence.hi)):
        levels.append(_new(LevelWords, ("number", value, at, piece.dollar, underlying, False, None, rule, None)))
    elif form := _FORMS.get(kind) or (distance_form(scene, at) if kind == P.GAIN else ""):
        levels.append(LevelWords(form, value, at, rule=rule))
    elif kind == P.TRAIL and levels:
        levels[-1] = levels[-1]._replace(trail=value)
    else:
        return False
    return True


_NO_TARGETS = words_of("session sessions call zoom stream class live meeting lesson appointment today tonight")
"""Behind a target word these make an hour of the number."""
_COUNTED = words_of(
    "members people subs subscribers followers students users traders winners trades days weeks wins rr pm am est et"
)
"""Behind a number these tell what is counted, and it is no price."""
_FORMS: dict[str, str] = {P.PERCENT: "percent", P.R_MULTIPLE: "r"}
_LEVELS = frozenset((P.NUMBER, P.TRAIL, P.SLASH, P.DATE, P.GAIN, *_FORMS))
"""Pieces that may be a target's level."""


def _is_ordinal_of_target(scene: Scene, index: int, hi: int) -> bool:
    """`Target 2: 24100`, `TP 2 6410`: a single digit before another number counts the targets."""
    piece = scene.pieces[index]
    if piece.kind != P.NUMBER or len(piece.text) != 1 or scene.kind_at(index - 1) != W.TARGET:
        return False
    follower = scene.kind_at(index + 1) if index + 1 < hi else ""
    return (
        follower == P.COLON
        or follower in (W.FILLED, W.HIT, W.DONE, W.GONE)
        or follower == P.NUMBER
        or (follower in (W.AT, W.IS, P.DASH, W.OF) and scene.kind_at(index + 2) == P.NUMBER)
    )


def _target_left(scene: Scene, sentence: Sentence, index: int) -> LevelWords | None:
    """`24850 TP`, `$512.50 is my target`."""
    for at in range(index - 1, max(sentence.lo, index - 4) - 1, -1):
        piece = scene.pieces[at]
        if piece.kind == P.NUMBER and at not in scene.used:
            assert isinstance(piece.value, Decimal)
            if scene.kind_at(at - 1) in (W.AT, W.LONG, W.SHORT, P.ROOT, W.FOR) or scene.contract_at(at - 1) is not None:
                return None
            return LevelWords("number", piece.value, at, piece.dollar, rule="level before target word")
        if piece.kind not in (W.WATCH, P.OTHER, W.SELF, W.IS):
            return None
    return None
