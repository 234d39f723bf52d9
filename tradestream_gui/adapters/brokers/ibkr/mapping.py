"""Our words and those of TWS: orders, statuses, contracts and accounts."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from tradestream_gui.adapters.brokers.ibkr.rows import ContractRow, OrderRow
from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.errors import UnknownBrokerValue
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.orders import Order, OrdType, Side, TimeInForce

MONTH_LETTERS = "FGHJKMNQUVXZ"
MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
SYMBOL_OF_ROOT = {"6E": "EUR", "6J": "JPY", "6B": "GBP", "6A": "AUD", "6C": "CAD", "6S": "CHF"}
"""Futures whose symbol there is the currency's; their trading class is the exchange's root like everywhere."""
ORD_TYPES = {
    OrdType.MARKET: "MKT",
    OrdType.LIMIT: "LMT",
    OrdType.STOP: "STP",
    OrdType.STOP_LIMIT: "STP LMT",
    OrdType.TRAILING_STOP: "TRAIL",
}
_ORD_TYPE_OF = {word: ord_type for ord_type, word in ORD_TYPES.items()}
_TIF_OF = {"GTC": TimeInForce.GTC, "IOC": TimeInForce.IOC, "FOK": TimeInForce.IOC}
_SPACED_FUTURE = re.compile(r"([A-Z0-9]+) +([A-Z]{3}) (\d\d)")
_LIVE_PORTS = {7496, 4001}
_PAPER_PORTS = {7497, 4002}


class Standing(Enum):
    """What a status of TWS means for an order."""

    ON_ITS_WAY = "not acknowledged yet"
    WORKING = "working"
    FILLED = "filled"
    CANCELED = "canceled"
    INACTIVE = "refused, or held back"


_STANDING = {
    "PendingSubmit": Standing.ON_ITS_WAY,
    "ApiPending": Standing.ON_ITS_WAY,
    "PendingCancel": Standing.WORKING,
    "PreSubmitted": Standing.WORKING,
    "Submitted": Standing.WORKING,
    "Filled": Standing.FILLED,
    "Cancelled": Standing.CANCELED,
    "ApiCancelled": Standing.CANCELED,
    "Inactive": Standing.INACTIVE,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request for a contract says, in the words of TWS."""

    sec_type: str
    symbol: str
    exchange: str
    trading_class: str
    multiplier: str
    expiry: str
    strike: Decimal | None
    right: str


def standing(status: str) -> Standing:
    if status not in _STANDING:
        raise UnknownBrokerValue("order status", status)
    return _STANDING[status]


def ord_type_of(row: OrderRow) -> OrdType:
    """The type; for kinds that only people use in TWS, the one of ours that has the same prices."""
    known = _ORD_TYPE_OF.get(row.ord_type)
    if known is not None:
        return known
    if row.limit_price is not None:
        return OrdType.LIMIT
    return OrdType.MARKET if row.aux_price is None else OrdType.STOP


def time_in_force_of(word: str) -> TimeInForce:
    """GTD and the rarer kinds end with the day or earlier."""
    return _TIF_OF.get(word, TimeInForce.DAY)


def side_of(action: str) -> Side:
    return Side.BUY if action == "BUY" else Side.SELL


def prices_of(row: OrderRow) -> tuple[Decimal | None, Decimal | None]:
    """Limit and stop price; a trailing stop's is where it stands now."""
    ord_type = ord_type_of(row)
    limit = row.limit_price if ord_type in (OrdType.LIMIT, OrdType.STOP_LIMIT) else None
    if ord_type is OrdType.TRAILING_STOP:
        return limit, row.trail_stop
    return limit, row.aux_price if ord_type in (OrdType.STOP, OrdType.STOP_LIMIT) else None


def plain(price: Decimal | None) -> str:
    """A price as text for the wire, without an exponent; empty where there is none."""
    return "" if price is None else format(price, "f")


def aux_price(order: Order) -> Decimal | None:
    """The second price of an order: the distance of a trailing stop, the trigger of any other."""
    if order.ord_type is OrdType.TRAILING_STOP:
        return order.trail
    return order.stop_price if order.ord_type in (OrdType.STOP, OrdType.STOP_LIMIT) else None


# -- contracts ---------------------------------------------------------------------------------------------


def wanted(instrument: Instrument) -> Wanted:
    """What describes the instrument to TWS and no other one."""
    if instrument.asset_class is AssetClass.STOCK:
        return Wanted("STK", instrument.root.replace(".", " "), "SMART", "", "", "", None, "")
    if instrument.asset_class is AssetClass.OPTION:
        assert instrument.expiry is not None, "an option expires"
        assert instrument.right is not None, "an option has a right"
        trading_class = instrument.instrument_id[:6].strip()
        return Wanted(
            "OPT", instrument.root.replace(".", " "), "SMART", trading_class, plain(instrument.point_value),
            f"{instrument.expiry:%Y%m%d}", instrument.strike, instrument.right.value,
        )  # fmt: skip
    return Wanted(
        "FUT", SYMBOL_OF_ROOT.get(instrument.root, instrument.root), instrument.exchange, instrument.root, "",
        contract_month(instrument), None, "",
    )  # fmt: skip


def contract_month(instrument: Instrument) -> str:
    """`202612` for ESZ6: the month of the name, which for oil lies after the last trading day."""
    assert instrument.expiry is not None, "a future expires"
    letter, digit = instrument.instrument_id[-2], instrument.instrument_id[-1]
    year = next(year for year in (instrument.expiry.year, instrument.expiry.year + 1) if year % 10 == int(digit))
    return f"{year}{MONTH_LETTERS.index(letter) + 1:02d}"


def instrument_id_of(row: ContractRow) -> InstrumentId:
    """Our id of a contract of TWS; for kinds that we do not trade, its local symbol."""
    if row.sec_type == "FUT":
        spaced = _SPACED_FUTURE.fullmatch(row.local_symbol)
        if spaced and spaced[2] in MONTH_NAMES:
            return InstrumentId(f"{row.trading_class}{MONTH_LETTERS[MONTH_NAMES.index(spaced[2])]}{spaced[3][-1]}")
        return InstrumentId(row.local_symbol)
    if row.sec_type == "OPT":
        thousandths = int(row.strike * 1000)
        return InstrumentId(f"{row.trading_class:<6}{row.expiry[2:]}{row.right}{thousandths:08d}")
    return InstrumentId(row.symbol.replace(" ", ".") if row.sec_type == "STK" else row.local_symbol or row.symbol)


InstrumentLookup = Callable[[InstrumentId], Instrument | None]

# -- accounts ----------------------------------------------------------------------------------------------


def kind_of_account(code: str) -> AccountKind | None:
    """Paper accounts begin with D (DU, DF); live ones with U, F or I. None for what we cannot tell."""
    if re.fullmatch(r"D[A-Z]?\d+", code):
        return AccountKind.BROKER_PAPER
    return AccountKind.LIVE if re.fullmatch(r"[UFI]\d+", code) else None


def kind_of_port(port: int) -> AccountKind | None:
    """The usual ports tell paper from live; any other tells nothing."""
    if port in _PAPER_PORTS:
        return AccountKind.BROKER_PAPER
    return AccountKind.LIVE if port in _LIVE_PORTS else None


def mode_mismatch(code: str, port: int, expected: AccountKind) -> str:
    """Why this account is not what it was set up as; empty when code and port prove the kind."""
    found = kind_of_account(code)
    if found is None:
        return f"MODE_MISMATCH: nobody can tell from the code {code} whether it is a paper or a live account"
    if found is not expected:
        return f"MODE_MISMATCH: {code} is a {found.value} account, but it was set up as {expected.value}"
    by_port = kind_of_port(port)
    if by_port not in (None, expected):
        return f"MODE_MISMATCH: {code} is {expected.value}, but port {port} is the {by_port.value} port of TWS"
    return ""
