"""The two clocks: the machine's, and a virtual one that wall time only paces."""

import asyncio
import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import ParamSpec, Protocol, TypeVar

ParamsT = ParamSpec("ParamsT")
ResultT = TypeVar("ResultT")
SETTLE_ROUNDS = 4
"""Turns of the loop after which a chain of woken tasks has run: a timer wakes a future, that wakes its task."""
FALLEN_BEHIND_S = 0.25
"""Beyond this lag the virtual clock runs on from here at its speed instead of hurrying to catch up."""


class RealClock:
    """UTC and monotonic time of this machine; timers of the running loop."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    monotonic = staticmethod(monotonic)  # every tick asks for it

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(seconds, callback)


class Work(Protocol):
    """Is told of work outside the loop, so that virtual time waits for it."""

    def begin(self) -> None: ...

    def end(self) -> None: ...


class WorkCounter:
    """Counts what is under way outside the loop (commits, files), so that virtual time can wait for it."""

    def __init__(self) -> None:
        self.ended = 0
        """How many pieces of work have ended: each wakes somebody."""
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def is_idle(self) -> bool:
        return self._count == 0

    def begin(self) -> None:
        self._count += 1
        self._idle.clear()

    def end(self) -> None:
        assert self._count > 0, "work ended that never began"
        self._count -= 1
        self.ended += 1
        if self._count == 0:
            self._idle.set()

    async def in_thread(
        self, job: Callable[ParamsT, ResultT], *args: ParamsT.args, **kwargs: ParamsT.kwargs
    ) -> ResultT:
        """Runs the job outside the loop, and counts it."""
        self.begin()
        try:
            return await asyncio.to_thread(job, *args, **kwargs)
        finally:
            self.end()

    async def wait_idle(self) -> None:
        await self._idle.wait()


@dataclass(slots=True)
class VirtualTimer:
    """A callback due at a virtual second; cancelling leaves it in the heap, unheard."""

    callback: Callable[[], None] | None

    def cancel(self) -> None:
        self.callback = None


@dataclass(order=True, slots=True)
class _Due:
    at_s: float
    order: int
    timer: VirtualTimer = field(compare=False)


class VirtualClock:
    """Time that moves from one due timer to the next, and only when everything before has come to rest.

    Timers of the same instant fire in the order they were made, so a run depends on its inputs alone and not on
    the machine's speed. `run_until` drives it; `speed` is virtual seconds per wall second, None as fast as it goes.
    """

    def __init__(self, start: datetime, work: WorkCounter, speed: float | None = None) -> None:
        assert start.tzinfo is not None, "virtual time starts at an aware moment"
        self._start = start
        self._work = work
        self._elapsed_s = 0.0
        self._due: list[_Due] = []
        self._order = itertools.count()
        self.speed = speed

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed_s)

    def monotonic(self) -> float:
        return self._elapsed_s

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        timer = self.call_later(seconds, lambda: _wake(woken))
        try:
            await woken
        finally:
            timer.cancel()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> VirtualTimer:
        timer = VirtualTimer(callback)
        heapq.heappush(self._due, _Due(self._elapsed_s + max(seconds, 0.0), next(self._order), timer))
        return timer

    async def run_until(self, until: datetime) -> None:
        """Fires every timer due up to `until` and leaves the clock there."""
        end_s = (until - self._start).total_seconds()
        wall, virtual = monotonic(), self._elapsed_s
        await self._settle()
        while self._due and self._due[0].at_s <= end_s:
            due = heapq.heappop(self._due)
            if due.timer.callback is None:
                continue
            wall, virtual = await self._pace(due.at_s, wall, virtual)
            self._elapsed_s = max(self._elapsed_s, due.at_s)
            due.timer.callback()
            await self._settle()
        await self._pace(end_s, wall, virtual)
        self._elapsed_s = max(self._elapsed_s, end_s)

    async def leap_to(self, at: datetime) -> None:
        """Moves time on without what lies between, as on a machine that slept: what fell due meanwhile fires once,
        late, when `run_until` goes on."""
        await self._settle()
        self._elapsed_s = max(self._elapsed_s, (at - self._start).total_seconds())

    async def _pace(self, at_s: float, wall: float, virtual: float) -> tuple[float, float]:
        """Waits until wall time has come to `at_s`; answers the pair of moments from which to count on."""
        if self.speed is None:
            return wall, virtual
        ahead_s = (at_s - virtual) / self.speed - (monotonic() - wall)
        if ahead_s > 0:
            await asyncio.sleep(ahead_s)
        elif ahead_s < -FALLEN_BEHIND_S:
            return monotonic(), at_s
        return wall, virtual

    async def _settle(self) -> None:
        """Comes to rest: work that ended while the turns were counted has woken a chain that needs turns of its own."""
        while True:
            ended = self._work.ended
            for _ in range(SETTLE_ROUNDS):
                await asyncio.sleep(0)
            if self._work.is_idle and self._work.ended == ended:
                return
            await self._work.wait_idle()


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
