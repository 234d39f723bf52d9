"""What an outage drill has measured, and what follows from it: facts first, the verdict computed from them alone."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.ids import AccountId, ExecId, InstrumentId, LotId, OrderId
from tradestream_gui.domain.orders import Side

UNPROTECTED_LIMIT_MS = 5_000
"""A position has its stop at the broker within so long, also in an outage."""
TELLING_MS = 4_000
"""In a shorter outage prices are not stale yet, so that entries need not be refused."""


class DrillKind(Enum):
    FEED = "prices go silent"
    LINK = "broker link breaks"
    PROCESS = "program is killed"


class Verdict(Enum):
    PASSED = "passed"
    FAILED = "failed"
    LITTLE = "proves little"


@dataclass(frozen=True, slots=True)
class HeldLot:
    """A lot by our own books; `stop_price` None: deliberately without a stop."""

    lot_id: LotId
    instrument_id: InstrumentId
    label: str
    signed_qty: int
    stop_price: Decimal | None


@dataclass(frozen=True, slots=True)
class StopSeen:
    """The stop of a lot in the broker's own list: of `looks` looks it was there in its full size in `covered`."""

    lot_id: LotId
    instrument_id: InstrumentId
    label: str
    order_id: OrderId
    order_qty: int
    stop_price: Decimal | None
    looks: int
    covered: int


@dataclass(frozen=True, slots=True)
class DrillFill:
    """An execution at the broker during the drill; `booked_at` None: it is not in our books."""

    exec_id: ExecId
    instrument_id: InstrumentId
    side: Side
    last_qty: int
    last_px: Decimal
    at: datetime
    booked_at: datetime | None
    times_booked: int


@dataclass(frozen=True, slots=True)
class PendingDrill:
    """What was noted just before the program was killed. `killed_at` is this machine's time, `started_at` the
    market's, which differ in the demo."""

    account_id: AccountId
    account_name: str
    started_at: datetime
    killed_at: datetime
    before: tuple[HeldLot, ...]
    stops: tuple[StopSeen, ...]
    entries: tuple[tuple[str, int], ...]
    """How many entries each alert had, by alert, contract and side."""


@dataclass(frozen=True, slots=True)
class DrillReport:
    """One drill that has ended. Milliseconds throughout; None: nobody measured it."""

    kind: DrillKind
    account_id: AccountId
    account_name: str
    started_at: datetime
    lasted_ms: int
    recovered_ms: int | None
    """From the end of the outage until all was in order again; None: it was not within the time allowed."""
    before: tuple[HeldLot, ...]
    after: tuple[HeldLot, ...]
    stops: tuple[StopSeen, ...]
    looks: int
    fills: tuple[DrillFill, ...]
    unprotected_ms: int | None
    blocked_ms: int | None
    blocked_code: str
    blocked_words: str
    orders_seen: int
    doubled_orders: int
    """Orders of ours that stand or filled at the broker under more than one number."""
    doubled_entries: int
    """Alerts that got one more entry than they had."""
    differences: tuple[str, ...] = ()
    """Where our books and the broker's do not agree in the end, and what the account is then."""

    @property
    def problems(self) -> tuple[str, ...]:
        """What should not be, in words; empty when all is as it should be."""
        return (*self._lost_or_doubled(), *self._unprotected(), *self._not_blocked(), *self.differences)

    @property
    def verdict(self) -> Verdict:
        if self.problems:
            return Verdict.FAILED
        return Verdict.PASSED if any(lot.stop_price is not None for lot in self.before) else Verdict.LITTLE

    def _lost_or_doubled(self) -> tuple[str, ...]:
        found = []
        if self.doubled_orders:
            found.append(f"{self.doubled_orders} orders stand at the broker more than once")
        if self.doubled_entries:
            found.append(f"{self.doubled_entries} alerts got a second entry")
        for fill in self.fills:
            if fill.times_booked != 1:
                what = f"{fill.side.value} {fill.last_qty} {named(fill.instrument_id)} at {fill.last_px}"
                found.append(f"the fill {what} was booked {fill.times_booked} times")
        return tuple(found)

    def _unprotected(self) -> tuple[str, ...]:
        if self.unprotected_ms is not None:
            too_long = self.unprotected_ms > UNPROTECTED_LIMIT_MS
            return (f"{self.unprotected_ms / 1000:.1f} s without a stop of full size",) if too_long else ()
        missing = [stop for stop in self.stops if stop.covered < stop.looks]
        return tuple(
            f"the stop of {stop.label} in {named(stop.instrument_id)} was not always there" for stop in missing
        )

    def _not_blocked(self) -> tuple[str, ...]:
        found = []
        if self.recovered_ms is None:
            found.append("it did not come back in order in the time allowed")
        if self.blocked_ms == 0 and self.lasted_ms >= TELLING_MS:
            found.append("entries were not refused meanwhile")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class KeptDrills:
    """The last report of each kind, and the drill that waits for the program's return."""

    reports: tuple[DrillReport, ...] = ()
    pending: PendingDrill | None = None
