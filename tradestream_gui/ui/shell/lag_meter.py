"""Measures how late the loop runs its timers: the figure that says whether the window feels instant."""

from bisect import insort
from time import monotonic

from PyQt6.QtCore import QObject, Qt, QTimer

from tradestream_gui.ui.shell.heartbeat import ms_to_second

BEAT_MS, QUICK_BEAT_MS = 100, 20
"""While nothing happens each beat costs more than all else that the window does; quick ones catch short stalls."""
CALM_MS, CALM_BEATS = 5.0, 50
"""After so many beats in a row that were no later than this, the loop is calm and is looked at by the second, with all
else that is: the first late one ends that."""
KEPT = 6_000
"""Samples kept: ten minutes of beats."""


class LagMeter(QObject):
    """Each beat's lateness in milliseconds, from `start` on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._samples: list[float] = []
        self._ordered: list[float] = []
        self._due = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._wanted_ms, self._in_time = BEAT_MS, 0
        self._timer.timeout.connect(self._beat)

    def start(self, beat_ms: int = BEAT_MS) -> None:
        """Measures from here on; what was measured before is forgotten."""
        self._samples.clear()
        self._ordered.clear()
        self._wanted_ms, self._in_time = beat_ms, 0
        self._go_on()

    def _go_on(self) -> None:
        is_calm = self._wanted_ms == BEAT_MS and self._in_time >= CALM_BEATS
        wait_ms = ms_to_second() if is_calm else self._wanted_ms
        self._due = monotonic() + wait_ms / 1000
        self._timer.start(wait_ms)

    def percentile(self, share: float) -> float | None:
        """Lateness in milliseconds that this share of beats did not exceed; None before the first beat."""
        if not self._ordered:
            return None
        return self._ordered[min(int(len(self._ordered) * share), len(self._ordered) - 1)]

    def latest(self) -> float | None:
        return self._samples[-1] if self._samples else None

    def _beat(self) -> None:
        now = monotonic()
        late_ms = max((now - self._due) * 1000, 0.0)
        self._samples.append(late_ms)
        insort(self._ordered, late_ms)
        if len(self._samples) > KEPT:
            del self._samples[: KEPT // 10]
            self._ordered = sorted(self._samples)
        self._in_time = self._in_time + 1 if late_ms <= CALM_MS else 0
        self._go_on()
