"""Orders taken out of the market, and parts that are gone: `pulled the bid`, `order removed`, `half gone`."""

from tradestream_gui.alerts.grammar.exit_verbs import is_part_of_named
from tradestream_gui.alerts.grammar.guards import opens_clause
from tradestream_gui.alerts.grammar.quantities import fraction_at
from tradestream_gui.alerts.grammar.scene import Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind

REACH = 5


def read_pulled(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`pulled the UNH buy order`, `pulling my bid`, `order removed`; not "pulled back" nor "pulled the trigger"."""
    if scene.pieces[index - 1].text == "order" and index > sentence.lo:
        return ActionKind.CANCEL
    if not opens_clause(scene, sentence, index):
        return None
    for at in range(index + 1, min(index + 1 + REACH, sentence.hi)):
        kind = scene.kind_at(at)
        if kind == W.QUOTE or scene.pieces[at].text in _QUOTED:
            return ActionKind.CANCEL
        if kind not in _OF_ORDER and scene.contract_at(at) is None and scene.pieces[at].text not in _SMALL:
            return None
    return None


_OF_ORDER = frozenset((W.SELF, W.BUY, W.SELL, W.LONG, W.SHORT, W.ENTRY, W.HERE, P.TICKER, P.ROOT, P.NUMBER, W.ALL))
_QUOTED = ("order", "bid in", "bids in", "order in", "orders in")
_SMALL = ("the", "a", "that", "last", "limit", "resting", "open", "working")


def read_quote_down(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`taken my offer down`, `took the bid off`: an order withdrawn."""
    after = scene.pieces[index + 1].text if index + 1 < sentence.hi else ""
    taken = any(scene.pieces[at].text in _TAKEN for at in range(max(sentence.lo, index - 4), index))
    ends = scene.kind_at(index + 2) not in (P.OTHER, W.AT, W.FOR)
    return ActionKind.CANCEL if taken and after in ("down", "off", "out") and ends else None


_TAKEN = ("taken", "took", "taking", "take")


def read_gone(scene: Scene, sentence: Sentence, index: int) -> ActionKind | None:
    """`half gone 2.1`, `1/3 banked`, `banked one lot`, `leaving one, rest gone`."""
    if is_part_of_named(scene, sentence, index):
        return ActionKind.TRIM
    if index > sentence.lo and fraction_at(scene, index - 1) is not None:
        return ActionKind.TRIM if opens_clause(scene, sentence, index, _PARTS) else None
    named = scene.contract_at(index - 1) if index > sentence.lo else None
    last = named is not None and named.first - 1 == sentence.lo and scene.pieces[sentence.lo].text in ("last", "final")
    if last and scene.kind_at(index + 1) in (W.AT, P.NUMBER):
        return ActionKind.CLOSE
    if scene.kind_at(index - 1) == W.REST and scene.kind_at(index + 1) in (W.AT, P.NUMBER):
        stays = not scene.kinds.isdisjoint((W.LEAVE, W.RUNNER, W.HOLD))
        return ActionKind.TRIM if stays else ActionKind.CLOSE
    if scene.pieces[index].text != "banked" or not opens_clause(scene, sentence, index):
        return None
    part = fraction_at(scene, index + 1) is not None or scene.kind_at(index + 1) == P.COUNT
    return ActionKind.TRIM if part else None


_PARTS = frozenset((W.FRACTION, P.SLASH, W.MOST, W.PART))
