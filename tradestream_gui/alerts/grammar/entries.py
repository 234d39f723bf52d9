"""Opening and adding: each word of entry in a sentence goes to the rule for its class."""

from tradestream_gui.alerts.grammar.fills_and_adds import read_add, read_fill, read_label
from tradestream_gui.alerts.grammar.future_entries import read_direction, sell_future
from tradestream_gui.alerts.grammar.scene import Scene, Sentence
from tradestream_gui.alerts.grammar.verb_entries import read_verb, takes_a_contract
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P


def read_entries(scene: Scene, sentence: Sentence) -> None:
    """Adds the drafts that open or add in one sentence."""
    for index in range(sentence.lo, sentence.hi):
        if index in scene.used:
            continue
        kind = scene.pieces[index].kind
        if kind in (W.LONG, W.SHORT):
            read_direction(scene, sentence, index)
        elif kind == W.IN and scene.kind_at(index + 1) == P.COLON and scene.kind_at(index + 2) == P.NUMBER:
            read_label(scene, sentence, index)
        elif kind in (W.BUY, W.ENTER, W.TAKE, W.OPEN, W.IN, W.AGAIN):
            read_verb(scene, sentence, index, kind)
        elif kind == W.TRIM and takes_a_contract(scene, sentence, index):
            read_verb(scene, sentence, index, W.TAKE)
        elif kind in (W.FILLED, W.ENTRY):
            read_fill(scene, sentence, index)
        elif kind == W.SELL:
            sell_future(scene, sentence, index)
        elif kind in (W.ADD, W.AVERAGED):
            read_add(scene, sentence, index)
