"""Asks TWS what an order would cost: an order form with its what-if mark, which is judged there and never placed."""

from collections.abc import Collection
from typing import Any

from ib_insync import order as tws_order

from tradestream_gui.adapters.brokers.ibkr.connection import Connection, RequestRefused
from tradestream_gui.adapters.brokers.ibkr.contracts import ContractBook, tws_contract
from tradestream_gui.adapters.brokers.ibkr.mapping import ORD_TYPES, InstrumentLookup, plain
from tradestream_gui.adapters.brokers.ibkr.rows import MarginRow
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.errors import BrokerRejected
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.orders import OrdType
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ports.broker_costs import BrokerCosts

OrderForm: Any = tws_order.Order
"""Its annotations ask for floats; it writes texts as they are."""
LIMITED = (OrdType.LIMIT, OrdType.STOP_LIMIT)
TRIGGERED = (OrdType.STOP, OrdType.STOP_LIMIT)


class Preview:
    """The only place that sends a what-if. It bears no reference of ours: nothing could take it for an order."""

    def __init__(
        self, connection: Connection, contracts: ContractBook, instrument_of: InstrumentLookup,
        accounts: Collection[AccountId],
    ) -> None:  # fmt: skip
        self._connection = connection
        self._contracts = contracts
        self._instrument_of = instrument_of
        self._accounts = frozenset(accounts)

    async def costs(self, ticket: EntryTicket) -> BrokerCosts:
        """See CostPreview."""
        instrument = self._instrument_of(ticket.instrument_id)
        if instrument is None or ticket.account_id not in self._accounts:
            name = named(ticket.instrument_id)
            raise BrokerRejected(f"nobody knows the contract {name} or the account {ticket.account_id}")
        details = await self._contracts.details(instrument)
        contract, wanted = tws_contract(details), _form(ticket, outside_rth=details.contract.sec_type == "FUT")

        def send(client: Any, number: int) -> None:
            client.placeOrder(number, contract, wanted)

        try:
            rows = await self._connection.request(send)
        except RequestRefused as error:
            raise BrokerRejected(f"TWS would refuse this order, or does not say what it costs: {error}") from error
        (row,) = (row for row in rows if isinstance(row, MarginRow))
        if row.currency not in ("", "USD"):
            raise BrokerRejected(f"TWS tells the costs in {row.currency}; only dollars are shown here")
        return BrokerCosts(row.initial_margin, row.maintenance_margin, row.equity_after, row.commission, row.words)


def _form(ticket: EntryTicket, *, outside_rth: bool) -> Any:
    return OrderForm(
        account=ticket.account_id,
        action=ticket.side.value,
        totalQuantity=ticket.order_qty,
        orderType=ORD_TYPES[ticket.ord_type],
        lmtPrice=plain(ticket.limit_price if ticket.ord_type in LIMITED else None),
        auxPrice=plain(ticket.stop_price if ticket.ord_type in TRIGGERED else None),
        tif=ticket.time_in_force.value,
        outsideRth=outside_rth,
        whatIf=True,
    )
