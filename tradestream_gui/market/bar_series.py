"""One instrument's closed bars of one length, in columns: a bar is made of them when somebody asks for it.

A price comes back exactly: the shortest decimal of a float is the price that it was made of, up to fifteen digits.
"""

from array import array
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.quotes import Bar, DataKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KINDS = tuple(DataKind)
_PLACE_OF = {kind: place for place, kind in enumerate(_KINDS)}


@dataclass(frozen=True, slots=True)
class BarColumns:
    """A chart's copy of a series: `start` in UTC seconds since 1970, the rest float64, all of one length."""

    start: "NDArray[np.int64]"
    open: "NDArray[np.float64]"
    high: "NDArray[np.float64]"
    low: "NDArray[np.float64]"
    close: "NDArray[np.float64]"
    volume: "NDArray[np.float64]"


class BarSeries:
    """Closed bars in order of start; the oldest leave an eighth beyond the capacity. Written by `BarBook` only.

    `total` counts every bar ever appended, so a chart can tell how many are new since it last looked; `last_start` is
    when the newest one starts, in UTC seconds since 1970, -1 without bars.
    """

    __slots__ = (
        "_capacity",
        "_close",
        "_high",
        "_kinds",
        "_low",
        "_open",
        "_start",
        "_volume",
        "instrument_id",
        "last_start",
        "seconds",
        "total",
    )

    def __init__(self, instrument_id: InstrumentId, seconds: int, capacity: int) -> None:
        self.instrument_id = instrument_id
        self.seconds = seconds
        self.total = 0
        self.last_start = -1
        self._capacity = capacity
        self._start = array("q")
        self._open = array("d")
        self._high = array("d")
        self._low = array("d")
        self._close = array("d")
        self._volume = array("q")
        self._kinds = bytearray()

    def __len__(self) -> int:
        return len(self._start)

    def __getitem__(self, index: int) -> Bar:
        return Bar(
            instrument_id=self.instrument_id,
            start=datetime.fromtimestamp(self._start[index], UTC),
            seconds=self.seconds,
            open=_price(self._open[index]),
            high=_price(self._high[index]),
            low=_price(self._low[index]),
            close=_price(self._close[index]),
            volume=self._volume[index],
            kind=_KINDS[self._kinds[index]],
        )

    def last(self, count: int) -> tuple[Bar, ...]:
        """The newest bars, at most `count`, oldest first."""
        return tuple(self[index] for index in range(max(0, len(self) - count), len(self)))

    def columns(self) -> BarColumns:
        """A copy for a chart; numpy is loaded here and not before."""
        import numpy as np

        return BarColumns(
            start=np.array(self._start, dtype=np.int64),
            open=np.array(self._open),
            high=np.array(self._high),
            low=np.array(self._low),
            close=np.array(self._close),
            volume=np.array(self._volume, dtype=np.float64),
        )

    def append(self, bar: Bar) -> None:
        """Adds the next bar; it must start after all others."""
        self.add(int(bar.start.timestamp()), bar.open, bar.high, bar.low, bar.close, bar.volume, bar.kind)

    def add(
        self, start: int, opened: Decimal, high: Decimal, low: Decimal, close: Decimal, volume: int, kind: DataKind
    ) -> None:
        """The same by its values, `start` in UTC seconds since 1970."""
        assert start > self.last_start, f"bar of {datetime.fromtimestamp(start, UTC)} does not follow the last"
        self.last_start = start
        self._start.append(start)
        self._open.append(float(opened))
        self._high.append(float(high))
        self._low.append(float(low))
        self._close.append(float(close))
        self._volume.append(volume)
        self._kinds.append(_PLACE_OF[kind])
        self.total += 1
        if len(self._start) >= self._capacity + self._capacity // 8 + 1:
            self._drop_oldest(len(self._start) - self._capacity)

    def amend(self, start: int, price: Decimal, size: int) -> bool:
        """Adds a late print to the bar that it belongs to, leaving open and close; False if there is no such bar."""
        index = bisect_left(self._start, start)
        if index == len(self._start) or self._start[index] != start:
            return False
        paid = float(price)
        self._high[index], self._low[index] = max(self._high[index], paid), min(self._low[index], paid)
        self._volume[index] += size
        return True

    def _drop_oldest(self, count: int) -> None:
        for column in (self._start, self._open, self._high, self._low, self._close, self._volume):
            del column[:count]
        del self._kinds[:count]


def _price(value: float) -> Decimal:
    return Decimal(repr(value))
