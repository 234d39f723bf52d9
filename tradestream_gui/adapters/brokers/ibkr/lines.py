"""Market data lines: single ticks put together to quotes, prints and order books."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from tradestream_gui.adapters.brokers.ibkr.hearing import exact
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Aggressor, DataKind, Depth, DepthLevel, Quote, TradePrint

BID_SIZE, BID, ASK, ASK_SIZE, LAST, LAST_SIZE = 0, 1, 2, 3, 4, 5
DELAYED_BID, DELAYED_ASK, DELAYED_LAST = 66, 67, 68
DELAYED_BID_SIZE, DELAYED_ASK_SIZE, DELAYED_LAST_SIZE = 69, 70, 71
TIMES_AND_SALES = 48
"""RTVolume: one text for each trade, asked for as generic tick 233."""
_SAME = {
    DELAYED_BID: BID, DELAYED_ASK: ASK, DELAYED_LAST: LAST,
    DELAYED_BID_SIZE: BID_SIZE, DELAYED_ASK_SIZE: ASK_SIZE, DELAYED_LAST_SIZE: LAST_SIZE,
}  # fmt: skip
_REALTIME_TYPE = 1
MAX_LEVELS = 10
INSERT, UPDATE, DELETE = 0, 1, 2


@dataclass(slots=True)
class Line:
    """One instrument's stream. `is_dirty` when a quote waits to be told."""

    instrument: Instrument
    kind: DataKind = DataKind.REALTIME
    bid: Decimal | None = None
    bid_size: int = 0
    ask: Decimal | None = None
    ask_size: int = 0
    last: Decimal | None = None
    is_dirty: bool = False

    def take_type(self, data_type: int) -> None:
        """TWS's data types: only 1 is live; frozen and delayed prices are no prices of now."""
        self.kind = DataKind.REALTIME if data_type == _REALTIME_TYPE else DataKind.DELAYED

    def take(self, kind: int, value: float, size: float) -> bool:
        """One tick of price or size; True when it changed the quote."""
        match _SAME.get(kind, kind):
            case 1:
                self.bid, self.bid_size = _price(value, size), int(size)
            case 2:
                self.ask, self.ask_size = _price(value, size), int(size)
            case 4:
                self.last = _price(value, 1)
            case 0:
                self.bid_size = int(size)
            case 3:
                self.ask_size = int(size)
            case _:
                return False
        self.is_dirty = True
        return True

    def take_delayed_trade(self, value: float, size: float, at: datetime) -> TradePrint | None:
        price = _price(value, 1)
        return None if price is None else self._print(price, max(int(size), 1), at)

    def take_trade_text(self, text: str) -> TradePrint | None:
        """An RTVolume text: `price;size;ms;total;vwap;single`. Empty prices tell only the day's volume."""
        price_text, size_text, ms_text, *_ = text.split(";")
        if not price_text or not ms_text:
            return None
        size = int(Decimal(size_text or "0"))
        at = datetime.fromtimestamp(int(ms_text) / 1000, UTC)
        return self._print(Decimal(price_text), size, at) if size > 0 else None

    def quote(self, at: datetime) -> Quote:
        return Quote(
            self.instrument.instrument_id, at, self.bid, self.bid_size, self.ask, self.ask_size, self.last, self.kind
        )

    def _print(self, price: Decimal, size: int, at: datetime) -> TradePrint:
        aggressor = Aggressor.UNKNOWN
        if self.ask is not None and price >= self.ask:
            aggressor = Aggressor.BUYER
        elif self.bid is not None and price <= self.bid:
            aggressor = Aggressor.SELLER
        return TradePrint(self.instrument.instrument_id, at, price, size, aggressor, self.kind)


@dataclass(slots=True)
class Ladder:
    """One order book, row by row as TWS tells it."""

    instrument: Instrument
    bids: list[DepthLevel] = field(default_factory=list)
    asks: list[DepthLevel] = field(default_factory=list)
    is_dirty: bool = False

    def take(self, row: int, operation: int, side: int, price: float, size: float) -> None:
        """Rows that do not exist are passed over: the next reset puts the book right."""
        levels = self.bids if side == 1 else self.asks
        level = DepthLevel(exact(price), int(size))
        if operation == INSERT and row <= len(levels):
            levels.insert(row, level)
        elif operation == UPDATE and row < len(levels):
            levels[row] = level
        elif operation == DELETE and row < len(levels):
            levels.pop(row)
        else:
            return
        self.is_dirty = True

    def clear(self) -> None:
        self.bids.clear()
        self.asks.clear()
        self.is_dirty = True

    def depth(self, at: datetime, kind: DataKind) -> Depth:
        bids, asks = tuple(self.bids[:MAX_LEVELS]), tuple(self.asks[:MAX_LEVELS])
        return Depth(self.instrument.instrument_id, at, bids, asks, kind)


def _price(value: float, size: float) -> Decimal | None:
    """TWS writes -1 where there is no price, mostly with no size."""
    return None if value == -1 and size <= 1 else exact(value)
