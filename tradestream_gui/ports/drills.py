"""What an outage drill may break, on paper only: the broker's link, the prices, the program itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from tradestream_gui.domain.accounts import BrokerPosition
from tradestream_gui.domain.drills import KeptDrills
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.ports.broker import ExecutionReport, OrderReport


class BrokerLists(Protocol):
    """The broker's own lists, each complete."""

    async def open_orders(self, account_id: AccountId) -> Sequence[OrderReport]: ...

    async def executions(self, account_id: AccountId, since: datetime) -> Sequence[ExecutionReport]: ...

    async def positions(self, account_id: AccountId) -> Sequence[BrokerPosition]: ...


class CuttableLink(Protocol):
    """A link to a simulated broker that can be cut: the broker lives on, its reports meanwhile are lost."""

    @property
    def name(self) -> str: ...

    @property
    def beyond(self) -> BrokerLists:
        """The broker itself, also while the link is cut; for whoever watches a drill, and for nobody else."""

    def cut(self, words: str) -> None: ...

    def mend(self) -> None:
        """From now on it answers again, once somebody connects."""


class CuttableFeed(Protocol):
    """Prices that can fall silent for the program while the market goes on."""

    @property
    def has_prices(self) -> bool: ...

    def silence(self) -> None: ...

    def resume(self) -> None: ...


class Restarter(Protocol):
    def restart(self) -> None:
        """Kills this process without a word, after something was started that opens it again. Does not return;
        raises OSError when that something cannot be started."""


class DrillStore(Protocol):
    def load(self) -> KeptDrills: ...

    async def save(self, kept: KeptDrills) -> None:
        """Durable on return. Raises StoreFailed."""
