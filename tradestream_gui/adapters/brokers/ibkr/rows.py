"""What TWS says, copied out of the client library's mutable objects the moment it arrives."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract as TWS names it; `con_id` is its identity there."""

    con_id: int
    symbol: str
    sec_type: str
    expiry: str
    strike: Decimal
    right: str
    multiplier: str
    local_symbol: str
    trading_class: str


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An open order. `order_id` is only the session handle of API client `client_id`; `perm_id` is for good."""

    order_id: int
    client_id: int
    perm_id: int
    account: str
    contract: ContractRow
    order_ref: str
    action: str
    ord_type: str
    qty: int
    limit_price: Decimal | None
    aux_price: Decimal | None
    trail_stop: Decimal | None
    tif: str
    good_till: str
    oca_group: str
    parent_id: int
    outside_rth: bool
    status: str


@dataclass(frozen=True, slots=True)
class MarginRow:
    """The answer to an order that only asked what it would cost; None for what TWS left open."""

    initial_margin: Decimal | None
    maintenance_margin: Decimal | None
    equity_after: Decimal | None
    commission: Decimal | None
    currency: str
    words: str


@dataclass(frozen=True, slots=True)
class StatusRow:
    """An order's status message."""

    order_id: int
    client_id: int
    perm_id: int
    status: str
    filled: int
    why_held: str


@dataclass(frozen=True, slots=True)
class CompletedRow:
    """An order that ended today; TWS forgets it at midnight."""

    order: OrderRow
    filled: int
    words: str


@dataclass(frozen=True, slots=True)
class ExecutionRow:
    """One execution; `at` is TWS's own clock in whole seconds. `is_live` tells a new one from an answer."""

    exec_id: str
    order_id: int
    client_id: int
    perm_id: int
    account: str
    contract: ContractRow
    order_ref: str
    action: str
    qty: int
    px: Decimal
    at: datetime
    is_live: bool


@dataclass(frozen=True, slots=True)
class CommissionRow:
    exec_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PositionRow:
    account: str
    contract: ContractRow
    qty: int
    avg_cost: Decimal


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One figure of an account."""

    account: str
    tag: str
    value: str
    currency: str


@dataclass(frozen=True, slots=True)
class DetailsRow:
    """What TWS knows of a contract; `exchanges` lists where it trades, `rule_ids` its price steps there."""

    contract: ContractRow
    exchange: str
    min_tick: Decimal
    price_magnifier: int
    contract_month: str
    under_con_id: int
    time_zone: str


@dataclass(frozen=True, slots=True)
class ChainRow:
    """The listed options of one trading class at one exchange."""

    exchange: str
    trading_class: str
    multiplier: str
    expiries: tuple[str, ...]
    strikes: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """A message of TWS: `request_id` is a request's or an order's number, or -1 for all."""

    request_id: int
    code: int
    words: str


@dataclass(frozen=True, slots=True)
class BarRow:
    """`start` is UTC."""

    start: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int
