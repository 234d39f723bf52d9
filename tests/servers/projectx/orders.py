"""Orders, trades, positions and accounts as the venue holds them, and how each looks on the wire."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from tests.servers.projectx.contracts import PxContract

ZERO = Decimal(0)
LIMIT, MARKET, STOP_LIMIT, STOP, TRAILING, JOIN_BID, JOIN_ASK = 1, 2, 3, 4, 5, 6, 7
BUY, SELL = 0, 1
OPEN, FILLED, CANCELLED, EXPIRED, REJECTED, PENDING, PENDING_CANCEL, SUSPENDED = 1, 2, 3, 4, 5, 6, 7, 8
OVER = (FILLED, CANCELLED, EXPIRED, REJECTED)
LONG, SHORT = 1, 2

Wire = dict[str, object]


@dataclass(frozen=True, slots=True)
class Bracket:
    """An exit in ticks away from the fill; `type` is the order type of the leg."""

    ticks: int
    type: int


@dataclass(slots=True)
class PxOrder:
    id: int
    account_id: int
    contract: PxContract
    created: datetime
    updated: datetime
    type: int
    side: int
    size: int
    limit: Decimal | None = None
    stop: Decimal | None = None
    trail: Decimal | None = None
    distance: Decimal | None = None
    """How far a trailing stop stays behind; told in lists, unlike the level that was asked for."""
    tag: str | None = None
    status: int = OPEN
    filled: int = 0
    paid: Decimal = ZERO
    triggered: bool = False
    stop_loss: Bracket | None = None
    take_profit: Bracket | None = None
    legs: "list[PxOrder]" = field(default_factory=list)
    """The exits that wake when this one has filled."""
    siblings: "list[PxOrder]" = field(default_factory=list)
    """Cancelled when this one fills."""
    by_venue: bool = False
    """Made by the venue's own position brackets."""

    @property
    def sign(self) -> int:
        return 1 if self.side == BUY else -1

    @property
    def left(self) -> int:
        return max(self.size - self.filled, 0)

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    def wire(self) -> Wire:
        return {
            "id": self.id, "accountId": self.account_id, "contractId": self.contract.id,
            "symbolId": self.contract.symbol_id, "creationTimestamp": stamp(self.created),
            "updateTimestamp": stamp(self.updated), "status": self.status, "type": self.type, "side": self.side,
            "size": self.size, "limitPrice": self.limit, "stopPrice": self.stop, "fillVolume": self.filled,
            "filledPrice": self.paid / self.filled if self.filled else None, "customTag": self.tag,
        }  # fmt: skip


@dataclass(slots=True)
class PxTrade:
    """A half-turn; `pnl` is None where it only opened."""

    id: int
    order: PxOrder
    at: datetime
    price: Decimal
    size: int
    fees: Decimal
    pnl: Decimal | None
    voided: bool = False

    def wire(self) -> Wire:
        return {
            "id": self.id, "accountId": self.order.account_id, "contractId": self.order.contract.id,
            "creationTimestamp": stamp(self.at), "price": self.price, "profitAndLoss": self.pnl, "fees": self.fees,
            "side": self.order.side, "size": self.size, "voided": self.voided, "orderId": self.order.id,
        }  # fmt: skip


@dataclass(slots=True)
class PxPosition:
    id: int
    account_id: int
    contract: PxContract
    opened: datetime
    qty: int = 0
    avg: Decimal = ZERO

    def wire(self) -> Wire:
        return {
            "id": self.id, "accountId": self.account_id, "contractId": self.contract.id,
            "creationTimestamp": stamp(self.opened), "type": LONG if self.qty >= 0 else SHORT, "size": abs(self.qty),
            "averagePrice": self.avg,
        }  # fmt: skip


@dataclass(slots=True)
class PxAccount:
    """`position_brackets` are the ticks of the stop and the target that the venue itself lays round each position;
    without them the account is in the mode in which an order may bring its own brackets (auto-OCO)."""

    id: int
    name: str
    balance: Decimal
    can_trade: bool = True
    is_visible: bool = True
    simulated: bool = True
    position_brackets: tuple[int, int] | None = None

    def wire(self) -> Wire:
        return {
            "id": self.id, "name": self.name, "balance": self.balance, "canTrade": self.can_trade,
            "isVisible": self.is_visible, "simulated": self.simulated,
        }  # fmt: skip


def stamp(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
