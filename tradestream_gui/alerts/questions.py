"""What the alert desk asks of others, and the usual answers made from the services."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime

from tradestream_gui.alerts.opening import Contracts
from tradestream_gui.alerts.resolver import Book
from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import AlertText, Reading
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Origin
from tradestream_gui.domain.policies import RiskLimits
from tradestream_gui.domain.quotes import Quote


@dataclass(frozen=True, slots=True)
class DeskQuestions:
    """`ensure_quote` subscribes and waits for a two-sided quote; `book_of` gives what the author has open and
    pending in the channel, and nobody else's; `profile` is the route's profile, or the one that the channel and
    author are matched to."""

    read: Callable[[AlertText, AlertProfile], Reading]
    reading_json: Callable[[Reading], str]
    profile: Callable[[str, MessageRevision], AlertProfile]
    ensure_quote: Callable[[Instrument], Awaitable[Quote | None]]
    book_of: Callable[[Origin, MessageRevision], Book]
    contracts: Contracts
    exchange_date: Callable[[datetime], date]
    account_kind: Callable[[AccountId], AccountKind]
    limits: Callable[[AccountId], RiskLimits]
