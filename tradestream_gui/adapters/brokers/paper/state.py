"""What the simulated exchange remembers: accounts, orders and executions, and the port to where it keeps them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId, OrderId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.matching import FillSettings, RestingOrder
from tradestream_gui.domain.orders import WORKING, OrderRole, OrdStatus, TimeInForce
from tradestream_gui.ports.broker import ExecutionReport, OrderReport


@dataclass(frozen=True, slots=True)
class PaperAccount:
    """One simulated account; `epoch` counts its resets, and only executions of the newest epoch make its cash."""

    account_id: AccountId
    name: str
    starting_cash: Decimal
    created_at: datetime
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class PaperOrder:
    """One order at the exchange; `cl_ord_id` is None for orders that the broker made itself."""

    account_id: AccountId
    order_id: OrderId
    cl_ord_id: ClOrdId | None
    instrument_id: InstrumentId
    role: OrderRole
    time_in_force: TimeInForce
    resting: RestingOrder
    oca_group: str | None
    expire_at: datetime | None
    ord_status: OrdStatus
    placed_at: datetime
    updated_at: datetime
    text: str = ""

    @property
    def is_working(self) -> bool:
        return self.ord_status in WORKING

    @property
    def leaves_qty(self) -> int:
        return self.resting.leaves_qty if self.is_working else 0

    def report(self) -> OrderReport:
        resting = self.resting
        return OrderReport(
            account_id=self.account_id,
            order_id=self.order_id,
            cl_ord_id=self.cl_ord_id,
            instrument_id=self.instrument_id,
            side=resting.side,
            ord_type=resting.ord_type,
            time_in_force=self.time_in_force,
            ord_status=self.ord_status,
            order_qty=resting.order_qty,
            cum_qty=resting.cum_qty,
            limit_price=resting.limit_price,
            stop_price=resting.stop_price,
            at=self.updated_at,
            text=self.text,
        )


@dataclass(frozen=True, slots=True)
class PaperExecution:
    """One execution and the epoch of the account in which it happened."""

    report: ExecutionReport
    epoch: int


@dataclass(frozen=True, slots=True)
class LedgerState:
    """Everything kept, each in the order in which it was first saved."""

    accounts: tuple[PaperAccount, ...] = ()
    orders: tuple[PaperOrder, ...] = ()
    executions: tuple[PaperExecution, ...] = ()


class PaperLedger(Protocol):
    """The exchange's side of the truth, apart from the application's own database."""

    async def load(self) -> LedgerState: ...

    async def save(self, changes: LedgerState) -> None:
        """All or nothing, durable on return; accounts and orders upsert, executions append. Raises StoreFailed."""

    async def close(self) -> None: ...


class PaperCalendar(Protocol):
    """The part of the trading calendar that the exchange needs."""

    def has_confirmed_hours(self, product: Instrument) -> bool: ...

    def is_open(self, product: Instrument, at: datetime) -> bool: ...

    def next_close(self, product: Instrument, at: datetime) -> datetime: ...


class Commission(Protocol):
    """US dollars for `qty` more of an order of which `qty_before` are filled; None where no fee is on record."""

    def __call__(
        self, instrument: Instrument, *, qty_before: int, qty: int, price: Decimal, at: datetime
    ) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class PaperRules:
    """What the exchange goes by; all of it is given, nothing is guessed.

    An order that would open something without a fee on record is refused. `day_margin(instrument)` is US dollars
    for one futures contract, None where nobody supplied it: such an order is not checked for margin.
    `last_trade_at(instrument)` is the moment after which it is settled, None for what never expires.
    """

    instrument_of: Callable[[InstrumentId], Instrument | None]
    calendar: PaperCalendar
    last_trade_at: Callable[[Instrument], datetime | None]
    commission: Commission
    day_margin: Callable[[Instrument], Decimal | None]
    fills: FillSettings

    def trades_at(self, instrument: Instrument, at: datetime) -> bool:
        """Whether its market is open; hours that are not settled do not close it."""
        return not self.calendar.has_confirmed_hours(instrument) or self.calendar.is_open(instrument, at)
