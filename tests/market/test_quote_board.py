"""The board: what is shown, how old it is, and what never gets onto it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tradestream_gui.adapters.runtime.clock import VirtualClock, WorkCounter
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events_market import DepthUpdated, QuoteUpdated, TradePrinted
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, TickBand
from tradestream_gui.domain.quotes import Aggressor, DataKind, Depth, DepthLevel, Quote, TradePrint
from tradestream_gui.market.quote_board import PROOF_GAP_S, QuoteBoard
from tradestream_gui.market.quote_check import Nonsense
from tradestream_gui.ports.broker import LinkState

START = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
FEED = "one feed"


def future(root: str, tick: str = "0.25") -> Instrument:
    ticks = (TickBand(Decimal(0), Decimal(tick)),)
    return Instrument(InstrumentId(f"{root}Z6"), AssetClass.FUTURE, root, "CME", ticks, Decimal(50), root, Decimal(1))


ES, NQ, CL = future("ES"), future("NQ"), future("CL", "0.01")
CENT = (TickBand(Decimal(0), Decimal("0.01")),)
AAPL = Instrument(InstrumentId("AAPL"), AssetClass.STOCK, "AAPL", "SMART", CENT, Decimal(1), "AAPL", Decimal(0))


def reraise(fact: object, error: Exception) -> None:
    raise AssertionError(f"a state owner failed on {fact}") from error


def utc_day(instrument_id: InstrumentId, at: datetime) -> tuple[datetime, datetime]:
    start = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=1)


class Room:
    """A board on virtual time with all that it published."""

    def __init__(self, start: datetime = START) -> None:
        self.bus = EventBus(reraise)
        self.clock = VirtualClock(start, WorkCounter())
        self.board = QuoteBoard(self.bus, self.clock, utc_day)
        self.heard: list[object] = []
        for fact_type in (QuoteUpdated, TradePrinted, DepthUpdated):
            self.bus.subscribe(fact_type, self.heard.append)
        for instrument in (ES, NQ, CL, AAPL):
            self.board.assign(instrument, FEED)

    async def wait(self, seconds: float) -> None:
        await self.clock.run_until(self.clock.now() + timedelta(seconds=seconds))

    def quote(
        self, instrument: Instrument, bid: str | None, ask: str | None, *, last: str | None = None, size: int = 5
    ) -> Quote:
        sides = [None if text is None else Decimal(text) for text in (bid, ask, last)]
        made = Quote(
            instrument.instrument_id, self.clock.now(), sides[0], size, sides[1], size, sides[2], DataKind.REALTIME
        )
        self.board.on_quote(made)
        return made

    def trade(self, instrument: Instrument, price: str, size: int = 1) -> TradePrint:
        made = TradePrint(
            instrument.instrument_id, self.clock.now(), Decimal(price), size, Aggressor.UNKNOWN, DataKind.REALTIME
        )
        self.board.on_print(made)
        return made


def test_the_board_is_written_before_the_fact_is_heard() -> None:
    room = Room()
    seen: list[Quote | None] = []
    room.bus.subscribe(QuoteUpdated, lambda fact: seen.append(room.board.quote(ES.instrument_id)))
    made = room.quote(ES, "6320.00", "6320.25")
    assert seen == [made]
    assert room.heard == [QuoteUpdated(made)]


@pytest.mark.parametrize(
    ("instrument", "bid", "ask", "last", "wrong"),
    [
        (ES, "NaN", "6320.25", None, Nonsense.NOT_FINITE),
        (ES, "6320", "Infinity", None, Nonsense.NOT_FINITE),
        (ES, "6320", "6320.25", "0", Nonsense.NOT_POSITIVE),
        (ES, "-1", "6320.25", None, Nonsense.NOT_POSITIVE),
        (AAPL, "0", "235.10", None, Nonsense.NOT_POSITIVE),
        (ES, "6420", "6320.25", None, Nonsense.CROSSED),
        (AAPL, "240", "235", None, Nonsense.CROSSED),
    ],
)
def test_nonsense_is_counted_and_neither_kept_nor_published(
    instrument: Instrument, bid: str, ask: str, last: str | None, wrong: Nonsense
) -> None:
    room = Room()
    room.quote(instrument, bid, ask, last=last)
    assert room.heard == []
    assert room.board.quote(instrument.instrument_id) is None
    assert room.board.refused_counts == {(instrument.instrument_id, wrong): 1}


def test_negative_sizes_are_refused_in_quotes_prints_and_depth() -> None:
    room = Room()
    room.quote(ES, "6320", "6320.25", size=-1)
    room.trade(ES, "6320", size=-1)
    level = DepthLevel(Decimal(6320), -1)
    room.board.on_depth(Depth(ES.instrument_id, START, (level,), (), DataKind.REALTIME))
    assert room.heard == []
    assert room.board.refused_counts == {(ES.instrument_id, Nonsense.NEGATIVE_SIZE): 3}


def test_a_book_out_of_order_is_refused() -> None:
    room = Room()
    levels = tuple(DepthLevel(Decimal(price), 1) for price in (6320, 6321))
    room.board.on_depth(Depth(ES.instrument_id, START, levels, (), DataKind.REALTIME))
    assert room.board.depth(ES.instrument_id) is None
    room.board.on_depth(Depth(ES.instrument_id, START, levels[::-1], levels[1:], DataKind.REALTIME))
    assert room.board.depth(ES.instrument_id) is not None


def test_crude_oil_may_trade_below_zero_and_a_moving_market_may_cross_for_a_moment() -> None:
    room = Room()
    below = room.quote(CL, "-37.65", "-37.60", last="-37.63")
    crossed = room.quote(ES, "6320.50", "6320.25")
    assert room.board.quote(CL.instrument_id) == below
    assert room.board.quote(ES.instrument_id) == crossed


async def test_the_streams_age_is_young_in_a_quiet_market_while_the_quotes_own_age_grows() -> None:
    room = Room()
    room.quote(ES, "6320.00", "6320.25")
    for _ in range(60):
        await room.wait(1)
        room.board.on_heartbeat(FEED)
    assert room.board.stream_age_s(ES.instrument_id) == 0
    assert room.board.quote_age_s(ES.instrument_id) == pytest.approx(60)
    room.trade(NQ, "23400")
    await room.wait(3)
    assert room.board.stream_age_s(ES.instrument_id) == pytest.approx(3)
    assert room.board.feed_age_s(FEED) == pytest.approx(3)


def test_an_instrument_without_a_quote_has_no_age() -> None:
    room = Room()
    room.board.on_heartbeat(FEED)
    assert room.board.stream_age_s(ES.instrument_id) is None
    assert room.board.quote_age_s(ES.instrument_id) is None
    assert room.board.stream_age_s(InstrumentId("never heard of")) is None


def reconnect(room: Room) -> None:
    room.board.on_feed_link(FEED, LinkState.DOWN, "cut")
    room.board.on_feed_link(FEED, LinkState.UP, "back")


def send_nonsense(room: Room) -> None:
    room.quote(ES, "NaN", "6320.25")


@pytest.mark.parametrize("breaking", [reconnect, send_nonsense])
async def test_after_a_break_only_a_new_quote_of_its_own_makes_an_instrument_fresh(
    breaking: Callable[[Room], None],
) -> None:
    room = Room()
    room.board.on_feed_link(FEED, LinkState.UP, "connected")
    room.quote(ES, "6320.00", "6320.25")
    await room.wait(4)
    breaking(room)
    room.board.on_heartbeat(FEED)
    room.quote(NQ, "23400", "23401")
    assert room.board.stream_age_s(ES.instrument_id) == pytest.approx(4)
    assert room.board.stream_age_s(NQ.instrument_id) == 0
    room.quote(ES, "6310.00", "6310.25")
    await room.wait(1)
    room.board.on_heartbeat(FEED)
    assert room.board.stream_age_s(ES.instrument_id) == 0


async def test_the_first_word_after_a_long_silence_does_not_vouch_for_old_quotes() -> None:
    room = Room()
    room.quote(ES, "6320.00", "6320.25")
    await room.wait(PROOF_GAP_S + 20)
    room.quote(NQ, "23400", "23401")
    assert room.board.stream_age_s(ES.instrument_id) == pytest.approx(PROOF_GAP_S + 20)
    assert room.board.stream_age_s(NQ.instrument_id) == 0


def test_another_feed_starts_from_nothing() -> None:
    room = Room()
    room.quote(ES, "6320.00", "6320.25")
    room.trade(ES, "6320.25")
    room.board.assign(ES, "another feed")
    room.board.on_heartbeat("another feed")
    assert room.board.quote(ES.instrument_id) is None
    assert room.board.last_print(ES.instrument_id) is None
    assert room.board.feed_of(ES.instrument_id) == "another feed"


async def test_the_last_price_is_the_newer_of_print_and_quote() -> None:
    room = Room()
    assert room.board.last_price(ES.instrument_id) is None
    room.quote(ES, "6320.00", "6320.25", last="6320.00")
    assert room.board.last_price(ES.instrument_id) == Decimal("6320.00")
    await room.wait(1)
    room.trade(ES, "6320.25")
    assert room.board.last_price(ES.instrument_id) == Decimal("6320.25")
    await room.wait(1)
    room.quote(ES, "6321.00", "6321.25", last="6321.00")
    assert room.board.last_price(ES.instrument_id) == Decimal("6321.00")


async def test_the_days_figures_say_only_what_was_measured() -> None:
    room = Room()
    assert room.board.day_stats(ES.instrument_id) is None
    for price, size in (("6320", 2), ("6325.25", 1), ("6318.50", 4)):
        room.trade(ES, price, size)
        await room.wait(1)
    stats = room.board.day_stats(ES.instrument_id)
    assert stats is not None
    assert (stats.high, stats.low, stats.last, stats.volume) == (
        Decimal("6325.25"),
        Decimal(6320) - Decimal("1.50"),
        Decimal("6318.50"),
        7,
    )
    assert (stats.open, stats.previous_close, stats.change) == (None, None, None)
    assert stats.measured_since == START
    room.board.note_previous_close(ES.instrument_id, Decimal(6300))
    stats = room.board.day_stats(ES.instrument_id)
    assert stats is not None
    assert stats.change == Decimal("18.50")


async def test_a_new_day_knows_its_open_and_the_close_that_was_heard() -> None:
    room = Room(start=datetime(2026, 11, 20, 23, 59, 50, tzinfo=UTC))
    room.trade(ES, "6320", 9)
    await room.wait(15)
    room.trade(ES, "6322", 1)
    stats = room.board.day_stats(ES.instrument_id)
    assert stats is not None
    assert (stats.open, stats.high, stats.volume, stats.previous_close, stats.change) == (
        Decimal(6322),
        Decimal(6322),
        1,
        Decimal(6320),
        Decimal(2),
    )


async def test_a_last_print_of_the_morning_is_not_taken_for_the_close() -> None:
    room = Room(start=datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    room.trade(ES, "6320")
    await room.wait(15.5 * 3600)
    room.trade(ES, "6322")
    stats = room.board.day_stats(ES.instrument_id)
    assert stats is not None
    assert stats.previous_close is None
