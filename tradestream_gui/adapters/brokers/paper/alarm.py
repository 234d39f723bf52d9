"""One timer set to a wall-clock time, looked at again now and then because machines sleep."""

from collections.abc import Callable
from datetime import datetime

from tradestream_gui.ports.clock import Clock, Timer

LONGEST_WAIT_S = 30.0
"""A machine that slept through the time hears of it at most this long after waking."""


class Alarm:
    """Rings at its time or before (then it is to be set again); setting it anew forgets the old time."""

    def __init__(self, clock: Clock, ring: Callable[[], None]) -> None:
        self._clock = clock
        self._ring = ring
        self._at: datetime | None = None
        self._timer: Timer | None = None

    def set(self, at: datetime | None) -> None:
        if at == self._at:
            return
        self.stop()
        if at is not None:
            self._at = at
            wait_s = (at - self._clock.now()).total_seconds()
            self._timer = self._clock.call_later(min(max(wait_s, 0.0), LONGEST_WAIT_S), self._rung)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self._at = None

    def _rung(self) -> None:
        self.stop()
        self._ring()
