"""Looks at the broker's own lists during a drill, past the broken link, and measures what stands there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tradestream_gui.domain.drills import HeldLot, StopSeen
from tradestream_gui.domain.ids import AccountId, ClOrdId, LotId, OrderId
from tradestream_gui.domain.orders import WORKING, Order, OrderRole, OrdStatus, OrdType
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ports.broker import ExecutionReport, OrderReport
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.drills import BrokerLists
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.risk_gate import RiskGate

PROTECTING = (OrdType.STOP, OrdType.STOP_LIMIT, OrdType.TRAILING_STOP, OrdType.MARKET)
"""A market order that closes protects as well: nothing is left to lose when it has filled."""
OUTAGE_CODES = ("RECONCILING", "QUOTE_STALE", "QUOTE_MISSING", "STREAM_FROZEN")
"""What an outage refuses an entry by; a price that moved or a limit that was reached meanwhile is not its doing."""
NEVER_SENT = (OrdStatus.DENIED, OrdStatus.ABANDONED, OrdStatus.PENDING_NEW)


@dataclass(frozen=True, slots=True)
class Watched:
    """What a drill is measured by."""

    clock: Clock
    blotter: Blotter
    lots: LotBook
    exits: ExitDesk
    gate: RiskGate
    lists: BrokerLists


class Witness:
    """One drill's measurements of one account. Times are milliseconds between two looks, counted where the later of
    them found it so; `probe` is an entry that is judged and never sent."""

    def __init__(self, watched: Watched, account_id: AccountId, since: datetime, probe: EntryTicket | None) -> None:
        self._watched = watched
        self._account_id = account_id
        self._since = since
        self._probe = probe
        self._refused_before: frozenset[str] | None = None
        self._last_s: float | None = None
        self._stops: dict[LotId, StopSeen] = {}
        self._numbers: dict[ClOrdId, set[OrderId]] = {}
        self.looks = 0
        self.is_covered = True
        self.unprotected_ms = 0
        self.blocked_ms: int | None = None if probe is None else 0
        self.blocked_code = ""
        self.blocked_words = ""
        self.is_blocked = False

    @property
    def stops(self) -> tuple[StopSeen, ...]:
        return tuple(self._stops.values())

    @property
    def orders_seen(self) -> int:
        return len(self._numbers)

    @property
    def doubled_orders(self) -> int:
        return sum(len(numbers) > 1 for numbers in self._numbers.values())

    async def look(self) -> Sequence[ExecutionReport]:
        """Takes one look; answers the executions since the drill began. Raises BrokerUnreachable."""
        working = await self._watched.lists.open_orders(self._account_id)
        executions = await self._watched.lists.executions(self._account_id, self._since)
        now_s = self._watched.clock.monotonic()
        passed_ms = 0 if self._last_s is None else round((now_s - self._last_s) * 1000)
        self._last_s = now_s
        self.looks += 1
        self._number(working, executions)
        self._look_at_stops(working, executions, passed_ms)
        self._judge(passed_ms)
        return executions

    def held(self) -> tuple[HeldLot, ...]:
        """The open lots of our books."""
        return tuple(
            HeldLot(lot.lot_id, lot.instrument_id, lot.origin.label, lot.signed_qty, self._wanted_stop(lot.lot_id))
            for lot in self._watched.lots.open_lots(self._account_id)
        )

    def entries(self) -> tuple[tuple[str, int], ...]:
        """How many entries each alert has, by alert, contract and side."""
        return tuple(Counter(_alerts_of(self._watched.blotter.orders(), self._account_id)).items())

    def _number(self, working: Iterable[OrderReport], executions: Iterable[ExecutionReport]) -> None:
        reports: list[OrderReport | ExecutionReport] = [*working, *executions]
        for report in reports:
            if report.cl_ord_id is not None and self._watched.blotter.order(report.cl_ord_id) is not None:
                self._numbers.setdefault(report.cl_ord_id, set()).add(report.order_id)

    def _look_at_stops(
        self, working: Sequence[OrderReport], executions: Sequence[ExecutionReport], passed_ms: int
    ) -> None:
        there = self._quantities(executions)
        found = [self._look_at(lot_id, qty, working) for lot_id, qty in there.items() if qty]  # each one is looked at
        self.is_covered = all(found)
        if not self.is_covered:
            self.unprotected_ms += passed_ms

    def _quantities(self, executions: Iterable[ExecutionReport]) -> Mapping[LotId, int]:
        """What each lot really holds: our books and the executions that have not reached them."""
        blotter = self._watched.blotter
        there = {lot.lot_id: lot.signed_qty for lot in self._watched.lots.open_lots(self._account_id)}
        for execution in executions:
            order = None if execution.cl_ord_id is None else blotter.order(execution.cl_ord_id)
            if order is not None and not blotter.is_booked(self._account_id, execution.exec_id):
                there[order.lot_id] = there.get(order.lot_id, 0) + execution.side.sign * execution.last_qty
        return there

    def _look_at(self, lot_id: LotId, qty: int, working: Iterable[OrderReport]) -> bool:
        """True when the lot has its stop there, or is without one by choice."""
        ours = {order.cl_ord_id: order for order in self._watched.blotter.orders_of_lot(lot_id)}
        found = [
            report
            for report in working
            if report.cl_ord_id in ours and report.ord_status in WORKING and report.ord_type in PROTECTING
            and report.side.sign * qty < 0
        ]  # fmt: skip
        plan = self._watched.exits.plan(lot_id)
        if plan is not None and plan.stop_price is None and not plan.close_qty:
            return True
        is_covered = sum(report.order_qty - report.cum_qty for report in found) >= abs(qty)
        before = self._stops.get(lot_id)
        shown = found[0] if found else None
        first = next(iter(ours.values()), None)
        if first is not None:
            self._stops[lot_id] = StopSeen(
                lot_id=lot_id,
                instrument_id=first.instrument_id,
                label=first.origin.label,
                order_id=shown.order_id if shown else before.order_id if before else OrderId(""),
                order_qty=shown.order_qty - shown.cum_qty if shown else before.order_qty if before else 0,
                stop_price=shown.stop_price if shown else before.stop_price if before else None,
                looks=(before.looks if before else 0) + 1,
                covered=(before.covered if before else 0) + is_covered,
            )
        return is_covered

    def _judge(self, passed_ms: int) -> None:
        """Would an entry go now? What stood against it before the outage is not the outage's."""
        if self._probe is None or self.blocked_ms is None:
            return
        checks = self._watched.gate.judge(self._probe).checks
        failed = [check for check in checks if not check.passed and check.code in OUTAGE_CODES]
        if self._refused_before is None:
            self._refused_before = frozenset(check.code for check in failed)
        new = [check for check in failed if check.code not in self._refused_before]
        self.is_blocked = bool(new)
        if new:
            self.blocked_ms += passed_ms
            if not self.blocked_code:
                self.blocked_code, self.blocked_words = new[0].code, new[0].sentence

    def _wanted_stop(self, lot_id: LotId) -> Decimal | None:
        plan = self._watched.exits.plan(lot_id)
        return plan.stop_price if plan is not None else None


def _alerts_of(orders: Iterable[Order], account_id: AccountId) -> Iterable[str]:
    for order in orders:
        key = order.origin.message_key
        is_entry = order.role is OrderRole.ENTRY and order.ord_status not in NEVER_SENT
        if key is not None and is_entry and order.account_id == account_id:
            yield f"{key} {order.instrument_id} {order.side.value}"
