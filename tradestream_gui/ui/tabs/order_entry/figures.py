"""The figures of the ticket's card: what the order costs and risks, what the rules leave, how far the alert is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tradestream_gui.analytics.alert_call import AlertCall, call_of
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.orders import OrdType
from tradestream_gui.domain.risk_rule_pack import daily_loss_acts, own_daily_left, own_loss_left
from tradestream_gui.ui.format import (
    NOTHING,
    decimals_of,
    money_text,
    number_text,
    percent_text,
    price_text,
    time_text,
)
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.tabs.order_entry.broker_figures import broker_figures
from tradestream_gui.ui.widgets.ticket.check import Costs
from tradestream_gui.ui.widgets.ticket.draft import TicketDraft, loss_at_stop, reward_in_r
from tradestream_gui.ui.widgets.ticket.submit import distance

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import AccountId
    from tradestream_gui.domain.instruments import Instrument
    from tradestream_gui.domain.quotes import Quote
    from tradestream_gui.domain.tickets import RiskDecision

ALERT_LIFE = timedelta(hours=4)
"""An older call is no measure for an entry now."""
LOOKED_BACK = 300
"""Messages that are searched for the newest call."""
LOOK_EVERY = timedelta(seconds=2)
_AT_MARKET = {OrdType.MARKET: "at market"}


@dataclass(frozen=True, slots=True)
class NewestCall:
    """The newest alert that called an entry in the same market, and who called it when."""

    call: AlertCall
    analyst: str
    at: datetime


class CallMemory:
    """Looks for the newest call at most every two seconds; the only holder of what it found."""

    def __init__(self) -> None:
        self._key: tuple[str, datetime] | None = None
        self._found: NewestCall | None = None

    def newest(self, core: Core, instrument: Instrument) -> NewestCall | None:
        now = core.clock.now()
        if self._key is None or self._key[0] != instrument.instrument_id or now - self._key[1] >= LOOK_EVERY:
            self._key, self._found = (instrument.instrument_id, now), _newest(core, instrument, now)
        return self._found


def figures(
    core: Core, draft: TicketDraft, quote: Quote | None, decision: RiskDecision | None, newest: NewestCall | None
) -> Costs:
    """Everything of the card; None where a figure cannot be known."""
    assert draft.account_id is not None, "figures belong to an account"
    limit = core.gate.limits(draft.account_id).daily_loss_limit
    room = core.gate.room_today(draft.account_id)
    rule_room, rule_words = _rule_room(core, draft.account_id)
    from_alert, alert_words = _from_alert(core, draft, quote, newest)
    margin, margin_words, fee, fee_words = broker_figures(core, draft, decision)
    texts = {"Rule room": rule_words, "From alert": alert_words, "Margin": margin_words, "Broker fee": fee_words}
    if decision is None:
        return Costs(room_now=room, rule_room=rule_room, why="Choose a contract and a side.", tips=texts)
    loss = loss_at_stop(draft, quote, decision.order_qty or draft.qty)
    fees = decision.fees if decision.order_qty else _for(decision.fees, draft.qty)
    whole = None if loss is None or fees is None else loss + fees
    far = distance(draft, quote)
    return Costs(
        value=decision.notional if decision.order_qty else _for(decision.notional, draft.qty),
        fees=fees,
        loss_at_stop=loss,
        share_of_limit=None if whole is None or not limit else whole / limit,
        room_now=room,
        room_after=None if whole is None else room - whole,
        rule_room=rule_room,
        target_r=reward_in_r(draft, quote),
        drift=percent_text(far, 2) if far is not None else _AT_MARKET.get(draft.ord_type, NOTHING),
        from_alert=from_alert,
        margin=margin,
        broker_fee=fee,
        why="Give a price and a stop; without them it cannot be told.",
        tips=texts,
    )


def _rule_room(core: Core, account_id: AccountId) -> tuple[Decimal | None, str]:
    """What the account's rules leave to lose, the nearest of their lines, less what is open at the stops."""
    choice = core.packs.choice(account_id)
    if choice is None:
        return None, "This account goes by no firm's rules."
    pack = choice.pack
    if pack is None:
        return None, f"The rules {choice.name} are not known here."
    facts = core.packs.facts(account_id)
    lines = {"maximum loss": own_loss_left(choice, pack, facts)}
    if daily_loss_acts(pack):
        lines["daily loss"] = own_daily_left(choice, pack, facts)
    known = {name: left for name, left in lines.items() if left is not None}
    if len(known) < len(lines):
        return None, "The account's value is not known, so its rules leave nothing."
    name, left = min(known.items(), key=lambda line: line[1])
    open_risk = money_text(facts.open_risk)
    return left - facts.open_risk, f"To our own line before {pack.firm}'s {name}; {open_risk} at open stops is off it."


def _newest(core: Core, instrument: Instrument, now: datetime) -> NewestCall | None:
    for message in core.alerts.messages()[: -LOOKED_BACK - 1 : -1]:
        if now - message.received_at > ALERT_LIFE:
            return None
        decision = core.alerts.decision(message.message_key)
        if decision is None or decision.instrument_id is None or decision.outcome is Outcome.IGNORED:
            continue
        alerted = core.market.instrument(decision.instrument_id)
        is_same = alerted == instrument or (alerted.right is None and alerted.family == instrument.family)
        call = call_of(decision.reading_json) if is_same and instrument.right is alerted.right else None
        if call is not None and call.price is not None:
            return NewestCall(call, one_line(message.author_name, 20), message.received_at)
    return None


def _from_alert(
    core: Core, draft: TicketDraft, quote: Quote | None, newest: NewestCall | None
) -> tuple[str, str]:
    """How much worse or better than the call this entry is, for an order on the side of the call."""
    entry, instrument = draft.entry_price(quote), draft.instrument
    if newest is None or newest.call.price is None or instrument is None:
        return NOTHING, "No alert of the last four hours called an entry in this market."
    zone = ZoneInfo(core.settings.current.general.display_zone)
    called = f"{newest.analyst} called {newest.call.side.value} {price_text(newest.call.price, instrument)}"
    told = f"{called} at {time_text(newest.at, zone, seconds=False)}."
    if entry is None or draft.side is None:
        return NOTHING, told
    if draft.side is not newest.call.side:
        return "other side", f"{told} This order is on the other side."
    worse = (entry - newest.call.price) * draft.side.sign
    away = number_text(abs(worse), decimals_of(instrument.tick_size))
    return f"{away} {'worse' if worse > 0 else 'better'}" if worse else "the same", told


def _for(amount: Decimal | None, qty: int) -> Decimal | None:
    """A refused decision tells figures of one contract; the card shows them for the quantity that was asked for."""
    return None if amount is None else amount * qty
