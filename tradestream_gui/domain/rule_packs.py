"""A funded account's rules as dated data: what its firm allows, and what ends it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from tradestream_gui.domain.policies import SessionEndRule


class TrailMode(Enum):
    """What lifts the loss line: the profit at a day's end, or the highest open profit of any moment."""

    END_OF_DAY = "end of day"
    INTRADAY = "intraday"


class PackLossAction(Enum):
    """What reaching the daily loss does."""

    NOTHING = "nothing"
    LIQUIDATE = "liquidate"
    LIQUIDATE_AND_BLOCK = "liquidate and block"


@dataclass(frozen=True, slots=True)
class ScalingStep:
    """From this profit at the last day's end on, so many minis may be held."""

    profit_from: Decimal
    minis: Decimal


@dataclass(frozen=True, slots=True)
class RulePack:
    """The rules of one plan. Money is US dollars of profit since the account's start, fractions are of 1.

    The loss line stands `max_loss` below the highest profit and follows it up to `locks_at`, where it stays.
    None where the firm has no such rule.
    """

    pack_id: str
    firm: str
    name: str
    valid_from: date
    verified_on: date
    source: str
    max_loss: Decimal
    trail: TrailMode
    locks_at: Decimal
    daily_loss: Decimal | None
    daily_loss_action: PackLossAction
    max_minis: Decimal
    scaling: tuple[ScalingStep, ...]
    max_trades_per_day: int | None
    profit_target: Decimal | None
    consistency: Decimal | None
    """The best day may be at most this part of all profit."""
    winning_day: Decimal | None
    """Net profit from which a day counts as a winning one."""
    flat_by: SessionEndRule
    futures_only: bool


@dataclass(frozen=True, slots=True)
class NewsWindow:
    """No entries from `begins` to `ends` (UTC) because of a scheduled release."""

    title: str
    begins: datetime
    ends: datetime

    def covers(self, at: datetime) -> bool:
        return self.begins <= at < self.ends


@dataclass(frozen=True, slots=True)
class PackChoice:
    """The rules that an account goes by and how it uses them.

    `own_share` is the part of each loss limit at which we act ourselves, before the firm does. `paid_out` says that
    the first payout has been made: the loss line stands where it locks. None as `pack`: the name is not known.
    """

    name: str
    pack: RulePack | None
    own_share: Decimal
    paid_out: bool
    avoids_news: bool
    news: tuple[NewsWindow, ...]


