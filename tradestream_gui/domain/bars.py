"""Bars of a longer interval out of shorter ones."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from tradestream_gui.domain.quotes import Bar


def joined(bars: Sequence[Bar], start: datetime, seconds: int) -> Bar:
    """One bar that begins at `start` out of all of these, oldest first."""
    return replace(
        bars[0],
        start=start,
        seconds=seconds,
        high=max(bar.high for bar in bars),
        low=min(bar.low for bar in bars),
        close=bars[-1].close,
        volume=sum(bar.volume for bar in bars),
    )


def grouped(bars: Iterable[Bar], seconds: int) -> tuple[Bar, ...]:
    """Bars of `seconds` out of shorter ones, oldest first; intervals begin on whole multiples since midnight UTC."""

    def begins(bar: Bar) -> datetime:
        return datetime.fromtimestamp(bar.start.timestamp() // seconds * seconds, bar.start.tzinfo)

    return tuple(joined(tuple(own), start, seconds) for start, own in groupby(bars, begins))
