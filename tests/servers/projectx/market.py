"""The market hub's side: quotes that name only what changed, trades, and the order book with its resets."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.servers.projectx.contracts import PxContract
from tests.servers.projectx.exchange import Prices
from tests.servers.projectx.faults import Faults
from tests.servers.projectx.hub import Hub, HubSession
from tests.servers.projectx.orders import BUY, SELL, stamp

ASK, BID, BEST_ASK, BEST_BID, TRADE, RESET, NEW_BEST_BID, NEW_BEST_ASK = 1, 2, 3, 4, 5, 6, 9, 10
LEVELS = 5


@dataclass(slots=True)
class _Day:
    volume: int = 0
    open: Decimal | None = None
    high: Decimal | None = None
    low: Decimal | None = None
    told: dict[str, Any] = field(default_factory=dict)
    levels: dict[tuple[int, Decimal], int] = field(default_factory=dict)


class Market:
    """Tells each subscriber what a new price means."""

    def __init__(self, faults: Faults, now: Callable[[], datetime]) -> None:
        self._faults = faults
        self._now = now
        self._days: dict[str, _Day] = {}

    def first_picture(self, session: HubSession, subject: str, contract: PxContract, prices: Prices) -> None:
        if subject == "ContractQuotes":
            session.tell("GatewayQuote", contract.id, self._quote(contract, prices, partial=False))
        elif subject == "ContractMarketDepth":
            self._tell(session, "GatewayDepth", contract, [self._reset(), *self._levels(contract, prices)])

    def priced(self, hub: Hub, contract: PxContract, prices: Prices, size: int) -> None:
        """A new best bid and ask, and one trade at the last price."""
        day = self._days.setdefault(contract.id, _Day())
        day.volume += size
        day.open = prices.last if day.open is None else day.open
        day.high = max(day.high or prices.last, prices.last)
        day.low = min(day.low or prices.last, prices.last)
        quote = self._quote(contract, prices, partial=True)
        trade = {
            "symbolId": contract.symbol_id, "price": prices.last, "timestamp": stamp(self._now()),
            "type": BUY if prices.last >= prices.ask else SELL, "volume": size,
        }  # fmt: skip
        changed = self._changed_levels(contract, prices)
        for session in hub.listeners("ContractQuotes", contract.id):
            session.tell("GatewayQuote", contract.id, quote)
        for session in hub.listeners("ContractTrades", contract.id):
            self._tell(session, "GatewayTrade", contract, [trade])
        for session in hub.listeners("ContractMarketDepth", contract.id):
            self._tell(session, "GatewayDepth", contract, changed)

    def reset(self, hub: Hub, contract: PxContract) -> None:
        """The book begins anew: what was told of it is void."""
        self._days.setdefault(contract.id, _Day()).levels.clear()
        for session in hub.listeners("ContractMarketDepth", contract.id):
            self._tell(session, "GatewayDepth", contract, [self._reset()])

    def _tell(self, session: HubSession, target: str, contract: PxContract, rows: list[dict[str, Any]]) -> None:
        if self._faults.as_lists:
            session.tell(target, contract.id, rows)
            return
        for row in rows:
            session.tell(target, contract.id, row)

    def _quote(self, contract: PxContract, prices: Prices, *, partial: bool) -> dict[str, Any]:
        day = self._days.setdefault(contract.id, _Day())
        whole = {
            "lastPrice": prices.last, "bestBid": prices.bid, "bestAsk": prices.ask, "change": Decimal(0),
            "changePercent": Decimal(0), "open": day.open, "high": day.high, "low": day.low, "volume": day.volume,
        }  # fmt: skip
        at = stamp(self._now())
        names = {"symbol": contract.symbol_id, "symbolName": f"/{contract.name[:-2]}"}
        changed = {name: value for name, value in whole.items() if value != day.told.get(name)}
        day.told = whole
        return {**names, "lastUpdated": at, "timestamp": at, **(changed if partial else whole)}

    def _levels(self, contract: PxContract, prices: Prices) -> list[dict[str, Any]]:
        return [self._row(kind, price, size) for (kind, price), size in _ladder(contract, prices).items()]

    def _changed_levels(self, contract: PxContract, prices: Prices) -> list[dict[str, Any]]:
        """What differs from the book told before: levels that are gone have no volume."""
        day, now = self._days.setdefault(contract.id, _Day()), _ladder(contract, prices)
        gone = [self._row(kind, price, 0) for kind, price in day.levels if (kind, price) not in now]
        changed = {level: size for level, size in now.items() if day.levels.get(level) != size}
        new = [self._row(kind, price, size) for (kind, price), size in changed.items()]
        best = [self._row(BEST_BID, prices.bid, prices.size), self._row(BEST_ASK, prices.ask, prices.size)]
        day.levels = now
        return [*gone, *new, *best]

    def _row(self, kind: int, price: Decimal, size: int) -> dict[str, Any]:
        return {"timestamp": stamp(self._now()), "type": kind, "price": price, "volume": size, "currentVolume": size}

    def _reset(self) -> dict[str, Any]:
        return self._row(RESET, Decimal(0), 0)


def _ladder(contract: PxContract, prices: Prices) -> dict[tuple[int, Decimal], int]:
    tick = contract.tick_size
    bids = {(BID, prices.bid - step * tick): prices.size + step for step in range(LEVELS)}
    asks = {(ASK, prices.ask + step * tick): prices.size + step for step in range(LEVELS)}
    return {**bids, **asks}
