"""The real core on one virtual clock: real journal, paper exchange and settings; the test moves the market."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any

from tradestream_gui.adapters.brokers.paper import CuttableBroker, Latency, Link, PaperBroker
from tradestream_gui.adapters.brokers.paper.ledger import SqlitePaperLedger
from tradestream_gui.adapters.feeds.cuttable import CuttableFeed
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.clock import VirtualClock, WorkCounter
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.adapters.storage.drill_file import DrillFile
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.ids import JournalIds, epoch_from
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.adapters.storage.watermark import FileWatermark
from tradestream_gui.alerts.profiles.profiles import load_profiles
from tradestream_gui.assembly.assemble import Outside, Running, assemble
from tradestream_gui.assembly.routes import LooseningGuard
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.decisions import Decision
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.domain.events import Notice, ProtectionLost
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId, MessageKey
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.domain.orders import MANUAL, Order, OrderRole, OrdType, Side, TimeInForce
from tradestream_gui.domain.positions import Lot
from tradestream_gui.domain.quotes import DataKind, Quote, TradePrint
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.logs import Redactor
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.paper_rules import paper_rules
from tradestream_gui.paths import resource_path
from tradestream_gui.ports.broker import BrokerCapabilities, BrokerSink, LinkState
from tradestream_gui.ports.drills import Restarter
from tradestream_gui.ports.feed import FeedSink
from tradestream_gui.ports.source import IncomingMessage
from tradestream_gui.trading.drills.drill import DrillTools
from tradestream_gui.trading.failsafe import Failsafe
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings
from tradestream_gui.upkeep.settings.service import SettingsService

D = Decimal
THURSDAY = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
SIM = AccountId("sim")
ES, MES = InstrumentId("ESZ6"), InstrumentId("MESZ6")
WIDE = {
    "risk_per_trade": "100000", "daily_loss_limit": "100000", "max_open_risk": "1000000",
    "max_notional_option": "100000",
    "max_position_qty_future": 100, "max_order_qty_future": 50, "max_minis": "100", "stop_future_price_pct": "50",
    "max_heat_pct": "100", "max_exposure_gross": "100000000", "max_exposure_net": "100000000",
    "max_exposure_name": "1000000", "max_exposure_sector": "1000000",
    "max_open_positions": 50, "entries_per_minute": 100, "same_side_entries": 50, "spread_future_ticks": 100,
}  # fmt: skip
ROUTING: dict[str, Any] = {
    "channels": [{"id": name, "name": name, "source": "test"} for name in ("futures", "vip")],
    "analysts": [
        {"id": "jm", "name": "JM", "authors": ["jm"], "mode": "AUTO"},
        {"id": "ann", "name": "Ann", "authors": ["ann"], "mode": "ASK"},
        {"id": "wes", "name": "Wes", "authors": ["wes"], "mode": "WATCH"},
    ],
}


@cache
def reference_data() -> ReferenceData:
    return ReferenceData.load(resource_path)


def settings_with(limits: dict[str, Any], routing: dict[str, Any]) -> Settings:
    wanted = plain(first_settings())
    wanted["accounts"][0] |= {"id": "sim", "name": "Sim", "limits": limits, "starting_cash": "500000"}
    wanted["routing"]["defaults"] |= {"account": "sim", **routing}
    wanted["routing"] |= ROUTING
    wanted["market"]["watchlist"] = []
    return Settings.model_validate(wanted)


class HandFeed:
    """The test says every price; a heartbeat each second proves that the stream lives."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.sink: FeedSink | None = None
        self.is_silent = False

    name = "hand"
    kind = DataKind.DEMO

    async def connect(self, sink: FeedSink) -> None:
        self.sink = sink
        sink.on_feed_link(self.name, LinkState.UP, "")
        self._beat()

    def _beat(self) -> None:
        if self.sink is not None:
            if not self.is_silent:
                self.sink.on_heartbeat(self.name)
            self._clock.call_later(1.0, self._beat)

    async def close(self) -> None:
        self.sink = None

    async def subscribe(self, instrument: Instrument) -> None:
        """The hand brings everything."""

    async def unsubscribe(self, instrument: Instrument) -> None:
        """The hand brings everything."""


class Venue:
    """The paper exchange behind a wire that can lose, refuse and forget; it writes down what arrived."""

    def __init__(self, paper: PaperBroker, database: Path, *, linked: bool) -> None:
        self.paper = paper
        self._database = database
        self._linked = linked
        self.placed: list[Order] = []
        self.stored_before: list[bool] = []
        self.asked: list[str] = []
        self.lose_before: Counter[OrderRole] = Counter()
        self.lose_after: Counter[OrderRole] = Counter()
        self.refuse: Counter[OrderRole] = Counter()
        self.is_deaf = False
        self.worst_exit_surplus = 0

    @property
    def name(self) -> str:
        return self.paper.name

    @property
    def capabilities(self) -> BrokerCapabilities:
        return replace(self.paper.capabilities, linked_exits=self._linked)

    async def connect(self, sink: BrokerSink) -> None:
        if self.is_deaf:
            raise BrokerUnreachable("the line is dead")
        await self.paper.connect(sink)

    async def close(self) -> None:
        await self.paper.close()

    async def accounts(self) -> Any:
        return await self.paper.accounts()

    async def create_account(self, account_id: AccountId, name: str, cash: Decimal) -> None:
        await self.paper.create_account(account_id, name, cash)

    async def place(self, order: Order) -> None:
        with closing(sqlite3.connect(self._database)) as database:
            found = database.execute("SELECT count(*) FROM orders WHERE cl_ord_id = ?", (order.cl_ord_id,)).fetchone()
        self.stored_before.append(found[0] == 1)
        self.placed.append(order)
        if self._took(self.lose_before, order.role):
            raise BrokerUnreachable("the connection was reset")
        if self._took(self.refuse, order.role):
            raise BrokerRejected(f"{order.role.value} orders are refused today")
        await self.paper.place(order if self._linked else replace(order, oca_group=None))
        if self._took(self.lose_after, order.role):
            raise BrokerUnreachable("the answer was lost")

    async def cancel(self, account_id: AccountId, cl_ord_id: ClOrdId) -> None:
        self.asked.append("cancel")
        self._listen()
        await self.paper.cancel(account_id, cl_ord_id)

    async def replace(self, account_id: AccountId, cl_ord_id: ClOrdId, **terms: Any) -> None:
        self.asked.append("replace")
        self._listen()
        await self.paper.replace(account_id, cl_ord_id, **terms)

    async def open_orders(self, account_id: AccountId) -> Any:
        self._listen()
        return await self.paper.open_orders(account_id)

    async def find_order(self, account_id: AccountId, cl_ord_id: ClOrdId) -> Any:
        self._listen()
        return await self.paper.find_order(account_id, cl_ord_id)

    async def executions(self, account_id: AccountId, since: datetime) -> Any:
        self._listen()
        return await self.paper.executions(account_id, since)

    async def positions(self, account_id: AccountId) -> Any:
        self._listen()
        return await self.paper.positions(account_id)

    async def balance(self, account_id: AccountId) -> Any:
        return await self.paper.balance(account_id)

    def on_quote(self, quote: Quote) -> None:
        self.paper.on_quote(quote)

    def on_print(self, trade: TradePrint) -> None:
        self.paper.on_print(trade)

    def sent(self, role: OrderRole) -> list[Order]:
        return [order for order in self.placed if order.role is role]

    def _listen(self) -> None:
        if self.is_deaf:
            raise BrokerUnreachable("the line is dead")

    def _took(self, faults: Counter[OrderRole], role: OrderRole) -> bool:
        if not faults[role]:
            return False
        faults[role] -= 1
        return True


class Stage:
    """One life of the program; `killed` begins the next one on the same files."""

    def __init__(
        self, folder: Path, *, start: datetime, linked: bool, limits: dict[str, Any], routing: dict[str, Any],
        restarter: Restarter | None = None,
    ) -> None:  # fmt: skip
        self.folder = folder
        self.restarter = restarter
        self.linked = linked
        self.limits = limits
        self.routing = routing
        self.work = WorkCounter()
        self.redactor = Redactor()
        self.clock = VirtualClock(start, self.work)
        self.notices: list[Notice] = []
        self.lost: list[ProtectionLost] = []
        self.task_failures: list[str] = []
        self.held_at_most: dict[InstrumentId, int] = {}
        self._number = int((start - THURSDAY).total_seconds()) * 100

    async def open(self) -> "Stage":
        reference = reference_data()
        failsafe = Failsafe(self.redactor.clean)
        self.failsafe = failsafe
        self.bus = EventBus(failsafe.on_owner_failure)
        self.tasks = LoopTasks(self._task_failed)
        loosening = LooseningGuard()
        self.settings = SettingsService(
            self.folder / "config.yaml", environment={}, bus=self.bus, write=write_atomically,
            first=partial(settings_with, self.limits, self.routing), loosening_blocked=loosening,
        )  # fmt: skip
        self.settings.load()
        self.journal = await SqliteJournal.open(
            self.folder / "paper.db", danger=Danger.PAPER, clock=self.clock, work=self.work,
            new_epoch=partial(epoch_from, Random(1).randbytes), on_failure=failsafe.trip,
        )  # fmt: skip
        self.watermark = FileWatermark(self.folder / "watermark.json", self.work)
        self.watermark.load()
        paper = PaperBroker(
            clock=self.clock, tasks=self.tasks, work=self.work, ledger=SqlitePaperLedger(self.folder / "simulator.db"),
            link=Link(self.clock, Random(1), Latency()), rules=paper_rules(reference, self.settings),
        )  # fmt: skip
        self.venue = Venue(paper, self.folder / "paper.db", linked=self.linked)
        self.feed = HandFeed(self.clock)
        line: Any = self.venue
        market: Any = self.feed
        drills = None
        if self.restarter is not None:
            line = CuttableBroker(self.venue)  # type: ignore[arg-type]  # the venue stands before the same exchange
            market = CuttableFeed(self.feed, line)
            store = DrillFile(self.folder / "drills.json", write_atomically, self.work)
            drills = DrillTools(line, market, self.restarter, store, self.clock)
        outside = Outside(
            bus=self.bus, clock=self.clock, tasks=self.tasks, failsafe=failsafe, journal=self.journal,
            ids=await JournalIds.start(self.journal, self.tasks), watermark=self.watermark, settings=self.settings,
            reference=reference, profiles=load_profiles(resource_path("profiles")), feed=market,
            broker=line, sources=(), loosening=loosening, drills=drills,
        )  # fmt: skip
        self.running: Running = assemble(outside)
        self.core = self.running.core
        self.bus.subscribe(Notice, self.notices.append)
        self.bus.subscribe(ProtectionLost, self.lost.append)
        await self.running.start()
        for instrument_id in (MES, ES):
            instrument = reference.instrument(instrument_id)
            assert instrument is not None
            await self.core.subscriptions.subscribe(instrument)
        return self

    def _task_failed(self, name: str, error: BaseException) -> None:
        self.task_failures.append(f"{name}: {error!r}")
        self.failsafe.on_task_failure(name, error)

    async def close(self) -> None:
        await self.running.close()
        assert not self.task_failures, self.task_failures

    async def killed(self, *, after_s: float = 0.0) -> "Stage":
        """What a killed process leaves are its files: nothing is said to the broker and nothing is flushed."""
        await self.tasks.close()
        self.venue.paper._hang_up()
        await self.venue.paper._outbox.durable()
        await self.venue.paper._ledger.close()
        self.watermark.close()
        await self.feed.close()
        await self.journal.close()
        later = Stage(
            self.folder, start=self.clock.now() + timedelta(seconds=after_s), linked=self.linked, limits=self.limits,
            routing=self.routing, restarter=self.restarter,
        )  # fmt: skip
        return await later.open()

    async def run(self, seconds: float = 0.2) -> None:
        await self.clock.run_until(self.clock.now() + timedelta(seconds=seconds))

    async def quote(
        self, bid: str, ask: str, *, of: InstrumentId = MES, last: str | None = None, size: int = 50
    ) -> None:
        """A new best price, and what follows from it."""
        assert self.feed.sink is not None
        self.feed.sink.on_quote(
            Quote(of, self.clock.now(), D(bid), size, D(ask), size, D(last) if last else D(bid), DataKind.DEMO)
        )
        await self.run()

    async def enter(
        self, side: Side, qty: int, *, limit: str | None = None, stop: str | None = None, of: InstrumentId = MES,
        targets: tuple[tuple[str, str], ...] = (), break_even_after: int | None = None, **more: Any,
    ) -> Order:  # fmt: skip
        ticket = EntryTicket(
            account_id=SIM, instrument_id=of, side=side, ord_type=OrdType.LIMIT if limit else OrdType.MARKET,
            order_qty=qty, time_in_force=TimeInForce.DAY, origin=more.pop("origin", MANUAL),
            limit_price=D(limit) if limit else None, protective_stop=D(stop) if stop else None,
            no_stop_wanted=stop is None, allocations=tuple((D(price), D(share)) for price, share in targets),
            break_even_after=break_even_after, **more,
        )  # fmt: skip
        result: list[Order] = []

        async def enter() -> None:
            result.append((await self.core.entries.enter(ticket)).order)

        self.tasks.spawn(enter(), "enter")
        await self.run()
        return result[0] if result else next(iter(reversed(list(self.core.blotter.orders()))))

    async def say(
        self, text: str, *, author: str = "jm", channel: str = "futures", message_id: str = "",
        age_s: float = 0.0, arrival: Arrival = Arrival.LIVE, reply_to: str | None = None, deleted: bool = False,
        order_no: int | None = None, source: str = "test", sent_at: datetime | None = None,
        reply_text: str | None = None, forwarded: bool = False,
        embeds: tuple[tuple[tuple[str, str], ...], ...] = (),
    ) -> Decision | None:  # fmt: skip
        self._number += 1
        message = IncomingMessage(
            source=source, channel_id=channel, channel_name=channel, message_id=message_id or f"m{self._number}",
            author_id=author, author_name=author, text=text,
            sent_at=sent_at or self.clock.now() - timedelta(seconds=age_s),
            order_no=self._number if order_no is None else order_no, arrival=arrival, reply_to_id=reply_to,
            reply_text=reply_text or ("" if reply_to else None), deleted=deleted, forwarded=forwarded, embeds=embeds,
        )  # fmt: skip
        self.core.alerts.on_message(message)
        await self.run()
        return self.core.alerts.decision(MessageKey(f"{source}:{channel}:{message.message_id}"))

    def lot(self) -> Lot:
        return self.core.lots.lots()[-1]

    def order(self, cl_ord_id: ClOrdId) -> Order:
        found = self.core.blotter.order(cl_ord_id)
        assert found is not None
        return found

    def exits(self, role: OrderRole) -> list[Order]:
        return self.core.blotter.exits_of_lot(self.lot().lot_id, role)

    async def position(self, of: InstrumentId = MES) -> int:
        held = {one.instrument_id: one.signed_qty for one in await self.venue.paper.positions(SIM)}
        return held.get(of, 0)

    async def fill_disk(self) -> None:
        """From now on the database cannot grow by a page."""
        await self._limit_pages(None)

    async def free_disk(self) -> None:
        await self._limit_pages(1_000_000)

    async def _limit_pages(self, pages: int | None) -> None:
        connection = self.journal._store.connection

        def limit() -> None:
            wanted = pages or connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {wanted}")
            connection.rollback()

        await self.journal._on_thread(limit)

    async def until(self, probe: Callable[[], bool], *, within_s: float = 30.0) -> None:
        end = self.clock.now() + timedelta(seconds=within_s)
        while not probe():
            assert self.clock.now() < end, "it did not come true in virtual time"
            await self.run(0.05)


async def open_stage(
    folder: Path,
    *,
    start: datetime = THURSDAY,
    linked: bool = True,
    limits: dict[str, Any] | None = None,
    routing: dict[str, Any] | None = None,
    restarter: Restarter | None = None,
) -> Stage:
    """A stage with rails wide enough not to matter, unless the test names its own; with a restarter also a drill."""
    stage = Stage(
        folder, start=start, linked=linked, limits=WIDE if limits is None else limits, routing=routing or {},
        restarter=restarter,
    )  # fmt: skip
    await stage.open()
    await stage.quote("6326.00", "6326.25")
    await stage.quote("6326.00", "6326.25", of=ES)
    return stage
