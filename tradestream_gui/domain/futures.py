"""Futures roots and their contracts: codes, last trading days, and which month leads."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Protocol

from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, TickBand

MONTH_LETTERS = "FGHJKMNQUVXZ"
"""January to December."""

_MONDAY, _WEDNESDAY, _FRIDAY = 0, 2, 4
_MONTHS_SEARCHED = 30
"""A year and a half beyond the last listed month of any root here: the search for the lead month always ends."""


class BusinessDays(Protocol):
    def is_trading_day(self, day: date) -> bool: ...


class ExpiryRule(Enum):
    """How the exchange fixes a contract's last trading day."""

    EQUITY_INDEX = "equity_index"
    CURRENCY = "currency"
    CANADIAN_DOLLAR = "canadian_dollar"
    CRUDE_OIL = "crude_oil"
    MICRO_CRUDE_OIL = "micro_crude_oil"
    NATURAL_GAS = "natural_gas"
    MICRO_NATURAL_GAS = "micro_natural_gas"
    METAL = "metal"
    MICRO_COPPER = "micro_copper"
    LONG_TREASURY = "long_treasury"
    SHORT_TREASURY = "short_treasury"
    GRAIN = "grain"
    CRYPTO = "crypto"


LAST_TRADE_TIME: dict[ExpiryRule, time] = {
    ExpiryRule.EQUITY_INDEX: time(8, 30),
    ExpiryRule.CURRENCY: time(9, 16),
    ExpiryRule.CANADIAN_DOLLAR: time(9, 16),
    ExpiryRule.CRUDE_OIL: time(13, 30),
    ExpiryRule.MICRO_CRUDE_OIL: time(13, 30),
    ExpiryRule.NATURAL_GAS: time(13, 30),
    ExpiryRule.MICRO_NATURAL_GAS: time(13, 30),
    ExpiryRule.METAL: time(12, 0),
    ExpiryRule.MICRO_COPPER: time(12, 0),
    ExpiryRule.LONG_TREASURY: time(12, 1),
    ExpiryRule.SHORT_TREASURY: time(12, 1),
    ExpiryRule.GRAIN: time(12, 0),
    ExpiryRule.CRYPTO: time(10, 0),
}
"""Chicago time at which trading ends on the last day; the earliest where products under one rule differ."""


@dataclass(frozen=True, slots=True)
class FuturesRoot:
    """One futures product. `months` are its listed month letters, of which `thin_months` never lead by volume.

    `point_value` is US dollars per 1.0 of quoted price; `family` joins products on one market (ES and MES) and
    `mini_equivalents` is one contract's size in the family's full contract. `session_group` names its hours.
    """

    root: str
    exchange: str
    tick: Decimal
    point_value: Decimal
    family: str
    mini_equivalents: Decimal
    months: str
    projectx_root: str
    expiry_rule: ExpiryRule
    session_group: str
    quoted_in_32nds: bool
    cash_settled: bool
    description: str
    thin_months: str = ""

    @property
    def tick_value(self) -> Decimal:
        return self.tick * self.point_value


@dataclass(frozen=True, slots=True, order=True)
class ContractMonth:
    year: int
    month: int

    @property
    def letter(self) -> str:
        return MONTH_LETTERS[self.month - 1]


def contract_code(root: str, contract: ContractMonth) -> str:
    """`ESZ6`: root, month letter, last digit of the year."""
    return f"{root}{contract.letter}{contract.year % 10}"


def long_code(root: str, contract: ContractMonth) -> str:
    """`ESZ26`, as Schwab and ProjectX write the year."""
    return f"{root}{contract.letter}{contract.year % 100:02d}"


def projectx_contract_id(root: FuturesRoot, contract: ContractMonth) -> str:
    """`CON.F.US.EP.Z26`, ProjectX's id of the contract."""
    return f"CON.F.US.{root.projectx_root}.{contract.letter}{contract.year % 100:02d}"


def contract_month(letter: str, year_digits: str, on: date) -> ContractMonth:
    """The month that a code names; a single year digit is its next occurrence, this year to nine years on."""
    month = MONTH_LETTERS.index(letter) + 1
    if len(year_digits) == 1:
        years_on = (int(year_digits) - on.year) % 10
        return ContractMonth(on.year + years_on, month)
    if len(year_digits) == 2:
        return ContractMonth(2000 + int(year_digits), month)
    return ContractMonth(int(year_digits), month)


def last_trading_day(root: FuturesRoot, contract: ContractMonth, days: BusinessDays) -> date:
    """The exchange's last trading day, by the product's rule; weekday arithmetic where the calendar ends."""
    first = date(contract.year, contract.month, 1)
    match root.expiry_rule:
        case ExpiryRule.EQUITY_INDEX:
            return _on_or_before(_nth_weekday(first, _FRIDAY, 3), days)
        case ExpiryRule.CURRENCY:
            return business_days_before(_nth_weekday(first, _WEDNESDAY, 3), 2, days)
        case ExpiryRule.CANADIAN_DOLLAR:
            return business_days_before(_nth_weekday(first, _WEDNESDAY, 3), 1, days)
        case ExpiryRule.CRUDE_OIL:
            return _crude_last_day(first, days)
        case ExpiryRule.MICRO_CRUDE_OIL:
            return business_days_before(_crude_last_day(first, days), 1, days)
        case ExpiryRule.NATURAL_GAS:
            return business_days_before(first, 3, days)
        case ExpiryRule.MICRO_NATURAL_GAS:
            return business_days_before(first, 4, days)
        case ExpiryRule.METAL:
            return business_days_before(_next_month(first), 3, days)
        case ExpiryRule.MICRO_COPPER:
            return business_days_before(first, 3, days)
        case ExpiryRule.LONG_TREASURY:
            return business_days_before(business_days_before(_next_month(first), 1, days), 7, days)
        case ExpiryRule.SHORT_TREASURY:
            return business_days_before(_next_month(first), 1, days)
        case ExpiryRule.GRAIN:
            return business_days_before(first.replace(day=15), 1, days)
        case ExpiryRule.CRYPTO:  # pragma: no branch  # the last of its kind: mypy holds the match complete
            return _on_or_before(_last_weekday(first, _FRIDAY), days)


def roll_date(root: FuturesRoot, contract: ContractMonth, days: BusinessDays) -> date:
    """The first day on which the next month leads.

    Equity index: the Monday before the third Friday (CME since June 2022). Deliverable metals, Treasuries and
    grains are left two business days before first notice, the last business day of the month before. The others
    have no published roll: currencies are left five business days before their last day, energy three, crypto and
    micro copper two.
    """
    first = date(contract.year, contract.month, 1)
    match root.expiry_rule:
        case ExpiryRule.EQUITY_INDEX:
            return _nth_weekday(first, _FRIDAY, 3) - timedelta(days=_FRIDAY - _MONDAY)
        case ExpiryRule.METAL | ExpiryRule.LONG_TREASURY | ExpiryRule.SHORT_TREASURY | ExpiryRule.GRAIN:
            first_notice = business_days_before(first, 1, days)
            return business_days_before(first_notice, 2, days)
        case ExpiryRule.CURRENCY | ExpiryRule.CANADIAN_DOLLAR:
            return business_days_before(last_trading_day(root, contract, days), 5, days)
        case ExpiryRule.CRYPTO | ExpiryRule.MICRO_COPPER:
            return business_days_before(last_trading_day(root, contract, days), 2, days)
        case _:
            return business_days_before(last_trading_day(root, contract, days), 3, days)


def listed_months(root: FuturesRoot, from_day: date) -> Iterator[ContractMonth]:
    """The root's months from this calendar month on, thin ones left out."""
    year, month = from_day.year, from_day.month
    for _ in range(_MONTHS_SEARCHED):
        letter = MONTH_LETTERS[month - 1]
        if letter in root.months and letter not in root.thin_months:
            yield ContractMonth(year, month)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def front_month(root: FuturesRoot, on: date, days: BusinessDays, position: int = 1) -> ContractMonth:
    """The lead month on a trade date: the first whose roll has not come. `position` 2 is the month after it."""
    leading = (month for month in listed_months(root, on) if on < roll_date(root, month, days))
    for _ in range(position - 1):
        next(leading)
    return next(leading)


def build_future(root: FuturesRoot, contract: ContractMonth, days: BusinessDays) -> Instrument:
    """The instrument of one contract month, whose expiry is its last trading day."""
    return Instrument(
        instrument_id=InstrumentId(contract_code(root.root, contract)),
        asset_class=AssetClass.FUTURE,
        root=root.root,
        exchange=root.exchange,
        ticks=(TickBand(Decimal(0), root.tick),),
        point_value=root.point_value,
        family=root.family,
        mini_equivalents=root.mini_equivalents,
        expiry=last_trading_day(root, contract, days),
        cash_settled=root.cash_settled,
        quoted_in_32nds=root.quoted_in_32nds,
        description=f"{root.description} {date(contract.year, contract.month, 1):%b %Y}",
    )


def business_days_before(day: date, count: int, days: BusinessDays) -> date:
    """The `count`-th business day before `day`, which itself is not counted."""
    while count > 0:
        day -= timedelta(days=1)
        if days.is_trading_day(day):
            count -= 1
    return day


def _on_or_before(day: date, days: BusinessDays) -> date:
    return day if days.is_trading_day(day) else business_days_before(day, 1, days)


def _crude_last_day(first: date, days: BusinessDays) -> date:
    """Three business days before the 25th of the month before; four when the 25th is no business day."""
    twenty_fifth = (first - timedelta(days=1)).replace(day=25)
    return business_days_before(twenty_fifth, 3 if days.is_trading_day(twenty_fifth) else 4, days)


def _nth_weekday(first: date, weekday: int, nth: int) -> date:
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _last_weekday(first: date, weekday: int) -> date:
    last = _next_month(first) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)


def _next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
