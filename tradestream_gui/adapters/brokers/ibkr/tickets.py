"""Our own table of orders at TWS: by our reference, by its permanent number, and by the session's handle."""

from dataclasses import dataclass, replace
from decimal import Decimal

from tradestream_gui.adapters.brokers.ibkr.mapping import Standing, prices_of, standing
from tradestream_gui.adapters.brokers.ibkr.rows import CompletedRow, OrderRow, StatusRow
from tradestream_gui.domain.ids import AccountId, ClOrdId
from tradestream_gui.domain.orders import OrdStatus

OVER = (OrdStatus.FILLED, OrdStatus.CANCELED, OrdStatus.REJECTED)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a change asks for."""

    qty: int
    limit_price: Decimal | None
    stop_price: Decimal | None
    ord_type: str


@dataclass(slots=True)
class Ticket:
    """One order as last known; `cum_qty` is what its status says is filled."""

    row: OrderRow
    status: OrdStatus = OrdStatus.SENT
    cum_qty: int = 0
    words: str = ""
    """The last message of TWS about it."""
    asked: Terms | None = None
    """A change under way."""
    was_seen: bool = False
    """Whether TWS has ever shown it."""
    is_recalled: bool = False
    """Whether its cancel was asked for because TWS holds it inactive: such an order may wake up."""
    told: tuple[object, ...] | None = None
    """The figures that the desks have heard last."""

    @property
    def account_id(self) -> AccountId:
        return AccountId(self.row.account)

    @property
    def cl_ord_id(self) -> ClOrdId | None:
        return ClOrdId(self.row.order_ref) if self.row.order_ref else None

    @property
    def figures(self) -> tuple[object, ...]:
        """What a report would say of it, the moment left out."""
        row = self.row
        return self.status, row.qty, row.ord_type, row.limit_price, row.aux_price, row.trail_stop, self.cum_qty

    @property
    def has_what_was_asked(self) -> bool:
        if self.asked is None:
            return True
        limit, stop = prices_of(self.row)
        if self.asked.ord_type == "TRAIL":
            stop = self.asked.stop_price  # it moves by itself
        return Terms(self.row.qty, limit, stop, self.row.ord_type) == self.asked

    @property
    def is_over(self) -> bool:
        return self.status in OVER


class Tickets:
    """The only writer of tickets. The handle of an order is no identity: TWS may give the number of an order that
    it refused to another one, so a handle counts only where the reference agrees."""

    def __init__(self) -> None:
        self._by_ref: dict[tuple[str, str], Ticket] = {}
        self._by_perm: dict[int, Ticket] = {}
        self._by_handle: dict[tuple[int, int], Ticket] = {}

    def add(self, row: OrderRow) -> Ticket:
        ticket = Ticket(row)
        self._index(ticket)
        return ticket

    def of_ref(self, account: str, order_ref: str) -> Ticket | None:
        return self._by_ref.get((account, order_ref))

    def of_handle(self, client_id: int, order_id: int) -> Ticket | None:
        return self._by_handle.get((client_id, order_id))

    def of_perm(self, perm_id: int) -> Ticket | None:
        return self._by_perm.get(perm_id)

    def take_order(self, row: OrderRow) -> Ticket:
        """An open order as TWS shows it; a new ticket for one that is not known yet."""
        ticket = self._known(row)
        if ticket is None:
            ticket = Ticket(row)
        ticket.row = row
        ticket.was_seen = True
        if standing(row.status) is Standing.WORKING and ticket.status is OrdStatus.SENT:
            ticket.status = OrdStatus.NEW
        self._index(ticket)
        return ticket

    def take_status(self, row: StatusRow) -> Ticket | None:
        """A status message; None for an order that nobody has shown us. What is over stays over."""
        ticket = self.of_perm(row.perm_id) or self.of_handle(row.client_id, row.order_id)
        if ticket is None:
            return None
        ticket.was_seen = True
        ticket.cum_qty = max(ticket.cum_qty, row.filled)
        if not ticket.is_over:
            ticket.status = _status(standing(row.status), ticket)
        if not ticket.row.perm_id and row.perm_id:
            ticket.row = replace(ticket.row, perm_id=row.perm_id)
            self._index(ticket)
        return ticket

    def take_completed(self, row: CompletedRow) -> Ticket:
        """An order that ended today. It has no handle any more, and TWS tells no quantity but what was filled."""
        ticket = self._known(row.order)
        if ticket is None:
            ticket = Ticket(replace(row.order, qty=max(row.order.qty, row.filled)))
        ticket.was_seen = True
        ticket.cum_qty = max(ticket.cum_qty, row.filled)
        if ticket.status is not OrdStatus.REJECTED:
            ended = standing(row.order.status)
            ticket.status = _status(ended, ticket) if ended is not Standing.WORKING else OrdStatus.CANCELED
        ticket.words = ticket.words or row.words
        if not ticket.row.perm_id:
            ticket.row = replace(ticket.row, perm_id=row.order.perm_id)
        self._index(ticket)
        return ticket

    def _known(self, row: OrderRow) -> Ticket | None:
        """By the permanent number; by the reference only an order that has no number yet, since other programs give
        many orders one reference."""
        ticket = self._by_perm.get(row.perm_id) if row.perm_id else None
        if ticket is None and row.order_ref:
            named = self._by_ref.get((row.account, row.order_ref))
            ticket = named if named is not None and not named.row.perm_id else None
        return ticket

    def _index(self, ticket: Ticket) -> None:
        row = ticket.row
        if row.order_ref:
            self._by_ref[row.account, row.order_ref] = ticket
        if row.perm_id:
            self._by_perm[row.perm_id] = ticket
        if row.order_id > 0:
            self._by_handle[row.client_id, row.order_id] = ticket


def _status(now: Standing, ticket: Ticket) -> OrdStatus:
    match now:
        case Standing.FILLED:
            return OrdStatus.FILLED
        case Standing.CANCELED:
            return OrdStatus.CANCELED
        case Standing.INACTIVE:
            return OrdStatus.CANCELED if ticket.cum_qty else OrdStatus.REJECTED
        case Standing.WORKING:
            return OrdStatus.PARTIALLY_FILLED if ticket.cum_qty else OrdStatus.NEW
        case Standing.ON_ITS_WAY:
            return ticket.status
