"""Placing, changing and cancelling orders: each placed once, and each outcome told from "nobody knows"."""

from collections.abc import Callable
from decimal import Decimal

from tradestream_gui.adapters.brokers.projectx.accounts import AccountList
from tradestream_gui.adapters.brokers.projectx.contracts import ContractBook
from tradestream_gui.adapters.brokers.projectx.gateway import Gateway
from tradestream_gui.adapters.brokers.projectx.mapping import (
    ORD_TYPES,
    InstrumentLookup,
    number,
    ord_type_of,
    order_form,
    side_number,
)
from tradestream_gui.adapters.brokers.projectx.order_flow import OrderFlow
from tradestream_gui.adapters.brokers.projectx.rows import OrderRow
from tradestream_gui.adapters.brokers.projectx.tickets import Terms, Ticket
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.domain.ids import AccountId, ClOrdId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Order, OrdType


class Requests:
    """`confirm` is called when the hub should tell soon what a request did, and the lists are asked if it does not."""

    def __init__(
        self, *, gateway: Gateway, accounts: AccountList, contracts: ContractBook, flow: OrderFlow,
        instrument_of: InstrumentLookup, confirm: Callable[[], None],
    ) -> None:  # fmt: skip
        self._gateway = gateway
        self._accounts = accounts
        self._contracts = contracts
        self._flow = flow
        self._instrument_of = instrument_of
        self._confirm = confirm

    @property
    def has_unanswered(self) -> bool:
        """Whether a change or a cancel was taken there and its effect has not been told yet."""
        tickets = (one for each in self._accounts.ids for one in self._of(each))
        return any(not one.is_over and (one.asked is not None or one.is_leaving) for one in tickets)

    def settled(self) -> None:
        """The lists were read: whatever a cancel did is known."""
        for account_id in self._accounts.ids:
            for ticket in self._of(account_id):
                ticket.is_leaving = False

    async def place(self, order: Order) -> None:
        """Hands one order over, once for its id: the id is taken before anything is waited for. Raises BrokerRejected
        when it certainly does not stand there, BrokerUnreachable when nobody knows."""
        account = self._accounts.number(order.account_id)
        if self._flow.tickets.of_tag(account, order.cl_ord_id) is not None:
            raise BrokerRejected(f"order {order.cl_ord_id} was sent before; the first one stands, this one does not")
        instrument = self._instrument_of(order.instrument_id)
        if instrument is None:
            raise BrokerRejected(f"order {order.cl_ord_id}: nobody knows the contract {named(order.instrument_id)}")
        ticket = Ticket(_sheet(order, account), time_in_force=order.time_in_force, is_in_flight=True)
        self._flow.tickets.add(ticket)
        try:
            contract = await self._contracts.row(instrument)
            form = order_form(order, account=account, contract_id=contract.id)
            _check_ticks(instrument, order.limit_price, order.stop_price)
        except (BrokerRejected, BrokerUnreachable):
            self._flow.tickets.drop(ticket)  # nothing went out
            raise
        ticket.row = _sheet(order, account, contract.id)
        try:
            answer = await self._gateway.command("Order/place", form, urgent=order.reduces, once=True)
        except BrokerRejected as error:
            if ticket.row.id == 0:
                self._flow.tickets.refuse(ticket, str(error))
            raise
        finally:
            ticket.is_in_flight = False
        order_id = answer.get("orderId")
        if not isinstance(order_id, int) or order_id <= 0:
            raise BrokerUnreachable(f"TopstepX took order {order.cl_ord_id} and told no number of it")
        self._flow.numbered(ticket, order_id)

    async def cancel(self, account_id: AccountId, cl_ord_id: ClOrdId) -> None:
        ticket = self._changeable(account_id, cl_ord_id)
        form = {"accountId": ticket.row.account_id, "orderId": ticket.row.id}
        try:
            await self._gateway.command("Order/cancel", form, urgent=True, once=False)
        finally:
            ticket.is_leaving = True
            self._confirm()

    async def replace(
        self, account_id: AccountId, cl_ord_id: ClOrdId, *, order_qty: int | None, limit_price: Decimal | None,
        stop_price: Decimal | None, ord_type: OrdType,
    ) -> None:  # fmt: skip
        ticket = self._changeable(account_id, cl_ord_id)
        if ord_type is not ord_type_of(ticket.row):
            raise BrokerRejected(
                f"TopstepX cannot turn order {cl_ord_id} into a {ord_type.value} order; cancel it and send another one"
            )
        instrument = self._contracts.instrument(ticket.row.contract_id)
        if instrument is not None:
            _check_ticks(instrument, limit_price, stop_price)
        form = {
            "accountId": ticket.row.account_id,
            "orderId": ticket.row.id,
            "size": order_qty,  # null: as it is
            "limitPrice": number(limit_price),
            "stopPrice": number(stop_price),
        }
        ticket.asked = Terms(order_qty, limit_price, stop_price)
        try:
            await self._gateway.command("Order/modify", form, urgent=True, once=False)
        except BrokerRejected:
            ticket.asked = None
            self._confirm_ended(ticket)
            raise
        self._confirm()

    def _confirm_ended(self, ticket: Ticket) -> None:
        """A refused change may mean that the order is over: the lists tell."""
        ticket.is_leaving = True
        self._confirm()

    def _changeable(self, account_id: AccountId, cl_ord_id: ClOrdId) -> Ticket:
        ticket = self._flow.tickets.of_tag(self._accounts.number(account_id), cl_ord_id)
        if ticket is None:
            raise BrokerRejected(f"TopstepX does not know order {cl_ord_id}")
        if ticket.is_over:
            raise BrokerRejected(f"order {cl_ord_id} is {ticket.status.value}")
        if not ticket.row.id:
            raise BrokerUnreachable(f"TopstepX has not answered the placing of order {cl_ord_id}")
        return ticket

    def _of(self, account_id: AccountId) -> tuple[Ticket, ...]:
        return self._flow.tickets.of_account(self._accounts.number(account_id))


def _sheet(order: Order, account: int, contract_id: str = "") -> OrderRow:
    """An order of ours as the gateway will show it; its number is not known yet."""
    return OrderRow(
        id=0,
        account_id=account,
        contract_id=contract_id,
        created=order.created_at,
        updated=None,
        status=0,
        type=ORD_TYPES.get(order.ord_type, 0),
        side=side_number(order.side),
        size=order.order_qty,
        limit_price=order.limit_price,
        stop_price=order.stop_price,
        filled=0,
        tag=order.cl_ord_id,
    )


def _check_ticks(instrument: Instrument, *prices: Decimal | None) -> None:
    for price in prices:
        if price is not None and not instrument.is_on_tick(price):
            raise BrokerRejected(
                f"{price} is no price of {named(instrument.instrument_id)}: its tick is {instrument.tick_at(price)}"
            )
