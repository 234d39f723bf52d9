"""What each broker lists, asked for once and kept: options on an underlying, and the months of a futures root."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.domain.events import BrokerLinkChanged
from tradestream_gui.domain.futures import ContractMonth, build_future, front_month
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.listings import Listings, OptionSeries

KEPT = timedelta(hours=4)
"""New strikes are listed in the course of a day; expiries that are over are left out by whoever shows them."""
RETRY = timedelta(seconds=30)
MOST = 100
"""Roots that are remembered of all brokers together; the oldest goes, and is asked for when it is wanted again."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ListingsChanged:
    """The broker has answered, or has not, about this root."""

    broker: str
    root: str


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """What one broker has said of a root. `at` is None before its first answer, `problem` says why the last question
    got none. An empty `broker`: nobody can be asked, usual steps are all there is."""

    broker: str = ""
    rows: tuple[T, ...] = ()
    at: datetime | None = None
    is_asking: bool = False
    problem: str = ""

    @property
    def is_known(self) -> bool:
        return self.at is not None


@dataclass(slots=True)
class _Kept(Generic[T]):
    listing: Listing[T]
    asked_at: datetime


class ListingBook:
    """Reading asks: whoever looks gets what is known at once, and hears of the answer as `ListingsChanged`. An answer
    is asked for anew when it is old, a failure after a while. Only the loop writes here."""

    def __init__(
        self, *, bus: EventBus, clock: Clock, tasks: Tasks, reference: ReferenceData, venues: Mapping[str, Listings]
    ) -> None:
        """`venues` are the brokers that can be asked, by the name that their accounts bear."""
        self._bus = bus
        self._clock = clock
        self._tasks = tasks
        self._reference = reference
        self._venues = venues
        self._options: dict[tuple[str, str], _Kept[OptionSeries]] = {}
        self._months: dict[tuple[str, str], _Kept[ContractMonth]] = {}
        bus.subscribe(BrokerLinkChanged, self._on_link)

    def options(self, broker: str, underlying: str) -> Listing[OptionSeries]:
        venue, row = self._venues.get(broker), self._reference.listings.get(underlying)
        if venue is None:
            return Listing()
        is_index = row is not None and row.is_index
        return self._look(
            self._options, (broker, underlying), lambda: venue.option_series(underlying, is_index=is_index)
        )

    def months(self, broker: str, root: str) -> Listing[ContractMonth]:
        venue, known = self._venues.get(broker), self._reference.roots.get(root)
        if venue is None or known is None:
            return Listing()
        return self._look(self._months, (broker, root), lambda: venue.future_months(root, known.exchange))

    def contracts(self, broker: str, root: str, count: int) -> tuple[Instrument, ...]:
        """The months of a known root from the one that leads now, as far as the broker lists them; those of the table
        of roots where it has not said. The table tells when a month is left, which no broker does."""
        known, calendar = self._reference.roots[root], self._reference.calendar
        on = calendar.trade_date(root, self._clock.now())
        lead = front_month(known, on, calendar)
        listed = [
            month
            for month in self.months(broker, root).rows
            if month >= lead and month.letter in known.months and month.letter not in known.thin_months
        ]
        months = listed[:count] or [front_month(known, on, calendar, place) for place in range(1, count + 1)]
        return tuple(build_future(known, month, calendar) for month in months)

    def _on_link(self, fact: BrokerLinkChanged) -> None:
        """Whoever waits for an answer need not wait longer than for the log-in."""
        if fact.state != LinkState.UP.value:
            return
        unanswered: list[tuple[tuple[str, str], _Kept[OptionSeries] | _Kept[ContractMonth]]] = [
            (key, found)
            for kept in (self._options, self._months)
            for key, found in kept.items()
            if key[0] == fact.broker and found.listing.problem
        ]
        for key, found in unanswered:
            found.asked_at = self._clock.now() - RETRY
            self._bus.publish(ListingsChanged(*key))

    def _look(
        self, kept: dict[tuple[str, str], _Kept[T]], key: tuple[str, str], ask: Callable[[], Awaitable[tuple[T, ...]]]
    ) -> Listing[T]:
        found, now = kept.get(key), self._clock.now()
        if found is None:
            found = kept[key] = _Kept(Listing(key[0]), now - RETRY)
            if len(kept) > MOST:
                del kept[next(iter(kept))]
        listing = found.listing
        is_old = listing.at is None or now - listing.at >= KEPT
        if not listing.is_asking and is_old and now - found.asked_at >= RETRY:
            found.asked_at, found.listing = now, replace(listing, is_asking=True)
            self._tasks.spawn(self._ask(found, key, ask), f"what {key[0]} lists of {key[1]}")
        return found.listing

    async def _ask(
        self, kept: _Kept[T], key: tuple[str, str], ask: Callable[[], Awaitable[tuple[T, ...]]]
    ) -> None:
        try:
            rows = await ask()
        except (BrokerRejected, BrokerUnreachable) as error:
            kept.listing = replace(kept.listing, is_asking=False, problem=str(error))
        else:
            kept.listing = Listing(key[0], rows, self._clock.now())
        self._bus.publish(ListingsChanged(*key))
