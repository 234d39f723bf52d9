"""Interactive Brokers behind the Broker port, over TWS or IB Gateway."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tradestream_gui.adapters.brokers.ibkr.connection import Connection
from tradestream_gui.adapters.brokers.ibkr.contracts import ContractBook, tws_contract
from tradestream_gui.adapters.brokers.ibkr.hearing import Row
from tradestream_gui.adapters.brokers.ibkr.ledger import Ledger
from tradestream_gui.adapters.brokers.ibkr.mapping import ORD_TYPES, InstrumentLookup
from tradestream_gui.adapters.brokers.ibkr.order_flow import OrderFlow
from tradestream_gui.adapters.brokers.ibkr.order_form import changed, form, sheet
from tradestream_gui.adapters.brokers.ibkr.rows import ErrorRow, PositionRow, ValueRow
from tradestream_gui.adapters.brokers.ibkr.tickets import Terms, Ticket
from tradestream_gui.domain.accounts import Account, Balance, BrokerPosition
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.domain.ids import AccountId, ClOrdId
from tradestream_gui.domain.orders import Order, OrdType, TimeInForce
from tradestream_gui.ports.broker import BrokerCapabilities, BrokerSink, ExecutionReport, LinkState, OrderReport
from tradestream_gui.ports.clock import Clock, Tasks

NAME = "ibkr"
CAPABILITIES = BrokerCapabilities(
    linked_exits=False,
    client_ids=True,
    replace=True,
    ord_types=frozenset(OrdType),
    times_in_force=frozenset(TimeInForce),
)
_log = logging.getLogger(__name__)


class IbkrBroker:
    """One log-in with the accounts that were set up; any other account of it is left alone.

    Exits are not linked there: a reduce group shrinks its members in proportion, and an amendment that crosses a
    target's fill would make the stop larger than the position. An `oca_group` is sent as it is given, though.
    """

    def __init__(
        self,
        *,
        connection: Connection,
        contracts: ContractBook,
        accounts: Sequence[Account],
        instrument_of: InstrumentLookup,
        clock: Clock,
        tasks: Tasks,
        name: str = NAME,
    ) -> None:
        self._name = name
        self._connection = connection
        self._contracts = contracts
        self._accounts = {account.account_id: account for account in accounts}
        self._instrument_of = instrument_of
        self._clock = clock
        self._tasks = tasks
        self._flow = OrderFlow(
            connection=connection, clock=clock, tasks=tasks, commission_s=connection.timing.commission_s
        )
        self._ledger = Ledger(
            connection=connection,
            contracts=contracts,
            accounts=tuple(self._accounts),
            instrument_of=instrument_of,
            fills=self._flow.fills,
            clock=clock,
            tasks=tasks,
        )
        self._sink: BrokerSink | None = None
        self._sent: set[tuple[str, str]] = set()
        self._connecting = asyncio.Lock()
        connection.listen(self)

    @property
    def name(self) -> str:
        return self._name

    @property
    def capabilities(self) -> BrokerCapabilities:
        return CAPABILITIES

    async def connect(self, sink: BrokerSink) -> None:
        """Logs in and reads the books; only then the link is up. Calling again after a loss takes it up again."""
        async with self._connecting:
            self._sink = sink
            self._flow.tell_to(sink)
            self._ledger.tell_to(sink)
            if self._connection.state is LinkState.UP:
                return
            await self._connection.open()
            try:
                await self._read_books()
            except BrokerUnreachable as error:
                self._connection.drop(str(error))
                raise
            self._connection.up()

    async def close(self) -> None:
        self._connection.close()

    async def accounts(self) -> tuple[Account, ...]:
        self._require_up()
        return tuple(self._accounts.values())

    # -- orders --------------------------------------------------------------------------------------------

    async def place(self, order: Order) -> None:
        await self._send(order, transmit=True)

    async def place_bracket(self, entry: Order, exits: Sequence[Order]) -> None:
        """Sends an entry with the exits that wake when it fills. TWS holds all of it back until the last leg comes,
        so that no leg ever works without the others."""
        parent = await self._send(entry, transmit=False)
        for leg in exits:
            await self._send(leg, transmit=leg is exits[-1], parent_id=parent.row.order_id)

    async def cancel(self, account_id: AccountId, cl_ord_id: ClOrdId) -> None:
        ticket = self._changeable(account_id, cl_ord_id)
        self._connection.send(lambda client: client.cancelOrder(ticket.row.order_id))

    async def replace(
        self,
        account_id: AccountId,
        cl_ord_id: ClOrdId,
        *,
        order_qty: int | None,
        limit_price: Decimal | None,
        stop_price: Decimal | None,
        ord_type: OrdType,
    ) -> None:
        ticket = self._changeable(account_id, cl_ord_id)
        contract = await self._contract(ticket.row.order_ref, self._flow.report(ticket).instrument_id)
        ticket = self._changeable(account_id, cl_ord_id)
        qty = ticket.row.qty if order_qty is None else order_qty
        terms = Terms(qty, limit_price, stop_price, ORD_TYPES[ord_type])
        wanted = form(changed(ticket.row, terms))
        self._connection.send(lambda client: client.placeOrder(ticket.row.order_id, contract, wanted))
        ticket.asked = terms

    async def open_orders(self, account_id: AccountId) -> tuple[OrderReport, ...]:
        self._require(account_id)
        tickets = await self._flow.read_open()
        return tuple(
            self._flow.report(ticket)
            for ticket in tickets
            if ticket.account_id == account_id and self._contracts.instrument_id(ticket.row.contract) is not None
        )

    async def find_order(self, account_id: AccountId, cl_ord_id: ClOrdId) -> OrderReport | None:
        """Asks TWS's three lists; what has ended and been told needs no question. An order that TWS has shown and
        shows no more, because a night lies between, is not "unknown": that raises BrokerUnreachable."""
        self._require(account_id)
        ticket = self._flow.tickets.of_ref(account_id, cl_ord_id)
        if ticket is None or not ticket.is_over:
            working = await self._flow.read_open()
            await self._flow.read_completed()
            ticket = self._flow.tickets.of_ref(account_id, cl_ord_id)
            if ticket is not None and not ticket.is_over and ticket not in working:
                if ticket.was_seen:
                    raise BrokerUnreachable(f"TWS showed order {cl_ord_id} once and lists it no more; look in TWS")
                ticket = None
        if ticket is not None:
            return self._flow.report(ticket, ticket.words)
        await self.executions(account_id, self._clock.now() - timedelta(days=1))
        if any(report.cl_ord_id == cl_ord_id for report in self._flow.fills.of_account(account_id)):
            raise BrokerUnreachable(f"TWS lists fills of order {cl_ord_id}, but not the order; look in TWS")
        return None

    async def executions(self, account_id: AccountId, since: datetime) -> tuple[ExecutionReport, ...]:
        self._require(account_id)
        return await self._ledger.executions(account_id, since)

    async def positions(self, account_id: AccountId) -> tuple[BrokerPosition, ...]:
        self._require(account_id)
        return await self._ledger.positions(account_id)

    async def balance(self, account_id: AccountId) -> Balance:
        self._require(account_id)
        return await self._ledger.balance(account_id)

    # -- what the connection says (Listener) ---------------------------------------------------------------

    def heard(self, key: object, row: Row) -> None:
        match row:
            case PositionRow():
                self._ledger.on_position(row)
            case ValueRow():
                self._ledger.on_value(row)
            case _:
                self._flow.heard(row)

    def error(self, row: ErrorRow) -> None:
        self._flow.error(row, self._connection.endpoint.client_id)

    def link(self, state: LinkState, detail: str) -> None:
        if self._sink is not None:
            self._sink.on_link(self._name, state, detail)

    def restored(self, *, data_lost: bool) -> None:
        self._tasks.spawn(self._resume(), "TWS connection restored")

    def tick(self, request_id: int, kind: int, value: float | str, size: float) -> None:
        """Prices are the feed's."""

    def data_type(self, request_id: int, data_type: int) -> None:
        """Prices are the feed's."""

    def depth(self, request_id: int, row: int, operation: int, side: int, price: float, size: float) -> None:
        """Prices are the feed's."""

    def chunk_read(self) -> None:
        """Prices are the feed's."""

    # -- inside --------------------------------------------------------------------------------------------

    async def _read_books(self) -> None:
        self._flow.is_reading = True
        try:
            await self._flow.read_completed()
            await self._flow.read_open()
            await self._ledger.read()
        finally:
            self._flow.is_reading = False

    async def _resume(self) -> None:
        if self._sink is None:
            return
        try:
            await self.connect(self._sink)
        except BrokerUnreachable as error:
            _log.warning("TWS is back but could not be read: %s", error)

    async def _send(self, order: Order, *, transmit: bool, parent_id: int = 0) -> Ticket:
        """Hands one order over, once for its id: the id is taken before anything is waited for."""
        self._require(order.account_id)
        key = (order.account_id, order.cl_ord_id)
        if key in self._sent or self._flow.tickets.of_ref(*key) is not None:
            raise BrokerRejected(f"order {order.cl_ord_id} was sent before; the first one stands, this one does not")
        self._sent.add(key)
        try:
            contract = await self._contract(order.cl_ord_id, order.instrument_id)
            details = self._contracts.known(order.instrument_id)
            assert details is not None, "asked for just now"
            order_id, client_id = self._connection.next_id(), self._connection.endpoint.client_id
        except (BrokerRejected, BrokerUnreachable):
            self._sent.discard(key)  # nothing went out
            raise
        row = sheet(order, details.contract, order_id=order_id, client_id=client_id, parent_id=parent_id)
        ticket = self._flow.tickets.add(row)
        self._connection.send(lambda client: client.placeOrder(order_id, contract, form(row, transmit=transmit)))
        return ticket

    async def _contract(self, order_ref: str, instrument_id: Any) -> Any:
        instrument = self._instrument_of(instrument_id)
        if instrument is None:
            raise BrokerRejected(f"order {order_ref}: nobody knows the contract {named(instrument_id)}")
        return tws_contract(await self._contracts.details(instrument))

    def _changeable(self, account_id: AccountId, cl_ord_id: ClOrdId) -> Ticket:
        self._require(account_id)
        ticket = self._flow.tickets.of_ref(account_id, cl_ord_id)
        if ticket is None:
            raise BrokerRejected(f"TWS does not know order {cl_ord_id}")
        if ticket.is_over:
            raise BrokerRejected(f"order {cl_ord_id} is {ticket.status.value}")
        owner, ours = ticket.row.client_id, self._connection.endpoint.client_id
        if owner != ours or ticket.row.order_id <= 0:
            raise BrokerRejected(f"order {cl_ord_id} belongs to API client {owner}; this is client {ours}")
        return ticket

    def _require_up(self) -> None:
        if self._connection.state is not LinkState.UP:
            raise BrokerUnreachable(f"Interactive Brokers is {self._connection.state.value}; connect it first")

    def _require(self, account_id: AccountId) -> None:
        self._require_up()
        if account_id not in self._accounts:
            raise BrokerRejected(f"the account {account_id} is not set up for Interactive Brokers")
