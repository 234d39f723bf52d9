"""Virtual time: it moves from one due timer to the next, once everything before has come to rest."""

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

T = TypeVar("T")
MAX_STEPS = 1_000_000
"""Steps of tasks within one instant; more means that they wake one another in a circle."""
TIMERS_A_TURN = 1_000
"""Then the loop has its turn: a test that hangs is ended by a timer of the loop."""


@dataclass(slots=True)
class SimTimer:
    callback: Callable[[], None] | None

    def cancel(self) -> None:
        self.callback = None


class SimClock:
    """The one driver of a simulated world. Everything in it, disk and wire included, waits by its timers, so
    nothing runs outside of the loop and an instant is over when the loop has nothing ready."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self.elapsed_s = 0.0
        self._now = (0.0, start)
        self.fired = 0
        self._due: list[tuple[float, int, SimTimer]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        if self._now[0] != self.elapsed_s:
            self._now = (self.elapsed_s, self.start + timedelta(seconds=self.elapsed_s))
        return self._now[1]

    def monotonic(self) -> float:
        return self.elapsed_s

    def call_later(self, seconds: float, callback: Callable[[], None]) -> SimTimer:
        timer = SimTimer(callback)
        heapq.heappush(self._due, (self.elapsed_s + max(seconds, 0.0), next(self._order), timer))
        return timer

    async def sleep(self, seconds: float) -> None:
        await _sleep(self, seconds)

    async def run_until_s(self, end_s: float, stop: Callable[[], bool] = lambda: False) -> None:
        """Fires every timer due up to `end_s` and stands there then; earlier when `stop` says so."""
        is_over = False

        def pump() -> None:
            nonlocal is_over
            is_over = self._pump(end_s, stop)

        while not is_over:
            await _called(pump)

    def _pump(self, end_s: float, stop: Callable[[], bool]) -> bool:
        """Fires timers and runs what they made ready, without a turn of the loop for each; True when all is done."""
        loop = asyncio.get_running_loop()
        ready = loop._ready  # type: ignore[attr-defined]  # the plain loop's own queue
        self._settle(ready)
        for _ in range(TIMERS_A_TURN):
            if not self._due or self._due[0][0] > end_s:
                if not stop():
                    self.elapsed_s = max(self.elapsed_s, end_s)
                return True
            if stop():
                return True
            at_s, _, timer = heapq.heappop(self._due)
            if timer.callback is None:
                continue
            self.elapsed_s = max(self.elapsed_s, at_s)
            self.fired += 1
            timer.callback()
            if ready:
                self._settle(ready)
        return False

    async def run(self, seconds: float) -> None:
        await self.run_until_s(self.elapsed_s + seconds)

    async def do(self, work: Awaitable[T], *, within_s: float = 120.0) -> T:
        """The answer of `work`, with time moving on until it is there."""
        task = asyncio.ensure_future(work)
        await self.run_until_s(self.elapsed_s + within_s, task.done)
        assert task.done(), f"{work} did not end within {within_s} virtual seconds"
        return task.result()

    def _settle(self, ready: deque[asyncio.Handle]) -> None:
        """Runs what is ready, in its order, until nothing is: nothing runs outside of the loop."""
        for _ in range(MAX_STEPS):
            if not ready:
                return
            handle = ready.popleft()
            if not handle.cancelled():
                handle._run()
        raise AssertionError("tasks wake one another without end in one instant")


async def _called(call: Callable[[], None]) -> None:
    """Awaits a plain call made by the loop itself: inside of it tasks may take their steps."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def run() -> None:
        try:
            call()
        except BaseException as error:
            done.set_exception(error)
        else:
            done.set_result(None)

    asyncio.get_running_loop().call_soon(run)
    await done


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
