"""What a broker's card says of an order that was not filled: `WORKING | Buy to open ...`, `CANCELED | ...`."""

from tradestream_gui.alerts.grammar.scene import Draft, Scene
from tradestream_gui.alerts.words.lexicon import W, words_of
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind

_UNFILLED = words_of("working pending submitted queued rejected expired placed unfilled accepted routed")
_TAKEN_BACK = words_of("cancelled canceled cxld cxled")
_MARKS = frozenset((P.PIPE, P.COLON, P.DASH, P.NEWLINE))
_BEFORE = frozenset((P.SIGN, P.MENTION, W.LABEL, W.ENTRY, P.PIPE))
_ORDERS = frozenset((W.BUY, W.SELL, W.SELL_TO_OPEN, W.EXIT, W.RESTING))


def read_unfilled(scene: Scene) -> bool:
    """Whether the message is such a card: nothing in it opens or ends a position, and a cancel is noted."""
    at = 0
    while scene.kind_at(at) in _BEFORE:
        at += 1
    if W.HYPOTHESIS in scene.kinds:
        return False  # an order that waits for its condition is one to come
    if at >= len(scene.pieces) or scene.kind_at(at + 1) not in _MARKS or scene.kinds.isdisjoint(_ORDERS):
        return False
    word = scene.pieces[at].text
    if word in _TAKEN_BACK:
        contract = next((one for one in scene.contracts if one.is_full), next(iter(scene.contracts), None))
        draft = Draft(ActionKind.CANCEL, at, "card of a cancelled order", contract)
        draft.note("action", scene.pieces[at], draft.rule)
        scene.drafts.append(draft)
    return word in _TAKEN_BACK or word in _UNFILLED
