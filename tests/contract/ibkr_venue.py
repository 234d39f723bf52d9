"""Interactive Brokers as a venue of the contract: real sockets to the loopback TWS, timeouts scaled."""

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from tests.adapters.brokers.paper.rig import INSTRUMENTS, Journal
from tests.contract.socket_side import draft, until_up
from tests.contract.venues import Fault, Request
from tests.servers.tws import TwsServer
from tests.support import eventually
from tradestream_gui.adapters.brokers.ibkr import Connection, ContractBook, Endpoint, IbkrBroker, Timing, mode_mismatch
from tradestream_gui.adapters.runtime.clock import RealClock
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.domain.accounts import Account, AccountKind
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Order, OrdType, Side
from tradestream_gui.ports.broker import LinkState

CODE = "DU7654321"
QUICK = Timing(log_in_s=1.0, answer_s=0.5, beat_s=0.3, commission_s=0.3, coalesce_s=0.02)
FIFTIETH = Timing(log_in_s=1.0, answer_s=0.3, beat_s=0.15, commission_s=0.1)
"""Of the program's times: its 25 seconds to tell a loss are half a second here."""


class IbkrVenue:
    """The adapter against a server of its own. `sides` counts our starts: each has its own journal."""

    left_out: ClassVar[Mapping[Fault, str]] = {Fault.SERVER_ERROR: "TWS has no such answer: it is silent, or gone"}
    tells_open_profit: ClassVar[bool] = True

    def __init__(self, *, timing: Timing = QUICK) -> None:
        self.account_id = AccountId(CODE)
        self.instrument_id = InstrumentId("ESZ6")
        self.server = TwsServer(account=CODE, today=date(2026, 11, 20))
        self.clock = RealClock()
        self.failures: list[str] = []
        self.known: Mapping[InstrumentId, Instrument] = INSTRUMENTS
        self._timing = timing
        self._is_serving = False
        self._wanted_fault: Fault | None = None
        self._side()

    def _side(self) -> None:
        self.tasks = LoopTasks(lambda name, error: self.failures.append(f"{name}: {error!r}"))
        self._journal = Journal()
        self._made: IbkrBroker | None = None

    def build(self, port: int, *, client_id: int = 7, kind: AccountKind = AccountKind.BROKER_PAPER) -> IbkrBroker:
        """Our side, as the program builds it."""

        def proof(codes: tuple[str, ...]) -> str:
            if CODE not in codes:
                return f"the log-in has no account {CODE}"
            return mode_mismatch(CODE, port, kind)

        self.connection = Connection(
            Endpoint("127.0.0.1", port, client_id), clock=self.clock, tasks=self.tasks, proof=proof, timing=self._timing
        )
        self.contracts = ContractBook(self.connection, self.known.get)
        self._made = IbkrBroker(
            connection=self.connection,
            contracts=self.contracts,
            accounts=(Account(self.account_id, "Paper at IBKR", kind, "ibkr"),),
            instrument_of=self.known.get,
            clock=self.clock,
            tasks=self.tasks,
        )
        return self._made

    @property
    def broker(self) -> IbkrBroker:
        assert self._made is not None, "the venue is not started"
        return self._made

    @property
    def journal(self) -> Journal:
        return self._journal

    async def serve(self) -> None:
        """Only the far side."""
        if not self._is_serving:
            await self.server.start()
            self._is_serving = True

    async def start(self) -> None:
        if self._wanted_fault is not Fault.LOGIN_NEEDS_USER:
            await self.serve()
        port = self.server.port or await _unused_port()
        await (self._made or self.build(port)).connect(self._journal)

    async def stop(self) -> None:
        if self._made is not None:
            await self._made.close()
        await self.tasks.close()
        await self.server.stop()
        assert not self.failures, self.failures

    async def settle(self) -> None:
        """Twice there and back: what the first answer set off has had its own answer then."""
        for _ in range(3):  # the last one for the executions of others, asked for once things are quiet
            await asyncio.sleep(0.03)
            await self.connection.measure_clock()

    async def price(self, bid: str, ask: str, *, last: str, size: int = 50) -> None:
        self.server.price("ESZ6", bid, ask, last, size=size)
        await self.settle()

    def order(self, cl_ord_id: str, side: Side, ord_type: OrdType, qty: int, **more: Any) -> Order:
        return draft(self.account_id, self.clock, cl_ord_id, side, ord_type, qty, **more)

    async def inject(self, fault: Fault) -> None:
        faults = self.server.faults
        self._wanted_fault = fault
        match fault:
            case Fault.WRONG_LOGIN:
                faults.login = "silent"
            case Fault.SESSION_ENDS:
                await self.server.stop()
                await self.link_is_told_down()
            case Fault.DUPLICATE_EVENTS:
                faults.events_twice = True
            case Fault.FILL_FIRST:
                faults.events_backwards = True
            case Fault.LATE_REJECT:
                self.server.reject_next_late("No margin for this order")
            case Fault.THROTTLED:
                faults.throttle = True
            case Fault.NO_ANSWER:
                faults.frozen = True
            case Fault.GARBAGE:
                faults.garbage = faults.split = True
            case Fault.CLOCK_BEHIND:
                self.server.set_clock(timedelta(minutes=-5))
            case Fault.CLOCK_AHEAD:
                self.server.set_clock(timedelta(minutes=5))
            case Fault.HALF_OPEN:
                faults.dead = True
            case Fault.SERVER_ERROR:
                raise AssertionError(self.left_out[fault])

    async def heal(self) -> None:
        fault, self._wanted_fault = self._wanted_fault, None
        faults = self.server.faults
        faults.login, faults.throttle, faults.dead = "", False, False
        if fault is Fault.NO_ANSWER:
            self.server.thaw()
        if fault is Fault.SESSION_ENDS:
            await self.server.start()
        await asyncio.sleep(0.05)

    async def link_is_back(self) -> None:
        await until_up(self.broker, self._journal, self.settle)

    async def link_is_told_down(self) -> None:
        await eventually(lambda: self._journal.links[-1][0] is LinkState.DOWN)

    async def lose_link_after_acceptance(self, cl_ord_id: ClOrdId, request: Request) -> None:
        await request()
        self.server.faults.mute = True
        orders = self.server.exchange.orders
        await eventually(lambda: any(order.terms.order_ref == cl_ord_id for order in orders))
        self.server.drop()
        await self.link_is_told_down()
        self.server.faults.mute = False

    async def lose_link_before_acceptance(self, request: Request) -> None:
        await request()
        self.server.faults.deaf = True
        self.server.drop(reset=True)
        await self.link_is_told_down()
        self.server.faults.deaf = False

    async def reconnect(self) -> None:
        await self.leave()
        await self.start()

    async def leave(self) -> None:
        """Our side ends; the next one starts with a journal of its own."""
        await self.broker.close()
        await self.tasks.close()
        await asyncio.sleep(0.02)
        self._side()

    async def trade_elsewhere(self) -> None:
        self.server.exchange.cancel_all()
        for holding in self.server.exchange.holdings():
            action = "SELL" if holding.qty > 0 else "BUY"
            self.server.trade_by_hand(holding.contract.local_symbol, action, abs(holding.qty))
        await self.settle()

    async def orders_at_venue(self) -> int:
        return self.server.orders_taken()

    async def client_ids_there(self) -> list[str]:
        return [order.terms.order_ref for order in self.server.exchange.orders if order.terms.order_ref]

    # -- what a breaking wire asks -------------------------------------------------------------------------

    async def deep_market(self) -> None:
        """The far side alone, with prices and room for any number of orders."""
        await self.serve()
        self.server.price("ESZ6", "6326.00", "6326.25", "6326.25", size=10_000)

    @property
    def far_port(self) -> int:
        return self.server.port

    def reach(self, port: int) -> IbkrBroker:
        return self.build(port)

    def taken(self, name: str) -> list[int]:
        """What of each order with this id is filled at TWS."""
        return [one.filled for one in self.server.exchange.orders if one.terms.order_ref == name]

    def holdings(self) -> dict[str, int]:
        return {one.contract.local_symbol: one.qty for one in self.server.exchange.holdings()}

    def execution_ids(self) -> set[str]:
        return {fill.exec_id for fill in self.server.exchange.fills}


async def _unused_port() -> int:
    """A port at which nobody listens."""
    listener = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port: int = listener.sockets[0].getsockname()[1]
    listener.close()
    return port
