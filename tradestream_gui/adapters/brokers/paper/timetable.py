"""What falls due at the exchange: orders that expire and contracts that settle."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from tradestream_gui.adapters.brokers.paper import groups
from tradestream_gui.adapters.brokers.paper.expiry import last_price, settle
from tradestream_gui.adapters.brokers.paper.floor import TradingFloor
from tradestream_gui.adapters.brokers.paper.state import PaperOrder
from tradestream_gui.domain.ids import AccountId, InstrumentId, OrderId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.matching import RestingOrder
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import OrderRole, OrdStatus, OrdType, Side, TimeInForce


@dataclass(order=True, slots=True)
class _Due:
    at: datetime
    number: int
    order_id: OrderId | None = field(compare=False, default=None)
    position: tuple[AccountId, InstrumentId] | None = field(compare=False, default=None)


class Timetable:
    """The only one who expires orders and settles positions: when it is called, in the order of their due times."""

    def __init__(self, floor: TradingFloor) -> None:
        self._floor = floor
        self._due: list[_Due] = []
        self._numbers = itertools.count()
        self._scheduled: set[tuple[AccountId, InstrumentId]] = set()
        self._unsettled: dict[tuple[AccountId, InstrumentId], None] = {}

    @property
    def next_due(self) -> datetime | None:
        return self._due[0].at if self._due else None

    def waits(self, now: Callable[[], datetime]) -> bool:
        """Whether anything has fallen due or waits for a price to settle at; the time is asked only where it counts."""
        return bool(self._unsettled) or (bool(self._due) and self._due[0].at <= now())

    def restore(self) -> None:
        """Begins anew from the floor's working orders and open positions."""
        self._due.clear()
        self._scheduled.clear()
        self._unsettled.clear()
        for account_id, book in self._floor.books.items():
            for order in self._floor.orders.live_of_account(account_id):
                self.expect(order)
            for instrument in book.held():
                self.position_changed(account_id, instrument)

    def expiry_of(self, order: PaperOrder, instrument: Instrument, at: datetime) -> datetime | None:
        """When an order that arrives now ends: its own time, its session's close if DAY, its contract's last trade."""
        ends = [order.expire_at, self._floor.rules.last_trade_at(instrument)]
        if order.time_in_force is TimeInForce.DAY:
            ends.append(self._floor.rules.calendar.next_close(instrument, at))
        return min((end for end in ends if end is not None), default=None)

    def expect(self, order: PaperOrder) -> None:
        if order.expire_at is not None:
            heapq.heappush(self._due, _Due(order.expire_at, next(self._numbers), order_id=order.order_id))

    def position_changed(self, account_id: AccountId, instrument: Instrument) -> None:
        """Notes when a position in an expiring contract settles."""
        key = (account_id, instrument.instrument_id)
        last_trade_at = self._floor.rules.last_trade_at(instrument)
        if last_trade_at is not None and key not in self._scheduled:
            self._scheduled.add(key)
            heapq.heappush(self._due, _Due(last_trade_at, next(self._numbers), position=key))

    def run_until(self, at: datetime) -> None:
        """Expires and settles everything that fell due, each at its own time."""
        while self._due and self._due[0].at <= at:
            due = heapq.heappop(self._due)
            if due.order_id is not None:
                self._expire(self._floor.orders.get(due.order_id), due.at)
            elif due.position is not None:
                self._unsettled[due.position] = None
                self._settle(due.position, due.at)

    def price_seen(self, instrument_id: InstrumentId, at: datetime) -> None:
        """Settles what waited for this price because none was known when it fell due."""
        for key in tuple(self._unsettled):
            if instrument_id in (key[1], self._floor.instrument(key[1]).family):
                self._settle(key, at)

    def _expire(self, order: PaperOrder, at: datetime) -> None:
        if not order.is_working:
            return
        text = "its session closed" if order.time_in_force is TimeInForce.DAY else "its time ran out"
        self._floor.move(order, OrdStatus.EXPIRED, at, f"expired: {text}")
        groups.trim_targets(self._floor, order, at)

    def _settle(self, key: tuple[AccountId, InstrumentId], at: datetime) -> None:
        account_id, instrument_id = key
        signed_qty = self._floor.books[account_id].signed_qty(instrument_id)
        if signed_qty == 0:
            self._unsettled.pop(key, None)
            return
        instrument = self._floor.instrument(instrument_id)
        stock = self._floor.rules.instrument_of(InstrumentId(instrument.family))
        if instrument.asset_class is AssetClass.OPTION and stock is None and not instrument.cash_settled:
            instrument = replace(instrument, cash_settled=True)
        settlement = settle(
            instrument,
            signed_qty,
            last_price(self._floor.quote(instrument_id)),
            last_price(self._floor.quote(InstrumentId(instrument.family))),
        )
        if settlement is None:
            return
        self._unsettled.pop(key, None)
        self._book(account_id, instrument_id, -signed_qty, settlement.close_px, settlement.text, at)
        if settlement.stock_qty and stock is not None:
            self._book(
                account_id, stock.instrument_id, settlement.stock_qty, settlement.stock_px, settlement.text, at
            )

    def _book(
        self,
        account_id: AccountId,
        instrument_id: InstrumentId,
        signed_qty: int,
        price: Decimal,
        text: str,
        at: datetime,
    ) -> None:
        """An execution that the exchange itself makes, with an order of its own and without a fee."""
        qty = abs(signed_qty)
        order = PaperOrder(
            account_id=account_id,
            order_id=self._floor.next_order_id(),
            cl_ord_id=None,
            instrument_id=instrument_id,
            role=OrderRole.CLOSE,
            time_in_force=TimeInForce.DAY,
            resting=RestingOrder(Side.BUY if signed_qty > 0 else Side.SELL, OrdType.MARKET, qty, qty),
            oca_group=None,
            expire_at=None,
            ord_status=OrdStatus.FILLED,
            placed_at=at,
            updated_at=at,
            text=text,
        )
        self._floor.execute(order, qty, price, ZERO, at, text)
        self._floor.tell(order)
