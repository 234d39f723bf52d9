"""Our own table of orders at the gateway: by our tag and by its number."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from tradestream_gui.adapters.brokers.projectx.mapping import ord_status
from tradestream_gui.adapters.brokers.projectx.rows import OrderRow
from tradestream_gui.domain.orders import OrdStatus, TimeInForce

OVER = (OrdStatus.FILLED, OrdStatus.CANCELED, OrdStatus.REJECTED, OrdStatus.EXPIRED)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a change asks for; without a size it stays as it is there."""

    size: int | None
    limit_price: Decimal | None
    stop_price: Decimal | None


@dataclass(slots=True)
class Ticket:
    """One order as last known. Its row has no number (0) while its placing is not answered."""

    row: OrderRow
    time_in_force: TimeInForce = TimeInForce.DAY
    status: OrdStatus = OrdStatus.SENT
    cum_qty: int = 0
    words: str = ""
    """Why it was refused or ended, where that is known."""
    is_in_flight: bool = False
    """Its placing is under way: nobody can say yet whether it stands there."""
    asked: Terms | None = None
    """A change under way."""
    is_leaving: bool = False
    """Its cancel is asked for."""
    told: tuple[object, ...] | None = None
    """The figures that the desks have heard last."""

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def figures(self) -> tuple[object, ...]:
        """What a report would say of it, the moment left out."""
        row = self.row
        return self.status, row.size, row.type, row.limit_price, row.stop_price, self.cum_qty

    @property
    def has_what_was_asked(self) -> bool:
        row, asked = self.row, self.asked
        if asked is None:
            return True
        has_prices = (row.limit_price, row.stop_price) == (asked.limit_price, asked.stop_price)
        return has_prices and asked.size in (None, row.size)


@dataclass(slots=True)
class Tickets:
    """The only writer of tickets."""

    _by_tag: dict[tuple[int, str], Ticket] = field(default_factory=dict)
    _by_id: dict[int, Ticket] = field(default_factory=dict)

    def add(self, ticket: Ticket) -> None:
        """One that is about to be sent."""
        self._by_tag[ticket.row.account_id, ticket.row.tag] = ticket

    def drop(self, ticket: Ticket) -> None:
        """One that was not sent after all."""
        self._by_tag.pop((ticket.row.account_id, ticket.row.tag), None)

    def of_tag(self, account: int, tag: str) -> Ticket | None:
        return self._by_tag.get((account, tag))

    def of_id(self, order_id: int) -> Ticket | None:
        return self._by_id.get(order_id)

    def of_account(self, account: int) -> tuple[Ticket, ...]:
        return tuple(ticket for ticket in self._by_id.values() if ticket.row.account_id == account)

    def number(self, ticket: Ticket, order_id: int) -> None:
        """The gateway has taken it and named it."""
        ticket.row = replace(ticket.row, id=order_id)
        ticket.is_in_flight = False
        if ticket.status is OrdStatus.SENT:
            ticket.status = OrdStatus.NEW
        self._by_id[order_id] = ticket

    def refuse(self, ticket: Ticket, words: str) -> None:
        """The gateway has certainly not taken it."""
        ticket.is_in_flight = False
        ticket.status, ticket.words = OrdStatus.REJECTED, words

    def take(self, row: OrderRow) -> Ticket:
        """An order as the gateway shows it; a new ticket for one that is not known yet. What is over stays over, and
        an older picture does not replace a newer one, unless it shows the end: nothing comes after that, whatever the
        gateway's clocks say."""
        ticket = self._known(row)
        if ticket is None:
            ticket = Ticket(row)
        self._by_id[row.id] = ticket
        if row.tag:
            self._by_tag[row.account_id, row.tag] = ticket
        ticket.is_in_flight = False
        ticket.cum_qty = max(ticket.cum_qty, row.filled)
        status = ord_status(row)
        if ticket.is_over or (status not in OVER and _is_older(row, ticket.row)):
            ticket.row = ticket.row if ticket.row.id else row
            return ticket
        ticket.row = row
        if status is OrdStatus.NEW and ticket.cum_qty:
            status = OrdStatus.PARTIALLY_FILLED
        ticket.status = status or ticket.status
        return ticket

    def _known(self, row: OrderRow) -> Ticket | None:
        """By the number; by the tag only one that has no number yet, or none that stood."""
        ticket = self._by_id.get(row.id)
        if ticket is None and row.tag:
            named = self._by_tag.get((row.account_id, row.tag))
            ticket = named if named is not None and named.row.id == 0 else None
        return ticket


def _is_older(row: OrderRow, known: OrderRow) -> bool:
    if row.updated is None or known.updated is None or not known.id:
        return False
    return row.updated < known.updated
