"""Cancels and replaces on their way: one request in flight for each order, a refused one not repeated at once."""

from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.domain.ids import AccountId, ClOrdId
from tradestream_gui.domain.orders import Order, OrdStatus, OrdType
from tradestream_gui.ports.broker import Broker, OrderReport
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.trading.blotter import Blotter

CHANGEABLE = (OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED)
PENDING = (OrdStatus.PENDING_CANCEL, OrdStatus.PENDING_REPLACE)
CANCEL_GAP_S = 1.0
"""A cancel that failed at once is tried again after this long, not in the same instant."""


@dataclass(frozen=True, slots=True)
class OrderChange:
    """What a replace asks for; `order_qty` is the total, filled part included, None for what it is at the broker."""

    order_qty: int | None
    limit_price: Decimal | None
    stop_price: Decimal | None
    ord_type: OrdType


_Awaited = tuple[float, ClOrdId, OrdStatus, OrderChange | None]
"""Until when by the clock, which order, in which state it waits, and for which change."""


def _carries(report: OrderReport, change: OrderChange) -> bool:
    """Whether the broker's order has what was asked."""
    order_qty = None if change.order_qty is None else report.order_qty
    return change == OrderChange(order_qty, report.limit_price, report.stop_price, report.ord_type)


class ChangeRequests:
    """Owns what was asked and not answered yet. `doubt` hears of each request whose outcome nobody told."""

    def __init__(
        self,
        *,
        clock: Clock,
        tasks: Tasks,
        blotter: Blotter,
        broker_of: Callable[[AccountId], Broker],
        answer_timeout_s: float,
        doubt: Callable[[ClOrdId, str], None],
        clean: Callable[[str], str],
    ) -> None:
        self._clean = clean
        self._clock = clock
        self._tasks = tasks
        self._blotter = blotter
        self._broker_of = broker_of
        self._answer_timeout_s = answer_timeout_s
        self._doubt = doubt
        self._changes: dict[ClOrdId, OrderChange] = {}
        self._refused: dict[ClOrdId, tuple[OrderChange, float]] = {}
        self._cancels: set[ClOrdId] = set()
        """What this run has asked to cancel: a cancel of a run before may have been lost with it."""
        self._failed_cancels: dict[ClOrdId, float] = {}
        self._asked_qty: dict[ClOrdId, int] = {}
        self._insisting: dict[ClOrdId, Callable[[Order], object]] = {}
        self._awaited: deque[_Awaited] = deque()
        """Requests whose answer may still come, in the order of asking; one timer serves all of them."""

    def cancel(self, order: Order, reason: str) -> bool:
        """False when a cancel of this order failed a moment ago: asking on would run in a circle."""
        failed_s = self._failed_cancels.get(order.cl_ord_id)
        if failed_s is not None and self._clock.monotonic() - failed_s < CANCEL_GAP_S:
            return False
        self.forget(order.cl_ord_id)
        self._cancels.add(order.cl_ord_id)
        if order.ord_status is OrdStatus.UNCERTAIN:
            # Whether it exists is being asked: the answer decides, the cancel goes out for the case that it does.
            self._failed_cancels[order.cl_ord_id] = self._clock.monotonic()
            self._tasks.spawn(self._try_cancel(order), f"cancel {order.cl_ord_id}")
            return True
        self._blotter.put(order.moved_to(OrdStatus.PENDING_CANCEL, self._clock.now(), reason))
        request = partial(self._broker_of(order.account_id).cancel, order.account_id, order.cl_ord_id)
        self._tasks.spawn(self._ask_for(order, request, OrdStatus.PENDING_CANCEL), f"cancel {order.cl_ord_id}")
        return True

    def replace(self, order: Order, change: OrderChange) -> bool:
        """False when a request is in flight, when the order does not work, or when the broker refused this very
        change a moment ago."""
        if change.order_qty == order.order_qty:
            change = OrderChange(None, change.limit_price, change.stop_price, change.ord_type)
        refused, at_s = self._refused.get(order.cl_ord_id, (None, 0.0))
        if order.ord_status not in CHANGEABLE or (
            refused == change and self._clock.monotonic() - at_s < self._answer_timeout_s
        ):
            return False
        self._changes[order.cl_ord_id] = change
        if change.order_qty is not None:
            self._asked_qty[order.cl_ord_id] = change.order_qty
        self._blotter.put(order.moved_to(OrdStatus.PENDING_REPLACE, self._clock.now()))
        request = partial(
            self._broker_of(order.account_id).replace,
            order.account_id,
            order.cl_ord_id,
            order_qty=change.order_qty,
            limit_price=change.limit_price,
            stop_price=change.stop_price,
            ord_type=change.ord_type,
        )
        self._tasks.spawn(self._ask_for(order, request, OrdStatus.PENDING_REPLACE), f"replace {order.cl_ord_id}")
        return True

    def possible_qty(self, order: Order) -> int:
        """How large the order may be at the broker: a replace that nobody has answered may have made it larger."""
        return max(order.order_qty, self._asked_qty.get(order.cl_ord_id, 0))

    def answered(self, cl_ord_id: ClOrdId) -> None:
        """The broker has told how large the order is."""
        self._asked_qty.pop(cl_ord_id, None)

    def status_after(self, order: Order, report: OrderReport) -> OrdStatus:
        """Where an order stands that the broker reports as working: a pending request stays pending until the
        report carries its values, or words that refuse it."""
        if order.ord_status is OrdStatus.PENDING_CANCEL and order.cl_ord_id in self._cancels and not report.text:
            return OrdStatus.PENDING_CANCEL
        if order.ord_status is OrdStatus.PENDING_REPLACE:
            change = self._changes.get(order.cl_ord_id)
            differs = change is not None and not _carries(report, change)
            if differs and not report.text:
                return OrdStatus.PENDING_REPLACE
            self._end(order.cl_ord_id, refused=differs)
        self.answered(order.cl_ord_id)
        return OrdStatus.PARTIALLY_FILLED if order.cum_qty else OrdStatus.NEW

    def expect_answer(self, cl_ord_id: ClOrdId, waiting: OrdStatus) -> None:
        """Doubts the order when it still waits in this state, for this same request, when the time is over."""
        if not self._awaited:
            self._clock.call_later(self._answer_timeout_s, self._look_for_answers)
        until_s = self._clock.monotonic() + self._answer_timeout_s
        self._awaited.append((until_s, cl_ord_id, waiting, self._changes.get(cl_ord_id)))

    def _look_for_answers(self) -> None:
        now_s, over = self._clock.monotonic(), list[_Awaited]()
        while self._awaited and self._awaited[0][0] <= now_s:
            over.append(self._awaited.popleft())
        if self._awaited:
            self._clock.call_later(self._awaited[0][0] - now_s, self._look_for_answers)
        for _, cl_ord_id, waiting, asked in over:
            order = self._blotter.order(cl_ord_id)
            if order is not None and order.ord_status is waiting and self._changes.get(cl_ord_id) is asked:
                self._doubt(cl_ord_id, "no answer")

    def forget(self, cl_ord_id: ClOrdId) -> None:
        self._changes.pop(cl_ord_id, None)

    async def _ask_for(self, order: Order, request: Callable[[], Awaitable[None]], pending: OrdStatus) -> None:
        try:
            await request()
        except BrokerRejected as error:
            self._note_failure(order, pending)
            self._revert(order.cl_ord_id, str(error))
        except BrokerUnreachable as error:
            self._note_failure(order, pending)
            self._doubt(order.cl_ord_id, str(error))
        else:
            self.expect_answer(order.cl_ord_id, pending)

    def insist(self, cl_ord_id: ClOrdId, ask: Callable[[Order], object]) -> None:
        """Asks again and again while the order may fill: a cancel may be refused or lost. One timer serves all."""
        if not self._insisting:
            self._clock.call_later(self._answer_timeout_s, self._ask_again)
        self._insisting.setdefault(cl_ord_id, ask)

    def acknowledged(self, order: Order, report: OrderReport) -> None:
        """The broker has the order now: a cancel asked before may have overtaken it, so it is asked once more."""
        if order.ord_status is OrdStatus.PENDING_CANCEL and report.ord_status in CHANGEABLE:
            self._tasks.spawn(self._try_cancel(order), f"cancel {order.cl_ord_id}")

    def wants_cancel(self, cl_ord_id: ClOrdId) -> bool:
        return cl_ord_id in self._insisting

    def remind(self, cl_ord_id: ClOrdId) -> None:
        """An order that was in doubt works: what is wanted of it is asked for at once, the timer may be far."""
        order, ask = self._blotter.order(cl_ord_id), self._insisting.get(cl_ord_id)
        if order is not None and ask is not None:
            ask(order)

    def _ask_again(self) -> None:
        insisting, self._insisting = self._insisting, {}
        for cl_ord_id, ask in insisting.items():
            order = self._blotter.order(cl_ord_id)
            if order is not None and order.may_fill:
                ask(order)
                self.insist(cl_ord_id, ask)

    async def _try_cancel(self, order: Order) -> None:
        with suppress(BrokerRejected, BrokerUnreachable):
            await self._broker_of(order.account_id).cancel(order.account_id, order.cl_ord_id)

    def cut_by_the_broker(self, order: Order, report: OrderReport) -> int:
        """By how much an order that may fill is smaller at the broker than we know or asked for: a linked one has
        filled. Its own fills are no part of it, whether they were told before or after."""
        if order.ord_status not in (*CHANGEABLE, OrdStatus.PENDING_REPLACE):
            return 0
        if report.ord_status not in (*CHANGEABLE, OrdStatus.FILLED):
            return 0
        change = self._changes.get(order.cl_ord_id)
        asked = order.order_qty if change is None or change.order_qty is None else change.order_qty
        return max(min(order.order_qty, asked) - report.order_qty, 0)

    def _note_failure(self, order: Order, pending: OrdStatus) -> None:
        if pending is OrdStatus.PENDING_CANCEL:
            self._failed_cancels[order.cl_ord_id] = self._clock.monotonic()

    def _revert(self, cl_ord_id: ClOrdId, reason: str) -> None:
        """A cancel or replace was refused: the order works on as it was."""
        self._end(cl_ord_id, refused=True)
        self.answered(cl_ord_id)
        order = self._blotter.order(cl_ord_id)
        if order is not None and order.ord_status in PENDING:
            status = OrdStatus.PARTIALLY_FILLED if order.cum_qty else OrdStatus.NEW
            self._blotter.put(order.moved_to(status, self._clock.now(), self._clean(reason)))

    def _end(self, cl_ord_id: ClOrdId, *, refused: bool) -> None:
        change = self._changes.pop(cl_ord_id, None)
        if change is not None and refused:
            self._refused[cl_ord_id] = change, self._clock.monotonic()
