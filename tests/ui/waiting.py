"""Waiting for what tasks and threads of the program bring about."""

import asyncio
from collections.abc import Callable

TRIES, APART_S = 3_000, 0.01


async def until(holds: Callable[[], bool]) -> None:
    """Lets the loop run until it holds; a test that waits in vain fails here."""
    for _ in range(TRIES):
        if holds():
            return
        await asyncio.sleep(APART_S)
    raise AssertionError("what was waited for did not come")
