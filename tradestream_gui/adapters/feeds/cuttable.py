"""A feed that can fall silent for us while the market goes on for the simulated exchange (standard library only)."""

from typing import Protocol

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import DataKind, Depth, Quote, TradePrint
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.feed import FeedSink, MarketDataFeed


class Exchange(Protocol):
    """Who sees the market without us."""

    def on_quote(self, quote: Quote) -> None: ...

    def on_print(self, trade: TradePrint) -> None: ...


class CuttableFeed:
    """In a silence nothing comes through, no heartbeat and no word about the link: a stream that died half open. A
    real exchange needs no prices of ours, so the simulated one gets them meanwhile past us."""

    def __init__(self, feed: MarketDataFeed, exchange: Exchange) -> None:
        self._feed = feed
        self._exchange = exchange
        self._sink: FeedSink | None = None
        self._is_silent = False
        self._has_prices = False

    @property
    def name(self) -> str:
        return self._feed.name

    @property
    def kind(self) -> DataKind:
        return self._feed.kind

    @property
    def has_prices(self) -> bool:
        """True once a price has come."""
        return self._has_prices

    def silence(self) -> None:
        self._is_silent = True

    def resume(self) -> None:
        self._is_silent = False

    async def connect(self, sink: FeedSink) -> None:
        self._sink = sink
        await self._feed.connect(self)

    async def close(self) -> None:
        await self._feed.close()

    async def subscribe(self, instrument: Instrument) -> None:
        await self._feed.subscribe(instrument)

    async def unsubscribe(self, instrument: Instrument) -> None:
        await self._feed.unsubscribe(instrument)

    def on_quote(self, quote: Quote) -> None:
        self._has_prices = True
        if self._is_silent:
            self._exchange.on_quote(quote)
        elif self._sink is not None:
            self._sink.on_quote(quote)

    def on_print(self, trade: TradePrint) -> None:
        if self._is_silent:
            self._exchange.on_print(trade)
        elif self._sink is not None:
            self._sink.on_print(trade)

    def on_depth(self, depth: Depth) -> None:
        if self._sink is not None and not self._is_silent:
            self._sink.on_depth(depth)

    def on_heartbeat(self, feed: str) -> None:
        if self._sink is not None and not self._is_silent:
            self._sink.on_heartbeat(feed)

    def on_feed_link(self, feed: str, state: LinkState, detail: str) -> None:
        if self._sink is not None and not self._is_silent:
            self._sink.on_feed_link(feed, state, detail)
