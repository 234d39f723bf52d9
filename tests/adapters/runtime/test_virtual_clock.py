"""Virtual time moves on only when everything before has come to rest, however quick the disk was."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tradestream_gui.adapters.runtime.clock import SETTLE_ROUNDS, VirtualClock, WorkCounter

NOON = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("turns", range(SETTLE_ROUNDS + 1))
async def test_an_answer_that_comes_within_the_first_turns_is_followed_to_its_end(turns: int) -> None:
    """A commit wakes a task, that wakes the one that waits for two, and that one sets a timer of this instant."""
    work = WorkCounter()
    clock = VirtualClock(NOON, work)
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[None] = loop.create_future()
    fired: list[datetime] = []

    async def wait() -> None:
        await answer

    async def both() -> None:
        await asyncio.gather(wait(), asyncio.sleep(0))
        clock.call_later(0.1, lambda: fired.append(clock.now()))

    async def disk() -> None:
        work.begin()
        for _ in range(turns):
            await asyncio.sleep(0)
        work.end()
        answer.set_result(None)

    tasks = [asyncio.create_task(both()), asyncio.create_task(disk())]
    await clock.run_until(NOON + timedelta(seconds=1))
    await asyncio.gather(*tasks)
    assert fired == [NOON + timedelta(seconds=0.1)]
