"""Health: looks once a minute at every part, keeps a day of it, and speaks up when something gets worse."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import Notice, NoticeKind, Severity
from tradestream_gui.ports.beats import until_beat
from tradestream_gui.ports.clock import Clock

LOOK_EVERY_S = 60.0
KEPT = 1_440
"""Looks that are kept: a day of minutes."""
COOL_DOWN = timedelta(minutes=15)
"""A reading that was told of is not told of again before this has passed, unless it got worse."""


class Level(IntEnum):
    """How a reading stands, in the order of badness. UNKNOWN was not measured and counts for nothing."""

    UNKNOWN = 0
    OK = 1
    WARN = 2
    DANGER = 3


WORTH = {Level.OK: 100, Level.WARN: 50, Level.DANGER: 0}


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured thing. `value` is as shown; `advice` says what now, or why there is no figure. `told` is the
    loudest notice that it may raise; None: it stands on the page, because it comes and goes by itself or because the
    part that it is read from tells of it already."""

    component: str
    name: str
    value: str
    level: Level
    advice: str = ""
    told: Severity | None = Severity.DANGER


Probe = Callable[[], Iterable[Reading]]


@dataclass(frozen=True, slots=True)
class Checkup:
    """One look at everything."""

    at: datetime
    readings: tuple[Reading, ...]

    def levels(self) -> dict[str, Level]:
        """Each component's worst measured reading; UNKNOWN where none was measured."""
        worst: dict[str, Level] = {}
        for reading in self.readings:
            worst[reading.component] = max(worst.get(reading.component, Level.UNKNOWN), reading.level)
        return worst

    @property
    def score(self) -> int | None:
        """The mean worth of the measured components, 0 to 100: fine 100, a warning 50, a danger 0. None: nothing was
        measured."""
        worth = [WORTH[level] for level in self.levels().values() if level is not Level.UNKNOWN]
        return round(sum(worth) / len(worth)) if worth else None

    @property
    def measured(self) -> int:
        """How many components the score is made of."""
        return sum(level is not Level.UNKNOWN for level in self.levels().values())


@dataclass(frozen=True, slots=True)
class HealthChecked:
    """A look was taken."""

    checkup: Checkup


class HealthMonitor:
    """Owns the checkups of the last day. Parts add their probe; a probe only reads and is quick."""

    def __init__(self, bus: EventBus, clock: Clock, probes: Sequence[Probe]) -> None:
        self._bus = bus
        self._clock = clock
        self._probes = list(probes)
        self._kept: deque[Checkup] = deque(maxlen=KEPT)
        self._told: dict[tuple[str, str], tuple[Level, datetime]] = {}

    @property
    def latest(self) -> Checkup | None:
        return self._kept[-1] if self._kept else None

    @property
    def history(self) -> tuple[Checkup, ...]:
        """The looks of the last day, oldest first."""
        return tuple(self._kept)

    def add(self, probe: Probe) -> None:
        self._probes.append(probe)

    async def watch(self) -> None:
        """Until cancelled."""
        while True:
            self.look()
            await self._clock.sleep(until_beat(self._clock.monotonic(), LOOK_EVERY_S))

    def look(self) -> Checkup:
        """Takes a look now and keeps it."""
        now = self._clock.now()
        checkup = Checkup(now, tuple(reading for probe in self._probes for reading in probe()))
        self._kept.append(checkup)
        for reading in checkup.readings:
            self._tell(reading, now)
        self._bus.publish(HealthChecked(checkup))
        return checkup

    def _tell(self, reading: Reading, now: datetime) -> None:
        key = (reading.component, reading.name)
        if reading.told is None:
            return
        if reading.level < Level.WARN:
            self._told.pop(key, None)
            return
        level, at = self._told.get(key, (Level.OK, now))
        if reading.level <= level and now - at < COOL_DOWN:
            return
        self._told[key] = (reading.level, now)
        severity = reading.told if reading.level is Level.DANGER else Severity.WARNING
        words = f"{reading.value}. {reading.advice}" if reading.advice else reading.value
        self._bus.publish(Notice(NoticeKind.SYSTEM, severity, f"{reading.component}: {reading.name}", words, now))


def graded(value: float, warn: float, danger: float) -> Level:
    """The level of a figure that is worse the higher it is; at a limit the limit is reached."""
    if value >= danger:
        return Level.DANGER
    return Level.WARN if value >= warn else Level.OK
