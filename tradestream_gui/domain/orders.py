"""Orders and the one table of legal moves between their states."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from types import MappingProxyType

from tradestream_gui.domain.errors import IllegalTransition
from tradestream_gui.domain.ids import AccountId, AnalystId, ClOrdId, ExecId, InstrumentId, LotId, MessageKey, OrderId


class Side(Enum):
    BUY = "BUY"
    SELL = "SELL"

    __hash__ = object.__hash__
    sign: int
    """1 for a buy, -1 for a sale."""

    def __init__(self, word: str) -> None:
        self.sign = 1 if word == "BUY" else -1

    @property
    def opposite(self) -> "Side":
        return Side.SELL if self is Side.BUY else Side.BUY


class OrdType(Enum):
    MARKET = "MARKET"
    LIMIT = "LIMIT"
    STOP = "STOP"
    STOP_LIMIT = "STOP_LIMIT"
    TRAILING_STOP = "TRAILING_STOP"


class TimeInForce(Enum):
    DAY = "DAY"
    GTC = "GTC"
    IOC = "IOC"


class OrdStatus(Enum):
    __hash__ = object.__hash__  # there is one of each, and every look at an order asks whether its status is in a set

    DENIED = "DENIED"
    PENDING_NEW = "PENDING_NEW"
    SENT = "SENT"
    UNCERTAIN = "UNCERTAIN"
    NEW = "NEW"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    FILLED = "FILLED"
    PENDING_CANCEL = "PENDING_CANCEL"
    PENDING_REPLACE = "PENDING_REPLACE"
    CANCELED = "CANCELED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    NOT_FOUND = "NOT_FOUND"
    ABANDONED = "ABANDONED"


class OrderRole(Enum):
    """What an order is for: entries open or add, all others only reduce."""

    __hash__ = object.__hash__

    ENTRY = "ENTRY"
    STOP = "STOP"
    TARGET = "TARGET"
    CLOSE = "CLOSE"


class OriginKind(Enum):
    ALERT = "alert"
    MANUAL = "manual"
    ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wanted it: an analyst's message, the user's hand, or a position adopted from outside."""

    kind: OriginKind
    message_key: MessageKey | None = None
    analyst_id: AnalystId | None = None
    channel: str = ""
    analyst_name: str = ""

    @property
    def label(self) -> str:
        return self.analyst_name or self.kind.value


MANUAL = Origin(OriginKind.MANUAL)
ADOPTED = Origin(OriginKind.ADOPTED)
ADOPTION_PREFIX = "adopted:"
"""Begins the id of the fill by which a position from elsewhere became a lot of ours."""

WORKING = frozenset({OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED, OrdStatus.PENDING_CANCEL, OrdStatus.PENDING_REPLACE})
IN_FLIGHT = frozenset({OrdStatus.PENDING_NEW, OrdStatus.SENT, OrdStatus.UNCERTAIN})
TERMINAL = frozenset(
    {
        OrdStatus.DENIED,
        OrdStatus.FILLED,
        OrdStatus.CANCELED,
        OrdStatus.REJECTED,
        OrdStatus.EXPIRED,
        OrdStatus.NOT_FOUND,
        OrdStatus.ABANDONED,
    }
)

_S = OrdStatus
_ANSWERS = frozenset({_S.NEW, _S.PARTIALLY_FILLED, _S.FILLED, _S.REJECTED, _S.CANCELED, _S.EXPIRED, _S.PENDING_CANCEL})

_WORKING_MOVES = frozenset(
    {
        _S.PARTIALLY_FILLED,
        _S.FILLED,
        _S.PENDING_CANCEL,
        _S.PENDING_REPLACE,
        _S.CANCELED,
        _S.EXPIRED,
        _S.REJECTED,
        _S.UNCERTAIN,
    }
)
_MOVES = {
    _S.PENDING_NEW: frozenset({_S.DENIED, _S.SENT, _S.ABANDONED}),
    _S.SENT: _ANSWERS | {_S.UNCERTAIN},
    _S.UNCERTAIN: _ANSWERS | {_S.NOT_FOUND},
    _S.NEW: _WORKING_MOVES,
    _S.PARTIALLY_FILLED: _WORKING_MOVES,
    _S.PENDING_CANCEL: frozenset(
        {_S.CANCELED, _S.PARTIALLY_FILLED, _S.FILLED, _S.NEW, _S.UNCERTAIN, _S.EXPIRED, _S.REJECTED}
    ),
    _S.PENDING_REPLACE: frozenset(
        {
            _S.NEW,
            _S.PARTIALLY_FILLED,
            _S.FILLED,
            _S.CANCELED,
            _S.UNCERTAIN,
            _S.EXPIRED,
            _S.REJECTED,
            _S.PENDING_CANCEL,
        }
    ),
}
LEGAL_MOVES: Mapping[OrdStatus, frozenset[OrdStatus]] = MappingProxyType(
    {status: _MOVES.get(status, frozenset()) | {status} for status in OrdStatus}
)
"""Every state repeats itself; nothing leads out of one that ends."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order as last known; a change is a new value made by `moved_to` or `with_fill`.

    Prices are Decimal in the instrument's price unit; `trail` is the distance of a trailing stop in price.
    `oca_group` links exits of one lot at a broker whose groups reduce the stop by what a target fills.
    """

    cl_ord_id: ClOrdId
    account_id: AccountId
    instrument_id: InstrumentId
    lot_id: LotId
    origin: Origin
    role: OrderRole
    side: Side
    ord_type: OrdType
    order_qty: int
    time_in_force: TimeInForce
    created_at: datetime
    updated_at: datetime
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trail: Decimal | None = None
    expire_at: datetime | None = None
    oca_group: str | None = None
    ord_status: OrdStatus = OrdStatus.PENDING_NEW
    order_id: OrderId | None = None
    cum_qty: int = 0
    avg_px: Decimal | None = None
    reason: str = ""
    """Why the order stands where it stands, in words: the denial, the broker's reject text, who canceled."""

    @property
    def leaves_qty(self) -> int:
        return 0 if self.is_terminal else max(self.order_qty - self.cum_qty, 0)

    @property
    def purpose(self) -> OrderRole:
        """What it does now: a stop that was amended to market closes."""
        is_close = self.role is OrderRole.STOP and self.ord_type is OrdType.MARKET
        return OrderRole.CLOSE if is_close else self.role

    @property
    def is_terminal(self) -> bool:
        return self.ord_status in TERMINAL

    @property
    def is_working(self) -> bool:
        return self.ord_status in WORKING

    @property
    def may_fill(self) -> bool:
        return not self.is_terminal

    @property
    def reduces(self) -> bool:
        return self.role is not OrderRole.ENTRY

    def moved_to(self, status: OrdStatus, at: datetime, reason: str = "") -> "Order":
        """The order in its next state; raises IllegalTransition when the table does not allow the move."""
        if status not in LEGAL_MOVES[self.ord_status]:
            raise IllegalTransition(self.cl_ord_id, self.ord_status.value, status.value)
        values = list(_values_of(self))
        values[_STATUS], values[_UPDATED] = status, at
        if reason:
            values[_REASON] = reason
        return Order(*values)

    def with_fill(self, fill: "Fill") -> "Order":
        """The order after one execution; a fill is booked in any state, also a late one or one too many."""
        cum_qty = self.cum_qty + fill.last_qty
        spent = (self.avg_px or Decimal(0)) * self.cum_qty + fill.last_px * fill.last_qty
        done = cum_qty >= self.order_qty
        status = self.ord_status
        if done:
            status = OrdStatus.FILLED
        elif status in (OrdStatus.NEW, OrdStatus.SENT, OrdStatus.UNCERTAIN):
            status = OrdStatus.PARTIALLY_FILLED
        return replace(self, cum_qty=cum_qty, avg_px=spent / cum_qty, ord_status=status, updated_at=fill.at)


_NAMES = tuple(field.name for field in fields(Order))
_STATUS, _UPDATED, _REASON = (_NAMES.index(name) for name in ("ord_status", "updated_at", "reason"))
_values_of = attrgetter(*_NAMES)
"""Every order moves several times on its way, twenty at once in a kill: `replace` takes twice as long."""


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution: `commission` is all fees in US dollars, positive when paid."""

    exec_id: ExecId
    cl_ord_id: ClOrdId
    account_id: AccountId
    instrument_id: InstrumentId
    lot_id: LotId
    side: Side
    last_qty: int
    last_px: Decimal
    commission: Decimal
    at: datetime

    @property
    def signed_qty(self) -> int:
        return self.side.sign * self.last_qty
