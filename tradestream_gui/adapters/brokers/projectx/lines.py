"""One contract's stream: quotes that name only what changed, trades, and the order book with its resets."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from tradestream_gui.adapters.brokers.projectx.rows import Json, moment, price, price_or_none, whole
from tradestream_gui.domain.errors import UnknownBrokerValue
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Aggressor, DataKind, Depth, DepthLevel, Quote, TradePrint

ASK, BID, BEST_ASK, BEST_BID, TRADE, RESET, NEW_BEST_BID, NEW_BEST_ASK = 1, 2, 3, 4, 5, 6, 9, 10
_ASKS, _BIDS = (ASK, BEST_ASK, NEW_BEST_ASK), (BID, BEST_BID, NEW_BEST_BID)
MAX_LEVELS = 10
MAX_KEPT = 200
"""Levels remembered a side: far ones are dropped, so that a book without resets does not grow for ever."""


@dataclass(slots=True)
class Line:
    """The newest of everything that was told of one contract."""

    instrument: Instrument
    bid: Decimal | None = None
    ask: Decimal | None = None
    last: Decimal | None = None
    bids: dict[Decimal, int] = field(default_factory=dict)
    asks: dict[Decimal, int] = field(default_factory=dict)

    def take_quote(self, row: Json) -> None:
        """Fields that are left out or null stay as they were. Raises UnknownBrokerValue."""
        self.bid = _newest(row, "bestBid", self.bid)
        self.ask = _newest(row, "bestAsk", self.ask)
        self.last = _newest(row, "lastPrice", self.last)

    def quote(self, at: datetime) -> Quote:
        """Sizes are those that the order book tells for the best prices, 0 where it does not."""
        return Quote(
            instrument_id=self.instrument.instrument_id,
            at=at,
            bid=self.bid,
            bid_size=self.bids.get(self.bid, 0) if self.bid is not None else 0,
            ask=self.ask,
            ask_size=self.asks.get(self.ask, 0) if self.ask is not None else 0,
            last=self.last,
            kind=DataKind.REALTIME,
        )

    def take_trade(self, row: Json) -> TradePrint | None:
        """None for a print without a size."""
        size = whole(row, "volume")
        if size <= 0:
            return None
        last = price(row, "price")
        self.last = last
        aggressor = {0: Aggressor.BUYER, 1: Aggressor.SELLER}.get(whole(row, "type"), Aggressor.UNKNOWN)
        at = moment(row, "timestamp")
        return TradePrint(self.instrument.instrument_id, at, last, size, aggressor, DataKind.REALTIME)

    def take_depth(self, row: Json) -> bool:
        """One change of the book; True when the book is another one by it."""
        kind = whole(row, "type")
        if kind == RESET:
            self.clear_book()
            return True
        levels = self.asks if kind in _ASKS else self.bids if kind in _BIDS else None
        if levels is None:
            return False
        at_price = price(row, "price")
        size = whole(row, "currentVolume" if row.get("currentVolume") is not None else "volume")
        if size > 0:
            levels[at_price] = size
        else:
            levels.pop(at_price, None)
        self._tidy(kind, at_price)
        return True

    def depth(self, at: datetime) -> Depth:
        bids = sorted(self.bids.items(), reverse=True)[:MAX_LEVELS]
        asks = sorted(self.asks.items())[:MAX_LEVELS]
        return Depth(
            self.instrument.instrument_id, at, tuple(DepthLevel(*level) for level in bids),
            tuple(DepthLevel(*level) for level in asks), DataKind.REALTIME,
        )  # fmt: skip

    def clear_book(self) -> None:
        self.bids.clear()
        self.asks.clear()

    def _tidy(self, kind: int, best: Decimal) -> None:
        """A new best price takes away what stands better than it: those levels are gone, told or not."""
        if kind in (BEST_BID, NEW_BEST_BID):
            for level in [level for level in self.bids if level > best]:
                del self.bids[level]
        elif kind in (BEST_ASK, NEW_BEST_ASK):
            for level in [level for level in self.asks if level < best]:
                del self.asks[level]
        for levels, is_bid in ((self.bids, True), (self.asks, False)):
            if len(levels) > MAX_KEPT:
                for level in sorted(levels, reverse=is_bid)[MAX_KEPT // 2 :]:
                    del levels[level]


def rows_in(payload: Any) -> list[Json]:
    """Trades and depth come one at a time or as a list."""
    rows = payload if isinstance(payload, list) else [payload]
    for row in rows:
        if not isinstance(row, dict):
            raise UnknownBrokerValue("market data", row)
    return rows


def _newest(row: Json, name: str, known: Decimal | None) -> Decimal | None:
    told = price_or_none(row, name)
    return known if told is None or told <= 0 else told
