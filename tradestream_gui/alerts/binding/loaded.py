"""Entries that name no contract ("in at 1.34"): built from the alert replied to, or from the one just loaded."""

import re
from dataclasses import replace
from decimal import Decimal

from tradestream_gui.alerts.binding.binding import Book, Prepared
from tradestream_gui.alerts.binding.intents import Hold, WithdrawIntent
from tradestream_gui.domain.alerts import AlertAction

LOADING = re.compile(r"\bload(?:ing|ed)?(?:\s+up)?\b", re.IGNORECASE)
"""Words that prepare a contract without buying it."""

FILL_SHARE = Decimal("0.25")
"""How far an author's own fill may lie from the price that was called."""


def as_if_bought(text: str) -> str | None:
    """The text of a loading message as an entry, to read its contract from; None when nothing is loaded."""
    bought, count = LOADING.subn("BTO", text, count=1)
    return bought if count else None


def with_contract(action: AlertAction, book: Book) -> tuple[AlertAction, tuple[WithdrawIntent, ...]] | Hold:
    """The action with its contract, and the card that it comes in place of; exactly one prepared alert must fit."""
    if action.symbol is not None:
        return action, ()
    replied = [one for one in book.prepared if one.message_key in book.replies]
    fitting = replied or ([] if book.replies else [one for one in book.prepared if _fits(action, one)])
    if not fitting:
        return Hold("NO_SYMBOL", "the alert names no instrument and none was loaded in the last minutes")
    if len({(one.action.symbol, one.action.strike, one.action.right, one.action.expiry) for one in fitting}) > 1:
        listed = ", ".join(str(one.action.symbol) for one in fitting)
        return Hold("WHICH_CONTRACT", f"the alert names no instrument and several were loaded: {listed}")
    last = fitting[-1]
    words = "its entry has come"
    return _built_from(action, last.action), (WithdrawIntent(last.message_key, words),) if last.is_card else ()


def reports_fill(action: AlertAction, called: AlertAction) -> bool:
    """Whether an entry without a contract ("filled .95") tells the author's own fill of the alert just called."""
    if action.symbol is not None or called.symbol is None or action.again:
        return False
    if action.strike not in (None, called.strike) or action.right not in (None, called.right):
        return False
    if not isinstance(action.price, Decimal) or not isinstance(called.price, Decimal):
        return action.price is None or called.price is None
    return abs(action.price - called.price) <= called.price * FILL_SHARE


def _fits(action: AlertAction, prepared: Prepared) -> bool:
    return (action.strike is None or action.strike == prepared.action.strike) and (
        action.right is None or action.right is prepared.action.right
    )


def _built_from(action: AlertAction, loaded: AlertAction) -> AlertAction:
    """What the entry says itself wins; the contract, and exits it is silent on, come from the loaded alert."""
    return replace(
        action,
        asset=loaded.asset,
        side=loaded.side,
        symbol=loaded.symbol,
        strike=loaded.strike,
        right=loaded.right,
        expiry=action.expiry or loaded.expiry,
        price=action.price if action.price is not None or action.at_market else loaded.price,
        quantity=action.quantity or loaded.quantity,
        stop=action.stop or loaded.stop,
        targets=action.targets or loaded.targets,
        size_words=action.size_words or loaded.size_words,
    )
