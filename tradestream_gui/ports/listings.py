"""What a venue lists: the options on an underlying and the months of a future."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from tradestream_gui.domain.futures import ContractMonth


@dataclass(frozen=True, slots=True)
class OptionSeries:
    """The options of one root (SPXW beside SPX) on an underlying, both ascending. Each strike is listed at some of the
    expiries, seldom at all of them: venues tell the two apart only."""

    osi_root: str
    expiries: tuple[date, ...]
    strikes: tuple[Decimal, ...]


class Listings(Protocol):
    """Each question may raise BrokerRejected (the venue will not say) or BrokerUnreachable (ask later)."""

    async def option_series(self, underlying: str, *, is_index: bool) -> tuple[OptionSeries, ...]:
        """The usual options of 100 shares; empty where the venue lists none."""

    async def future_months(self, root: str, exchange: str) -> tuple[ContractMonth, ...]:
        """The months that trade there now, the nearest first; empty where it knows no such future."""
