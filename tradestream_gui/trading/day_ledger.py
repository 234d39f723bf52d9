"""What the account's day has brought so far: profit, entries and streaks, apart for each analyst and the hand."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import FillBooked, OrderChanged
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId, LotId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import ADOPTED, Fill, Order, OrderRole, OrdStatus, Origin, Side
from tradestream_gui.domain.positions import Lot, new_lot

InstrumentLookup = Callable[[InstrumentId], Instrument]
REMEMBERED_ENTRIES = 1_000
"""Entries kept for the rate rails; the daily counts do not depend on it."""


@dataclass(frozen=True, slots=True)
class _Entry:
    at: datetime
    account_id: AccountId
    instrument_id: InstrumentId
    side: Side


class DayLedger:
    """Counts for one account-day, which ends at 17:00 Chicago time; yesterday's figures are gone then.

    `day_of` maps a UTC moment to the account's day. An origin is an analyst's id, or `manual`.
    """

    def __init__(self, bus: EventBus, day_of: Callable[[datetime], date]) -> None:
        self._day_of = day_of
        self._day: date | None = None
        self._net_of_lot: dict[LotId, Decimal] = {}
        self._pnl: dict[tuple[AccountId, str], Decimal] = {}
        self._entries: dict[tuple[AccountId, str], int] = {}
        self._recent: deque[_Entry] = deque(maxlen=REMEMBERED_ENTRIES)
        self._seen_entries: set[ClOrdId] = set()
        self._streak: dict[tuple[AccountId, str], tuple[int, datetime]] = {}
        bus.subscribe(FillBooked, self._on_fill, owns_state=True)
        bus.subscribe(OrderChanged, self._on_order, owns_state=True)

    def restore(self, orders: Iterable[Order], booked: Iterable[FillBooked]) -> None:
        """Replays stored orders and fills, oldest first."""
        for order in orders:
            if order.ord_status not in (OrdStatus.DENIED, OrdStatus.ABANDONED):
                self._count_entry(order)
        for fact in booked:
            self._on_fill(fact)

    def realized(self, account_id: AccountId, at: datetime) -> Decimal:
        """Net of fees, US dollars, all origins."""
        self._roll(at)
        return sum((pnl for (owner, _), pnl in self._pnl.items() if owner == account_id), ZERO)

    def realized_of(self, account_id: AccountId, origin: Origin, at: datetime) -> Decimal:
        self._roll(at)
        return self._pnl.get((account_id, origin_key(origin)), ZERO)

    def entries(self, account_id: AccountId, at: datetime) -> int:
        self._roll(at)
        return sum(count for (owner, _), count in self._entries.items() if owner == account_id)

    def entries_of(self, account_id: AccountId, origin: Origin, at: datetime) -> int:
        self._roll(at)
        return self._entries.get((account_id, origin_key(origin)), 0)

    def entries_within(
        self,
        account_id: AccountId,
        window: timedelta,
        at: datetime,
        instrument_id: InstrumentId | None = None,
        side: Side | None = None,
    ) -> int:
        return sum(
            1
            for entry in self._recent
            if entry.account_id == account_id
            and at - entry.at < window
            and (instrument_id is None or entry.instrument_id == instrument_id)
            and (side is None or entry.side is side)
        )

    def losses_in_row(self, account_id: AccountId, origin: Origin) -> tuple[int, datetime | None]:
        """Losing trades since the last that was none, and when the last of them ended."""
        count, at = self._streak.get((account_id, origin_key(origin)), (0, None))
        return count, at

    def _on_fill(self, fact: FillBooked) -> None:
        lot = fact.lot
        self._roll(fact.fill.at)
        key = (lot.account_id, origin_key(lot.origin))
        gained = lot.net_pnl - self._net_of_lot.get(lot.lot_id, ZERO)
        self._net_of_lot[lot.lot_id] = lot.net_pnl
        if self._day_of(fact.fill.at) != self._day:
            return
        self._pnl[key] = self._pnl.get(key, ZERO) + gained
        if lot.is_flat:
            self._end_trade(key, lot, fact.fill.at)

    def _end_trade(self, key: tuple[AccountId, str], lot: Lot, at: datetime) -> None:
        losses = self._streak.get(key, (0, at))[0]
        self._streak[key] = (losses + 1, at) if lot.net_pnl < 0 else (0, at)

    def _on_order(self, fact: OrderChanged) -> None:
        if fact.order.ord_status is OrdStatus.PENDING_NEW:
            self._count_entry(fact.order)

    def _count_entry(self, order: Order) -> None:
        if order.role is not OrderRole.ENTRY or order.cl_ord_id in self._seen_entries:
            return
        self._roll(order.created_at)
        if self._day_of(order.created_at) != self._day:
            return
        self._seen_entries.add(order.cl_ord_id)
        key = (order.account_id, origin_key(order.origin))
        self._entries[key] = self._entries.get(key, 0) + 1
        self._recent.append(_Entry(order.created_at, order.account_id, order.instrument_id, order.side))

    def _roll(self, at: datetime) -> None:
        day = self._day_of(at)
        if self._day is None or day > self._day:
            self._day = day
            self._pnl.clear()
            self._entries.clear()
            self._streak.clear()
            self._seen_entries.clear()


def rebooked(orders: Iterable[Order], fills: Iterable[Fill], instrument_of: InstrumentLookup) -> Iterator[FillBooked]:
    """Stored fills, oldest first, each with its lot as it stood after it."""
    origins = {order.cl_ord_id: order.origin for order in orders}
    lots: dict[LotId, Lot] = {}
    for fill in fills:
        lot = lots.get(fill.lot_id) or new_lot(fill, origins.get(fill.cl_ord_id, ADOPTED))
        lots[fill.lot_id] = lot = lot.with_fill(fill, instrument_of(fill.instrument_id))
        yield FillBooked(fill, lot)


def origin_key(origin: Origin) -> str:
    return origin.analyst_id or origin.kind.value
