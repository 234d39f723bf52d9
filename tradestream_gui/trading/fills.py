"""Turns a broker's execution into a fill of ours."""

from tradestream_gui.domain.ids import ClOrdId, LotId
from tradestream_gui.domain.orders import Fill
from tradestream_gui.ports.broker import ExecutionReport


def fill_from(report: ExecutionReport, cl_ord_id: ClOrdId, lot_id: LotId) -> Fill:
    """The execution as a fill, given the order and the lot it belongs to."""
    return Fill(
        exec_id=report.exec_id,
        cl_ord_id=cl_ord_id,
        account_id=report.account_id,
        instrument_id=report.instrument_id,
        lot_id=lot_id,
        side=report.side,
        last_qty=report.last_qty,
        last_px=report.last_px,
        commission=report.commission,
        at=report.at,
    )
