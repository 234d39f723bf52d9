"""Market data from TopstepX: quotes that name only what changed, prints, books, bars from before, and lost lines."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.adapters.brokers.paper.rig import INSTRUMENTS
from tests.contract.feed_venues import Heard
from tests.contract.projectx_venue import ProjectXVenue
from tests.support import eventually
from tradestream_gui.adapters.brokers.projectx import ProjectXFeed
from tradestream_gui.adapters.brokers.projectx.history import MAX_BARS, MINUTE, past_bars
from tradestream_gui.adapters.brokers.projectx.lines import BEST_BID, BID, MAX_KEPT, Line
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Aggressor, DataKind
from tradestream_gui.ports.broker import LinkState

D = Decimal
ES, MES, SHARE = (INSTRUMENTS[InstrumentId(name)] for name in ("ESZ6", "MESZ6", "QQQ"))


class Station:
    """A feed on a log-in of its own."""

    def __init__(self, venue: ProjectXVenue) -> None:
        self.venue = venue
        self.server = venue.server
        self.heard = Heard()
        self.feed = ProjectXFeed(gateway=venue.gateway, contracts=venue.contracts, clock=venue.clock, tasks=venue.tasks)

    async def tick(self, bid: str, ask: str, last: str, name: str = "ESZ6", size: int = 50) -> None:
        self.server.price(name, bid, ask, last, size=size)
        await asyncio.sleep(0.05)


@asynccontextmanager
async def opened(*subscribed: Instrument) -> AsyncIterator[Station]:
    venue = ProjectXVenue()
    try:
        await venue.serve()
        venue.server.price("ESZ6", "6326.00", "6326.25", "6326.25")
        venue.build(venue.server.port)
        station = Station(venue)
        await station.feed.connect(station.heard)
        await eventually(lambda: station.heard.links[-1][0] is LinkState.UP)
        for instrument in subscribed:
            await station.feed.subscribe(instrument)
        await asyncio.sleep(0.05)
        yield station
        await station.feed.close()
    finally:
        await venue.stop()


async def test_first_picture_is_whole_and_changes_are_merged_into_it() -> None:
    async with opened(ES) as station:
        first = station.heard.quotes[0]
        assert (first.bid, first.ask, first.last) == (D("6326"), D("6326.25"), D("6326.25"))
        await station.tick("6326.00", "6326.50", "6326.25")
        quote = station.heard.quotes[-1]
        assert (quote.bid, quote.ask, quote.last) == (D("6326"), D("6326.5"), D("6326.25"))
        assert (quote.bid_size, quote.kind) == (50, DataKind.REALTIME)


@pytest.mark.parametrize("as_lists", [False, True], ids=["single", "in lists"])
async def test_trades_and_books_come_single_and_in_lists(*, as_lists: bool) -> None:
    async with opened() as station:
        station.server.faults.as_lists = as_lists
        await station.feed.subscribe(ES)
        await station.tick("6327.00", "6327.25", "6327.25")
        trade = station.heard.prints[-1]
        assert (trade.price, trade.size, trade.aggressor) == (D("6327.25"), 1, Aggressor.BUYER)
        depth = station.heard.depths[-1]
        assert [level.price for level in depth.bids[:2]] == [D("6327"), D("6326.75")]
        assert [level.price for level in depth.asks[:2]] == [D("6327.25"), D("6327.5")]


async def test_reset_empties_the_book_until_it_is_told_anew() -> None:
    async with opened(ES) as station:
        await station.tick("6327.00", "6327.25", "6327.25")
        assert station.heard.depths[-1].bids
        station.server.reset_depth("ESZ6")
        await asyncio.sleep(0.05)
        assert station.heard.depths[-1].bids == ()
        await station.tick("6327.25", "6327.50", "6327.50")
        assert station.heard.depths[-1].bids[0].price == D("6327.25")


async def test_what_topstep_has_not_is_said_in_words() -> None:
    async with opened(SHARE) as station:
        assert "futures only" in station.feed.problem(SHARE.instrument_id)
        assert station.server.market_hub.invocations == []


async def test_lost_line_is_told_taken_up_again_and_subscribed_anew() -> None:
    async with opened(ES, MES) as station:
        station.server.market_hub.drop()
        await eventually(lambda: LinkState.DOWN in [state for state, _ in station.heard.links])
        await eventually(lambda: station.heard.links[-1][0] is LinkState.UP)
        await eventually(lambda: len(station.server.market_hub.listeners("ContractTrades", "CON.F.US.MES.Z26")) == 1)
        quotes = len(station.heard.of(ES))
        await station.tick("6328.00", "6328.25", "6328.25")
        assert len(station.heard.of(ES)) > quotes


async def test_ended_session_is_no_end_of_prices() -> None:
    async with opened(ES) as station:
        station.server.expire_tokens()
        station.server.market_hub.drop()
        await eventually(lambda: LinkState.DOWN in [state for state, _ in station.heard.links])
        await eventually(lambda: station.heard.links[-1][0] is LinkState.UP)


async def test_dead_line_is_told_although_nobody_hung_up() -> None:
    async with opened(ES) as station:
        station.server.faults.dead = True
        await eventually(lambda: station.heard.links[-1][0] is LinkState.DOWN)
        await station.server.heal()
        await eventually(lambda: station.heard.links[-1][0] is LinkState.UP)


async def test_frames_that_mean_nothing_are_passed_over() -> None:
    async with opened(ES) as station:
        for text in ('{"type":1,"target":"Gate\x1e', '[]\x1e{"type":1}\x1e', '{"type":1,"target":"GatewayQuote",'
                     '"arguments":["CON.F.US.EP.Z26",{"bestBid":"much"}]}\x1e'):  # fmt: skip
            station.server.garbage(text)
        await station.tick("6328.00", "6328.25", "6328.25")
        assert station.heard.of(ES)[-1].bid == 6328
        assert station.heard.links[-1][0] is LinkState.UP


async def test_past_arrives_oldest_first_and_is_grouped() -> None:
    async with opened() as station:
        known: list[Instrument] = []
        station.feed.when_history_is_known(known.append)
        end = station.venue.clock.now().replace(minute=0, second=0, microsecond=0)
        yesterday = end - timedelta(days=1)
        station.server.bars("ESZ6", *(str(6300 + number) for number in range(30)), end=yesterday)
        older = station.server.venue.bars["CON.F.US.EP.Z26"]
        station.server.bars("ESZ6", *(str(6400 + number) for number in range(30)), end=end)
        station.server.venue.bars["CON.F.US.EP.Z26"][:0] = older
        await station.feed.subscribe(ES)
        await eventually(lambda: known == [ES])
        minutes = station.feed.history(ES, 60, 240)
        assert [bar.close for bar in minutes[-3:]] == [6427, 6428, 6429]
        assert minutes[0].start < minutes[-1].start
        assert station.feed.history(ES, 900, 2)[-1].close == 6429
        today = station.venue.clock.now().date()
        before = [bar for bar in station.server.venue.bars["CON.F.US.EP.Z26"] if bar.start.date() < today]
        assert station.feed.previous_close(ES) == before[-1].close


async def test_no_more_bars_are_asked_for_than_the_gateway_gives() -> None:
    async with opened() as station:
        station.server.bars("ESZ6", "6300", "6301")
        venue = station.venue
        found = await past_bars(venue.gateway, venue.contracts, venue.clock, ES, MINUTE, MAX_BARS + 1)
        assert [bar.close for bar in found] == [6300, 6301]


def test_book_forgets_what_a_better_best_price_has_passed_and_does_not_grow_for_ever() -> None:
    line = Line(ES)
    for number in range(3 * MAX_KEPT):
        line.take_depth({"type": BID, "price": D(6000) + number, "volume": 1, "currentVolume": 1})
    assert len(line.bids) <= MAX_KEPT
    line.take_depth({"type": BEST_BID, "price": D(6550), "volume": 7, "currentVolume": 7})
    assert max(line.bids) == 6550
    assert line.bids[D(6550)] == 7
