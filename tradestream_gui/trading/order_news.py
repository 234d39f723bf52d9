"""Which word of the broker's about an order is the latest: lists lag, and reports overtake one another."""

from dataclasses import replace

from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.orders import TERMINAL, Order
from tradestream_gui.ports.broker import OrderReport
from tradestream_gui.ports.clock import Clock


class OrderNews:
    """Keeps the last word on each working order; which one is the last, the broker's own time tells."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: dict[ClOrdId, OrderReport] = {}

    def latest(self, order: Order, report: OrderReport) -> OrderReport:
        """The report; one of before the last word, or the last word once more, tells no size and no price any more and
        answers nothing that was asked since: it comes with those that the order has, and without its text. That an
        order has ended counts whenever it was told. Where the machine's own clock was set back behind the last word,
        nothing can be told from the time of a report."""
        last = self._last.get(order.cl_ord_id)
        if report.ord_status in TERMINAL:
            self._last.pop(order.cl_ord_id, None)
        elif last is not None and (report == last or report.at < last.at <= self._clock.now()):
            return replace(
                report,
                order_qty=order.order_qty,
                limit_price=order.limit_price,
                stop_price=order.stop_price,
                ord_type=order.ord_type,
                text="",
            )
        else:
            self._last[order.cl_ord_id] = report
        return report
