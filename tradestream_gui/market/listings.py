"""What each broker lists, asked for once and kept: options on an underlying, and the months of a futures root."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import BrokerLinkChanged
from tradestream_gui.domain.futures import ContractMonth, build_future, front_month
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.market.asking import Answer, Asking
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.listings import Listings, OptionSeries

KEPT = timedelta(hours=4)
"""New strikes are listed in the course of a day; expiries that are over are left out by whoever shows them."""
MOST = 100
"""Roots that are remembered of all brokers together."""
Key = tuple[str, str]
"""Broker and root."""

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


class ListingBook:
    """Reading asks: whoever looks gets what is known at once, and hears of the answer as `ListingsChanged`."""

    def __init__(
        self, *, bus: EventBus, clock: Clock, tasks: Tasks, reference: ReferenceData, venues: Mapping[str, Listings]
    ) -> None:
        """`venues` are the brokers that can be asked, by the name that their accounts bear."""
        self._bus = bus
        self._clock = clock
        self._reference = reference
        self._venues = venues
        self._options: Asking[Key, tuple[OptionSeries, ...]] = Asking(
            clock=clock, tasks=tasks, keep=KEPT, most=MOST, tell=self._tell, name="options of"
        )
        self._months: Asking[Key, tuple[ContractMonth, ...]] = Asking(
            clock=clock, tasks=tasks, keep=KEPT, most=MOST, tell=self._tell, name="months of"
        )
        bus.subscribe(BrokerLinkChanged, self._on_link)

    def options(self, broker: str, underlying: str) -> Listing[OptionSeries]:
        venue, row = self._venues.get(broker), self._reference.listings.get(underlying)
        if venue is None:
            return Listing()
        is_index = row is not None and row.is_index
        key = (broker, underlying)
        return _listing(broker, self._options.look(key, lambda: venue.option_series(underlying, is_index=is_index)))

    def months(self, broker: str, root: str) -> Listing[ContractMonth]:
        venue, known = self._venues.get(broker), self._reference.roots.get(root)
        if venue is None or known is None:
            return Listing()
        return _listing(broker, self._months.look((broker, root), lambda: venue.future_months(root, known.exchange)))

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
        for key in [key for key in self._options.unanswered() if key[0] == fact.broker]:
            self._options.need_not_wait(key)
            self._tell(key)
        for key in [key for key in self._months.unanswered() if key[0] == fact.broker]:
            self._months.need_not_wait(key)
            self._tell(key)

    def _tell(self, key: Key) -> None:
        self._bus.publish(ListingsChanged(*key))


def _listing(broker: str, answer: Answer[tuple[T, ...]]) -> Listing[T]:
    return Listing(broker, answer.value or (), answer.at, answer.is_asking, answer.problem)
