"""From a fair price to what a market shows: bid, ask, sizes, prints and ten levels, all on the tick and in the band."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import floor

from tradestream_gui.adapters.feeds.synthetic.noise import mix, seed_of
from tradestream_gui.adapters.feeds.synthetic.path import PathPoint
from tradestream_gui.domain.instruments import AssetClass, Instrument, Toward
from tradestream_gui.domain.quotes import Aggressor, DataKind, Depth, DepthLevel, Quote, TradePrint

LEVELS = 10
BURST_US = 15_000_000
"""Trading comes in bursts: each quarter minute has its own liveliness."""
REFILL_US = 2_000_000
"""How long the resting size of a level stays the same."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one step shows: the prints first, then the quote that they leave behind."""

    prints: tuple[TradePrint, ...]
    quote: Quote
    depth: Depth | None


class LadderMarket:
    """One future or stock. Everything but the path is a function of (seed, moment, price level)."""

    def __init__(self, instrument: Instrument, *, seed: int, base_size: int, wide_ticks: int) -> None:
        self.instrument = instrument
        self._tick = instrument.tick_size
        self._tick_float = float(instrument.tick_size)
        self._seed = seed_of(seed, f"{instrument.instrument_id}/market")
        self._base_size = base_size
        self._wide_ticks = wide_ticks

    def show(self, point: PathPoint, at: datetime, with_depth: bool) -> Shown:
        bits = mix(self._seed, point.at_us)
        bid_n, ask_n = self._best(point, bits)
        prints = self._prints(point, at, bits, bid_n, ask_n)
        quote = Quote(
            instrument_id=self.instrument.instrument_id,
            at=at,
            bid=self._price(bid_n),
            bid_size=self._size(bid_n, point.at_us, 0),
            ask=self._price(ask_n),
            ask_size=self._size(ask_n, point.at_us, 0),
            last=prints[-1].price,
            kind=DataKind.DEMO,
        )
        return Shown(prints, quote, self._depth(at, point.at_us, bid_n, ask_n) if with_depth else None)

    def _best(self, point: PathPoint, bits: int) -> tuple[int, int]:
        """Best bid and ask in ticks: round the fair price, now and then wider, never outside the band."""
        wide = (bits & 0xF) < 2
        spread = self._wide_ticks if wide else max(1, self._wide_ticks - 1)
        if point.exact is not None:
            exact_n = int((point.exact / self._tick).to_integral_value(ROUND_FLOOR))
            bid_n = exact_n - spread if point.rose else exact_n
        else:
            bid_n = floor(point.fair / self._tick_float) - (spread - 1) // 2
        ask_n = bid_n + spread
        if point.band.low is not None:
            low_n = int((point.band.low / self._tick).to_integral_value(ROUND_CEILING))
            bid_n = max(bid_n, low_n)
            ask_n = max(ask_n, bid_n + 1)
        if point.band.high is not None:
            high_n = int((point.band.high / self._tick).to_integral_value(ROUND_FLOOR))
            ask_n = min(ask_n, high_n)
            bid_n = min(bid_n, ask_n - 1)
        if self.instrument.asset_class is not AssetClass.FUTURE and bid_n < 1:
            bid_n, ask_n = 1, max(ask_n, 2)
        return bid_n, ask_n

    def _prints(self, point: PathPoint, at: datetime, bits: int, bid_n: int, ask_n: int) -> tuple[TradePrint, ...]:
        if point.exact is not None:
            side = Aggressor.BUYER if point.rose else Aggressor.SELLER
            exact = self.instrument.round_to_tick(point.exact)
            return (self._trade(at, exact, self._trade_size(bits), side),)
        buyers_of_256 = 148 if point.rose else 108
        prints = []
        for number in range(1 + (bits >> 4 & 0x3) // 3 + self._liveliness(point.at_us) // 2):
            draw = bits >> (8 + 12 * number)
            bought = (draw & 0xFF) < buyers_of_256
            price = self._price(ask_n if bought else bid_n)
            side = Aggressor.BUYER if bought else Aggressor.SELLER
            prints.append(self._trade(at, price, self._trade_size(draw), side))
        return tuple(prints)

    def _liveliness(self, at_us: int) -> int:
        """0 to 3; a quarter of the quarter minutes is busy."""
        return (0, 0, 1, 2)[mix(self._seed ^ 1, at_us // BURST_US) & 0x3]

    def _trade_size(self, draw: int) -> int:
        """Mostly small, now and then a block: the square of a die, scaled to the market's usual size."""
        die = draw & 0x1F
        return 1 + die * die * self._base_size // 2048

    def _trade(self, at: datetime, price: Decimal, size: int, side: Aggressor) -> TradePrint:
        return TradePrint(self.instrument.instrument_id, at, price, size, side, DataKind.DEMO)

    def _size(self, level_n: int, at_us: int, rank: int) -> int:
        bits = mix(self._seed ^ 2, level_n * 1_000_003 + at_us // REFILL_US)
        return 1 + self._base_size * (64 + (bits & 0xFF)) * (4 + min(rank, 6)) // 768

    def _depth(self, at: datetime, at_us: int, bid_n: int, ask_n: int) -> Depth:
        is_future = self.instrument.asset_class is AssetClass.FUTURE
        deep = LEVELS if is_future else min(LEVELS, bid_n)
        bids = (DepthLevel(self._price(bid_n - n), self._size(bid_n - n, at_us, n)) for n in range(deep))
        asks = (DepthLevel(self._price(ask_n + n), self._size(ask_n + n, at_us, n)) for n in range(LEVELS))
        return Depth(self.instrument.instrument_id, at, tuple(bids), tuple(asks), DataKind.DEMO)

    def _price(self, level_n: int) -> Decimal:
        return level_n * self._tick


class PremiumMarket:
    """One option: a two-sided quote round a premium, seldom a print, one level a side."""

    def __init__(self, instrument: Instrument, *, seed: int, base_size: int = 40) -> None:
        self.instrument = instrument
        self._seed = seed_of(seed, f"{instrument.instrument_id}/market")
        self._base_size = base_size
        self._last: Decimal | None = None

    def show(self, point: PathPoint, at: datetime) -> Shown:
        """`point.fair` is the premium in dollars; a side without a price has size 0."""
        bits = mix(self._seed, point.at_us)
        bid, ask = self._best(point)
        prints: tuple[TradePrint, ...] = ()
        if point.exact is not None:
            prints = (self._trade(at, point.exact, bits, point.rose),)
        elif bits & 0x7 == 0 and bid is not None:
            bought = bool(bits & 0x8)
            prints = (self._trade(at, ask if bought else bid, bits, bought),)
        if prints:
            self._last = prints[-1].price
        quote = Quote(
            instrument_id=self.instrument.instrument_id,
            at=at,
            bid=bid,
            bid_size=0 if bid is None else 1 + self._base_size * (32 + (bits >> 16 & 0x3F)) // 64,
            ask=ask,
            ask_size=1 + self._base_size * (32 + (bits >> 24 & 0x3F)) // 64,
            last=self._last,
            kind=DataKind.DEMO,
        )
        return Shown(prints, quote, None)

    def _best(self, point: PathPoint) -> tuple[Decimal | None, Decimal]:
        """About two per cent wide, at least a tick, outward to the tick, then drawn into the band."""
        centre = _to_decimal(point.fair) if point.exact is None else point.exact
        half = max(centre / 100, self.instrument.tick_size / 4)
        bid = self.instrument.round_to_tick(centre - half, Toward.DOWN)
        ask = self.instrument.round_to_tick(centre + half, Toward.UP)
        low, high = point.band.low, point.band.high
        if point.exact is not None:
            tick = self.instrument.tick_at(point.exact)
            bid, ask = (point.exact - tick, point.exact) if point.rose else (point.exact, point.exact + tick)
        if low is not None and bid < low:
            bid = self.instrument.round_to_tick(low, Toward.UP)
            ask = max(ask, bid + self.instrument.tick_at(bid))
        if high is not None and ask > high:
            ask = self.instrument.round_to_tick(high, Toward.DOWN)
            bid = min(bid, ask - self.instrument.tick_at(ask))
        ask = max(ask, self.instrument.tick_size)
        return (bid if bid > 0 else None), ask

    def _trade(self, at: datetime, price: Decimal, bits: int, bought: bool) -> TradePrint:
        side = Aggressor.BUYER if bought else Aggressor.SELLER
        size = 1 + (bits >> 32 & 0xF)
        return TradePrint(self.instrument.instrument_id, at, price, size, side, DataKind.DEMO)


def _to_decimal(fair: float) -> Decimal:
    return Decimal(round(fair * 1_000_000)) / 1_000_000
