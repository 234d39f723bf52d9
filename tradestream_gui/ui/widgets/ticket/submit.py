"""Guards the click: one order for one press, and a question with numbers where it looks like a slip."""

from decimal import Decimal

from tradestream_gui.domain.quotes import Quote
from tradestream_gui.ui.format import percent_text, price_text
from tradestream_gui.ui.widgets.ticket.draft import TicketDraft

LATCH_S = 3.0
"""A press is deaf for this long, or until the order is acknowledged."""


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
