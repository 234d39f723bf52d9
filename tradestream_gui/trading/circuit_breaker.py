"""Halts an account by itself when its orders go wrong too often: rejects, orders without answer, own refusals."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.events import Notice, NoticeKind, OrderChanged, Severity
from tradestream_gui.domain.ids import AccountId, ClOrdId
from tradestream_gui.domain.orders import Order, OrderRole, OrdStatus
from tradestream_gui.domain.policies import BreakerRule
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.order_desk import OrderDesk

REMEMBERED = 1_000
"""Failures of one account that are kept: the largest number that a rule may name."""
COUNTED = {
    OrdStatus.REJECTED: "broker rejects",
    OrdStatus.UNCERTAIN: "orders without an answer",
    OrdStatus.DENIED: "refusals of our own",
}


class CircuitBreaker:
    """Counts each order once for each way in which it failed; a person lets the account go on, never the clock.

    `rule` is asked at each failure, so that a change of the settings holds at once.
    """

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        accounts: AccountBook,
        blotter: Blotter,
        desk: OrderDesk,
        rule: Callable[[AccountId], BreakerRule],
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._accounts = accounts
        self._blotter = blotter
        self._desk = desk
        self._rule = rule
        self._failed: dict[tuple[AccountId, OrdStatus], deque[tuple[datetime, ClOrdId]]] = {}
        bus.subscribe(OrderChanged, self._on_order, owns_state=True)

    def _on_order(self, fact: OrderChanged) -> None:
        order = fact.order
        if order.ord_status not in COUNTED:
            return
        key = (order.account_id, order.ord_status)
        failed = self._failed.setdefault(key, deque(maxlen=REMEMBERED))
        if any(known == order.cl_ord_id for _, known in failed):
            return
        now = self._clock.now()
        failed.append((now, order.cl_ord_id))
        most, window = self._limit(order)
        while failed and now - failed[0][0] >= window:
            failed.popleft()
        if len(failed) >= most:
            failed.clear()
            self._halt(order, most, window)

    def _limit(self, order: Order) -> tuple[int, timedelta]:
        rule = self._rule(order.account_id)
        if order.ord_status is OrdStatus.DENIED:
            return rule.denials, rule.denials_window
        return (rule.rejects if order.ord_status is OrdStatus.REJECTED else rule.uncertain), rule.window

    def _halt(self, order: Order, most: int, window: timedelta) -> None:
        account_id = order.account_id
        code = "RUNAWAY" if order.ord_status is OrdStatus.DENIED else "CIRCUIT_BREAKER"
        words = f"{code}: {most} {COUNTED[order.ord_status]} within {window.total_seconds():g} s"
        self._accounts.set_state(account_id, TradingState.HALTED, words)
        for entry in self._blotter.open_orders(account_id, role=OrderRole.ENTRY):
            self._desk.request_cancel(entry, words)
        name = self._accounts.account(account_id).name
        told = f"{name} takes no entries until you resume it; protective stops stay. {words}"
        self._bus.publish(Notice(NoticeKind.RISK, Severity.DANGER, "Account halted", told, self._clock.now()))
