"""The synthetic market keeps its script, repeats itself, and falls silent when told to."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradestream_gui.adapters.feeds.synthetic import Outage, PathAnchor, PathScript, SyntheticFeed, SyntheticSettings
from tradestream_gui.adapters.runtime.clock import VirtualClock, WorkCounter
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right, TickBand
from tradestream_gui.domain.options import build_option
from tradestream_gui.domain.quotes import DataKind, Depth, Quote, TradePrint
from tradestream_gui.ports.broker import LinkState

START = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)


def future(name: str, root: str, family: str, tick: str, point_value: str) -> Instrument:
    ticks = (TickBand(Decimal(0), Decimal(tick)),)
    return Instrument(
        InstrumentId(name), AssetClass.FUTURE, root, "CME", ticks, Decimal(point_value), family, Decimal(1)
    )


ES = future("ESZ6", "ES", "ES", "0.25", "50")
MES = future("MESZ6", "MES", "ES", "0.25", "5")
NQ = future("NQZ6", "NQ", "NQ", "0.25", "20")
CENT = (TickBand(Decimal(0), Decimal("0.01")),)
QQQ = Instrument(InstrumentId("QQQ"), AssetClass.STOCK, "QQQ", "SMART", CENT, Decimal(1), "QQQ", Decimal(0))
CALL = build_option("QQQ", date(2026, 11, 20), Right.CALL, Decimal(571))


class Tape:
    """Everything that a feed said, in order."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.quotes: list[Quote] = []
        self.prints: list[TradePrint] = []
        self.depths: list[Depth] = []
        self.beats: list[datetime] = []
        self.links: list[LinkState] = []
        self.order: list[object] = []

    def on_quote(self, quote: Quote) -> None:
        self.quotes.append(quote)
        self.order.append(quote)

    def on_print(self, trade: TradePrint) -> None:
        self.prints.append(trade)
        self.order.append(trade)

    def on_depth(self, depth: Depth) -> None:
        self.depths.append(depth)
        self.order.append(depth)

    def on_heartbeat(self, feed: str) -> None:
        self.beats.append(self._clock.now())

    def on_feed_link(self, feed: str, state: LinkState, detail: str) -> None:
        self.links.append(state)

    def of(self, instrument: Instrument) -> list[object]:
        wanted = instrument.instrument_id
        kinds = (Quote, TradePrint, Depth)
        return [one for one in self.order if isinstance(one, kinds) and one.instrument_id == wanted]

    def prices(self, instrument: Instrument) -> list[tuple[datetime, Decimal]]:
        """Every bid, ask and printed price."""
        wanted, found = instrument.instrument_id, []
        for quote in self.quotes:
            if quote.instrument_id == wanted:
                found += [(quote.at, price) for price in (quote.bid, quote.ask, quote.last) if price is not None]
        return found + [(one.at, one.price) for one in self.prints if one.instrument_id == wanted]


Steps = Callable[[SyntheticFeed, VirtualClock], "asyncio.Future[None]"]


def record(
    *instruments: Instrument,
    seconds: float = 120,
    seed: int = 7,
    scripts: tuple[PathScript, ...] = (),
    outages: tuple[Outage, ...] = (),
    pauses: tuple[float, ...] = (),
    late: dict[Instrument, float] | None = None,
) -> Tape:
    """Plays a feed for some virtual seconds; `late` subscribes further instruments at later moments."""
    clock = VirtualClock(START, WorkCounter())
    tape = Tape(clock)
    feed = SyntheticFeed(clock, SyntheticSettings(seed=seed), scripts, outages)

    async def play() -> None:
        await feed.connect(tape)
        for instrument in instruments:
            await feed.subscribe(instrument)
        waits = [(at_s, instrument) for instrument, at_s in (late or {}).items()]
        for at_s, newcomer in sorted([*waits, *((pause, None) for pause in pauses)], key=lambda one: one[0]):
            await clock.run_until(START + timedelta(seconds=at_s))
            if newcomer is not None:
                await feed.subscribe(newcomer)
        await clock.run_until(START + timedelta(seconds=seconds))
        await feed.close()

    asyncio.run(play())
    return tape


def test_the_same_seed_gives_the_same_tape_however_the_clock_is_paced() -> None:
    smooth = record(ES, NQ, QQQ, CALL)
    halting = record(ES, NQ, QQQ, CALL, pauses=(0.31, 17.0, 17.001, 95.4))
    assert len(smooth.order) > 2000
    assert smooth.order == halting.order


def test_another_seed_gives_another_tape() -> None:
    assert record(ES, seed=7).of(ES) != record(ES, seed=8).of(ES)


def test_the_order_of_subscribing_changes_no_path() -> None:
    first, second = record(ES, NQ, MES), record(MES, NQ, ES)
    for instrument in (ES, MES, NQ):
        assert first.of(instrument) == second.of(instrument)


def test_who_subscribes_late_sees_the_market_that_the_others_saw() -> None:
    early, late = record(ES, NQ, seconds=200), record(NQ, seconds=200, late={ES: 130.0})
    seen = late.of(ES)
    assert len(seen) > 300
    assert early.of(ES)[-len(seen) :] == seen


def test_a_family_shares_one_market() -> None:
    tape = record(ES, MES)
    es = {quote.at: quote.mid for quote in tape.quotes if quote.instrument_id == ES.instrument_id}
    mes = {quote.at: quote.mid for quote in tape.quotes if quote.instrument_id == MES.instrument_id}
    assert es.keys() == mes.keys()
    assert all(abs(es[at] - mes[at]) <= Decimal("0.5") for at in es if es[at] is not None and mes[at] is not None)


def test_every_price_is_demo_on_the_tick_and_uncrossed() -> None:
    tape = record(ES, QQQ, CALL, seconds=300)
    for quote in tape.quotes:
        assert quote.kind is DataKind.DEMO
        assert quote.bid is not None
        assert quote.ask is not None
        assert quote.bid < quote.ask
        assert quote.bid_size > 0 < quote.ask_size
        instrument = {one.instrument_id: one for one in (ES, QQQ, CALL)}[quote.instrument_id]
        assert instrument.is_on_tick(quote.bid)
        assert instrument.is_on_tick(quote.ask)
    for trade in tape.prints:
        assert trade.kind is DataKind.DEMO
        assert trade.size > 0
    assert {trade.instrument_id for trade in tape.prints} == {one.instrument_id for one in (ES, QQQ, CALL)}


def test_depth_has_ten_levels_a_side_that_begin_at_the_quote() -> None:
    tape = record(ES, seconds=30)
    quotes = {quote.at: quote for quote in tape.quotes}
    assert len(tape.depths) >= 50
    for depth in tape.depths:
        quote = quotes[depth.at]
        assert len(depth.bids) == len(depth.asks) == 10
        assert (depth.bids[0].price, depth.bids[0].size) == (quote.bid, quote.bid_size)
        assert (depth.asks[0].price, depth.asks[0].size) == (quote.ask, quote.ask_size)
        assert [level.price for level in depth.bids] == sorted((one.price for one in depth.bids), reverse=True)
        assert [level.price for level in depth.asks] == sorted(one.price for one in depth.asks)


anchor_moves = st.lists(st.tuples(st.integers(1, 400), st.integers(-60, 60)), min_size=1, max_size=6)


@settings(max_examples=30, deadline=None)
@given(moves=anchor_moves, seed=st.integers(0, 2**32), slack=st.integers(1, 12))
def test_the_path_prints_each_anchor_exactly_and_never_leaves_the_band(
    moves: list[tuple[int, int]], seed: int, slack: int
) -> None:
    at_s, price, tick = 0.0, Decimal(6320), ES.tick_size
    anchors = [PathAnchor(0, price)]
    for tenths, ticks in moves:
        at_s, before, price = round(at_s + tenths / 10, 3), price, price + ticks * tick
        anchors.append(PathAnchor(at_s, price, min(before, price) - slack * tick, max(before, price) + slack * tick))
    tape = record(ES, seconds=at_s + 1, seed=seed, scripts=(PathScript(ES, tuple(anchors)),))
    prints = {(one.at, one.price) for one in tape.prints}
    for anchor in anchors:
        assert (START + timedelta(seconds=anchor.at_s), anchor.price) in prints
    for at, shown in tape.prices(ES):
        into = next((one for one in anchors if START + timedelta(seconds=one.at_s) >= at), None)
        if into is not None and into.low is not None and into.high is not None:
            assert into.low <= shown <= into.high


def test_a_band_whose_edge_is_the_anchor_is_kept_by_bid_and_ask() -> None:
    stop = Decimal(6316)
    anchors = (
        PathAnchor(0, Decimal(6320)),
        PathAnchor(60, Decimal("6316.25"), low=Decimal("6316.25"), high=Decimal(6322)),
        PathAnchor(90, stop, low=stop, high=Decimal(6322)),
    )
    tape = record(ES, seconds=90, scripts=(PathScript(ES, anchors),))
    touched = [at for at, price in tape.prices(ES) if price <= stop]
    assert min(touched) > START + timedelta(seconds=60)
    assert [one.price for one in tape.prints if one.at == START + timedelta(seconds=90)] == [stop]


def test_after_the_last_anchor_the_price_rests_in_its_band() -> None:
    script = PathScript(ES, (PathAnchor(0, Decimal(6320)),), rest_low=Decimal(6319), rest_high=Decimal(6321))
    prices = [price for _, price in record(ES, seconds=600, scripts=(script,)).prices(ES)]
    assert Decimal(6319) <= min(prices) < max(prices) <= Decimal(6321)


def test_a_scripted_option_follows_its_own_premium_and_others_follow_the_underlying() -> None:
    anchors = (PathAnchor(0, Decimal("1.20")), PathAnchor(60, Decimal("1.85"), Decimal("1.00"), Decimal("1.85")))
    other = build_option("QQQ", date(2026, 11, 20), Right.PUT, Decimal(568))
    tape = record(CALL, other, QQQ, seconds=61, scripts=(PathScript(CALL, anchors),))
    prints = {(one.at, one.price) for one in tape.prints if one.instrument_id == CALL.instrument_id}
    assert (START, Decimal("1.20")) in prints
    assert (START + timedelta(seconds=60), Decimal("1.85")) in prints
    mids = [one.mid for one in tape.quotes if one.instrument_id == other.instrument_id]
    assert len(set(mids)) > 3


def test_a_put_and_a_call_of_one_strike_differ_by_the_distance_to_it() -> None:
    put = build_option("QQQ", date(2026, 12, 18), Right.PUT, Decimal(560))
    call = build_option("QQQ", date(2026, 12, 18), Right.CALL, Decimal(560))
    tape = record(QQQ, put, call, seconds=20)
    last = {one.instrument_id: one for one in tape.quotes}
    mids = [last[one.instrument_id].mid for one in (call, put, QQQ)]
    call_mid, put_mid, stock_mid = (mid for mid in mids if mid is not None)
    assert abs(call_mid - put_mid - (stock_mid - 560)) < Decimal("0.20")


def test_an_expired_option_has_no_quotes() -> None:
    gone = build_option("QQQ", date(2026, 11, 19), Right.CALL, Decimal(570))
    assert record(QQQ, gone, seconds=5).of(gone) == []


def test_an_outage_silences_prices_and_heartbeats_and_the_market_moves_on_unseen() -> None:
    whole, broken = record(ES, seconds=60), record(ES, seconds=60, outages=(Outage(20, 40),))
    silent_from, silent_to = START + timedelta(seconds=20), START + timedelta(seconds=40)
    assert broken.quotes == [one for one in whole.quotes if not silent_from <= one.at < silent_to]
    assert broken.beats == [at for at in whole.beats if not silent_from <= at < silent_to]
    assert broken.links == [LinkState.UP, LinkState.OFF]


def test_an_announced_outage_tells_the_link() -> None:
    tape = record(ES, seconds=60, outages=(Outage(20, 40, is_announced=True),))
    assert tape.links == [LinkState.UP, LinkState.DOWN, LinkState.UP, LinkState.OFF]


async def test_an_anchor_set_while_the_market_runs_holds_from_the_next_step() -> None:
    clock = VirtualClock(START, WorkCounter())
    tape = Tape(clock)
    feed = SyntheticFeed(clock, SyntheticSettings(seed=3))
    await feed.connect(tape)
    await feed.subscribe(ES)
    await feed.subscribe(CALL)
    await clock.run_until(START + timedelta(seconds=10))
    feed.anchor(ES, Decimal("6900.25"), clock.now())
    feed.anchor(CALL, Decimal("3.42"), clock.now())
    feed.anchor(NQ, Decimal("25000.00"), clock.now())
    await feed.subscribe(NQ)
    await clock.run_until(START + timedelta(seconds=11))
    await feed.close()
    moved = {(one.instrument_id, one.price) for one in tape.prints if one.at >= START + timedelta(seconds=10)}
    for instrument, price in ((ES, "6900.25"), (CALL, "3.40"), (NQ, "25000.00")):
        assert (instrument.instrument_id, Decimal(price)) in moved
    last = {one.instrument_id: one.mid for one in tape.quotes}
    assert abs((last[ES.instrument_id] or 0) - Decimal("6900.25")) < 3


async def test_after_a_long_sleep_the_market_goes_on_from_now_without_replaying_the_night() -> None:
    clock = VirtualClock(START, WorkCounter())
    tape = Tape(clock)
    feed = SyntheticFeed(clock, SyntheticSettings(seed=3), started_at=START - timedelta(hours=9))
    await feed.subscribe(ES)
    await feed.connect(tape)
    await clock.run_until(START + timedelta(seconds=2))
    await feed.close()
    assert 8 <= len(tape.quotes) <= 10
    assert all(quote.at > START for quote in tape.quotes)


async def test_unsubscribing_ends_the_quotes_of_that_instrument_alone() -> None:
    clock = VirtualClock(START, WorkCounter())
    tape = Tape(clock)
    feed = SyntheticFeed(clock, SyntheticSettings(seed=3))
    await feed.connect(tape)
    for instrument in (ES, MES, QQQ, CALL):
        await feed.subscribe(instrument)
    await clock.run_until(START + timedelta(seconds=2))
    for instrument in (MES, QQQ):
        await feed.unsubscribe(instrument)
    await clock.run_until(START + timedelta(seconds=4))
    await feed.close()
    last = {one.instrument_id: one.at for one in tape.quotes}
    over = START + timedelta(seconds=2)
    assert last[ES.instrument_id] > over < last[CALL.instrument_id]
    assert last[MES.instrument_id] <= over >= last[QQQ.instrument_id]


def test_history_leads_up_to_the_start_price_and_longer_bars_sum_the_minutes() -> None:
    clock = VirtualClock(START, WorkCounter())
    feed = SyntheticFeed(clock, SyntheticSettings(seed=3), (PathScript(ES, (PathAnchor(0, Decimal("6320.50")),)),))
    minutes, fives = feed.history(ES, 60, 60), feed.history(ES, 300, 12)
    assert minutes[-1].close == fives[-1].close == Decimal("6320.50")
    assert minutes[-1].start + timedelta(seconds=60) == START
    assert [bar.volume for bar in fives] == [sum(one.volume for one in minutes[n : n + 5]) for n in range(0, 60, 5)]
    assert all(bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high for bar in minutes)
    assert all(ES.is_on_tick(price) for bar in minutes for price in (bar.open, bar.high, bar.low, bar.close))
    assert feed.previous_close(ES) != Decimal("6320.50")


@pytest.mark.parametrize(
    ("anchors", "words"),
    [
        ((PathAnchor(0, Decimal("6320.10")),), "not on the tick"),
        ((PathAnchor(5, Decimal(6320)), PathAnchor(5, Decimal(6321))), "does not follow"),
        ((PathAnchor(0, Decimal(6320), high=Decimal(6319)),), "outside the band"),
        ((PathAnchor(0, Decimal(6320)), PathAnchor(5, Decimal(6310), high=Decimal(6315))), "outside the band"),
        ((PathAnchor(0, Decimal(6320), Decimal(6320), Decimal(6320)),), "narrower than one tick"),
    ],
)
def test_a_script_that_cannot_be_kept_is_refused(anchors: tuple[PathAnchor, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        PathScript(ES, anchors)
