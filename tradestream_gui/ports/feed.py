"""Market data: a feed pushes quotes, prints and depth into a sink on the loop's thread."""

from collections.abc import Callable
from decimal import Decimal
from typing import Protocol

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Bar, DataKind, Depth, Quote, TradePrint
from tradestream_gui.ports.broker import LinkState


class FeedSink(Protocol):
    def on_quote(self, quote: Quote) -> None: ...

    def on_print(self, trade: TradePrint) -> None: ...

    def on_depth(self, depth: Depth) -> None: ...

    def on_heartbeat(self, feed: str) -> None:
        """Proof that the stream lives although no price changed."""

    def on_feed_link(self, feed: str, state: LinkState, detail: str) -> None: ...


class FeedHistory(Protocol):
    """What a feed knows of the time before it was connected; empty or None where it knows nothing."""

    def history(self, instrument: Instrument, seconds: int, count: int) -> tuple[Bar, ...]:
        """The last `count` bars of whole minutes, oldest first."""

    def previous_close(self, instrument: Instrument) -> Decimal | None:
        """The close of the session before."""


class LateHistory(FeedHistory, Protocol):
    """A past that has to be fetched: it is known some time after the instrument was subscribed."""

    def when_history_is_known(self, tell: Callable[[Instrument], None]) -> None:
        """`tell` hears of each instrument whose past has arrived."""


class MarketDataFeed(Protocol):
    """One source of prices. Subscribing twice is harmless."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> DataKind: ...

    async def connect(self, sink: FeedSink) -> None: ...

    async def close(self) -> None: ...

    async def subscribe(self, instrument: Instrument) -> None: ...

    async def unsubscribe(self, instrument: Instrument) -> None: ...
