"""What a feed's contract cases need besides the feed: a market that moves, and a sink that remembers all."""

import asyncio
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar, Protocol

from tests.adapters.brokers.paper.rig import INSTRUMENTS
from tests.contract.ibkr_venue import IbkrVenue
from tests.contract.projectx_venue import QUICK, ProjectXVenue
from tests.support import eventually
from tradestream_gui.adapters.brokers.ibkr import IbkrFeed
from tradestream_gui.adapters.brokers.projectx import ProjectXFeed
from tradestream_gui.adapters.feeds.recorded import RecordedFeed, read_recording
from tradestream_gui.adapters.feeds.synthetic.feed import SyntheticFeed, SyntheticSettings
from tradestream_gui.adapters.runtime.clock import VirtualClock, WorkCounter
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Depth, Quote, TradePrint
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.feed import MarketDataFeed

ES = INSTRUMENTS[InstrumentId("ESZ6")]
MICRO = INSTRUMENTS[InstrumentId("MESZ6")]
SHARE = INSTRUMENTS[InstrumentId("QQQ")]
OPENING = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


class Heard:
    """A feed's sink that writes down what it hears."""

    def __init__(self) -> None:
        self.quotes: list[Quote] = []
        self.prints: list[TradePrint] = []
        self.depths: list[Depth] = []
        self.beats = 0
        self.links: list[tuple[LinkState, str]] = []

    def on_quote(self, quote: Quote) -> None:
        self.quotes.append(quote)

    def on_print(self, trade: TradePrint) -> None:
        self.prints.append(trade)

    def on_depth(self, depth: Depth) -> None:
        self.depths.append(depth)

    def on_heartbeat(self, feed: str) -> None:
        self.beats += 1

    def on_feed_link(self, feed: str, state: LinkState, detail: str) -> None:
        self.links.append((state, detail))

    def of(self, instrument: Instrument) -> list[Quote]:
        return [quote for quote in self.quotes if quote.instrument_id == instrument.instrument_id]


class FeedVenue(Protocol):
    """One feed under test with its market."""

    other: ClassVar[Instrument]
    """A second instrument that it has."""

    @property
    def feed(self) -> MarketDataFeed: ...

    async def start(self, heard: Heard) -> None:
        """Connects."""

    async def stop(self) -> None: ...

    async def move(self) -> None:
        """New prices of the future and of the other one, and time for them to arrive."""

    async def rest(self) -> None:
        """A while in which no price changes, but the stream lives."""


class SyntheticVenue:
    """The demo market in virtual time."""

    other: ClassVar[Instrument] = SHARE

    def __init__(self) -> None:
        self._clock = VirtualClock(OPENING, WorkCounter())
        self.feed = SyntheticFeed(self._clock, SyntheticSettings(seed=5))

    async def start(self, heard: Heard) -> None:
        await self.feed.connect(heard)

    async def stop(self) -> None:
        await self.feed.close()

    async def move(self) -> None:
        await self._clock.run_until(self._clock.now() + timedelta(seconds=10))

    async def rest(self) -> None:
        await self.move()


class RecordedVenue:
    """A recording of a few minutes, played in virtual time."""

    other: ClassVar[Instrument] = SHARE

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        file = Path(self._folder.name) / "quotes.csv"
        rows = ["time_utc,symbol,price,bid,ask,size"]
        for number in range(300):
            at = OPENING + timedelta(seconds=number)
            for symbol, last, ask in (("ESZ6", 6326 + number % 4, "25"), ("QQQ", 500 + number % 3, "01")):
                rows.append(f"{at:%Y-%m-%dT%H:%M:%SZ},{symbol},{last}.00,{last}.00,{last}.{ask},2")
        file.write_text("\n".join(rows) + "\n", encoding="utf-8")
        recording = read_recording(file, lambda symbol, at: INSTRUMENTS.get(InstrumentId(symbol)))
        self._clock = VirtualClock(OPENING, WorkCounter())
        self.feed = RecordedFeed(self._clock, recording)

    async def start(self, heard: Heard) -> None:
        await self.feed.connect(heard)

    async def stop(self) -> None:
        await self.feed.close()
        self._folder.cleanup()

    async def move(self) -> None:
        await self._clock.run_until(self._clock.now() + timedelta(seconds=10))

    async def rest(self) -> None:
        await self.move()


class IbkrFeedVenue:
    """The loopback TWS."""

    other: ClassVar[Instrument] = SHARE

    def __init__(self) -> None:
        self.venue = IbkrVenue()
        self._moves = 0

    @property
    def feed(self) -> MarketDataFeed:
        return self._feed

    async def start(self, heard: Heard) -> None:
        await self.venue.serve()
        self.venue.build(self.venue.server.port)
        self._feed = IbkrFeed(
            connection=self.venue.connection,
            contracts=self.venue.contracts,
            clock=self.venue.clock,
            tasks=self.venue.tasks,
            allow_delayed=True,
        )
        await self._feed.connect(heard)
        await self.venue.start()

    async def stop(self) -> None:
        await self._feed.close()
        await self.venue.stop()

    async def move(self) -> None:
        self._moves += 1
        last, share = 6326 + self._moves, 500 + self._moves
        self.venue.server.price("ESZ6", f"{last}.00", f"{last}.25", f"{last}.25")
        self.venue.server.price("QQQ", f"{share}.00", f"{share}.01", f"{share}.01")
        await self.venue.settle()

    async def rest(self) -> None:
        self.venue.server.bar("ESZ6", 1_800_000_000, "6326", "6327", "6325", "6326", 10)
        await self.venue.settle()


class ProjectXFeedVenue:
    """The loopback gateway's market hub; futures are all that it has."""

    other: ClassVar[Instrument] = MICRO

    def __init__(self) -> None:
        self.venue = ProjectXVenue()
        self._moves = 0

    @property
    def feed(self) -> MarketDataFeed:
        return self._feed

    async def start(self, heard: Heard) -> None:
        await self.venue.serve()
        self.venue.build(self.venue.server.port)
        self._feed = ProjectXFeed(
            gateway=self.venue.gateway, contracts=self.venue.contracts, clock=self.venue.clock, tasks=self.venue.tasks
        )
        await self._feed.connect(heard)
        await eventually(lambda: heard.links[-1][0] is LinkState.UP)

    async def stop(self) -> None:
        await self._feed.close()
        await self.venue.stop()

    async def move(self) -> None:
        self._moves += 1
        last = 6326 + self._moves
        for name in ("ESZ6", "MESZ6"):
            self.venue.server.price(name, f"{last}.00", f"{last}.25", f"{last}.25")
        await asyncio.sleep(0.05)

    async def rest(self) -> None:
        await asyncio.sleep(2 * QUICK.probe_s)


FEEDS: dict[str, type[FeedVenue]] = {
    "ibkr": IbkrFeedVenue, "projectx": ProjectXFeedVenue, "recorded": RecordedVenue, "synthetic": SyntheticVenue,
}  # fmt: skip
