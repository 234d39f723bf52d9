"""A clock for the screen: what changed in between is shown together, at most thirty times a second."""

from collections.abc import Callable

from PyQt6.QtCore import QElapsedTimer, QObject, Qt, QTimer

FRAME_MS = 33  # 30 Hz: faster than anybody reads a price, slow enough to cost nothing
DRAG_FRAME_MS = 16  # only while the user drags something


class FrameClock(QObject):
    """Calls `on_frame` once after any number of `request()`s; it stands still while nothing changes.

    The first request after a pause is served at once, so a single change does not wait for a frame.
    """

    def __init__(
        self, on_frame: Callable[[], None], interval_ms: int = FRAME_MS, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._on_frame = on_frame
        self._interval_ms = interval_ms
        self._since_frame = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._fire)

    def request(self) -> None:
        """Asks for a frame; cheap when one is already on its way."""
        if self._timer.isActive():
            return
        elapsed = self._since_frame.elapsed() if self._since_frame.isValid() else self._interval_ms
        self._timer.start(max(self._interval_ms - elapsed, 0))

    def flush_now(self) -> None:
        """Serves a waiting request at once, for tests and before a picture is taken."""
        if self._timer.isActive():
            self._timer.stop()
            self._fire()

    @property
    def interval_ms(self) -> int:
        return self._interval_ms

    def set_interval(self, interval_ms: int) -> None:
        self._interval_ms = interval_ms

    @property
    def is_running(self) -> bool:
        return self._timer.isActive()

    def stop(self) -> None:
        self._timer.stop()

    def _fire(self) -> None:
        self._since_frame.start()
        self._on_frame()
