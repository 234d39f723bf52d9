"""Executions: each told once and with its fees, corrections kept out, times brought to our clock."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from tradestream_gui.adapters.brokers.ibkr.mapping import instrument_id_of, side_of
from tradestream_gui.adapters.brokers.ibkr.rows import CommissionRow, ExecutionRow
from tradestream_gui.domain.ids import AccountId, ClOrdId, ExecId, OrderId
from tradestream_gui.ports.broker import ExecutionReport
from tradestream_gui.ports.clock import Clock

ZERO = Decimal(0)
LIVE_TOLERANCE = timedelta(seconds=30)
"""An execution that is told live happened just now; a time further off is a wrong clock's."""

_log = logging.getLogger(__name__)


class FillBook:
    """Owns the executions of the day. `tell` hears of each new one when its fees are known, or after
    `commission_s` without them: a fill must not wait for its bill while its stop waits for the fill."""

    def __init__(
        self, *, clock: Clock, commission_s: float, offset: Callable[[], timedelta],
        tell: Callable[[ExecutionReport, ExecutionRow], None],
    ) -> None:  # fmt: skip
        self._clock = clock
        self._commission_s = commission_s
        self._offset = offset
        self._tell = tell
        self._reports: dict[str, ExecutionReport] = {}
        self._waiting: dict[str, ExecutionRow] = {}
        self._fees: dict[str, Decimal] = {}
        self._by_base: dict[str, str] = {}

    def take(self, row: ExecutionRow) -> bool:
        """Books an execution. False for one that is known, and for the correction of a known one."""
        if row.exec_id in self._reports:
            return False
        base = row.exec_id.rpartition(".")[0]
        first = self._by_base.setdefault(base, row.exec_id) if base else row.exec_id
        if first != row.exec_id:
            _log.warning("TWS corrected execution %s to %s at %s: the first one stays booked", first, row.qty, row.px)
            return False
        fees = self._fees.get(row.exec_id)
        self._reports[row.exec_id] = ExecutionReport(
            account_id=AccountId(row.account),
            order_id=OrderId(str(row.perm_id)),
            cl_ord_id=ClOrdId(row.order_ref) if row.order_ref else None,
            exec_id=ExecId(row.exec_id),
            instrument_id=instrument_id_of(row.contract),
            side=side_of(row.action),
            last_qty=row.qty,
            last_px=row.px,
            commission=fees or ZERO,
            at=self._our_time(row),
        )
        if fees is None:
            self._waiting[row.exec_id] = row
            self._clock.call_later(self._commission_s, lambda: self._tell_waiting(row.exec_id))
        else:
            self._tell(self._reports[row.exec_id], row)
        return True

    def take_fees(self, row: CommissionRow) -> None:
        self._fees[row.exec_id] = row.amount
        report = self._reports.get(row.exec_id)
        if report is not None:
            self._reports[row.exec_id] = replace(report, commission=row.amount)
            self._tell_waiting(row.exec_id)

    def has_fees_of(self, account_id: AccountId) -> bool:
        return all(self._reports[exec_id].account_id != account_id for exec_id in self._waiting)

    def of_account(self, account_id: AccountId) -> tuple[ExecutionReport, ...]:
        return tuple(report for report in self._reports.values() if report.account_id == account_id)

    def _tell_waiting(self, exec_id: str) -> None:
        row = self._waiting.pop(exec_id, None)
        if row is not None:
            self._tell(self._reports[exec_id], row)

    def _our_time(self, row: ExecutionRow) -> datetime:
        at, now = row.at - self._offset(), self._clock.now()
        return now if row.is_live and abs(at - now) > LIVE_TOLERANCE else at
