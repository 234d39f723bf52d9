"""Which order of ours a report is about; what only looks like ours waits until the broker has told of its order."""

from collections.abc import Callable

from tradestream_gui.domain.ids import AccountId, OrderId
from tradestream_gui.domain.orders import Order, OrdStatus
from tradestream_gui.ports.broker import Broker, ExecutionReport, OrderReport
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.fingerprints import own_order

PATIENCE_S = 1.0
"""How long an execution that has no more than the looks of ours waits for the report of its order."""

_Key = tuple[AccountId, OrderId]


class OwnOrders:
    """An execution has no type and no limit: at a broker without client ids a trade by phone may look like an order of
    ours that is in flight. The report of its order, which comes beside it, tells the two apart."""

    def __init__(
        self,
        *,
        clock: Clock,
        blotter: Blotter,
        broker_of: Callable[[AccountId], Broker],
        book: Callable[[ExecutionReport], None],
    ) -> None:
        self._clock = clock
        self._blotter = blotter
        self._broker_of = broker_of
        self._book = book
        self._strangers: set[_Key] = set()
        """Numbers under which the broker has told of an order that is not ours."""
        self._waiting: dict[_Key, list[ExecutionReport]] = {}

    def order_of(self, report: OrderReport | ExecutionReport) -> Order | None:
        """The order of ours that a report is about; None for what was not sent from here."""
        order = self._found(report)
        if order is None:
            return None
        if order.ord_status is OrdStatus.PENDING_NEW:
            order = order.moved_to(OrdStatus.SENT, self._clock.now())
        return order if order is self._blotter.order(order.cl_ord_id) else self._blotter.put(order)

    def must_wait(self, execution: ExecutionReport) -> bool:
        """True for an execution that is kept back until its order is told, or until nobody has told of it in time."""
        if self._has_client_ids(execution) or self._is_known(execution) or self._found(execution) is None:
            return False
        key = (execution.account_id, execution.order_id)
        if key not in self._waiting:
            self._clock.call_later(PATIENCE_S, lambda: self._release(key))
        self._waiting.setdefault(key, []).append(execution)
        return True

    def told(self, report: OrderReport) -> None:
        """The broker has told of an order: what waited for this is booked."""
        self._release((report.account_id, report.order_id))

    def _found(self, report: OrderReport | ExecutionReport) -> Order | None:
        key, is_order = (report.account_id, report.order_id), isinstance(report, OrderReport)
        if not is_order and key in self._strangers and not self._is_known(report):
            return None
        has_client_ids = self._has_client_ids(report)
        order = own_order(self._blotter, report, has_client_ids=has_client_ids)
        if is_order and not has_client_ids:
            note = self._strangers.add if order is None else self._strangers.discard
            note(key)
        return order

    def _has_client_ids(self, report: OrderReport | ExecutionReport) -> bool:
        return self._broker_of(report.account_id).capabilities.client_ids

    def _is_known(self, report: OrderReport | ExecutionReport) -> bool:
        """By our own id, or by the number of an order of ours."""
        named = report.cl_ord_id is not None
        return named or self._blotter.order_by_broker_id(report.account_id, report.order_id) is not None

    def _release(self, key: _Key) -> None:
        for execution in self._waiting.pop(key, ()):
            self._book(execution)
