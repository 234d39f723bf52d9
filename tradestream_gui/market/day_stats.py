"""The session's open, high, low, volume and the close before it, as far as they were measured here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.quotes import TradePrint

OPEN_GRACE = timedelta(seconds=60)
"""Listening this soon after the session's start, the first print is taken for the open."""
CLOSE_GRACE = timedelta(minutes=90)
"""A last print this near the day's end is its close: the maintenance hour and a quiet half-hour before it."""

TradeDay = Callable[[InstrumentId, datetime], tuple[datetime, datetime]]
"""Start (included) and end (excluded) of the trading day of an instrument that a moment belongs to."""


@dataclass(frozen=True, slots=True)
class DayStats:
    """One instrument's trading day; None is not known. High, low and volume hold from `measured_since` on.

    `open` is known only if the listening began by the session's start; `volume` only if the prints state sizes.
    """

    session_start: datetime
    measured_since: datetime
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    last: Decimal | None
    previous_close: Decimal | None
    volume: int | None

    @property
    def change(self) -> Decimal | None:
        if self.last is None or self.previous_close is None:
            return None
        return self.last - self.previous_close


class DayMeter:
    """Measures one instrument's day from its prints; the only writer of its figures."""

    __slots__ = (
        "_day_end",
        "_day_start",
        "_first",
        "_high",
        "_last",
        "_last_at",
        "_low",
        "_previous_close",
        "_since",
        "_volume",
    )

    def __init__(self, day: tuple[datetime, datetime], since: datetime) -> None:
        self._day_start, self._day_end = day
        self._since = max(since, self._day_start)
        self._first: Decimal | None = None
        self._high: Decimal | None = None
        self._low: Decimal | None = None
        self._last: Decimal | None = None
        self._last_at = since
        self._volume = 0
        self._previous_close: Decimal | None = None

    def covers(self, at: datetime) -> bool:
        return at < self._day_end

    def roll(self, day: tuple[datetime, datetime]) -> None:
        """A new day begins; the last price is the close before it only if it was heard near the end of its day."""
        heard_close = self._last_at >= self._day_end - CLOSE_GRACE
        self._previous_close = self._last if heard_close else None
        self._day_start, self._day_end = day
        self._since = day[0]
        self._first = self._high = self._low = self._last = None
        self._volume = 0

    def resume(self, since: datetime) -> None:
        """Nobody listened before this moment of the same day: what was measured earlier misses a piece."""
        self._since = since
        self._first = self._high = self._low = None
        self._volume = 0

    def note_previous_close(self, price: Decimal) -> None:
        self._previous_close = price

    def add(self, trade: TradePrint) -> None:
        price = trade.price
        if self._high is None or price > self._high:
            self._high = price
        if self._low is None or price < self._low:
            self._low = price
        if self._first is None:
            self._first = price
        self._last = price
        self._last_at = trade.at
        self._volume += trade.size

    def stats(self) -> DayStats:
        heard_open = self._since <= self._day_start + OPEN_GRACE
        return DayStats(
            session_start=self._day_start,
            measured_since=self._since,
            open=self._first if heard_open else None,
            high=self._high,
            low=self._low,
            last=self._last,
            previous_close=self._previous_close,
            volume=self._volume or None,
        )
