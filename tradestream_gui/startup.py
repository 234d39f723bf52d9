"""Opens a profile: folders, lock, settings, database, market and sources, and hands back a core ready to start."""

import asyncio
import importlib
import logging
import os
import secrets
import shutil
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tradestream_gui.adapters.brokers.paper import CuttableBroker, Latency, Link, PaperBroker
from tradestream_gui.adapters.brokers.paper.ledger import SqlitePaperLedger
from tradestream_gui.adapters.feeds.cuttable import CuttableFeed
from tradestream_gui.adapters.feeds.silent import SilentFeed
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.clock import RealClock, VirtualClock, WorkCounter
from tradestream_gui.adapters.runtime.machine import MachineReader
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.adapters.sources.clipboard import ClipboardSource
from tradestream_gui.adapters.storage.price_alert_file import FILE_NAME as PRICE_ALERTS_FILE
from tradestream_gui.adapters.storage.price_alert_file import PriceAlertFile
from tradestream_gui.adapters.storage.watermark import FileWatermark
from tradestream_gui.alerts.profiles.profile_files import ProfileFiles
from tradestream_gui.assembly.assemble import Outside, Running, assemble
from tradestream_gui.assembly.brokers import BrokerSide, broker_sides, costs_of, listings_of, prices_of
from tradestream_gui.assembly.checks import connection_checks
from tradestream_gui.assembly.drills import drill_tools
from tradestream_gui.assembly.notices import remote_outlets
from tradestream_gui.assembly.routes import LooseningGuard
from tradestream_gui.assembly.sources import discord_sources
from tradestream_gui.bus import EventBus
from tradestream_gui.cli import Launch
from tradestream_gui.commands.secret import nobody_logs, secrets_of
from tradestream_gui.core import Core
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.events import Notice, NoticeKind, SessionClosed, Severity
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.fact_log import FactLog
from tradestream_gui.logs import FILE_NAME, ProgramLog
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.paper_rules import paper_rules
from tradestream_gui.paths import Paths, resource_path
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.secrets import Secrets, SecretsLocked
from tradestream_gui.ports.source import AlertSource
from tradestream_gui.profile.databases import profile_databases
from tradestream_gui.profile.message_archive import ProfileArchive
from tradestream_gui.profile.storage import ProfileStorage, open_storage
from tradestream_gui.trading.failsafe import Failsafe
from tradestream_gui.upkeep.backup import Backups, Retention
from tradestream_gui.upkeep.backup_schedule import BackupPolicy, BackupSchedule
from tradestream_gui.upkeep.day_bell import ring
from tradestream_gui.upkeep.diagnostics import Surroundings
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.service import SettingsChanged, SettingsService

if TYPE_CHECKING:
    from tradestream_gui.adapters.feeds.synthetic.feed import SyntheticFeed
    from tradestream_gui.demo.day import DemoDay

_log = logging.getLogger(__name__)
DEMO = "tradestream_gui.demo.opening"
"""What only a demo loads: its day, its market and its source."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A profile that is open. `running` is ready to start; the demo also has its `day` and its virtual clock."""

    running: Running
    paths: Paths
    clock: Clock
    day: "DemoDay | None"
    secrets: Secrets

    async def start(self) -> None:
        await self.running.start()
        self.running.core.tasks.spawn(self._open_vault(), "open the vault")
        self.running.core.tasks.spawn(_name_bad_profiles(self.running.core), "check the alert profiles")
        if self.day is not None:
            self._press_the_clicks(self.day)
        else:
            core = self.running.core
            core.tasks.spawn(ring(core.bus, self.clock, core.reference.calendar), "tell the end of the day")

    async def drive(self, until: datetime | None = None) -> None:
        """Moves virtual time to the end of the demo day, then tells that the session is over; a real clock needs
        no driver and this returns at once."""
        if self.day is None or not isinstance(self.clock, VirtualClock):
            return
        if self.day.stretches:
            from tradestream_gui.replay.run import play, watch_what_counts

            await play(self.running.core, self.clock, self.day.stretches, watch_what_counts)
        else:
            await self.clock.run_until(min(until or self.day.end, self.day.end))
        if self.clock.now() >= self.day.end:
            self.running.core.bus.publish(SessionClosed(self.clock.now()))

    async def close(self) -> None:
        await self.running.close()

    async def _open_vault(self) -> None:
        """By the keyring alone, behind everything that trades: from then on the log knows what to mask. A vault under
        a passphrase waits for the person."""
        if not self.paths.vault_file.exists():
            return
        try:
            await asyncio.to_thread(self.secrets.unlock, None)
        except (SecretsLocked, StoreFailed) as error:
            _log.info("the vault stays closed: %s", error)

    def _press_the_clicks(self, day: "DemoDay") -> None:
        core = self.running.core
        for click in day.clicks:
            wait_s = max((click.at - self.clock.now()).total_seconds(), 0.0)
            approve = partial(core.alerts.approve, click.message_key)
            self.clock.call_later(wait_s, partial(_spawn_approval, self, approve, click.message_key))


def clear_demo(launch: Launch, paths: Paths) -> None:
    """A demo that does not resume starts with empty folders; no other profile is ever cleared."""
    if launch.demo and not launch.resume:
        for folder in (paths.data_dir, paths.config_dir):
            shutil.rmtree(folder, ignore_errors=True)
        paths.create()


async def open_profile(launch: Launch, paths: Paths, log: ProgramLog | None = None) -> Opened:
    """Opens everything of the profile; `log` takes over its settings and hears what happens.

    Raises ConfigInvalid, StoreFailed, StoreTooNew or BadRecord with words for the user, and leaves nothing open then.
    """
    reference = await asyncio.to_thread(ReferenceData.load, resource_path)
    work = WorkCounter()
    day = await _day_of(launch, reference)
    if day is not None and day.stretches:
        reference = reference.read_on(day.start.date())
    clock: Clock = VirtualClock(day.start, work, launch.speed) if day else RealClock()
    failsafe = Failsafe(log.redactor.clean if log is not None else str)
    bus = EventBus(failsafe.on_owner_failure)
    loosening = LooseningGuard()
    settings = SettingsService(
        launch.config or paths.config_file,
        environment=dict(os.environ),
        bus=bus,
        write=write_atomically,
        first=day.first if day else first_settings,
        loosening_blocked=loosening,
    )
    await asyncio.to_thread(settings.load)
    if log is not None:
        _keep_log(log, settings, bus)
    watermark = FileWatermark(paths.data_dir / "watermark.json", work)
    async with AsyncExitStack() as undo:
        undo.callback(watermark.close)
        watermark.load()
        storage = await open_storage(launch, paths, settings.current, clock=clock, work=work, failsafe=failsafe)
        undo.push_async_callback(storage.journal.close)
        ground = _Ground(
            launch, paths, reference, work, clock, failsafe, bus, loosening, settings, watermark, storage, log
        )
        opened = await _open_on(ground, day)
        undo.pop_all()
    return opened


def _keep_log(log: ProgramLog, settings: SettingsService, bus: EventBus) -> None:
    """What happens goes into the log, as much of it as the settings say from time to time."""

    def adjust() -> None:
        wanted = settings.current.advanced
        log.adjust(wanted.log_level.value, wanted.log_files)

    adjust()
    bus.subscribe(SettingsChanged, lambda fact: adjust())
    FactLog(bus)


def _surroundings(log: ProgramLog, paths: Paths) -> Surroundings:
    def examined() -> str:
        from tradestream_gui import doctor  # imported here: asked for by a click, in a thread

        report = StringIO()
        doctor.report(doctor.examine(paths), report, as_json=True)
        return report.getvalue()

    return Surroundings(paths.logs_dir / FILE_NAME, log.redactor.clean, examined)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What stands before the core is made."""

    launch: Launch
    paths: Paths
    reference: ReferenceData
    work: WorkCounter
    clock: Clock
    failsafe: Failsafe
    bus: EventBus
    loosening: LooseningGuard
    settings: SettingsService
    watermark: FileWatermark
    storage: ProfileStorage
    log: ProgramLog | None


async def _name_bad_profiles(core: Core) -> None:
    """A file of the user's that cannot be read must not go unseen: its rooms are read otherwise than he thinks."""
    loaded = await asyncio.to_thread(core.profile_files.load)
    for mistake in loaded.mistakes:
        words = f"{mistake}. Until it is mended the shipped profile reads, if there is one."
        core.bus.publish(
            Notice(NoticeKind.SYSTEM, Severity.WARNING, "A profile of yours cannot be read", words, core.clock.now())
        )


async def _open_on(ground: _Ground, day: "DemoDay | None") -> Opened:
    clock, reference, settings, storage = ground.clock, ground.reference, ground.settings, ground.storage
    ledger = SqlitePaperLedger(ground.paths.simulator_db)
    if day is not None and ground.launch.resume:
        day = await _resumed(ground, day, ledger)
    tasks = LoopTasks(ground.failsafe.on_task_failure)
    feed = _demo_feed(ground, day) if day else None
    kept = secrets_of(ground.paths, ground.log.redactor.learn if ground.log is not None else nobody_logs)
    is_alone = day is not None or ground.launch.safe_mode
    sides = () if is_alone else await _sides(ground, kept, tasks)
    priced = prices_of(sides, clock, tasks)
    own = ProfileFiles(resource_path("profiles"), settings.path.parent / "profiles", write_atomically).load()
    broker = _broker(ground, tasks, ledger)
    market = CuttableFeed(feed or (priced.feed if priced else None) or SilentFeed(), broker)
    outside = Outside(
        bus=ground.bus,
        clock=clock,
        tasks=tasks,
        failsafe=ground.failsafe,
        journal=storage.journal,
        ids=await storage.ids(ground.paths, tasks),
        watermark=ground.watermark,
        settings=settings,
        reference=reference,
        profiles=own.profiles,
        feed=market,
        broker=broker,
        beside=tuple(side.broker for side in sides),
        listings=listings_of(sides),
        costs=costs_of(sides),
        live_refused="the program runs in safe mode" if ground.launch.safe_mode else storage.live_refused,
        late_history=priced.history if priced else None,
        sources=(
            *((_demo_source(ground, day, feed, own.profiles),) if day and feed else ()),
            *(() if ground.launch.safe_mode else (ClipboardSource(),)),
            *(() if day or ground.launch.safe_mode else _sources_from_outside(ground, kept, own.profiles, tasks)),
        ),
        history=feed or (priced.history if priced else None),
        backups=None if day else _backups(ground),
        machine=MachineReader(ground.paths.data_dir),
        surroundings=_surroundings(ground.log, ground.paths) if ground.log is not None else None,
        outlets={} if day else remote_outlets(settings, kept),
        price_alerts=PriceAlertFile(ground.paths.data_dir / PRICE_ALERTS_FILE, write_atomically),
        drills=drill_tools(ground.paths, broker, market, ground.work, is_demo=ground.launch.demo),
        loosening=ground.loosening,
        archive=ProfileArchive((ground.paths.paper_db, *((ground.paths.live_db,) if storage.live else ()))),
        secrets=None if day else kept,
        connection_checks=() if is_alone else connection_checks(settings, kept, clock, tasks),
    )
    return Opened(assemble(outside), ground.paths, clock, day, kept)


def _sources_from_outside(
    ground: _Ground, kept: Secrets, profiles: Sequence[AlertProfile], tasks: LoopTasks
) -> tuple[AlertSource, ...]:
    """Discord's bots, and the webhook's port where it is switched on."""
    bots = discord_sources(ground.settings, kept, ground.clock, tasks)
    if not ground.settings.current.webhook.enabled:
        return bots
    from tradestream_gui.assembly.webhook import webhook_source  # with what it reads posts by, for those who want it

    post = webhook_source(
        settings=ground.settings,
        secrets=kept,
        bus=ground.bus,
        journal=ground.storage.journal,
        reference=ground.reference,
        profiles=profiles,
        clock=ground.clock,
        tasks=tasks,
    )
    return (*bots, post)


async def _sides(ground: _Ground, kept: Secrets, tasks: LoopTasks) -> tuple[BrokerSide, ...]:
    guarded = not ground.storage.live_refused
    return await broker_sides(
        ground.settings.current, kept, ground.reference, ground.clock, tasks, guarded=guarded
    )


async def _resumed(ground: _Ground, day: "DemoDay", ledger: SqlitePaperLedger) -> "DemoDay":
    from tradestream_gui.demo.opening import resumed

    kept = await ledger.load()
    await ledger.close()
    assert isinstance(ground.clock, VirtualClock)
    return await resumed(day, await ground.storage.journal.load(), kept, ground.clock)


def _demo_feed(ground: _Ground, day: "DemoDay") -> "SyntheticFeed":
    from tradestream_gui.demo.opening import feed_of

    return feed_of(day, ground.clock, ground.launch.seed)


def _demo_source(
    ground: _Ground, day: "DemoDay", feed: "SyntheticFeed", profiles: tuple[AlertProfile, ...]
) -> AlertSource:
    from tradestream_gui.demo.opening import source_of

    return source_of(day, ground.clock, feed, ground.reference, profiles)


def _backups(ground: _Ground) -> BackupSchedule:
    paths, settings = ground.paths, ground.settings
    second = settings.current.backups.second_folder
    databases = [
        Backups(
            each.path,
            paths.backups_dir,
            each.keeper,
            write=write_atomically,
            second_folder=Path(second) if second else None,
        )
        for each in profile_databases(paths)
        if each.path.exists() or each.path != paths.live_db
    ]

    def policy() -> BackupPolicy:
        wanted = settings.current.backups
        retention = Retention(wanted.keep_recent, wanted.keep_daily, wanted.keep_monthly)
        return BackupPolicy(timedelta(hours=wanted.every_hours), retention)

    return BackupSchedule(databases, clock=ground.clock, bus=ground.bus, policy=policy)


def _broker(ground: _Ground, tasks: LoopTasks, ledger: SqlitePaperLedger) -> CuttableBroker:
    launch, clock = ground.launch, ground.clock
    seed = launch.seed if launch.demo else int.from_bytes(secrets.token_bytes(8))
    paper = PaperBroker(
        clock=clock,
        tasks=tasks,
        work=ground.work,
        ledger=ledger,
        link=Link(clock, Random(seed), Latency()),
        rules=paper_rules(ground.reference, ground.settings),
    )
    return CuttableBroker(paper)


async def _day_of(launch: Launch, reference: ReferenceData) -> "DemoDay | None":
    """The demo's day; None for a profile that trades."""
    if not launch.demo:
        return None
    await asyncio.to_thread(importlib.import_module, DEMO)
    from tradestream_gui.demo.opening import day_of

    return day_of(launch, reference)


async def _approve(approve: Callable[[], Awaitable[object]]) -> None:
    await approve()


def _spawn_approval(opened: Opened, approve: Callable[[], Awaitable[object]], key: MessageKey) -> None:
    opened.running.core.tasks.spawn(_approve(approve), f"approve {key}")
