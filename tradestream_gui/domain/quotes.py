"""What the market says: quotes, prints, depth and bars, each with the exchange's UTC time."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from tradestream_gui.domain.ids import InstrumentId


class DataKind(Enum):
    """How much a price may be trusted; DEMO prices are invented and say so wherever they are shown."""

    REALTIME = "real-time"
    DELAYED = "delayed"
    RECORDED = "recorded"
    DEMO = "DEMO"


class Aggressor(Enum):
    BUYER = "buyer"
    SELLER = "seller"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Quote:
    """Best bid and ask with sizes and the last print; a missing side is None, never zero."""

    instrument_id: InstrumentId
    at: datetime
    bid: Decimal | None
    bid_size: int
    ask: Decimal | None
    ask_size: int
    last: Decimal | None
    kind: DataKind

    @property
    def is_two_sided(self) -> bool:
        return self.bid is not None and self.ask is not None

    @property
    def is_crossed(self) -> bool:
        return self.bid is not None and self.ask is not None and self.bid > self.ask

    @property
    def mid(self) -> Decimal | None:
        if self.bid is None or self.ask is None:
            return None
        return (self.bid + self.ask) / 2

    @property
    def spread(self) -> Decimal | None:
        if self.bid is None or self.ask is None:
            return None
        return self.ask - self.bid


@dataclass(frozen=True, slots=True)
class TradePrint:
    """One trade of the market."""

    instrument_id: InstrumentId
    at: datetime
    price: Decimal
    size: int
    aggressor: Aggressor
    kind: DataKind


@dataclass(frozen=True, slots=True)
class DepthLevel:
    price: Decimal
    size: int


@dataclass(frozen=True, slots=True)
class Depth:
    """The order book's best levels; bids fall, asks rise, at most ten a side."""

    instrument_id: InstrumentId
    at: datetime
    bids: tuple[DepthLevel, ...]
    asks: tuple[DepthLevel, ...]
    kind: DataKind


@dataclass(frozen=True, slots=True)
class Bar:
    """Open, high, low, close and volume of one interval that starts at `start` (UTC) and lasts `seconds`."""

    instrument_id: InstrumentId
    start: datetime
    seconds: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int
    kind: DataKind
