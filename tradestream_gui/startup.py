"""Opens a profile: folders, lock, settings, database, market and sources, and hands back a core ready to start."""

import os
import secrets
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random

from tradestream_gui.adapters.brokers.paper import Latency, Link, PaperBroker, PaperRules
from tradestream_gui.adapters.brokers.paper.ledger import SqlitePaperLedger
from tradestream_gui.adapters.feeds.synthetic.feed import SyntheticFeed, SyntheticSettings
from tradestream_gui.adapters.runtime.clock import RealClock, VirtualClock, WorkCounter
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.adapters.sources.recorded import RecordedSource
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.ids import JournalIds, epoch_from
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.adapters.storage.watermark import FileWatermark
from tradestream_gui.alerts.profiles import load_profiles
from tradestream_gui.assembly import Outside, Running, assemble
from tradestream_gui.bus import EventBus
from tradestream_gui.cli import Launch
from tradestream_gui.demo_day import DemoDay, load_day
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.events import SessionClosed
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.message_day import AnchoringSource, load_message_day
from tradestream_gui.paper_rules import paper_rules
from tradestream_gui.paths import Paths, resource_path
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.source import AlertSource
from tradestream_gui.replay.run import play
from tradestream_gui.trading.failsafe import Failsafe
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.service import SettingsService

FEED_UPDATES_PER_S = 4.0


@dataclass(frozen=True, slots=True)
class Opened:
    """A profile that is open. `running` is ready to start; the demo also has its `day` and its virtual clock."""

    running: Running
    paths: Paths
    clock: Clock
    day: DemoDay | None

    async def start(self) -> None:
        await self.running.start()
        if self.day is not None:
            self._press_the_clicks(self.day)

    async def drive(self, until: datetime | None = None) -> None:
        """Moves virtual time to the end of the demo day, then tells that the session is over; a real clock needs
        no driver and this returns at once."""
        if self.day is None or not isinstance(self.clock, VirtualClock):
            return
        if self.day.stretches:
            await play(self.running.core, self.clock, self.day.stretches)
        else:
            await self.clock.run_until(min(until or self.day.end, self.day.end))
        if self.clock.now() >= self.day.end:
            self.running.core.bus.publish(SessionClosed(self.clock.now()))

    async def close(self) -> None:
        await self.running.close()

    def _press_the_clicks(self, day: DemoDay) -> None:
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


async def open_profile(launch: Launch, paths: Paths) -> Opened:
    """Opens everything of the profile. Raises ConfigInvalid, StoreFailed, StoreTooNew or BadRecord with words for
    the user, and leaves nothing open then."""
    reference = ReferenceData.load(resource_path)
    work = WorkCounter()
    day = _day_of(launch, reference)
    if day is not None and day.stretches:
        reference = reference.read_on(day.start.date())
    clock: Clock = VirtualClock(day.start, work, launch.speed) if day else RealClock()
    failsafe = Failsafe()
    bus = EventBus(failsafe.on_owner_failure)
    tasks = LoopTasks(failsafe.on_task_failure)
    settings = SettingsService(
        launch.config or paths.config_file,
        environment=dict(os.environ),
        bus=bus,
        write=write_file,
        first=day.first if day else first_settings,
    )
    settings.load()
    journal = await _journal(launch, paths, clock, work, failsafe)
    watermark = FileWatermark(paths.data_dir / "watermark.json", work)
    watermark.load()
    broker = _broker(launch, paths, clock, tasks, work, paper_rules(reference, settings))
    feed = SyntheticFeed(
        clock,
        SyntheticSettings(seed=launch.seed, updates_per_s=day.updates_per_s if day else FEED_UPDATES_PER_S),
        day.scripts if day else (),
        day.outages if day else (),
    )
    profiles = load_profiles(resource_path("profiles"), paths.config_dir / "profiles")
    outside = Outside(
        bus=bus,
        clock=clock,
        tasks=tasks,
        failsafe=failsafe,
        journal=journal,
        ids=await JournalIds.start(journal, tasks),
        watermark=watermark,
        settings=settings,
        reference=reference,
        profiles=profiles,
        feed=feed,
        broker=broker,
        sources=(_source_of(day, clock, feed, reference, profiles),) if day else (),
    )
    return Opened(assemble(outside), paths, clock, day)


async def _journal(launch: Launch, paths: Paths, clock: Clock, work: WorkCounter, failsafe: Failsafe) -> SqliteJournal:
    return await SqliteJournal.open(
        paths.paper_db,
        danger=Danger.PAPER,
        clock=clock,
        work=work,
        new_epoch=partial(epoch_from, _random_bytes(launch)),
        on_failure=failsafe.trip,
    )


def _broker(
    launch: Launch, paths: Paths, clock: Clock, tasks: LoopTasks, work: WorkCounter, rules: PaperRules
) -> PaperBroker:
    seed = launch.seed if launch.demo else int.from_bytes(secrets.token_bytes(8))
    return PaperBroker(
        clock=clock,
        tasks=tasks,
        work=work,
        ledger=SqlitePaperLedger(paths.data_dir / "simulator.db"),
        link=Link(clock, Random(seed), Latency()),
        rules=rules,
    )


def _day_of(launch: Launch, reference: ReferenceData) -> DemoDay | None:
    """The scripted day, or the messages of a file; None for a profile that trades."""
    if launch.messages is not None:
        return load_message_day(launch.messages, reference)
    return load_day(resource_path("demo/day.toml"), reference) if launch.demo else None


def _source_of(
    day: DemoDay, clock: Clock, feed: SyntheticFeed, reference: ReferenceData, profiles: tuple[AlertProfile, ...]
) -> AlertSource:
    if day.anchors:
        return AnchoringSource(clock, day.postings, feed, reference, profiles)
    return RecordedSource(clock, day.postings, "demo")


def write_file(path: Path, content: bytes) -> None:
    """Replaces a small file as a whole: the old or the new content, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(0o600)
    fresh.replace(path)


def _random_bytes(launch: Launch) -> Callable[[int], bytes]:
    """The epoch's randomness; the demo's is its seed's, so that the same seed gives the same ids."""
    return Random(launch.seed).randbytes if launch.demo else secrets.token_bytes


async def _approve(approve: Callable[[], Awaitable[object]]) -> None:
    await approve()


def _spawn_approval(opened: Opened, approve: Callable[[], Awaitable[object]], key: MessageKey) -> None:
    opened.running.core.tasks.spawn(_approve(approve), f"approve {key}")
