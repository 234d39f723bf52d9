"""Margin and commission of the written order: the broker's own word where it gives one, else the table of margins."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.ui.format import age_text, money_text
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.widgets.ticket.draft import NEEDS_LIMIT, NEEDS_TRIGGER, TicketDraft, entry_ticket

if TYPE_CHECKING:
    from datetime import datetime

    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import AccountId
    from tradestream_gui.domain.tickets import RiskDecision
    from tradestream_gui.market.asking import Answer
    from tradestream_gui.ports.broker_costs import BrokerCosts

Figures = tuple[Decimal | None, str, Decimal | None, str]
"""Margin and commission, each with what stands behind it or why it is not known."""
SHUT = "The account takes no entries now, so its broker is not asked; open it first."
NOT_WRITTEN = "Choose a contract and a side and give the prices; then it can be told."


def broker_figures(core: Core, draft: TicketDraft, decision: RiskDecision | None) -> Figures:
    """For the quantity that would be sent."""
    draft = replace(draft, qty=decision.order_qty) if decision is not None and decision.order_qty else draft
    account_id, ticket = draft.account_id, entry_ticket(draft)
    if account_id is None or ticket is None or not _is_priced(draft):
        return None, NOT_WRITTEN, None, NOT_WRITTEN
    broker = core.accounts.account(account_id).broker
    if _is_shut(core, account_id):
        return None, SHUT, None, SHUT
    told, name = core.costs.look(broker, ticket), broker_name(broker)
    if told is None:
        return *_by_table(core, draft), None, f"{name} does not say its commission beforehand; see All fees."
    words = source_words(name, told, core.clock.now())
    if told.value is None:
        return None, words, None, words
    return told.value.initial_margin, words, told.value.commission, words


def _is_shut(core: Core, account_id: AccountId) -> bool:
    """To a locked account, and to one with real money that is not open, not even a question goes in an order's form."""
    if core.accounts.state(account_id).trading_state is TradingState.LOCKED:
        return True
    return core.accounts.account(account_id).kind.is_guarded and not core.accounts.may_open(account_id)


def source_words(broker: str, told: Answer[BrokerCosts], now: datetime) -> str:
    """What the broker said, and when; or why not."""
    costs, problem = told.value, one_line(told.problem)
    if costs is None or told.at is None:
        return f"{broker} did not say: {problem}" if problem else f"Asking {broker} what this order would cost…"
    words = (
        f"{broker} said {age_text(now - told.at)} ago: initial margin {money_text(costs.initial_margin, sign=True)}, "
        f"maintenance {money_text(costs.maintenance_margin, sign=True)}, equity with loan afterwards "
        f"{money_text(costs.equity_after)}, commission of the entry {money_text(costs.commission)}."
    )
    words += f" {one_line(costs.words)}" if costs.words else ""
    return f"{words} Asked again it did not say: {problem}" if problem else words


def _is_priced(draft: TicketDraft) -> bool:
    has_limit = draft.ord_type not in NEEDS_LIMIT or draft.limit_price is not None
    return has_limit and (draft.ord_type not in NEEDS_TRIGGER or draft.trigger_price is not None)


def _by_table(core: Core, draft: TicketDraft) -> tuple[Decimal | None, str]:
    assert draft.instrument is not None, "an entry names a contract"
    row = core.reference.margin(draft.instrument, core.reference.calendar.account_day(core.clock.now()))
    if row is None or row.day is None:
        return None, "Nobody supplies the margin of this contract."
    assumed = " It is an assumption of yours, nobody's quote." if row.is_assumed else ""
    return row.day * draft.qty, f"Day margin by the table of {row.valid_from}: {one_line(row.source)}.{assumed}"
