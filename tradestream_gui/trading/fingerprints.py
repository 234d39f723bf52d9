"""Knows our own orders again at a broker that carries no client ids: by what they are and when they were sent."""

from dataclasses import replace
from datetime import timedelta

from tradestream_gui.domain.orders import IN_FLIGHT, Order
from tradestream_gui.ports.broker import ExecutionReport, OrderReport
from tradestream_gui.trading.blotter import Blotter

WINDOW = timedelta(seconds=30)
"""How long after it was sent an order may have reached the broker."""
EARLY = timedelta(seconds=2)
"""By how much the broker's clock may be behind ours."""


def own_order(blotter: Blotter, report: OrderReport | ExecutionReport, *, has_client_ids: bool) -> Order | None:
    """Our order by our own id. The broker's number is believed only where it knows no other, because gateways give
    numbers again; there an order in flight is known by what it is."""
    if report.cl_ord_id is not None or has_client_ids:
        return blotter.order(report.cl_ord_id) if report.cl_ord_id is not None else None
    known = blotter.order_by_broker_id(report.account_id, report.order_id)
    if known is not None:
        return known
    found = [order for order in blotter.open_orders(report.account_id) if _fits(order, report)]
    return replace(found[0], order_id=report.order_id) if len(found) == 1 else None


def _fits(order: Order, report: OrderReport | ExecutionReport) -> bool:
    if order.order_id is not None or order.ord_status not in IN_FLIGHT:
        return False
    if (order.instrument_id, order.side) != (report.instrument_id, report.side):
        return False
    if not order.created_at - EARLY <= report.at <= order.created_at + WINDOW:
        return False
    if isinstance(report, ExecutionReport):
        is_worse = order.limit_price is not None and (report.last_px - order.limit_price) * report.side.sign > 0
        return report.last_qty <= order.order_qty and not is_worse
    asked = (order.order_qty, order.ord_type, order.limit_price, order.stop_price)
    return asked == (report.order_qty, report.ord_type, report.limit_price, report.stop_price)
