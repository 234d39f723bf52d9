"""Stops in a sentence: the word, its connectors, and the level on either side of it."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.decimal_commas import last_of_level, single_level
from tradestream_gui.alerts.grammar.levels import (
    CONNECTORS,
    REACH,
    STOP_JOINTS,
    Found,
    behind_word,
    distance_form,
    new_of_old,
)
from tradestream_gui.alerts.grammar.scene import LevelWords, Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P, Piece

_new = tuple.__new__
"""Makes a level without the keyword handling of its class."""


def find_stops(scene: Scene, sentence: Sentence) -> list[Found]:
    """Every stop word of the sentence; `levels` is empty where none is named, `hit` where it was reached."""
    out: list[Found] = []
    row, done = scene.row, -1
    for index in [at for at in range(sentence.lo, sentence.hi) if row[at] in STOP_WORDS]:
        kind = row[index]
        if index <= done:
            continue
        if kind == W.STOP and index not in scene.used:
            found = _stop_at(scene, sentence, index)
            out.append(found)
            done = found.last
        elif kind == W.BREAK_EVEN and _is_stop_to_entry(scene.pieces[index].text):
            level = LevelWords("break-even", None, index, rule="stop to entry")
            out.append(Found(index, (level,), index, index, "stop to entry"))
            scene.used.add(index)
        elif kind == W.RISK:
            found_risk = _risk_at(scene, sentence, index)
            if found_risk is not None:
                out.append(found_risk)
    return out


STOP_WORDS = frozenset((W.STOP, W.BREAK_EVEN, W.RISK))
"""Words that may tell of a stop."""


def _risk_at(scene: Scene, sentence: Sentence, index: int) -> Found | None:
    """`risk 7750.25` beside a future, `7750 as risk` at the end of a sentence."""
    left = _level_left(scene, sentence, index)
    if left is None:
        if _is_labelled_risk(scene, sentence, index):
            value = scene.pieces[index + 2].value
            assert isinstance(value, Decimal)
            scene.used.update((index, index + 1, index + 2))
            level = LevelWords("number", value, index + 2, rule="level as risk")
            return Found(index, (level,), index, index + 2, "level as risk")
        at = index + 2 if scene.kind_at(index + 1) in (W.IS, W.AT, W.TO) else index + 1
        right = scene.pieces[at] if at < sentence.hi else None
        if right is None or not _is_level_at_risk(scene, sentence, at):
            return None
        assert isinstance(right.value, Decimal)
        level = LevelWords("number", right.value, at, rule="level as risk")
        scene.used.update((index, at))
        return Found(index, (level,), index, at, "level as risk")
    sum_at_risk = left.dollar and left.at == index - 1
    if sum_at_risk or (scene.row[index - 1] != P.OTHER and not _ends_here(scene, sentence, index)):
        return None
    scene.used.update((index, left.at))
    return Found(index, (left,), left.at, index, "level as risk")


def _is_labelled_risk(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`ENTRY AAPL 240C @ 1.45 Risk: 0.95`: the level at which it is over."""
    if index + 2 >= sentence.hi or scene.row[index + 1 : index + 3] != [P.COLON, P.NUMBER]:
        return False
    piece = scene.pieces[index + 2]
    return "." in piece.text and not piece.dollar and scene.kind_at(index + 3) not in (W.POINTS, P.PERCENT)


def _is_level_at_risk(scene: Scene, sentence: Sentence, at: int) -> bool:
    """`risk 7750.25` beside a future: too large for anything but its price; `CL 59.28 risk 59.55`: beside a price."""
    piece = scene.pieces[at]
    value = piece.value
    if piece.kind != P.NUMBER or not isinstance(value, Decimal) or piece.dollar or at in scene.used:
        return False
    if value >= FUTURES_SIZED and P.ROOT in scene.kinds:
        return True
    if "." not in piece.text or scene.kind_at(at + 1) in (W.POINTS, P.PERCENT):
        return False
    others = (scene.pieces[near].value for near in range(sentence.lo, at - 1) if scene.kind_at(near) == P.NUMBER)
    return any(isinstance(other, Decimal) and abs(other - value) * 20 < value for other in others)


FUTURES_SIZED = 2000
"""A sum that one risks is smaller, or stands in dollars."""


_STOP_TO_ENTRY = frozenset((
    "slbe", "sl be", "stop be", "stops be", "stop entry", "sl entry", "breakeven stop", "stop even", "stops even",
    "sl even", "stop evn", "sl evn",
))  # fmt: skip


def _is_stop_to_entry(text: str) -> bool:
    return text in _STOP_TO_ENTRY or text.startswith(("be on", "be the", "breakeven on", "protect at"))


def _stop_at(scene: Scene, sentence: Sentence, index: int) -> Found:
    left = _level_left(scene, sentence, index)
    words: LevelWords | None = None
    last = index
    if left is None or scene.kind_at(index + 1) in _LEADS_RIGHT:
        words, last = _level_right(scene, sentence, index)
    if words is None and left is not None:
        words = left
    if words is None and P.GAIN in scene.kinds and P.ROOT in scene.kinds:
        words = _distance(scene, sentence, index)
    found = Found(index, (words,) if words else (), min(index, words.at if words else index), last, "stop word")
    if words is None:
        found.hit = _is_hit(scene, sentence, index)
    else:
        scene.used.update(range(index, last + 1))
        scene.used.update(range(words.at, last_of_level(scene, words.at, sentence.hi) + 1))
    return found


def _distance(scene: Scene, sentence: Sentence, index: int) -> LevelWords | None:
    """`stop 20 points`, `Stop: 10 PTS`, `stop of 40 ticks`, `10 pt stop`: how far a future may go against its entry."""
    for at in (behind_word(scene, index), index - 1):
        piece = scene.pieces[at] if sentence.lo <= at < sentence.hi else None
        if piece is None or piece.kind != P.GAIN or not piece.text[0].isdigit() or not isinstance(piece.value, Decimal):
            continue
        form = distance_form(scene, at)
        if form and piece.value > 0 and scene.kind_at(index + 1) != W.HIT:
            return LevelWords(form, piece.value, at, rule="distance of the stop")
    return None


_LEADS_RIGHT = frozenset((W.BREAK_EVEN, P.COLON, W.AT, W.IS, W.TO, P.NUMBER, W.BELOW, W.ABOVE, W.HYPOTHESIS))
"""Behind a stop word these say that its level follows, whatever stands before it."""


def _level_right(scene: Scene, sentence: Sentence, index: int) -> tuple[LevelWords | None, int]:
    underlying = beyond = False
    candle: int | None = None
    others = 0
    row = scene.row
    moved, reach = False, index + 1 + REACH
    for at in range(index + 1, sentence.hi):
        kind = row[at]
        if at >= reach:
            break
        if kind in _OF_OPTION and at in scene.used:
            reach += 1
            continue
        moved = moved or kind == W.MOVE
        if kind in _PASSED or (moved and kind == P.PIPE) or (kind in _MAY_LEAD and _leads_on(scene, at)):
            continue
        piece = scene.pieces[at]
        if kind == P.NUMBER:
            if at in scene.used:
                return None, index
            at = new_of_old(scene, at, sentence.hi, STOP_JOINTS)
            underlying = underlying or _is_named_market(scene, at + 1, sentence.hi)
            level = _stop_level(scene.pieces[at], at, underlying, beyond, candle)
            cents = single_level(scene, at, sentence.hi)
            return (level, at) if cents is None else (level._replace(value=cents), at + 2)
        if kind in _OTHER_FORMS:
            told = _level_in_words(scene, at)
            if told is not None:
                return told, at
        if kind in (P.ROOT, P.TICKER):
            underlying = _is_of_underlying(scene, at, index, underlying)
        elif kind == P.MEASURE:
            candle = _minutes(piece.text)
        elif kind == W.LABEL and piece.text == "underlying":
            underlying = True
        elif kind in (W.BELOW, W.ABOVE):
            beyond = True
        elif kind == P.OTHER:
            others += piece.text not in _SMALL
            if others > 2 or (at == index + 1 and (piece.text.endswith("ing") or piece.text in _HUNTS)):
                break
        elif kind not in CONNECTORS:
            break
    return None, index


def _leads_on(scene: Scene, at: int) -> bool:
    """`stop in at 6810`, `stop if SPY loses 668`, `stop up 4 points to 6812`: the level is still to come."""
    kind, row = scene.row[at], scene.row
    if kind == P.GAIN:
        return row[at + 1 : at + 3] == [W.TO, P.NUMBER]
    if kind == W.IN:
        return row[at + 1 : at + 3] == [W.AT, P.NUMBER] or row[at + 1] == W.ENTRY
    return row[at + 1] in _CROSSERS


def _level_in_words(scene: Scene, at: int) -> LevelWords | None:
    """`stop 20%`, `stop to entry`, `stop: half the premium`: a level that is no price."""
    kind, piece = scene.row[at], scene.pieces[at]
    if kind == P.PERCENT:
        assert isinstance(piece.value, Decimal)
        return LevelWords("percent", piece.value, at, rule="percent after stop word")
    if kind == W.BREAK_EVEN or (kind == W.ENTRY and scene.kind_at(at - 1) in _BEFORE_ENTRY):
        return LevelWords("break-even", None, at, rule="stop to entry")
    if kind == W.FRACTION and scene.words >= {"premium", "half"} and scene.row[at - 1] == P.COLON:
        return LevelWords("percent", Decimal(50), at, rule="half of the premium")
    return None


_MAY_LEAD = frozenset((P.GAIN, W.IN, W.HYPOTHESIS))
_OTHER_FORMS = frozenset((P.PERCENT, W.BREAK_EVEN, W.ENTRY, W.FRACTION))


def _is_of_underlying(scene: Scene, at: int, index: int, known: bool) -> bool:
    """`stop SPY 668`, `stop 7700 /es`: the market that the level is of, unless an option's contract is named."""
    contract = scene.contract_at(at)
    if contract is not None and contract.is_full:
        return False
    lead = [scene.row[k] for k in range(max(index, at - 3), at)]
    far = scene.row[at] == P.TICKER and at - index > 1 and _OF_POSITION.isdisjoint(lead)
    far = far and scene.kind_at(at + 1) not in (W.RUNNER, W.CONTRACTS, W.RIGHT, W.POSITION)
    return known or scene.kind_at(at - 1) == P.BAR or far


def _stop_level(piece: Piece, at: int, underlying: bool, beyond: bool, candle: int | None) -> LevelWords:
    if piece.kind == W.BREAK_EVEN:
        return LevelWords("break-even", None, at, rule="stop to entry")
    rule = "level after stop word"
    return _new(LevelWords, ("number", piece.value, at, piece.dollar, underlying, beyond, candle, rule, None))


_OF_POSITION = frozenset((W.ON, W.FOR, W.OF))
"""`stop on my last AAPL con`: the name behind these is what is held."""
_SMALL = ("the", "a", "last", "one", "my", "up")
_HUNTS = ("hunt", "hunts", "run", "runs", "raid")
"""Behind "stop" these name what the market does to stops."""
_CROSSERS = frozenset((P.TICKER, P.ROOT, W.HERE, W.SELF, W.BELOW, W.ABOVE))
"""Behind "if" these cross the level that follows."""
_OF_OPTION = frozenset((P.STRIKE_RIGHT, P.DATE, P.SLASH, P.DTE, W.WHEN, W.SHARES))
_PASSED = (CONNECTORS | {W.SHARES}) - {W.ENTRY, W.BELOW, W.ABOVE, P.OTHER}
"""Connectors that say nothing about the level behind them."""


_BEFORE_ENTRY = frozenset((W.IN, W.TO, W.AT, W.MOVE, W.STOP, W.IS, P.COLON, P.ARROW))


def _minutes(text: str) -> int:
    digits = "".join(char for char in text if char.isdigit())
    return int(digits) if digits and len(digits) < 4 else 0


def _is_named_market(scene: Scene, index: int, hi: int) -> bool:
    """`7700 /es`: the level is the named market's own."""
    return bool(index < hi and scene.kind_at(index) == P.BAR and scene.kind_at(index + 1) == P.ROOT)


_NOT_BEFORE_LEVEL = frozenset((
    W.LONG, W.SHORT, W.BUY, W.ENTER, W.ENTRY, W.FILLED,
    P.ROOT, W.AT, W.STOP, W.TARGET, W.FOR, P.DASH, W.AVERAGE, W.OUT, W.EXIT, W.CLOSE, W.SELL,
))  # fmt: skip


_LEFT = frozenset((P.NUMBER, W.BREAK_EVEN, W.IS, W.NOW, W.SELF, P.OTHER, W.PERMISSION))


def _level_left(scene: Scene, sentence: Sentence, index: int) -> LevelWords | None:
    """`512 trail`, `188.40 as trail`, `97 is now my stop`."""
    steps = 0
    for at in range(index - 1, max(sentence.lo, index - 4) - 1, -1):
        if scene.row[at] not in _LEFT:
            return None
        piece = scene.pieces[at]
        if piece.kind == P.NUMBER:
            if at in scene.used or scene.kind_at(at + 1) == W.POINTS:
                return None
            cents = single_level(scene, at - 2, sentence.hi) if at - 2 >= sentence.lo else None
            first = at if cents is None else at - 2
            if scene.kind_at(first - 1) in _NOT_BEFORE_LEVEL and not steps:
                return None
            assert isinstance(piece.value, Decimal)
            value, dollar = cents or piece.value, scene.pieces[first].dollar
            return LevelWords("number", value, first, dollar, rule="level before stop word")
        if piece.kind == W.BREAK_EVEN and (not steps or (steps == 1 and scene.pieces[at + 1].text == "as")):
            return LevelWords("break-even", None, at, rule="stop to entry")
        if piece.kind in (W.IS, W.NOW, W.SELF) or (
            piece.kind in (P.OTHER, W.PERMISSION) and piece.text in ("as", "a", "the", "new", "ish", "your", "ur")
        ):
            steps += 1
            continue
        return None
    return None


def _is_hit(scene: Scene, sentence: Sentence, index: int) -> bool:
    follower = index + 1
    while follower < sentence.hi and (scene.kind_at(follower) in (P.END, W.IS, W.PAST) or _got(scene, index, follower)):
        follower += 1
    return follower < sentence.hi and scene.kind_at(follower) == W.HIT


def _got(scene: Scene, index: int, follower: int) -> bool:
    """`bail level got tagged`; the stops that "got hit" may be anybody's."""
    return scene.pieces[follower].text == "got" and scene.pieces[index].text.endswith("level")


def _ends_here(scene: Scene, sentence: Sentence, index: int) -> bool:
    return all(scene.kind_at(at) in (P.MENTION, P.SIGN) for at in range(index + 1, sentence.hi))
