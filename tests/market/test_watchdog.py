"""The flow watchdog: a broken stream is told, a quiet market is not."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from tradestream_gui.adapters.feeds.synthetic import NAME, Outage, SyntheticFeed, SyntheticSettings
from tradestream_gui.adapters.runtime.clock import VirtualClock, WorkCounter
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events_market import StreamKind, StreamRevived, StreamWentStale
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, TickBand
from tradestream_gui.domain.quotes import Aggressor, DataKind, Depth, DepthLevel, Quote, TradePrint
from tradestream_gui.market.quote_board import QuoteBoard
from tradestream_gui.market.watchdog import FlowWatchdog

START = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
FEED = "one feed"
TICKS = (TickBand(Decimal(0), Decimal("0.25")),)
ES = Instrument(InstrumentId("ESZ6"), AssetClass.FUTURE, "ES", "CME", TICKS, Decimal(50), "ES", Decimal(1))
MES = Instrument(InstrumentId("MESZ6"), AssetClass.FUTURE, "MES", "CME", TICKS, Decimal(5), "ES", Decimal("0.1"))


def reraise(fact: object, error: Exception) -> None:
    raise AssertionError(f"a state owner failed on {fact}") from error


class Room:
    def __init__(self, start: datetime = START) -> None:
        self.bus = EventBus(reraise)
        self.clock = VirtualClock(start, WorkCounter())
        self.board = QuoteBoard(self.bus, self.clock)
        self.watchdog = FlowWatchdog(self.bus, self.clock, self.board)
        self.told: list[StreamWentStale | StreamRevived] = []
        self.bus.subscribe(StreamWentStale, self.told.append)
        self.bus.subscribe(StreamRevived, self.told.append)
        self.board.assign(ES, FEED)
        self.watchdog.start()

    async def wait(self, seconds: float) -> None:
        await self.clock.run_until(self.clock.now() + timedelta(seconds=seconds))

    def quote(self, bid: Decimal, instrument: Instrument = ES, last: Decimal | None = None) -> None:
        ask, at = bid + ES.tick_size, self.clock.now()
        self.board.on_quote(Quote(instrument.instrument_id, at, bid, 5, ask, 5, last or bid, DataKind.REALTIME))

    def trade(self, price: Decimal, instrument: Instrument = ES) -> None:
        at = self.clock.now()
        self.board.on_print(TradePrint(instrument.instrument_id, at, price, 1, Aggressor.UNKNOWN, DataKind.REALTIME))

    async def run(self, seconds: int, *, quotes: bool, prints: bool, drift: Decimal = Decimal("0.25")) -> None:
        """Four steps a second of a rising market, of which some streams may be missing."""
        for step in range(seconds * 4):
            price = Decimal(6320) + drift * step
            if prints:
                self.trade(price)
            if quotes:
                self.quote(price)
            await self.wait(0.25)


async def test_quotes_that_stop_while_trades_move_on_are_told_once_and_their_return_too() -> None:
    room = Room()
    await room.run(10, quotes=True, prints=True)
    broke_at = room.clock.now() - timedelta(seconds=0.25)
    await room.run(10, quotes=False, prints=True, drift=Decimal(-5))
    assert room.told == [StreamWentStale(FEED, ES.instrument_id, StreamKind.QUOTES, broke_at)]
    assert room.watchdog.is_stale(ES.instrument_id)
    revived_at = room.clock.now()
    await room.run(2, quotes=True, prints=True)
    assert room.told[1:] == [StreamRevived(FEED, ES.instrument_id, StreamKind.QUOTES, revived_at)]
    assert not room.watchdog.is_stale(ES.instrument_id)


async def test_prints_that_stop_while_the_quoted_last_price_changes_are_told() -> None:
    room = Room()
    await room.run(10, quotes=True, prints=True)
    await room.run(10, quotes=True, prints=False)
    assert [(type(fact), fact.stream) for fact in room.told] == [(StreamWentStale, StreamKind.PRINTS)]


async def test_a_quiet_market_turns_nothing_red() -> None:
    room = Room()
    await room.run(10, quotes=True, prints=True)
    for _ in range(120):
        room.board.on_heartbeat(FEED)
        await room.wait(1)
    assert room.told == []


async def test_trades_between_bid_and_ask_do_not_make_a_resting_quote_stale() -> None:
    room = Room()
    await room.run(10, quotes=True, prints=True)
    room.quote(Decimal(6320))
    for number in range(60):
        room.trade(Decimal(6320) + ES.tick_size * (number % 2))
        await room.wait(1)
    assert room.told == []


async def test_a_feed_whose_heartbeats_stop_is_told_as_a_whole_and_its_return_too() -> None:
    room = Room()
    feed = SyntheticFeed(room.clock, SyntheticSettings(seed=1), outages=(Outage(30, 60),))
    room.board.assign(ES, NAME)
    await feed.connect(room.board)
    await feed.subscribe(ES)
    await room.wait(59)
    whole = [fact for fact in room.told if fact.instrument_id is None]
    assert whole == [StreamWentStale(NAME, None, StreamKind.HEARTBEAT, START + timedelta(seconds=29))]
    assert room.watchdog.is_stale(ES.instrument_id)
    assert (room.board.stream_age_s(ES.instrument_id) or 0) > 28
    await room.wait(5)
    await feed.close()
    assert [type(fact) for fact in room.told if fact.instrument_id is None] == [StreamWentStale, StreamRevived]
    assert not room.watchdog.is_stale(ES.instrument_id)


async def test_an_hour_of_a_living_market_turns_nothing_red() -> None:
    room = Room()
    feed = SyntheticFeed(room.clock, SyntheticSettings(seed=1))
    room.board.assign(ES, NAME)
    await feed.connect(room.board)
    await feed.subscribe(ES)
    await room.wait(3600)
    await feed.close()
    assert room.told == []


async def test_contract_that_stands_still_while_its_family_moves_is_frozen_and_named() -> None:
    room = Room()
    room.board.assign(MES, FEED)
    for step in range(40):
        room.quote(Decimal(6320) + step % 2)
        room.quote(Decimal(6320) + step % 2, MES)
        await room.wait(0.25)
    froze_at = room.clock.now() - timedelta(seconds=0.25)
    for step in range(16):
        room.quote(Decimal(6320) + Decimal("0.25") * step, MES)
        await room.wait(0.25)
    assert room.told == [StreamWentStale(FEED, ES.instrument_id, StreamKind.QUOTES, froze_at)]
    assert "quotes stand still since 14:30:09" in room.watchdog.frozen(ES.instrument_id)
    assert room.watchdog.frozen(MES.instrument_id) == ""
    room.quote(Decimal(6324))
    assert room.watchdog.frozen(ES.instrument_id) == ""


async def test_family_that_ticks_without_going_anywhere_proves_nothing() -> None:
    room = Room()
    room.board.assign(MES, FEED)
    await room.run(10, quotes=True, prints=True)
    for step in range(240):
        room.quote(Decimal(6320) + ES.tick_size * (step % 3), MES)
        await room.wait(0.25)
    assert room.told == []


async def test_order_book_that_stands_still_is_told_and_blocks_no_entry() -> None:
    room = Room()
    for step in range(40):
        price = Decimal(6320) + ES.tick_size * step
        level = DepthLevel(price, 5)
        room.board.on_depth(Depth(ES.instrument_id, room.clock.now(), (level,), (), DataKind.REALTIME))
        room.quote(price)
        await room.wait(0.25)
    await room.run(10, quotes=True, prints=False)
    assert [fact.stream for fact in room.told] == [StreamKind.DEPTH]
    assert room.watchdog.frozen(ES.instrument_id) == ""


async def test_what_nobody_subscribes_any_more_is_not_kept_as_frozen() -> None:
    room = Room()
    await room.run(10, quotes=True, prints=True)
    await room.run(10, quotes=False, prints=True, drift=Decimal(-5))
    room.watchdog.forget(ES.instrument_id)
    assert [type(fact) for fact in room.told] == [StreamWentStale, StreamRevived]
    assert room.watchdog.frozen(ES.instrument_id) == ""


async def test_simulated_quiet_night_turns_nothing_red() -> None:
    """Eight hours with lulls of minutes: gaps without a rhythm, one price under both contracts of the family, each of
    which tells of it a little later than the other, trades inside of the quote, and the feed's pulse."""
    room, chance = Room(datetime(2026, 11, 20, 2, tzinfo=UTC)), Random(11)
    room.board.assign(MES, FEED)
    price, told, frozen = Decimal(6320), 0, set()
    last = {ES: price, MES: price}
    for second in range(8 * 3600):
        busy = 0.02 + 0.5 * ((second // 900) % 4 == 0)
        if chance.random() < busy:
            price += ES.tick_size * chance.choice((-2, -1, -1, 0, 1, 1, 2))
            for instrument in chance.sample((ES, MES), 2):
                if chance.random() < 0.4:
                    last[instrument] = price + ES.tick_size * chance.randrange(2)
                    room.trade(last[instrument], instrument)
                room.quote(price, instrument, last[instrument])
                told += 1
                await room.wait(chance.random() * 0.3)
        if second % 5 == 0:
            room.board.on_heartbeat(FEED)
        frozen |= {room.watchdog.frozen(one.instrument_id) for one in (ES, MES)}
        await room.wait(1)
    assert told > 5000
    assert room.told == []
    assert frozen == {""}
