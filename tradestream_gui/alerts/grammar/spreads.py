"""Structures of several legs: what makes an order about one of them void, as no leg of it is ever traded alone."""

from decimal import Decimal
from itertools import pairwise

from tradestream_gui.alerts.grammar.contract import Contract
from tradestream_gui.alerts.grammar.scene import Draft, Scene
from tradestream_gui.alerts.words.lexicon import W, words_of
from tradestream_gui.domain.instruments import Right


def is_spread(scene: Scene, draft: Draft) -> bool:
    """Several strikes of one symbol, or a word for a structure that is not the market's bid-ask spread."""
    if len(scene.contracts) < 2 and W.SPREAD not in scene.kinds:
        return False
    strikes: dict[str | None, set[tuple[Decimal, Right | None]]] = {}
    for contract in scene.contracts:
        if contract.is_option and contract.strike is not None:
            strikes.setdefault(contract.symbol, set()).add((contract.strike, contract.right))
    if draft.contract is not None and len(strikes.get(draft.contract.symbol, ())) > 1 and _adjoin(scene):
        return True
    if W.SPREAD not in scene.kinds:
        return False
    if not draft.kind.opens:
        return draft.contract is not None and _NAMES_SPREAD.intersection(_behind(scene, draft.contract)) != set()
    for index, piece in enumerate(scene.pieces):
        if piece.text in ("spread", "spreads") and index and scene.pieces[index - 1].text in ("wide", "tight"):
            continue
        if piece.text == "hedge" and len(scene.contracts) == 1 and _is_purpose(scene, index):
            continue
        if piece.kind == W.SPREAD and not (
            piece.text in ("spread", "spreads") and scene.kind_at(index + 1) == W.IS and draft.price is not None
        ):
            return True
    return False


_NAMES_SPREAD = words_of("spread condor butterfly strangle straddle vertical calendar diagonal pcs ccs cds pds")


def _behind(scene: Scene, contract: Contract) -> list[str]:
    """`closed my NVDA 850/840 spread`: the words right behind a contract, which may name a structure."""
    return [piece.text for piece in scene.pieces[contract.last + 1 : contract.last + 6]]


def _is_purpose(scene: Scene, index: int) -> bool:
    """`bought ... puts as a hedge`: what the one contract is for."""
    return any(piece.text == "as" for piece in scene.pieces[max(0, index - 3) : index])


def _adjoin(scene: Scene) -> bool:
    """Whether two strikes stand so close that they are legs of one structure."""
    options = [contract for contract in scene.contracts if contract.strike is not None]
    return any(
        b.first - a.last <= 3 and _OWN_VERBS.isdisjoint(scene.row[a.last + 1 : b.first]) for a, b in pairwise(options)
    )


_OWN_VERBS = frozenset((W.HOLD, W.LEAVE, W.SELL, W.BUY, W.EXIT, W.CLOSE, W.TRIM, W.ADD))
