"""Bars of a longer interval sum the shorter ones, and begin on whole multiples since midnight UTC."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tradestream_gui.domain.bars import grouped
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.quotes import Bar, DataKind

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def minute(number: int, *prices: int, volume: int = 10) -> Bar:
    opened, high, low, close = map(Decimal, prices)
    start = NOON + timedelta(minutes=number)
    return Bar(InstrumentId("ESZ6"), start, 60, opened, high, low, close, volume, DataKind.RECORDED)


def test_a_longer_bar_takes_the_first_open_the_extremes_the_last_close_and_all_volume() -> None:
    (bar,) = grouped([minute(0, 5, 7, 4, 6), minute(1, 6, 9, 6, 8, volume=3), minute(2, 8, 8, 2, 3)], 300)
    assert (bar.start, bar.seconds) == (NOON, 300)
    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == (5, 9, 2, 3, 23)


def test_an_interval_begins_on_its_whole_multiple_though_its_first_minute_is_missing() -> None:
    bars = grouped([minute(3, 5, 5, 5, 5), minute(4, 6, 6, 6, 6), minute(5, 7, 7, 7, 7)], 300)
    assert [bar.start for bar in bars] == [NOON, NOON + timedelta(minutes=5)]
    assert [bar.close for bar in bars] == [6, 7]


def test_nothing_makes_nothing() -> None:
    assert grouped([], 300) == ()
