"""Our words and those of the gateway: orders, statuses, contracts and accounts."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tradestream_gui.adapters.brokers.projectx.rows import AccountRow, OrderRow
from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.errors import BrokerRejected, UnknownBrokerValue
from tradestream_gui.domain.futures import MONTH_LETTERS, ContractMonth, FuturesRoot, contract_code, contract_month
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Order, OrdStatus, OrdType, Side, TimeInForce

LIMIT, MARKET, STOP_LIMIT, STOP, TRAILING, JOIN_BID, JOIN_ASK = 1, 2, 3, 4, 5, 6, 7
ORD_TYPES = {OrdType.LIMIT: LIMIT, OrdType.MARKET: MARKET, OrdType.STOP: STOP}
"""What is sent. Stop limits are not documented for placing, and a trail's distance is reckoned there from a price that
nobody here knows: trails run here instead."""
TIMES_IN_FORCE = frozenset({TimeInForce.DAY, TimeInForce.GTC})
"""Orders there know no time in force: they rest until cancelled, or until the firm flattens at the day's end."""
_ORD_TYPE_OF = {
    LIMIT: OrdType.LIMIT, MARKET: OrdType.MARKET, STOP_LIMIT: OrdType.STOP_LIMIT, STOP: OrdType.STOP,
    TRAILING: OrdType.TRAILING_STOP, JOIN_BID: OrdType.LIMIT, JOIN_ASK: OrdType.LIMIT,
}  # fmt: skip
OPEN, FILLED, CANCELLED, EXPIRED, REJECTED, PENDING, PENDING_CANCEL, SUSPENDED = 1, 2, 3, 4, 5, 6, 7, 8
_ENDED = {
    FILLED: OrdStatus.FILLED, CANCELLED: OrdStatus.CANCELED, EXPIRED: OrdStatus.EXPIRED, REJECTED: OrdStatus.REJECTED,
}  # fmt: skip
_WORKING = (OPEN, PENDING, PENDING_CANCEL, SUSPENDED)
_LONG, _SHORT = 1, 2
_CONTRACT_ID = re.compile(r"CON\.F\.US\.([A-Z0-9]+)\.([FGHJKMNQUVXZ])(\d\d)")
InstrumentLookup = Callable[[InstrumentId], Instrument | None]
Roots = Mapping[str, FuturesRoot]


def ord_status(row: OrderRow) -> OrdStatus | None:
    """The status; None for one that this version does not know, which changes nothing."""
    if row.status in _ENDED:
        return _ENDED[row.status]
    if row.status not in _WORKING:
        return None
    return OrdStatus.PARTIALLY_FILLED if row.filled else OrdStatus.NEW


def ord_type_of(row: OrderRow) -> OrdType:
    if row.type not in _ORD_TYPE_OF:
        raise UnknownBrokerValue("order type", row.type)
    return _ORD_TYPE_OF[row.type]


def side_of(side: int) -> Side:
    if side not in (0, 1):
        raise UnknownBrokerValue("side", side)
    return Side.BUY if side == 0 else Side.SELL


def side_number(side: Side) -> int:
    return 0 if side is Side.BUY else 1


def signed_qty(type_: int, size: int) -> int:
    if size == 0:
        return 0
    if type_ not in (_LONG, _SHORT):
        raise UnknownBrokerValue("position type", type_)
    return size if type_ == _LONG else -size


def order_form(order: Order, *, account: int, contract_id: str) -> dict[str, Any]:
    """What places an order. Raises BrokerRejected for what is not sent there."""
    if order.ord_type not in ORD_TYPES:
        raise BrokerRejected(
            f"TopstepX takes market, limit and stop orders from here, no {order.ord_type.value} order; "
            "trailing stops run in TradeStream"
        )
    if order.time_in_force not in TIMES_IN_FORCE:
        raise BrokerRejected(f"TopstepX knows no {order.time_in_force.value} orders; choose DAY")
    return {
        "accountId": account,
        "contractId": contract_id,
        "type": ORD_TYPES[order.ord_type],
        "side": side_number(order.side),
        "size": order.order_qty,
        "limitPrice": number(order.limit_price) if order.ord_type is OrdType.LIMIT else None,
        "stopPrice": number(order.stop_price) if order.ord_type is OrdType.STOP else None,
        "customTag": order.cl_ord_id,
    }


def number(price: Decimal | None) -> float | None:
    """A price for JSON: the shortest number that reads back as the same decimal."""
    return None if price is None else float(price)


# -- contracts ---------------------------------------------------------------------------------------------


def month_of(instrument: Instrument) -> ContractMonth:
    """The month that the instrument's name tells, which for oil lies after its last trading day."""
    assert instrument.expiry is not None, "a future expires"
    letter, digit = instrument.instrument_id[-2], instrument.instrument_id[-1]
    return contract_month(letter, digit, date(instrument.expiry.year, 1, 1))


def month_in(contract_id: str) -> ContractMonth | None:
    """The month in a contract's id; None for an id of another shape."""
    found = _CONTRACT_ID.fullmatch(contract_id)
    return None if found is None else ContractMonth(2000 + int(found[3]), MONTH_LETTERS.index(found[2]) + 1)


def instrument_id_in(contract_id: str, roots: Roots) -> InstrumentId | None:
    """Our id of a contract that was not asked for yet, by the table of roots; None for what is not in it."""
    found, month = _CONTRACT_ID.fullmatch(contract_id), month_in(contract_id)
    if found is None or month is None:
        return None
    root = next((one for one in roots.values() if one.projectx_root == found[1]), None)
    return None if root is None else InstrumentId(contract_code(root.root, month))


# -- accounts ----------------------------------------------------------------------------------------------


def kind_of_account(row: AccountRow) -> AccountKind:
    """Practice accounts bear it in their name. `simulated` proves nothing: funded accounts are simulated too."""
    if row.simulated is False:
        return AccountKind.LIVE
    return AccountKind.BROKER_PAPER if row.name.upper().startswith("PRAC") else AccountKind.FUNDED


def mode_mismatch(row: AccountRow, expected: AccountKind) -> str:
    """Why this account is not what it was set up as; empty when it is."""
    found = kind_of_account(row)
    if found is expected:
        return ""
    return f"MODE_MISMATCH: {row.name} is a {found.value} account, but it was set up as {expected.value}"
