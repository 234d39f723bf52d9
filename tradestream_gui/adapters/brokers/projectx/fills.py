"""Trades: each told once and with its fees, a voided one taken back, times brought to our clock."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from tradestream_gui.adapters.brokers.projectx.mapping import side_of
from tradestream_gui.adapters.brokers.projectx.rows import TradeRow
from tradestream_gui.domain.ids import AccountId, ClOrdId, ExecId, InstrumentId, OrderId
from tradestream_gui.ports.broker import ExecutionReport

VOIDED = "voided"


class FillBook:
    """Owns the executions that were heard or read."""

    def __init__(self, offset: Callable[[], timedelta]) -> None:
        self._offset = offset
        self._reports: dict[ExecId, ExecutionReport] = {}

    def take(
        self, row: TradeRow, *, account_id: AccountId, tag: str, instrument_id: InstrumentId, cause: str
    ) -> list[ExecutionReport]:
        """Books a trade; the reports that are new by it: none for one that is known, and its opposite as well for one
        that the exchange took back."""
        exec_id = ExecId(str(row.id))
        report = self._reports.get(exec_id)
        new = [] if report is not None else [self._report(row, account_id, tag, instrument_id, cause)]
        if row.is_voided and ExecId(f"{row.id}-{VOIDED}") not in self._reports:
            new.append(_taken_back(report or new[0]))
        self._reports.update({one.exec_id: one for one in new})
        return new

    def knows(self, trade_id: int) -> bool:
        return ExecId(str(trade_id)) in self._reports

    def since(self, account_id: AccountId, since: datetime) -> list[ExecutionReport]:
        found = [one for one in self._reports.values() if one.account_id == account_id and one.at >= since]
        return sorted(found, key=lambda report: (report.at, len(report.exec_id), report.exec_id))

    def _report(
        self, row: TradeRow, account_id: AccountId, tag: str, instrument_id: InstrumentId, cause: str
    ) -> ExecutionReport:
        return ExecutionReport(
            account_id=account_id,
            order_id=OrderId(str(row.order_id)),
            cl_ord_id=ClOrdId(tag) if tag else None,
            exec_id=ExecId(str(row.id)),
            instrument_id=instrument_id,
            side=side_of(row.side),
            last_qty=row.size,
            last_px=row.price,
            commission=row.fees,
            at=row.at - self._offset(),
            text=cause,
        )


def _taken_back(known: ExecutionReport) -> ExecutionReport:
    """The opposite at the same price, its fees given back: position and profit are as if it had never been."""
    return replace(
        known,
        cl_ord_id=None,
        exec_id=ExecId(f"{known.exec_id}-{VOIDED}"),
        side=known.side.opposite,
        commission=-known.commission,
        text=VOIDED,
    )
