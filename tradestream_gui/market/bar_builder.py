"""Builds one instrument's bars of every length from its prices, one price at a time."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.quotes import Bar, DataKind
from tradestream_gui.market.bar_series import BarSeries
from tradestream_gui.market.day_stats import TradeDay

MINUTE_S, DAY_S = 60, 86_400
INTRADAY_S = (1, 5, 15, 60, 300, 900, 1_800, 3_600)
FRAMES_S = (*INTRADAY_S, DAY_S)
"""The lengths in seconds. All but the day are aligned to UTC, the day to the instrument's session."""
KEPT_SHORT = {1: 900, 5: 2_160, 15: 2_880}
"""Of the shortest lengths fewer bars are kept: a quarter of an hour, three and twelve hours. Seconds of fifty
instruments are 8 MiB an hour. A chart that is open keeps what it has drawn."""


class _Open:
    """The unfinished bar of one length, from `start` to `end` (UTC seconds since 1970); empty while start is -1.

    `wider` are the lengths that it enters when it is finished: each length is made of the next shorter one.
    """

    __slots__ = ("close", "end", "high", "low", "opened", "seconds", "start", "volume", "wider")

    def __init__(self, seconds: int, wider: "tuple[_Open, ...]" = ()) -> None:
        self.seconds = seconds
        self.wider = wider
        self.start = -1
        self.end = -1
        self.opened = self.high = self.low = self.close = Decimal(0)
        self.volume = 0

    def begin(self, start: int, end: int, price: Decimal) -> None:
        self.start, self.end = start, end
        self.opened = self.high = self.low = self.close = price
        self.volume = 0

    def begin_with(self, start: int, end: int, first: "_Open") -> None:
        self.start, self.end = start, end
        self.opened, self.high, self.low, self.close = first.opened, first.high, first.low, first.close
        self.volume = first.volume

    def merge(self, later: "_Open") -> None:
        if later.high > self.high:
            self.high = later.high
        if later.low < self.low:
            self.low = later.low
        self.close = later.close
        self.volume += later.volume


def _frames() -> tuple[_Open, ...]:
    """One of each length, shortest first. The day begins and ends with a minute, not always with an hour."""
    day = _Open(DAY_S)
    made: tuple[_Open, ...] = (day,)
    wider: tuple[_Open, ...] = ()
    for seconds in reversed(INTRADAY_S):
        frame = _Open(seconds, (*wider, day) if seconds == MINUTE_S else wider)
        made, wider = (frame, *made), (frame,)
    return made


class BarBuilder:
    """Prices enter the one-second bar, and each finished bar the next longer one, so a price costs one step.

    `closed` is called with each finished bar after it stands in its series, shorter lengths first. A price of a
    second that has passed already is added to the bars it belongs to and is counted in `late_count`.
    """

    __slots__ = ("_base", "_closed", "_frames", "_kind", "_trade_day", "instrument_id", "late_count", "series")

    def __init__(
        self,
        instrument_id: InstrumentId,
        capacity: int,
        trade_day: TradeDay,
        closed: Callable[[Bar], None],
    ) -> None:
        self.instrument_id = instrument_id
        kept = {seconds: min(capacity, KEPT_SHORT.get(seconds, capacity)) for seconds in FRAMES_S}
        self.series = {seconds: BarSeries(instrument_id, seconds, kept[seconds]) for seconds in FRAMES_S}
        self.late_count = 0
        self._frames = _frames()
        self._base = self._frames[0]
        self._trade_day = trade_day
        self._closed = closed
        self._kind = DataKind.REALTIME

    def add(self, second: int, price: Decimal, size: int, kind: DataKind) -> None:
        """One price of `size` contracts (0 = not a trade, or a trade of unknown size) in the given UTC second."""
        base = self._base
        if second != base.start:
            if second < base.start or second <= self.series[1].last_start:
                self._add_late(second, price, size)
                return
            self.roll(second)
            self._kind = kind
            base.begin(second, second + 1, price)
        elif price > base.high:
            base.high = price
        elif price < base.low:
            base.low = price
        base.close = price
        base.volume += size

    def roll(self, now_second: int) -> None:
        """Closes every bar that ends at or before the given second."""
        for frame in self._frames:
            if frame.start < 0:
                continue
            if frame.end <= now_second:
                self._close(frame)
                for wider in frame.wider:
                    if wider.start < 0:
                        wider.begin_with(*self._bounds(wider.seconds, frame.start), frame)
                    else:
                        wider.merge(frame)
                frame.start = frame.end = -1
            elif frame.seconds <= MINUTE_S:
                return  # the wider ones around it end no earlier

    @property
    def is_open(self) -> bool:
        """Whether any bar is unfinished."""
        return any(frame.start >= 0 for frame in self._frames)

    def current(self, seconds: int) -> Bar | None:
        """The unfinished bar of a length, the running second included; None while there is none."""
        parts = [frame for frame in self._frames if frame.start >= 0 and _is_part(frame.seconds, seconds)]
        if not parts:
            return None
        first, *later = reversed(parts)  # the longest began first, each shorter one follows it
        merged = _Open(seconds)
        merged.begin_with(*self._bounds(seconds, first.start), first)
        for part in later:
            merged.merge(part)
        return self._bar(merged)

    def _bounds(self, seconds: int, second: int) -> tuple[int, int]:
        if seconds != DAY_S:
            start = second - second % seconds
            return start, start + seconds
        first, end = self._trade_day(self.instrument_id, datetime.fromtimestamp(second, UTC))
        return int(first.timestamp()), int(end.timestamp())

    def _close(self, frame: _Open) -> None:
        series = self.series[frame.seconds]
        if frame.start <= series.last_start:
            self.late_count += 1  # history that was loaded already covers this interval
            return
        series.add(frame.start, frame.opened, frame.high, frame.low, frame.close, frame.volume, self._kind)
        self._closed(self._bar(frame))

    def _bar(self, frame: _Open) -> Bar:
        start = datetime.fromtimestamp(frame.start, UTC)
        return Bar(
            self.instrument_id, start, frame.seconds, frame.opened, frame.high, frame.low, frame.close, frame.volume,
            self._kind,
        )  # fmt: skip

    def _add_late(self, second: int, price: Decimal, size: int) -> None:
        self.late_count += 1
        self.series[1].amend(second, price, size)
        self._amend(self._base.wider, second, price, size)

    def _amend(self, frames: tuple[_Open, ...], second: int, price: Decimal, size: int) -> None:
        """An unfinished bar takes the price along when it enters the wider ones; of finished ones each is amended."""
        for frame in frames:
            if 0 <= frame.start <= second < frame.end:
                frame.high, frame.low = max(frame.high, price), min(frame.low, price)
                frame.volume += size
            else:
                self.series[frame.seconds].amend(self._bounds(frame.seconds, second)[0], price, size)
                self._amend(frame.wider, second, price, size)


def _is_part(seconds: int, wanted: int) -> bool:
    """Whether bars of one length make up those of another."""
    return seconds <= (MINUTE_S if wanted == DAY_S else wanted) or seconds == wanted
