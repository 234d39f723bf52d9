"""What the account's broker says that an order would cost, while it is being written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.market.asking import Answer, Asking
from tradestream_gui.ports.broker_costs import BrokerCosts, CostPreview
from tradestream_gui.ports.clock import Clock, Tasks

KEPT = timedelta(seconds=60)
"""Margins change with the market and with what else the account holds."""
MOST = 50
Question = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BrokerCostsChanged:
    """A broker has answered, or has not."""


class CostBook:
    """One question at a time: who types a price digit by digit asks about the last one, and orders find room."""

    def __init__(self, *, bus: EventBus, clock: Clock, tasks: Tasks, venues: Mapping[str, CostPreview]) -> None:
        """`venues` are the brokers that say it, by the name that their accounts bear."""
        self._bus = bus
        self._venues = venues
        self._answers: Asking[Question, BrokerCosts] = Asking(
            clock=clock, tasks=tasks, keep=KEPT, most=MOST, tell=self._tell, name="costs of"
        )

    def look(self, broker: str, ticket: EntryTicket) -> Answer[BrokerCosts] | None:
        """None where the broker does not say it before the order."""
        venue = self._venues.get(broker)
        if venue is None:
            return None
        key = _question(ticket)
        if self._answers.is_busy and not self._answers.knows(key):
            return Answer(is_asking=True)
        return self._answers.look(key, lambda: venue.costs(ticket))

    def _tell(self, key: Question) -> None:
        self._bus.publish(BrokerCostsChanged())


def _question(ticket: EntryTicket) -> Question:
    """All that the broker is told of the order."""
    told = (
        ticket.account_id, ticket.instrument_id, ticket.side.value, ticket.ord_type.value, ticket.order_qty,
        ticket.limit_price, ticket.stop_price, ticket.time_in_force.value,
    )  # fmt: skip
    return tuple(map(str, told))
