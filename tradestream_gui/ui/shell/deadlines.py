"""The event loop's timers: one heap of deadlines behind one precise Qt timer that never lets a deadline run early."""

import asyncio
import heapq
from collections.abc import Callable
from itertools import count
from math import ceil
from time import monotonic

from PyQt6.QtCore import Qt, QTimer

LONGEST_TIMER_MS = 86_400_000  # Qt counts milliseconds in an int; later deadlines are armed again
SWEEP_FROM = 100  # cancelled deadlines that may lie in the heap before it is swept; every `wait_for` leaves one


class Deadlines:
    """The only owner of scheduled handles; calls `on_due` when at least the first deadline has passed."""

    def __init__(self, on_due: Callable[[], None]) -> None:
        self._on_due = on_due
        self._heap: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._order = count()
        self._cancelled = 0
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._fire)

    def add(self, handle: asyncio.TimerHandle) -> bool:
        """True when the new deadline is the nearest one, so that the timer must be armed again."""
        heapq.heappush(self._heap, (handle.when(), next(self._order), handle))
        handle._scheduled = True  # type: ignore[attr-defined]  # asyncio's own mark, read when a timer is cancelled
        return self._heap[0][2] is handle

    def forget_cancelled(self) -> None:
        """Counts one cancelled handle; sweeps the heap when cancelled ones are most of it."""
        self._cancelled += 1
        if self._cancelled > SWEEP_FROM and self._cancelled * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if not entry[2].cancelled()]
            heapq.heapify(self._heap)
            self._cancelled = 0

    def arm(self) -> None:
        if self._heap:
            wait_ms = ceil((self._heap[0][0] - monotonic()) * 1000)
            self._timer.start(min(max(wait_ms, 0), LONGEST_TIMER_MS))

    def rest(self) -> None:
        self._timer.stop()

    def take_due(self) -> list[asyncio.Handle]:
        """The handles whose deadline has passed, earliest first, without the cancelled ones."""
        now, due = monotonic(), list[asyncio.Handle]()
        while self._heap and self._heap[0][0] <= now:
            handle = heapq.heappop(self._heap)[2]
            handle._scheduled = False  # type: ignore[attr-defined]  # asyncio's own mark
            if not handle.cancelled():
                due.append(handle)
        return due

    def close(self) -> None:
        self._timer.stop()
        self._timer.timeout.disconnect(self._fire)
        self._heap.clear()

    def __len__(self) -> int:
        return len(self._heap)

    def _fire(self) -> None:
        self._on_due()
