"""What tests of every folder share: waiting for something to come true without guessing a time."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from tradestream_gui.domain.ids import AccountId, ExecId, InstrumentId
from tradestream_gui.domain.positions import ExternalChange
from tradestream_gui.trading.lot_book import LotBook

T = TypeVar("T")
POLL_S = 0.005
PATIENCE_S = 10.0
"""Long enough for a loaded machine; a test that passes never waits so long."""


def hold_elsewhere(lots: LotBook, account_id: AccountId, instrument_id: InstrumentId, qty: int, at: datetime) -> None:
    """Makes the external quantity `qty`, as a comparison with the broker would."""
    change = qty - lots.external_qty(account_id, instrument_id)
    lots.change_external(ExternalChange(account_id, instrument_id, ExecId(f"elsewhere:{qty}"), change, at))


async def eventually(probe: Callable[[], T | Awaitable[T]], *, within_s: float = PATIENCE_S, why: str = "") -> T:
    """The first truthy answer of `probe`, which may be a coroutine function; fails with the last answer."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within_s
    while True:
        answer = probe()
        value: T = await answer if inspect.isawaitable(answer) else answer
        if value:
            return value
        if loop.time() > deadline:
            raise AssertionError(
                f"{why or 'it'} did not come true within {within_s:g} s; the last answer was {value!r}"
            )
        await asyncio.sleep(POLL_S)
