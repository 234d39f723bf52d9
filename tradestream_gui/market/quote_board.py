"""The quote board: what the market last said of each instrument, and how old that is."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events_market import (
    DepthUpdated,
    FeedLinkChanged,
    HeartbeatSeen,
    QuoteUpdated,
    TradePrinted,
)
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Depth, Quote, TradePrint
from tradestream_gui.market.day_stats import DayMeter, DayStats, TradeDay
from tradestream_gui.market.quote_check import Nonsense, depth_nonsense, print_nonsense, quote_nonsense
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock

PROOF_GAP_S = 10.0
"""A feed silent for longer has lost its thread: its next word does not vouch for the quotes from before."""
UNASSIGNED = ""
"""The feed of instruments that nobody has assigned to one."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Feed:
    """`thread` counts the unbroken stretches of the stream; a quote is vouched for only within its own."""

    thread: int = 0
    alive_s: float | None = None
    link: LinkState | None = None


@dataclass(slots=True)
class _Entry:
    feed: _Feed
    feed_name: str
    instrument: Instrument | None = None
    quote: Quote | None = None
    quote_s: float = 0.0
    quote_thread: int = -1
    trade: TradePrint | None = None
    depth: Depth | None = None
    day: DayMeter | None = None


class QuoteBoard:
    """The sink of every feed and the only writer of quotes; the board is written before the fact is published.

    Nonsense (`quote_check`) is counted, logged once a kind and instrument, and not published; from then on the
    feed's life no longer vouches for that instrument's older quote.
    """

    def __init__(self, bus: EventBus, clock: Clock, trade_day: TradeDay | None = None) -> None:
        self._bus = bus
        self._clock = clock
        self._trade_day = trade_day
        self._feeds: dict[str, _Feed] = {}
        self._entries: dict[InstrumentId, _Entry] = {}
        self._refused: Counter[tuple[InstrumentId, Nonsense]] = Counter()

    def assign(self, instrument: Instrument, feed: str) -> None:
        """From now on `feed` brings this instrument; what another feed said of it is forgotten. Its day is measured
        anew: of what happened since it was brought last, nobody knows."""
        entry = self._entry(instrument.instrument_id)
        entry.instrument = instrument
        if entry.day is not None:
            now = self._clock.now()
            if entry.day.covers(now):
                entry.day.resume(now)
            else:
                entry.day = None
        if entry.feed_name != feed:
            if entry.feed_name != UNASSIGNED:
                entry.quote = entry.trade = entry.depth = entry.day = None
            entry.feed, entry.feed_name, entry.quote_thread = self._feed(feed), feed, -1

    def feed_of(self, instrument_id: InstrumentId) -> str:
        entry = self._entries.get(instrument_id)
        return entry.feed_name if entry else UNASSIGNED

    def instrument(self, instrument_id: InstrumentId) -> Instrument | None:
        """What was assigned to a feed under this id."""
        entry = self._entries.get(instrument_id)
        return entry.instrument if entry else None

    def quote(self, instrument_id: InstrumentId) -> Quote | None:
        entry = self._entries.get(instrument_id)
        return entry.quote if entry else None

    def last_print(self, instrument_id: InstrumentId) -> TradePrint | None:
        entry = self._entries.get(instrument_id)
        return entry.trade if entry else None

    def depth(self, instrument_id: InstrumentId) -> Depth | None:
        entry = self._entries.get(instrument_id)
        return entry.depth if entry else None

    def last_price(self, instrument_id: InstrumentId) -> Decimal | None:
        """The newest traded price, from the prints or from the quote, whichever is newer."""
        entry = self._entries.get(instrument_id)
        if entry is None:
            return None
        quote, trade = entry.quote, entry.trade
        if trade is not None and (quote is None or quote.last is None or trade.at >= quote.at):
            return trade.price
        return quote.last if quote is not None else None

    def quote_age_s(self, instrument_id: InstrumentId) -> float | None:
        """Seconds since this instrument's own quote came in; None without a quote. The screen colours by this."""
        entry = self._entries.get(instrument_id)
        if entry is None or entry.quote is None:
            return None
        return self._clock.monotonic() - entry.quote_s

    def stream_age_s(self, instrument_id: InstrumentId) -> float | None:
        """Seconds since the instrument's quote was last known to be good; None without a quote. The rail judges this.

        While the feed's stream is unbroken each word of it vouches for the quotes of all its instruments; after a
        break, a silence of `PROOF_GAP_S` or a refused quote, only the quote's own arrival counts.
        """
        entry = self._entries.get(instrument_id)
        if entry is None or entry.quote is None:
            return None
        proved_s = entry.quote_s
        if entry.quote_thread == entry.feed.thread and entry.feed.alive_s is not None:
            proved_s = max(proved_s, entry.feed.alive_s)
        return self._clock.monotonic() - proved_s

    def feed_age_s(self, feed: str) -> float | None:
        """Seconds since the feed's last word of any kind."""
        known = self._feeds.get(feed)
        if known is None or known.alive_s is None:
            return None
        return self._clock.monotonic() - known.alive_s

    def link(self, feed: str) -> LinkState | None:
        known = self._feeds.get(feed)
        return known.link if known else None

    def day_stats(self, instrument_id: InstrumentId) -> DayStats | None:
        """The trading day's figures as measured here; None before the first print or without a calendar."""
        entry = self._entries.get(instrument_id)
        if entry is None or entry.day is None:
            return None
        self._roll_day(entry, instrument_id)
        return entry.day.stats()

    def note_previous_close(self, instrument_id: InstrumentId, price: Decimal) -> None:
        """A close that a feed or the bar store knows of the session before."""
        meter = self._meter(self._entry(instrument_id), instrument_id)
        if meter is not None:
            meter.note_previous_close(price)

    @property
    def refused_counts(self) -> Mapping[tuple[InstrumentId, Nonsense], int]:
        return self._refused

    def on_quote(self, quote: Quote) -> None:
        entry = self._entries.get(quote.instrument_id) or self._entry(quote.instrument_id)
        feed, now_s = entry.feed, self._clock.monotonic()
        if feed.alive_s is None or now_s - feed.alive_s > PROOF_GAP_S:
            self._prove_life(feed)
        else:
            feed.alive_s = now_s
        wrong = quote_nonsense(quote, entry.instrument)
        if wrong is not None:
            entry.quote_thread = -1
            self._refuse(quote.instrument_id, wrong, quote)
            return
        entry.quote = quote
        entry.quote_s = now_s
        entry.quote_thread = feed.thread
        self._bus.publish(QuoteUpdated(quote))

    def on_print(self, trade: TradePrint) -> None:
        entry = self._entry(trade.instrument_id)
        self._prove_life(entry.feed)
        wrong = print_nonsense(trade, entry.instrument)
        if wrong is not None:
            self._refuse(trade.instrument_id, wrong, trade)
            return
        entry.trade = trade
        meter = self._meter(entry, trade.instrument_id)
        if meter is not None:
            meter.add(trade)
        self._bus.publish(TradePrinted(trade))

    def on_depth(self, depth: Depth) -> None:
        entry = self._entry(depth.instrument_id)
        self._prove_life(entry.feed)
        wrong = depth_nonsense(depth, entry.instrument)
        if wrong is not None:
            self._refuse(depth.instrument_id, wrong, depth)
            return
        entry.depth = depth
        self._bus.publish(DepthUpdated(depth))

    def on_heartbeat(self, feed: str) -> None:
        self._prove_life(self._feed(feed))
        self._bus.publish(HeartbeatSeen(feed, self._clock.now()))

    def on_feed_link(self, feed: str, state: LinkState, detail: str) -> None:
        known = self._feed(feed)
        if state is not known.link:
            known.thread += 1
        known.link = state
        self._bus.publish(FeedLinkChanged(feed, state.value, detail, self._clock.now()))

    def _entry(self, instrument_id: InstrumentId) -> _Entry:
        entry = self._entries.get(instrument_id)
        if entry is None:
            entry = self._entries[instrument_id] = _Entry(self._feed(UNASSIGNED), UNASSIGNED)
        return entry

    def _feed(self, name: str) -> _Feed:
        known = self._feeds.get(name)
        if known is None:
            known = self._feeds[name] = _Feed()
        return known

    def _prove_life(self, feed: _Feed) -> None:
        now_s = self._clock.monotonic()
        if feed.alive_s is not None and now_s - feed.alive_s > PROOF_GAP_S:
            feed.thread += 1
        feed.alive_s = now_s

    def _meter(self, entry: _Entry, instrument_id: InstrumentId) -> DayMeter | None:
        if self._trade_day is None:
            return None
        if entry.day is None:
            now = self._clock.now()
            entry.day = DayMeter(self._trade_day(instrument_id, now), now)
        self._roll_day(entry, instrument_id)
        return entry.day

    def _roll_day(self, entry: _Entry, instrument_id: InstrumentId) -> None:
        now = self._clock.now()
        if entry.day is not None and self._trade_day is not None and not entry.day.covers(now):
            entry.day.roll(self._trade_day(instrument_id, now))

    def _refuse(self, instrument_id: InstrumentId, wrong: Nonsense, what: object) -> None:
        self._refused[instrument_id, wrong] += 1
        if self._refused[instrument_id, wrong] == 1:
            _log.warning("%s: refused, %s: %s", instrument_id, wrong.value, what)
