"""The console of a practice server: lines from a person go to it until that person leaves."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

Obey = Callable[[str], Awaitable[bool]]
"""Takes one line; False when the user wants to leave. Raises what it cannot read."""
_UNREADABLE = (ValueError, StopIteration, ArithmeticError, AssertionError)


async def obey_console(obey: Obey, walk: Callable[[], Awaitable[None]] | None = None) -> None:
    """Returns when the person leaves; without a console it serves until ended. `walk` moves the market meanwhile."""
    walking = asyncio.ensure_future(walk()) if walk is not None else None
    try:
        while True:
            line = await asyncio.to_thread(sys.stdin.readline)
            if not line:
                await asyncio.Event().wait()
            try:
                if line.strip() and not await obey(line):
                    return
            except _UNREADABLE as error:
                print(f"not done: {error!r}")
    finally:
        if walking is not None:
            walking.cancel()
