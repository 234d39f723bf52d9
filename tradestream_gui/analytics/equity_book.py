"""The steps of realised profit and the samples of open profit that equity curves are drawn from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tradestream_gui.analytics.equity import EquityPoint
from tradestream_gui.analytics.filters import Filter
from tradestream_gui.analytics.trades import Booking
from tradestream_gui.domain.ids import AccountId, LotId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import Origin
from tradestream_gui.domain.positions import Lot

MAX_SAMPLES = 4_000
"""A day at one sample in 20 seconds; beyond it every second old sample is dropped."""


@dataclass(frozen=True, slots=True)
class Step:
    """Net profit that one fill realised on a trade date."""

    at: datetime
    day: date
    net: Decimal
    account_id: AccountId
    root: str
    asset_class: AssetClass
    origin: Origin


@dataclass(frozen=True, slots=True)
class OpenMark:
    """What one open lot stood at, gross of fees already counted in the steps."""

    lot_id: LotId
    account_id: AccountId
    root: str
    asset_class: AssetClass
    origin: Origin
    pnl: Decimal


@dataclass(frozen=True, slots=True)
class MarkSample:
    at: datetime
    day: date
    marks: tuple[OpenMark, ...]
    at_fill: bool = False
    """Taken with a fill: without it the curve would dip by what stays open."""


class EquityBook:
    """The only writer of steps and samples; curves are made from them on request."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._samples: list[MarkSample] = []
        self._start: dict[AccountId, Decimal] = {}

    def set_start(self, account_id: AccountId, equity: Decimal) -> None:
        """The balance that the account had before its first fill here; one that is not positive is no base."""
        self._start[account_id] = equity

    def on_booking(self, booking: Booking, instrument: Instrument, day: date) -> None:
        fill = booking.fill
        self._steps.append(
            Step(fill.at, day, booking.net, fill.account_id, instrument.root, instrument.asset_class, booking.origin)
        )

    def sample(
        self,
        at: datetime,
        day: date,
        lots: Iterable[tuple[Lot, Instrument]],
        mark: Callable[[Lot], Decimal | None],
        *,
        at_fill: bool = False,
    ) -> bool:
        """Keeps the open profit of all lots; keeps nothing and answers False when one has no price."""
        marks = []
        for lot, instrument in lots:
            pnl = mark(lot)
            if pnl is None:
                return False
            marks.append(OpenMark(lot.lot_id, lot.account_id, instrument.root, instrument.asset_class, lot.origin, pnl))
        if len(self._samples) >= MAX_SAMPLES:
            self._samples = [s for index, s in enumerate(self._samples) if s.at_fill or index % 2 == 0]
        self._samples.append(MarkSample(at, day, tuple(marks), at_fill))
        return True

    def start_equity(self, chosen: Filter) -> Decimal | None:
        """Balance at the period's start of the accounts that traded; None when one of them is not known."""
        traded = {step.account_id for step in self._steps} or set(self._start)
        known = [self._start.get(account) for account in ({chosen.account} if chosen.account else traded)]
        if not known or not all(start is not None and start > 0 for start in known):
            return None
        first = chosen.period.first
        before = sum((step.net for step in self._chosen(chosen) if first is not None and step.day < first), ZERO)
        return sum((start for start in known if start is not None), ZERO) + before

    def net_by_day(self, chosen: Filter) -> dict[date, Decimal]:
        days: dict[date, Decimal] = {}
        for step in self._chosen(chosen):
            if chosen.period.covers(step.day):
                days[step.day] = days.get(step.day, ZERO) + step.net
        return days

    def net_by_analyst(self, day: date, account_id: AccountId | None = None) -> dict[str, Decimal]:
        nets: dict[str, Decimal] = {}
        for step in self._steps:
            if step.day == day and account_id in (None, step.account_id):
                nets[step.origin.label] = nets.get(step.origin.label, ZERO) + step.net
        return nets

    def points(self, chosen: Filter, start: Decimal) -> list[EquityPoint]:
        """The curve from `start`: one point per fill and per sample, in the order of time."""
        nets: dict[datetime, Decimal] = {}
        for step in self._chosen(chosen):
            if chosen.period.covers(step.day):
                nets[step.at] = nets.get(step.at, ZERO) + step.net
        marks = {s.at: _open_pnl(s, chosen) for s in self._samples if chosen.period.covers(s.day)}
        points: list[EquityPoint] = []
        realised = start
        for at in sorted({*nets, *marks}):
            if not points:
                points.append(EquityPoint(at, start))
            realised += nets.get(at, ZERO)
            open_pnl = marks.get(at, ZERO)
            points.append(EquityPoint(at, realised + open_pnl, open_pnl))
        return points

    def _chosen(self, chosen: Filter) -> Iterable[Step]:
        return (
            step
            for step in self._steps
            if chosen.admits_origin(step.origin, step.account_id, step.root, step.asset_class)
        )


def _open_pnl(sample: MarkSample, chosen: Filter) -> Decimal:
    return sum(
        (
            mark.pnl
            for mark in sample.marks
            if chosen.admits_origin(mark.origin, mark.account_id, mark.root, mark.asset_class)
        ),
        ZERO,
    )
