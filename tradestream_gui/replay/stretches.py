"""Which parts of a long history are played second by second, and which quiet parts between are crossed at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.domain.sessions import TradingCalendar

QUIET = timedelta(minutes=10)
"""Without a price or a message for this long there is nothing to see: entries have run out by then."""
BEFORE_BELL = timedelta(seconds=5)
AFTER_BELL = timedelta(seconds=15)
PHYSICAL_CLOSE = timedelta(minutes=15)
"""Before the stock market's close: options that settle physically leave here on their last day."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the history in which time runs through every second. After `newest`, its last moment, nothing more
    comes; up to `end` an entry may still be working."""

    start: datetime
    newest: datetime
    end: datetime


def busy_stretches(times: Iterable[datetime], quiet: timedelta = QUIET) -> Iterator[Stretch]:
    """The stretches around moments given in order; each ends `quiet` after its last moment."""
    start = newest = None
    for at in times:
        if start is None or newest is None:
            start = at
        elif at - newest > quiet:
            yield Stretch(start, newest, newest + quiet)
            start = at
        newest = at
    if start is not None and newest is not None:
        yield Stretch(start, newest, newest + quiet)


def bells(calendar: TradingCalendar, day: date) -> tuple[Stretch, ...]:
    """The moments of a day at which something ends for whoever still holds or works an order: each played from
    shortly before to shortly after. Empty on a day without a session."""
    ends = []
    stocks = calendar.session_on(AssetClass.STOCK, day)
    if stocks is not None:
        ends += [stocks.close - PHYSICAL_CLOSE, stocks.close]
    futures = calendar.session_on(AssetClass.FUTURE, day)
    if futures is not None:
        ends.append(futures.close)
    return tuple(Stretch(end - BEFORE_BELL, end, end + AFTER_BELL) for end in sorted(ends))
