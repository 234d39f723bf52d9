"""What a broker itself says that an order would cost, asked before it is sent and without sending it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from tradestream_gui.domain.tickets import EntryTicket


@dataclass(frozen=True, slots=True)
class BrokerCosts:
    """US dollars; None where the broker leaves it open. The margins are what the order would add to the account's, less
    than nothing where it frees some. `commission` is the most that it may take; `words` is what else it remarks."""

    initial_margin: Decimal | None
    maintenance_margin: Decimal | None
    equity_after: Decimal | None
    commission: Decimal | None
    words: str = ""


class CostPreview(Protocol):
    async def costs(self, ticket: EntryTicket) -> BrokerCosts:
        """May raise BrokerRejected (the order would be refused, or the venue will not say) or BrokerUnreachable. Places
        nothing, ever."""
