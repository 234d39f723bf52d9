"""Builds one instrument's bars of every length from its prices, one price at a time."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.quotes import Bar, DataKind
from tradestream_gui.market.bar_series import BarSeries
from tradestream_gui.market.day_stats import TradeDay

DAY_S = 86_400
INTRADAY_S = (1, 5, 15, 60, 300, 900, 1_800, 3_600)
FRAMES_S = (*INTRADAY_S, DAY_S)
NEVER = 1 << 62
"""The lengths in seconds. All but the day are aligned to UTC, the day to the instrument's session."""


class _Open:
    """The unfinished bar of one length, from `start` to `end` (UTC seconds since 1970); empty while start is -1."""

    __slots__ = ("close", "end", "high", "low", "opened", "start", "volume")

    def __init__(self) -> None:
        self.start = -1
        self.end = -1
        self.opened = self.high = self.low = self.close = Decimal(0)
        self.volume = 0

    def begin(self, start: int, end: int, price: Decimal) -> None:
        self.start, self.end = start, end
        self.opened = self.high = self.low = self.close = price
        self.volume = 0

    def merge(self, later: "_Open") -> None:
        if later.high > self.high:
            self.high = later.high
        if later.low < self.low:
            self.low = later.low
        self.close = later.close
        self.volume += later.volume


class BarBuilder:
    """Prices enter the one-second bar; each finished second enters the longer ones, so a price costs one step.

    `closed` is called with each finished bar after it stands in its series, shorter lengths first. A price of a
    second that has passed already is added to the bars it belongs to and is counted in `late_count`.
    """

    __slots__ = (
        "_base",
        "_closed",
        "_first_end",
        "_frames",
        "_kind",
        "_trade_day",
        "instrument_id",
        "late_count",
        "series",
    )

    def __init__(
        self,
        instrument_id: InstrumentId,
        capacity: int,
        trade_day: TradeDay,
        closed: Callable[[Bar], None],
    ) -> None:
        self.instrument_id = instrument_id
        self.series = {seconds: BarSeries(instrument_id, seconds, capacity) for seconds in FRAMES_S}
        self.late_count = 0
        self._base = _Open()
        self._frames = tuple((seconds, _Open()) for seconds in FRAMES_S[1:])
        self._trade_day = trade_day
        self._closed = closed
        self._kind = DataKind.REALTIME
        self._first_end = 0
        """The end of the bar that ends first; until then no roll has anything to close."""

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
            self._first_end = min(self._first_end, second + 1)
        elif price > base.high:
            base.high = price
        elif price < base.low:
            base.low = price
        base.close = price
        base.volume += size

    def roll(self, now_second: int) -> None:
        """Closes every bar that ends at or before the given second."""
        if now_second < self._first_end:
            return
        base = self._base
        if base.start >= 0 and base.end <= now_second:
            self._close(1, base)
            for seconds, frame in self._frames:
                self._enter(seconds, frame, base)
            base.start = base.end = -1
        for seconds, frame in self._frames:
            if frame.start >= 0 and frame.end <= now_second:
                self._close(seconds, frame)
                frame.start = frame.end = -1
        open_bars = (base, *(frame for _, frame in self._frames))
        self._first_end = min((bar.end for bar in open_bars if bar.start >= 0), default=NEVER)

    def current(self, seconds: int) -> Bar | None:
        """The unfinished bar of a length, the running second included; None while there is none."""
        base = self._base
        if seconds == 1:
            return self._bar(1, base) if base.start >= 0 else None
        frame = next(frame for length, frame in self._frames if length == seconds)
        if base.start < 0:
            return self._bar(seconds, frame) if frame.start >= 0 else None
        merged = _Open()
        if frame.start >= 0 and base.start < frame.end:
            merged.begin(frame.start, frame.end, frame.opened)
            merged.merge(frame)
            merged.merge(base)
        else:
            self._enter(seconds, merged, base)
        return self._bar(seconds, merged)

    def _enter(self, seconds: int, frame: _Open, base: _Open) -> None:
        if frame.start >= 0 and base.start >= frame.end:
            self._close(seconds, frame)
            frame.start = -1
        if frame.start < 0:
            frame.begin(*self._bounds(seconds, base.start), base.opened)
        frame.merge(base)

    def _bounds(self, seconds: int, second: int) -> tuple[int, int]:
        if seconds != DAY_S:
            start = second - second % seconds
            return start, start + seconds
        first, end = self._trade_day(self.instrument_id, datetime.fromtimestamp(second, UTC))
        return int(first.timestamp()), int(end.timestamp())

    def _close(self, seconds: int, frame: _Open) -> None:
        series = self.series[seconds]
        if frame.start <= series.last_start:
            self.late_count += 1  # history that was loaded already covers this interval
            return
        bar = self._bar(seconds, frame)
        series.append(bar)
        self._closed(bar)

    def _bar(self, seconds: int, frame: _Open) -> Bar:
        return Bar(
            instrument_id=self.instrument_id,
            start=datetime.fromtimestamp(frame.start, UTC),
            seconds=seconds,
            open=frame.opened,
            high=frame.high,
            low=frame.low,
            close=frame.close,
            volume=frame.volume,
            kind=self._kind,
        )

    def _add_late(self, second: int, price: Decimal, size: int) -> None:
        self.late_count += 1
        self.series[1].amend(second, price, size)
        for seconds, frame in self._frames:
            if frame.start >= 0 and frame.start <= second < frame.end:
                frame.high, frame.low = max(frame.high, price), min(frame.low, price)
                frame.volume += size
            else:
                self.series[seconds].amend(self._bounds(seconds, second)[0], price, size)
