"""Bars grow price by price into what a batch over all prices makes of them."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tradestream_gui.adapters.runtime.clock import VirtualClock, WorkCounter
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events_market import BarClosed, QuoteUpdated, TradePrinted
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.quotes import Aggressor, Bar, DataKind, Quote, TradePrint
from tradestream_gui.market.bars import DAY_S, FRAMES_S, BarBook

ES = InstrumentId("ESZ6")
CALL = InstrumentId("QQQ   230512C00327000")
START = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)


def reraise(fact: object, error: Exception) -> None:
    raise AssertionError(f"a state owner failed on {fact}") from error


def evening_day(instrument_id: InstrumentId, at: datetime) -> tuple[datetime, datetime]:
    """A day that runs from 23:00 to 23:00 UTC, as index futures do in winter."""
    start = at.replace(hour=23, minute=0, second=0, microsecond=0)
    if start > at:
        start -= timedelta(days=1)
    return start, start + timedelta(days=1)


def make_book(start: datetime = START) -> tuple[BarBook, EventBus, VirtualClock]:
    bus = EventBus(reraise)
    clock = VirtualClock(start, WorkCounter())
    return BarBook(bus, clock, evening_day), bus, clock


def trade(at: datetime, price: str | Decimal, size: int = 1) -> TradePrint:
    return TradePrint(ES, at, Decimal(price), size, Aggressor.UNKNOWN, DataKind.DEMO)


def batch(trades: list[TradePrint], seconds: int) -> list[Bar]:
    """The plain way: group all prints by interval, then take first, highest, lowest, last and sum."""
    groups: dict[datetime, list[TradePrint]] = {}
    for one in trades:
        if seconds == DAY_S:
            start = evening_day(ES, one.at)[0]
        else:
            second = int(one.at.timestamp())
            start = datetime.fromtimestamp(second - second % seconds, UTC)
        groups.setdefault(start, []).append(one)
    return [
        Bar(
            ES,
            start,
            seconds,
            members[0].price,
            max(one.price for one in members),
            min(one.price for one in members),
            members[-1].price,
            sum(one.size for one in members),
            DataKind.DEMO,
        )
        for start, members in groups.items()
    ]


steps = st.tuples(
    st.one_of(st.integers(0, 3_000_000), st.integers(0, 900_000_000), st.integers(0, 90_000_000_000)),
    st.integers(20_000, 20_400),
    st.integers(0, 40),
)


@given(st.lists(steps, min_size=1, max_size=60))
def test_bars_of_every_length_equal_a_batch_over_the_prints(moves: list[tuple[int, int, int]]) -> None:
    book, bus, _ = make_book()
    at, trades = START, []
    for gap_us, quarter_points, size in moves:
        at += timedelta(microseconds=gap_us)
        trades.append(trade(at, Decimal(quarter_points) / 4, size))
        bus.publish(TradePrinted(trades[-1]))
    for seconds in FRAMES_S:
        unfinished = book.current(ES, seconds)
        assert unfinished is not None
        assert [*book.series(ES, seconds).last(10**6), unfinished] == batch(trades, seconds)


def test_a_bar_is_published_once_after_it_stands_in_its_series() -> None:
    book, bus, _ = make_book()
    heard: list[tuple[int, int]] = []
    bus.subscribe(BarClosed, lambda fact: heard.append((fact.bar.seconds, len(book.series(ES, fact.bar.seconds)))))
    bus.publish(TradePrinted(trade(START, "6300.25")))
    bus.publish(TradePrinted(trade(START + timedelta(seconds=5), "6300.50")))
    assert heard == [(1, 1), (5, 1)]


async def run_clock(clock: VirtualClock, seconds: float) -> None:
    await clock.run_until(clock.now() + timedelta(seconds=seconds))


def test_a_bar_closes_by_the_clock_when_no_further_print_comes() -> None:
    book, bus, clock = make_book()
    closed: list[Bar] = []
    bus.subscribe(BarClosed, lambda fact: closed.append(fact.bar))
    book.start()
    bus.publish(TradePrinted(trade(START, "6300.25", 3)))
    asyncio.run(run_clock(clock, 61))
    book.close()
    assert [bar.seconds for bar in closed] == [1, 5, 15, 60]
    assert all(bar.volume == 3 for bar in closed)


def test_a_book_whose_bars_are_all_closed_rests_until_the_next_price_and_closes_its_bar_by_the_clock_too() -> None:
    book, bus, clock = make_book()
    closed: list[Bar] = []
    bus.subscribe(BarClosed, lambda fact: closed.append(fact.bar))
    book.start()
    bus.publish(TradePrinted(trade(START, "6300.25", 3)))
    asyncio.run(run_clock(clock, 2 * DAY_S))
    assert {bar.seconds for bar in closed} == set(FRAMES_S)
    closed.clear()
    bus.publish(TradePrinted(trade(clock.now(), "6301.25")))
    asyncio.run(run_clock(clock, 2))
    book.close()
    assert [bar.seconds for bar in closed] == [1]


def test_an_interval_without_a_price_has_no_bar() -> None:
    book, bus, clock = make_book()
    book.start()
    bus.publish(TradePrinted(trade(START, "6300.25")))
    asyncio.run(run_clock(clock, 600))
    assert len(book.series(ES, 60)) == 1
    assert book.current(ES, 60) is None


def test_a_late_print_enters_the_bar_that_it_belongs_to() -> None:
    book, bus, _ = make_book()
    for second, price in ((0, "6300.00"), (61, "6301.00")):
        bus.publish(TradePrinted(trade(START + timedelta(seconds=second), price)))
    bus.publish(TradePrinted(trade(START, "6299.00", 4)))
    minute = book.series(ES, 60)[0]
    assert (minute.open, minute.low, minute.close, minute.volume) == (
        Decimal("6300.00"),
        Decimal("6299.00"),
        Decimal("6300.00"),
        5,
    )
    assert book.late_count(ES) == 1
    hour = book.current(ES, 3600)
    assert hour is not None
    assert (hour.low, hour.close, hour.volume) == (Decimal("6299.00"), Decimal("6301.00"), 6)


@settings(max_examples=20)
@given(st.integers(2, 400), st.data())
def test_a_late_print_is_counted_once_in_every_length(seconds: int, data: st.DataObject) -> None:
    book, bus, _ = make_book()
    for second in range(seconds):
        bus.publish(TradePrinted(trade(START + timedelta(seconds=second), "6300.00")))
    late = data.draw(st.integers(0, seconds - 2))
    bus.publish(TradePrinted(trade(START + timedelta(seconds=late), "6299.00", 7)))
    for length in FRAMES_S:
        unfinished = book.current(ES, length)
        assert unfinished is not None
        bars = [*book.series(ES, length).last(10**6), unfinished]
        assert sum(bar.volume for bar in bars) == seconds + 7
        assert [bar.low for bar in bars].count(Decimal("6299.00")) == 1


def quote(instrument_id: InstrumentId, at: datetime, bid: str, ask: str) -> Quote:
    return Quote(instrument_id, at, Decimal(bid), 1, Decimal(ask), 1, None, DataKind.DEMO)


def test_an_option_is_drawn_from_its_mids_and_a_future_from_its_prints() -> None:
    book, bus, _ = make_book()
    bus.publish(QuoteUpdated(quote(CALL, START, "0.68", "0.70")))
    bus.publish(TradePrinted(TradePrint(CALL, START, Decimal("0.70"), 9, Aggressor.BUYER, DataKind.DEMO)))
    bus.publish(TradePrinted(trade(START, "6300.25")))
    bus.publish(QuoteUpdated(quote(ES, START, "6310", "6310.25")))
    option, future = book.current(CALL, 1), book.current(ES, 1)
    assert option is not None
    assert (option.close, option.volume) == (Decimal("0.69"), 0)
    assert future is not None
    assert future.high == Decimal("6300.25")


def test_loaded_history_stands_before_live_bars_and_is_never_doubled() -> None:
    book, bus, _ = make_book()
    minute = timedelta(minutes=1)
    flat = [Decimal(6300)] * 4
    book.preload(Bar(ES, START + n * minute, 60, *flat, 10, DataKind.DEMO) for n in range(-5, 1))
    assert [bar.start for bar in book.series(ES, 60).last(9)] == [START + n * minute for n in range(-5, 0)]
    bus.publish(TradePrinted(trade(START - minute, "6301")))
    bus.publish(TradePrinted(trade(START, "6302")))
    bus.publish(TradePrinted(trade(START + minute, "6303")))
    starts = [bar.start for bar in book.series(ES, 60).last(9)]
    assert starts == [START + n * minute for n in range(-5, 1)]


def test_a_series_keeps_its_newest_bars_within_bounds_and_still_counts_all() -> None:
    bus = EventBus(reraise)
    book = BarBook(bus, VirtualClock(START, WorkCounter()), evening_day, capacity=10)
    for second in range(101):
        bus.publish(TradePrinted(trade(START + timedelta(seconds=second), Decimal(6300 + second))))
    series = book.series(ES, 1)
    assert 10 <= len(series) < 20
    assert series.total == 100
    assert series[-1].close == Decimal(6399)
    columns = series.columns()
    assert columns.close[-1] == 6399.0
    assert len(columns.start) == len(columns.volume) == len(series)


def test_of_seconds_a_quarter_of_an_hour_is_kept_and_of_minutes_all() -> None:
    bus = EventBus(reraise)
    book = BarBook(bus, VirtualClock(START, WorkCounter()), evening_day)
    for second in range(1_800):
        bus.publish(TradePrinted(trade(START + timedelta(seconds=second), "6300")))
    seconds, minutes = book.series(ES, 1), book.series(ES, 60)
    assert 900 <= len(seconds) <= 1_020
    assert (seconds.total, len(minutes)) == (1_799, 29)
    assert seconds[0].kind is DataKind.DEMO
