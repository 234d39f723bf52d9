"""The machine's time moved into a session: benchmarks measure an open market on weekends too."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tradestream_gui.adapters.runtime.clock import RealClock

IN_SESSION = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
"""A Thursday forenoon in New York."""
WEEKEND = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
"""A Saturday: every market is closed."""


class SessionClock:
    """The machine's own time, moved to where the market is open, or by what is given."""

    def __init__(self, offset: timedelta | None = None) -> None:
        self._real = RealClock()
        self._offset = IN_SESSION - self._real.now() if offset is None else offset
        self.monotonic = self._real.monotonic

    def now(self) -> datetime:
        return self._real.now() + self._offset

    async def sleep(self, seconds: float) -> None:
        await self._real.sleep(seconds)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> asyncio.TimerHandle:
        return self._real.call_later(seconds, callback)
