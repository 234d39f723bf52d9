"""The `tradestream replay` command: recorded messages and prices through the desks and the paper broker."""

import asyncio
import heapq
import json
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tradestream_gui import __version__
from tradestream_gui.adapters.brokers.paper import Latency, Link, MemoryLedger, PaperBroker
from tradestream_gui.adapters.feeds.recorded import RecordedFeed, Recording, read_recording
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.clock import VirtualClock, WorkCounter
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.adapters.sources.recorded import Posting, RecordedSource, read_postings
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.ids import JournalIds, epoch_from
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.adapters.storage.memory_watermark import MemoryWatermark
from tradestream_gui.alerts.profiles.profiles import load_profiles
from tradestream_gui.assembly.assemble import Outside, Running, assemble
from tradestream_gui.bus import EventBus
from tradestream_gui.cli import EXIT_FAILURE, EXIT_OK
from tradestream_gui.core import Core
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.errors import BadRecord, StoreFailed
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.followed import followed_settings
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.paper_rules import paper_rules
from tradestream_gui.paths import resource_path
from tradestream_gui.replay.report import Inputs, report_json
from tradestream_gui.replay.run import replay
from tradestream_gui.replay.stretches import busy_stretches
from tradestream_gui.trading.failsafe import Failsafe
from tradestream_gui.upkeep.settings.model import Settings
from tradestream_gui.upkeep.settings.service import SettingsService

SEED = 7
"""Of the paper broker's answer times; fixed, so that a replay always gives the same report."""
ASSUMED_SPREAD_TICKS = 1
LEAD = timedelta(seconds=1)
"""The desks are ready this long before the first price."""


@dataclass(frozen=True, slots=True)
class History:
    """What is replayed, read and checked."""

    reference: ReferenceData
    recording: Recording
    postings: tuple[Posting, ...]
    fees_from: date

    @property
    def times(self) -> tuple[Sequence[datetime], Sequence[datetime]]:
        return [row.at for row in self.recording.rows()], [posting.at for posting in self.postings]

    @property
    def first_at(self) -> datetime:
        starts = [self.recording.first_at, *(posting.at for posting in self.postings[:1])]
        return min(starts)

    @property
    def last_at(self) -> datetime:
        return max([self.recording.last_at, *(posting.at for posting in self.postings[-1:])])


def run_replay(messages: Path, quotes: Path, report: Path) -> int:
    """Replays and writes the report, whole or not at all; 1 with the bad rows named where a file cannot be read."""
    try:
        history = read_history(messages, quotes)
        content = asyncio.run(replayed(history, messages.name))
        write_atomically(report, content, 0o644)
    except (BadRecord, StoreFailed) as error:
        print(f"tradestream replay: {error}", file=sys.stderr)
        return EXIT_FAILURE
    except OSError as error:
        print(f"tradestream replay: {report} could not be written: {error.strerror or error}", file=sys.stderr)
        return EXIT_FAILURE
    print(f"{len(history.postings)} messages, {history.recording.row_count} rows of prices: the report is in {report}")
    return EXIT_OK


def read_history(messages: Path, quotes: Path) -> History:
    """Both files, checked whole; raises BadRecord that names the bad rows."""
    postings = read_postings(messages, "replay")
    if not postings:
        raise BadRecord(f"{messages.name}: there are no messages")
    reference = ReferenceData.load(resource_path)
    recording = read_recording(quotes, reference.resolve)
    first = min(recording.first_at, postings[0].at)
    fees_from = min(row.valid_from for row in reference.fees.rows)
    return History(reference.read_on(first.date()), recording, postings, fees_from)


async def replayed(history: History, messages_name: str) -> bytes:
    """The report's text: the same history gives the same bytes."""
    with TemporaryDirectory(prefix="tradestream-replay-") as folder:
        result = await replay(partial(make_stage, history, Path(folder)), busy_stretches(heapq.merge(*history.times)))
    text = json.dumps(report_json(_inputs(history, messages_name), result), indent=1, ensure_ascii=False)
    return (text + "\n").encode()


@dataclass(frozen=True, slots=True)
class ReplayStage:
    """A core over a recording, in a folder that is thrown away; nothing of the user's profiles is touched."""

    running: Running
    clock: VirtualClock
    instruments: tuple[Instrument, ...]

    @property
    def core(self) -> Core:
        return self.running.core

    async def start(self) -> None:
        """Everything recorded is watched from the start: history is not to depend on who asked for it when."""
        await self.running.start()
        for instrument in self.instruments:
            await self.core.subscriptions.subscribe(instrument)

    async def close(self) -> None:
        await self.running.close()


async def make_stage(
    history: History,
    folder: Path,
    *,
    first: Callable[[], Settings] | None = None,
    profiles: Sequence[AlertProfile] | None = None,
) -> ReplayStage:
    """The core: paper broker, recorded feed and the file's messages. Without settings and profiles of one's own each
    author is followed at AUTO and read by the shipped profiles."""
    clock = VirtualClock(history.first_at - LEAD, work := WorkCounter())
    failsafe = Failsafe()
    bus = EventBus(failsafe.on_owner_failure)
    tasks = LoopTasks(failsafe.on_task_failure)
    settings = SettingsService(
        folder / "config.yaml",
        environment={},
        bus=bus,
        write=write_atomically,
        first=first
        or partial(
            followed_settings,
            [posting.message for posting in history.postings],
            use_micros=_has_micros(history.recording),
        ),
    )
    await asyncio.to_thread(settings.load)
    journal = await SqliteJournal.open(
        folder / "paper.db",
        danger=Danger.PAPER,
        clock=clock,
        work=work,
        new_epoch=partial(epoch_from, Random(SEED).randbytes),
        on_failure=failsafe.trip,
    )
    outside = Outside(
        bus=bus,
        clock=clock,
        tasks=tasks,
        failsafe=failsafe,
        journal=journal,
        ids=await JournalIds.start(journal, tasks),
        watermark=MemoryWatermark(),
        settings=settings,
        reference=history.reference,
        profiles=profiles or load_profiles(resource_path("profiles")),
        feed=RecordedFeed(clock, history.recording, assume_spread_ticks=ASSUMED_SPREAD_TICKS),
        broker=_broker(history, clock, tasks, work, settings),
        sources=(RecordedSource(clock, live_postings(history.postings), "replay"),),
    )
    return ReplayStage(assemble(outside), clock, history.recording.instruments)


def live_postings(postings: Sequence[Posting]) -> tuple[Posting, ...]:
    """History is judged as if it came in now."""
    return tuple(replace(each, message=replace(each.message, arrival=Arrival.LIVE)) for each in postings)


def _broker(
    history: History, clock: VirtualClock, tasks: LoopTasks, work: WorkCounter, settings: SettingsService
) -> PaperBroker:
    return PaperBroker(
        clock=clock,
        tasks=tasks,
        work=work,
        ledger=MemoryLedger(),
        link=Link(clock, Random(SEED), Latency()),
        rules=paper_rules(history.reference, settings),
    )


def _has_micros(recording: Recording) -> bool:
    """Whether alerts go to micros by the usual default: only where the recording has prices of one."""
    return any(each.asset_class is AssetClass.FUTURE and each.mini_equivalents < 1 for each in recording.instruments)


def _inputs(history: History, messages_name: str) -> Inputs:
    return Inputs(
        versions={"tradestream": __version__, "python": platform.python_version()},
        seed=SEED,
        messages_file=messages_name,
        quotes_file=history.recording.path.name,
        quote_rows=history.recording.row_count,
        first_at=history.first_at.isoformat(),
        last_at=history.last_at.isoformat(),
        assumptions=tuple(_assumptions(history)),
    )


def _assumptions(history: History) -> list[str]:
    recording, calendar = history.recording, history.reference.calendar
    found = ["Every author of the file is followed at AUTO on one simulator account with the first-run risk rails."]
    bare = sum(1 for row in recording.rows() if row.price is not None and row.bid is None and row.ask is None)
    if bare:
        found.append(
            f"{bare} of {recording.row_count} rows have no bid and ask: a spread of {ASSUMED_SPREAD_TICKS} tick is "
            "assumed around their price."
        )
    if any(each.asset_class is AssetClass.FUTURE for each in recording.instruments) and not _has_micros(recording):
        found.append("The recording has no micro futures: alerts trade the full-size contract.")
    if not (calendar.covers(history.first_at.date()) and calendar.covers(history.last_at.date())):
        found.append(
            f"The calendar knows holidays from {calendar.covers_from} to {calendar.covers_until}: outside, every "
            "weekday is taken for a full session."
        )
    if history.first_at.date() < history.fees_from:
        found.append(f"Fees are on record from {history.fees_from}: earlier days pay the fees of that day.")
    return found
