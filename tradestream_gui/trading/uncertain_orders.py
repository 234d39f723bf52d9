"""Orders whose outcome nobody told: the broker is asked, and nothing is ever sent again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.ids import AccountId, ClOrdId, OrderId
from tradestream_gui.domain.orders import TERMINAL, Order, OrdStatus
from tradestream_gui.ports.broker import Broker, ExecutionReport, OrderReport
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.blotter import Blotter

LEAST_WAIT_S = 0.05
"""What is left of the gap may be less than a clock can wait."""


@dataclass(frozen=True, slots=True)
class OrderTiming:
    """Seconds. `answer_timeout_s`: how long a sent order may stay unanswered before it counts as uncertain;
    `ask_interval_s`: how often the broker is asked about it; `ask_count`: after how many questions a person is told;
    `not_found_gap_s`: the least time between the two answers that let an order count as not found."""

    answer_timeout_s: float
    ask_interval_s: float
    ask_count: int
    not_found_gap_s: float


class UncertainOrders:
    """Asks by our own order id until it is answered; a person is told when it takes long. One "not known" is never
    believed: it takes two, apart in time. That an order has ended is told once and holds: a list of executions that
    does not come is then asked for alone."""

    def __init__(
        self,
        *,
        clock: Clock,
        blotter: Blotter,
        timing: OrderTiming,
        broker_of: Callable[[AccountId], Broker],
        book: Callable[[Iterable[ExecutionReport]], None],
        on_order: Callable[[OrderReport], None],
        not_found: Callable[[ClOrdId], None],
        give_up: Callable[[Order], None],
    ) -> None:
        self._clock = clock
        self._blotter = blotter
        self._timing = timing
        self._broker_of = broker_of
        self._book = book
        self._on_order = on_order
        self._not_found = not_found
        self._give_up = give_up
        self._asking: set[ClOrdId] = set()

    async def ask(self, cl_ord_id: ClOrdId) -> None:
        if cl_ord_id in self._asking:
            return
        self._asking.add(cl_ord_id)
        try:
            await self._ask(cl_ord_id)
        finally:
            self._asking.discard(cl_ord_id)

    async def _ask(self, cl_ord_id: ClOrdId) -> None:
        unknown_since: float | None = None
        ended: OrderReport | None = None
        asked = 0
        while (order := self._uncertain(cl_ord_id)) is not None:
            if asked == self._timing.ask_count:
                self._give_up(order)
            asked += 1
            wait_s = self._timing.ask_interval_s
            try:
                report = ended or await self._broker_of(order.account_id).find_order(order.account_id, cl_ord_id)
                if report is not None:
                    ended = report if report.ord_status in TERMINAL else None
                    await self._adopt(order, report)
                    return
            except BrokerUnreachable:
                pass  # no answer says nothing, neither for nor against
            else:
                now_s = self._clock.monotonic()
                if unknown_since is None:
                    unknown_since = now_s
                elif now_s - unknown_since >= self._timing.not_found_gap_s:
                    self._not_found(cl_ord_id)
                    return
                left_s = unknown_since + self._timing.not_found_gap_s - now_s
                wait_s = min(wait_s, max(left_s, LEAST_WAIT_S))
            await self._clock.sleep(wait_s)

    async def _book_fills(self, order: Order, order_id: OrderId | None) -> None:
        executions = await self._broker_of(order.account_id).executions(order.account_id, order.created_at)
        self._book([one for one in executions if self._is_told(one, order_id)])

    def _is_told(self, execution: ExecutionReport, order_id: OrderId | None) -> bool:
        """Whether it is of an order from here, named, or by the id of the one that was asked about."""
        named = execution.cl_ord_id
        return execution.order_id == order_id if named is None else self._blotter.order(named) is not None

    def _uncertain(self, cl_ord_id: ClOrdId) -> Order | None:
        order = self._blotter.order(cl_ord_id)
        return order if order is not None and order.ord_status is OrdStatus.UNCERTAIN else None

    async def _adopt(self, order: Order, report: OrderReport) -> None:
        """Books the order's executions first, so that its state never runs ahead of its fills."""
        await self._book_fills(order, report.order_id)
        self._on_order(report)
