"""The gateway's books read over REST: orders, trades and positions, each list whole or BrokerUnreachable."""

from datetime import datetime, timedelta
from decimal import Decimal

from tradestream_gui.adapters.brokers.projectx.accounts import AccountList
from tradestream_gui.adapters.brokers.projectx.contracts import ContractBook
from tradestream_gui.adapters.brokers.projectx.fills import FillBook
from tradestream_gui.adapters.brokers.projectx.gateway import Gateway
from tradestream_gui.adapters.brokers.projectx.mapping import signed_qty
from tradestream_gui.adapters.brokers.projectx.order_flow import OrderFlow
from tradestream_gui.adapters.brokers.projectx.reading import read_rows
from tradestream_gui.adapters.brokers.projectx.rows import (
    OrderRow,
    PositionRow,
    order_row,
    position_row,
    trade_row,
)
from tradestream_gui.adapters.brokers.projectx.tickets import Ticket
from tradestream_gui.domain.accounts import BrokerPosition
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.ports.broker import ExecutionReport
from tradestream_gui.ports.clock import Clock

USUAL_BACK = timedelta(days=8)
"""One day more than reconciliation looks back."""
FAR_BACK = timedelta(days=400)
"""For the order behind a trade that the usual look does not show: it rested for long."""
WHOLE_SECONDS = timedelta(seconds=3)
"""Our measure of the gateway's clock is good to two seconds."""


class Ledger:
    """Accounts and contracts that TradeStream does not trade are left out."""

    def __init__(
        self, *, gateway: Gateway, accounts: AccountList, contracts: ContractBook, flow: OrderFlow, fills: FillBook,
        clock: Clock,
    ) -> None:  # fmt: skip
        self._gateway = gateway
        self._accounts = accounts
        self._contracts = contracts
        self._flow = flow
        self._fills = fills
        self._clock = clock

    async def orders(self, account_id: AccountId, back: timedelta = USUAL_BACK) -> frozenset[int]:
        """Hands every order of the time to the flow, and those that are older and still work; their numbers."""
        account = self._accounts.number(account_id)
        asked = {"accountId": account, "startTimestamp": self._stamp(self._clock.now() - back)}
        working = await read_rows(self._gateway, "Order/searchOpen", {"accountId": account}, "orders", order_row)
        rows = {row.id: row for row in working}
        rows |= {row.id: row for row in await read_rows(self._gateway, "Order/search", asked, "orders", order_row)}
        for row in rows.values():
            self._flow.on_order(row)
        return frozenset(rows)

    async def find(self, account_id: AccountId, tag: str) -> Ticket | None:
        """The order of a tag, looked for far back before it counts as unknown. One that was seen and is listed no
        more is not unknown: that raises BrokerUnreachable."""
        account = self._accounts.number(account_id)
        for back in (USUAL_BACK, FAR_BACK):
            listed = await self.orders(account_id, back)
            ticket = self._flow.tickets.of_tag(account, tag)
            if ticket is not None and (ticket.is_over or ticket.row.id in listed):
                return ticket
        if ticket is not None and ticket.row.id:
            raise BrokerUnreachable(f"TopstepX showed order {tag} once and lists it no more; look in TopstepX")
        return ticket

    async def open_tickets(self, account_id: AccountId) -> list[Ticket]:
        """All that works there. What the list of open orders leaves out, as exits that sleep, is in the other one."""
        account = self._accounts.number(account_id)
        working = await read_rows(self._gateway, "Order/searchOpen", {"accountId": account}, "orders", order_row)
        asked = {"accountId": account, "startTimestamp": self._stamp(self._clock.now() - USUAL_BACK)}
        listed = await read_rows(self._gateway, "Order/search", asked, "orders", order_row)
        rows = {row.id: row for row in (*working, *listed)}
        tickets = [self._taken(row) for row in rows.values()]
        return [ticket for ticket in tickets if not ticket.is_over]

    async def trades(self, account_id: AccountId, since: datetime) -> None:
        """Hands every trade since then to the flow, after the orders behind them."""
        account = self._accounts.number(account_id)
        asked = {"accountId": account, "startTimestamp": self._stamp(since - WHOLE_SECONDS)}
        rows = await read_rows(self._gateway, "Trade/search", asked, "trades", trade_row)
        tickets = self._flow.tickets
        for back in (USUAL_BACK, FAR_BACK):
            if any(tickets.of_id(row.order_id) is None and not self._fills.knows(row.id) for row in rows):
                await self.orders(account_id, back)
        for row in sorted(rows, key=lambda row: (row.at, row.id)):
            self._flow.on_listed_trade(row)

    async def executions(self, account_id: AccountId, since: datetime) -> tuple[ExecutionReport, ...]:
        await self.trades(account_id, since)
        found = self._fills.since(account_id, since - WHOLE_SECONDS)
        return tuple(one for one in found if self._contracts.is_ours(one.instrument_id))

    async def positions(self, account_id: AccountId) -> tuple[BrokerPosition, ...]:
        asked = {"accountId": self._accounts.number(account_id)}
        rows = await read_rows(self._gateway, "Position/searchOpen", asked, "positions", position_row)
        found = (self.position(row) for row in rows)
        return tuple(one for one in found if one is not None and one.signed_qty)

    def position(self, row: PositionRow) -> BrokerPosition | None:
        """None for accounts and contracts that TradeStream does not trade."""
        account_id = self._accounts.account_id(row.account_id)
        instrument_id = self._contracts.instrument_id(row.contract_id)
        if account_id is None or not self._contracts.is_ours(instrument_id):
            return None
        avg_px = row.avg_px.quantize(Decimal("0.000001")) if row.avg_px is not None and row.size else None
        return BrokerPosition(account_id, instrument_id, signed_qty(row.type, row.size), avg_px)

    def _taken(self, row: OrderRow) -> Ticket:
        self._flow.on_order(row)
        ticket = self._flow.tickets.of_id(row.id)
        assert ticket is not None, "taken just now"
        return ticket

    def _stamp(self, at: datetime) -> str:
        """A moment of ours on the gateway's clock."""
        return (at + self._gateway.clock_offset).isoformat(timespec="milliseconds")
