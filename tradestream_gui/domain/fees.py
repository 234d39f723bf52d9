"""What an order costs: dated fees per contract and side, by schedule, each row with its source."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.money import ZERO

SIMULATOR_SCHEDULE = "simulator"

MICRO_FUTURE = "micro_future"
"""Key of a row for every futures contract smaller than its family's full contract."""


@dataclass(frozen=True, slots=True)
class FeeTier:
    """A lower fee per contract for premiums below a price."""

    below_price: Decimal
    per_side: Decimal


@dataclass(frozen=True, slots=True)
class FeeRow:
    """US dollars per contract or share and side from a date on.

    `applies_to` holds futures roots, or an asset class (`future`, `option`, `stock`), or `micro_future`.
    """

    schedule: str
    applies_to: tuple[str, ...]
    per_side: Decimal
    valid_from: date
    source: str
    order_minimum: Decimal = ZERO
    tiers: tuple[FeeTier, ...] = ()

    def per_side_at(self, price: Decimal | None) -> Decimal:
        """The fee at a price: the lowest tier whose bound lies above it, else the plain one."""
        if price is not None:
            for tier in self.tiers:
                if price < tier.below_price:
                    return tier.per_side
        return self.per_side


@dataclass(frozen=True, slots=True)
class FeeTable:
    rows: tuple[FeeRow, ...]
    _by_key: dict[tuple[str, str], list[FeeRow]] = field(init=False, repr=False, compare=False)
    """By schedule and one of `applies_to`, the newest first: every order asks for its fee."""

    def __post_init__(self) -> None:
        by_key: dict[tuple[str, str], list[FeeRow]] = {}
        for row in sorted(self.rows, key=lambda row: row.valid_from, reverse=True):
            for key in row.applies_to:
                by_key.setdefault((row.schedule, key), []).append(row)
        object.__setattr__(self, "_by_key", by_key)

    @property
    def schedules(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.schedule for row in self.rows))

    def reaching_back_to(self, day: date) -> "FeeTable":
        """The table for history older than itself: the first row of each name holds from `day` on."""
        oldest: dict[tuple[str, tuple[str, ...]], date] = {}
        for row in self.rows:
            name = (row.schedule, row.applies_to)
            oldest[name] = min(row.valid_from, oldest.get(name, row.valid_from))
        return FeeTable(
            tuple(
                replace(row, valid_from=min(row.valid_from, day))
                if row.valid_from == oldest[row.schedule, row.applies_to]
                else row
                for row in self.rows
            )
        )

    def row(self, instrument: Instrument, schedule: str, on: date) -> FeeRow | None:
        """The newest row in force: the root's own before the micro row before the asset class's."""
        for key in _keys(instrument):
            for row in self._by_key.get((schedule, key), ()):
                if row.valid_from <= on:
                    return row
        return None

    def fee_per_side(
        self, instrument: Instrument, schedule: str, on: date, price: Decimal | None = None
    ) -> Decimal | None:
        """US dollars for one contract or share bought or sold; None where the schedule has no row."""
        row = self.row(instrument, schedule, on)
        return None if row is None else row.per_side_at(price)

    def round_turn(self, instrument: Instrument, schedule: str, on: date) -> Decimal | None:
        """US dollars for one contract in and out, without order minimums."""
        per_side = self.fee_per_side(instrument, schedule, on)
        return None if per_side is None else 2 * per_side

    def order_fee(
        self, instrument: Instrument, schedule: str, on: date, *, qty: int, price: Decimal | None = None
    ) -> Decimal | None:
        """US dollars for one filled order, its minimum included; None where the schedule has no row."""
        row = self.row(instrument, schedule, on)
        return None if row is None else max(row.per_side_at(price) * qty, row.order_minimum)

    def fill_fee(
        self,
        instrument: Instrument,
        schedule: str,
        on: date,
        *,
        qty_before: int,
        qty: int,
        price: Decimal | None = None,
    ) -> Decimal | None:
        """What one more fill adds to the order's fee, so that partial fills sum to the fee of the whole order."""
        whole = self.order_fee(instrument, schedule, on, qty=qty_before + qty, price=price)
        if whole is None or qty_before == 0:
            return whole
        before = self.order_fee(instrument, schedule, on, qty=qty_before, price=price)
        return None if before is None else whole - before


def _keys(instrument: Instrument) -> tuple[str, ...]:
    if instrument.asset_class is AssetClass.FUTURE and instrument.mini_equivalents < 1:
        return (instrument.root, MICRO_FUTURE, instrument.asset_class.value)
    return (instrument.root, instrument.asset_class.value)
