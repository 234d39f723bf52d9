"""What the ticket's exits come to: the finished wish, the quantity for a risk, and what each exit would bring."""

from dataclasses import replace
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal

from tradestream_gui.domain.exits import split_targets
from tradestream_gui.domain.orders import OrdType
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.domain.tickets import EntryTicket, first_limit
from tradestream_gui.ui.format import money_text, points_text, price_text
from tradestream_gui.ui.widgets.bracket_ruler import RulerScene
from tradestream_gui.ui.widgets.ticket.draft import TicketDraft, entry_ticket, loss_at_stop


def whole_ticket(draft: TicketDraft, quote: Quote | None, at: datetime) -> EntryTicket | None:
    """The wish with the plan's shares, break-even and trail in it, and with where its limit begins to walk."""
    ticket, bracket = entry_ticket(draft), draft.bracket(quote)
    if ticket is None:
        return None
    if bracket is not None:
        ticket = bracket.on(ticket, at)
    if draft.walks and draft.ord_type is OrdType.LIMIT and ticket.limit_price is not None and draft.instrument:
        begins = first_limit(draft.instrument, quote, ticket.side.sign, ticket.limit_price)
        ticket = replace(ticket, walk_from=begins if begins != ticket.limit_price else None)
    return ticket


def loss_of_one(draft: TicketDraft, quote: Quote | None, fee_per_side: Decimal | None) -> Decimal | None:
    """What one contract loses at its stop with the fees of both ways; None while that cannot be told."""
    loss = loss_at_stop(draft, quote, 1)
    return None if loss is None or fee_per_side is None or loss <= 0 else loss + 2 * fee_per_side


def qty_for_risk(risk: Decimal, of_one: Decimal) -> int:
    """Whole contracts whose stop costs no more than the risk; 0 where not even one does."""
    return int((risk / of_one).to_integral_value(rounding=ROUND_FLOOR))


def risk_words(draft: TicketDraft, of_one: Decimal | None) -> str:
    """`3 × $51.24 = $153.72`, or what is missing for it."""
    if draft.risk.price is None:
        return ""
    if of_one is None:
        return "needs a price and a stop"
    qty = qty_for_risk(draft.risk.price, of_one)
    return f"{qty} × {money_text(of_one)} = {money_text(of_one * qty)}" if qty else f"one takes {money_text(of_one)}"


def preview_words(draft: TicketDraft, ticket: EntryTicket | None, quote: Quote | None, fee: Decimal | None) -> str:
    """Each exit with its contracts and its result after fees, in the order in which they come."""
    entry, instrument = draft.entry_price(quote), draft.instrument
    if ticket is None or entry is None or instrument is None or fee is None or not ticket.allocations:
        return ""
    sign, qty = ticket.side.sign, ticket.order_qty
    shares = ticket.allocations[-1:] if ticket.hold_one_contract and qty == 1 else ticket.allocations
    parts = []
    steps = split_targets(qty, shares)
    for number, step in enumerate(steps, start=1):
        gain = instrument.money((step.price - entry) * sign, step.qty) - 2 * fee * step.qty
        words = f"{step.qty} at {price_text(step.price, instrument)} {money_text(gain, sign=True)}"
        is_last = number == len(steps)
        after = ticket.break_even_after == number and not is_last
        parts.append(f"{words}, stop to break-even" if after else words)
    runner = qty - sum(step.qty for step in steps)
    parts += [f"{runner} without target"] if runner else []
    if ticket.trail is not None:
        behind = points_text(ticket.trail.distance, instrument).removeprefix("+")
        parts.append(f"trail {behind} from {points_text(ticket.trail.activate_after, instrument)}")
    if ticket.close_at is not None:
        parts.append("closed by time")
    return "After fees: " + "\n".join(parts)


def ruler_scene(draft: TicketDraft, quote: Quote | None) -> RulerScene | None:
    """The prices for the ruler; None before there is an entry with a side."""
    entry = draft.entry_price(quote)
    if entry is None or draft.instrument is None or draft.side is None:
        return None
    stop = None if draft.no_stop else draft.stop.price
    last = None if quote is None else quote.last
    return RulerScene(draft.instrument, draft.side, entry, stop, draft.target_prices, last)
