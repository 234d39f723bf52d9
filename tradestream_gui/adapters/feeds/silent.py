"""The feed of a profile that has no source of prices yet: it says so and brings none (standard library only)."""

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import DataKind
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.feed import FeedSink

NAME = "no market data"


class SilentFeed:
    """Entries are denied with QUOTE_MISSING while this is all there is: no price is ever made up."""

    @property
    def name(self) -> str:
        return NAME

    @property
    def kind(self) -> DataKind:
        return DataKind.REALTIME

    async def connect(self, sink: FeedSink) -> None:
        sink.on_feed_link(NAME, LinkState.OFF, "no source of prices is set up; entries are refused until one is")

    async def close(self) -> None:
        """There is nothing to hang up."""

    async def subscribe(self, instrument: Instrument) -> None:
        """Nobody can bring it; the board shows no price."""

    async def unsubscribe(self, instrument: Instrument) -> None:
        """Nothing was subscribed."""
