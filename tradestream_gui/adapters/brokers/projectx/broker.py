"""TopstepX (ProjectX) behind the Broker port: REST for what is asked and done, the user hub for what happens."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from tradestream_gui.adapters.brokers.projectx.accounts import AccountList
from tradestream_gui.adapters.brokers.projectx.brackets import WARNING, BracketWatch
from tradestream_gui.adapters.brokers.projectx.catch_up import CatchUp
from tradestream_gui.adapters.brokers.projectx.contracts import ContractBook
from tradestream_gui.adapters.brokers.projectx.fills import FillBook
from tradestream_gui.adapters.brokers.projectx.gateway import Gateway, LogInRefused
from tradestream_gui.adapters.brokers.projectx.ledger import USUAL_BACK, Ledger
from tradestream_gui.adapters.brokers.projectx.mapping import ORD_TYPES, TIMES_IN_FORCE, InstrumentLookup
from tradestream_gui.adapters.brokers.projectx.order_flow import OrderFlow
from tradestream_gui.adapters.brokers.projectx.requests import Requests
from tradestream_gui.adapters.brokers.projectx.rows import (
    OrderRow,
    account_row,
    order_row,
    position_row,
    trade_row,
    unwrapped,
)
from tradestream_gui.adapters.brokers.projectx.signalr import Hub, TokenExpired
from tradestream_gui.domain.accounts import Account, Balance, BrokerPosition
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable, UnknownBrokerValue
from tradestream_gui.domain.ids import AccountId, ClOrdId
from tradestream_gui.domain.orders import Order, OrdType
from tradestream_gui.ports.broker import BrokerCapabilities, BrokerSink, ExecutionReport, LinkState, OrderReport
from tradestream_gui.ports.clock import Clock, Tasks

NAME = "projectx"
CAPABILITIES = BrokerCapabilities(
    linked_exits=False,
    client_ids=True,
    replace=True,
    ord_types=frozenset(ORD_TYPES),
    times_in_force=TIMES_IN_FORCE,
    amend_ord_type=False,
)
_log = logging.getLogger(__name__)


class ProjectXBroker:
    """One log-in with the accounts that were set up; any other account of it is left alone.

    Exits are not linked there: brackets of an order depend on a mode of the account, are counted in ticks from a fill
    that is not known yet, and bear no id of ours. One stop rests there; targets run here, the stop reduced first.
    """

    def __init__(
        self,
        *,
        gateway: Gateway,
        contracts: ContractBook,
        accounts: Sequence[Account],
        instrument_of: InstrumentLookup,
        clock: Clock,
        tasks: Tasks,
    ) -> None:
        self._gateway = gateway
        self._contracts = contracts
        self._clock = clock
        self._hub = Hub(gateway.endpoints.user_hub, self, clock=clock, tasks=tasks, timing=gateway.timing)
        self._accounts = AccountList(gateway, accounts, clock.now, self._barred)
        fills = FillBook(lambda: gateway.clock_offset)
        self._flow = OrderFlow(
            accounts=self._accounts, contracts=contracts, fills=fills, clock=clock,
            patience_s=gateway.timing.confirm_s, doubt=self._doubted,
        )  # fmt: skip
        self._ledger = Ledger(
            gateway=gateway, accounts=self._accounts, contracts=contracts, flow=self._flow, fills=fills, clock=clock
        )
        self._requests = Requests(
            gateway=gateway, accounts=self._accounts, contracts=contracts, flow=self._flow,
            instrument_of=instrument_of, confirm=self._requested,
        )  # fmt: skip
        self._catch_up = CatchUp(
            accounts=self._accounts, flow=self._flow, ledger=self._ledger, requests=self._requests, clock=clock,
            tasks=tasks, after_s=gateway.timing.confirm_s, is_up=lambda: self._state is LinkState.UP,
        )  # fmt: skip
        self._brackets = BracketWatch(clock)
        self._sink: BrokerSink | None = None
        self._state = LinkState.OFF
        self._connecting = asyncio.Lock()

    @property
    def name(self) -> str:
        return NAME

    @property
    def capabilities(self) -> BrokerCapabilities:
        return CAPABILITIES

    async def connect(self, sink: BrokerSink) -> None:
        """Logs in, listens and reads the books; only then the link is up. Calling again after a loss takes it up
        again."""
        async with self._connecting:
            self._sink = sink
            self._flow.tell_to(sink)
            if self._state is LinkState.UP:
                return
            self._tell(LinkState.CONNECTING, f"logging in at {self._gateway.endpoints.api}")
            self._flow.is_reading = True
            try:
                await self._open()
            except BrokerUnreachable as error:
                self._hub.close()
                refused = isinstance(error, LogInRefused)
                self._tell(LinkState.AUTH_FAILED if refused else LinkState.DOWN, str(error))
                raise
            finally:
                self._flow.is_reading = False
            self._tell(LinkState.UP, f"{', '.join(self._accounts.ids)} at {self._gateway.endpoints.api}")

    async def close(self) -> None:
        self._hub.close()
        if self._state is not LinkState.OFF:
            self._tell(LinkState.OFF, "")
        await self._gateway.close()

    async def accounts(self) -> tuple[Account, ...]:
        self._require_up()
        return self._accounts.accounts

    # -- orders --------------------------------------------------------------------------------------------

    async def place(self, order: Order) -> None:
        self._require(order.account_id)
        await self._requests.place(order)

    async def cancel(self, account_id: AccountId, cl_ord_id: ClOrdId) -> None:
        self._require(account_id)
        await self._requests.cancel(account_id, cl_ord_id)

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
        self._require(account_id)
        await self._requests.replace(
            account_id, cl_ord_id, order_qty=order_qty, limit_price=limit_price, stop_price=stop_price,
            ord_type=ord_type,
        )  # fmt: skip

    async def open_orders(self, account_id: AccountId) -> tuple[OrderReport, ...]:
        self._require(account_id)
        reports = [self._flow.report(ticket) for ticket in await self._ledger.open_tickets(account_id)]
        return tuple(report for report in reports if self._contracts.is_ours(report.instrument_id))

    async def find_order(self, account_id: AccountId, cl_ord_id: ClOrdId) -> OrderReport | None:
        """By its tag, in the lists; what has ended and been told needs no question. An order whose placing is under way
        is not "unknown": that raises BrokerUnreachable."""
        self._require(account_id)
        ticket = self._flow.tickets.of_tag(self._accounts.number(account_id), cl_ord_id)
        if ticket is None or not ticket.is_over:
            ticket = await self._ledger.find(account_id, cl_ord_id)
        if ticket is not None and ticket.is_in_flight:
            raise BrokerUnreachable(f"TopstepX has not answered the placing of {cl_ord_id} yet")
        if ticket is None or not (ticket.row.id or ticket.is_over):
            return None
        return self._flow.report(ticket, ticket.words)

    async def executions(self, account_id: AccountId, since: datetime) -> tuple[ExecutionReport, ...]:
        self._require(account_id)
        return await self._ledger.executions(account_id, since)

    async def positions(self, account_id: AccountId) -> tuple[BrokerPosition, ...]:
        self._require(account_id)
        return await self._ledger.positions(account_id)

    async def balance(self, account_id: AccountId) -> Balance:
        self._require(account_id)
        problem = await self._accounts.read()
        if problem:
            raise BrokerUnreachable(problem)
        return self._accounts.balance(account_id)

    # -- what the hub says (HubListener) -------------------------------------------------------------------

    def event(self, target: str, arguments: list[Any]) -> None:
        try:
            for argument in arguments:
                row, action = unwrapped(argument)
                match target:
                    case "GatewayUserOrder":
                        self._on_order(order_row(row))
                    case "GatewayUserTrade":
                        self._flow.on_trade(trade_row(row))
                    case "GatewayUserPosition":
                        self._on_position(row, action)
                    case "GatewayUserAccount":
                        self._on_account(row)
                    case _:
                        _log.info("TopstepX told of %s, which nobody here knows", target)
        except UnknownBrokerValue as error:
            _log.warning("%s cannot be read, the lists are asked: %s", target, error)
            self._catch_up.soon()

    def alive(self) -> None:
        """The link's state says it."""

    def gap(self) -> None:
        self._catch_up.soon()

    def lost(self, words: str) -> None:
        self._tell(LinkState.DOWN, f"TopstepX is not heard any more: {words}")

    # -- inside --------------------------------------------------------------------------------------------

    async def _open(self) -> None:
        token = await self._gateway.log_in()
        problem = await self._accounts.read()
        if problem:
            raise LogInRefused(problem)
        try:
            await self._hub.open(token)
        except TokenExpired:
            await self._hub.open(await self._gateway.log_in(instead_of=token))
        await self._hub.invoke("SubscribeAccounts")
        for account_id in self._accounts.ids:
            for subject in ("Orders", "Positions", "Trades"):
                await self._hub.invoke(f"Subscribe{subject}", self._accounts.number(account_id))
        for account_id in self._accounts.ids:
            await self._ledger.orders(account_id)
            await self._ledger.trades(account_id, self._clock.now() - USUAL_BACK)
        self._flow.books_read()
        if not self._hub.is_open:
            raise BrokerUnreachable("TopstepX hung up while its books were read")

    def _on_order(self, row: OrderRow) -> None:
        self._flow.on_order(row)
        if row.tag and row.filled:
            self._brackets.traded(row.contract_id)
        elif self._brackets.is_the_venues(row) and self._state is LinkState.UP:
            contract = self._contracts.instrument_id(row.contract_id)
            self._tell(LinkState.UP, WARNING.format(contract=contract))

    def _on_position(self, row: Any, action: int) -> None:
        position = self._ledger.position(position_row(row, action))
        if position is not None and self._sink is not None and not self._flow.is_reading:
            self._sink.on_position(position)

    def _on_account(self, row: Any) -> None:
        balance = self._accounts.take(account_row(row))
        if balance is not None and self._sink is not None:
            self._sink.on_balance(balance)

    def _barred(self, account_id: AccountId, words: str) -> None:
        if self._sink is not None:
            self._sink.on_barred(account_id, words)

    def _doubted(self) -> None:
        self._catch_up.if_in_doubt()

    def _requested(self) -> None:
        self._catch_up.after_a_request()

    def _tell(self, state: LinkState, detail: str) -> None:
        self._state = state
        if self._sink is not None:
            self._sink.on_link(NAME, state, detail)

    def _require_up(self) -> None:
        if self._state is not LinkState.UP:
            raise BrokerUnreachable(f"TopstepX is {self._state.value}; connect it first")

    def _require(self, account_id: AccountId) -> None:
        self._require_up()
        if account_id not in self._accounts.ids:
            raise BrokerRejected(f"the account {account_id} is not set up for TopstepX")
