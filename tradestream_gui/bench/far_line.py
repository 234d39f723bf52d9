"""What the order benchmarks' brokers share: their line to the far end, their one account, and an order's report."""

import asyncio
from decimal import Decimal

from tradestream_gui.domain.accounts import Account, AccountKind, Balance
from tradestream_gui.domain.ids import AccountId, OrderId
from tradestream_gui.domain.orders import Order, OrdStatus, OrdType, TimeInForce
from tradestream_gui.ports.broker import BrokerCapabilities, BrokerSink, LinkState, OrderReport
from tradestream_gui.ports.clock import Clock

HOST, BROKER, ACCOUNT = "127.0.0.1", "bench", AccountId("sim")
CAPABILITIES = BrokerCapabilities(True, True, True, frozenset(OrdType), frozenset(TimeInForce))
ACCOUNTS = (Account(ACCOUNT, "Bench", AccountKind.SIMULATOR, BROKER),)
CASH = Decimal(10_000_000)


class FarLine:
    """A plain loopback socket: one JSON line a message."""

    def __init__(self, clock: Clock, port: int) -> None:
        self._clock = clock
        self._port = port
        self._writer: asyncio.StreamWriter | None = None
        self._sink: BrokerSink | None = None
        self.is_open = asyncio.Event()

    @property
    def sink(self) -> BrokerSink:
        assert self._sink is not None, "reports come after connect"
        return self._sink

    async def connect(self, sink: BrokerSink) -> None:
        if self._writer is None:
            self._sink = sink
            _, self._writer = await asyncio.open_connection(HOST, self._port)
            sink.on_link(BROKER, LinkState.UP, "")
            self.is_open.set()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()

    def write(self, kind: str, name: str) -> None:
        """By a template, as adapters write bodies of which only the id changes; ids need no escapes."""
        assert self._writer is not None, "orders come after connect"
        self._writer.write(f'{{"{kind}": "{name}"}}\n'.encode())

    def balance(self, account_id: AccountId) -> Balance:
        return Balance(account_id, self._clock.now(), CASH, CASH, None, CASH)

    def report(self, order: Order, status: OrdStatus, cum_qty: int = 0) -> OrderReport:
        return OrderReport(
            order.account_id, far_id(order), order.cl_ord_id, order.instrument_id, order.side, order.ord_type,
            order.time_in_force, status, order.order_qty, cum_qty, order.limit_price, order.stop_price,
            self._clock.now(),
        )  # fmt: skip


def far_id(order: Order) -> OrderId:
    return OrderId(f"far-{order.cl_ord_id}")
