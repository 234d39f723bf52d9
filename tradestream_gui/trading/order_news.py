"""Which word of the broker's about an order is the latest: lists lag, and reports overtake one another."""

from dataclasses import replace
from datetime import datetime

from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.orders import TERMINAL, Order
from tradestream_gui.ports.broker import OrderReport
from tradestream_gui.ports.clock import Clock


class OrderNews:
    """Keeps of when the last word on each working order is, by the broker's own time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told_at: dict[ClOrdId, datetime] = {}

    def latest(self, order: Order, report: OrderReport) -> OrderReport:
        """The report; one of before the last word tells no size and no price any more, so it comes with those that
        the order has. That an order has ended counts whenever it was told. Where the machine's own clock was set back
        behind the last word, nothing can be told from the time of a report."""
        told_at = self._told_at.get(order.cl_ord_id)
        if report.ord_status in TERMINAL:
            self._told_at.pop(order.cl_ord_id, None)
        elif told_at is not None and report.at < told_at <= self._clock.now():
            return replace(
                report,
                order_qty=order.order_qty,
                limit_price=order.limit_price,
                stop_price=order.stop_price,
                ord_type=order.ord_type,
            )
        else:
            self._told_at[order.cl_ord_id] = report.at
        return report
