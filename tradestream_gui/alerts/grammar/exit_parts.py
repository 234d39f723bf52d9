"""What every exit rule asks about: an object, a part, what is left, reports by others, closing prints."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.guards import REACH_AFTER, opens_clause
from tradestream_gui.alerts.grammar.quantities import fraction_at, percent_is_part
from tradestream_gui.alerts.grammar.scene import Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P


def is_reported(scene: Scene, sentence: Sentence, index: int) -> bool:
    before = range(max(sentence.lo, index - REACH_AFTER), index)
    return any(scene.kind_at(at) in (W.OTHERS, W.QUESTION) for at in before)


def is_closing_print(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`SPY closed at 668.20`: a symbol, the verb and a level of that size tell where the market closed."""
    subject = scene.contract_at(index - 1) if index > sentence.lo else None
    at = index + 2 if scene.kind_at(index + 1) == W.AT else index + 1
    if subject is None or subject.is_option or scene.kind_at(at) != P.NUMBER:
        return False
    value = scene.pieces[at].value
    return isinstance(value, Decimal) and value >= 100


def is_side_ended(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`Long closed at BE`, `short covered for +12`: the position by its side, right before the verb."""
    at = index - 1
    if at < sentence.lo or scene.pieces[at].text not in ("long", "short"):
        return False
    begins = at == sentence.lo or (at - 1 == sentence.lo and scene.kind_at(at - 1) in (W.SELF, P.MENTION))
    return begins and scene.kind_at(index + 1) in (W.AT, W.FOR, P.NUMBER, P.PLUS, P.DASH, P.GAIN, "", P.COMMA, P.END)


def leaves(scene: Scene, index: int, hi: int) -> bool:
    return W.LEAVE in scene.row[index + 1 : min(index + 8, hi)]


def leaves_count(scene: Scene, index: int, hi: int) -> bool:
    """`exiting 2 here, keeping 1`: a count says that something stays."""
    for at in range(index + 1, min(index + 12, hi)):
        counted = scene.kind_at(at - 1) in (P.NUMBER, P.COUNT)
        if scene.kind_at(at) == W.LEAVE:
            return counted or scene.kind_at(at + 1) in (P.NUMBER, P.COUNT)
        if counted and scene.pieces[at - 1].text != "0" and scene.pieces[at].text in ("running", "riding", "remaining"):
            return True
    return False


def leaves_the_room(scene: Scene, index: int) -> bool:
    """`out of here`, `out of it for today`: nobody's position."""
    return scene.kind_at(index + 3) == W.FOR or scene.pieces[index + 2].text == "here"


def has_object(scene: Scene, sentence: Sentence, index: int) -> bool:
    if index + 1 >= sentence.hi:
        return True
    at = object_index(scene, sentence, index)
    if index == sentence.lo or opens_clause(scene, sentence, index):
        after = scene.kind_at(at)
        return after in EXIT_OBJECTS or bool(scene.contract_at(at)) or after == P.NUMBER
    return scene.kind_at(at) in (W.HERE, W.ALL, W.RUNNER, W.REST, W.FRACTION) or bool(scene.contract_at(at))


def object_index(scene: Scene, sentence: Sentence, index: int) -> int:
    """The piece that a verb of exit acts upon, past "the", "my", "on", "of" and a colon."""
    at = index + 1
    while at + 1 < sentence.hi and (scene.kind_at(at) in _LINKS or scene.pieces[at].text in DETERMINERS):
        at += 1
    return at


def acts_on_other(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`closed my laptop`, `sold the news`: what follows "my" or "the" is no position."""
    at = object_index(scene, sentence, index)
    if at == index + 1 or at >= sentence.hi or scene.kind_at(at) not in (P.OTHER, W.OBSERVED, W.WATCH):
        return False
    return all(scene.contract_at(near) is None for near in range(at, at + 3))


_LINKS = frozenset((W.SELF, W.ON, W.OF, P.COLON, P.BAR))
DETERMINERS = frozenset(("the", "a", "an", "last", "final", "remaining", "my"))


EXIT_OBJECTS = frozenset((P.MENTION, W.HERE, W.ALL, W.RUNNER, W.REST, W.POSITION, W.AT, W.OR, W.NOW, P.SIGN, P.PERCENT,
                      W.FRACTION, W.PART, W.OUT, P.COMMA, P.DASH, W.FOR, P.SLASH))  # fmt: skip


def takes_part(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`half`, `1/2`, `50% and`, `some`, `most of it` beside the verb."""
    if percent_is_part(scene, index):
        return True
    for at in range(index + 1, min(index + 5, sentence.hi)):
        if is_last_part(scene, at):
            return False
        if at not in scene.used and (fraction_at(scene, at) is not None or scene.kind_at(at) == W.PART):
            return True
        if scene.kind_at(at) in (W.REST, W.ALL, P.COMMA, W.STOP, W.BUT):
            break
    return False


def is_last_part(scene: Scene, at: int) -> bool:
    """`sold the other half`: with it all is gone."""
    return scene.pieces[at - 1].text in _LAST_PARTS and fraction_at(scene, at) is not None


_LAST_PARTS = ("other", "last", "final", "remaining", "second", "2nd")


def all_but(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`sold all but one`."""
    return any(
        scene.kind_at(at) == W.ALL and scene.kind_at(at + 1) == W.BUT
        for at in range(index, min(index + 3, sentence.hi))
    )


def percent_of_position(scene: Scene, index: int) -> bool:
    return (
        scene.kind_at(index + 1) == W.OF and scene.kind_at(index + 2) == P.PERCENT and scene.kind_at(index + 3) == W.OF
    )


_SLANG = frozenset((
    "killed", "scratched", "last one out", "last piece out", "last lot out", "last bit out", "done with it",
    "ringing the register", "rang the register", "ring the register", "paid myself", "paying myself", "took a slice",
    "took a piece", "shaved some", "sliced some", "skimmed some", "shaved", "shaving", "clipped", "clipping", "cashed",
    "cashing", "done with", "taking a piece", "taking a slice", "locking in", "locked in",
))  # fmt: skip
_PLAIN = frozenset((P.NUMBER, P.PERCENT, P.SLASH, W.FRACTION, W.BREAK_EVEN))
_ORDERED = frozenset((W.NOW, W.ALL, W.HERE, W.REST, W.POSITION, W.OF, P.COMMA, P.MENTION, P.SIGN))
_WHAT_GOES = frozenset((W.NOW, W.ALL, W.REST, W.POSITION))
"""With nothing but these behind it, slang for leaving is an order."""


def is_idle_slang(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`killed it today`, `rang the register at work`: slang counts beside an instrument, a price or a part only."""
    if scene.pieces[index].text == "gtfo":
        behind = scene.row[index + 1 : sentence.hi]
        ordered = _ORDERED.issuperset(behind) and not _WHAT_GOES.isdisjoint(behind)
        return not (ordered or (scene.kind_at(index + 1) == W.OF and scene.contract_at(index + 2) is not None))
    if scene.pieces[index].text not in _SLANG or scene.contracts_between(sentence.lo, sentence.hi):
        return False
    row = scene.row[sentence.lo : sentence.hi]
    return _PLAIN.isdisjoint(row)
