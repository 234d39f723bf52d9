"""What TWS tells of orders and fills, brought into an order in which the desks may hear it."""

import logging

from tradestream_gui.adapters.brokers.ibkr import causes
from tradestream_gui.adapters.brokers.ibkr.connection import Connection
from tradestream_gui.adapters.brokers.ibkr.fills import FillBook
from tradestream_gui.adapters.brokers.ibkr.hearing import Row
from tradestream_gui.adapters.brokers.ibkr.mapping import (
    instrument_id_of,
    ord_type_of,
    prices_of,
    side_of,
    time_in_force_of,
)
from tradestream_gui.adapters.brokers.ibkr.rows import (
    CommissionRow,
    CompletedRow,
    ErrorRow,
    ExecutionRow,
    OrderRow,
    StatusRow,
)
from tradestream_gui.adapters.brokers.ibkr.tickets import Ticket, Tickets
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.ids import OrderId
from tradestream_gui.domain.orders import OrdStatus
from tradestream_gui.ports.broker import BrokerSink, ExecutionReport, OrderReport
from tradestream_gui.ports.clock import Clock, Tasks

FILL_PATIENCE_S = 1.5
"""How long a report waits for the executions that its quantity speaks of."""
_log = logging.getLogger(__name__)


class OrderFlow:
    """Owns tickets and fills. Three rules: a report never runs ahead of its fills; an error is no verdict on an
    order before TWS's own list has confirmed it; while the books are read after a log-in nothing is told, since
    reconciliation compares everything then."""

    def __init__(
        self, *, connection: Connection, clock: Clock, tasks: Tasks, commission_s: float
    ) -> None:
        self.tickets = Tickets()
        self.fills = FillBook(
            clock=clock, commission_s=commission_s, offset=lambda: connection.clock_offset, tell=self._tell_fill
        )
        self.is_reading = False
        self._connection = connection
        self._clock = clock
        self._tasks = tasks
        self._sink: BrokerSink | None = None
        self._told_qty: dict[int, int] = {}
        self._held: dict[int, tuple[Ticket, str]] = {}

    def tell_to(self, sink: BrokerSink) -> None:
        self._sink = sink

    # -- what TWS says -------------------------------------------------------------------------------------

    def heard(self, row: Row) -> None:
        match row:
            case OrderRow():
                self._changed(self.tickets.take_order(row))
            case StatusRow():
                ticket = self.tickets.take_status(row)
                if ticket is None:
                    _log.warning("TWS told the status of an order that it never showed: %s", row)
                else:
                    self._changed(ticket)
            case CompletedRow():
                self.tickets.take_completed(row)
            case ExecutionRow():
                self.fills.take(row)
            case CommissionRow():
                self.fills.take_fees(row)

    def error(self, row: ErrorRow, client_id: int) -> None:
        """A message about an order; what it did to the order is asked, never assumed."""
        ticket = self.tickets.of_handle(client_id, row.request_id) if row.request_id > 0 else None
        if ticket is None or causes.is_warning(row.code):
            return
        if row.code in causes.ORDER_NOTES:
            ticket.words = row.words if row.code != 202 else ticket.words
            return
        if ticket.is_over and row.code in causes.TOO_LATE:
            return
        ticket.words = f"{row.words} (code {row.code})"
        if ticket.status is OrdStatus.REJECTED:
            self.tell(ticket, ticket.words)
        elif not ticket.is_over:
            self._tasks.spawn(self._confirm(ticket, ticket.words), f"confirm {ticket.row.order_ref}")

    # -- what TWS is asked ---------------------------------------------------------------------------------

    async def read_open(self) -> list[Ticket]:
        """Every working order of every client, complete, or BrokerUnreachable."""
        rows = await self._connection.request_named("orders", lambda client: client.reqAllOpenOrders())
        found = {row.perm_id: self.tickets.of_perm(row.perm_id) for row in rows if isinstance(row, OrderRow)}
        return [ticket for ticket in found.values() if ticket is not None and not ticket.is_over]

    async def read_completed(self) -> None:
        await self._connection.request_named("completed", lambda client: client.reqCompletedOrders(False))

    # -- what the desks hear -------------------------------------------------------------------------------

    def report(self, ticket: Ticket, text: str = "") -> OrderReport:
        row = ticket.row
        limit, stop = prices_of(row)
        return OrderReport(
            account_id=ticket.account_id,
            order_id=OrderId(str(row.perm_id or f"{row.client_id}/{row.order_id}")),
            cl_ord_id=ticket.cl_ord_id,
            instrument_id=instrument_id_of(row.contract),
            side=side_of(row.action),
            ord_type=ord_type_of(row),
            time_in_force=time_in_force_of(row.tif),
            ord_status=ticket.status,
            order_qty=row.qty,
            cum_qty=ticket.cum_qty,
            limit_price=limit,
            stop_price=stop,
            at=self._clock.now(),
            text=text,
        )

    def tell(self, ticket: Ticket, text: str = "") -> None:
        """Tells how an order stands, as soon as all the fills that this speaks of have been told."""
        perm_id = ticket.row.perm_id
        if self._told_qty.get(perm_id, 0) < ticket.cum_qty:
            if perm_id not in self._held:
                self._clock.call_later(FILL_PATIENCE_S, lambda: self._release(perm_id))
            self._held[perm_id] = (ticket, text)
            return
        self._held.pop(perm_id, None)
        if text or ticket.asked is not None or ticket.told != ticket.figures:
            ticket.told = ticket.figures
            if ticket.has_what_was_asked:
                ticket.asked = None
            if ticket.status is not OrdStatus.SENT and self._sink is not None:
                self._sink.on_order(self.report(ticket, text))

    # -- inside --------------------------------------------------------------------------------------------

    def _changed(self, ticket: Ticket) -> None:
        self._recall(ticket)
        if self.is_reading:
            ticket.told = ticket.figures
            return
        if ticket.told == ticket.figures and ticket.asked is None:
            return
        self.tell(ticket, _words(ticket))

    def _recall(self, ticket: Ticket) -> None:
        """Cancels an order that TWS holds inactive: it was told as rejected and must not come back to life."""
        row = ticket.row
        if ticket.status is not OrdStatus.REJECTED or ticket.is_recalled or row.order_id <= 0:
            return
        if row.order_ref and row.client_id == self._connection.endpoint.client_id:
            ticket.is_recalled = True
            self._connection.send(lambda client: client.cancelOrder(row.order_id))

    def _tell_fill(self, report: ExecutionReport, row: ExecutionRow) -> None:
        if self._sink is not None and not self.is_reading:
            self._sink.on_execution(report)
        self._told_qty[row.perm_id] = self._told_qty.get(row.perm_id, 0) + row.qty
        held = self._held.get(row.perm_id)
        if held is not None:
            self.tell(*held)

    def _release(self, perm_id: int) -> None:
        """The executions did not come: what is known is told."""
        held = self._held.pop(perm_id, None)
        if held is not None:
            ticket, text = held
            _log.warning("order %s is filled %s, its executions did not come", ticket.row.order_ref, ticket.cum_qty)
            self._told_qty[perm_id] = ticket.cum_qty
            self.tell(ticket, text)

    async def _confirm(self, ticket: Ticket, words: str) -> None:
        try:
            working = await self.read_open()
            if ticket not in working and not ticket.is_over:
                await self.read_completed()
        except BrokerUnreachable:
            return  # the books are read again after the next log-in
        ticket.asked = None
        if not ticket.is_over and ticket not in working:
            ticket.status = OrdStatus.CANCELED if ticket.cum_qty else OrdStatus.REJECTED
        self.tell(ticket, words)


def _words(ticket: Ticket) -> str:
    """Why an order ended, where it was not filled."""
    if ticket.status is OrdStatus.REJECTED:
        return ticket.words or "TWS made the order inactive"
    return ticket.words if ticket.status is OrdStatus.CANCELED else ""
