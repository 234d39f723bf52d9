"""What takes the force out of a trading word: a negation, a condition, the past, a plan, a question, paper."""

from tradestream_gui.alerts.grammar.scene import Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P

ENTRY_GUARDS = frozenset((
    W.NEGATION, W.HYPOTHESIS, W.FUTURE, W.WATCH, W.PAST, W.QUESTION, W.UNREAL, W.OTHERS, W.RECAP, W.STATUS, W.FROM,
    W.PERMISSION, W.LOAD, W.CANCEL, W.PAST_TIME, W.TEACHING, W.FLOW, W.RESTING, W.PULL,
))  # fmt: skip
EXIT_GUARDS = frozenset((
    W.NEGATION, W.HYPOTHESIS, W.FUTURE, W.WATCH, W.PAST, W.QUESTION, W.OTHERS, W.RECAP, W.UNREAL, W.PERMISSION,
    W.PAST_TIME, W.TEACHING, W.CANCEL, W.RESTING,
))  # fmt: skip
CANCEL_GUARDS = EXIT_GUARDS - {W.CANCEL}
STRONG_GUARDS = frozenset((
    W.NEGATION, W.HYPOTHESIS, W.FUTURE, W.WATCH, W.PAST, W.QUESTION, W.UNREAL, W.RECAP, W.CANCEL,
    W.PAST_TIME, W.TEACHING, W.OTHERS, W.RESTING, W.PULL,
))  # fmt: skip
AFTER_GUARDS = frozenset((W.UNREAL, W.CANCEL, W.PAST_TIME))
EXITS = frozenset((W.SELL, W.EXIT))
REACH_AFTER = 60
"""How far a word behind an order can take it back; the limit bounds the work on hostile text."""
_STOPS_AT_COMMA = frozenset(
    (W.PAST, W.PAST_TIME, W.WATCH, W.STATUS, W.PERMISSION, W.FUTURE, W.NEGATION, W.FROM, W.LOAD)
)
_WALLS = frozenset((W.BUT, W.THEN))


def guard_before(scene: Scene, sentence: Sentence, index: int, guards: frozenset[str], window: int) -> str:
    """The text of the nearest guard word before a piece in its clause, or ""."""
    if scene.kinds.isdisjoint(guards) and W.WHEN not in scene.kinds:
        return ""
    commas = 0
    for at in range(index - 1, max(sentence.lo, index - window) - 1, -1):
        piece = scene.pieces[at]
        dated = piece.kind == W.WHEN and at == sentence.lo and at not in scene.used
        if dated and (piece.text in LATER or scene.kind_at(at + 1) == P.COLON):
            return piece.text
        if piece.kind in _WALLS or (piece.kind == P.DASH and not piece.glued and not _joins_numbers(scene, at)):
            return ""
        if piece.kind == P.COMMA:
            commas += 1
        elif piece.kind in guards and at not in scene.used:
            if piece.kind == W.FROM and scene.kind_at(at + 1) == W.SELF:
                continue
            if commas and piece.kind in _STOPS_AT_COMMA and not piece.text.startswith("if "):
                continue
            return piece.text
    return ""


LATER = ("tomorrow", "tmrw", "tmr", "tommorow", "2morrow", "tom", "tonight", "monday", "next week", "next monday")
"""A day that is not today at the head of a sentence makes a plan of it."""


def _joins_numbers(scene: Scene, at: int) -> bool:
    return scene.kind_at(at - 1) == P.NUMBER and scene.kind_at(at + 1) in (P.NUMBER, P.PERCENT)


def guard_after(scene: Scene, sentence: Sentence, index: int, guards: frozenset[str]) -> str:
    """The text of a guard word anywhere after a piece in its sentence, or ""."""
    if scene.kinds.isdisjoint(guards):
        return ""
    for at in range(index + 1, min(sentence.hi, index + REACH_AFTER)):
        if scene.row[at] in guards:
            return scene.pieces[at].text
    return ""


def opens_clause(scene: Scene, sentence: Sentence, index: int, extra: frozenset[str] = frozenset()) -> bool:
    """Whether nothing but names, marks, results and the author himself stands before the word in its sentence."""
    for at in range(index - 1, max(sentence.lo, index - REACH_AFTER) - 1, -1):
        kind = scene.row[at]
        if kind in _OPENS or (kind == P.DASH and not _joins_numbers(scene, at)):
            return True
        if kind not in _WEIGHTLESS and kind not in extra and at not in scene.used:
            return False
    return True


_OPENS = frozenset((P.COMMA, W.BUT, P.PIPE, W.AND, P.COLON))
_WEIGHTLESS = frozenset((
    P.MENTION, P.SIGN, W.SELF, W.ON, W.POINTS, P.PERCENT, P.PLUS, P.DASH, P.GAIN, P.NUMBER, P.TICKER, P.ROOT,
    W.NOW, W.ALL,
    P.OPENING, P.CLOSING, W.AGAIN, P.COUNT, P.BAR, W.IS, W.PROFIT, P.ORDINAL, W.RUNNER,
))  # fmt: skip
