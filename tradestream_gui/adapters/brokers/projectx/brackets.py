"""Notices when the venue lays exits of its own beside ours: an account may be set to do that at every entry."""

from tradestream_gui.adapters.brokers.projectx.mapping import LIMIT, OPEN, PENDING, STOP, SUSPENDED
from tradestream_gui.adapters.brokers.projectx.rows import OrderRow
from tradestream_gui.ports.clock import Clock

SOON_S = 5.0
"""A person is rarely so quick with an exit in the contract that we have just traded."""
WARNING = (
    "TopstepX lays exits of its own round the position in {contract}, beside the stop that rests there from here: both "
    "may fill and turn the position round. Switch Position Brackets off in the risk settings of TopstepX and cancel "
    "the orders that are not from here"
)


class BracketWatch:
    """Remembers when an order of ours last traded in each contract."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._traded_s: dict[str, float] = {}

    def traded(self, contract_id: str) -> None:
        self._traded_s[contract_id] = self._clock.monotonic()

    def is_the_venues(self, row: OrderRow) -> bool:
        """Whether an order looks like an exit that nobody but the venue made: it bears no tag, and an order of ours
        has just traded in its contract."""
        if row.tag or row.type not in (LIMIT, STOP) or row.status not in (OPEN, PENDING, SUSPENDED):
            return False
        traded_s = self._traded_s.get(row.contract_id)
        return traded_s is not None and self._clock.monotonic() - traded_s < SOON_S
