"""What a reading must satisfy before it may act: sane numbers, the stop on its side, a named right, clean text."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.contract import Contract
from tradestream_gui.alerts.grammar.prices import MAX_PRICE
from tradestream_gui.alerts.grammar.scene import Draft
from tradestream_gui.domain.alerts import ActionKind, AlertSide, Level, LevelUnit, PriceRange

MOST_PREMIUM = 15
"""US dollars. Dearer options are rare; from here on a bare symbol's price is as likely a share's."""


def check_entry(draft: Draft) -> None:
    """Notes a doubt for each thing about an opening draft that only a person can settle."""
    contract = draft.contract
    if contract is not None:
        if contract.doubt:
            draft.doubt("EXPIRY_UNCLEAR", contract.doubt)
        if contract.strike is not None and contract.right is None:
            draft.doubt("RIGHT_MISSING", f"strike {contract.strike} without call or put")
        lacks_strike = contract.right is not None and contract.strike is None and contract.symbol is not None
        if lacks_strike and draft.kind is not ActionKind.ADD:
            draft.doubt("STRIKE_MISSING", f"{contract.symbol} is an option without a strike")
        if contract.symbol is not None and not contract.sure and not contract.is_full:
            draft.doubt("SYMBOL_UNKNOWN", f"{contract.symbol} is not a known symbol")
        _check_asset(draft, contract)
    low, high = _bounds(draft)
    if high is not None and low is not None:
        if not 0 < low <= high < MAX_PRICE:
            draft.doubt("PRICE_ABSURD", f"the price {high} is out of range")
        elif (
            contract is not None
            and contract.strike is not None
            and contract.right is not None
            and high >= contract.strike
        ):
            draft.doubt("PRICE_ABSURD", f"{high} is no premium of a {contract.strike} strike")
        _check_stop_side(draft, low, high)
        _check_targets(draft, high)


def check_levels_of_closed(drafts: list[Draft]) -> None:
    """A stop for what the same message closes belongs to something that was not understood."""
    closed = [draft.contract for draft in drafts if draft.kind is ActionKind.CLOSE]
    for draft in drafts:
        if draft.kind not in (ActionKind.SET_STOP, ActionKind.SET_TARGET) or draft.contract is None:
            continue
        if any(other is not None and other.symbol == draft.contract.symbol for other in closed):
            draft.doubt("LEVEL_OF_CLOSED", f"a level for {draft.contract.symbol}, which the message closes")


def _check_asset(draft: Draft, contract: Contract) -> None:
    """`Back in SOFI 24.90`: the price of a share as well as of an option that was named before."""
    bare = contract.symbol is not None and not (contract.is_option or contract.is_root or contract.shares)
    if bare and draft.kind is ActionKind.OPEN and isinstance(draft.price, Decimal) and draft.price > MOST_PREMIUM:
        draft.doubt("ASSET_UNCLEAR", f"{draft.price} may be a share of {contract.symbol} or an option on it")


def _bounds(draft: Draft) -> tuple[Decimal | None, Decimal | None]:
    if isinstance(draft.price, PriceRange):
        return draft.price.low, draft.price.high
    return draft.price, draft.price


def _check_stop_side(draft: Draft, low: Decimal, high: Decimal) -> None:
    stop = draft.stop
    if stop is None or stop.unit is not LevelUnit.PRICE or stop.value is None:
        return
    short = draft.side is AlertSide.SHORT
    if stop.value >= low if not short else stop.value <= high:
        draft.doubt("STOP_WRONG_SIDE", f"the stop {stop.value} is on the wrong side of the entry {high}")


def _check_targets(draft: Draft, price: Decimal) -> None:
    short = draft.side is AlertSide.SHORT
    own = [level for level in draft.targets if level.unit is LevelUnit.PRICE and level.value is not None]
    wrong = [level for level in own if _is_behind(level, price, short)]
    if wrong and len(wrong) == len(own) and draft.kind is ActionKind.OPEN:
        draft.doubt("TARGET_WRONG_SIDE", f"the target {wrong[0].value} is on the wrong side of the entry {price}")


def _is_behind(level: Level, price: Decimal, short: bool) -> bool:
    assert level.value is not None
    return level.value >= price if short else level.value <= price
