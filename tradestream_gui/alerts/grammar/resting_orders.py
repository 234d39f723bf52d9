"""Orders that wait in the market by their own words: `sell limit MGC 4,934`, `Buy stop: 28,705` on a card."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.contract import Contract
from tradestream_gui.alerts.grammar.entry_parts import LONG_WINDOW, is_taken_back, wait_for
from tradestream_gui.alerts.grammar.guards import ENTRY_GUARDS, guard_before
from tradestream_gui.alerts.grammar.quantities import entry_quantity
from tradestream_gui.alerts.grammar.scene import Draft, Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind, AlertSide

REACH = 6


def read_resting(scene: Scene, sentence: Sentence, index: int) -> None:
    """Opens a future by a resting order; only with a stop of its own, as such an order may also end a position."""
    text = scene.pieces[index].text
    side = AlertSide.SHORT if text.startswith("sell") else AlertSide.LONG
    contract = _future_of(scene, sentence)
    if contract is None or not text.startswith(("buy", "sell")) or sentence.asks or W.STOP not in scene.kinds:
        return
    if scene.kinds & {W.SHORT if side is AlertSide.LONG else W.LONG} or any(d.kind.opens for d in scene.drafts):
        return
    if guard_before(scene, sentence, index, ENTRY_GUARDS, LONG_WINDOW) or is_taken_back(scene, sentence, index):
        return
    at = next((k for k in range(index + 1, min(index + REACH, sentence.hi)) if _is_level(scene, k)), None)
    if at is None:
        return
    draft = Draft(ActionKind.OPEN, index, "order that rests in the market", contract, side)
    draft.note("side", scene.pieces[index], "direction word")
    if any(piece.kind == W.HYPOTHESIS for piece in scene.pieces[at : sentence.hi]):
        draft.doubt("CONDITION_UNREAD", "the order waits for more than its price")
    if text.endswith("stop"):
        wait_for(scene, draft, at)
    else:
        value = scene.pieces[at].value
        assert isinstance(value, Decimal)
        draft.price = value
        draft.note("price", scene.pieces[at], "limit of the order")
        scene.used.add(at)
    entry_quantity(scene, draft, 0 if P.NEWLINE in scene.kinds else sentence.lo, len(scene.pieces))
    scene.used.add(index)
    scene.drafts.append(draft)


def _future_of(scene: Scene, sentence: Sentence) -> Contract | None:
    """The one future of the sentence, else the message's only instrument."""
    inside = scene.contracts_between(sentence.lo, sentence.hi) or scene.contracts
    if len(inside) != 1 or not inside[0].is_root or inside[0].is_option:
        return None
    return inside[0]


def _is_level(scene: Scene, at: int) -> bool:
    return scene.kind_at(at) == P.NUMBER and at not in scene.used
