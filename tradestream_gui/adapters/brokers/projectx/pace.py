"""How many requests may go out: rolling windows just below the gateway's own, with room kept for exits."""

from collections import deque
from dataclasses import dataclass, field

from tradestream_gui.ports.clock import Clock

LONGEST_WAIT_S = 30.0
STEP_S = 0.05


class NoRoom(Exception):
    """The limit is used up: nothing was sent."""


@dataclass(slots=True)
class Pace:
    """At most `most` requests within any `within_s` seconds; the last `kept` of them are for what is urgent."""

    clock: Clock
    most: int
    within_s: float
    kept: int = 0
    _sent_s: deque[float] = field(default_factory=deque)

    def take(self, *, urgent: bool) -> bool:
        """Counts one request if there is room for it."""
        now_s = self.clock.monotonic()
        while self._sent_s and now_s - self._sent_s[0] >= self.within_s:
            self._sent_s.popleft()
        if len(self._sent_s) >= self.most - (0 if urgent else self.kept):
            return False
        self._sent_s.append(now_s)
        return True

    async def wait(self, *, urgent: bool) -> None:
        """Returns when one more request keeps the pace. Raises NoRoom where that would take too long."""
        start_s = self.clock.monotonic()
        while not self.take(urgent=urgent):
            if self.clock.monotonic() - start_s > LONGEST_WAIT_S:
                raise NoRoom
            await self.clock.sleep(STEP_S)
