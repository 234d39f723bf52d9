"""Why the venue does not take an order: its error codes and the words beside them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.servers.projectx.orders import JOIN_ASK, JOIN_BID, LIMIT, MARKET, STOP, TRAILING, PxOrder

if TYPE_CHECKING:
    from tests.servers.projectx.exchange import Exchange

ACCOUNT, ORDER_REJECTED, VIOLATION, CLOSED, CONTRACT, INACTIVE = 1, 2, 4, 5, 8, 9


@dataclass(frozen=True, slots=True)
class Refusal:
    """`is_recorded`: it stands in the list of orders nevertheless."""

    code: int
    words: str | None
    is_recorded: bool = False


def order_refusal(exchange: "Exchange", order: PxOrder) -> Refusal | None:
    account = exchange.accounts[order.account_id]
    if not account.can_trade:
        return Refusal(VIOLATION, "Account is not allowed to trade.")
    if not order.contract.is_active:
        return Refusal(INACTIVE, None)
    if not exchange.is_open:
        return Refusal(CLOSED, "Outside of trading hours.")
    words = _words(exchange, order)
    if words:
        return Refusal(ORDER_REJECTED, words)
    if (order.stop_loss or order.take_profit) and account.position_brackets is not None:
        return Refusal(ORDER_REJECTED, "Brackets cannot be used with Position Brackets.", is_recorded=True)
    return None


def _words(exchange: "Exchange", order: PxOrder) -> str:
    if order.size <= 0:
        return "Invalid order size specified."
    if order.type not in (LIMIT, MARKET, STOP, TRAILING, JOIN_BID, JOIN_ASK):
        return "Invalid order type specified."
    if order.type == TRAILING and order.trail is None:
        return "Trail price is required."
    if order.type == LIMIT and order.limit is None:
        return "Limit price is required."
    if order.type == STOP and order.stop is None:
        return "Stop price is required."
    for price in (order.limit, order.stop):
        if price is not None and not order.contract.is_on_tick(price):
            return "Invalid price. Price is not a multiple of the tick size."
    if order.tag is not None and any(
        one.tag == order.tag and one.account_id == order.account_id for one in exchange.orders
    ):
        return "Custom tag is already in use."
    return ""
