"""What is looked at of the computer, the event loop, the disk's commits and the backups, and from where it is bad."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import Severity
from tradestream_gui.domain.money import percent_words
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.journal import StorageUse
from tradestream_gui.ports.machine import Machine
from tradestream_gui.upkeep.backup_schedule import BackupFailed, BackupSchedule, BackupTaken
from tradestream_gui.upkeep.health import Level, Probe, Reading, graded

COMPUTER, LOOP, STORAGE, BACKUPS = "Computer", "Event loop", "Storage", "Backups"
PROCESSOR = (0.80, 0.95)
MEMORY = (0.80, 0.95)
DISK = (0.85, 0.95)
LAG_MS = (50.0, 250.0)
PAUSE_S = (0.05, 0.25)
COMMIT_MS = (50.0, 500.0)
WAITING = (50, 500)
OVERDUE = (1.5, 4.0)
"""Warning and danger, as multiples of the interval between two backups."""
FIRST_BACKUP = timedelta(minutes=10)
"""How long a program that just started may be without its first backup."""
MEGABYTE, GIGABYTE = 1_000_000, 1_000_000_000


def machine_probe(machine: Machine) -> Probe:
    """Processor, memory and disk of the computer, and the program's own part of them."""

    def probe() -> Iterator[Reading]:
        try:
            use = machine.read()
        except OSError as error:
            yield Reading(COMPUTER, "Use", "–", Level.UNKNOWN, f"Not readable: {error}")
            return
        yield _share("Processor", use.processor, PROCESSOR, "Other programs keep the computer busy; close some.")
        yield _share("Memory", use.memory, MEMORY, "Memory runs out; close other programs.")
        yield Reading(
            COMPUTER,
            "Disk",
            f"{percent_words(use.disk)} used, {use.disk_free_bytes / GIGABYTE:,.1f} GB free",
            graded(use.disk, *DISK),
            "Make room: a full disk halts trading." if use.disk >= DISK[0] else "",
            Severity.WARNING,
        )
        own = "–" if use.own_processor is None else f"{percent_words(use.own_processor)} of a core"
        yield Reading(COMPUTER, "TradeStream's processor", own, _known(use.own_processor))
        size = "–" if use.own_memory_bytes is None else f"{use.own_memory_bytes // MEGABYTE:,} MB"
        yield Reading(COMPUTER, "TradeStream's memory", size, _known(use.own_memory_bytes))
        pause = f"{use.longest_pause_s * 1000:.1f} ms"
        yield Reading(LOOP, "Longest collector pause", pause, graded(use.longest_pause_s, *PAUSE_S), told=None)

    return probe


def lag_probe(p99_ms: Callable[[], float | None]) -> Probe:
    """How late the event loop runs its timers."""

    def probe() -> Iterator[Reading]:
        lag_ms = p99_ms()
        if lag_ms is None:
            yield Reading(LOOP, "Lag, p99", "–", Level.UNKNOWN, "Not measured yet.")
        else:
            advice = "The window answers late; close charts or other programs." if lag_ms >= LAG_MS[0] else ""
            yield Reading(LOOP, "Lag, p99", f"{lag_ms:.1f} ms", graded(lag_ms, *LAG_MS), advice, Severity.WARNING)

    return probe


def storage_probe(use: Callable[[], StorageUse]) -> Probe:
    """Whether the disk takes what is to be kept, and how quickly."""

    def probe() -> Iterator[Reading]:
        now = use()
        held = "Nothing new is traded until the disk takes them." if now.held else ""
        yield Reading(STORAGE, "Records refused", str(now.held), Level.DANGER if now.held else Level.OK, held)
        yield Reading(STORAGE, "Commits waiting", str(now.waiting), graded(now.waiting, *WAITING))
        if now.last_write_s is None:
            yield Reading(STORAGE, "Last commit", "–", Level.UNKNOWN, "Nothing was stored yet.")
            return
        took_ms = now.last_write_s * 1000
        advice = "The disk is slow; each order waits for it." if took_ms >= COMMIT_MS[0] else ""
        level = graded(took_ms, *COMMIT_MS)
        yield Reading(STORAGE, "Last commit", f"{took_ms:.1f} ms", level, advice, Severity.WARNING)

    return probe


class BackupProbe:
    """The newest backup's age, and the last failure since."""

    def __init__(self, bus: EventBus, clock: Clock, schedule: BackupSchedule) -> None:
        self._clock = clock
        self._schedule = schedule
        self._began = clock.now()
        self._failure = ""
        bus.subscribe(BackupTaken, self._on_taken)
        bus.subscribe(BackupFailed, self._on_failed)

    def __call__(self) -> Iterator[Reading]:
        newest, every = self._schedule.newest_at, self._schedule.every
        if self._failure:
            yield Reading(BACKUPS, "Last backup", "failed", Level.DANGER, self._failure)
        elif newest is None:
            yield self._none_yet()
        else:
            yield _aged(self._clock.now(), newest, every)

    def _none_yet(self) -> Reading:
        if self._clock.now() - self._began < FIRST_BACKUP:
            return Reading(BACKUPS, "Last backup", "none yet", Level.UNKNOWN, "The first is taken within minutes.")
        advice = "None was taken since the start; look at the backup folder in Data & backups."
        return Reading(BACKUPS, "Last backup", "none yet", Level.WARN, advice)

    def _on_taken(self, fact: BackupTaken) -> None:
        self._failure = ""

    def _on_failed(self, fact: BackupFailed) -> None:
        self._failure = fact.words


def _aged(now: datetime, newest: datetime, every: timedelta) -> Reading:
    age = now - newest
    level = graded(age / every, *OVERDUE)
    hours = age.total_seconds() / 3600
    value = f"{hours:.1f} h ago" if hours >= 1 else f"{age.total_seconds() / 60:.0f} min ago"
    advice = "A backup is overdue; look at the backup folder in Data & backups." if level > Level.OK else ""
    return Reading(BACKUPS, "Last backup", value, level, advice)


def _share(name: str, share: float | None, limits: tuple[float, float], advice: str) -> Reading:
    if share is None:
        return Reading(COMPUTER, name, "–", Level.UNKNOWN, "This system does not tell.")
    level = graded(share, *limits)
    return Reading(COMPUTER, name, percent_words(share), level, advice if level > Level.OK else "", told=None)


def _known(figure: float | int | None) -> Level:
    return Level.UNKNOWN if figure is None else Level.OK
