"""Opening and adding: each word of entry in a sentence goes to the rule for its class."""

from tradestream_gui.alerts.grammar.fills_and_adds import read_add, read_fill, read_label
from tradestream_gui.alerts.grammar.future_entries import read_direction, sell_future
from tradestream_gui.alerts.grammar.resting_orders import read_resting
from tradestream_gui.alerts.grammar.scene import Scene, Sentence
from tradestream_gui.alerts.grammar.verb_entries import read_verb, takes_a_contract
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P

_DIRECTIONS = frozenset((W.LONG, W.SHORT))
_VERBS = frozenset((W.BUY, W.ENTER, W.TAKE, W.OPEN, W.IN, W.AGAIN))
_FILLS = frozenset((W.FILLED, W.ENTRY))
_ADDS = frozenset((W.ADD, W.AVERAGED))
ENTRY_KINDS = _DIRECTIONS | _VERBS | _FILLS | _ADDS | {W.TRIM, W.SELL, W.RESTING}


def read_entries(scene: Scene, sentence: Sentence) -> None:
    """Adds the drafts that open or add in one sentence."""
    row = scene.row
    for index in [at for at in range(sentence.lo, sentence.hi) if row[at] in ENTRY_KINDS]:
        if index in scene.used:
            continue
        kind = row[index]
        if kind in _DIRECTIONS:
            read_direction(scene, sentence, index)
        elif kind == W.IN and scene.kind_at(index + 1) == P.COLON and scene.kind_at(index + 2) == P.NUMBER:
            read_label(scene, sentence, index)
        elif kind in _VERBS:
            read_verb(scene, sentence, index, kind)
        elif kind == W.TRIM:
            if takes_a_contract(scene, sentence, index):
                read_verb(scene, sentence, index, W.TAKE)
        elif kind in _FILLS:
            read_fill(scene, sentence, index)
        elif kind == W.RESTING:
            read_resting(scene, sentence, index)
        elif kind == W.SELL:
            sell_future(scene, sentence, index)
        else:
            read_add(scene, sentence, index)
