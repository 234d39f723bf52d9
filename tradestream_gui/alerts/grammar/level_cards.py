"""Cards that move a level: `STOP UPDATED` above `AMD 240C 12/4 | 2.10 → 2.60`, `TARGETS MOVED` above a list."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.levels import Found
from tradestream_gui.alerts.grammar.scene import LevelWords, Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P

RULE = "level on a card"
MAX_TARGETS = 6
_IN_HEADING = frozenset((
    W.STOP, W.TARGET, W.MOVE, P.SIGN, P.PIPE, P.DASH, P.STAR, P.MENTION, W.NEXT, W.POSITION, P.OTHER, P.NUMBER,
))  # fmt: skip
_IN_VALUES = frozenset((
    P.NUMBER, P.ARROW, P.PIPE, P.DASH, P.SIGN, P.OPENING, P.CLOSING, P.COMMA, P.BAR, P.MENTION, W.BREAK_EVEN, W.AND,
    W.TO, W.NOW, W.FROM,
))  # fmt: skip


def fill_from_card(scene: Scene, sentence: Sentence, found: Found) -> None:
    """Gives the heading's stop or target word the level of the line below it; nothing where that says more."""
    if found.levels or found.hit or sentence is not scene.sentences[0] or scene.kind_at(sentence.hi) != P.NEWLINE:
        return
    heading = scene.row[sentence.lo : sentence.hi]
    if W.MOVE not in heading or not _IN_HEADING.issuperset(heading) or len(scene.sentences) < 2:
        return
    below = scene.sentences[1]
    free = [at for at in range(below.lo, below.hi) if at not in scene.used]
    if below.asks or not all(scene.row[at] in _IN_VALUES for at in free):
        return
    numbers = [at for at in free if scene.row[at] == P.NUMBER]
    arrow = next((at for at in free if scene.row[at] in (P.ARROW, W.TO)), -1)
    new = [at for at in numbers if at > arrow]
    stops = scene.row[found.index] == W.STOP
    if not new or len(new) > (1 if stops else MAX_TARGETS) or (arrow < 0 and stops and len(numbers) > 1):
        return
    levels = []
    for at in new:
        piece = scene.pieces[at]
        assert isinstance(piece.value, Decimal)
        levels.append(LevelWords("number", piece.value, at, piece.dollar, rule=RULE))
    found.levels, found.rule = tuple(levels), RULE
    scene.used.update(numbers)
    inside = scene.contracts_between(below.lo, below.hi)
    found.named = inside[0] if len(inside) == 1 else None
