"""A ledger that lives as long as its object: for replay, the demo and simulations."""

from tradestream_gui.adapters.brokers.paper.state import LedgerState, PaperAccount, PaperExecution, PaperOrder
from tradestream_gui.domain.ids import AccountId, OrderId


class MemoryLedger:
    """Keeps the newest state of accounts and orders and every execution; closing it loses nothing."""

    def __init__(self) -> None:
        self._accounts: dict[AccountId, PaperAccount] = {}
        self._orders: dict[OrderId, PaperOrder] = {}
        self._executions: list[PaperExecution] = []

    async def load(self) -> LedgerState:
        return LedgerState(tuple(self._accounts.values()), tuple(self._orders.values()), tuple(self._executions))

    async def save(self, changes: LedgerState) -> None:
        self._accounts.update((account.account_id, account) for account in changes.accounts)
        self._orders.update((order.order_id, order) for order in changes.orders)
        self._executions.extend(changes.executions)

    async def close(self) -> None:
        return
