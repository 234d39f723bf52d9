"""Broker, room and prices of the order benchmark, over plain loopback sockets: one JSON line a message."""

import asyncio
import json
from datetime import datetime
from decimal import Decimal

from tradestream_gui.bench.far_line import ACCOUNTS, BROKER, CAPABILITIES, HOST, FarLine
from tradestream_gui.domain.accounts import Account, Balance, BrokerPosition
from tradestream_gui.domain.ids import AccountId, ClOrdId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.domain.orders import Order, OrdStatus, OrdType
from tradestream_gui.domain.quotes import DataKind, Quote
from tradestream_gui.ports.broker import (
    BrokerCapabilities,
    BrokerSink,
    ExecutionReport,
    LinkState,
    OrderReport,
)
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.feed import FeedSink
from tradestream_gui.ports.source import AlertSink, IncomingMessage

QUOTE_EVERY_S = 0.25
PRICES = {
    root: Decimal(price)
    for roots, price in (("ES MES", 6330), ("NQ MNQ", 22940), ("GC MGC", 4080), ("RTY M2K", 2400))
    for root in roots.split()
}
"""The one bid of each root."""


class WireBroker:
    """Writes each order to the socket and cancels it a moment later, so that no order counts against the next."""

    def __init__(self, clock: Clock, port: int) -> None:
        self._clock = clock
        self._line = FarLine(clock, port)

    name = BROKER

    @property
    def is_open(self) -> asyncio.Event:
        return self._line.is_open

    @property
    def capabilities(self) -> BrokerCapabilities:
        return CAPABILITIES

    async def connect(self, sink: BrokerSink) -> None:
        await self._line.connect(sink)

    async def close(self) -> None:
        self._line.close()

    async def accounts(self) -> tuple[Account, ...]:
        return ACCOUNTS

    async def place(self, order: Order) -> None:
        self._line.write("id", order.origin.message_key.rpartition(":")[2] if order.origin.message_key else "")
        told = self._line.sink.on_order
        self._clock.call_later(0.002, lambda: told(self._line.report(order, OrdStatus.CANCELED)))

    async def cancel(self, account_id: AccountId, cl_ord_id: ClOrdId) -> None:
        self._line.write("cancel", cl_ord_id)

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
        self._line.write("replace", cl_ord_id)

    async def open_orders(self, account_id: AccountId) -> tuple[OrderReport, ...]:
        return ()

    async def find_order(self, account_id: AccountId, cl_ord_id: ClOrdId) -> OrderReport | None:
        return None

    async def executions(self, account_id: AccountId, since: datetime) -> tuple[ExecutionReport, ...]:
        return ()

    async def positions(self, account_id: AccountId) -> tuple[BrokerPosition, ...]:
        return ()

    async def balance(self, account_id: AccountId) -> Balance:
        return self._line.balance(account_id)


class WireSource:
    """Reads one alert a line, as the words of one author in one room."""

    name = "wire"

    def __init__(self, clock: Clock, port: int) -> None:
        self._clock = clock
        self._port = port
        self._sink: AlertSink | None = None
        self._reading: asyncio.Task[None] | None = None
        self.is_over = asyncio.Event()

    async def connect(self, sink: AlertSink) -> None:
        self._sink = sink

    def begin(self) -> None:
        self._reading = asyncio.get_running_loop().create_task(self._read(), name="alerts of the bench")

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()

    async def _read(self) -> None:
        reader, writer = await asyncio.open_connection(HOST, self._port)
        writer.write(b"ready\n")
        while line := await reader.readline():
            self._take(json.loads(line))
        writer.close()
        self.is_over.set()

    def _take(self, posted: dict[str, str]) -> None:
        assert self._sink is not None, "alerts come after connect"
        now = self._clock.now()
        self._sink.on_message(
            IncomingMessage(
                source=self.name, channel_id="futures", channel_name="futures", message_id=posted["id"],
                author_id="jm", author_name="JM", text=posted["content"], sent_at=now, order_no=int(posted["id"]) + 1,
                arrival=Arrival.LIVE,
            )
        )  # fmt: skip


class WireFeed:
    """One bid and ask for whatever is watched, repeated so that it never grows old."""

    name, kind = "bench", DataKind.DEMO

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._watched: list[Instrument] = []
        self._sink: FeedSink | None = None

    async def connect(self, sink: FeedSink) -> None:
        self._sink = sink
        sink.on_feed_link(self.name, LinkState.UP, "")
        self._tell()

    async def close(self) -> None:
        self._sink = None

    async def subscribe(self, instrument: Instrument) -> None:
        self._watched.append(instrument)
        self._quote(instrument)

    async def unsubscribe(self, instrument: Instrument) -> None:
        self._watched.remove(instrument)

    def _tell(self) -> None:
        if self._sink is not None:
            self._sink.on_heartbeat(self.name)
            for instrument in self._watched:
                self._quote(instrument)
            self._clock.call_later(QUOTE_EVERY_S, self._tell)

    def _quote(self, instrument: Instrument) -> None:
        if self._sink is not None and instrument.root in PRICES:
            bid = PRICES[instrument.root]
            ask, now = bid + instrument.tick_size, self._clock.now()
            self._sink.on_quote(Quote(instrument.instrument_id, now, bid, 50, ask, 50, bid, self.kind))
