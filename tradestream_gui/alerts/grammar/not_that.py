"""Corrections that set one thing against another: `oops, PUTS not calls`, `12/18 not 12/11`, `said MES, meant MNQ`."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.contract import MAX_STRIKE, Contract
from tradestream_gui.alerts.grammar.scene import Draft, Scene
from tradestream_gui.alerts.words.lexicon import W, words_of
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import ActionKind
from tradestream_gui.domain.instruments import Right

RULE = "correction of the last alert"
MAX_PIECES = 16
"""A message that says one thing for another and then goes on is no longer."""
_DATES = frozenset((P.DATE, P.SLASH))
_AROUND = frozenset((W.CORRECT, W.SELF, P.STAR, P.COLON, P.COMMA, P.DASH, W.IS, W.EXPIRY))
_SAID = words_of("said typed wrote posted put")
OF_PRICE = words_of("cost price entry fill filled paid debit premium avg average")
_WAS = frozenset((W.PAST, W.IS, P.COLON))


def read_part_not_part(scene: Scene, places: list[int]) -> bool:
    """`PUTS not calls`, `dec 18 not 11*`: a right or a date against another; `places` are the pieces that matter."""
    row = scene.row
    denials = [place for place, at in enumerate(places) if row[at] == W.NEGATION]
    if len(denials) != 1:
        return False
    meant = [at for at in places[: denials[0]] if row[at] not in _AROUND]
    denied = [at for at in places[denials[0] + 1 :] if row[at] not in _AROUND]
    if len(meant) != 1 or len(denied) != 1:
        return False
    at, other = meant[0], denied[0]
    contract = Contract(at, at)
    piece = scene.pieces[at]
    if row[at] == W.RIGHT == row[other] and isinstance(piece.value, Right) and len(piece.text) > 2:
        contract.right = piece.value
        contract.note("right", piece, RULE)
    elif row[at] in _DATES and row[other] in _DATES | {P.NUMBER} and at in scene.dates:
        expiry = scene.dates[at]
        contract.expiry, contract.said_expiry, contract.doubt = expiry.on, True, expiry.doubt
        contract.note("expiry", piece, RULE)
    else:
        return False
    scene.drafts.append(Draft(ActionKind.AMEND, at, RULE, contract))
    return True


def read_said_for_meant(scene: Scene) -> bool:
    """`I said MES I meant MNQ, same everything else`: the symbol behind "meant", with another one said before it."""
    if "meant" not in scene.words or _SAID.isdisjoint(scene.words) or len(scene.pieces) > MAX_PIECES:
        return False
    at = next(at for at, piece in enumerate(scene.pieces) if piece.text == "meant")
    meant = scene.contract_at(at + 1)
    said = next((contract for contract in scene.contracts if contract.last < at), None)
    if meant is None or said is None or meant.symbol is None or meant.symbol == said.symbol or len(scene.contracts) > 2:
        return False
    verb = next((k for k in range(said.first) if scene.pieces[k].text in _SAID), -1)
    close = 0 <= said.first - verb <= 2 and at - said.last <= 3
    own = scene.kind_at(verb - 1) in ("", W.SELF, W.CORRECT, P.COMMA) if verb >= 0 else False
    if not (close and own) or P.ASK in scene.kinds:
        return False
    scene.drafts.append(Draft(ActionKind.AMEND, at, RULE, meant))
    return True


def read_named_part(scene: Scene, solid: list[int]) -> bool:
    """`meant puts`, `strike is 592`: one part of the contract told anew, and nothing else in the message."""
    told = [at for at in solid if scene.row[at] not in _AROUND]
    corrects = W.CORRECT in scene.kinds
    if corrects and len(told) == 1 and scene.row[told[0]] == W.RIGHT and len(scene.pieces[told[0]].text) > 2:
        right = scene.pieces[told[0]]
        assert isinstance(right.value, Right)
        contract = Contract(told[0], told[0], right=right.value)
        contract.note("right", right, RULE)
    elif len(told) == 2 and scene.pieces[told[0]].text == "strike" and scene.row[told[1]] == P.NUMBER:
        strike = scene.pieces[told[1]]
        assert isinstance(strike.value, Decimal)
        if not 0 < strike.value <= MAX_STRIKE:
            return False
        contract = Contract(told[1], told[1], strike=strike.value)
        contract.note("strike", strike, RULE)
    else:
        return False
    scene.drafts.append(Draft(ActionKind.AMEND, told[0], RULE, contract))
    return True


def read_price_that_was(scene: Scene, places: list[int]) -> bool:
    """`fix: cost was 4.50, typed 4.05`: a premium told anew behind a word of correction."""
    row = scene.row
    if W.CORRECT not in row[: places[0] + 2]:
        return False
    numbers = [at for at in places if row[at] == P.NUMBER]
    if not numbers or len(numbers) > 2 or row[numbers[0] - 1] not in _WAS:
        return False
    at = numbers[0]
    piece = scene.pieces[at]
    named = scene.pieces[at - 2].text in OF_PRICE if at > 1 else False
    if not named or "." not in piece.text or not isinstance(piece.value, Decimal):
        return False
    if len(numbers) == 2 and scene.pieces[numbers[1] - 1].text not in _SAID | {"not"}:
        return False
    tail = [scene.pieces[k] for k in places if k > at and row[k] not in (P.COMMA, P.NUMBER, P.DASH, W.SELF)]
    if any(each.text not in _SAID | {"not"} for each in tail):
        return False
    draft = Draft(ActionKind.AMEND, at, RULE, price=piece.value)
    draft.note("price", piece, "corrected price")
    scene.drafts.append(draft)
    return True
