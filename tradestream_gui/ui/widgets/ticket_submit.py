"""Guards the click: one order for one press, and a question with numbers where it looks like a slip."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from tradestream_gui.domain.quotes import Quote
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ui.format import percent_text, price_text
from tradestream_gui.ui.widgets.ticket_draft import TicketDraft

LATCH_S = 3.0
"""A press is deaf for this long, or until the order is acknowledged."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The last ticket that went, and when."""

    ticket: EntryTicket
    at: datetime


class LastEntry:
    """Remembers the entry that a hand sent last, from whichever part of the window; its only writer."""

    def __init__(self) -> None:
        self._last: Sent | None = None

    def note(self, ticket: EntryTicket, now: datetime) -> None:
        self._last = Sent(ticket, now)

    def seconds_since_same(self, ticket: EntryTicket, now: datetime, window: timedelta) -> int | None:
        """How long ago the very same entry was sent, whatever its exits; None outside the window."""
        if self._last is None or _entry_of(self._last.ticket) != _entry_of(ticket) or now - self._last.at >= window:
            return None
        return int((now - self._last.at).total_seconds())


def _entry_of(ticket: EntryTicket) -> tuple[object, ...]:
    """What makes two tickets the same order: exits of a plan move with the market and do not count."""
    return (
        ticket.account_id,
        ticket.instrument_id,
        ticket.side,
        ticket.ord_type,
        ticket.order_qty,
        ticket.limit_price,
        ticket.stop_price,
    )


def distance(draft: TicketDraft, quote: Quote | None) -> Decimal | None:
    """How far the order's own price stands from the market, as a fraction; None without either."""
    price = draft.limit_price if draft.limit_price is not None else draft.trigger_price
    market = None if quote is None else quote.last if quote.last is not None else quote.mid
    if price is None or not market:
        return None
    return abs(price - market) / abs(market)


def slip_words(draft: TicketDraft, quote: Quote | None, limit: Decimal) -> str:
    """Why the price looks like a slip of the finger; empty when it does not."""
    far = distance(draft, quote)
    if far is None or far <= limit or draft.instrument is None or quote is None:
        return ""
    market = quote.last if quote.last is not None else quote.mid
    return (
        f"The price is {percent_text(far, 2)} from the market at {price_text(market, draft.instrument)}; "
        f"beyond {percent_text(limit, 1)} it is asked about."
    )
