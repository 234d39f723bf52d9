"""Measures how late the loop runs its timers: the figure that says whether the window feels instant."""

from bisect import insort
from time import monotonic

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtBoundSignal

BEAT_MS, QUICK_BEAT_MS = 100, 20
"""While nothing happens each beat costs more than all else that the window does; quick ones catch short stalls."""
CALM_MS, CALM_BEATS = 5.0, 20
"""A loop is taken for calm, and the beats of the window are enough, until one is later than this; it is calm again
after so many quick ones in a row that were not."""
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
        self._wanted_ms, self._in_time = BEAT_MS, CALM_BEATS
        self._is_following = False
        self._timer.timeout.connect(self._beat)

    def follow(self, late: pyqtBoundSignal) -> None:
        """Takes over the lateness of beats that come anyway; without them it beats itself, calm or not."""
        self._is_following = True
        late.connect(self._on_late)

    def start(self, beat_ms: int = BEAT_MS) -> None:
        """Measures from here on; what was measured before is forgotten."""
        self._samples.clear()
        self._ordered.clear()
        self._wanted_ms, self._in_time = beat_ms, CALM_BEATS
        self._go_on()

    def percentile(self, share: float) -> float | None:
        """Lateness in milliseconds that this share of beats did not exceed; None before the first beat."""
        if not self._ordered:
            return None
        return self._ordered[min(int(len(self._ordered) * share), len(self._ordered) - 1)]

    def latest(self) -> float | None:
        return self._samples[-1] if self._samples else None

    def _is_calm(self) -> bool:
        return self._is_following and self._wanted_ms == BEAT_MS and self._in_time >= CALM_BEATS

    def _go_on(self) -> None:
        if self._is_calm():
            self._timer.stop()
            return
        self._due = monotonic() + self._wanted_ms / 1000
        self._timer.start(self._wanted_ms)

    def _beat(self) -> None:
        self._keep(max((monotonic() - self._due) * 1000, 0.0))
        self._go_on()

    def _on_late(self, late_ms: float) -> None:
        if self._is_calm():
            self._keep(late_ms)
            self._go_on()

    def _keep(self, late_ms: float) -> None:
        self._samples.append(late_ms)
        insort(self._ordered, late_ms)
        if len(self._samples) > KEPT:
            del self._samples[: KEPT // 10]
            self._ordered = sorted(self._samples)
        self._in_time = self._in_time + 1 if late_ms <= CALM_MS else 0
