"""Virtual time: it moves from one due timer to the next, once everything before has come to rest."""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

T = TypeVar("T")
MAX_TURNS = 10_000
"""Turns of the loop within one instant; more means that tasks wake one another in a circle."""


@dataclass(slots=True)
class SimTimer:
    callback: Callable[[], None] | None

    def cancel(self) -> None:
        self.callback = None


@dataclass(order=True, slots=True)
class _Due:
    at_s: float
    order: int
    timer: SimTimer = field(compare=False)


class SimClock:
    """The one driver of a simulated world. Everything in it, disk and wire included, waits by its timers, so
    nothing runs outside of the loop and an instant is over when the loop has nothing ready."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self.elapsed_s = 0.0
        self.fired = 0
        self._due: list[_Due] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.elapsed_s)

    def monotonic(self) -> float:
        return self.elapsed_s

    def call_later(self, seconds: float, callback: Callable[[], None]) -> SimTimer:
        timer = SimTimer(callback)
        heapq.heappush(self._due, _Due(self.elapsed_s + max(seconds, 0.0), next(self._order), timer))
        return timer

    async def sleep(self, seconds: float) -> None:
        await _sleep(self, seconds)

    async def run_until_s(self, end_s: float, stop: Callable[[], bool] = lambda: False) -> None:
        """Fires every timer due up to `end_s` and stands there then; earlier when `stop` says so."""
        await self._settle()
        while self._due and self._due[0].at_s <= end_s:
            if stop():
                return
            due = heapq.heappop(self._due)
            if due.timer.callback is None:
                continue
            self.elapsed_s = max(self.elapsed_s, due.at_s)
            self.fired += 1
            due.timer.callback()
            await self._settle()
        if not stop():
            self.elapsed_s = max(self.elapsed_s, end_s)

    async def run(self, seconds: float) -> None:
        await self.run_until_s(self.elapsed_s + seconds)

    async def do(self, work: Awaitable[T], *, within_s: float = 120.0) -> T:
        """The answer of `work`, with time moving on until it is there."""
        task = asyncio.ensure_future(work)
        await self.run_until_s(self.elapsed_s + within_s, task.done)
        assert task.done(), f"{work} did not end within {within_s} virtual seconds"
        return task.result()

    async def _settle(self) -> None:
        ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]  # the plain loop's own queue
        for _ in range(MAX_TURNS):
            if not ready:
                return
            await asyncio.sleep(0)
        raise AssertionError("tasks wake one another without end in one instant")


class LifeClock:
    """The clock as one life of the program sees it: after its death none of its timers is heard any more."""

    def __init__(self, clock: SimClock) -> None:
        self._clock = clock
        self.is_dead = False

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> SimTimer:
        def call() -> None:
            if not self.is_dead:
                callback()

        return self._clock.call_later(seconds, call)

    async def sleep(self, seconds: float) -> None:
        await _sleep(self, seconds)


async def _sleep(clock: SimClock | LifeClock, seconds: float) -> None:
    woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def wake() -> None:
        if not woken.done():
            woken.set_result(None)

    timer = clock.call_later(seconds, wake)
    try:
        await woken
    finally:
        timer.cancel()
