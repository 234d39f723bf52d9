"""Writes what the owners publish into the journal, in the order in which it happened."""

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import BalanceChanged, ExitPlanChanged, ExternalChanged, FillBooked, OrderChanged
from tradestream_gui.domain.orders import OrdStatus
from tradestream_gui.ports.journal import Journal


class Recorder:
    """Appends changed orders, fills, what is external, exit plans and balances. A new order, and the plan that it
    begins with, are left to the order desk, which commits them together with the decision that they follow from, before
    it is sent."""

    def __init__(self, bus: EventBus, journal: Journal) -> None:
        self._journal = journal
        bus.subscribe(OrderChanged, self._on_order, owns_state=True)
        bus.subscribe(FillBooked, self._on_fill, owns_state=True)
        bus.subscribe(ExternalChanged, self._on_external, owns_state=True)
        bus.subscribe(ExitPlanChanged, self._on_plan, owns_state=True)
        bus.subscribe(BalanceChanged, self._on_balance, owns_state=True)

    def _on_order(self, fact: OrderChanged) -> None:
        if fact.order.ord_status is not OrdStatus.PENDING_NEW:
            self._journal.append([fact.order])

    def _on_fill(self, fact: FillBooked) -> None:
        self._journal.append([fact.fill])

    def _on_external(self, fact: ExternalChanged) -> None:
        self._journal.append([fact.change])

    def _on_plan(self, fact: ExitPlanChanged) -> None:
        if not fact.with_intent:
            self._journal.append([fact.plan])

    def _on_balance(self, fact: BalanceChanged) -> None:
        self._journal.append([fact.balance])
