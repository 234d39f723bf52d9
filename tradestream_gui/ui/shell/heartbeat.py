"""The window's one timer for what follows the time by the second: ages, countdowns, the clock at the foot."""

from collections.abc import Callable
from math import ceil
from time import monotonic

from PyQt6.QtCore import QObject, Qt, QTimer


class Heartbeat(QObject):
    """Calls back at each whole second of the machine's own clock, at which the core takes its looks too: the processor
    wakes once for all of them."""

    def __init__(self, on_beat: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_beat = on_beat
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._fire)

    def start(self) -> None:
        self._timer.start(ms_to_second())

    def stop(self) -> None:
        self._timer.stop()

    def _fire(self) -> None:
        self.start()
        self._on_beat()


def ms_to_second() -> int:
    """Milliseconds until the next whole second, never less than are left."""
    return ceil((1.0 - monotonic() % 1.0) * 1000)
