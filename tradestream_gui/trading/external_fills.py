"""Books fills that no order of ours explains: the broker's own acts, the phone, another program."""

from dataclasses import replace
from decimal import Decimal

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.events import ExternalFillBooked, Notice, NoticeKind, Severity
from tradestream_gui.domain.ids import ClOrdId, ExecId
from tradestream_gui.domain.positions import ExternalChange
from tradestream_gui.ports.broker import ExecutionReport
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.fills import fill_from
from tradestream_gui.trading.lot_book import LotBook


class ExternalFills:
    """What reduces our lots (expiry, exercise, a close by phone) is booked there and marked as assumed: lots by hand
    first, then the oldest. What is left is external quantity: shown and counted, never touched."""

    def __init__(self, *, bus: EventBus, clock: Clock, blotter: Blotter, lots: LotBook) -> None:
        self._bus = bus
        self._clock = clock
        self._blotter = blotter
        self._lots = lots
        self._since = clock.now()

    def book(self, report: ExecutionReport) -> None:
        """Books one execution once."""
        if self._blotter.is_booked(report.account_id, report.exec_id):
            return
        self._blotter.mark_booked(report.account_id, report.exec_id)
        taken = self._blotter.taken(report.account_id, report.exec_id)
        if taken:
            if report.last_qty > taken:
                self._external(report, report.last_qty - taken)
            return
        signed = report.side.sign * report.last_qty
        shares = self._lots.share_reduction(report.account_id, report.instrument_id, signed, report.at)
        left = report.last_qty
        for index, (lot, qty) in enumerate(shares):
            fill = fill_from(_part(report, qty, index), ClOrdId(report.exec_id), lot.lot_id)
            self._blotter.mark_booked(fill.account_id, fill.exec_id)
            self._lots.book(fill, lot.origin)
            self._lots.mark_assumed(lot.lot_id)
            left -= qty
        if left:
            self._external(report, left)

    def _external(self, report: ExecutionReport, qty: int) -> None:
        signed = report.side.sign * qty
        self._lots.change_external(
            ExternalChange(report.account_id, report.instrument_id, report.exec_id, signed, report.at)
        )
        self._bus.publish(ExternalFillBooked(report.account_id, report.instrument_id, report.at))
        if report.at < self._since:
            return  # it was told in its own time
        words = f"{report.side.value} {qty} {named(report.instrument_id)} at {report.last_px:,} was not ordered here"
        now = self._clock.now()
        self._bus.publish(Notice(NoticeKind.SYSTEM, Severity.WARNING, "External fill", words, now))


def _part(report: ExecutionReport, qty: int, index: int) -> ExecutionReport:
    """One lot's part of an execution; parts after the first get ids of their own, the same at every replay."""
    exec_id = report.exec_id if index == 0 else ExecId(f"{report.exec_id}/{index}")
    share = report.commission * Decimal(qty) / Decimal(report.last_qty)
    return replace(report, last_qty=qty, commission=share, exec_id=exec_id)
