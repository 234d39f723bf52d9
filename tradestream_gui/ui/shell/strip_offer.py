"""What the alert strip offers: the order sentence as of now, the order behind it, and what would fit instead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tradestream_gui.alerts.binding.intents import Hold, OpenIntent
from tradestream_gui.alerts.desk.executor import SIZE_CODES
from tradestream_gui.alerts.desk.questions import micro_of
from tradestream_gui.alerts.desk.shown_order import ShownOrder, Wish, wished
from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.orders import Side
from tradestream_gui.ui.format import price_text
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.messages.preview import intent_words, order_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradestream_gui.alerts.binding.intents import Intent
    from tradestream_gui.alerts.desk.decision_book import Card
    from tradestream_gui.core import Core
    from tradestream_gui.domain.accounts import Account
    from tradestream_gui.domain.tickets import EntryTicket, RiskDecision

MOST_BY_KEY = 9


@dataclass(frozen=True, slots=True)
class StripOffer:
    """`order` is None where nothing is opened; `may_send` is False while nothing of it could go. `at_alert` is the
    alert's own price and `micro` the smaller contract, empty where there is none."""

    sentence: str
    tone: Tone
    may_send: bool
    account: Account
    order: ShownOrder | None = None
    market: str = ""
    problem: str = ""
    at_alert: str = ""
    micro: str = ""


def offer_of(core: Core, card: Card, wish: Wish, account: Account) -> StripOffer:
    """What Enter would send now for a card of the desk. Nothing is decided or sent by asking."""
    preview = core.alerts.offer(card, account.account_id)
    if isinstance(preview.outcome, Hold):
        return StripOffer(f"Cannot be sent now: {preview.outcome.words.rstrip('.')}.", Tone.WARN, False, account)
    intents = preview.outcome or ()
    entry = next((intent for intent in intents if isinstance(intent, OpenIntent)), None)
    if entry is None:
        words = "; ".join(intent_words(core, intent)[1] for intent in intents)
        sentence = f"{words[:1].upper()}{words[1:]}" if words else "Nothing is left to do."
        return StripOffer(sentence, Tone.TEXT, bool(words), account)
    return _entry_offer(core, card, entry, wish, intents, account)


def _entry_offer(
    core: Core, card: Card, entry: OpenIntent, wish: Wish, intents: Sequence[Intent], account: Account
) -> StripOffer:
    ticket = wished(entry, wish, micro_of(core.reference))
    risk = core.entries.judge(ticket)
    if not risk.is_allowed and risk.code in SIZE_CODES and entry.micro is not None and not wish.is_micro:
        smaller = replace(ticket, instrument_id=entry.micro.instrument_id)  # what the desk tries by itself
        ticket, risk = (smaller, tried) if (tried := core.entries.judge(smaller)).is_allowed else (ticket, risk)
    instrument = core.market.instrument(ticket.instrument_id)
    others = [intent_words(core, one)[1] for one in intents if one is not entry]
    qty = risk.order_qty if risk.is_allowed else ticket.order_qty
    shown = replace(risk, order_qty=qty)
    sentence = "; ".join((order_words(ticket, shown, instrument), *others))
    micro = micro_of(core.reference)(entry.instrument)
    offered = StripOffer(
        sentence=sentence,
        tone=Tone.BUY if ticket.side is Side.BUY else Tone.SELL,
        may_send=risk.is_allowed,
        account=account,
        market=_market(core, ticket),
        at_alert="" if entry.said_price is None else price_text(entry.said_price, entry.instrument),
        micro="" if micro is None or micro == entry.instrument else contract_name(micro),
    )
    if not risk.is_allowed:
        return replace(offered, problem=_problem(core, entry, wish, ticket, risk))
    return replace(offered, order=ShownOrder(replace(ticket, order_qty=qty), card.revision.revision))


def paper_account(core: Core, of: Account) -> Account | None:
    """Where a trade of this account can be made without real money; None where it has none at stake already."""
    if not of.kind.is_guarded:
        return None
    wanted = (AccountKind.SIMULATOR, AccountKind.BROKER_PAPER)
    found = [one for one in core.accounts.accounts() if one.kind in wanted]
    return min(found, key=lambda one: wanted.index(one.kind), default=None)


def _problem(core: Core, entry: OpenIntent, wish: Wish, ticket: EntryTicket, risk: RiskDecision) -> str:
    """Why risk refuses it, and which key gives a size that passes."""
    words = f"Refused: {risk.words.rstrip('.')}."
    if 0 < risk.fitting_qty < ticket.order_qty:
        smaller = core.entries.judge(replace(ticket, order_qty=risk.fitting_qty))
        key = min(smaller.order_qty, MOST_BY_KEY)
        return f"{words} Press {key}." if smaller.is_allowed else words
    if wish.is_micro or risk.code not in SIZE_CODES:
        return words
    micro = wished(entry, replace(wish, is_micro=True, order_qty=None), micro_of(core.reference))
    tried = core.entries.judge(micro)
    if not tried.is_allowed or micro.instrument_id == ticket.instrument_id:
        return words
    return f"{words} M: {tried.order_qty} {contract_name(core.market.instrument(micro.instrument_id))} fit."


def _market(core: Core, ticket: EntryTicket) -> str:
    """The side of the market that the order would meet, and how far it has gone from the alert."""
    instrument, quote = core.market.instrument(ticket.instrument_id), core.board.quote(ticket.instrument_id)
    is_buy = ticket.side is Side.BUY
    price = None if quote is None else quote.ask if is_buy else quote.bid
    if price is None:
        return "No quote"
    words = f"{'Ask' if is_buy else 'Bid'} {price_text(price, instrument)}"
    age = core.board.quote_age_s(ticket.instrument_id)
    if age is not None and age >= 1:
        words += f", {age:.0f} s old"
    if ticket.reference_price is None or ticket.reference_price == price:
        return words
    away = price_text(abs(price - ticket.reference_price), instrument)
    return f"{words}, {away} {'above' if price > ticket.reference_price else 'below'} the alert"
