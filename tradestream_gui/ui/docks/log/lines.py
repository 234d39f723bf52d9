"""Facts as lines of the log, in plain words; each knows the alert, order and lot that it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.events import (
    AccountStateChanged,
    BrokerLinkChanged,
    FillBooked,
    Notice,
    NoticeKind,
    ProtectionLost,
    ProtectionRestored,
    Severity,
)
from tradestream_gui.domain.events_market import FeedLinkChanged, StreamRevived, StreamWentStale
from tradestream_gui.domain.ids import ClOrdId, InstrumentId, LotId, MessageKey
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Order, OrderRole, OrdStatus
from tradestream_gui.ui.format import money_text, price_text
from tradestream_gui.ui.order_words import STATUS_TEXT
from tradestream_gui.ui.shell.plain import one_line

InstrumentOf = Callable[[InstrumentId], Instrument | None]


class LogKind(Enum):
    """The chips of the log; ALERT is what the parser and the desk made of messages."""

    ORDERS = "orders"
    RISK = "risk"
    CONNECTION = "connection"
    PARSER = "parser"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class LogLine:
    """One event. `message_key` and `lot_id` join the lines of one alert's way."""

    number: int
    at: datetime
    kind: LogKind
    severity: Severity
    words: str
    message_key: MessageKey | None = None
    lot_id: LotId | None = None
    cl_ord_id: ClOrdId | None = None

    def is_of_path(self, path: frozenset[str]) -> bool:
        return bool(path & {str(self.message_key or ""), str(self.lot_id or ""), str(self.cl_ord_id or "")} - {""})


@dataclass(frozen=True, slots=True)
class Told:
    """A line before it has its number."""

    kind: LogKind
    severity: Severity
    words: str
    at: datetime
    message_key: MessageKey | None = None
    lot_id: LotId | None = None
    cl_ord_id: ClOrdId | None = None


_OF_NOTICE = {
    NoticeKind.ALERT: LogKind.PARSER,
    NoticeKind.APPROVAL: LogKind.PARSER,
    NoticeKind.FILL: LogKind.ORDERS,
    NoticeKind.TARGET: LogKind.ORDERS,
    NoticeKind.STOP: LogKind.ORDERS,
    NoticeKind.REFUSAL: LogKind.RISK,
    NoticeKind.REJECT: LogKind.ORDERS,
    NoticeKind.RISK: LogKind.RISK,
    NoticeKind.UNPROTECTED: LogKind.RISK,
    NoticeKind.PRICE: LogKind.SYSTEM,
    NoticeKind.CONNECTION: LogKind.CONNECTION,
    NoticeKind.SYSTEM: LogKind.SYSTEM,
}
_OF_OUTCOME = {
    Outcome.TRADED: Severity.SUCCESS,
    Outcome.DONE: Severity.SUCCESS,
    Outcome.AWAITING: Severity.WARNING,
    Outcome.HELD: Severity.WARNING,
    Outcome.REFUSED: Severity.WARNING,
    Outcome.MISSED: Severity.WARNING,
}
_BAD_ENDS = (OrdStatus.REJECTED, OrdStatus.DENIED, OrdStatus.UNCERTAIN, OrdStatus.NOT_FOUND)
_PASSING = (
    OrdStatus.PENDING_NEW,
    OrdStatus.PENDING_CANCEL,
    OrdStatus.PENDING_REPLACE,
    OrdStatus.PARTIALLY_FILLED,
    OrdStatus.FILLED,
)
_TOLD_BY_OTHERS = (
    NoticeKind.ALERT,
    NoticeKind.APPROVAL,
    NoticeKind.FILL,
    NoticeKind.TARGET,
    NoticeKind.STOP,
    NoticeKind.REFUSAL,
)
"""Notices whose decision or fill has its own line."""
_LINK_UP = "up"


def of_message(revision: MessageRevision) -> Told:
    what = "deleted" if revision.deleted else "edited" if revision.revision > 1 else "wrote"
    text = "" if revision.deleted else f": {one_line(revision.text, 200)}"
    words = f"{one_line(revision.author_name, 40)} {what} in {one_line(revision.channel_name, 40)}{text}"
    return Told(LogKind.PARSER, Severity.INFO, words, revision.received_at, revision.message_key)


def of_decision(decision: Decision, instrument_of: InstrumentOf) -> Told:
    kind = LogKind.RISK if decision.outcome is Outcome.REFUSED else LogKind.PARSER
    about = f" {_name(decision.instrument_id, instrument_of)}" if decision.instrument_id else ""
    words = f"Alert{about} {decision.outcome.value}: {one_line(decision.words, 300)}"
    severity = _OF_OUTCOME.get(decision.outcome, Severity.INFO)
    return Told(kind, severity, words, decision.at, decision.message_key)


def of_order(order: Order, instrument_of: InstrumentOf) -> Told | None:
    """None for a state that passes at once, and for a fill, which has its own line."""
    if order.ord_status in _PASSING:
        return None
    price = order.limit_price if order.limit_price is not None else order.stop_price
    at_price = "" if price is None else f" at {_price(price, order.instrument_id, instrument_of)}"
    done = f", {order.cum_qty} of {order.order_qty} filled" if order.cum_qty else ""
    why = f" ({one_line(order.reason, 160)})" if order.reason else ""
    words = (
        f"{order.role.value.capitalize()} {order.side.value} {order.order_qty} "
        f"{_name(order.instrument_id, instrument_of)} {order.ord_type.value}{at_price}: "
        f"{STATUS_TEXT[order.ord_status].lower()}{done}{why}"
    )
    severity = Severity.DANGER if order.ord_status in _BAD_ENDS else Severity.INFO
    kind = LogKind.RISK if order.ord_status is OrdStatus.DENIED else LogKind.ORDERS
    return Told(kind, severity, words, order.updated_at, order.origin.message_key, order.lot_id, order.cl_ord_id)


def of_fill(fact: FillBooked, role: OrderRole | None, instrument_of: InstrumentOf) -> Told:
    """`role` is that of the order that filled, None where no order of ours made it."""
    fill, lot = fact.fill, fact.lot
    verb = "bought" if fill.side.sign > 0 else "sold"
    what = "Fill from outside" if role is None else f"{role.value.capitalize()} filled"
    price = _price(fill.last_px, fill.instrument_id, instrument_of)
    words = f"{what}: {verb} {fill.last_qty} {_name(fill.instrument_id, instrument_of)} at {price}, "
    words += f"fees {money_text(fill.commission)}"
    if lot.is_flat:
        words += f"; closed with {money_text(lot.net_pnl, sign=True)} net"
    else:
        words += f"; {lot.open_qty} open"
    return Told(LogKind.ORDERS, Severity.SUCCESS, words, fill.at, lot.origin.message_key, fill.lot_id, fill.cl_ord_id)


def of_notice(fact: Notice) -> Told | None:
    """None where another line tells the same with more."""
    if fact.kind in _TOLD_BY_OTHERS:
        return None
    words = f"{one_line(fact.title, 120)}: {one_line(fact.words, 300)}" if fact.words else one_line(fact.title, 120)
    return Told(_OF_NOTICE[fact.kind], fact.severity, words, fact.at)


def of_link(fact: BrokerLinkChanged | FeedLinkChanged) -> Told:
    name = broker_name(fact.broker if isinstance(fact, BrokerLinkChanged) else fact.feed)
    detail = f" ({one_line(fact.detail, 160)})" if fact.detail else ""
    severity = Severity.SUCCESS if fact.state == _LINK_UP else Severity.WARNING
    return Told(LogKind.CONNECTION, severity, f"{name} is {fact.state}{detail}", fact.at)


def of_stale(fact: StreamWentStale, instrument_of: InstrumentOf) -> Told:
    about = _name(fact.instrument_id, instrument_of) if fact.instrument_id else "all instruments"
    words = f"{broker_name(fact.feed)}: no {fact.stream.value} for {about}; new entries there are refused"
    return Told(LogKind.CONNECTION, Severity.WARNING, words, fact.since)


def of_revival(fact: StreamRevived, instrument_of: InstrumentOf) -> Told:
    about = _name(fact.instrument_id, instrument_of) if fact.instrument_id else "all instruments"
    words = f"{broker_name(fact.feed)}: {fact.stream.value} of {about} are back"
    return Told(LogKind.CONNECTION, Severity.SUCCESS, words, fact.at)


def of_account(fact: AccountStateChanged) -> Told:
    state = fact.state
    why = f": {one_line(state.reason, 200)}" if state.reason else ""
    calm = state.trading_state.value in ("ACTIVE", "STARTING", "RECONCILING")
    words = f"Account {state.account_id} is {state.trading_state.value}{why}"
    return Told(LogKind.RISK, Severity.INFO if calm else Severity.DANGER, words, state.since)


def of_lost_protection(fact: ProtectionLost) -> Told:
    words = f"Position without stop: {one_line(fact.words, 240)}"
    return Told(LogKind.RISK, Severity.DANGER, words, fact.at, lot_id=fact.lot_id)


def of_restored_protection(fact: ProtectionRestored) -> Told:
    return Told(LogKind.RISK, Severity.SUCCESS, "The position has its stop again", fact.at, lot_id=fact.lot_id)


def _name(instrument_id: InstrumentId, instrument_of: InstrumentOf) -> str:
    found = instrument_of(instrument_id)
    return instrument_id if found is None else contract_name(found)


def _price(price: Decimal, instrument_id: InstrumentId, instrument_of: InstrumentOf) -> str:
    found = instrument_of(instrument_id)
    return str(price) if found is None else price_text(price, found)
