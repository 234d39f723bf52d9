"""Server messages of the TWS protocol, each as the tuple of its fields; layouts of server version 176."""

from datetime import datetime
from decimal import Decimal

from tests.servers.tws.contracts import TwsContract
from tests.servers.tws.orders import TwsOrder
from tests.servers.tws.wire import UNSET_DOUBLE, UNSET_INTEGER

Fields = tuple[object, ...]
_NO_MARGINS = (UNSET_DOUBLE,) * 9


def error(request_id: int, code: int, words: str, reject_json: str = "") -> Fields:
    return (4, 2, request_id, code, words, reject_json)


def order_status(order: TwsOrder) -> Fields:
    parent = order.terms.parent_id
    return (
        3, order.order_id, order.status, order.filled, 0 if order.is_done else order.remaining, order.avg_px,
        order.perm_id, parent, order.last_px, order.client_id, order.why_held, 0,
    )  # fmt: skip


def open_order(order: TwsOrder, margins: tuple[str, ...] = _NO_MARGINS, commission: str = UNSET_DOUBLE) -> Fields:
    """An order as it stands, in the order of the client's decoder; `margins` are set in a what-if answer."""
    terms = order.terms
    return (
        5, order.order_id, *order.contract.c11(), *_terms(order),
        terms.order_ref, order.client_id, order.perm_id, terms.outside_rth, False,
        0, "", "", "", "", "", "", "", _good_till(terms.good_till),
        "", "", "", 0, "", -1,
        0, "", "", "", "", "", "",
        False, False, False, "", terms.oca_type, False, False, "",
        terms.parent_id, 0,
        *_volatility(8),
        False, "", _or_unset(order.stop if terms.ord_type == "TRAIL" else None), UNSET_DOUBLE, "", "",
        "", 0, 0, 0, "", "", "", "", False, "", "IB", False, 0, "", False,
        terms.what_if, order.status, *margins, commission, "", "", "USD", "", False, False,
        0, "None", UNSET_DOUBLE, _or_unset(order.stop if terms.ord_type == "TRAIL" else None),
        UNSET_DOUBLE, UNSET_DOUBLE, UNSET_DOUBLE, UNSET_DOUBLE, 0, "", "", "", "", False, False, False, False,
        UNSET_INTEGER, UNSET_INTEGER, False, UNSET_INTEGER, UNSET_INTEGER, "", "", "",
    )  # fmt: skip


def completed_order(order: TwsOrder, at: str) -> Fields:
    terms = order.terms
    return (
        101, *order.contract.c11(), terms.action, 0, *_terms(order)[2:], terms.order_ref, order.perm_id,
        terms.outside_rth, False, 0, "", "", "", "", "", "", _good_till(terms.good_till),
        "", "", "", 0, "", -1, "", "", "", "", "",
        "", False, False, "", terms.oca_type, 0,
        *_volatility(4),
        False, "", UNSET_DOUBLE, UNSET_DOUBLE, "", 0, 0, 0, "", "", "", "", "", "IB", False, 0, "", False,
        order.status, False, False, 0, UNSET_DOUBLE, UNSET_DOUBLE, "", False, False, "", order.filled, 0, False,
        "", False, False, order.parent.perm_id if order.parent else 0, at, order.completed_status,
        UNSET_INTEGER, UNSET_INTEGER, "", "", "",
    )  # fmt: skip


def execution(
    request_id: int, order: TwsOrder, exec_id: str, at: str, qty: int, px: Decimal, *, total: int, avg_px: Decimal
) -> Fields:
    terms, venue = order.terms, "CME" if order.contract.sec_type == "FUT" else "ISLAND"
    return (
        11, request_id, order.order_id, *order.contract.c11(venue), exec_id, at, terms.account, venue,
        "BOT" if terms.sign > 0 else "SLD", qty, px, order.perm_id, order.client_id, 0, total, avg_px,
        terms.order_ref, "", "", "", 2,
    )  # fmt: skip


def commission(exec_id: str, amount: Decimal, realized: Decimal | None) -> Fields:
    return (59, 1, exec_id, amount, "USD", _or_unset(realized), UNSET_DOUBLE, "")


def position(account: str, contract: TwsContract, qty: int, avg_cost: Decimal) -> Fields:
    return (61, 3, account, *contract.c11(""), qty, avg_cost)


def contract_details(request_id: int, contract: TwsContract) -> Fields:
    hours = "20261120:0930-20261120:1600"
    last_time = f"{contract.expiry} 08:30 US/Central" if contract.sec_type == "FUT" else contract.expiry
    return (
        10, request_id, contract.symbol, contract.sec_type, last_time, contract.strike, contract.right,
        contract.exchange, contract.currency, contract.local_symbol, contract.trading_class,
        contract.trading_class, contract.con_id, contract.min_tick, contract.multiplier,
        "LMT,MKT,STP,STP LMT,TRAIL", contract.valid_exchanges, 1, contract.under_con_id, contract.long_name,
        "" if contract.sec_type != "STK" else "NASDAQ", contract.month, "", "", "", "US/Central", hours, hours,
        "", 0, 0, 1, contract.symbol if contract.under_con_id else "", "STK" if contract.under_con_id else "",
        ",".join([str(contract.rule_id)] * len(contract.valid_exchanges.split(","))), contract.expiry,
        "COMMON" if contract.sec_type == "STK" else "", 1, 1, 1,
    )  # fmt: skip


def market_rule(rule_id: int, bands: tuple[tuple[Decimal, Decimal], ...]) -> Fields:
    return (93, rule_id, len(bands), *(value for band in bands for value in band))


def option_chain(
    request_id: int,
    exchange: str,
    under_con_id: int,
    kind: tuple[str, str],
    expiries: list[str],
    strikes: list[Decimal],
) -> Fields:
    """`kind` is trading class and multiplier."""
    return 75, request_id, exchange, under_con_id, *kind, len(expiries), *expiries, len(strikes), *strikes


def wire_time(at: datetime, zone_name: str) -> str:
    """`at` is in that zone already."""
    return f"{at:%Y%m%d %H:%M:%S} {zone_name}"


def _terms(order: TwsOrder) -> Fields:
    terms = order.terms
    return (
        terms.action, terms.qty, terms.ord_type, terms.lmt or 0, terms.aux or 0, terms.tif, terms.oca_group,
        terms.account, "", 0,
    )  # fmt: skip


def _volatility(delta_neutral_fields: int) -> Fields:
    """Volatility, its type, then the delta-neutral order type, which TWS writes as None with fields after it."""
    if delta_neutral_fields == 8:
        return ("", 0, "None", "", 0, "", "", "", "", False, 0, "")
    return ("", 0, "None", "", 0, False, 0, "")


def _good_till(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y%m%d %H:%M:%S} UTC"


def _or_unset(value: Decimal | None) -> object:
    return UNSET_DOUBLE if value is None else value
