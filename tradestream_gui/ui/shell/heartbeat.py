"""The window's one timer for what follows the time by the second: ages, countdowns, the clock at the foot."""

from collections.abc import Callable
from datetime import datetime
from math import ceil
from time import monotonic

from PyQt6.QtCore import QObject, Qt, QTimer

BEAT_S, RESTING_BEAT_S = 1, 5
"""To wake the processor costs far more than what a beat does; a resting core takes its looks at the same fives."""


class Heartbeat(QObject):
    """Calls back at each whole second of the machine's own clock with the milliseconds that it is late, at which the
    core takes its looks too: the processor wakes once for all of them. While nothing moves it does so at each fifth
    second, until it is stirred."""

    def __init__(self, on_beat: Callable[[float], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_beat = on_beat
        self._is_resting: Callable[[], bool] | None = None
        self._wait_s = BEAT_S
        self._due = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._fire)

    def start(self) -> None:
        self._wait(BEAT_S)

    def stop(self) -> None:
        self._timer.stop()

    def rest_while(self, is_resting: Callable[[], bool]) -> None:
        """Says, asked at each beat, that nothing needs the next seconds."""
        self._is_resting = is_resting

    def stir(self) -> None:
        """Something moves: what shows it looks at the next second again."""
        if self._wait_s != BEAT_S and self._timer.isActive():
            self._wait(BEAT_S)

    def _wait(self, every_s: int) -> None:
        self._wait_s, wait_ms = every_s, ms_to_beat(every_s)
        self._due = monotonic() + wait_ms / 1000
        self._timer.start(wait_ms)

    def _fire(self) -> None:
        late_ms = max((monotonic() - self._due) * 1000, 0.0)
        is_resting = self._is_resting is not None and self._is_resting()
        self._wait(RESTING_BEAT_S if is_resting else BEAT_S)
        self._on_beat(late_ms)


class MinuteTurn:
    """Tells once of each new minute of the core's clock: days and sessions turn at whole minutes, without a fact."""

    def __init__(self) -> None:
        self._minute: datetime | None = None

    def has_come(self, now: datetime) -> bool:
        """True at the first look too, and again where the clock was set back."""
        minute = now.replace(second=0, microsecond=0)
        if minute == self._minute:
            return False
        self._minute = minute
        return True


def ms_to_beat(every_s: int) -> int:
    """Milliseconds until the next whole multiple of so many seconds, never less than are left."""
    return ceil((every_s - monotonic() % every_s) * 1000)
