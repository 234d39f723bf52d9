"""Writes what happened into the program's log, each event under the message or order that it belongs to."""

import logging

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import (
    AccountStateChanged,
    AlertDecided,
    BrokerLinkChanged,
    FillBooked,
    Notice,
    OrderChanged,
    ProtectionLost,
    Severity,
)
from tradestream_gui.domain.orders import Order
from tradestream_gui.logs import correlated

_log = logging.getLogger("tradestream.trading")
_LEVELS = {Severity.WARNING: logging.WARNING, Severity.DANGER: logging.ERROR}


class FactLog:
    """Listens only. The texts of messages are not logged: they are in the database."""

    def __init__(self, bus: EventBus) -> None:
        self._owner: dict[str, str] = {}
        bus.subscribe(AlertDecided, self._on_decision)
        bus.subscribe(OrderChanged, self._on_order)
        bus.subscribe(FillBooked, self._on_fill)
        bus.subscribe(AccountStateChanged, self._on_state)
        bus.subscribe(BrokerLinkChanged, self._on_link)
        bus.subscribe(ProtectionLost, self._on_protection_lost)
        bus.subscribe(Notice, self._on_notice)

    def _on_decision(self, fact: AlertDecided) -> None:
        decision = fact.decision
        with correlated(str(decision.message_key)):
            _log.info("alert %s %s: %s", decision.outcome.value, decision.code, decision.words)

    def _on_order(self, fact: OrderChanged) -> None:
        order = fact.order
        self._owner[order.cl_ord_id] = _belongs_to(order)
        with correlated(_belongs_to(order)):
            _log.info(
                "order %s %s %s %d %s %s limit %s stop %s filled %d: %s %s",
                order.cl_ord_id, order.role.value, order.side.value, order.order_qty, order.instrument_id,
                order.ord_type.value, order.limit_price, order.stop_price, order.cum_qty, order.ord_status.value,
                order.reason,
            )  # fmt: skip

    def _on_fill(self, fact: FillBooked) -> None:
        fill = fact.fill
        with correlated(self._owner.get(fill.cl_ord_id or "", "")):
            _log.info(
                "fill %s of %s: %s %d %s at %s, fees %s",
                fill.exec_id, fill.cl_ord_id, fill.side.value, fill.last_qty, fill.instrument_id, fill.last_px,
                fill.commission,
            )  # fmt: skip

    def _on_state(self, fact: AccountStateChanged) -> None:
        _log.warning("account is %s: %s", fact.state.trading_state.value, fact.state.reason)

    def _on_link(self, fact: BrokerLinkChanged) -> None:
        _log.info("link to %s %s %s", fact.broker, fact.state, fact.detail)

    def _on_protection_lost(self, fact: ProtectionLost) -> None:
        _log.error("lot %s: %s", fact.lot_id, fact.words)

    def _on_notice(self, fact: Notice) -> None:
        _log.log(_LEVELS.get(fact.severity, logging.INFO), "%s: %s", fact.title, fact.words)


def _belongs_to(order: Order) -> str:
    """The message that wanted the order, else the order itself."""
    return str(order.origin.message_key or order.cl_ord_id)
