"""Corrections of the author's last alert: a lone fragment, a trailing star, "is the date", "2.1 not 1.2"."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.contract import MAX_STRIKE, Contract
from tradestream_gui.alerts.grammar.not_that import (
    OF_PRICE,
    read_named_part,
    read_part_not_part,
    read_price_that_was,
    read_said_for_meant,
)
from tradestream_gui.alerts.grammar.prices import MIN_INDEX
from tradestream_gui.alerts.grammar.scene import Draft, LevelWords, Scene
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind

MAX_PIECES = 8
MAX_STARS = 3
"""A longer run of stars is ornament."""
SMALL = 20
"""A starred number with decimals below this is a price; any other is a strike."""
"""A correction is short; a longer text that corrects is read as what it says."""


def read_amendment(scene: Scene) -> bool:
    """Adds an AMEND draft when the whole message is a correction; whether it did."""
    if len(scene.pieces) > MAX_PIECES and scene.kinds.isdisjoint(_LENGTHENS):
        return False
    if W.CORRECT in scene.kinds and read_said_for_meant(scene):
        return True
    row = scene.row
    end = len(scene.pieces)
    if P.NEWLINE in scene.kinds and W.CORRECT in row[:2] and len(scene.sentences) > 2:
        end = scene.sentences[1].hi
    places = [at for at in range(end) if row[at] not in _FILLERS]
    if len(places) > 1 and P.STAR in scene.kinds and _starred_head(scene, places):
        return True
    if W.CORRECT in scene.kinds and 0 < len(places) <= MAX_PIECES + 4 and read_price_that_was(scene, places):
        return True
    if not places or len(places) > MAX_PIECES:
        return False
    if W.NEGATION in scene.kinds and read_part_not_part(scene, places):
        return True
    if len(scene.contracts) > 1:
        return _read_this_not_that(scene, places)
    solid = [(at, scene.pieces[at]) for at in places]
    starred = P.STAR in (solid[0][1].kind, solid[-1][1].kind)
    solid = [(i, piece) for i, piece in solid if piece.kind != P.STAR]
    if not solid:
        return False
    contract = scene.contracts[0] if scene.contracts else None
    within = contract is not None and all(i in scene.used or p.kind == W.EXPIRY for i, p in solid)
    corrects = any(piece.kind == W.CORRECT for _, piece in solid)
    if contract is None and read_named_part(scene, [i for i, _ in solid]):
        return True
    if contract is None:
        return _read_level_correction(scene, [i for i, _ in solid])
    if within and not starred and not _is_fragment(contract.symbol, contract.strike is not None):
        return False
    denied = next((i for i, p in solid if p.kind == W.NEGATION), len(scene.pieces))
    if not within and not (corrects and all(i in scene.used or i > denied or p.kind in _AROUND for i, p in solid)):
        return False
    draft = Draft(ActionKind.AMEND, solid[0][0], "correction of the last alert", contract)
    scene.drafts.append(draft)
    return True


def _starred_head(scene: Scene, solid: list[int]) -> bool:
    """`QQQ*`, `766*` at the head of a message that goes on with a footer."""
    star = next((place for place, i in enumerate(solid) if scene.kind_at(i) == P.STAR), 0)
    if not 1 <= star <= 4 or not scene.pieces[solid[star]].glued:
        return False
    head = solid[:star]
    draft = Draft(ActionKind.AMEND, head[0], "correction of the last alert")
    piece = scene.pieces[head[-1]]
    contract = scene.contract_at(head[-1])
    if contract is not None and all(i in scene.used for i in head):
        draft.contract = contract
        if W.NEGATION in scene.kinds:
            scene.contracts[:] = [contract]
    elif len(head) == 1 and piece.kind == P.NUMBER and isinstance(piece.value, Decimal):
        if not 0 < piece.value <= MAX_STRIKE or scene.row.count(P.STAR) > MAX_STARS:
            return False
        if "." in piece.text and piece.value < SMALL:
            draft.price = piece.value
            draft.note("price", piece, "corrected price")
        else:
            draft.contract = Contract(head[0], head[0], strike=piece.value)
            draft.contract.note("strike", piece, "corrected strike")
    else:
        return False
    scene.drafts.append(draft)
    return True


def _read_this_not_that(scene: Scene, solid: list[int]) -> bool:
    """`typo, 669p not 696p`: the first of two contracts is meant."""
    meant, denied = scene.contracts[0], scene.contracts[1]
    between = [scene.kind_at(at) for at in range(meant.last + 1, denied.first)]
    if len(scene.contracts) != 2 or W.NEGATION not in between:
        return False
    if not all(i in scene.used or scene.kind_at(i) in _AROUND for i in solid):
        return False
    scene.contracts.remove(denied)
    scene.drafts.append(Draft(ActionKind.AMEND, meant.first, "correction of the last alert", meant))
    return True


def _read_level_correction(scene: Scene, solid: list[int]) -> bool:
    """`stop 2.1 not 1.2`, `entry revised 2.2`: the corrected field with its right value."""
    kinds = [scene.kind_at(i) for i in solid]
    priced = False
    while kinds and kinds[0] in _LEADS:
        kinds, solid = kinds[1:], solid[1:]
    if kinds[:1] == [W.CORRECT] and len(kinds) > 1:
        kinds, solid = [*kinds[1:], kinds[0]], [*solid[1:], solid[0]]
    while kinds and kinds[0] != W.ENTRY and (kinds[0] in _LEADS or scene.pieces[solid[0]].text in OF_PRICE):
        priced = priced or scene.pieces[solid[0]].text in OF_PRICE
        kinds, solid = kinds[1:], solid[1:]
    if kinds[:3] == [P.NUMBER, W.NEGATION, P.NUMBER] and (priced or W.CORRECT in kinds[3:]):
        return _read_price_correction(scene, solid[0], solid[2])
    if not kinds or kinds[0] not in (W.STOP, W.TARGET, W.ENTRY):
        return False
    negated = len(kinds) == 4 and kinds[1:] == [P.NUMBER, W.NEGATION, P.NUMBER]
    revised = W.CORRECT in kinds and kinds.count(P.NUMBER) == 1 and all(k in _AROUND or k == kinds[0] for k in kinds)
    if not (negated or revised):
        return False
    at = next(i for i in solid if scene.kind_at(i) == P.NUMBER)
    value = scene.pieces[at].value
    assert isinstance(value, Decimal)
    draft = Draft(ActionKind.AMEND, solid[0], "correction of a level")
    level = LevelWords("number", value, at, scene.pieces[at].dollar, rule="corrected level")
    if kinds[0] == W.STOP:
        draft.stop_words = level
        draft.note("sl", scene.pieces[at], level.rule)
    elif kinds[0] == W.TARGET:
        draft.target_words = (level,)
        draft.note("pts", scene.pieces[at], level.rule)
    else:
        draft.price = value
        draft.note("price", scene.pieces[at], level.rule)
    scene.drafts.append(draft)
    return True


def _read_price_correction(scene: Scene, meant: int, denied: int) -> bool:
    """`.86 not .68 typo`, `I meant 6805 not 6850`: two prices of one size, of which the first is right."""
    right, wrong = scene.pieces[meant], scene.pieces[denied]
    if not isinstance(right.value, Decimal) or not isinstance(wrong.value, Decimal):
        return False
    premiums = "." in right.text and "." in wrong.text and right.value < SMALL
    if not premiums and not (right.value >= MIN_INDEX and abs(right.value - wrong.value) * 10 < right.value):
        return False
    draft = Draft(ActionKind.AMEND, meant, "correction of the last alert", price=right.value)
    draft.note("price", right, "corrected price")
    scene.drafts.append(draft)
    return True


def _is_fragment(symbol: str | None, has_strike: bool) -> bool:
    """A strike with its right and nothing else corrects the last alert; a full contract alone does not."""
    return symbol is None and has_strike


_FILLERS = frozenset((P.MENTION, P.SIGN, P.END, P.NEWLINE, P.OPENING, P.CLOSING))
_LEADS = frozenset((P.COLON, P.COMMA, P.DASH, W.SELF, W.PAST, W.IS))
_LENGTHENS = _FILLERS | {P.STAR, W.CORRECT}
_AROUND = frozenset(
    (W.TO, W.IS, P.OTHER, W.CORRECT, W.EXPIRY, P.COLON, P.DASH, W.NEGATION, P.NUMBER, W.SELF, W.STOP, P.COMMA,
     P.STAR, W.ON, W.HERE, W.FOR)
)
