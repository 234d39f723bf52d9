"""Keeps the ticket's quantity, exits and ruler in step with its prices each time it is judged."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tradestream_gui.ui.format import money_text
from tradestream_gui.ui.widgets.ticket.draft import TicketDraft, problems
from tradestream_gui.ui.widgets.ticket.form import TicketForm
from tradestream_gui.ui.widgets.ticket.plan import loss_of_one, preview_words, qty_for_risk, risk_words, ruler_scene

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.quotes import Quote
    from tradestream_gui.domain.tickets import EntryTicket, RiskDecision


def fee_of(core: Core | None, draft: TicketDraft) -> Decimal | None:
    """US dollars for one contract and side; None where it is not known."""
    if core is None or draft.account_id is None or draft.instrument is None:
        return None
    return core.market.fee_per_side(draft.account_id, draft.instrument, core.clock.now())


def sized(form: TicketForm, draft: TicketDraft, quote: Quote | None, fee: Decimal | None) -> TicketDraft:
    """With a typed risk the quantity follows the stop."""
    of_one = loss_of_one(draft, quote, fee)
    form.exits.show_risk(risk_words(draft, of_one))
    qty = qty_for_risk(draft.risk.price, of_one) if draft.risk.price is not None and of_one is not None else 0
    if qty:
        form.set_qty_from_risk(qty)
    return replace(draft, qty=qty) if qty else draft


def all_problems(draft: TicketDraft, quote: Quote | None, fee: Decimal | None) -> dict[str, str]:
    """What is wrong, by field; a risk that not even one contract keeps to stands at the quantity."""
    found = problems(draft, quote)
    of_one, most = loss_of_one(draft, quote, fee), draft.risk.price
    if most is not None and of_one is not None and not qty_for_risk(most, of_one):
        found["qty"] = f"One contract risks {money_text(of_one)}: more than {money_text(most)}."
    return found


def show_exits(
    form: TicketForm,
    draft: TicketDraft,
    quote: Quote | None,
    ticket: EntryTicket | None,
    decision: RiskDecision | None,
    fee: Decimal | None,
) -> None:
    """The exits of what would go: risk may have cut the quantity."""
    shown = ticket
    if ticket is not None and decision is not None and decision.order_qty:
        shown = replace(ticket, order_qty=decision.order_qty)
    form.exits.show_preview(preview_words(draft, shown, quote, fee))
    form.exits.ruler.show_scene(ruler_scene(draft, quote))
