"""Why an outage cannot be practised now: what is not simulated is never touched."""

from collections.abc import Iterable

from tradestream_gui.domain.accounts import Account, AccountKind, AccountState, TradingState
from tradestream_gui.domain.drills import DrillKind


def refusal(
    kind: DrillKind, account: Account, state: AccountState, all_accounts: Iterable[Account], *, has_prices: bool
) -> str:
    """Words, or nothing when it can be. Prices and the program are shared by all accounts, the simulator's link not."""
    if account.kind is not AccountKind.SIMULATOR:
        return f"{account.name} is a {account.kind.value} account: a drill never touches it. Choose the simulator."
    guarded = [each.name for each in all_accounts if each.kind.is_guarded]
    if guarded and kind is not DrillKind.LINK:
        names = ", ".join(guarded)
        return f"{names} would be without prices or without the program too, and a drill never touches it."
    if state.trading_state is not TradingState.ACTIVE:
        words = "It takes no entries anyway, so nothing could be said of them: resume it first."
        return f"{account.name} is {state.trading_state.value}: {state.reason}. {words}"
    if kind is DrillKind.FEED and not has_prices:
        return "No prices have come in yet, so there is nothing to silence."
    return ""
