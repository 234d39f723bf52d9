"""One outlet's way out: waits, sends, tries again with longer pauses, and says once what does not arrive."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta

from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.notify import NotDelivered, Post, RemoteOutlet

QUEUED = 200
"""More wait for nobody: the log has them all."""
TOGETHER = 20
"""So many posts go out as one."""
TOO_OLD = timedelta(minutes=30)
ANSWER_S = 30.0
PAUSES_S = (5.0, 15.0, 45.0, 120.0, 300.0)
FINAL_PAUSE_S = 900.0
"""After a wrong password the next try waits, so that nobody's account is locked; changed settings end the wait."""


class Lane:
    """The only writer of its queue. `tell` hears of the first failure after a success, and of the next success."""

    def __init__(self, outlet: RemoteOutlet, clock: Clock, tell: Callable[[bool, str], None]) -> None:
        self._outlet = outlet
        self._clock = clock
        self._tell = tell
        self._posts: deque[Post] = deque(maxlen=QUEUED)
        self._arrived = asyncio.Event()
        self._woken = asyncio.Event()
        self._failures = 0
        self._is_told = False
        self._dropped = 0

    @property
    def is_failing(self) -> bool:
        return self._is_told

    @property
    def waiting(self) -> int:
        return len(self._posts)

    def put(self, post: Post) -> None:
        self._dropped += len(self._posts) == QUEUED
        self._posts.append(post)
        self._arrived.set()

    def wake(self) -> None:
        """The settings or secrets changed: a pause makes no sense any more."""
        self._failures = 0
        self._woken.set()

    async def run(self) -> None:
        """Delivers until it is cancelled."""
        while True:
            await self._arrived.wait()
            self._drop_old()
            batch = [*self._posts][:TOGETHER]
            if not batch:
                self._arrived.clear()
                continue
            try:
                await self._send(batch)
            except NotDelivered as error:
                await self._fail(error, batch)
            else:
                self._succeed(batch)
                await self._clock.sleep(self._outlet.gap_s)

    async def _send(self, batch: Sequence[Post]) -> None:
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._outlet.send(batch)
        except TimeoutError as error:
            raise NotDelivered(f"no answer within {ANSWER_S:.0f} s") from error

    async def _fail(self, error: NotDelivered, batch: Sequence[Post]) -> None:
        pause_s = FINAL_PAUSE_S if error.is_final else PAUSES_S[min(self._failures, len(PAUSES_S) - 1)]
        if error.retry_after_s is not None:
            pause_s = max(error.retry_after_s, self._outlet.gap_s)
        elif not self._is_told:
            self._is_told = True
            self._tell(False, f"{error}. It is tried again; meanwhile the log has every notice.")
        self._failures += 1
        if error.is_final:
            self._forget(batch)
            self._dropped += len(batch)
        await self._pause(pause_s)

    def _succeed(self, batch: Sequence[Post]) -> None:
        self._forget(batch)
        self._failures = 0
        if self._is_told:
            self._is_told = False
            lost = f" {self._dropped} did not go out and stand in the log." if self._dropped else ""
            self._tell(True, f"It is delivered again.{lost}")
        self._dropped = 0

    def _forget(self, batch: Sequence[Post]) -> None:
        """The queue may have lost its oldest meanwhile."""
        gone = {id(post) for post in batch}
        while self._posts and id(self._posts[0]) in gone:
            self._posts.popleft()

    def _drop_old(self) -> None:
        oldest = self._clock.now() - TOO_OLD
        while self._posts and self._posts[0].at < oldest:
            self._posts.popleft()
            self._dropped += 1

    async def _pause(self, seconds: float) -> None:
        """Until the time is over or somebody wakes it."""
        self._woken.clear()
        timer = self._clock.call_later(seconds, self._woken.set)
        try:
            await self._woken.wait()
        finally:
            timer.cancel()
