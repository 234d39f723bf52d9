"""The accounts of a log-in: their numbers, their money, and whether they may trade."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from tradestream_gui.adapters.brokers.projectx.gateway import Gateway
from tradestream_gui.adapters.brokers.projectx.mapping import mode_mismatch
from tradestream_gui.adapters.brokers.projectx.reading import read_rows
from tradestream_gui.adapters.brokers.projectx.rows import AccountRow, account_row
from tradestream_gui.domain.accounts import Account, Balance
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.ids import AccountId

BARRED = (
    "TopstepX lets the account {name} trade no more: a rule of the account was broken, or its day is over. See in "
    "TopstepX which, and unlock the account here when it may trade again"
)


class AccountList:
    """Knows each account that was set up by its name there and by its number; any other account is left alone."""

    def __init__(
        self,
        gateway: Gateway,
        accounts: Sequence[Account],
        now: Callable[[], datetime],
        tell_barred: Callable[[AccountId, str], None],
    ) -> None:
        self._gateway = gateway
        self._accounts = {account.account_id: account for account in accounts}
        self._now = now
        self._tell_barred = tell_barred
        self._rows: dict[int, AccountRow] = {}
        self._barred: set[int] = set()

    @property
    def ids(self) -> tuple[AccountId, ...]:
        return tuple(self._accounts)

    @property
    def accounts(self) -> tuple[Account, ...]:
        return tuple(self._accounts.values())

    def number(self, account_id: AccountId) -> int:
        """Raises BrokerUnreachable before the first log-in."""
        found = next((row.id for row in self._rows.values() if row.name == account_id), None)
        if found is None:
            raise BrokerUnreachable(f"TopstepX has not told the number of {account_id} yet")
        return found

    def account_id(self, number: int) -> AccountId | None:
        """None for an account that is not set up here."""
        row = self._rows.get(number)
        return None if row is None or row.name not in self._accounts else AccountId(row.name)

    def may_trade(self, number: int) -> bool:
        return number not in self._barred

    async def read(self) -> str:
        """Reads all; why the accounts must not be used, empty when each is what it was set up as."""
        rows = await read_rows(
            self._gateway, "Account/search", {"onlyActiveAccounts": False}, "accounts", account_row
        )  # fmt: skip
        by_name = {row.name: row for row in rows}
        for account in self._accounts.values():
            row = by_name.get(account.account_id)
            if row is None:
                names = ", ".join(by_name) or "none"
                return f"this TopstepX log-in has the accounts {names}; {account.account_id} is not among them"
            problem = mode_mismatch(row, account.kind)
            if problem:
                return problem
        for row in rows:
            self.take(row)
        return ""

    def take(self, row: AccountRow) -> Balance | None:
        """What an account has now; None for one that is not set up here."""
        known = self._rows.get(row.id)
        self._rows[row.id] = (
            row if row.simulated is not None or known is None else replace(row, simulated=known.simulated)
        )
        account_id = self.account_id(row.id)
        if account_id is None:
            return None
        if row.can_trade:
            self._barred.discard(row.id)
        elif row.id not in self._barred:
            self._barred.add(row.id)
            self._tell_barred(account_id, BARRED.format(name=row.name))
        return self.balance(account_id)

    def balance(self, account_id: AccountId) -> Balance:
        """The realized balance; the gateway tells neither the open profit nor the margin."""
        row = self._rows[self.number(account_id)]
        return Balance(account_id, self._now(), row.balance, None, None, None)
