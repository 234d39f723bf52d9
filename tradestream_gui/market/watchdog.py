"""The flow watchdog: tells a stream that broke from a market that is quiet."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events_market import (
    BarClosed,
    DepthUpdated,
    HeartbeatSeen,
    QuoteUpdated,
    StreamKind,
    StreamRevived,
    StreamWentStale,
    TradePrinted,
)
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.market.quote_board import QuoteBoard
from tradestream_gui.ports.beats import until_beat
from tradestream_gui.ports.clock import Clock, Timer

CHECK_S = 1.0
LEAST_SILENCE_S = 2.0
MEDIAN_GAPS = 5.0
GAPS_KEPT = 31
GAPS_NEEDED = 5
"""A stream's own rhythm is known after so many gaps; before that nothing can be said of it."""
MOVES_NEEDED = 3
"""A silence is broken flow only if another stream showed the market moving so often meanwhile."""
SIBLING_TICKS = 4
"""A contract of the same family (ES and MES) that moved so far shows by itself that the market has moved."""
BLOCKING = (StreamKind.QUOTES, StreamKind.PRINTS)
"""An order book that stands still is told; entries are judged by quotes and prints."""


@dataclass(slots=True)
class _Stream:
    """`moves` counts what others showed since this stream was last heard and that it should have shown too."""

    heard_s: float
    gaps: deque[float] = field(default_factory=lambda: deque(maxlen=GAPS_KEPT))
    moves: int = 0
    is_stale: bool = False

    def heard_at(self, clock: Clock) -> datetime:
        """By the wall: it is asked for far more rarely than a word is heard."""
        return clock.now() - timedelta(seconds=clock.monotonic() - self.heard_s)

    def limit_s(self) -> float | None:
        if len(self.gaps) < GAPS_NEEDED:
            return None
        return max(LEAST_SILENCE_S, MEDIAN_GAPS * median(self.gaps))


@dataclass(slots=True)
class _Flow:
    """What the streams of one instrument last said, to see whether the others move on without one of them.

    `anchors` is where each contract of its family stood when this one was last heard.
    """

    quotes: _Stream | None = None
    prints: _Stream | None = None
    depth: _Stream | None = None
    last: Decimal | None = None
    quote: Quote | None = None
    close: Decimal | None = None
    anchors: dict[InstrumentId, Decimal] = field(default_factory=dict)

    def streams(self) -> Iterator[tuple[StreamKind, _Stream]]:
        """Those that were heard, each with what it brings."""
        kinds = (StreamKind.QUOTES, self.quotes), (StreamKind.PRINTS, self.prints), (StreamKind.DEPTH, self.depth)
        return ((kind, stream) for kind, stream in kinds if stream is not None)


class FlowWatchdog:
    """Publishes each break and each revival once; a quiet market alone never counts as a break.

    A stream is stale when it has been silent for longer than two seconds and five times its own median gap, while
    quotes: prints or bars moved outside of bid and ask, or a contract of the same family moved away; prints: the last
    price in the quotes changed; depth: the best prices in the quotes changed. A feed is stale when its heartbeats
    stop: they come in a quiet market too.
    """

    def __init__(self, bus: EventBus, clock: Clock, board: QuoteBoard) -> None:
        self._bus = bus
        self._clock = clock
        self._board = board
        self._flows: dict[InstrumentId, _Flow] = {}
        self._hearts: dict[str, _Stream] = {}
        self._families: dict[str, dict[InstrumentId, Instrument]] = {}
        self._siblings: set[InstrumentId] = set()  # those whose family has another member, or had one
        self._timer: Timer | None = None
        self._is_started = False
        bus.subscribe(QuoteUpdated, self._on_quote)
        bus.subscribe(TradePrinted, self._on_print)
        bus.subscribe(DepthUpdated, self._on_depth)
        bus.subscribe(BarClosed, self._on_bar)
        bus.subscribe(HeartbeatSeen, self._on_heartbeat)

    def start(self) -> None:
        self._is_started = True
        if self._timer is None:
            self._arm()

    def close(self) -> None:
        self._is_started = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def forget(self, instrument_id: InstrumentId) -> None:
        """An instrument that nobody subscribes any more falls silent rightly; what was told of it is taken back."""
        flow = self._flows.pop(instrument_id, _Flow())
        for kind, stream in flow.streams():
            if stream.is_stale:
                feed = self._board.feed_of(instrument_id)
                self._bus.publish(StreamRevived(feed, instrument_id, kind, self._clock.now()))
        for family in self._families.values():
            family.pop(instrument_id, None)

    def is_stale(self, instrument_id: InstrumentId) -> bool:
        """Whether any stream of the instrument, or its whole feed, has broken."""
        heart = self._hearts.get(self._board.feed_of(instrument_id))
        if heart is not None and heart.is_stale:
            return True
        flow = self._flows.get(instrument_id)
        return flow is not None and any(stream.is_stale for _, stream in flow.streams())

    def frozen(self, instrument_id: InstrumentId) -> str:
        """Why no entry may go by this instrument's prices; empty while they flow or while nobody can say."""
        feed = self._board.feed_of(instrument_id)
        heart = self._hearts.get(feed)
        if heart is not None and heart.is_stale:
            return f"the feed {feed} is silent since {heart.heard_at(self._clock):%H:%M:%S} UTC"
        flow = self._flows.get(instrument_id)
        for kind, stream in flow.streams() if flow is not None else ():
            if kind in BLOCKING and stream.is_stale:
                since = f"{stream.heard_at(self._clock):%H:%M:%S} UTC"
                return f"its {kind.value} stand still since {since} while its market moves"
        return ""

    def _on_quote(self, fact: QuoteUpdated) -> None:
        quote = fact.quote
        instrument_id = quote.instrument_id
        flow = self._flows.get(instrument_id) or self._flow(instrument_id)
        stream = flow.quotes
        if stream is None or stream.is_stale or flow.anchors:
            flow.quotes = self._heard(flow, stream, instrument_id, StreamKind.QUOTES)
        else:
            now_s = self._clock.monotonic()
            stream.gaps.append(now_s - stream.heard_s)
            stream.heard_s, stream.moves = now_s, 0
        last, before = quote.last, flow.last
        if last is not None and last is not before:
            flow.last = last
            if flow.prints is not None and last != before:
                flow.prints.moves += 1
        old, flow.quote = flow.quote, quote
        is_related = instrument_id in self._siblings
        if (is_related or flow.depth is not None) and (old is None or (old.bid, old.ask) != (quote.bid, quote.ask)):
            _move(flow.depth)
            if is_related:
                self._show_family(instrument_id, quote.mid)

    def _on_print(self, fact: TradePrinted) -> None:
        instrument_id, price = fact.trade.instrument_id, fact.trade.price
        flow = self._flow(instrument_id)
        flow.prints = self._heard(flow, flow.prints, instrument_id, StreamKind.PRINTS)
        if _is_news(price, flow.quote, flow.last):
            _move(flow.quotes)
        if price != flow.last and instrument_id in self._siblings:
            self._show_family(instrument_id, price)
        flow.last = price

    def _on_depth(self, fact: DepthUpdated) -> None:
        flow = self._flow(fact.depth.instrument_id)
        flow.depth = self._heard(flow, flow.depth, fact.depth.instrument_id, StreamKind.DEPTH)

    def _on_bar(self, fact: BarClosed) -> None:
        flow = self._flows.get(fact.bar.instrument_id)
        if flow is not None:
            if _is_news(fact.bar.close, flow.quote, flow.close):
                _move(flow.quotes)
            flow.close = fact.bar.close

    def _on_heartbeat(self, fact: HeartbeatSeen) -> None:
        now_s = self._clock.monotonic()
        heart = self._hearts.get(fact.feed)
        if heart is None:
            self._hearts[fact.feed] = _Stream(now_s)
            self._wake()
            return
        if heart.is_stale:
            self._revive(heart, None, StreamKind.HEARTBEAT, fact.feed)
        else:
            heart.gaps.append(now_s - heart.heard_s)
        heart.heard_s, heart.moves = now_s, 0

    def _arm(self) -> None:
        """It sleeps until something was heard of first."""
        is_awake = self._is_started and bool(self._flows or self._hearts)
        wait_s = until_beat(self._clock.monotonic(), CHECK_S)
        self._timer = self._clock.call_later(wait_s, self._check) if is_awake else None

    def _wake(self) -> None:
        if self._timer is None:
            self._arm()

    def _flow(self, instrument_id: InstrumentId) -> _Flow:
        flow = self._flows.get(instrument_id)
        if flow is None:
            flow = self._flows[instrument_id] = _Flow()
            self._join_family(instrument_id)
            self._wake()
        return flow

    def _heard(self, flow: _Flow, stream: _Stream | None, instrument_id: InstrumentId, kind: StreamKind) -> _Stream:
        now_s = self._clock.monotonic()
        if flow.anchors:
            flow.anchors.clear()
        if stream is None:
            return _Stream(now_s)
        if stream.is_stale:
            self._revive(stream, instrument_id, kind, self._board.feed_of(instrument_id))
        else:
            stream.gaps.append(now_s - stream.heard_s)
        stream.heard_s, stream.moves = now_s, 0
        return stream

    def _join_family(self, instrument_id: InstrumentId) -> None:
        """An option's premium moves by its own rules: it has no family here."""
        instrument = self._board.instrument(instrument_id)
        if instrument is not None and instrument.asset_class is not AssetClass.OPTION:
            family = self._families.setdefault(instrument.family, {})
            family[instrument_id] = instrument
            if len(family) > 1:
                self._siblings.update(family)

    def _show_family(self, instrument_id: InstrumentId, price: Decimal | None) -> None:
        """A contract moved: those of its family that stay silent should have moved as well."""
        instrument = self._board.instrument(instrument_id)
        if instrument is None or price is None:
            return
        for other_id, other in self._families.get(instrument.family, {}).items():
            flow = self._flows.get(other_id)
            if other_id == instrument_id or flow is None:
                continue
            anchor = flow.anchors.setdefault(instrument_id, price)
            quotes = flow.quotes
            if quotes is not None and abs(price - anchor) >= SIBLING_TICKS * other.tick_size:
                quotes.moves = max(quotes.moves, MOVES_NEEDED)

    def _revive(self, stream: _Stream, instrument_id: InstrumentId | None, kind: StreamKind, feed: str) -> None:
        stream.is_stale = False
        self._bus.publish(StreamRevived(feed, instrument_id, kind, self._clock.now()))

    def _check(self) -> None:
        now_s = self._clock.monotonic()
        for feed, heart in self._hearts.items():
            if _is_overdue(heart, now_s):
                heart.is_stale = True
                self._bus.publish(StreamWentStale(feed, None, StreamKind.HEARTBEAT, heart.heard_at(self._clock)))
        for instrument_id, flow in self._flows.items():
            for kind, stream in flow.streams():
                if stream.moves >= MOVES_NEEDED and _is_overdue(stream, now_s):
                    stream.is_stale = True
                    feed = self._board.feed_of(instrument_id)
                    self._bus.publish(StreamWentStale(feed, instrument_id, kind, stream.heard_at(self._clock)))
        self._arm()


def _is_overdue(stream: _Stream, now_s: float) -> bool:
    limit_s = stream.limit_s()
    return not stream.is_stale and limit_s is not None and now_s - stream.heard_s > limit_s


def _move(stream: _Stream | None) -> None:
    if stream is not None:
        stream.moves += 1


def _is_news(price: Decimal, quote: Quote | None, before: Decimal | None) -> bool:
    """Whether a price tells that the quote must have moved: outside of it, or another than before if it has no side."""
    bid, ask = (None, None) if quote is None else (quote.bid, quote.ask)
    if bid is None and ask is None:
        return price != before
    return (bid is not None and price < bid) or (ask is not None and price > ask)
