"""A contract with a price and no verb: an entry by the habit of the room or by other evidence."""

from tradestream_gui.alerts.grammar.entry_parts import LONG_WINDOW, labelled_trigger, take_price, wait_for
from tradestream_gui.alerts.grammar.fills_and_adds import FILLS_OF_EXITS, is_headed_otherwise, tells_state
from tradestream_gui.alerts.grammar.guards import ENTRY_GUARDS, guard_before
from tradestream_gui.alerts.grammar.prices import average_price, find_price
from tradestream_gui.alerts.grammar.quantities import entry_quantity, size_words
from tradestream_gui.alerts.grammar.scene import Draft, Scene
from tradestream_gui.alerts.grammar.verb_entries import price_on_card
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind, AlertSide


def read_bare_contract(scene: Scene) -> None:
    """A contract with a price and no verb at all: an entry only by the room's habit, else for a person to see."""
    if scene.drafts:
        return
    full = [contract for contract in scene.contracts if contract.is_full]
    if len(full) != 1:
        return
    contract = full[0]
    sentence = scene.sentence_of(contract.last)
    if sentence.asks or scene.kinds & _NOT_BARE or is_headed_otherwise(scene) or tells_state(scene, 0):
        return
    card = len(scene.sentences) > 1 and bool(scene.kinds & {W.ENTRY, W.ANNOUNCE, P.COLON})
    priced = find_price(scene, contract.first, sentence.hi, contract, False)
    if priced is None and card:
        priced = price_on_card(scene, contract)
    if priced is None and W.ANNOUNCE in scene.kinds:
        priced = average_price(scene, contract.last + 1, sentence.hi)
    if priced is None or priced.arrow:
        return
    behind = min(max(priced.last + 3, contract.last), sentence.hi)
    advice = (at for at in range(priced.last + 1, behind) if scene.kind_at(at) == W.RISK)
    around = range(sentence.lo, next(advice, behind))
    if any(scene.kind_at(at) in _NOT_BESIDE_BARE for at in around):
        return
    if any(scene.kind_at(at) == W.FILLED and scene.kind_at(at - 1) in FILLS_OF_EXITS for at in around):
        return
    guard = guard_before(scene, sentence, contract.first, ENTRY_GUARDS, LONG_WINDOW)
    if guard:
        return
    if W.NOW in scene.row[contract.last : priced.first + 1]:
        return
    draft = Draft(ActionKind.OPEN, contract.first, "bare contract with a price", contract, AlertSide.LONG)
    trigger = labelled_trigger(scene)
    if trigger is not None:
        wait_for(scene, draft, trigger)
    take_price(scene, draft, priced)
    entry_quantity(scene, draft, sentence.lo, sentence.hi)
    if draft.quantity is None and P.COUNT in scene.kinds:
        entry_quantity(scene, draft, sentence.hi, len(scene.pieces))
    draft.size_words = size_words(scene, sentence.lo, sentence.hi)
    ends = scene.kind_at(sentence.hi - 1 if scene.kind_at(sentence.hi - 1) != W.HERE else sentence.hi - 2) == W.IN
    evident = ends or scene.ping or bool(draft.size_words) or draft.quantity is not None
    evident = evident or bool(scene.kinds & _EVIDENCE)
    if not (scene.profile.bare_contract_opens or (evident and contract.said_expiry)):
        draft.doubt("BARE_CONTRACT", "a contract and a price without a word that says what to do")
    scene.drafts.append(draft)


_EVIDENCE = frozenset((W.STOP, W.TARGET, W.ANNOUNCE, W.ENTRY))
_NOT_BARE = frozenset((
    W.PAST_TIME, W.CANCEL, P.GAIN, P.PERCENT, P.ARROW, W.LOAD, W.FLOW, W.SPREAD, W.RECAP, W.PROMO, W.UNREAL, W.BUY,
    W.SELL, W.EXIT, W.ENTER, W.SELL_TO_OPEN, W.HOLD,
))  # fmt: skip


_NOT_BESIDE_BARE = frozenset((W.STATUS, W.QUESTION, W.HIT, W.PROFIT, W.POINTS, W.LOSS, W.PAST))
