"""Accounts with their trading state and balances; the only writer of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import Account, AccountState, Balance, TradingState
from tradestream_gui.domain.events import AccountStateChanged, BalanceChanged
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.journal import Journal


class AccountBook:
    """Owns account states. LOCKED is left only by `unlock` or when its time has come; it survives a restart."""

    def __init__(self, bus: EventBus, clock: Clock, journal: Journal) -> None:
        self._bus = bus
        self._clock = clock
        self._journal = journal
        self._accounts: dict[AccountId, Account] = {}
        self._states: dict[AccountId, AccountState] = {}
        self._balances: dict[AccountId, Balance] = {}

    def restore(self, accounts: Iterable[Account], states: Iterable[AccountState]) -> None:
        self._accounts = {account.account_id: account for account in accounts}
        self._states = {state.account_id: state for state in states}

    def add(self, account: Account) -> None:
        if self._accounts.get(account.account_id) != account:
            self._accounts[account.account_id] = account
            self._journal.append([account])
        if account.account_id not in self._states:
            self._put(AccountState(account.account_id, TradingState.STARTING, "starting", self._clock.now()))

    def accounts(self) -> tuple[Account, ...]:
        return tuple(self._accounts.values())

    def account(self, account_id: AccountId) -> Account:
        return self._accounts[account_id]

    def state(self, account_id: AccountId) -> AccountState:
        return self._states[account_id]

    def balance(self, account_id: AccountId) -> Balance | None:
        return self._balances.get(account_id)

    def may_open(self, account_id: AccountId) -> bool:
        return self._states[account_id].trading_state is TradingState.ACTIVE

    def on_balance(self, balance: Balance) -> None:
        self._balances[balance.account_id] = balance
        self._bus.publish(BalanceChanged(balance))

    def set_state(
        self, account_id: AccountId, state: TradingState, reason: str, *, locked_until: datetime | None = None
    ) -> None:
        """Moves an account to a state; LOCKED and HALTED are not undone by milder states, see `release`.

        What a person must look at no lock ends by itself: a lock laid over it has no end, and one that has an end
        loses it when such a reason comes.
        """
        now = self._states.get(account_id)
        if now is not None and _ends_by_itself(now) and state in (TradingState.REDUCING, TradingState.HALTED):
            self._put(replace(now, reason=f"{now.reason}; {reason}", locked_until=None))
            return
        if now is not None and (_holds_against(now, state) or _says(now) == (state, reason, locked_until)):
            return
        if now is not None and state is TradingState.LOCKED and _waits_for_a_person(now):
            locked_until = None
        self._put(AccountState(account_id, state, reason, self._clock.now(), locked_until))

    def release(self, account_id: AccountId, reason: str) -> None:
        """Opens a HALTED, REDUCING or LOCKED account again, by a person's act or because its time has come."""
        self._put(AccountState(account_id, TradingState.ACTIVE, reason, self._clock.now()))

    async def store_state(self, account_id: AccountId) -> None:
        """Durable on return: a lock must outlive what follows it."""
        await self._journal.commit([self._states[account_id]])

    def _put(self, state: AccountState) -> None:
        if self._states.get(state.account_id) == state:
            return
        self._states[state.account_id] = state
        self._journal.append([state])
        self._bus.publish(AccountStateChanged(state))


def _says(state: AccountState) -> tuple[TradingState, str, datetime | None]:
    return state.trading_state, state.reason, state.locked_until


_SEVERITY = {
    TradingState.STARTING: 0,
    TradingState.RECONCILING: 0,
    TradingState.ACTIVE: 1,
    TradingState.REDUCING: 2,
    TradingState.HALTED: 3,
    TradingState.LOCKED: 4,
}


def _holds_against(now: AccountState, wanted: TradingState) -> bool:
    """True when the present state is graver than the wanted one: only `release` leads out of it."""
    return now.trading_state in (TradingState.REDUCING, TradingState.HALTED, TradingState.LOCKED) and (
        _SEVERITY[wanted] < _SEVERITY[now.trading_state]
    )


def _ends_by_itself(state: AccountState) -> bool:
    return state.trading_state is TradingState.LOCKED and state.locked_until is not None


def _waits_for_a_person(state: AccountState) -> bool:
    """True where only a person's act opens the account again."""
    stops = state.trading_state in (TradingState.REDUCING, TradingState.HALTED, TradingState.LOCKED)
    return stops and state.locked_until is None
