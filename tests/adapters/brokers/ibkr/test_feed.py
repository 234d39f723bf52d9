"""Market data from TWS: quotes, prints, books, bars from before, and what happens when TWS forgets or refuses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

from tests.adapters.brokers.paper.rig import CALL_ID, INSTRUMENTS
from tests.contract.feed_venues import Heard
from tests.contract.ibkr_venue import QUICK, IbkrVenue
from tests.support import eventually
from tradestream_gui.adapters.brokers.ibkr import IbkrFeed
from tradestream_gui.adapters.brokers.ibkr.history import Historian
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Aggressor, DataKind
from tradestream_gui.ports.broker import LinkState

D = Decimal
ES, QQQ = INSTRUMENTS[InstrumentId("ESZ6")], INSTRUMENTS[InstrumentId("QQQ")]


class Station:
    """A feed on the venue's connection."""

    def __init__(self, venue: IbkrVenue, *, allow_delayed: bool) -> None:
        self.venue = venue
        self.heard = Heard()
        self.feed = IbkrFeed(
            connection=venue.connection,
            contracts=venue.contracts,
            clock=venue.clock,
            tasks=venue.tasks,
            allow_delayed=allow_delayed,
        )

    async def tick(self, bid: str, ask: str, last: str, symbol: str = "ESZ6") -> None:
        self.venue.server.price(symbol, bid, ask, last)
        await self.venue.settle()


@asynccontextmanager
async def opened(
    *subscribed: Instrument, allow_delayed: bool = True, delayed_only: bool = False
) -> AsyncIterator[Station]:
    venue = IbkrVenue(timing=QUICK)
    try:
        await venue.serve()
        venue.server.delayed_only = delayed_only
        venue.server.price("ESZ6", "6326.00", "6326.25", "6326.25")
        venue.build(venue.server.port)
        station = Station(venue, allow_delayed=allow_delayed)
        await station.feed.connect(station.heard)
        for instrument in subscribed:
            await station.feed.subscribe(instrument)
        await venue.start()
        await venue.settle()
        yield station
        await station.feed.close()
    finally:
        await venue.stop()


def _lines(station: Station) -> int:
    return sum(len(session.market.lines) for session in station.venue.server.sessions)


async def test_what_was_wanted_before_the_link_is_subscribed_when_it_is_up() -> None:
    async with opened(ES, QQQ) as station:
        await eventually(lambda: _lines(station) == 2)
        await station.tick("6327.00", "6327.25", "6327.25")
        quote = station.heard.quotes[-1]
        assert (quote.bid, quote.bid_size, quote.ask, quote.last) == (D("6327.00"), 50, D("6327.25"), D("6327.25"))
        assert quote.kind is DataKind.REALTIME
        assert quote.instrument_id == "ESZ6"


async def test_subscribing_twice_is_harmless_and_leaving_ends_the_line() -> None:
    async with opened(ES) as station:
        await station.feed.subscribe(ES)
        assert _lines(station) == 1
        await station.feed.unsubscribe(ES)
        await station.venue.settle()
        assert _lines(station) == 0
        heard = len(station.heard.quotes)
        await station.tick("6328.00", "6328.25", "6328.25")
        assert len(station.heard.quotes) == heard


async def test_trades_come_one_by_one_with_their_side() -> None:
    async with opened(ES) as station:
        await station.tick("6327.00", "6327.25", "6327.25")
        await station.tick("6327.00", "6327.25", "6327.00")
        sides = [(trade.price, trade.size, trade.aggressor) for trade in station.heard.prints[-2:]]
        assert sides == [(D("6327.25"), 1, Aggressor.BUYER), (D("6327.00"), 1, Aggressor.SELLER)]


async def test_volume_without_a_price_is_no_trade() -> None:
    async with opened(ES) as station:
        await station.tick("6327.00", "6327.25", "6327.25")
        heard = len(station.heard.prints)
        station.venue.server.unreported_volume("ESZ6")
        await station.venue.settle()
        assert len(station.heard.prints) == heard


async def test_order_book_is_kept_row_by_row_and_cleared_by_a_reset() -> None:
    async with opened(ES) as station:
        await station.tick("6327.00", "6327.25", "6327.25")
        depth = station.heard.depths[-1]
        assert [level.price for level in depth.bids] == [D("6327.0"), D("6326.75"), D("6326.5")]
        assert [level.price for level in depth.asks] == [D("6327.25"), D("6327.5"), D("6327.75")]
        station.venue.server.reset_depth("ESZ6")
        await station.venue.settle()
        assert station.heard.depths[-1].bids == ()
        await station.tick("6328.00", "6328.25", "6328.25")
        assert station.heard.depths[-1].bids[0].price == D("6328")


async def test_five_second_bars_prove_that_a_quiet_stream_lives() -> None:
    async with opened(ES) as station:
        await eventually(lambda: any(session.market.bars for session in station.venue.server.sessions))
        station.venue.server.bar("ESZ6", 1_800_000_000, "6326", "6327", "6325", "6326", 10)
        await station.venue.settle()
        assert station.heard.beats == 1


async def test_lines_are_asked_for_again_after_a_loss_and_only_then() -> None:
    async with opened(ES) as station:
        server = station.venue.server
        server.drop()
        await station.venue.link_is_told_down()
        assert station.heard.links[-1][0] is LinkState.DOWN
        await station.venue.link_is_back()
        await eventually(lambda: _lines(station) == 1)
        server.lose_backend()
        await station.venue.link_is_told_down()
        server.restore_backend(data_lost=False)
        await station.venue.settle()
        await station.venue.settle()
        assert _lines(station) == 1, "data was maintained"
        await station.tick("6329.00", "6329.25", "6329.25")
        assert station.heard.quotes[-1].bid == D("6329")


async def test_lines_that_tws_forgot_are_asked_for_again() -> None:
    async with opened(ES) as station:
        station.venue.server.lose_backend()
        await station.venue.link_is_told_down()
        station.venue.server.restore_backend(data_lost=True)
        await eventually(lambda: _lines(station) == 1)
        await station.tick("6330.00", "6330.25", "6330.25")
        assert station.heard.quotes[-1].bid == D("6330")


async def test_delayed_prices_are_called_delayed() -> None:
    async with opened(ES, delayed_only=True) as station:
        await station.tick("6327.00", "6327.25", "6327.25")
        assert station.heard.quotes[-1].kind is DataKind.DELAYED
        assert station.heard.prints[-1].kind is DataKind.DELAYED
        assert station.feed.kind is DataKind.DELAYED


async def test_missing_subscription_is_told_where_delayed_prices_are_not_allowed() -> None:
    async with opened(ES, delayed_only=True, allow_delayed=False) as station:
        await eventually(lambda: station.feed.problem(ES.instrument_id))
        assert "Subscribe to its market data" in station.feed.problem(ES.instrument_id)
        assert station.heard.links[-1][0] is LinkState.UP
        assert station.heard.quotes == []


async def test_competing_session_is_told_and_not_hammered() -> None:
    async with opened() as station:
        station.venue.server.competing_session = True
        await station.feed.subscribe(ES)
        await station.venue.settle()
        assert "competing live session" in station.feed.problem(ES.instrument_id)
        (session,) = station.venue.server.sessions
        asked = len(session.received_at)
        await station.venue.settle()
        assert len(session.received_at) - asked < 6, "heartbeats only"


async def test_option_has_a_line_of_its_own() -> None:
    async with opened(INSTRUMENTS[CALL_ID]) as station:
        await station.tick("4.90", "5.00", "5.00", symbol=CALL_ID)
        assert (station.heard.quotes[-1].instrument_id, station.heard.quotes[-1].ask) == (CALL_ID, D("5.0"))


async def test_past_is_read_once_the_line_is_open() -> None:
    async with opened() as station:
        known: list[Instrument] = []
        station.feed.when_history_is_known(known.append)
        await station.feed.subscribe(ES)
        await eventually(lambda: known == [ES])
        minutes = station.feed.history(ES, 60, 200)
        assert len(minutes) == 200
        quarters = station.feed.history(ES, 900, 4)
        assert [bar.seconds for bar in quarters] == [900] * 4
        last_but_one, last = quarters[-2:]
        assert last_but_one.high == max(bar.high for bar in minutes if last_but_one.start <= bar.start < last.start)
        assert station.feed.previous_close(ES) is not None


async def test_broken_data_farm_is_told_until_it_is_back() -> None:
    async with opened(ES) as station:
        server = station.venue.server
        server.tell_all(2103, "Market data farm connection is broken:usfuture")
        await station.venue.settle()
        assert station.heard.links[-1][0] is LinkState.DOWN
        server.tell_all(2104, "Market data farm connection is OK:usfuture")
        await station.venue.settle()
        assert station.heard.links[-1][0] is LinkState.UP


async def test_many_requests_for_the_past_never_break_the_pacing_rules() -> None:
    async with opened() as station:
        venue = station.venue
        historian = Historian(venue.connection, venue.contracts, venue.clock)
        wanted = [historian.bars(ES, 60, count) for count in range(1, 9)]
        found = await asyncio.gather(*wanted)
        assert [len(bars) for bars in found] == list(range(1, 9))
        assert await historian.bars(ES, 60, 8) == found[-1], "the same question is answered from memory"
