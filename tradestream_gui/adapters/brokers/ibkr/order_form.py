"""Fills in TWS's order form: from an order of ours, or anew from what TWS shows of one."""

from dataclasses import replace
from typing import Any

from ib_insync import order as tws_order

from tradestream_gui.adapters.brokers.ibkr.mapping import ORD_TYPES, aux_price, plain
from tradestream_gui.adapters.brokers.ibkr.rows import ContractRow, OrderRow
from tradestream_gui.adapters.brokers.ibkr.tickets import Terms
from tradestream_gui.domain.orders import Order, OrdType, TimeInForce

REDUCE_WITH_BLOCK = 2
"""OCA type: a fill takes its quantity off the others, of which only one at a time is at the exchange, so that two
cannot fill together."""
OrderForm: Any = tws_order.Order
"""Its annotations ask for floats; it writes texts as they are."""
_TRAIL = ORD_TYPES[OrdType.TRAILING_STOP]


def sheet(order: Order, contract: ContractRow, *, order_id: int, client_id: int, parent_id: int = 0) -> OrderRow:
    """What is sent for an order of ours. Futures may trigger and fill at any hour: TWS lets their stops sleep
    outside the day session unless it is told otherwise."""
    ends = order.expire_at if order.time_in_force is TimeInForce.DAY else None
    return OrderRow(
        order_id=order_id,
        client_id=client_id,
        perm_id=0,
        account=order.account_id,
        contract=contract,
        order_ref=order.cl_ord_id,
        action=order.side.value,
        ord_type=ORD_TYPES[order.ord_type],
        qty=order.order_qty,
        limit_price=order.limit_price,
        aux_price=aux_price(order),
        trail_stop=order.stop_price if order.ord_type is OrdType.TRAILING_STOP else None,
        tif=order.time_in_force.value if ends is None else "GTD",
        good_till="" if ends is None else f"{ends:%Y%m%d %H:%M:%S} UTC",
        oca_group=order.oca_group or "",
        parent_id=parent_id,
        outside_rth=contract.sec_type == "FUT",
        status="PendingSubmit",
    )


def changed(row: OrderRow, terms: Terms) -> OrderRow:
    """The same order with other terms; a trailing stop keeps its distance."""
    is_trailing = terms.ord_type == _TRAIL
    return replace(
        row,
        qty=terms.qty,
        ord_type=terms.ord_type,
        limit_price=terms.limit_price,
        aux_price=row.aux_price if is_trailing else terms.stop_price,
        trail_stop=(terms.stop_price or row.trail_stop) if is_trailing else None,
    )


def form(row: OrderRow, *, transmit: bool = True) -> Any:
    """The library's order. Prices go as text: what is written here stands on the wire, digit by digit."""
    return OrderForm(
        orderId=row.order_id,
        clientId=row.client_id,
        permId=row.perm_id,
        account=row.account,
        action=row.action,
        totalQuantity=row.qty,
        orderType=row.ord_type,
        lmtPrice=plain(row.limit_price),
        auxPrice=plain(row.aux_price),
        trailStopPrice=plain(row.trail_stop),
        tif=row.tif,
        goodTillDate=row.good_till,
        ocaGroup=row.oca_group,
        ocaType=REDUCE_WITH_BLOCK if row.oca_group else 0,
        parentId=row.parent_id,
        orderRef=row.order_ref,
        outsideRth=row.outside_rth,
        transmit=transmit,
    )
