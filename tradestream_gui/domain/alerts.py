"""What an alert says: actions with nulls where the text is silent, the words behind each field, and why one is held."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from tradestream_gui.domain.instruments import AssetClass, Right


class ActionKind(Enum):
    OPEN = "OPEN"
    OPEN_IF = "OPEN_IF"
    """An entry that waits for its trigger; never an immediate order."""
    ADD = "ADD"
    TRIM = "TRIM"
    CLOSE = "CLOSE"
    SET_STOP = "SET_STOP"
    SET_TARGET = "SET_TARGET"
    CANCEL = "CANCEL"
    AMEND = "AMEND"
    """Corrects fields of the author's last alert; only the corrected fields are set."""

    def __init__(self, word: str):
        self.opens = word in ("OPEN", "OPEN_IF", "ADD")
        """Whether it can make a position larger."""


class AlertSide(Enum):
    """The direction that an alert speaks of; an order's BUY or SELL follows from kind and side."""

    LONG = "long"
    SHORT = "short"


class LevelUnit(Enum):
    PRICE = "price"
    """The alerted instrument's own price: premium for an option."""
    PERCENT = "percent"
    UNDERLYING = "underlying"
    BREAK_EVEN = "break-even"
    """Our own fill, not the author's."""
    R = "R"
    POINTS = "points"
    TICKS = "ticks"
    """The smallest steps of a future's price."""


class Level(NamedTuple):
    """A stop, target or trigger. `value` keeps the digits as written and is None for break-even only.

    `candle_minutes` is set where the level counts only on a candle's close (0: the candle's length is not said).
    `trail_percent` is set where a target starts a trailing stop instead of selling ("PT 85% TS 10%").
    """

    unit: LevelUnit
    value: Decimal | None
    candle_minutes: int | None = None
    trail_percent: Decimal | None = None


class QuantityUnit(Enum):
    COUNT = "count"
    FRACTION = "fraction"
    PERCENT = "percent"
    LEAVE = "leave"
    """How many remain afterwards."""
    LETTER = "letter"
    """A size class (A, B, C) that the analyst's profile maps to units."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much, in the unit the alert used; `value` is None for a letter only, `letter` is empty otherwise."""

    unit: QuantityUnit
    value: Fraction | None
    letter: str = ""


@dataclass(frozen=True, slots=True)
class PriceRange:
    low: Decimal
    high: Decimal


class FieldEvidence(NamedTuple):
    """The words that became a field: `words` is raw[start:end] of `AlertText.raw`, `rule` the grammar rule's name."""

    field: str
    start: int
    end: int
    words: str
    rule: str


@dataclass(frozen=True, slots=True)
class AlertAction:
    """One thing an alert asks for. None, or an empty tuple, where the text is silent: the resolver fills those.

    `size_words` are words about size that are no quantity ("lotto", "starter"). `everything` says that the words
    mean all of the author's open positions. `again` marks a deliberate repeat ("re-entry", "2nd entry"), which is
    no duplicate.
    """

    kind: ActionKind
    asset: AssetClass | None = None
    side: AlertSide | None = None
    symbol: str | None = None
    strike: Decimal | None = None
    right: Right | None = None
    expiry: date | None = None
    quantity: Quantity | None = None
    price: Decimal | PriceRange | None = None
    at_market: bool = False
    targets: tuple[Level, ...] = ()
    stop: Level | None = None
    trigger: Level | None = None
    size_words: tuple[str, ...] = ()
    everything: bool = False
    again: bool = False
    evidence: tuple[FieldEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a message is held or left alone: a stable code and words for the trader."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Embed:
    """A rich embed's title, description, field and footer texts as (name, value) in the order shown."""

    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AlertText:
    """A message as the parser sees it. `sent_at` is timezone-aware and stands for "today"."""

    text: str
    embeds: tuple[Embed, ...]
    reply_text: str | None
    sent_at: datetime
    channel: str
    author: str

    @property
    def raw(self) -> str:
        """The text that evidence spans point into: the message, then each embed line as `name: value`."""
        if not self.embeds:
            return self.text
        lines = [self.text] if self.text else []
        for embed in self.embeds:
            lines.extend(f"{name}: {value}" if name else value for name, value in embed.fields)
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the parser made of a message.

    `actions` may be acted upon. When `held`, `actions` is empty and the reading stands under `candidate` for a
    person to confirm. Neither actions nor held: not an alert. `rules` names the grammar rules that fired;
    `confidence` is 0 to 1 and only orders readings on screen, it opens no gate.
    """

    actions: tuple[AlertAction, ...]
    candidate: tuple[AlertAction, ...]
    held: bool
    reasons: tuple[Reason, ...]
    confidence: Decimal
    profile: str
    rules: tuple[str, ...]

    @property
    def is_alert(self) -> bool:
        """Whether there is something to act upon or to look at."""
        return bool(self.actions) or self.held
