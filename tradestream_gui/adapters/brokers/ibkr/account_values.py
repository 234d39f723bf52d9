"""An account's figures as TWS tells them one by one, and the balance that they make."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from tradestream_gui.adapters.brokers.ibkr.rows import ValueRow
from tradestream_gui.domain.accounts import Balance
from tradestream_gui.domain.ids import AccountId

DOLLARS = "USD"
"""Figures in the account's base currency are no dollars, so they are passed over where that is another one."""
CASH, NET, MARGIN, POWER = "CashBalance", "NetLiquidation", "InitMarginReq", "BuyingPower"


class AccountValues:
    """Keeps the newest figure of each kind."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str, str], Decimal] = {}

    def take(self, row: ValueRow) -> None:
        """Texts and figures that are no number are passed over."""
        try:
            self._values[row.account, row.tag, row.currency] = Decimal(row.value)
        except InvalidOperation:
            return

    def balance(self, account_id: AccountId, at: datetime) -> Balance | None:
        """None while the cash is not known; futures' open profit is no part of it."""
        cash = self._dollars(account_id, CASH)
        if cash is None:
            return None
        return Balance(
            account_id,
            at,
            cash,
            self._dollars(account_id, NET),
            self._dollars(account_id, MARGIN),
            self._dollars(account_id, POWER),
        )

    def _dollars(self, account_id: AccountId, tag: str) -> Decimal | None:
        return self._values.get((account_id, tag, DOLLARS))
