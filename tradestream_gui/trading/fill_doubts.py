"""Executions that the broker has told of and not delivered yet: they are fetched, and exits wait for them meanwhile."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.ids import AccountId, ClOrdId, LotId
from tradestream_gui.domain.orders import Order, OrderRole
from tradestream_gui.ports.broker import Broker, ExecutionReport, OrderReport
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.change_requests import CHANGEABLE

PATIENCE_S = 0.5
"""How long executions may lag behind the order report that tells of them before they are asked for."""
RETRY_S = 1.0
DENIALS = 2
"""How often, apart in time, the broker says that no target has filled before that is believed: its lists may lag."""
LONGEST_S = 10.0
"""After this long the exits of the lot go by what is booked: the comparison with the broker will tell the rest."""


class FillDoubts:
    """While a lot is in doubt its open quantity is known to be too large or too small, so its exits stay as they
    are: an exit sized by a number that is wrong would open the other side."""

    def __init__(
        self,
        *,
        clock: Clock,
        tasks: Tasks,
        blotter: Blotter,
        broker_of: Callable[[AccountId], Broker],
        on_execution: Callable[[ExecutionReport], None],
        on_order: Callable[[OrderReport], None],
        resolved: Callable[[LotId], None],
    ) -> None:
        self._clock = clock
        self._tasks = tasks
        self._blotter = blotter
        self._broker_of = broker_of
        self._on_execution = on_execution
        self._on_order = on_order
        self._resolved = resolved
        self._told: dict[ClOrdId, int] = {}
        self._cut: dict[LotId, int] = {}
        """How much the broker has taken off a lot's stop for what linked targets filled."""
        self._cut_at: dict[LotId, datetime] = {}
        """Of when the report is that told of it."""
        self._ended: set[LotId] = set()
        """Lots whose linked stop has ended unasked."""
        self._since: dict[LotId, float] = {}
        self._blocked: set[LotId] = set()
        self._waiting: dict[LotId, None] | None = None
        """While a list is booked: the lots whose exits were to be looked at meanwhile."""

    def told_qty(self, cl_ord_id: ClOrdId) -> int:
        """How much of an order the broker's own reports have called filled."""
        return self._told.get(cl_ord_id, 0)

    def note(self, order: Order, cum_qty: int) -> None:
        """A report that tells of more than was booked announces executions."""
        if cum_qty > max(order.cum_qty, self.told_qty(order.cl_ord_id)):
            self._told[order.cl_ord_id] = cum_qty
            self.suspect(order)

    def note_cut(self, order: Order, qty: int, at: datetime, possible_qty: int) -> None:
        """A linked order became smaller at the broker, by a report of `at`: so much of the others has filled. What is
        booked already explains the cut of a stop that had more than is open, or was asked to have it."""
        if order.role is OrderRole.STOP:
            before, orders = self._cut.get(order.lot_id, 0), self._blotter.orders_of_lot(order.lot_id)
            self._cut_at[order.lot_id], self._cut[order.lot_id] = at, before + qty
            others = [one for one in orders if one.cl_ord_id != order.cl_ord_id]
            stands = [*others, replace(order, order_qty=possible_qty)]
            if _told_cuts(stands, before) + qty <= _filled_targets(orders):
                return
        self.suspect(order)

    def note_end(self, order: Order) -> None:
        """A linked order ended unasked: another of its link has filled, or somebody has cancelled it elsewhere."""
        if order.role is OrderRole.STOP:
            self._ended.add(order.lot_id)
        self.suspect(order)

    def suspect(self, order: Order) -> None:
        """Something of the lot of this order has filled that was not told: it is asked for."""
        if order.reduces:
            self._blocked.add(order.lot_id)
        if order.lot_id not in self._since:
            self._since[order.lot_id] = self._clock.monotonic()
            name = f"fetch fills of {order.lot_id}"
            self._clock.call_later(PATIENCE_S, lambda: self._tasks.spawn(self._fetch(order), name))

    def blocks(self, lot_id: LotId) -> bool:
        """True while the lot's exits should stay as they are; `resolved` tells when to look again. Entries in doubt
        block nothing: what is booked of them is held for certain, and wants its stop."""
        if self._waiting is not None:
            self._waiting[lot_id] = None
            return True
        return lot_id in self._blocked and self._is_recent(lot_id)

    def book(self, executions: Iterable[ExecutionReport]) -> None:
        """Books what one list tells as a whole, and only then lets exits be looked at: by an entry's fill alone a stop
        would grow over what the fill of a target, further down in the list, has taken."""
        self._waiting = {}
        try:
            fresh, is_booked = self._blotter.unbooked(executions), self._blotter.is_booked
            for execution in (one for one in fresh if not is_booked(one.account_id, one.exec_id)):  # told twice in it
                self._on_execution(execution)
        finally:
            waiting, self._waiting = self._waiting, None
            for lot_id in waiting:
                self._resolved(lot_id)

    def _is_recent(self, lot_id: LotId) -> bool:
        since_s = self._since.get(lot_id)
        return since_s is not None and self._clock.monotonic() - since_s < LONGEST_S

    async def _fetch(self, order: Order) -> None:
        """Asks until an answer came and everything that was told is booked, at most as long as exits wait."""
        since = min((one.created_at for one in self._blotter.orders_of_lot(order.lot_id)), default=order.created_at)
        denials = 0
        while self._is_recent(order.lot_id):
            if await self._asked(order.account_id, since) and not self._lacks(order.lot_id):
                suspects = self._may_have_filled(order.lot_id)
                denials += await self._denies(suspects)
                if not suspects or denials == DENIALS:
                    break
            if await self._was_no_cut(order):
                break
            await self._clock.sleep(RETRY_S)
        if order.lot_id in self._cut:
            self._cut[order.lot_id] = _told_cuts(self._blotter.orders_of_lot(order.lot_id), self._cut[order.lot_id])
        self._ended.discard(order.lot_id)
        self._since.pop(order.lot_id, None)
        self._blocked.discard(order.lot_id)
        self._resolved(order.lot_id)

    def _lacks(self, lot_id: LotId) -> bool:
        """Whether the broker has told of fills that are not booked, by an order's own filled quantity or by what it
        took off the stop: a list of executions may lag behind both."""
        orders = self._blotter.orders_of_lot(lot_id)
        if any(order.cum_qty < self.told_qty(order.cl_ord_id) for order in orders):
            return True
        return _stopped_too_much(orders) < 0 and self._cut.get(lot_id, 0) > _filled_targets(orders)

    def _may_have_filled(self, lot_id: LotId) -> list[Order]:
        """The targets one of which may have ended the lot's stop, while what is booked does not explain its end."""
        if lot_id not in self._ended or _stopped_too_much(self._blotter.orders_of_lot(lot_id)) >= 0:
            return []
        return [target for target in self._blotter.exits_of_lot(lot_id, OrderRole.TARGET) if target.oca_group]

    async def _denies(self, targets: Sequence[Order]) -> bool:
        """Whether the broker says of each that no more of it has filled than is booked."""
        for target in targets:
            try:
                report = await self._broker_of(target.account_id).find_order(target.account_id, target.cl_ord_id)
            except BrokerUnreachable:
                return False
            if report is None:
                return False
            if report.cum_qty > target.cum_qty:
                self._on_order(report)
                return False
        return True

    async def _asked(self, account_id: AccountId, since: datetime) -> bool:
        try:
            executions = await self._broker_of(account_id).executions(account_id, since)
        except BrokerUnreachable:
            return False
        self.book(executions)
        return True

    async def _was_no_cut(self, order: Order) -> bool:
        """Whether the broker says later than that report that the stop is larger: the report was an overtaken one."""
        stops = [one for one in self._blotter.exits_of_lot(order.lot_id, OrderRole.STOP) if one.oca_group]
        if order.lot_id not in self._cut or len(stops) != 1:
            return False
        try:
            report = await self._broker_of(order.account_id).find_order(order.account_id, stops[0].cl_ord_id)
        except BrokerUnreachable:
            return False
        stop = self._blotter.order(stops[0].cl_ord_id) or stops[0]
        if report is None or stop.ord_status not in CHANGEABLE or report.order_qty <= stop.order_qty:
            return False
        if report.at <= self._cut_at[order.lot_id]:
            return False  # a list that lags tells of before the cut
        self._on_order(report)
        return not any(one.cum_qty < self.told_qty(one.cl_ord_id) for one in self._blotter.orders_of_lot(order.lot_id))


def _filled_targets(orders: Sequence[Order]) -> int:
    return sum(order.cum_qty for order in orders if order.role is OrderRole.TARGET)


def _stopped_too_much(orders: Sequence[Order]) -> int:
    """By how much the stops of a lot exceed what is open of it; below zero: by how much they fall short."""
    open_qty = abs(sum(order.side.sign * order.cum_qty for order in orders))
    return sum(order.leaves_qty for order in orders if order.role is OrderRole.STOP) - open_qty


def _told_cuts(orders: Sequence[Order], told: int) -> int:
    """What the broker has taken off the stop for the targets that are booked: all of them, but for what it has not told
    yet and the stop still has too much."""
    filled = _filled_targets(orders)
    return filled - min(max(filled - told, 0), max(_stopped_too_much(orders), 0))
