"""An intent becomes durable before anything is sent, and beside it whatever else must outlive a crash."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from tradestream_gui.ports.journal import Journal, Record

Mark = Callable[[], Awaitable[None]]
"""Makes something durable beside the intent; raises StoreFailed."""


async def store_intent(journal: Journal, records: Sequence[Record], mark: Mark | None) -> None:
    """Both at once, for the disk takes them together. Raises StoreFailed unless both are durable."""
    if mark is None:
        await journal.commit(records)
        return
    for problem in await asyncio.gather(journal.commit(records), mark(), return_exceptions=True):
        if problem is not None:
            raise problem
