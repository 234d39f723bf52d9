"""A recording is refused whole when a row is bad, and played exactly when all are good."""

import gzip
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tradestream_gui.adapters.feeds.recorded import RecordedFeed, Recording, read_recording
from tradestream_gui.adapters.runtime.clock import VirtualClock, WorkCounter
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.errors import BadRecord
from tradestream_gui.domain.events_market import FeedLinkChanged, TradePrinted
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right, TickBand
from tradestream_gui.domain.options import OptionTickClass, build_option
from tradestream_gui.domain.quotes import DataKind
from tradestream_gui.market.bars import BarBook
from tradestream_gui.market.quote_board import QuoteBoard

START = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)


def future(name: str) -> Instrument:
    ticks = (TickBand(Decimal(0), Decimal("0.25")),)
    return Instrument(InstrumentId(name), AssetClass.FUTURE, "ES", "CME", ticks, Decimal(50), "ES", Decimal(1))


KNOWN = {
    "ESZ6": future("ESZ6"),
    "ESM8": future("ESM8"),
    "NQZ6": future("NQZ6"),
    "QQQ 2023-05-12 327 C": build_option(
        "QQQ", date(2023, 5, 12), Right.CALL, Decimal(327), tick_class=OptionTickClass.PENNY_ALL
    ),
}


def resolve(symbol: str, at: datetime) -> Instrument | None:
    return KNOWN.get(symbol)


def utc_day(instrument_id: InstrumentId, at: datetime) -> tuple[datetime, datetime]:
    start = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=1)


def reraise(fact: object, error: Exception) -> None:
    raise AssertionError(f"a state owner failed on {fact}") from error


def write(folder: Path, *lines: str) -> Path:
    path = folder / "quotes.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class Desk:
    """A board, its bars and a feed on virtual time."""

    def __init__(self, recording: Recording, start: datetime | None = None, spread: int | None = None) -> None:
        self.bus = EventBus(reraise)
        self.clock = VirtualClock(start or recording.first_at, WorkCounter())
        self.board = QuoteBoard(self.bus, self.clock, utc_day)
        self.bars = BarBook(self.bus, self.clock, utc_day)
        self.feed = RecordedFeed(self.clock, recording, assume_spread_ticks=spread)
        self.prints: list[TradePrinted] = []
        self.links: list[str] = []
        self.bus.subscribe(TradePrinted, self.prints.append)
        self.bus.subscribe(FeedLinkChanged, lambda fact: self.links.append(fact.state))

    async def play(self, until: datetime) -> None:
        for instrument in self.feed.recording.instruments:
            self.board.assign(instrument, self.feed.name)
            await self.feed.subscribe(instrument)
        await self.feed.connect(self.board)
        await self.clock.run_until(until)
        await self.feed.close()


HEADER = "time_utc,symbol,price"


def test_a_bad_row_refuses_the_file_and_is_named_with_its_reason(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        HEADER,
        "2026-11-20T14:30:00Z,ESZ6,6320.25",
        "2026-11-20T14:30:01Z,ESZ6,abc",
        "2026-11-20 14:30:02,ESZ6,6320.25",
        "yesterday,ESZ6,6320.25",
        "2026-11-20T14:30:03Z,FOO,6320.25",
        "2026-11-20T14:30:03Z,ESZ6,NaN",
        "2026-11-20T14:30:03Z,ESZ6,",
    )
    with pytest.raises(BadRecord) as refusal:
        read_recording(path, resolve)
    words = str(refusal.value)
    assert words.startswith("quotes.csv: 6 rows cannot be read, nothing was used.")
    for reason in (
        "row 3: 'abc' is not a number",
        "row 4: the time '2026-11-20 14:30:02' has no zone",
        "row 5: 'yesterday' is not a time",
        "row 6: the symbol 'FOO' is not known",
        "row 7: 'NaN' is not a finite number",
        "row 8: there is no price",
    ):
        assert reason in words


def test_of_many_bad_rows_twenty_are_named_and_the_others_counted(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, *["2026-11-20T14:30:01Z,ESZ6,x"] * 33)
    with pytest.raises(BadRecord, match=r"33 rows cannot be read.* row 21: 'x' is not a number; and 13 more$"):
        read_recording(path, resolve)


def test_files_without_header_rows_or_readable_text_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadRecord, match="row 1 names the columns"):
        read_recording(write(tmp_path, "2026-11-20T14:30:01Z,ESZ6,6320"), resolve)
    with pytest.raises(BadRecord, match="no rows below the header"):
        read_recording(write(tmp_path, HEADER), resolve)
    with pytest.raises(BadRecord, match="cannot be opened"):
        read_recording(tmp_path / "absent.csv", resolve)
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress(b"time_utc,symbol,price\n" + b"2026-11-20T14:30:01Z,ESZ6,6320\n" * 5000)[:-40])
    with pytest.raises(BadRecord, match="cannot be read after row"):
        read_recording(cut, resolve)
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"time_utc,symbol,price\n\xff\xfe\x00")
    with pytest.raises(BadRecord, match="cannot be read after row"):
        read_recording(binary, resolve)


async def test_rows_play_at_their_own_times_and_a_missing_side_stays_missing(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "time_utc,symbol,price,bid,ask,size",
        "2026-11-20T14:30:00.000Z,ESZ6,6320.25,6320.25,6320.50,3",
        "2026-11-20T14:30:02.500Z,ESZ6,6320.75,,6320.75,",
    )
    desk = Desk(read_recording(path, resolve))
    heard: list[tuple[datetime, datetime]] = []
    desk.bus.subscribe(TradePrinted, lambda fact: heard.append((fact.trade.at, desk.clock.now())))
    await desk.play(START + timedelta(seconds=10))
    assert heard == [(START, START), (START + timedelta(seconds=2.5), START + timedelta(seconds=2.5))]
    quote = desk.board.quote(InstrumentId("ESZ6"))
    assert quote is not None
    assert (quote.bid, quote.ask, quote.last, quote.kind) == (
        None,
        Decimal("6320.75"),
        Decimal("6320.75"),
        DataKind.RECORDED,
    )
    assert [fact.trade.size for fact in desk.prints] == [3, 0]
    assert desk.links == ["up", "off"]


async def test_a_file_that_is_not_in_order_is_played_in_order(tmp_path: Path) -> None:
    rows = [
        f"2026-11-20T14:30:{second:02}Z,{symbol},{price}"
        for second, symbol, price in (
            (0, "ESZ6", 6320),
            (5, "ESZ6", 6321),
            (1, "NQZ6", 23400),
            (5, "NQZ6", 23401),
        )
    ]
    recording = read_recording(write(tmp_path, HEADER, *rows), resolve)
    desk = Desk(recording)
    await desk.play(START + timedelta(seconds=10))
    assert not recording.is_sorted
    assert [fact.trade.price for fact in desk.prints] == [6320, 23400, 6321, 23401]


async def test_an_assumed_spread_follows_the_tick_rule_and_is_named(tmp_path: Path) -> None:
    prices = ("6320.00", "6320.25", "6320.25", "6320.00")
    rows = [f"2026-11-20T14:30:0{n}Z,ESZ6,{price}" for n, price in enumerate(prices)]
    desk = Desk(read_recording(write(tmp_path, HEADER, *rows), resolve), spread=1)
    touches = []
    desk.bus.subscribe(TradePrinted, lambda fact: touches.append(desk.board.quote(InstrumentId("ESZ6"))))
    await desk.play(START + timedelta(seconds=10))
    last = desk.board.quote(InstrumentId("ESZ6"))
    shown = [(one.bid, one.ask) for one in [*touches[1:], last] if one is not None]
    low, high, top = Decimal("6320.00"), Decimal("6320.25"), Decimal("6320.25")
    assert shown == [(low, high), (low, top), (low, top), (low, high)]
    assert "spread of 1 ticks assumed" in desk.feed.name


async def test_a_hole_in_the_recording_vouches_for_nothing(tmp_path: Path) -> None:
    rows = ("2026-11-20T14:30:00Z,ESZ6,6320", "2026-11-20T14:30:20Z,ESZ6,6321", "2026-11-20T15:30:00Z,ESZ6,6322")
    desk = Desk(read_recording(write(tmp_path, HEADER, *rows), resolve))
    for instrument in desk.feed.recording.instruments:
        desk.board.assign(instrument, desk.feed.name)
        await desk.feed.subscribe(instrument)
    await desk.feed.connect(desk.board)
    await desk.clock.run_until(START + timedelta(seconds=15))
    assert (desk.board.quote_age_s(InstrumentId("ESZ6")) or 0) == pytest.approx(15)
    assert (desk.board.stream_age_s(InstrumentId("ESZ6")) or 0) < 2
    await desk.clock.run_until(START + timedelta(seconds=50))
    assert (desk.board.stream_age_s(InstrumentId("ESZ6")) or 0) > 25
    await desk.feed.close()


async def test_a_file_that_changes_under_the_playing_feed_ends_it_with_words(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, "2026-11-20T14:30:00Z,ESZ6,6320", "2026-11-20T14:30:20Z,ESZ6,6321")
    desk = Desk(read_recording(path, resolve))
    write(tmp_path, HEADER, "2026-11-20T14:30:00Z,ESZ6,6320", "2026-11-20T14:30:20Z,ESZ6,broken")
    await desk.play(START + timedelta(seconds=60))
    assert desk.links == ["up", "down"]
    assert len(desk.prints) == 1


async def test_a_real_morning_of_the_future_replays_print_by_print(shared: Path) -> None:
    path = shared / "market" / "es_trades_2018-05-07.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        rows = [line.strip().split(",") for line in stream][1:]
    desk = Desk(read_recording(path, resolve))
    es = InstrumentId("ESM8")
    await desk.play(desk.feed.recording.last_at + timedelta(seconds=2))
    assert len(rows) == desk.feed.recording.row_count == desk.feed.played_count == len(desk.prints) == 74_907
    assert [fact.trade.price for fact in desk.prints] == [Decimal(price) for _, _, price in rows]
    minutes: dict[str, list[Decimal]] = {}
    for time_text, _, price in rows:
        minutes.setdefault(time_text[:16], []).append(Decimal(price))
    unfinished = desk.bars.current(es, 60)
    bars = [*desk.bars.series(es, 60).last(1000), *([unfinished] if unfinished else [])]
    assert [(bar.start.strftime("%Y-%m-%dT%H:%M"), bar.open, bar.high, bar.low, bar.close) for bar in bars] == [
        (minute, prices[0], max(prices), min(prices), prices[-1]) for minute, prices in minutes.items()
    ]
    stats = desk.board.day_stats(es)
    assert stats is not None
    prices = [Decimal(price) for _, _, price in rows]
    assert (stats.high, stats.low, stats.last) == (max(prices), min(prices), prices[-1])
    assert stats.volume is None
    assert not Counter(desk.board.refused_counts)


async def test_a_real_option_replays_from_its_last_prices(shared: Path) -> None:
    recording = read_recording(shared / "market" / "qqq_2023-05-12_327c_quotes.csv", resolve)
    desk = Desk(recording)
    await desk.play(recording.last_at + timedelta(seconds=1))
    assert len(desk.prints) == recording.row_count == 1859
    prices = [fact.trade.price for fact in desk.prints]
    assert (prices[0], prices[-1]) == (Decimal("0.69"), Decimal("0.04"))
    quote = desk.board.quote(recording.instruments[0].instrument_id)
    assert quote is not None
    assert not quote.is_two_sided
