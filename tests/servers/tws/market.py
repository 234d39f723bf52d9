"""What one client is subscribed to, and the messages that carry prices, depth and bars to it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from tests.servers.tws.contracts import TwsContract
from tests.servers.tws.exchange import Prices
from tests.servers.tws.messages import Fields

MAX_LINES = 100
MAX_DEPTHS = 3
LIVE, DELAYED = 1, 3
_DELAYED_TICK = {1: 66, 2: 67, 4: 68, 0: 69, 3: 70, 5: 71, 6: 72, 7: 73, 8: 74, 9: 75, 14: 76}


@dataclass(slots=True)
class Line:
    """One market data line."""

    contract: TwsContract
    generic_ticks: str
    delayed: bool


@dataclass(slots=True)
class DepthLine:
    contract: TwsContract
    rows: int
    smart: bool
    sent: int = 0
    """How many rows the client has."""


@dataclass(slots=True)
class BarLine:
    contract: TwsContract
    what: str


@dataclass(slots=True)
class Subscriptions:
    """By request id. `data_type` is what the client asked for last: 1 live, 3 delayed."""

    data_type: int = LIVE
    lines: dict[int, Line] = field(default_factory=dict)
    depths: dict[int, DepthLine] = field(default_factory=dict)
    bars: dict[int, BarLine] = field(default_factory=dict)
    histories: dict[int, TwsContract] = field(default_factory=dict)

    def clear(self) -> None:
        self.lines.clear()
        self.depths.clear()
        self.bars.clear()
        self.histories.clear()


def line_opened(request_id: int, line: Line) -> Iterator[Fields]:
    yield (58, 1, request_id, DELAYED if line.delayed else LIVE)
    yield (81, request_id, line.contract.min_tick, "9c0001", 3)


def price_ticks(request_id: int, line: Line, prices: Prices) -> Iterator[Fields]:
    for tick, price, size in ((1, prices.bid, prices.size), (2, prices.ask, prices.size), (4, prices.last, 1)):
        yield (1, 6, request_id, _DELAYED_TICK[tick] if line.delayed else tick, price, size, 0)


def trade_ticks(
    request_id: int, line: Line, px: Decimal, size: int, at_ms: int, volume: int, vwap: Decimal
) -> Iterator[Fields]:
    """One trade: the last price, its size, and the RTVolume text for who asked for 233."""
    if line.delayed:
        yield (1, 6, request_id, _DELAYED_TICK[4], px, size, 0)
        return
    yield (1, 6, request_id, 4, px, size, 0)
    yield (2, 6, request_id, 5, size)
    yield (2, 6, request_id, 8, volume)
    if "233" in line.generic_ticks:
        yield (46, 6, request_id, 48, f"{px};{size};{at_ms};{volume};{vwap};true")


def volume_without_price(request_id: int, at_ms: int, volume: int, vwap: Decimal) -> Fields:
    """An RTVolume text whose price is empty: the volume of trades that are not reported singly."""
    return (46, 6, request_id, 48, f";0;{at_ms};{volume};{vwap};true")


def depth_row(request_id: int, line: DepthLine, row: int, op: int, side: int, px: Decimal, size: int) -> Fields:
    """`op` 0 inserts, 1 updates, 2 deletes; `side` 1 is the bid."""
    if line.smart:
        return (13, 1, request_id, row, "NSDQ", op, side, px, size, 1)
    return (12, 1, request_id, row, op, side, px, size)
