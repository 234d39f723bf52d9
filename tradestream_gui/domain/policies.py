"""The rules a person sets: limits, routing, sizes, exits and execution, without a single default of their own.

Every value is filled from the settings; a policy that lacks one cannot be built. Money is US dollars, fractions
are of 1, durations are `timedelta`, quantities are whole contracts or shares.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Generic, TypeVar

from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.instruments import AssetClass

ValueT = TypeVar("ValueT")
ANY = "*"
"""In an allowlist: everything that the reference data knows, chosen deliberately."""


@dataclass(frozen=True, slots=True)
class PerAsset(Generic[ValueT]):
    """One value for each class of instrument."""

    future: ValueT
    option: ValueT
    stock: ValueT

    def of(self, asset_class: AssetClass) -> ValueT:
        if asset_class is AssetClass.FUTURE:
            return self.future
        return self.option if asset_class is AssetClass.OPTION else self.stock


@dataclass(frozen=True, slots=True)
class DriftRule:
    """How far the market may have run away from the alert's price, adverse side only.

    A future may drift the smaller of `future_stop_fraction` of the distance to the alert's own stop and
    `future_atr_fraction` of the root's daily average true range (the first alone where no range is known, the
    second alone where the alert has no stop). An option may drift the larger of `option_fraction` of the price and
    `option_floor` in price; a stock `stock_fraction`. The same allowance is added to the alert's price for the
    marketable limit.
    """

    future_stop_fraction: Decimal
    future_atr_fraction: Decimal
    option_fraction: Decimal
    option_floor: Decimal
    stock_fraction: Decimal


@dataclass(frozen=True, slots=True)
class StopDistanceRule:
    """The farthest that a protective stop may stand from the entry.

    Futures: `future_atr_multiple` of the root's daily average true range, or `future_price_fraction` of the price
    where no range is known. Options and stocks: a fraction of the premium or price.
    """

    required: bool
    future_atr_multiple: Decimal
    future_price_fraction: Decimal
    option_fraction: Decimal
    stock_fraction: Decimal


@dataclass(frozen=True, slots=True)
class RateRule:
    """How fast orders may come: all entries of an account per minute, and those of one instrument and side."""

    entries_per_minute: int
    same_side_entries: int
    same_side_window: timedelta


@dataclass(frozen=True, slots=True)
class BreakerRule:
    """What halts an account by itself: broker rejects, uncertain orders, and local denials within their windows."""

    rejects: int
    uncertain: int
    window: timedelta
    denials: int
    denials_window: timedelta


@dataclass(frozen=True, slots=True)
class ExposureRule:
    """The largest market value held, working entries included, US dollars: futures and stocks at their full value,
    options at their premium, puts as the short side. `single_name` and `sector` hold for stocks and options."""

    single_name: Decimal
    sector: Decimal
    gross: Decimal
    net: Decimal


class LossAction(Enum):
    """What reaching the daily loss limit does."""

    FLATTEN_AND_LOCK = "flatten and lock"
    BLOCK_ENTRIES = "block entries only"


@dataclass(frozen=True, slots=True)
class SessionEndRule:
    """The account's own end of day in `zone` (an IANA name): no entries from `entries_off`, closed at `flatten_at`,
    known to be flat by `verified_by`. On half-days the same spans before the early close."""

    zone: str
    entries_off: time
    flatten_at: time
    verified_by: time


@dataclass(frozen=True, slots=True)
class RiskLimits:
    """Every rail of one account. Entries are judged by all of them, reductions by none."""

    kind: AccountKind
    daily_loss_limit: Decimal
    """Realised and open loss with fees since 17:00 Chicago time."""
    daily_loss_action: LossAction
    max_drawdown_fraction: Decimal
    """Of the account's highest closing balance."""
    risk_per_trade: Decimal
    """Loss at the protective stop with fees, all contracts of one entry."""
    max_order_qty: PerAsset[int]
    max_notional: PerAsset[Decimal | None]
    """Of one entry; None where the risk at the stop is the measure (futures)."""
    max_position_qty: PerAsset[int]
    """In one instrument, working entries included."""
    max_minis: Decimal
    """Mini-equivalents of all futures together, working entries included."""
    max_open_positions: int
    """Instruments held or being entered at once."""
    max_open_risk: Decimal
    """Loss of all open lots and working entries together if every stop is hit."""
    max_heat_fraction: Decimal
    """The same as a part of the account's value."""
    exposure: ExposureRule
    max_entries_per_day: int
    rate: RateRule
    breaker: BreakerRule
    quote_max_age: PerAsset[timedelta]
    """Since the stream's last proof of life, not since the last change of price."""
    needs_realtime_quotes: bool
    max_clock_offset: timedelta
    drift: DriftRule
    stop_distance: StopDistanceRule
    max_spread_option_fraction: Decimal
    """Of the middle price."""
    max_spread_future_ticks: int
    no_entry_before_close: timedelta
    no_entry_before_expiry: timedelta
    session_end: SessionEndRule | None
    """None only where the account has no end of day of its own."""
    allowed_symbols: frozenset[str]
    """Roots and tickers that may be entered; holding ANY means all that are known."""

    def allows(self, root: str) -> bool:
        return ANY in self.allowed_symbols or root in self.allowed_symbols


@dataclass(frozen=True, slots=True)
class AnalystLimits:
    """What following one analyst may cost in one account in one day; kept apart from every other analyst's."""

    daily_loss_limit: Decimal
    risk_per_trade: Decimal | None
    """None: only the account's own holds."""
    max_open_trades: int
    max_entries_per_day: int
    loss_streak: int
    """This many losing trades in a row pause the analyst for `loss_pause`."""
    loss_pause: timedelta
    alert_max_age: timedelta


@dataclass(frozen=True, slots=True)
class ManualRules:
    """What holds for trades by hand, apart from those of the analysts."""

    daily_loss_limit: Decimal
    risk_per_trade: Decimal | None
    max_entries_per_day: int
    loss_streak: int
    loss_pause: timedelta
    max_price_distance: PerAsset[Decimal]
    """Fraction of the last price beyond which a limit is taken for a slip of the finger."""
    duplicate_window: timedelta
    """The same ticket again within this time asks first."""


@dataclass(frozen=True, slots=True)
class ExecutionPolicy:
    """How decided alerts become orders and how long each step may take."""

    entry_timeout: timedelta
    """An unfilled entry is cancelled after this."""
    approval_life: timedelta
    answer_timeout: timedelta
    """A sent order without answer is UNCERTAIN after this."""
    protection_timeout: timedelta
    """A filled entry has its stop at the broker within this, or it is flattened."""
    future_tolerance: timedelta
    """How far ahead of our clock an alert may be stamped."""
    duplicate_window: timedelta
    """The same signal is refused within this, and held for the rest of the trade date."""
    edit_may_trade_within: timedelta | None
    """An edit that turns chatter into an alert may trade this soon after posting; None: it is always a proposal."""
    option_quote_wait: timedelta
    physical_close_at: time
    """New York time at which physically settled options are closed on their expiry day."""
    hold_physical: bool


class Mode(Enum):
    """What a readable alert leads to."""

    WATCH = "WATCH"
    PAPER = "PAPER"
    ASK = "ASK"
    AUTO = "AUTO"


@dataclass(frozen=True, slots=True)
class SizeMap:
    """An analyst's size letters as units, and the units of an alert that names no size."""

    units_by_letter: Mapping[str, int]
    base_units: int

    def units(self, letter: str) -> int | None:
        """None for a letter that has no size here: the alert is held."""
        return self.units_by_letter.get(letter.upper()) if letter else self.base_units


class DistanceUnit(Enum):
    """What a target's or stop's distance from the entry is counted in."""

    POINTS = "points"
    PERCENT = "percent"
    R = "R"
    """Multiples of the distance to the first stop."""

    def in_price(self, value: Decimal, reference: Decimal, risk: Decimal | None) -> Decimal:
        """The distance in price, counted from `reference`; `risk` is what one R is worth."""
        if self is DistanceUnit.PERCENT:
            return reference * value / 100
        if self is DistanceUnit.R and risk is not None:
            return risk * value
        return value


@dataclass(frozen=True, slots=True)
class TemplateTarget:
    """Leave `share` of the quantity (rounded up in order) at `distance` in favour, from the alert's price."""

    distance: Decimal
    unit: DistanceUnit
    share: Decimal


@dataclass(frozen=True, slots=True)
class TemplateTrail:
    """Trail by `distance` once `activate_after` in profit, in steps of `step`; all in `unit`."""

    distance: Decimal
    activate_after: Decimal
    step: Decimal
    unit: DistanceUnit


class OneContract(Enum):
    """What the first target does with a position of a single contract."""

    CLOSE = "close"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class ExitTemplate:
    """The exit plan where the alert gives none; what the alert itself says wins, field by field."""

    name: str
    asset_class: AssetClass
    stop_distance: Decimal | None
    """Where the stop goes when the alert names none; None: such an alert is held."""
    stop_unit: DistanceUnit
    targets: tuple[TemplateTarget, ...]
    break_even_after: int | None
    """Targets done before the stop moves to our own fill; None: never."""
    break_even_offset: Decimal
    trail: TemplateTrail | None
    close_after: timedelta | None
    """Time stop since the fill."""
    one_contract: OneContract
    roots: frozenset[str]
    """The roots that its distances are meant for; empty: all. Seven points are a trade in ES and a year in copper."""
    elsewhere: "ExitTemplate | None"
    """The plan for other roots; None: this one after all."""

    def serving(self, root: str) -> "ExitTemplate":
        """The plan that holds for an instrument of this root."""
        return self if not self.roots or root in self.roots or self.elsewhere is None else self.elsewhere


@dataclass(frozen=True, slots=True)
class HandStart:
    """The exit plan and the stop distance, in the plan's unit, that an order by hand begins with."""

    plan: ExitTemplate
    stop_distance: Decimal | None


@dataclass(frozen=True, slots=True)
class AccountSetup:
    """An account as the user set it up; the kind never changes afterwards. Cash, slippage
    and fees serve the simulator."""

    account_id: AccountId
    name: str
    kind: AccountKind
    broker: str
    enabled: bool
    starting_cash: Decimal
    slippage_ticks: int
    fee_schedule: str
    rule_pack: str
    """Id of a funded account's rules; empty for none."""
    pack_share: Decimal
    pack_paid_out: bool
    avoid_news: bool
