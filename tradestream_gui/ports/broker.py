"""A broker: commands go in, reports come back through a sink, asynchronously, in any order."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Protocol

from tradestream_gui.domain.accounts import Account, Balance, BrokerPosition
from tradestream_gui.domain.ids import AccountId, ClOrdId, ExecId, InstrumentId, OrderId
from tradestream_gui.domain.orders import Order, OrdStatus, OrdType, Side, TimeInForce


@dataclass(frozen=True, slots=True)
class BrokerCapabilities:
    """What the adapter's venue can do; the core asks here and never by the broker's name.

    `linked_exits`: a group of one stop and its targets is kept by the broker so that a target's fill reduces the
    stop and the stop's fill cancels the targets. `client_ids`: our cl_ord_id can be looked up there. `amend_ord_type`:
    a working order can be turned into one of another type, as a stop into a market order.
    """

    linked_exits: bool
    client_ids: bool
    replace: bool
    ord_types: frozenset[OrdType]
    times_in_force: frozenset[TimeInForce]
    amend_ord_type: bool = True


@dataclass(frozen=True, slots=True)
class OrderReport:
    """The broker's own view of one order. `cl_ord_id` is None for orders that TradeStream did not send."""

    account_id: AccountId
    order_id: OrderId
    cl_ord_id: ClOrdId | None
    instrument_id: InstrumentId
    side: Side
    ord_type: OrdType
    time_in_force: TimeInForce
    ord_status: OrdStatus
    order_qty: int
    cum_qty: int
    limit_price: Decimal | None
    stop_price: Decimal | None
    at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class ExecutionReport:
    """One fill as the broker states it; `commission` is the fees of this fill in US dollars."""

    account_id: AccountId
    order_id: OrderId
    cl_ord_id: ClOrdId | None
    exec_id: ExecId
    instrument_id: InstrumentId
    side: Side
    last_qty: int
    last_px: Decimal
    commission: Decimal
    at: datetime
    text: str = ""
    """Set when the broker itself caused it: `exercise`, `expiry`, `liquidation`."""


class LinkState(Enum):
    OFF = "off"
    CONNECTING = "connecting"
    UP = "up"
    DOWN = "down"
    AUTH_FAILED = "sign-in needed"


class BrokerSink(Protocol):
    """Where a broker's answers land; called on the loop's thread, in the order of arrival."""

    def on_order(self, report: OrderReport) -> None: ...

    def on_execution(self, report: ExecutionReport) -> None: ...

    def on_balance(self, balance: Balance) -> None: ...

    def on_position(self, position: BrokerPosition) -> None: ...

    def on_barred(self, account_id: AccountId, words: str) -> None:
        """The broker lets the account trade no more, or its firm does; told when that begins."""

    def on_link(self, broker: str, state: LinkState, detail: str) -> None: ...


class Broker(Protocol):
    """One connection to one venue. Each command may raise BrokerRejected (certainly refused) or
    BrokerUnreachable (outcome unknown); otherwise it was handed over and its outcome comes as a report."""

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> BrokerCapabilities: ...

    async def connect(self, sink: BrokerSink) -> None: ...

    async def close(self) -> None: ...

    async def accounts(self) -> tuple[Account, ...]: ...

    async def place(self, order: Order) -> None: ...

    async def cancel(self, account_id: AccountId, cl_ord_id: ClOrdId) -> None: ...

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
        """Changes a working order; `order_qty` is the total, filled part included. None keeps the quantity that it has
        there: a linked order may have cut it while the request was on its way, and must not grow back."""

    async def open_orders(self, account_id: AccountId) -> tuple[OrderReport, ...]:
        """All working orders, complete, or BrokerUnreachable: never a partial list."""

    async def find_order(self, account_id: AccountId, cl_ord_id: ClOrdId) -> OrderReport | None:
        """The order in whatever state; None only if the broker certainly does not know it."""

    async def executions(self, account_id: AccountId, since: datetime) -> tuple[ExecutionReport, ...]: ...

    async def positions(self, account_id: AccountId) -> tuple[BrokerPosition, ...]: ...

    async def balance(self, account_id: AccountId) -> Balance: ...
