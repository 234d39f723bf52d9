"""What the gateway says, copied out of its JSON as it arrives: nothing beyond this file knows its field names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tradestream_gui.domain.errors import UnknownBrokerValue

Json = Mapping[str, Any]
DELETED = 3
"""The action beside a wrapped event that takes its object away."""
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class AccountRow:
    id: int
    name: str
    balance: Decimal
    can_trade: bool
    simulated: bool | None
    """None where an event leaves it out."""


@dataclass(frozen=True, slots=True)
class ContractRow:
    id: str
    name: str
    tick_size: Decimal
    tick_value: Decimal
    is_active: bool


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as the gateway shows it; `tag` is what its sender named it."""

    id: int
    account_id: int
    contract_id: str
    created: datetime
    updated: datetime | None
    status: int
    type: int
    side: int
    size: int
    limit_price: Decimal | None
    stop_price: Decimal | None
    filled: int
    tag: str


@dataclass(frozen=True, slots=True)
class TradeRow:
    """A half-turn; `at` is the gateway's own clock."""

    id: int
    account_id: int
    contract_id: str
    at: datetime
    price: Decimal
    fees: Decimal
    side: int
    size: int
    is_voided: bool
    order_id: int


@dataclass(frozen=True, slots=True)
class PositionRow:
    account_id: int
    contract_id: str
    type: int
    size: int
    avg_px: Decimal | None


@dataclass(frozen=True, slots=True)
class BarRow:
    start: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int


def unwrapped(event: Any) -> tuple[Json, int]:
    """An event's object and its action: they come bare, or as `{action, data}`; 0 where no action is told."""
    if not isinstance(event, Mapping):
        raise UnknownBrokerValue("event", event)
    inner = event.get("data")
    if "action" in event and isinstance(inner, Mapping):
        return inner, whole(event, "action")
    return event, 0


def account_row(row: Json) -> AccountRow:
    simulated = row.get("simulated")
    can_trade = row.get("canTrade")
    if not isinstance(can_trade, bool):
        raise UnknownBrokerValue("canTrade", can_trade)
    return AccountRow(
        whole(row, "id"), text(row, "name"), price(row, "balance"), can_trade,
        simulated if isinstance(simulated, bool) else None,
    )  # fmt: skip


def contract_row(row: Json) -> ContractRow:
    return ContractRow(
        id=text(row, "id"),
        name=text(row, "name"),
        tick_size=price(row, "tickSize"),
        tick_value=price(row, "tickValue"),
        is_active=row.get("activeContract") is not False,
    )


def order_row(row: Json) -> OrderRow:
    return OrderRow(
        id=whole(row, "id"),
        account_id=whole(row, "accountId"),
        contract_id=text(row, "contractId"),
        created=moment(row, "creationTimestamp"),
        updated=moment(row, "updateTimestamp") if row.get("updateTimestamp") is not None else None,
        status=whole(row, "status"),
        type=whole(row, "type"),
        side=whole(row, "side"),
        size=whole(row, "size"),
        limit_price=price_or_none(row, "limitPrice"),
        stop_price=price_or_none(row, "stopPrice"),
        filled=whole(row, "fillVolume") if row.get("fillVolume") is not None else 0,
        tag=row.get("customTag") or "",
    )


def trade_row(row: Json) -> TradeRow:
    return TradeRow(
        id=whole(row, "id"),
        account_id=whole(row, "accountId"),
        contract_id=text(row, "contractId"),
        at=moment(row, "creationTimestamp"),
        price=price(row, "price"),
        fees=price_or_none(row, "fees") or ZERO,
        side=whole(row, "side"),
        size=whole(row, "size"),
        is_voided=row.get("voided") is True,
        order_id=whole(row, "orderId"),
    )


def position_row(row: Json, action: int = 0) -> PositionRow:
    return PositionRow(
        account_id=whole(row, "accountId"),
        contract_id=text(row, "contractId"),
        type=whole(row, "type"),
        size=0 if action == DELETED else whole(row, "size"),
        avg_px=price_or_none(row, "averagePrice"),
    )


def bar_row(row: Json) -> BarRow:
    prices = (price(row, "o"), price(row, "h"), price(row, "l"), price(row, "c"))
    return BarRow(moment(row, "t"), *prices, whole(row, "v"))


# -- single fields -----------------------------------------------------------------------------------------


def whole(row: Json, name: str) -> int:
    value = row.get(name)
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise UnknownBrokerValue(name, value)
    return value


def text(row: Json, name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value:
        raise UnknownBrokerValue(name, value)
    return value


def price(row: Json, name: str) -> Decimal:
    found = price_or_none(row, name)
    if found is None:
        raise UnknownBrokerValue(name, None)
    return found


def price_or_none(row: Json, name: str) -> Decimal | None:
    """A figure without the zeros that the gateway pads it with."""
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        raise UnknownBrokerValue(name, value)
    plain = Decimal(value).normalize()
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain


def moment(row: Json, name: str) -> datetime:
    value = row.get(name)
    try:
        at = datetime.fromisoformat(value)  # type: ignore[arg-type]  # what is no text raises TypeError
    except (TypeError, ValueError) as error:
        raise UnknownBrokerValue(name, value) from error
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
