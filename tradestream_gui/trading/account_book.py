"""Accounts with their trading state and balances; the only writer of them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import Account, AccountState, Balance, TradingState
from tradestream_gui.domain.events import AccountStateChanged, BalanceChanged
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.journal import Journal

SENTENCE_WANTED = "entries need the sentence again"


class AccountBook:
    """Owns account states. LOCKED is left only by `release` or when its time has come; it survives a restart.

    A guarded account is ACTIVE only after `open_entries` in this run: whatever else would open it, a stored state, a
    comparison or the end of a lock, leaves it REDUCING.
    """

    def __init__(self, bus: EventBus, clock: Clock, journal: Journal, clean: Callable[[str], str] = str) -> None:
        """`clean` takes out of a reason what no database and no screen may hold."""
        self._clean = clean
        self._bus = bus
        self._clock = clock
        self._journal = journal
        self._accounts: dict[AccountId, Account] = {}
        self._states: dict[AccountId, AccountState] = {}
        self._balances: dict[AccountId, Balance] = {}
        self._opened: set[AccountId] = set()
        self._uncompared: set[AccountId] = set()
        self._barred: set[AccountId] = set()
        self._timed: dict[AccountId, AccountState] = {}
        """The last lock with an end of each account: over before that for nobody, whatever came on top of it."""

    def restore(
        self, accounts: Iterable[Account], states: Iterable[AccountState], timed: Iterable[AccountState] = ()
    ) -> None:
        """`timed`: the last states that had an end."""
        self._accounts = {account.account_id: account for account in accounts}
        self._timed = {state.account_id: state for state in timed}
        self._states = {state.account_id: self._allowed(state) for state in states}

    def add(self, account: Account) -> None:
        if self._accounts.get(account.account_id) != account:
            self._accounts[account.account_id] = account
            self._journal.append([account])
        if account.account_id not in self._states:
            self._put(AccountState(account.account_id, TradingState.STARTING, "starting", self._clock.now()))

    def bar(self, account: Account, reason: str) -> None:
        """Shows an account that is not traded in this run; nothing of it is stored and nothing opens it."""
        account_id = account.account_id
        self._accounts[account_id] = account
        self._states[account_id] = AccountState(account_id, TradingState.HALTED, reason, self._clock.now())
        self._barred.add(account_id)
        self._bus.publish(AccountStateChanged(self._states[account_id]))

    def is_barred(self, account_id: AccountId) -> bool:
        return account_id in self._barred

    def accounts(self) -> tuple[Account, ...]:
        return tuple(self._accounts.values())

    def account(self, account_id: AccountId) -> Account:
        return self._accounts[account_id]

    def state(self, account_id: AccountId) -> AccountState:
        return self._states[account_id]

    def balance(self, account_id: AccountId) -> Balance | None:
        return self._balances.get(account_id)

    def may_open(self, account_id: AccountId, *, is_test: bool = False) -> bool:
        """Whether an entry may go; the order of an unlock test may also while the account only reduces."""
        state = self._states[account_id].trading_state
        return state is TradingState.ACTIVE or (is_test and state is TradingState.REDUCING)

    def on_balance(self, balance: Balance) -> None:
        """It is asked for again and again: what is as before is neither stored nor shown anew."""
        before = self._balances.get(balance.account_id)
        self._balances[balance.account_id] = balance
        if before is None or replace(before, at=balance.at) != balance:
            self._bus.publish(BalanceChanged(balance))

    def set_state(
        self, account_id: AccountId, state: TradingState, reason: str, *, locked_until: datetime | None = None
    ) -> None:
        """Moves an account to a state; LOCKED and HALTED are not undone by milder states, see `release`.

        What a person must look at no lock ends by itself: a lock laid over it has no end, and one that has an end
        loses it when such a reason comes.
        """
        now, reason = self._states.get(account_id), self._clean(reason)
        self._note_comparison(account_id, state)
        if now is not None and _ends_by_itself(now) and state in (TradingState.REDUCING, TradingState.HALTED):
            self._put(replace(now, reason=f"{now.reason}; {reason}", locked_until=None))
            return
        if now is not None and (_holds_against(now, state) or _says(now) == (state, reason, locked_until)):
            return
        if now is not None and _waits_for_a_person(now):
            self._keep_end(AccountState(account_id, state, reason, self._clock.now(), locked_until))
            locked_until = None
        elif now is not None and _ends_by_itself(now) and locked_until is not None and now.locked_until is not None:
            locked_until = max(locked_until, now.locked_until)
        self._put(AccountState(account_id, state, reason, self._clock.now(), locked_until))

    def timed_lock(self, account_id: AccountId) -> AccountState | None:
        """The lock of a lost day, which ends with the day, while that has not come."""
        state = self._timed.get(account_id)
        is_over = state is None or state.locked_until is None or state.locked_until <= self._clock.now()
        return None if is_over else state

    def release(self, account_id: AccountId, reason: str) -> None:
        """Opens a HALTED, REDUCING or LOCKED account again, by a person's act or because its time has come. One that
        has not been compared with its broker since its link was lost is compared first. A day that is lost stays
        lost: only what had come on top of its lock ends."""
        timed = self.timed_lock(account_id)
        if timed is not None:
            self._put(replace(timed, since=self._clock.now()))
            return
        state = TradingState.RECONCILING if account_id in self._uncompared else TradingState.ACTIVE
        self._put(AccountState(account_id, state, reason, self._clock.now()))

    def open_entries(self, account_id: AccountId, reason: str) -> None:
        """A person has typed the sentence: the account takes entries until the program ends."""
        self._opened.add(account_id)
        self.release(account_id, reason)

    def close_entries(self, account_id: AccountId, reason: str) -> None:
        """Back to before the sentence; a graver state stays."""
        self._opened.discard(account_id)
        self.set_state(account_id, TradingState.REDUCING, reason)

    def is_opened(self, account_id: AccountId) -> bool:
        """True once the sentence was typed for the account in this run."""
        return account_id in self._opened

    async def store_state(self, account_id: AccountId) -> None:
        """Durable on return: a lock must outlive what follows it."""
        await self._journal.commit([self._states[account_id]])

    def _note_comparison(self, account_id: AccountId, wanted: TradingState) -> None:
        if wanted is TradingState.RECONCILING:
            self._uncompared.add(account_id)
        elif wanted is TradingState.ACTIVE:
            self._uncompared.discard(account_id)

    def _allowed(self, state: AccountState) -> AccountState:
        """The state itself, or what stands in its place where nobody has opened a guarded account."""
        account = self._accounts.get(state.account_id)
        is_shut = account is not None and account.kind.is_guarded and state.account_id not in self._opened
        if state.trading_state is not TradingState.ACTIVE or not is_shut:
            return state
        return replace(state, trading_state=TradingState.REDUCING, reason=SENTENCE_WANTED)

    def _keep_end(self, state: AccountState) -> None:
        """The day is lost also while a person has to look at something else: stored in the history of states."""
        if state.locked_until is not None:
            self._timed[state.account_id] = state
            self._journal.append([state])

    def _put(self, state: AccountState) -> None:
        state = self._allowed(state)
        if state.account_id in self._barred or self._states.get(state.account_id) == state:
            return
        if state.locked_until is not None:
            self._timed[state.account_id] = state
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
