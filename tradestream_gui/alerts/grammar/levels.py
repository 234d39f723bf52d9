"""What stops and targets share: a word with the levels beside it, what may stand between, old levels and new."""

from tradestream_gui.alerts.grammar.contract import Contract
from tradestream_gui.alerts.grammar.decimal_commas import last_of_level
from tradestream_gui.alerts.grammar.scene import LevelWords, Scene
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P

REACH = 7
"""How many connecting pieces may stand between the word and its level."""

CONNECTORS = frozenset((
    W.IS, W.TO, W.AT, W.MOVE, W.NOW, W.BELOW, W.ABOVE, W.ON, W.FOR, W.RUNNER, W.REST, W.SELF, P.MENTION,
    P.COLON, P.DASH, P.BAR, P.OPENING, W.LEVEL, W.USE, W.CANDLE, W.CLOSE, P.OTHER, W.HERE, W.RISK, W.STOP, W.POSITION,
    W.AGAIN, W.ENTRY, W.OF, W.FROM, W.MARKET, W.LOSS, P.SIGN, P.ARROW, W.MORE, W.OUT, W.ALL, W.OBSERVED, W.STATUS,
    W.RIGHT, W.CONTRACTS,
))  # fmt: skip


class Found:
    """A stop or target word with what stands beside it."""

    __slots__ = ("first", "hit", "index", "last", "levels", "named", "rule")

    def __init__(self, index: int, levels: tuple[LevelWords, ...], first: int, last: int, rule: str):
        self.index = index
        self.levels = levels
        self.first = first
        self.last = last
        self.rule = rule
        self.hit = False
        self.named: Contract | None = None


def new_of_old(scene: Scene, at: int, hi: int, joints: frozenset[str]) -> int:
    """`stop 2.10 moved to 2.40`, `SL: 2.10 -> 2.40`: the index of the level that holds from now on."""
    joint, row = last_of_level(scene, at, hi) + 1, scene.row
    if row[joint] not in _MAY_JOIN:
        return at
    if row[joint] == W.MOVE and scene.kind_at(joint + 1) in (W.TO, P.ARROW):
        joint += 1
    elif row[joint] not in (STOP_JOINTS if row[at - 1] == W.FROM else joints):
        return at
    new = joint + 1
    return new if new < hi and scene.kind_at(new) in (P.NUMBER, W.BREAK_EVEN) and new not in scene.used else at


def behind_word(scene: Scene, index: int) -> int:
    """The piece behind a stop or target word and the small words that join it to its level."""
    at = index + 1
    while scene.kind_at(at) in _JOINS_LEVEL:
        at += 1
    return at


_JOINS_LEVEL = frozenset((P.COLON, P.DASH, P.SIGN, W.OF, W.IS, W.AT, W.LOSS))


def distance_form(scene: Scene, at: int) -> str:
    """Of `10 pts`, `40 TICKS`: "points" or "ticks"; empty for what nobody counts alike, as pips, and for what is not
    counted from the entry, as `2 ticks below 6316`."""
    if scene.kind_at(at + 1) in (W.BELOW, W.ABOVE) and scene.kind_at(at + 2) != W.ENTRY:
        return ""
    unit = scene.pieces[at].text.lower().lstrip("0123456789., ")
    return "points" if unit in POINT_WORDS else "ticks" if unit in _TICK_WORDS else ""


POINT_WORDS = frozenset(("points", "point", "pts", "pt", "pnts", "handles", "handle"))
_TICK_WORDS = ("ticks", "tick")
STOP_JOINTS = frozenset((W.TO, P.ARROW))
_MAY_JOIN = frozenset((W.MOVE, W.TO, P.ARROW))
NO_JOINTS: frozenset[str] = frozenset()
"""Targets are listed with arrows, so only a word of moving tells an old one from its new one."""
