"""The bar book: every instrument's bars from one second to one day, built from prints, or from mids without any."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events_market import BarClosed, QuoteUpdated, TradePrinted
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.quotes import Bar
from tradestream_gui.market.bar_builder import DAY_S, FRAMES_S, INTRADAY_S, BarBuilder
from tradestream_gui.market.bar_series import BarColumns, BarSeries
from tradestream_gui.market.day_stats import TradeDay
from tradestream_gui.ports.clock import Clock, Timer

__all__ = ["CAPACITY", "DAY_S", "FRAMES_S", "INTRADAY_S", "BarBook", "BarColumns", "BarSeries"]

CAPACITY = 20_000
"""Bars kept of a length, two weeks of minutes; of lengths below a minute fewer (`bar_builder.KEPT_SHORT`)."""
CLOSE_GRACE_S = 0.5
"""A bar without a later price is closed this long after its end, when the prints of its last moment have come in."""
OSI_LENGTH = 21
_DAWN = datetime(1970, 1, 1, tzinfo=UTC)
_HALF = Decimal("0.5")


class BarBook:
    """The only writer of bars. An interval without a price has no bar: nothing is filled in.

    Futures and stocks are built from prints, and from mids until the first print; options, which print rarely,
    from the mids of two-sided quotes, and from prints until the first of those. Bars of mids have volume 0.
    """

    def __init__(self, bus: EventBus, clock: Clock, trade_day: TradeDay, capacity: int = CAPACITY) -> None:
        self._bus = bus
        self._clock = clock
        self._trade_day = trade_day
        self._capacity = capacity
        self._builders: dict[InstrumentId, BarBuilder] = {}
        self._by_mid: dict[InstrumentId, bool] = {}
        self._second, self._second_from, self._second_to = 0, _DAWN, _DAWN
        self._timer: Timer | None = None
        self._is_resting = False
        bus.subscribe(TradePrinted, self._on_print, owns_state=True)
        bus.subscribe(QuoteUpdated, self._on_quote, owns_state=True)

    def start(self) -> None:
        """From now on bars also close by the clock, without waiting for the next price."""
        if self._timer is None:
            self._arm()

    def close(self) -> None:
        self._is_resting = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def series(self, instrument_id: InstrumentId, seconds: int) -> BarSeries:
        """The closed bars of one length, empty for an instrument that was never heard of; it grows in place."""
        return self._builder(instrument_id).series[seconds]

    def current(self, instrument_id: InstrumentId, seconds: int) -> Bar | None:
        """The unfinished bar as it stands."""
        return self._builder(instrument_id).current(seconds)

    def late_count(self, instrument_id: InstrumentId) -> int:
        """Prints that came after their second was over; they were added to the bars that they belong to."""
        return self._builder(instrument_id).late_count

    def preload(self, bars: Iterable[Bar]) -> None:
        """Puts history in front of live bars, into empty series; an unfinished interval is left out."""
        now = int(self._clock.now().timestamp())
        fresh: dict[tuple[InstrumentId, int], BarSeries] = {}
        for bar in bars:
            key = (bar.instrument_id, bar.seconds)
            if key not in fresh:
                series = self.series(*key)
                assert len(series) == 0, f"{bar.instrument_id} has bars of {bar.seconds} s already"
                fresh[key] = series
            if int(bar.start.timestamp()) + bar.seconds <= now:
                fresh[key].append(bar)

    def _on_print(self, fact: TradePrinted) -> None:
        trade = fact.trade
        by_mid = self._by_mid.get(trade.instrument_id)
        if by_mid:
            if _is_option(trade.instrument_id):
                return
            self._by_mid[trade.instrument_id] = False
        elif by_mid is None:
            self._by_mid[trade.instrument_id] = False
        if self._is_resting:
            self._arm()
        self._builder(trade.instrument_id).add(self._second_of(trade.at), trade.price, trade.size, trade.kind)

    def _on_quote(self, fact: QuoteUpdated) -> None:
        quote = fact.quote
        instrument_id, bid, ask = quote.instrument_id, quote.bid, quote.ask
        by_mid = self._by_mid.get(instrument_id)
        if bid is None or ask is None or (by_mid is False and not _is_option(instrument_id)):
            return
        if not by_mid:
            self._by_mid[instrument_id] = True
        if self._is_resting:
            self._arm()
        builder = self._builders.get(instrument_id) or self._builder(instrument_id)
        builder.add(self._second_of(quote.at), (bid + ask) * _HALF, 0, quote.kind)

    def _second_of(self, at: datetime) -> int:
        """UTC seconds since 1970; most prices of all instruments fall into the second of the one before."""
        if not self._second_from <= at < self._second_to:
            self._second = int(at.timestamp())
            self._second_from = datetime.fromtimestamp(self._second, UTC)
            self._second_to = self._second_from + timedelta(seconds=1)
        return self._second

    def _builder(self, instrument_id: InstrumentId) -> BarBuilder:
        builder = self._builders.get(instrument_id)
        if builder is None:
            builder = BarBuilder(instrument_id, self._capacity, self._trade_day, self._publish)
            self._builders[instrument_id] = builder
        return builder

    def _publish(self, bar: Bar) -> None:
        self._bus.publish(BarClosed(bar))

    def _arm(self) -> None:
        self._is_resting = False
        now = self._clock.now()
        due = now.replace(microsecond=0) + timedelta(seconds=CLOSE_GRACE_S)
        while due <= now:
            due += timedelta(seconds=1)
        self._timer = self._clock.call_later((due - now).total_seconds(), self._on_second)

    def _on_second(self) -> None:
        second = int(self._clock.now().timestamp())
        for builder in self._builders.values():
            builder.roll(second)
        self._timer, self._is_resting = None, not any(builder.is_open for builder in self._builders.values())
        if not self._is_resting:
            self._arm()


def _is_option(instrument_id: InstrumentId) -> bool:
    """Options carry the 21-character OSI symbol; nothing else is that long."""
    return len(instrument_id) == OSI_LENGTH
