"""A broker for the hand's benchmark: limits rest, market orders fill, and each request's moment is written down."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import partial
from time import perf_counter_ns

from tradestream_gui.bench.far_line import ACCOUNTS, BROKER, CAPABILITIES, FarLine, far_id
from tradestream_gui.bench.order_wire import PRICES
from tradestream_gui.domain.accounts import Account, Balance, BrokerPosition
from tradestream_gui.domain.ids import AccountId, ClOrdId, ExecId, InstrumentId
from tradestream_gui.domain.orders import Order, OrdStatus, OrdType
from tradestream_gui.ports.broker import BrokerCapabilities, BrokerSink, ExecutionReport, OrderReport
from tradestream_gui.ports.clock import Clock

ANSWER_S = 0.005
"""How often the far side answers what it was asked since."""


class RestingBroker:
    """Writes every request to one socket. `written` holds (kind, nanoseconds) in the order of writing."""

    def __init__(self, clock: Clock, port: int) -> None:
        self._clock = clock
        self._line = FarLine(clock, port)
        self._orders: dict[ClOrdId, Order] = {}
        self._told: dict[ClOrdId, OrderReport] = {}
        self._fills: list[ExecutionReport] = []
        self.written: list[tuple[str, int]] = []
        self._answers: list[Callable[[], None]] = []
        """What the far side will say next: its answers cost the near side nothing before they come."""
        self._is_answering = False

    name = BROKER

    @property
    def is_open(self) -> asyncio.Event:
        return self._line.is_open

    @property
    def capabilities(self) -> BrokerCapabilities:
        return CAPABILITIES

    async def connect(self, sink: BrokerSink) -> None:
        await self._line.connect(sink)
        if not self._is_answering:
            self._is_answering = True
            self._say()

    async def close(self) -> None:
        self._is_answering = False
        self._line.close()

    async def accounts(self) -> tuple[Account, ...]:
        return ACCOUNTS

    async def place(self, order: Order) -> None:
        self._write("place", order.cl_ord_id)
        self._orders[order.cl_ord_id] = order
        fills = order.ord_type is OrdType.MARKET
        self._answers.append(partial(self._fill, order) if fills else partial(self._tell, order, OrdStatus.NEW))

    async def cancel(self, account_id: AccountId, cl_ord_id: ClOrdId) -> None:
        self._write("cancel", cl_ord_id)
        self._answers.append(partial(self._tell, self._orders[cl_ord_id], OrdStatus.CANCELED))

    async def replace(
        self,
        account_id: AccountId,
        cl_ord_id: ClOrdId,
        *,
        order_qty: int | None,
        limit_price: Decimal | None,
        stop_price: Decimal | None,
        ord_type: OrdType,
    ) -> None:
        self._write("replace", cl_ord_id)
        if ord_type is OrdType.MARKET:
            self._answers.append(partial(self._fill, self._orders[cl_ord_id]))

    async def open_orders(self, account_id: AccountId) -> tuple[OrderReport, ...]:
        return tuple(report for report in self._told.values() if report.ord_status is OrdStatus.NEW)

    async def find_order(self, account_id: AccountId, cl_ord_id: ClOrdId) -> OrderReport | None:
        return self._told.get(cl_ord_id)

    async def executions(self, account_id: AccountId, since: datetime) -> tuple[ExecutionReport, ...]:
        return tuple(fill for fill in self._fills if fill.at >= since)

    async def positions(self, account_id: AccountId) -> tuple[BrokerPosition, ...]:
        held = Counter[InstrumentId]()
        for fill in self._fills:
            held[fill.instrument_id] += fill.side.sign * fill.last_qty
        return tuple(BrokerPosition(account_id, name, qty, None) for name, qty in held.items() if qty)

    async def balance(self, account_id: AccountId) -> Balance:
        return self._line.balance(account_id)

    def _write(self, kind: str, cl_ord_id: ClOrdId) -> None:
        self._line.write(kind, cl_ord_id)
        self.written.append((kind, perf_counter_ns()))

    def _say(self) -> None:
        if self._is_answering:
            self._clock.call_later(ANSWER_S, self._say)
        due, self._answers = self._answers, []
        for say in due:
            say()

    def _fill(self, order: Order) -> None:
        root = next(root for root in sorted(PRICES, key=len, reverse=True) if order.instrument_id.startswith(root))
        fill = ExecutionReport(
            order.account_id, far_id(order), order.cl_ord_id, ExecId(f"fill-{order.cl_ord_id}"),
            order.instrument_id, order.side, order.order_qty, PRICES[root], Decimal(0), self._clock.now(),
        )  # fmt: skip
        self._fills.append(fill)
        self._line.sink.on_execution(fill)
        self._tell(order, OrdStatus.FILLED)

    def _tell(self, order: Order, status: OrdStatus) -> None:
        report = self._line.report(order, status, order.order_qty if status is OrdStatus.FILLED else 0)
        self._told[order.cl_ord_id] = report
        self._line.sink.on_order(report)
