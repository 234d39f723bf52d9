"""Ways out that are planned and not yet taken: told beside their entry, under a condition, or as a plan by name."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.contract import Contract
from tradestream_gui.alerts.grammar.guards import LATER
from tradestream_gui.alerts.grammar.levels import Found
from tradestream_gui.alerts.grammar.prices import Priced, find_price
from tradestream_gui.alerts.grammar.scene import Draft, LevelWords, Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W, words_of
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind, AlertSide

RULE = "way out told with the entry"
_FORMS_TO_COME = words_of(
    """
    trim trims scale exit exits close closing sell cut cover take takes taking reduce partial partials out off trimming
    exiting selling
    """
)
"""Forms that tell what is to come as well as what is done; beside an entry they tell what is to come."""
_BARE_FORMS = words_of("trim exit close sell cut cover take reduce scale off")
_PLAN_WORDS = words_of("plan plans strategy idea ideas")
_WALLS = frozenset((P.COMMA, W.BUT, P.DASH, W.THEN, P.PIPE))
_WAYS_OUT = frozenset((W.TRIM, W.CUT, W.EXIT, W.CLOSE, W.OUT, W.SELL, W.OFF, W.LEAVE))
_NOT_OF_ENTRY = _WAYS_OUT | {W.FUTURE, W.ADD}
_CONDITIONS = frozenset((W.HYPOTHESIS, W.PERMISSION))
_LEAVING = frozenset((W.CUT, W.EXIT, W.OUT))
_ENTRIES = frozenset((W.BUY, W.LONG, W.SHORT, W.ENTER))
_MARKS_OF_LEVEL = frozenset((W.AT, W.BELOW, W.ABOVE))


def is_planned(scene: Scene, sentence: Sentence, index: int) -> bool:
    """`exit plan is half at 6830`, `half off at 6830 planned`, `closing AMD tomorrow`, `exit half if we get there`."""
    if index + 1 < sentence.hi and scene.pieces[index + 1].text in _PLAN_WORDS:
        return True
    if W.WHEN in scene.kinds and scene.pieces[index].text in _FORMS_TO_COME and _is_for_later(scene, sentence, index):
        return True
    timed = not _HOURS.isdisjoint(scene.words) and scene.pieces[index].text in _FORMS_TO_COME
    if timed and any(_is_hour(scene, at) for at in range(index + 2, min(sentence.hi, index + HOUR_REACH))):
        return True
    if "planned" in scene.words and any(piece.text == "planned" for piece in scene.pieces[index : sentence.hi]):
        return True
    if scene.kinds.isdisjoint(_CONDITIONS) or scene.pieces[index].text.split(" ")[0] not in _BARE_FORMS:
        return False
    for at in range(index + 1, sentence.hi):
        if scene.row[at] in _WALLS:
            return False
        waits = scene.row[at] == W.HYPOTHESIS or (scene.row[at] == W.PERMISSION and scene.pieces[at].text[:3] == "if ")
        if waits and at not in scene.used:
            return True
    return False


def _is_hour(scene: Scene, at: int) -> bool:
    """`closing AMD at the bell`, `selling before the close`, `exiting NVDA eod`: an hour that is still to come."""
    word = scene.pieces[at].text
    if word not in _HOURS:
        return False
    before = at - 2 if scene.pieces[at - 1].text == "the" else at - 1
    return word in ("eod", "cob") or scene.kind_at(before) == W.AT or scene.pieces[before].text in ("before", "by")


HOUR_REACH = 12
_HOURS = words_of("bell close closing open eod cob lunch cpi fomc nfp ppi")


def _is_for_later(scene: Scene, sentence: Sentence, index: int) -> bool:
    at = index + 1
    while at < sentence.hi and (at in scene.used or scene.row[at] in _OBJECTS):
        at += 1
    return at < sentence.hi and scene.row[at] == W.WHEN and scene.pieces[at].text in LATER


_OBJECTS = frozenset((W.HERE, W.ALL, W.REST, W.SELF, W.RUNNER, W.POSITION, P.NUMBER, W.AT, W.FRACTION, W.OF, W.RIGHT))


def is_conditional(scene: Scene, sentence: Sentence, found: Found) -> bool:
    """`SL to BE after TP1`, `stop to entry once 6830 trades`: a move that waits for something."""
    at = found.last + 1
    if at >= sentence.hi:
        return False
    return scene.row[at] == W.HYPOTHESIS or scene.pieces[at].text in ("after", "upon")


def leaving_levels(scene: Scene, sentence: Sentence) -> list[Found]:
    """`BTO AMD 240c 2.10, cut at 1.5`, `long ES 6820, exit under 6810`: the level at which the author would leave."""
    row = scene.row
    verbs = [at for at in range(sentence.lo, sentence.hi) if row[at] in _ENTRIES]
    out: list[Found] = []
    for index in [at for at in range(sentence.lo, sentence.hi - 2) if row[at] in _LEAVING] if verbs else ():
        piece = scene.pieces[index + 2]
        level = row[index + 1] in _MARKS_OF_LEVEL and row[index + 2] == P.NUMBER and index + 2 not in scene.used
        priced = P.NUMBER in row[verbs[0] : index] and scene.contracts_between(sentence.lo, index)
        if not (level and priced and verbs[0] < index) or not isinstance(piece.value, Decimal):
            continue
        words = LevelWords("number", piece.value, index + 2, piece.dollar, rule=RULE)
        out.append(Found(index, (words,), index, index + 2, RULE))
        scene.used.update(range(index, index + 3))
    return out


def speaks_of_leaving(scene: Scene) -> bool:
    return not (scene.kinds.isdisjoint(_LEAVING) or scene.kinds.isdisjoint(_ENTRIES))


def entry_price(scene: Scene, lo: int, hi: int, last: int, contract: Contract | None) -> Priced | None:
    """The price of an entry whose words end at `last`: told before any word of a way out, else wherever it stands."""
    if not scene.kinds.isdisjoint(_NOT_OF_ENTRY):
        way = next((at for at in range(last + 1, hi) if scene.row[at] in _NOT_OF_ENTRY), hi)
        if scene.row[way - 1] == W.TAKE or scene.row[way - 2] == W.TAKE:
            way -= 1 if scene.row[way - 1] == W.TAKE else 2
        before = find_price(scene, lo, way, contract, False) if way < hi else None
        if before is not None:
            return before
    return find_price(scene, lo, hi, contract, False)


def plan_exits(scene: Scene) -> None:
    """An exit of what the same message opens is a plan: its price becomes a target, and nothing is sold now."""
    for opened in [draft for draft in scene.drafts if draft.kind in (ActionKind.OPEN, ActionKind.OPEN_IF)]:
        for exit_ in [draft for draft in scene.drafts if draft.kind in (ActionKind.TRIM, ActionKind.CLOSE)]:
            if exit_.at < opened.at or not _is_same(opened.contract, exit_.contract):
                continue
            if scene.pieces[exit_.at].text.split(" ")[0] in _FORMS_TO_COME:
                scene.drafts.remove(exit_)
                _aim(scene, opened, exit_)
            elif exit_.kind is ActionKind.TRIM:
                opened.doubt("EXIT_TOLD", "the message tells of an exit of what it opens")


def _is_same(opened: Contract | None, closed: Contract | None) -> bool:
    return opened is not None and (closed is None or closed is opened or closed.symbol == opened.symbol)


def _aim(scene: Scene, opened: Draft, planned: Draft) -> None:
    start = planned.price_start(-1)
    at = next((k for k, piece in enumerate(scene.pieces) if piece.start == start and piece.kind == P.NUMBER), -1)
    price, entry = planned.price, opened.price
    if at < 0 or not isinstance(price, Decimal) or not isinstance(entry, Decimal):
        return
    if (price > entry) is (opened.side is not AlertSide.SHORT):
        opened.target_words += (LevelWords("number", price, at, scene.pieces[at].dollar, rule=RULE),)
        opened.note("pts", scene.pieces[at], RULE)
