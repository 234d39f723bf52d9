"""What the REST calls work on: the users, the exchange, and the bars of the past."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from tests.servers.projectx.contracts import ContractList
from tests.servers.projectx.exchange import Exchange


@dataclass(slots=True)
class PastBar:
    """One minute as the venue recorded it."""

    start: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int


@dataclass(slots=True)
class Venue:
    """`users` are names with their API keys; `bars` are minutes by contract id, oldest first."""

    exchange: Exchange
    contracts: ContractList
    users: dict[str, str] = field(default_factory=dict)
    bars: dict[str, list[PastBar]] = field(default_factory=dict)
