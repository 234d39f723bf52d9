"""The exchange behind the server: takes orders, matches them against one price per contract, keeps the ledger."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from tests.servers.projectx.brackets import after_fill, lay_round
from tests.servers.projectx.contracts import ContractList, PxContract
from tests.servers.projectx.orders import (
    CANCELLED,
    FILLED,
    JOIN_ASK,
    JOIN_BID,
    MARKET,
    OPEN,
    REJECTED,
    SELL,
    STOP,
    SUSPENDED,
    TRAILING,
    ZERO,
    PxAccount,
    PxOrder,
    PxPosition,
    PxTrade,
)
from tests.servers.projectx.refusals import Refusal, order_refusal

FEE = Decimal("1.40")
"""Each contract and side."""


@dataclass(frozen=True, slots=True)
class Prices:
    bid: Decimal
    ask: Decimal
    last: Decimal
    size: int


class Outlet(Protocol):
    """Who carries the exchange's news to the hubs."""

    def order_changed(self, order: PxOrder) -> None: ...

    def traded(self, trade: PxTrade) -> None: ...

    def position_changed(self, position: PxPosition) -> None: ...

    def account_changed(self, account: PxAccount) -> None: ...


class Exchange:
    """Owns accounts, orders, trades and positions. Amounts are US dollars."""

    def __init__(self, contracts: ContractList, outlet: Outlet, now: Callable[[], datetime]) -> None:
        self.contracts = contracts
        self.accounts: dict[int, PxAccount] = {}
        self.orders: list[PxOrder] = []
        self.trades: list[PxTrade] = []
        self.prices: dict[str, Prices] = {}
        self.is_open = True
        self.now = now
        self._positions: dict[tuple[int, str], PxPosition] = {}
        self._left: dict[tuple[str, int], int] = {}
        self._outlet = outlet
        self._ids = itertools.count(8_589_934_593)
        self._small_ids = itertools.count(7_000_001)
        self._refusals: list[Refusal] = []
        self._late_refusals = 0

    # -- requests ------------------------------------------------------------------------------------------

    def place(self, order: PxOrder) -> Refusal | None:
        """Takes an order in and matches it; why not, where it is refused. An order with brackets in an account with
        position brackets is refused and stays on record all the same."""
        refusal = self._refusals.pop(0) if self._refusals else order_refusal(self, order)
        if refusal is not None:
            if refusal.is_recorded:
                order.status = REJECTED
                self.orders.append(order)
                self.tell(order)
            return refusal
        self.orders.append(order)
        order.legs = lay_round(order, next_id=self.next_id)
        for leg in order.legs:
            leg.status = SUSPENDED
            self.orders.append(leg)
        self.tell(order)
        for leg in order.legs:
            self.tell(leg)
        if self._late_refusals:
            self._late_refusals -= 1
            self.end(order, REJECTED)
            return None
        self.match(order)
        return None

    def modify(
        self, order: PxOrder, size: int | None, limit: Decimal | None, stop: Decimal | None, trail: Decimal | None
    ) -> Refusal | None:
        if self._refusals:
            return self._refusals.pop(0)
        if order.is_over:
            return Refusal(2, None)
        for price in (limit, stop):
            if price is not None and not order.contract.is_on_tick(price):
                return Refusal(3, "Invalid price. Price is not a multiple of the tick size.")
        if size is not None and size <= order.filled:
            return Refusal(3, "Invalid order size.")
        order.size = size if size is not None else order.size
        order.limit = limit if limit is not None else order.limit
        order.stop = stop if stop is not None else order.stop
        order.trail = trail if trail is not None else order.trail
        self.tell(order)
        self.match(order)
        return None

    def cancel(self, order: PxOrder) -> Refusal | None:
        if self._refusals:
            return self._refusals.pop(0)
        if order.is_over:
            return Refusal(2, None)
        self.end(order, CANCELLED)
        return None

    def close(self, position: PxPosition, size: int) -> PxOrder:
        """The venue's own market order against a position."""
        order = self.draft(position.account_id, position.contract, MARKET, SELL if position.qty > 0 else 0, size)
        self.orders.append(order)
        self.tell(order)
        self.match(order)
        return order

    def refuse_next(self, code: int, words: str | None) -> None:
        self._refusals.append(Refusal(code, words))

    def refuse_next_late(self) -> None:
        """The next order is taken in, then turns Rejected."""
        self._late_refusals += 1

    # -- the market ----------------------------------------------------------------------------------------

    def price(self, contract: PxContract, prices: Prices) -> None:
        self.prices[contract.id] = prices
        self._left[contract.id, 1] = self._left[contract.id, -1] = prices.size
        resting = [order for order in self.working() if order.contract is contract]
        for order in sorted(resting, key=lambda one: one.type != STOP):
            self.match(order)

    def match(self, order: PxOrder) -> None:
        prices = self.prices.get(order.contract.id)
        if prices is None or order.is_over or order.status == SUSPENDED:
            return
        if order.type == TRAILING:
            _trail(order, prices.last)
        if order.type in (STOP, TRAILING) and not order.triggered:
            assert order.stop is not None, "a stop has a price"
            order.triggered = (prices.last - order.stop) * order.sign >= 0
            if not order.triggered:
                return
        if order.type in (JOIN_BID, JOIN_ASK) and order.limit is None:
            order.limit = prices.bid if order.type == JOIN_BID else prices.ask
        px = prices.ask if order.sign > 0 else prices.bid
        if order.limit is not None and (px - order.limit) * order.sign > 0:
            return
        side = order.contract.id, order.sign
        qty = min(order.left, self._left.get(side, 0))
        if qty > 0:
            self._left[side] -= qty
            self.execute(order, qty, px)

    def execute(self, order: PxOrder, qty: int, px: Decimal) -> None:
        """Books one fill: order, trade, position, balance, and what hangs on the order."""
        account = self.accounts[order.account_id]
        order.filled += qty
        order.paid += px * qty
        order.updated = self.now()
        order.status = FILLED if order.filled >= order.size else OPEN
        pnl = self._book(order, qty, px)
        fees = FEE * qty
        account.balance += (pnl or ZERO) - fees
        trade = PxTrade(self.next_id(), order, self.now(), px, qty, fees, pnl)
        self.trades.append(trade)
        position = self._positions[order.account_id, order.contract.id]
        self.tell(order)
        self._outlet.traded(trade)
        self._outlet.position_changed(position)
        self._outlet.account_changed(account)
        after_fill(self, order, position, account)

    def end(self, order: PxOrder, status: int) -> None:
        if order.is_over:
            return
        order.status = status
        order.updated = self.now()
        self.tell(order)
        for leg in order.legs:
            if not order.filled:
                self.end(leg, CANCELLED)

    def tell(self, order: PxOrder) -> None:
        self._outlet.order_changed(order)

    # -- the ledger ----------------------------------------------------------------------------------------

    def draft(self, account_id: int, contract: PxContract, type_: int, side: int, size: int) -> PxOrder:
        return PxOrder(self.next_id(), account_id, contract, self.now(), self.now(), type_, side, size)

    def order(self, order_id: int) -> PxOrder | None:
        return next((one for one in self.orders if one.id == order_id), None)

    def working(self, account_id: int | None = None) -> list[PxOrder]:
        return [one for one in self.orders if not one.is_over and account_id in (None, one.account_id)]

    def positions(self, account_id: int | None = None) -> list[PxPosition]:
        return [one for one in self._positions.values() if one.qty and account_id in (None, one.account_id)]

    def position(self, account_id: int, contract_id: str) -> PxPosition | None:
        return next((one for one in self.positions(account_id) if one.contract.id == contract_id), None)

    def void(self, trade: PxTrade) -> None:
        """The exchange busts a trade: it counts no more, and the position goes back."""
        trade.voided = True
        order, account = trade.order, self.accounts[trade.order.account_id]
        account.balance -= (trade.pnl or ZERO) - trade.fees
        position = self._positions[order.account_id, order.contract.id]
        position.qty -= order.sign * trade.size
        self._outlet.traded(trade)
        self._outlet.position_changed(position)
        self._outlet.account_changed(account)

    def liquidate(self, account: PxAccount) -> None:
        """A broken rule: no more trading, nothing rests, nothing is held."""
        account.can_trade = False
        self._outlet.account_changed(account)
        for order in self.working(account.id):
            self.end(order, CANCELLED)
        for position in self.positions(account.id):
            self.close(position, abs(position.qty))

    def next_id(self) -> int:
        """For orders and trades: of 64 bits there."""
        return next(self._ids)

    def next_small_id(self) -> int:
        """For accounts and positions: of 32 bits there."""
        return next(self._small_ids)

    def _book(self, order: PxOrder, qty: int, px: Decimal) -> Decimal | None:
        """The position's side of a fill: what it realizes, None when it only opens."""
        key = order.account_id, order.contract.id
        position = self._positions.get(key)
        if position is None or not position.qty:
            position = PxPosition(self.next_small_id(), order.account_id, order.contract, self.now())
            self._positions[key] = position
        signed = order.sign * qty
        closing = min(qty, abs(position.qty)) if position.qty * signed < 0 else 0
        pnl = None
        if closing:
            sign = 1 if position.qty > 0 else -1
            pnl = (px - position.avg) * closing * sign * order.contract.point_value
        before, position.qty = position.qty, position.qty + signed
        if closing < qty:
            opened, kept = qty - closing, 0 if closing else abs(before)
            position.avg = (position.avg * kept + px * opened) / (kept + opened)
        return pnl


def _trail(order: PxOrder, last: Decimal) -> None:
    """The trail's distance is that of its asked level from the last price when the order came; the stop only nears."""
    if order.trail is None:
        return
    if order.distance is None:
        order.distance, order.stop = abs(last - order.trail), order.trail
    away = last + order.distance * order.sign
    assert order.stop is not None, "set with the distance"
    order.stop = min(order.stop, away) if order.sign > 0 else max(order.stop, away)
