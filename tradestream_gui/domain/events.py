"""Facts that services publish: past tense, UTC, one frozen dataclass each; market facts stand in events_market."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from tradestream_gui.domain.accounts import AccountState, Balance
from tradestream_gui.domain.decisions import AlertQuote, Decision
from tradestream_gui.domain.exits import ExitPlan
from tradestream_gui.domain.ids import AccountId, InstrumentId, LotId, MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Fill, Order
from tradestream_gui.domain.positions import ExternalChange, Lot
from tradestream_gui.domain.price_alerts import PriceAlert


@dataclass(frozen=True, slots=True)
class AlertReceived:
    """A message revision is stored and may now be decided."""

    revision: MessageRevision


@dataclass(frozen=True, slots=True)
class AlertDecided:
    decision: Decision


@dataclass(frozen=True, slots=True)
class TalkForgotten:
    """A message that is no alert is held in memory no more; the database has it."""

    message_key: MessageKey


@dataclass(frozen=True, slots=True)
class AlertQuoted:
    """Bid and ask of an alerted contract were recorded."""

    quote: AlertQuote


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order is new or stands in another state; the blotter has it already."""

    order: Order


@dataclass(frozen=True, slots=True)
class FillBooked:
    fill: Fill
    lot: Lot


@dataclass(frozen=True, slots=True)
class ExternalFillBooked:
    """Contracts that were traded elsewhere, told by an execution."""

    account_id: AccountId
    instrument_id: InstrumentId
    at: datetime


@dataclass(frozen=True, slots=True)
class ExternalChanged:
    """What is held beyond our lots is another quantity; the lot book has it already."""

    change: ExternalChange


@dataclass(frozen=True, slots=True)
class LotChanged:
    lot: Lot


@dataclass(frozen=True, slots=True)
class ExitPlanChanged:
    """`with_intent`: it is stored in the transaction of its entry's intent, and not by itself."""

    plan: ExitPlan
    with_intent: bool = False


@dataclass(frozen=True, slots=True)
class AccountStateChanged:
    state: AccountState


@dataclass(frozen=True, slots=True)
class AccountCompared:
    """A complete comparison with the broker found nothing to doubt."""

    account_id: AccountId
    at: datetime


@dataclass(frozen=True, slots=True)
class PositionDiffered:
    """The broker holds less of ours than our books, and no execution tells why."""

    account_id: AccountId
    at: datetime


@dataclass(frozen=True, slots=True)
class BalanceChanged:
    balance: Balance


@dataclass(frozen=True, slots=True)
class AccountBarred:
    """The broker or its firm lets the account trade no more; `words` say so and what now."""

    account_id: AccountId
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BrokerLinkChanged:
    broker: str
    state: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SourceLinkChanged:
    """What an alert source told of its link; `state` is the word of `LinkState`."""

    source: str
    state: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProtectionLost:
    """A lot has no stop of its size at the broker; `words` say what is being done."""

    lot_id: LotId
    account_id: AccountId
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProtectionRestored:
    lot_id: LotId
    at: datetime


class Severity(Enum):
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


class NoticeKind(Enum):
    """The rows of the notifications grid."""

    ALERT = "alert"
    APPROVAL = "approval needed"
    FILL = "fill"
    TARGET = "target"
    STOP = "stop"
    REFUSAL = "refusal"
    REJECT = "reject"
    RISK = "risk"
    UNPROTECTED = "position without stop"
    CONNECTION = "connection"
    PRICE = "price alert"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should hear of, in plain words; `account_id` where it happened in one account."""

    kind: NoticeKind
    severity: Severity
    title: str
    words: str
    at: datetime
    account_id: AccountId | None = None


@dataclass(frozen=True, slots=True)
class PriceAlertsChanged:
    """One was made, removed or told; these are set now."""

    alerts: tuple[PriceAlert, ...]


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """The day of all accounts has ended (17:00 CT, or the demo's end)."""

    at: datetime
