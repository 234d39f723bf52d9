"""Bars from before the start."""

from datetime import timedelta

from tradestream_gui.adapters.brokers.projectx.contracts import ContractBook
from tradestream_gui.adapters.brokers.projectx.gateway import BARS, Gateway
from tradestream_gui.adapters.brokers.projectx.reading import read_rows
from tradestream_gui.adapters.brokers.projectx.rows import BarRow, bar_row
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Bar, DataKind
from tradestream_gui.ports.clock import Clock

MINUTE, DAY = 2, 4
UNIT_S = {MINUTE: 60, DAY: 86_400}
MAX_BARS = 20_000
CLOSED_SHARE = 4
"""How much longer than the bars themselves is asked for: nights, weekends and holidays lie between them."""


async def past_bars(
    gateway: Gateway, contracts: ContractBook, clock: Clock, instrument: Instrument, unit: int, count: int
) -> tuple[Bar, ...]:
    """The last `count` whole bars of a minute or a day, oldest first, whatever order the gateway gives them in.
    Raises BrokerRejected or BrokerUnreachable."""
    contract = await contracts.row(instrument)
    end = clock.now() + gateway.clock_offset
    seconds = UNIT_S[unit] * min(count, MAX_BARS)
    asked = {
        "contractId": contract.id,
        "live": False,
        "startTime": (end - timedelta(seconds=seconds * CLOSED_SHARE) - timedelta(days=4)).isoformat(),
        "endTime": end.isoformat(),
        "unit": unit,
        "unitNumber": 1,
        "limit": min(count, MAX_BARS),
        "includePartialBar": False,
    }
    rows = await read_rows(gateway, BARS, asked, "bars", bar_row)
    found = sorted(rows, key=lambda row: row.start)[-count:]
    return tuple(_bar(instrument, UNIT_S[unit], row) for row in found)


def _bar(instrument: Instrument, seconds: int, row: BarRow) -> Bar:
    prices = (row.open, row.high, row.low, row.close)
    return Bar(instrument.instrument_id, row.start, seconds, *prices, row.volume, DataKind.RECORDED)
