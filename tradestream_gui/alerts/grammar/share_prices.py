"""A bare symbol bought at a price with a stop a few percent below it: shares, as no option's stop is that near."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.scene import Draft, Scene
from tradestream_gui.domain.alerts import ActionKind

NEAREST_PREMIUM_STOP = Decimal("0.93")
"""Of the price: premiums move more than this within minutes, so their stops lie farther off."""
CHEAPEST_SHARE = 5
"""US dollars. Below this a few ticks are already a few percent."""
STRIKE_STEP = Decimal("0.5")
"""A number on this grid may be a strike whose call or put was not said."""
UNSURE = "ASSET_UNCLEAR"


def settle_shares(scene: Scene) -> None:
    """`Long BBAI 7.12, stop 6.88`: takes the doubt whether shares or an option are meant."""
    for draft in scene.drafts:
        if draft.kind is ActionKind.OPEN and any(doubt.code == UNSURE for doubt in draft.doubts) and _is_share(draft):
            assert draft.contract is not None
            draft.contract.shares = True
            draft.doubts = [doubt for doubt in draft.doubts if doubt.code != UNSURE]


def _is_share(draft: Draft) -> bool:
    contract, price, stop = draft.contract, draft.price, draft.stop_words
    if contract is None or contract.is_option or contract.is_root or not contract.sure:
        return False
    if not isinstance(price, Decimal) or stop is None or stop.form != "number" or stop.value is None:
        return False
    return price >= CHEAPEST_SHARE and price % STRIKE_STEP != 0 and price * NEAREST_PREMIUM_STOP <= stop.value < price
