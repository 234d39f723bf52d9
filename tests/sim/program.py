"""One life of the real program in the simulated world: the real core on the real journal, its far sides simulated."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.sim.clock import LifeClock, SimClock
from tests.sim.disk import Files, SlowDisk
from tests.sim.venue import LIVE_ACCOUNT, SimBroker, Venue
from tests.trading.stage import reference_data
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.adapters.storage.ids import JournalIds, ProfileIds
from tradestream_gui.adapters.storage.memory_watermark import MemoryWatermark
from tradestream_gui.adapters.storage.profile_journal import ProfileJournal
from tradestream_gui.alerts.profiles.profiles import load_profiles
from tradestream_gui.assembly.assemble import Outside, Running, assemble
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.events import AccountStateChanged, Notice, NoticeKind, ProtectionLost, Severity
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Order
from tradestream_gui.domain.quotes import DataKind
from tradestream_gui.paths import resource_path
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.feed import FeedSink
from tradestream_gui.trading.failsafe import Failsafe
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings

CHANNELS = tuple(f"room{number}" for number in range(20))
ANALYSTS = tuple(f"analyst{number}" for number in range(8))
SOURCE = "test"
HUB = "hub of the venue"
"""The task of a library that fails in a day, quoting what it should not."""
WIDE: dict[str, Any] = {
    "risk_per_trade": "100000", "daily_loss_limit": "1000000", "max_open_risk": "1000000",
    "max_notional_option": "1000000", "max_position_qty_future": 500, "max_order_qty_future": 50, "max_minis": "500",
    "max_order_qty_option": 50, "max_position_qty_option": 500,
    "stop_future_price_pct": "50", "max_open_positions": 50, "entries_per_minute": 100, "same_side_entries": 50,
    "spread_future_ticks": 100, "max_entries_per_day": 1000, "drift_future_stop_pct": "100",
    "drift_future_atr_pct": "100", "spread_option_pct": "200", "drift_option_pct": "20",
}  # fmt: skip
ANALYST_WIDE = {
    "daily_loss_limit": "100000", "max_open_trades": 50, "max_entries_per_day": 200, "loss_streak": 50,
    "loss_pause_min": 1,
}  # fmt: skip


@cache
def sim_settings(limits: tuple[tuple[str, Any], ...] = (), *, with_live: bool = False) -> Settings:
    """Settings under which the rails matter only where a test names its own; half of the analysts trade the live
    account where there is one."""
    wanted = plain(first_settings())
    wanted["accounts"][0] |= {"id": "sim", "name": "Sim", "limits": {**WIDE, **dict(limits)}}
    wanted["accounts"][0]["starting_cash"] = "5000000"
    if with_live:
        live = {"id": LIVE_ACCOUNT.account_id, "name": LIVE_ACCOUNT.name, "kind": "LIVE", "broker": "ibkr"}
        wanted["accounts"].append({**wanted["accounts"][0], **live})
    wanted["risk"]["analyst"] |= ANALYST_WIDE
    wanted["risk"]["go_live"] |= {"paper_trades": 0, "clean_days": 0, "drill": False}  # a day is too short for a record
    wanted["risk"]["manual"] |= {"max_entries_per_day": 500, "daily_loss_limit": "100000", "loss_streak": 50,
                                 "max_distance_future_pct": "100"}  # fmt: skip
    wanted["routing"]["defaults"] |= {"account": "sim", "mode": "AUTO"}
    wanted["routing"]["channels"] = [{"id": name, "name": name, "source": SOURCE} for name in CHANNELS]
    wanted["routing"]["analysts"] = [
        {"id": name, "name": name.capitalize(), "authors": [name], "mode": "AUTO"}
        | ({"account": LIVE_ACCOUNT.account_id} if with_live and number % 2 else {})
        for number, name in enumerate(ANALYSTS)
    ]
    wanted["market"]["watchlist"] = []
    return Settings.model_validate(wanted)


class FixedSettings:
    """Settings that nobody changes: reading their file costs more than a virtual minute."""

    def __init__(self, settings: Settings, path: Path) -> None:
        self.current = settings
        self.path = path


@cache
def sim_profiles() -> tuple[AlertProfile, ...]:
    return tuple(load_profiles(resource_path("profiles")))


class SimFeed:
    """The feed of one life; the world says every price."""

    name = "hand"
    kind = DataKind.REALTIME

    def __init__(self, clock: LifeClock) -> None:
        self._clock = clock
        self.sink: FeedSink | None = None

    async def connect(self, sink: FeedSink) -> None:
        self.sink = sink
        sink.on_feed_link(self.name, LinkState.UP, "")
        self._beat()

    def _beat(self) -> None:
        if self.sink is not None:
            self.sink.on_heartbeat(self.name)
            self._clock.call_later(1.0, self._beat)

    async def close(self) -> None:
        self.sink = None

    async def subscribe(self, instrument: Instrument) -> None:
        """The world brings everything."""

    async def unsubscribe(self, instrument: Instrument) -> None:
        """The world brings everything."""


@dataclass(slots=True)
class Witness:
    """What the checker is told of the program's own words: alarms, states and failures, of all its lives."""

    alarms: list[tuple[float, AccountId, str]] = field(default_factory=list)
    states: list[tuple[float, AccountId, str, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    """Every sentence that was shown or stored as a reason."""
    unconfirmed: set[AccountId] = field(default_factory=set)
    """The broker does not answer, and the person was told that nobody confirms the stops."""
    day_locked: dict[AccountId, float] = field(default_factory=dict)
    """Since when they are locked to the end of the account's day: at their loss limit."""


class Program:
    """Opened by `start`, ended by `die` (as a killed process) or `close` (as asked)."""

    def __init__(
        self, clock: SimClock, files: Files, venue: Venue, random: Random, witness: Witness, settings: Settings,
        watermark: MemoryWatermark, before_place: Callable[["Program", Venue, Order], None],
        live: tuple[Venue, Files] | None = None, clean: Callable[[str], str] = str,
    ) -> None:  # fmt: skip
        """`live`: a venue with a guarded account and its database; `clean` masks the secrets that are known."""
        self.clock = LifeClock(clock)
        self._time = clock
        self._files = files
        self._venue = venue
        self._witness = witness
        self._settings = settings
        self._watermark = watermark
        self._before_place = before_place
        self._live = live
        self._clean = clean
        self.disk = SlowDisk(self.clock, random)
        self.feed = SimFeed(self.clock)
        self.is_up = False

    async def start(self, instruments: Sequence[Instrument]) -> None:
        failsafe = Failsafe(self._clean)
        self.bus = EventBus(failsafe.on_owner_failure)
        self.tasks = LoopTasks(self._task_failed)
        self._failsafe = failsafe
        journal: Any = self._files.journal(self.disk, failsafe.trip)
        ids: Any = await JournalIds.start(journal, self.tasks)
        self.broker = SimBroker(self._venue, self.clock, lambda order: self._before_place(self, self._venue, order))
        beside: tuple[Any, ...] = ()
        if self._live is not None:
            venue, files = self._live
            live = files.journal(self.disk, failsafe.trip_guarded)
            own = [await JournalIds.start(one, self.tasks, (journal.epoch, live.epoch)) for one in (journal, live)]
            journal = ProfileJournal(journal, live, [venue.account.account_id])
            ids = ProfileIds(*own, journal.is_guarded)
            beside = (SimBroker(venue, self.clock, lambda order: self._before_place(self, venue, order)),)
        outside = Outside(
            bus=self.bus, clock=self.clock, tasks=self.tasks, failsafe=failsafe, journal=journal,
            ids=ids, watermark=self._watermark,
            settings=FixedSettings(self._settings, self._files.database.with_name("config.yaml")),  # type: ignore[arg-type]  # nothing changes them here
            reference=reference_data(), profiles=sim_profiles(), feed=self.feed,
            broker=self.broker,  # type: ignore[arg-type]  # any broker that creates accounts
            sources=(), beside=beside, live_refused="",
        )  # fmt: skip
        self.running: Running = assemble(outside)
        self.core = self.running.core
        self.bus.subscribe(ProtectionLost, self._alarmed)
        self.bus.subscribe(Notice, self._told)
        self._witness.unconfirmed.clear()
        self.bus.subscribe(AccountStateChanged, self._state_changed)
        await self.running.start()
        for instrument in instruments:
            await self.core.subscriptions.subscribe(instrument)
        self.is_up = True

    async def close(self) -> None:
        self.is_up = False
        await self.running.close()
        self.clock.is_dead = True
        self._drop()

    async def die(self) -> None:
        """Nothing is flushed, nothing is said: what the disk has not done by now never happened."""
        self.is_up = False
        self.clock.is_dead = True
        before = logging.root.manager.disable
        logging.disable(logging.CRITICAL)
        try:
            await self.tasks.close()
        finally:
            logging.disable(before)
        await self.feed.close()
        self.running.watchdog.close()
        self._drop()

    def _drop(self) -> None:
        for files in self.databases:
            files.drop()

    @property
    def databases(self) -> tuple[Files, ...]:
        return (self._files,) if self._live is None else (self._files, self._live[1])

    def _task_failed(self, name: str, error: BaseException) -> None:
        if self.clock.is_dead:
            return
        if name != HUB:
            self._witness.failures.append(f"{self._time.elapsed_s:.1f} s: task {name} failed: {error!r}")
        self._failsafe.on_task_failure(name, error)

    def _alarmed(self, fact: ProtectionLost) -> None:
        lot = self.core.lots.lot(fact.lot_id)
        if lot is not None:
            self._witness.alarms.append((self._time.elapsed_s, lot.account_id, lot.instrument_id))

    def _told(self, fact: Notice) -> None:
        self._witness.words.append(fact.words)
        if fact.account_id is None:
            return
        if fact.kind is NoticeKind.UNPROTECTED:
            self._witness.unconfirmed.add(fact.account_id)
        elif fact.kind is NoticeKind.CONNECTION and fact.severity is Severity.SUCCESS:
            self._witness.unconfirmed.discard(fact.account_id)

    def _state_changed(self, fact: AccountStateChanged) -> None:
        state = fact.state
        self._witness.states.append(
            (self._time.elapsed_s, state.account_id, state.trading_state.value, state.reason)
        )
        if state.trading_state is TradingState.LOCKED and state.locked_until is not None:
            self._witness.day_locked.setdefault(state.account_id, self._time.elapsed_s)
