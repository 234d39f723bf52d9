"""An intent becomes durable before anything is sent, and beside it whatever else must outlive a crash."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.ports.journal import Journal, Record

Mark = Callable[[], Awaitable[None]]
"""Makes something durable beside the intent; raises StoreFailed."""


async def store_intent(journal: Journal, records: Sequence[Record], mark: Mark | None) -> None:
    """Both at once, for the disk takes them together. Raises StoreFailed unless both are durable."""
    storing = asyncio.ensure_future(journal.commit(records))
    if mark is None:
        await storing
        return
    marking = asyncio.ensure_future(mark())
    try:
        await marking
    except StoreFailed:
        await storing
        raise
    except asyncio.CancelledError:
        storing.cancel()
        raise
    await storing
