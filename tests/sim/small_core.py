"""The desks of one account and nothing around them: no disk, no alerts, no rails. It lives in a millisecond."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from types import SimpleNamespace
from typing import Any

from tests.sim.clock import SimClock
from tests.sim.exchange import Exchange, Report
from tests.trading.stage import MES, reference_data
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import Account, AccountKind, Balance, BrokerPosition
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId, LotId
from tradestream_gui.domain.orders import Order, OrderRole, OrdType, TimeInForce
from tradestream_gui.domain.quotes import DataKind, Quote
from tradestream_gui.domain.tickets import EntryTicket, RiskDecision
from tradestream_gui.ports.broker import BrokerCapabilities, ExecutionReport, LinkState, OrderReport
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.entry_desk import EntryDesk
from tradestream_gui.trading.exit_alignment import ExitAlignment
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.external_fills import ExternalFills
from tradestream_gui.trading.external_orders import ExternalOrders
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.net_positions import NetPositions
from tradestream_gui.trading.order_desk import OrderDesk
from tradestream_gui.trading.reconciler import Reconciler
from tradestream_gui.trading.recovery import Recovery
from tradestream_gui.trading.reversal import Reversal
from tradestream_gui.trading.sentinel import Sentinel, SentinelTiming
from tradestream_gui.trading.uncertain_orders import OrderTiming
from tradestream_gui.trading.watch_beat import trading_beat

NOON = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)
SIM = AccountId("sim")
BROKER = "paper"
WIRE_S = 0.01


class Committed:
    """Stands where the journal stands, and knows which intents it was given before they were sent."""

    def __init__(self) -> None:
        self.intents: set[ClOrdId] = set()

    def append(self, records: Iterable[Any]) -> None:
        """Kept by nobody."""

    async def commit(self, records: Iterable[Any]) -> None:
        self.intents.update(record.cl_ord_id for record in records if isinstance(record, Order))


class Numbers:
    """Ids in their order."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def next_cl_ord_id(self, account_id: AccountId, /) -> ClOrdId:
        return ClOrdId(f"TSPabcd-{next(self._count)}")

    def next_lot_id(self, account_id: AccountId, /) -> LotId:
        return LotId(f"L{next(self._count)}")

    def is_of_now(self, cl_ord_id: ClOrdId) -> bool:
        return True

    def are_ours(self, cl_ord_id: ClOrdId) -> bool | None:
        return True


class Wire:
    """The broker as the desks see it: requests arrive at once, questions are answered at once; what the exchange says
    by itself goes to `outlet`, which brings it or keeps it."""

    name = BROKER

    def __init__(self, clock: SimClock, exchange: Exchange, journal: Committed, *, linked: bool) -> None:
        self.capabilities = BrokerCapabilities(linked, True, True, frozenset(OrdType), frozenset(TimeInForce))
        self.clock = clock
        self.exchange = exchange
        self.is_down = False
        self.refuse: Counter[OrderRole] = Counter()
        self.unstored: list[ClOrdId] = []
        self.outlet: Callable[[Report], None] = lambda report: None
        self._journal = journal

    async def connect(self, sink: Any) -> None:
        self._require_up()
        sink.on_link(self.name, LinkState.UP, "")

    async def place(self, order: Order) -> None:
        if order.cl_ord_id not in self._journal.intents:
            self.unstored.append(order.cl_ord_id)
        self._require_up()
        refusal = "margin is short" if self.refuse[order.role] else ""
        self.refuse[order.role] -= bool(refusal)
        self.exchange.enter(order, self.clock.now(), refusal)
        self.tell()

    async def cancel(self, account_id: AccountId, cl_ord_id: ClOrdId) -> None:
        self._require_up()
        self.exchange.cancel(cl_ord_id, self.clock.now())
        self.tell()

    async def replace(self, account_id: AccountId, cl_ord_id: ClOrdId, **terms: Any) -> None:
        self._require_up()
        self.exchange.amend(cl_ord_id, self.clock.now(), **terms)
        self.tell()

    async def open_orders(self, account_id: AccountId) -> tuple[OrderReport, ...]:
        self._require_up()
        return self.exchange.working(self.clock.now())

    async def find_order(self, account_id: AccountId, cl_ord_id: ClOrdId) -> OrderReport | None:
        self._require_up()
        return self.exchange.find(cl_ord_id, self.clock.now())

    async def executions(self, account_id: AccountId, since: datetime) -> tuple[ExecutionReport, ...]:
        self._require_up()
        return self.exchange.executions(since, self.clock.now())

    async def positions(self, account_id: AccountId) -> tuple[BrokerPosition, ...]:
        self._require_up()
        return self.exchange.broker_positions(account_id, self.clock.now())

    async def balance(self, account_id: AccountId) -> Balance:
        self._require_up()
        return self.exchange.balance(account_id, self.clock.now())

    def tell(self) -> None:
        for report in self.exchange.take():
            self.outlet(report)

    def _require_up(self) -> None:
        if self.is_down:
            raise BrokerUnreachable("the link is down")


class NoLimits:
    """Stands where the risk gate stands; its own tests are elsewhere."""

    def judge(self, ticket: EntryTicket) -> RiskDecision:
        return RiskDecision(ticket.order_qty, "", "", ())


class SmallCore:
    """One account, one contract, one broker; `failures` holds every task or owner that failed."""

    def __init__(self, *, linked: bool) -> None:
        self.clock = SimClock(NOON)
        self.failures: list[str] = []
        self.bus = EventBus(lambda fact, error: self.failures.append(f"{fact}: {error!r}"))
        self.tasks = LoopTasks(lambda name, error: self.failures.append(f"{name}: {error!r}"))
        self.exchange = Exchange(Random(1), linked=linked, fragments=False)
        self.journal: Any = Committed()
        self.wire = Wire(self.clock, self.exchange, self.journal, linked=linked)
        self.quotes: dict[InstrumentId, Quote] = {}
        self._build(Numbers())
        self.wire.outlet = self.bring

    def _build(self, ids: Numbers) -> None:
        bus, clock, tasks = self.bus, self.clock, self.tasks
        found = reference_data().instrument(MES)
        assert found is not None
        instrument = self.instrument = found
        prices: Any = SimpleNamespace(instrument=lambda _: instrument, quote=self.quotes.get)
        accounts = self.accounts = AccountBook(bus, clock, self.journal)
        blotter = self.blotter = Blotter(bus)
        lots = self.lots = LotBook(bus, prices.instrument)
        external_orders = ExternalOrders(bus=bus, clock=clock, blotter=blotter)
        desk = self.desk = OrderDesk(
            bus=bus, clock=clock, tasks=tasks, journal=self.journal, blotter=blotter, lots=lots, accounts=accounts,
            timing=OrderTiming(5, 2, 5, 5), external_orders=external_orders,
            external=ExternalFills(bus=bus, clock=clock, blotter=blotter, lots=lots),
        )  # fmt: skip
        alignment = ExitAlignment(
            clock=clock, tasks=tasks, ids=ids, blotter=blotter, desk=desk, instrument_of=prices.instrument,
            quote_of=prices.quote,
        )  # fmt: skip
        exits = self.exits = ExitDesk(
            bus=bus, clock=clock, blotter=blotter, lots=lots, alignment=alignment, instrument_of=prices.instrument
        )
        gate: Any = NoLimits()
        walk: Any = None  # no option is entered here
        self.entries = EntryDesk(
            clock=clock, ids=ids, blotter=blotter, lots=lots, desk=desk, exits=exits, gate=gate,
            instrument_of=prices.instrument, flat_by=lambda *_: None, walk=walk,
        )  # fmt: skip
        self.sentinel = Sentinel(
            bus=bus, clock=clock, blotter=blotter, lots=lots, exits=exits, timing=SentinelTiming(1, 2.5, 5),
            beat=trading_beat(bus=bus, clock=clock, lots=lots, blotter=blotter, accounts=accounts),
            is_linked=lambda lot: desk.is_linked(lot.account_id),
        )  # fmt: skip
        self.reversal = Reversal(
            bus=bus, clock=clock, blotter=blotter, lots=lots, desk=desk, exits=exits, entries=self.entries,
            instrument_of=prices.instrument,
        )  # fmt: skip
        self.reconciler = Reconciler(
            bus=bus, clock=clock, blotter=blotter, lots=lots, accounts=accounts, desk=desk, exits=exits,
            recovery=Recovery(bus=bus, clock=clock, ids=ids, blotter=blotter, lots=lots, accounts=accounts, desk=desk,
                              exits=exits),
            positions=NetPositions(bus=bus, clock=clock, blotter=blotter, lots=lots, accounts=accounts, market=prices),
            external_orders=external_orders,
        )  # fmt: skip

    async def open(self) -> None:
        broker: Any = self.wire
        self.desk.attach(Account(SIM, "Sim", AccountKind.SIMULATOR, BROKER), broker)
        self.desk.on_link(BROKER, LinkState.UP, "")
        assert await self.clock.do(self.reconciler.start_account(SIM))
        self.tasks.spawn(self.sentinel.watch(), "sentinel")
        self.tasks.spawn(self.reconciler.watch(), "reconciler")

    async def close(self) -> None:
        await self.tasks.close()

    def bring(self, report: Report) -> None:
        """A moment later, in its order."""
        self.clock.call_later(WIRE_S, lambda: self.hear(report))

    def hear(self, report: Report) -> None:
        if isinstance(report, OrderReport):
            self.desk.on_order(report)
        else:
            self.desk.on_execution(report)

    def price(self, bid: Decimal) -> None:
        """The market moves: at the exchange first, then for the plans that run here."""
        ask = bid + Decimal("0.25")
        now = self.clock.now()
        self.quotes[MES] = Quote(MES, now, bid, 50, ask, 50, bid, DataKind.REALTIME)
        self.exchange.quote(MES, bid, ask, now)
        self.wire.tell()
        self.exits.on_quote(self.quotes[MES])
