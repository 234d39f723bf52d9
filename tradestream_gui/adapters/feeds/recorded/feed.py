"""Plays a recording on any clock: each row at its own time, as a print and as the quote it leaves."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from tradestream_gui.adapters.feeds.recorded.recording import RecordedRow, Recording
from tradestream_gui.domain.errors import BadRecord
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Aggressor, DataKind, Quote, TradePrint
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock, Timer
from tradestream_gui.ports.feed import FeedSink

ROWS_AT_ONCE = 500
"""Rows pushed in one turn of the loop, a few milliseconds of work; the rest of a burst comes in the next turns."""
HEARTBEAT_S = 1.0
LONGEST_GAP_S = 60.0
"""Between rows farther apart than this the recording has a hole, and nothing vouches for its last prices."""


class RecordedFeed:
    """All prices are `DataKind.RECORDED`. Only subscribed instruments are played; rows due already come at once.

    A row without bid and ask gives a quote with its last price alone. With `assume_spread_ticks` such a row gets an
    assumed spread, and the feed's name says so: after a rise the price is the ask, after a fall the bid.
    `shift` moves the recording in time.
    """

    def __init__(
        self,
        clock: Clock,
        recording: Recording,
        *,
        assume_spread_ticks: int | None = None,
        shift: timedelta = timedelta(0),
    ) -> None:
        self._clock = clock
        self._recording = recording
        self._spread_ticks = assume_spread_ticks
        self._shift = shift
        self._rows: Iterator[RecordedRow] = iter(())
        self._next: RecordedRow | None = None
        self._newest_at: datetime | None = None
        self._subscribed: set[InstrumentId] = set()
        self._assumed: dict[InstrumentId, tuple[Decimal, Decimal, Decimal]] = {}
        self._sink: FeedSink | None = None
        self._timer: Timer | None = None
        self._heart: Timer | None = None
        self.played_count = 0
        """Rows pushed to the sink so far."""

    @property
    def name(self) -> str:
        assumed = f", spread of {self._spread_ticks} ticks assumed" if self._spread_ticks else ""
        return f"recording {self._recording.path.name}{assumed}"

    @property
    def kind(self) -> DataKind:
        return DataKind.RECORDED

    @property
    def recording(self) -> Recording:
        return self._recording

    async def connect(self, sink: FeedSink) -> None:
        self._sink = sink
        self._rows = self._recording.rows()
        sink.on_feed_link(self.name, LinkState.UP, f"{self._recording.row_count} recorded rows")
        if not self._advance():
            return
        self._arm()
        self._heart = self._clock.call_later(HEARTBEAT_S, self._beat)

    async def close(self) -> None:
        sink = self._sink
        self._stop()
        if sink is not None:
            sink.on_feed_link(self.name, LinkState.OFF, "the recording was stopped")

    async def subscribe(self, instrument: Instrument) -> None:
        self._subscribed.add(instrument.instrument_id)

    async def unsubscribe(self, instrument: Instrument) -> None:
        self._subscribed.discard(instrument.instrument_id)

    def _arm(self) -> None:
        if self._next is not None:
            wait_s = (self._next.at + self._shift - self._clock.now()).total_seconds()
            self._timer = self._clock.call_later(max(wait_s, 0.0), self._pump)

    def _pump(self) -> None:
        now = self._clock.now()
        for _ in range(ROWS_AT_ONCE):
            row, sink = self._next, self._sink
            if sink is None:
                return
            if row is None:
                self._end(sink)
                return
            if row.at + self._shift > now:
                break
            self._newest_at = row.at
            if row.instrument.instrument_id in self._subscribed:
                self._push(row, sink)
            if not self._advance():
                return
        if self._sink is None:
            return
        if self._next is None:
            self._end(self._sink)
        else:
            self._arm()

    def _advance(self) -> bool:
        """Reads the next row; False when a file that changed since it was checked has ended the recording."""
        try:
            self._next = next(self._rows, None)
        except BadRecord as error:
            self._next = None
            if self._sink is not None:
                self._sink.on_feed_link(self.name, LinkState.DOWN, str(error))
                self._stop()
            return False
        return True

    def _end(self, sink: FeedSink) -> None:
        self._stop()
        sink.on_feed_link(self.name, LinkState.OFF, "the recording has ended")

    def _stop(self) -> None:
        self._sink = None
        for timer in (self._timer, self._heart):
            if timer is not None:
                timer.cancel()
        self._timer = self._heart = None

    def _push(self, row: RecordedRow, sink: FeedSink) -> None:
        at, instrument_id = row.at + self._shift, row.instrument.instrument_id
        self.played_count += 1
        if row.price is not None:
            sink.on_print(TradePrint(instrument_id, at, row.price, row.size, Aggressor.UNKNOWN, DataKind.RECORDED))
        bid, ask = row.bid, row.ask
        if bid is None and ask is None and row.price is not None and self._spread_ticks:
            bid, ask = self._assume(row.instrument, row.price, self._spread_ticks)
        sink.on_quote(
            Quote(
                instrument_id=instrument_id,
                at=at,
                bid=bid,
                bid_size=row.bid_size,
                ask=ask,
                ask_size=row.ask_size,
                last=row.price,
                kind=DataKind.RECORDED,
            )
        )

    def _assume(self, instrument: Instrument, price: Decimal, ticks: int) -> tuple[Decimal | None, Decimal]:
        """The tick rule: a trade above the one before was at the ask, below it at the bid; else nothing changed."""
        wide = instrument.tick_at(price) * ticks
        before = self._assumed.get(instrument.instrument_id)
        if before is not None and price == before[0]:
            _, bid, ask = before
        elif before is not None and price > before[0]:
            bid, ask = price - wide, price
        else:
            bid, ask = price, price + wide
        self._assumed[instrument.instrument_id] = (price, bid, ask)
        return (bid if bid > 0 else None), ask

    def _beat(self) -> None:
        sink = self._sink
        if sink is None:
            return
        if self._next is not None and self._newest_at is not None:
            gap_s = (self._next.at - self._newest_at).total_seconds()
            if gap_s <= LONGEST_GAP_S:
                sink.on_heartbeat(self.name)
        self._heart = self._clock.call_later(HEARTBEAT_S, self._beat)
