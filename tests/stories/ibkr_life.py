"""One life of the program with a paper account at the loopback TWS: real sockets, real files, a Friday's clock."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from tests.servers.tws import TwsServer
from tests.trading.stage import reference_data
from tradestream_gui.adapters.brokers.paper import Latency, Link, PaperBroker
from tradestream_gui.adapters.brokers.paper.ledger import SqlitePaperLedger
from tradestream_gui.adapters.feeds.silent import SilentFeed
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.clock import RealClock, WorkCounter
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.ids import JournalIds, epoch_from
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.adapters.storage.watermark import FileWatermark
from tradestream_gui.alerts.profiles.profiles import load_profiles
from tradestream_gui.assembly.assemble import Outside, assemble
from tradestream_gui.assembly.brokers import BrokerSide, costs_of, ibkr_side, listings_of, prices_of
from tradestream_gui.assembly.routes import LooseningGuard
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.events import Notice
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.domain.orders import MANUAL, OrdType, Side, TimeInForce
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.paper_rules import paper_rules
from tradestream_gui.paths import resource_path
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.source import IncomingMessage
from tradestream_gui.trading.entry_desk import EntryResult
from tradestream_gui.trading.failsafe import Failsafe
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings
from tradestream_gui.upkeep.settings.service import SettingsService

D = Decimal
CODE = "DU7654321"
ACCOUNT = AccountId(CODE)
FRIDAY = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
PATIENCE_S = 15.0
MakeSide = Callable[[Settings, ReferenceData, Clock, Tasks], Awaitable[BrokerSide | None]]
ROOM = {"risk_per_trade": "5000", "daily_loss_limit": "5000", "max_minis": "10", "max_order_qty_future": 10,
        "max_position_qty_future": 10, "stop_future_price_pct": "50", "max_open_risk": "10000"}  # fmt: skip


class FridayClock:
    """The machine's clock, moved to a session that is open."""

    def __init__(self, offset: timedelta) -> None:
        self._real = RealClock()
        self.offset = offset

    def now(self) -> datetime:
        return self._real.now() + self.offset

    def monotonic(self) -> float:
        return self._real.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._real.sleep(seconds)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> asyncio.TimerHandle:
        return self._real.call_later(seconds, callback)


def settings_for(port: int, **more: Any) -> Settings:
    """The first run's settings with a paper account at TWS on this port."""
    wanted = plain(first_settings())
    row = wanted["accounts"][0]
    wanted["accounts"] = [
        row,
        {**row, "id": CODE, "name": "Paper at IBKR", "kind": "BROKER PAPER", "broker": "ibkr", "limits": ROOM},
    ]
    wanted["ibkr"] = {**wanted["ibkr"], "paper_port": port, **more}
    wanted["market"]["watchlist"] = ["ES"]
    wanted["routing"]["defaults"] |= {"account": CODE, "use_micros": False, "micro_when_zero": False}
    wanted["routing"]["channels"] = [{"id": "futures", "name": "futures", "source": "test"}]
    wanted["routing"]["analysts"] = [{"id": "jm", "name": "JM", "authors": ["jm"], "mode": "AUTO"}]
    return Settings.model_validate(wanted)


async def serving() -> tuple[TwsServer, FridayClock]:
    """A TWS with a market, and the clock that both sides go by."""
    clock = FridayClock(FRIDAY - RealClock().now())
    server = TwsServer(account=CODE, cash=D(500_000), today=FRIDAY.date())
    server.set_clock(clock.offset)
    await server.start()
    server.price("ESZ6", "6326.00", "6326.25", "6326.25")
    return server, clock


class Life:
    """Everything that one process of the program holds."""

    def __init__(
        self,
        folder: Path,
        server: Any,
        clock: FridayClock,
        settings: Settings | None = None,
        *,
        account: AccountId = ACCOUNT,
        make_side: MakeSide = ibkr_side,
        make_more: Sequence[MakeSide] = (),
    ) -> None:
        """`server` is the loopback venue at which `account` is, reached by the side that is made; `make_more` makes the
        sides of other brokers in the same profile."""
        self.folder = folder
        self.server = server
        self.clock = clock
        self.account = account
        self.notices: list[Notice] = []
        self._make_sides = (make_side, *make_more)
        self._settings = settings or settings_for(server.port)

    async def open(self) -> "Life":
        reference, work, failsafe, loosening = reference_data(), WorkCounter(), Failsafe(), LooseningGuard()
        bus = EventBus(failsafe.on_owner_failure)
        self.tasks = LoopTasks(failsafe.on_task_failure)
        settings = SettingsService(
            self.folder / "config.yaml", environment={}, bus=bus, write=write_atomically,
            first=lambda: self._settings, loosening_blocked=loosening,
        )  # fmt: skip
        settings.load()
        self.journal = await SqliteJournal.open(
            self.folder / "paper.db", danger=Danger.PAPER, clock=self.clock, work=work,
            new_epoch=partial(epoch_from, Random(1).randbytes), on_failure=failsafe.trip,
        )  # fmt: skip
        self.watermark = FileWatermark(self.folder / "watermark.json", work)
        self.watermark.load()
        self.simulator = PaperBroker(
            clock=self.clock, tasks=self.tasks, work=work, ledger=SqlitePaperLedger(self.folder / "simulator.db"),
            link=Link(self.clock, Random(1), Latency()), rules=paper_rules(reference, settings),
        )  # fmt: skip
        made = [await make(settings.current, reference, self.clock, self.tasks) for make in self._make_sides]
        self.sides = tuple(side for side in made if side is not None)
        prices = prices_of(self.sides, self.clock, self.tasks)
        feed, history = (prices.feed, prices.history) if prices else (None, None)
        bus.subscribe(Notice, self.notices.append)
        self.running = assemble(
            Outside(
                bus=bus, clock=self.clock, tasks=self.tasks, failsafe=failsafe, journal=self.journal,
                ids=await JournalIds.start(self.journal, self.tasks), watermark=self.watermark, settings=settings,
                reference=reference, profiles=load_profiles(resource_path("profiles")), feed=feed or SilentFeed(),
                broker=self.simulator, beside=tuple(side.broker for side in self.sides), sources=(),
                listings=listings_of(self.sides), costs=costs_of(self.sides),
                loosening=loosening, history=history, late_history=history,
            )
        )  # fmt: skip
        self.core = self.running.core
        await self.running.start()
        return self

    async def close(self) -> None:
        await self.running.close()

    async def die(self) -> None:
        """What a killed process leaves: its files and a socket that the system resets."""
        await self.tasks.close()
        self.server.drop(reset=True)
        for side in self.sides:
            await side.broker.close()
        await self.simulator.close()
        self.watermark.close()
        await self.journal.close()

    async def until(self, is_so: Callable[[], object], what: str) -> None:
        for _ in range(int(PATIENCE_S / 0.02)):
            if is_so():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"it did not come about in time: {what}")

    async def enter(self, qty: int, stop: str, targets: tuple[tuple[str, str], ...] = ()) -> EntryResult:
        """Long ES by hand."""
        (es,) = [one for one in (self.core.reference.resolve("ES", self.clock.now()),) if one is not None]
        return await self.core.entries.enter(
            EntryTicket(
                account_id=self.account, instrument_id=es.instrument_id, side=Side.BUY, ord_type=OrdType.LIMIT,
                order_qty=qty, time_in_force=TimeInForce.DAY, origin=MANUAL, limit_price=D("6326.25"),
                protective_stop=D(stop), allocations=tuple((D(price), D(share)) for price, share in targets),
                break_even_after=1 if targets else None,
            )
        )  # fmt: skip

    def hear(self, text: str, number: int) -> None:
        """A post of the followed analyst arrives."""
        self.core.alerts.on_message(
            IncomingMessage(
                source="test", channel_id="futures", channel_name="futures", message_id=f"m{number}", author_id="jm",
                author_name="jm", text=text, sent_at=self.clock.now(), order_no=number, arrival=Arrival.LIVE,
            )
        )  # fmt: skip

    def held(self) -> int:
        return sum(lot.open_qty * lot.side.sign for lot in self.core.lots.open_lots(self.account))

    def held_there(self) -> int:
        return sum(holding.qty for holding in self.server.exchange.holdings())

    def stops_there(self) -> int:
        """What working stops at TWS cover."""
        return sum(order.remaining for order in self.server.exchange.working() if order.terms.ord_type == "STP")


async def ready(life: Life) -> None:
    await life.until(
        lambda: life.core.accounts.state(ACCOUNT).trading_state is TradingState.ACTIVE, "the account is open"
    )
    es = life.core.reference.resolve("ES", life.clock.now())
    assert es is not None
    life.server.price("ESZ6", "6326.00", "6326.25", "6326.25")
    await life.until(lambda: life.core.board.quote(es.instrument_id), "a price of ES")
    life.server.price("ESZ6", "6326.00", "6326.25", "6326.25")
