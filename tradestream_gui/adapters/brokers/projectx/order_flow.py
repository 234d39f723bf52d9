"""What the gateway tells of orders and trades, brought into an order in which the desks may hear it."""

import logging
from collections.abc import Callable

from tradestream_gui.adapters.brokers.projectx.accounts import AccountList
from tradestream_gui.adapters.brokers.projectx.contracts import ContractBook
from tradestream_gui.adapters.brokers.projectx.fills import FillBook
from tradestream_gui.adapters.brokers.projectx.mapping import ord_type_of, side_of
from tradestream_gui.adapters.brokers.projectx.rows import OrderRow, TradeRow
from tradestream_gui.adapters.brokers.projectx.tickets import Ticket, Tickets
from tradestream_gui.domain.errors import UnknownBrokerValue
from tradestream_gui.domain.ids import ClOrdId, OrderId
from tradestream_gui.domain.orders import OrdStatus
from tradestream_gui.ports.broker import BrokerSink, OrderReport
from tradestream_gui.ports.clock import Clock

LIQUIDATION = "liquidation"
_log = logging.getLogger(__name__)


class OrderFlow:
    """Owns tickets and fills. Three rules: a report never runs ahead of its trades; a trade whose order nobody knows
    waits until it is known; while the books are read after a log-in nothing is told, since reconciliation compares
    everything then. `doubt` is called when the lists must be asked."""

    def __init__(
        self, *, accounts: AccountList, contracts: ContractBook, fills: FillBook, clock: Clock, patience_s: float,
        doubt: Callable[[], None],
    ) -> None:  # fmt: skip
        self.tickets = Tickets()
        self.is_reading = False
        self._accounts = accounts
        self._contracts = contracts
        self._fills = fills
        self._clock = clock
        self._patience_s = patience_s
        self._doubt = doubt
        self._sink: BrokerSink | None = None
        self._told_qty: dict[int, int] = {}
        self._held: dict[int, str] = {}
        self._orphans: dict[int, list[TradeRow]] = {}

    def tell_to(self, sink: BrokerSink) -> None:
        self._sink = sink

    # -- what the gateway says -----------------------------------------------------------------------------

    def on_order(self, row: OrderRow) -> None:
        if self._accounts.account_id(row.account_id) is None:
            return
        ticket = self.tickets.take(row)
        self._adopt_orphans(row.id)
        if self.is_reading:
            ticket.told = ticket.figures
        elif ticket.told != ticket.figures or ticket.asked is not None:
            self.tell(ticket, _words(ticket))

    def on_trade(self, row: TradeRow) -> None:
        """A trade whose order has not been heard of waits for it: by itself it does not say whose it is."""
        if self._accounts.account_id(row.account_id) is None:
            return
        if self.tickets.of_id(row.order_id) is None and not self._fills.knows(row.id):
            waiting = self._orphans.setdefault(row.order_id, [])
            if row not in waiting:
                waiting.append(row)
                self._clock.call_later(self._patience_s, self._doubt)
            return
        self._book(row)

    def on_listed_trade(self, row: TradeRow) -> None:
        """A trade out of the list, whose orders have been asked for just before: nobody's is nobody's."""
        if self._accounts.account_id(row.account_id) is not None:
            self._orphans.pop(row.order_id, None)
            self._book(row)

    def numbered(self, ticket: Ticket, order_id: int) -> None:
        """The gateway has answered a placing: it stands there, and what overtook that answer is told now."""
        self.tickets.number(ticket, order_id)
        if ticket.told is None:
            self.tell(ticket)
        self._adopt_orphans(order_id)

    @property
    def has_doubts(self) -> bool:
        return bool(self._held or self._orphans)

    # -- what the desks hear -------------------------------------------------------------------------------

    def report(self, ticket: Ticket, text: str = "") -> OrderReport:
        row = ticket.row
        account_id = self._accounts.account_id(row.account_id)
        assert account_id is not None, "tickets are of accounts that are set up"
        return OrderReport(
            account_id=account_id,
            order_id=OrderId(str(row.id)),
            cl_ord_id=ClOrdId(row.tag) if row.tag else None,
            instrument_id=self._contracts.instrument_id(row.contract_id),
            side=side_of(row.side),
            ord_type=ord_type_of(row),
            time_in_force=ticket.time_in_force,
            ord_status=ticket.status,
            order_qty=row.size,
            cum_qty=ticket.cum_qty,
            limit_price=row.limit_price,
            stop_price=row.stop_price,
            at=self._clock.now(),
            text=text,
        )

    def tell(self, ticket: Ticket, text: str = "") -> None:
        """Tells how an order stands, as soon as all the trades that this speaks of have been told."""
        order_id = ticket.row.id
        if self._told_qty.get(order_id, 0) < ticket.cum_qty:
            if order_id not in self._held:
                self._clock.call_later(self._patience_s, self._doubt)
            self._held[order_id] = text
            return
        self._held.pop(order_id, None)
        if text or ticket.asked is not None or ticket.told != ticket.figures:
            ticket.told = ticket.figures
            if ticket.has_what_was_asked or ticket.is_over:
                ticket.asked = None
            if ticket.status is not OrdStatus.SENT and self._sink is not None:
                self._sink.on_order(self.report(ticket, text))

    def release(self) -> None:
        """The lists were read: what is still held has no more trades than these, and is told."""
        for order_id, text in tuple(self._held.items()):
            ticket = self.tickets.of_id(order_id)
            self._held.pop(order_id, None)
            if ticket is not None:
                told = self._told_qty.get(order_id, 0)
                _log.warning("order %s is filled %s, its trades say %s", order_id, ticket.cum_qty, told)
                self._told_qty[order_id] = ticket.cum_qty
                self.tell(ticket, text)

    def books_read(self) -> None:
        """What the orders had filled before this log-in is for reconciliation: their next trade is the first here."""
        for account_id in self._accounts.ids:
            for ticket in self.tickets.of_account(self._accounts.number(account_id)):
                order_id = ticket.row.id
                self._told_qty[order_id] = max(self._told_qty.get(order_id, 0), ticket.cum_qty)

    # -- inside --------------------------------------------------------------------------------------------

    def _book(self, row: TradeRow) -> None:
        ticket = self.tickets.of_id(row.order_id)
        account_id = self._accounts.account_id(row.account_id)
        assert account_id is not None, "looked at before"
        tag = ticket.row.tag if ticket is not None else ""
        cause = "" if tag or self._accounts.may_trade(row.account_id) else LIQUIDATION
        try:
            instrument_id = self._contracts.instrument_id(row.contract_id)
            new = self._fills.take(row, account_id=account_id, tag=tag, instrument_id=instrument_id, cause=cause)
        except UnknownBrokerValue as error:
            _log.error("trade %s cannot be read: %s", row.id, error)
            return
        for report in new:
            if not report.text or report.text == LIQUIDATION:
                self._told_qty[row.order_id] = self._told_qty.get(row.order_id, 0) + report.last_qty
            if self._sink is not None and not self.is_reading:
                self._sink.on_execution(report)
        if ticket is not None and row.order_id in self._held:
            self.tell(ticket, self._held[row.order_id])

    def _adopt_orphans(self, order_id: int) -> None:
        for row in self._orphans.pop(order_id, ()):
            self._book(row)


def _words(ticket: Ticket) -> str:
    """Why an order ended, where it was not filled."""
    if ticket.status is OrdStatus.REJECTED:
        return ticket.words or "TopstepX rejected the order after it had taken it"
    return ticket.words if ticket.status in (OrdStatus.CANCELED, OrdStatus.EXPIRED) else ""
