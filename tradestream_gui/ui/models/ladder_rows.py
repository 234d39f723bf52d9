"""The rows of the ladder as values: the price grid, and what stands at each of its prices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import Enum

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.quotes import Depth, DepthLevel, Quote


class MarkKind(Enum):
    ENTRY = "entry"
    STOP = "stop"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class OwnMark:
    """An own order, or an exit that the plan holds; `word` is its type, `key` says whose it is."""

    key: str
    kind: MarkKind
    side: Side
    qty: int
    word: str
    price: Decimal
    number: int = 0
    is_pending: bool = False
    """True while the broker has not confirmed it."""

    @property
    def text(self) -> str:
        return f"{self.qty} {self.word}"


@dataclass(frozen=True, slots=True)
class LadderRow:
    """One price. Sizes are 0 where nothing is shown; the flags say what the market or the position has here."""

    price: Decimal
    bid_size: int = 0
    ask_size: int = 0
    volume: int = 0
    buys: tuple[OwnMark, ...] = ()
    sells: tuple[OwnMark, ...] = ()
    is_last: bool = False
    is_average: bool = False
    is_break_even: bool = False
    is_best_bid: bool = False
    is_best_ask: bool = False

    def marks(self, side: Side | None) -> tuple[OwnMark, ...]:
        """Own orders of one side, or of both."""
        if side is None:
            return self.buys + self.sells
        return self.buys if side is Side.BUY else self.sells


@dataclass(frozen=True, slots=True)
class PriceGrid:
    """The prices of the rows: every tick, or every `group` ticks."""

    instrument: Instrument
    group: int = 1

    def row(self, price: Decimal) -> Decimal:
        """The row at or below a price."""
        return self._snap(price, ROUND_FLOOR)

    def row_above(self, price: Decimal) -> Decimal:
        """The row at or above a price."""
        return self._snap(price, ROUND_CEILING)

    def above(self, row: Decimal) -> Decimal:
        return row + self.step(row)

    def below(self, row: Decimal) -> Decimal:
        return self.row(row - self.instrument.tick_size)

    def step(self, price: Decimal) -> Decimal:
        return self.instrument.tick_at(price) * self.group

    def moved(self, row: Decimal, rows: int) -> Decimal:
        """The row so many above (or below, when negative)."""
        for _ in range(abs(rows)):
            row = self.above(row) if rows > 0 else self.below(row)
        return row

    def window(self, top: Decimal, count: int) -> list[Decimal]:
        """So many rows downwards from the top one."""
        prices = [self.row(top)]
        while len(prices) < count:
            prices.append(self.below(prices[-1]))
        return prices[:count]

    def ticks(self, row: Decimal) -> Iterator[Decimal]:
        """Every tradable price that a row stands for."""
        tick = self.instrument.tick_at(row)
        return (row + tick * number for number in range(self.group))

    def _snap(self, price: Decimal, rounding: str) -> Decimal:
        step = self.step(price)
        return (price / step).to_integral_value(rounding=rounding) * step


@dataclass(frozen=True, slots=True)
class LadderScene:
    """What is known of the instrument now."""

    grid: PriceGrid
    quote: Quote | None = None
    depth: Depth | None = None
    last: Decimal | None = None
    marks: Sequence[OwnMark] = ()
    average: Decimal | None = None
    break_even: Decimal | None = None
    volumes: Mapping[Decimal, int] | None = None

    @property
    def has_depth(self) -> bool:
        return self.depth is not None and bool(self.depth.bids or self.depth.asks)

    @property
    def centre(self) -> Decimal | None:
        """The price that the ladder is about: the last one, else the middle of the quote, else a side of it."""
        if self.last is not None:
            return self.last
        if self.quote is None:
            return None
        if self.quote.mid is not None:
            return self.quote.mid
        return self.quote.bid if self.quote.bid is not None else self.quote.ask


def rows_of(prices: Sequence[Decimal], scene: LadderScene) -> list[LadderRow]:
    """One row for each price; bids and buys go to the row at or below, asks and sells to the one at or above."""
    grid, quote = scene.grid, scene.quote
    bids, asks = _levels(scene)
    bid_sizes, ask_sizes = _sizes(bids, grid.row), _sizes(asks, grid.row_above)
    buys, sells = _by_row(scene.marks, Side.BUY, grid), _by_row(scene.marks, Side.SELL, grid)
    volumes = scene.volumes or {}
    best_bid = None if quote is None or quote.bid is None else grid.row(quote.bid)
    best_ask = None if quote is None or quote.ask is None else grid.row_above(quote.ask)
    last, average, even = (None if at is None else grid.row(at) for at in (scene.last, scene.average, scene.break_even))
    return [
        LadderRow(
            price=price,
            bid_size=bid_sizes.get(price, 0),
            ask_size=ask_sizes.get(price, 0),
            volume=sum(volumes.get(tick, 0) for tick in grid.ticks(price)) if volumes else 0,
            buys=tuple(buys.get(price, ())),
            sells=tuple(sells.get(price, ())),
            is_last=price == last,
            is_average=price == average,
            is_break_even=price == even,
            is_best_bid=price == best_bid,
            is_best_ask=price == best_ask,
        )
        for price in prices
    ]


def _levels(scene: LadderScene) -> tuple[Iterable[DepthLevel], Iterable[DepthLevel]]:
    """The book, or the top of it where the feed has no depth."""
    if scene.depth is not None and scene.has_depth:
        return scene.depth.bids, scene.depth.asks
    quote = scene.quote
    if quote is None:
        return (), ()
    bids = () if quote.bid is None else (DepthLevel(quote.bid, quote.bid_size),)
    asks = () if quote.ask is None else (DepthLevel(quote.ask, quote.ask_size),)
    return bids, asks


def _sizes(levels: Iterable[DepthLevel], row_of: Callable[[Decimal], Decimal]) -> dict[Decimal, int]:
    found: dict[Decimal, int] = {}
    for level in levels:
        row = row_of(level.price)
        found[row] = found.get(row, 0) + level.size
    return found


def _by_row(marks: Iterable[OwnMark], side: Side, grid: PriceGrid) -> dict[Decimal, list[OwnMark]]:
    found: dict[Decimal, list[OwnMark]] = {}
    for mark in marks:
        if mark.side is side:
            row = grid.row(mark.price) if side is Side.BUY else grid.row_above(mark.price)
            found.setdefault(row, []).append(mark)
    return found
