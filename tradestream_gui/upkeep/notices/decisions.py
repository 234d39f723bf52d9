"""Turns decisions and refused orders into notices: what waits for a person, what was refused, what was rejected."""

from collections.abc import Callable

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.events import AlertDecided, Notice, NoticeKind, OrderChanged, Severity
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.orders import OrderRole, OrdStatus
from tradestream_gui.ports.clock import Clock

TITLES = {
    Outcome.AWAITING: (NoticeKind.APPROVAL, "asks for your yes"),
    Outcome.HELD: (NoticeKind.APPROVAL, "needs a look"),
    Outcome.REFUSED: (NoticeKind.REFUSAL, "was refused"),
    Outcome.MISSED: (NoticeKind.REFUSAL, "was missed"),
}
"""What of a decision is told; fills tell of what was traded."""
LOST = (OrdStatus.UNCERTAIN, OrdStatus.NOT_FOUND)


class DecisionNotices:
    """Publishes a notice once for each state; `author_of` names whose message it was."""

    def __init__(self, bus: EventBus, clock: Clock, author_of: Callable[[MessageKey], str]) -> None:
        self._bus = bus
        self._clock = clock
        self._author_of = author_of
        bus.subscribe(AlertDecided, self._on_decision)
        bus.subscribe(OrderChanged, self._on_order)

    def _on_decision(self, fact: AlertDecided) -> None:
        decision = fact.decision
        if decision.outcome not in TITLES:
            return
        kind, verb = TITLES[decision.outcome]
        title = f"Alert of {self._author_of(decision.message_key)} {verb}"
        severity = Severity.WARNING if kind is NoticeKind.APPROVAL else Severity.INFO
        self._bus.publish(Notice(kind, severity, title, decision.words, decision.at, decision.account_id))

    def _on_order(self, fact: OrderChanged) -> None:
        """Refused exits are told by who owns the exits."""
        order = fact.order
        if order.role is OrderRole.ENTRY and order.ord_status is OrdStatus.REJECTED:
            title, why = "Entry rejected", order.reason
        elif order.ord_status in LOST:
            title, why = "Order without an answer", f"the broker's word is {order.ord_status.value}"
        else:
            return
        words = f"{order.side.value} {order.order_qty} {named(order.instrument_id)}: {why}"
        now = self._clock.now()
        self._bus.publish(Notice(NoticeKind.REJECT, Severity.DANGER, title, words, now, order.account_id))
