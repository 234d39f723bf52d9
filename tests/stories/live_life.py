"""One life of the program with a live account at the loopback TWS, beside the simulator: real sockets, real files."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from tests.servers.tws import TwsServer
from tests.stories.ibkr_life import FRIDAY, PATIENCE_S, ROOM, FridayClock
from tests.trading.stage import reference_data
from tradestream_gui.adapters.brokers.paper import Latency, Link, PaperBroker
from tradestream_gui.adapters.brokers.paper.ledger import SqlitePaperLedger
from tradestream_gui.adapters.feeds.silent import SilentFeed
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.clock import RealClock, WorkCounter
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.adapters.storage.watermark import FileWatermark
from tradestream_gui.alerts.profiles.profiles import load_profiles
from tradestream_gui.assembly.assemble import Outside, assemble
from tradestream_gui.assembly.brokers import broker_sides, prices_of
from tradestream_gui.assembly.routes import LooseningGuard
from tradestream_gui.bus import EventBus
from tradestream_gui.cli import DEMO_SEED, Launch
from tradestream_gui.commands.secret import nobody_logs, secrets_of
from tradestream_gui.domain.events import Notice
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.domain.orders import MANUAL, OrdType, Side, TimeInForce
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.paper_rules import paper_rules
from tradestream_gui.paths import Paths, resource_path
from tradestream_gui.ports.source import IncomingMessage
from tradestream_gui.profile.storage import open_storage
from tradestream_gui.trading.entry_desk import EntryResult
from tradestream_gui.trading.failsafe import Failsafe
from tradestream_gui.trading.unlock_test import UnlockResult, UnlockStage
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings
from tradestream_gui.upkeep.settings.service import SettingsService

D = Decimal
CODE = "U7654321"
LIVE = AccountId(CODE)
SIM = AccountId("sim")
SENTENCE = f"TRADE LIVE {CODE}"


def settings_for(port: int, *, code: str = CODE, kind: str = "LIVE", proven: bool = True) -> Settings:
    """The first run's settings with a live account at TWS on this port; alerts go to it. Of a proven analyst nothing
    is asked on paper."""
    wanted = plain(first_settings())
    row = wanted["accounts"][0]
    wanted["accounts"] = [
        row | {"limits": ROOM},
        {**row, "id": code, "name": "Live at IBKR", "kind": kind, "broker": "ibkr", "limits": ROOM},
    ]
    wanted["ibkr"] = {**wanted["ibkr"], "live_port": port}
    wanted["market"]["watchlist"] = ["ES"]
    wanted["routing"]["defaults"] |= {"account": code, "use_micros": False, "micro_when_zero": False}
    wanted["routing"]["channels"] = [{"id": "futures", "name": "futures", "source": "test"}]
    wanted["routing"]["analysts"] = [{"id": "jm", "name": "JM", "authors": ["jm"], "mode": "AUTO"}]
    if proven:
        wanted["risk"]["go_live"] |= {"paper_trades": 0, "clean_days": 0, "drill": False}
    return Settings.model_validate(wanted)


async def serving(code: str = CODE, port: int = 0) -> tuple[TwsServer, FridayClock]:
    """A live TWS with a market, and the clock that both sides go by."""
    clock = FridayClock(FRIDAY - RealClock().now())
    server = TwsServer(account=code, cash=D(500_000), today=FRIDAY.date())
    server.set_clock(clock.offset)
    await server.start(port)
    server.price("ESZ6", "6326.00", "6326.25", "6326.25")
    return server, clock


class LiveLife:
    """Everything that one process of the program holds."""

    def __init__(
        self, folder: Path, server: Any, clock: FridayClock, settings: Settings | None = None, *, secrets: Any = None
    ) -> None:
        """`server` is the loopback venue; `secrets` keeps what its log-in needs."""
        self._secrets = secrets
        self.paths = Paths.for_profile("default", data_dir=folder)
        self.paths.create()
        self.server = server
        self.clock = clock
        self.notices: list[Notice] = []
        self._settings = settings or settings_for(server.port)

    async def open(self) -> "LiveLife":
        reference, work, loosening = reference_data(), WorkCounter(), LooseningGuard()
        self.failsafe = Failsafe()
        bus = EventBus(self.failsafe.on_owner_failure)
        self.tasks = LoopTasks(self.failsafe.on_task_failure)
        settings = SettingsService(
            self.paths.config_file, environment={}, bus=bus, write=write_atomically,
            first=lambda: self._settings, loosening_blocked=loosening,
        )  # fmt: skip
        settings.load()
        launch = Launch(
            profile="default", data_dir=None, config=None, theme=None, safe_mode=False, reset_layout=False,
            log_level="INFO", demo=False, resume=False, speed=1.0, seed=DEMO_SEED, seconds=None, offscreen_report=None,
        )  # fmt: skip
        self.storage = await open_storage(
            launch, self.paths, settings.current, clock=self.clock, work=work, failsafe=self.failsafe
        )
        self.watermark = FileWatermark(self.paths.data_dir / "watermark.json", work)
        self.watermark.load()
        self.simulator = PaperBroker(
            clock=self.clock, tasks=self.tasks, work=work, ledger=SqlitePaperLedger(self.paths.simulator_db),
            link=Link(self.clock, Random(1), Latency()), rules=paper_rules(reference, settings),
        )  # fmt: skip
        vault = self._secrets or secrets_of(self.paths, nobody_logs)
        self.sides = await broker_sides(
            settings.current, vault, reference, self.clock, self.tasks, guarded=not self.storage.live_refused
        )
        prices = prices_of(self.sides, self.clock, self.tasks)
        feed = prices.feed if prices else SilentFeed()
        bus.subscribe(Notice, self.notices.append)
        self.running = assemble(
            Outside(
                bus=bus, clock=self.clock, tasks=self.tasks, failsafe=self.failsafe, journal=self.storage.journal,
                ids=await self.storage.ids(self.paths, self.tasks), watermark=self.watermark, settings=settings,
                reference=reference, profiles=load_profiles(resource_path("profiles")), feed=feed,
                broker=self.simulator, beside=tuple(side.broker for side in self.sides), sources=(),
                loosening=loosening, live_refused=self.storage.live_refused,
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
        await self.storage.journal.close()

    async def until(self, is_so: Callable[[], object], what: str) -> None:
        for _ in range(int(PATIENCE_S / 0.02)):
            if is_so():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"it did not come about in time: {what}")

    def contract(self, symbol: str = "ES") -> Instrument:
        found = self.core.reference.resolve(symbol, self.clock.now())
        assert found is not None
        return found

    def prices(self) -> None:
        self.server.price("ESZ6", "6326.00", "6326.25", "6326.25")

    async def compared(self) -> None:
        """The live account is connected, compared and priced."""
        await self.until(
            lambda: self.core.accounts.balance(LIVE) and self.core.accounts.state(LIVE).reason != "starting", "compared"
        )
        self.prices()
        await self.until(lambda: self.core.board.quote(self.contract().instrument_id), "a price of ES")
        self.prices()

    async def tested(self) -> UnlockResult:
        """What the unlock test has come to."""
        said = self.core.entry_lock.test.request(LIVE, self.contract())
        assert said.startswith("placing 1 ES"), said
        ends = (UnlockStage.PASSED, UnlockStage.FAILED)
        await self.until(lambda: self.core.entry_lock.test.result(LIVE).stage in ends, "the test has ended")
        return self.core.entry_lock.test.result(LIVE)

    async def unlocked(self) -> None:
        await self.compared()
        assert (await self.tested()).stage is UnlockStage.PASSED
        assert self.core.entry_lock.open(LIVE, SENTENCE) == ""
        self.prices()

    async def enter(
        self, account_id: AccountId = LIVE, stop: str = "6316", limit: str = "6326.25", qty: int = 1
    ) -> EntryResult:
        """Long ES by hand."""
        return await self.core.entries.enter(
            EntryTicket(
                account_id=account_id, instrument_id=self.contract().instrument_id, side=Side.BUY,
                ord_type=OrdType.LIMIT, order_qty=qty, time_in_force=TimeInForce.DAY, origin=MANUAL,
                limit_price=D(limit), protective_stop=D(stop),
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

    def held(self, account_id: AccountId = LIVE) -> int:
        return sum(lot.signed_qty for lot in self.core.lots.open_lots(account_id))

    def held_there(self) -> int:
        return sum(holding.qty for holding in self.server.exchange.holdings())


@asynccontextmanager
async def living(folder: Path, port: int = 0, *, proven: bool = True) -> AsyncIterator[LiveLife]:
    """A life at a TWS of its own, at the given port where the settings know it already."""
    server, clock = await serving(port=port)
    life = await LiveLife(folder, server, clock, settings_for(server.port, proven=proven)).open()
    try:
        yield life
    finally:
        try:
            await life.close()
        finally:
            await server.stop()
