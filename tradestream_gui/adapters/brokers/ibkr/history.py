"""Bars from before the start, asked for no faster than TWS's pacing rules allow."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any

from tradestream_gui.adapters.brokers.ibkr.connection import Connection, RequestRefused
from tradestream_gui.adapters.brokers.ibkr.contracts import ContractBook, tws_contract
from tradestream_gui.adapters.brokers.ibkr.rows import BarRow
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.errors import BrokerRejected
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Bar, DataKind
from tradestream_gui.ports.clock import Clock

BAR_SIZES = {5: "5 secs", 60: "1 min", 300: "5 mins", 900: "15 mins", 3_600: "1 hour", 86_400: "1 day"}
DAY_S = 86_400
ANSWER_S = 60.0
"""TWS fetches history from elsewhere: it may take long."""
MAX_UNDER_WAY = 3
_PACES = ((5, 2.0), (55, 600.0))
"""So many requests within so many seconds, one below what TWS counts as too many. It counts them when they arrive, so
each counts from its answer here: one that was long on its way does not meet the next ones there."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    instrument: Instrument
    seconds: int
    count: int


class Historian:
    """One request at a time for each series; the same question within a session is answered from memory unless
    bars have been added meanwhile."""

    def __init__(self, connection: Connection, contracts: ContractBook, clock: Clock) -> None:
        self._connection = connection
        self._contracts = contracts
        self._clock = clock
        self._answered_s: deque[float] = deque(maxlen=60)
        self._under_way = 0
        self._room = asyncio.Semaphore(MAX_UNDER_WAY)
        self._known: dict[_Wanted, tuple[float, tuple[Bar, ...]]] = {}

    async def bars(self, instrument: Instrument, seconds: int, count: int) -> tuple[Bar, ...]:
        """The last `count` bars of `seconds`, oldest first. Raises BrokerRejected or BrokerUnreachable."""
        wanted = _Wanted(instrument, seconds, count)
        async with self._room:
            asked_s, known = self._known.get(wanted, (0.0, ()))
            if known and self._clock.monotonic() - asked_s < max(seconds, 15):
                return known
            details = await self._contracts.details(instrument)
            contract, size = tws_contract(details), BAR_SIZES[seconds]
            duration = f"{count} D" if seconds == DAY_S else f"{seconds * count} S"

            def send(client: Any, number: int) -> None:
                client.reqHistoricalData(number, contract, "", duration, size, "TRADES", False, 2, False, [])

            await self._wait_for_room()
            try:
                rows = await self._connection.request(send, timeout_s=ANSWER_S)
            except RequestRefused as error:
                raise BrokerRejected(f"no history of {named(instrument.instrument_id)}: {error}") from error
            finally:
                self._under_way -= 1
                self._answered_s.append(self._clock.monotonic())
            found = tuple(_bar(instrument, seconds, row) for row in rows if isinstance(row, BarRow))[-count:]
            self._known[wanted] = (self._clock.monotonic(), found)
            return found

    async def _wait_for_room(self) -> None:
        """Returns when one more request keeps every pace; from then on it is under way."""
        while True:
            now_s = self._clock.monotonic()
            rooms = [(most - self._under_way, within_s) for most, within_s in _PACES]
            waits = [
                self._answered_s[-room] + within_s - now_s for room, within_s in rooms if len(self._answered_s) >= room
            ]
            wait_s = max(waits, default=0.0)
            if wait_s <= 0:
                self._under_way += 1
                return
            await self._clock.sleep(wait_s)


def _bar(instrument: Instrument, seconds: int, row: BarRow) -> Bar:
    prices = (row.open, row.high, row.low, row.close)
    return Bar(instrument.instrument_id, row.start, seconds, *prices, row.volume, DataKind.RECORDED)
