"""TopstepX as a venue of the contract: real sockets to the loopback gateway, timeouts scaled."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, ClassVar

from tests.adapters.brokers.paper.rig import INSTRUMENTS, Journal
from tests.contract.socket_side import draft, until_up
from tests.contract.venues import Fault, Request
from tests.servers.projectx import ACCOUNT_NAME, KEY, USER, ProjectXServer
from tests.support import eventually
from tests.trading.stage import reference_data
from tradestream_gui.adapters.brokers.projectx import ContractBook, Endpoints, Gateway, ProjectXBroker, Timing
from tradestream_gui.adapters.runtime.clock import RealClock
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.domain.accounts import Account, AccountKind
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Order, OrdType, Side
from tradestream_gui.ports.broker import LinkState

TODAY = date(2026, 11, 20)
QUICK = Timing(
    answer_s=2.5, probe_s=0.2, probe_answer_s=1.0, silence_s=30.0, refused_pause_s=0.0, backoff_s=(0.02, 0.05, 0.1),
    confirm_s=0.2, retry_s=0.1, retry_most_s=0.4,
)  # fmt: skip
FIFTIETH = Timing(
    answer_s=0.3, probe_s=0.04, probe_answer_s=0.16, silence_s=30.0, refused_pause_s=0.0, backoff_s=(0.02, 0.04, 0.08),
    confirm_s=0.1, retry_s=0.1, retry_most_s=0.4,
)  # fmt: skip
"""Of the program's times: its 25 seconds to tell a loss are half a second here."""


class ProjectXVenue:
    """The adapter against a server of its own. Each start of our side has its own journal."""

    left_out: ClassVar[Mapping[Fault, str]] = {}
    tells_open_profit: ClassVar[bool] = False

    def __init__(self, *, timing: Timing = QUICK) -> None:
        self.account_id = AccountId(ACCOUNT_NAME)
        self.instrument_id = InstrumentId("ESZ6")
        self.server = ProjectXServer(today=TODAY)
        self.clock = RealClock()
        self.failures: list[str] = []
        self.known: Mapping[InstrumentId, Instrument] = INSTRUMENTS
        self.key = KEY
        self._timing = timing
        self._is_serving = False
        self._side()

    def _side(self) -> None:
        self.tasks = LoopTasks(lambda name, error: self.failures.append(f"{name}: {error!r}"))
        self._journal = Journal()
        self._made: ProjectXBroker | None = None

    def build(self, port: int, *, kind: AccountKind = AccountKind.BROKER_PAPER, pace: int = 190) -> ProjectXBroker:
        """Our side, as the program builds it."""
        base = f"http://127.0.0.1:{port}"

        async def credentials() -> tuple[str, str, str]:
            return USER, self.key, ""

        self.gateway = Gateway(
            Endpoints(base, f"{base}/hubs/user", f"{base}/hubs/market"), credentials, clock=self.clock,
            tasks=self.tasks, timing=self._timing, requests_a_minute=pace,
        )  # fmt: skip
        self.contracts = ContractBook(self.gateway, self.known.get, reference_data().roots)
        self._made = ProjectXBroker(
            gateway=self.gateway,
            contracts=self.contracts,
            accounts=(Account(self.account_id, "Practice at Topstep", kind, "projectx"),),
            instrument_of=self.known.get,
            clock=self.clock,
            tasks=self.tasks,
        )
        return self._made

    @property
    def broker(self) -> ProjectXBroker:
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
        await self.serve()
        await (self._made or self.build(self.server.port)).connect(self._journal)

    async def stop(self) -> None:
        if self._made is not None:
            await self._made.close()
        await self.tasks.close()
        await self.server.stop()
        assert not self.failures, self.failures

    async def settle(self) -> None:
        """Time for every event, then once round by the lists."""
        for _ in range(3):
            await asyncio.sleep(0.04)
            with suppress(BrokerUnreachable):
                await self.broker.open_orders(self.account_id)

    async def price(self, bid: str, ask: str, *, last: str, size: int = 50) -> None:
        self.server.price("ESZ6", bid, ask, last, size=size)
        await self.settle()

    def order(self, cl_ord_id: str, side: Side, ord_type: OrdType, qty: int, **more: Any) -> Order:
        return draft(self.account_id, self.clock, cl_ord_id, side, ord_type, qty, **more)

    async def inject(self, fault: Fault) -> None:
        faults = self.server.faults
        match fault:
            case Fault.WRONG_LOGIN:
                faults.login = 3
            case Fault.LOGIN_NEEDS_USER:
                faults.login = 7
            case Fault.SESSION_ENDS:
                self.server.expire_tokens()
                self.server.drop()
                await self.link_is_told_down()
            case Fault.DUPLICATE_EVENTS:
                faults.events_twice = True
            case Fault.FILL_FIRST:
                faults.events_backwards = True
            case Fault.LATE_REJECT:
                self.server.reject_next_late()
            case Fault.THROTTLED:
                faults.throttle = True
            case Fault.NO_ANSWER:
                faults.frozen = True
            case Fault.GARBAGE:
                faults.garbage = faults.split = True
            case Fault.CLOCK_BEHIND:
                self.server.set_clock(timedelta(minutes=-5))
                await self.broker.positions(self.account_id)
            case Fault.CLOCK_AHEAD:
                self.server.set_clock(timedelta(minutes=5))
                await self.broker.positions(self.account_id)
            case Fault.HALF_OPEN:
                faults.dead = True
            case Fault.SERVER_ERROR:
                self.server.http_status_next(500)

    async def heal(self) -> None:
        await self.server.heal()

    async def link_is_back(self) -> None:
        await until_up(self.broker, self._journal, self.settle)

    async def link_is_told_down(self) -> None:
        await eventually(lambda: self._journal.links[-1][0] is LinkState.DOWN)

    async def lose_link_after_acceptance(self, cl_ord_id: ClOrdId, request: Request) -> None:
        await self._know_the_contract()
        self.server.faults.mute = True
        await self._without_an_answer(request)
        await eventually(lambda: any(order.tag == cl_ord_id for order in self.server.exchange.orders))
        await self._lose_link()
        self.server.faults.mute = False

    async def lose_link_before_acceptance(self, request: Request) -> None:
        await self._know_the_contract()
        self.server.faults.deaf = True
        await self._without_an_answer(request)
        await self._lose_link()
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
        self.server.close_by_hand()
        await self.settle()

    async def orders_at_venue(self) -> int:
        return self.server.orders_taken()

    async def client_ids_there(self) -> list[str]:
        return [order.tag for order in self.server.exchange.orders if order.tag]

    # -- what a breaking wire asks -------------------------------------------------------------------------

    async def deep_market(self) -> None:
        """The far side alone, with prices and room for any number of orders and requests."""
        self.server.rest.limits = {"bars": (10_000, 30.0), "general": (1_000_000, 60.0)}
        await self.serve()
        self.server.price("ESZ6", "6326.00", "6326.25", "6326.25", size=10_000)

    @property
    def far_port(self) -> int:
        return self.server.port

    def reach(self, port: int) -> ProjectXBroker:
        return self.build(port, pace=1_000_000)

    def taken(self, name: str) -> list[int]:
        """What of each order with this tag is filled at the gateway."""
        return [one.filled for one in self.server.exchange.orders if one.tag == name]

    def holdings(self) -> dict[str, int]:
        return {one.contract.name: one.qty for one in self.server.exchange.positions()}

    def execution_ids(self) -> set[str]:
        return {str(one.id) for one in self.server.exchange.trades}

    async def _know_the_contract(self) -> None:
        """So that the next thing on the wire is the order itself."""
        await self.contracts.row(self.known[self.instrument_id])

    async def _without_an_answer(self, request: Request) -> None:
        with suppress(BrokerUnreachable, BrokerRejected):
            await request()

    async def _lose_link(self) -> None:
        self.server.drop()
        await self.link_is_told_down()
