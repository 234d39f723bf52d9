"""Entry orders with their moments and fills, kept current for the execution figures."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tradestream_gui.analytics.alert_book import AlertBook
from tradestream_gui.analytics.execution import EntryExecution, Waterfall
from tradestream_gui.domain.ids import ClOrdId, InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import WORKING, Fill, Order, OrderRole, OrdStatus


@dataclass(slots=True)
class _Entry:
    order: Order
    sent: datetime | None = None
    acknowledged: datetime | None = None
    mid_at_submit: Decimal | None = None
    fill_value: Decimal = ZERO
    filled_qty: int = 0
    first_fill: datetime | None = None
    last_fill: datetime | None = None


class ExecutionBook:
    """The only writer of what is known about how entry orders were carried out."""

    def __init__(
        self,
        alerts: AlertBook,
        instrument_of: Callable[[InstrumentId], Instrument],
        mid_of: Callable[[InstrumentId], Decimal | None],
    ) -> None:
        self._alerts = alerts
        self._instrument_of = instrument_of
        self._mid_of = mid_of
        self._entries: dict[ClOrdId, _Entry] = {}

    def on_order(self, order: Order, *, watched: bool = True) -> None:
        """Notes the first time of each state; `watched` False: restored, its moments passed unseen.

        A state that a fill brought carries the broker's time of the fill and is no acknowledgement.
        """
        if order.role is not OrderRole.ENTRY:
            return
        entry = self._entries.setdefault(order.cl_ord_id, _Entry(order))
        is_by_fill, entry.order = order.cum_qty > entry.order.cum_qty, order
        if not watched:
            return
        if order.ord_status is OrdStatus.SENT and entry.sent is None:
            entry.sent = order.updated_at
            entry.mid_at_submit = self._mid_of(order.instrument_id)
        elif order.ord_status in WORKING and entry.acknowledged is None and not is_by_fill:
            entry.acknowledged = order.updated_at

    def on_fill(self, fill: Fill) -> None:
        entry = self._entries.get(fill.cl_ord_id)
        if entry is None:
            return
        entry.fill_value += fill.last_px * fill.last_qty
        entry.filled_qty += fill.last_qty
        entry.first_fill = min(entry.first_fill or fill.at, fill.at)  # they may be told out of order
        entry.last_fill = max(entry.last_fill or fill.at, fill.at)

    def orders(self) -> tuple[Order, ...]:
        """Entry orders in their newest state."""
        return tuple(entry.order for entry in self._entries.values())

    def executions(self) -> tuple[EntryExecution, ...]:
        """Entries with at least one fill."""
        return tuple(self._execution(entry) for entry in self._entries.values() if entry.filled_qty)

    def waterfalls(self) -> tuple[Waterfall, ...]:
        """The moments of every entry order."""
        return tuple(self._waterfall(entry) for entry in self._entries.values())

    def _execution(self, entry: _Entry) -> EntryExecution:
        order = entry.order
        key = order.origin.message_key
        record = self._alerts.record(key) if key else None
        call = record.call if record else None
        recorded = record.mid_at_submit if record else None
        return EntryExecution(
            cl_ord_id=order.cl_ord_id,
            message_key=key,
            origin=order.origin,
            instrument=self._instrument_of(order.instrument_id),
            side=order.side,
            qty=entry.filled_qty,
            fill_value=entry.fill_value,
            alert_price=call.price if call else None,
            mid_at_message=record.mid_at_message if record else None,
            mid_at_submit=recorded if recorded is not None else entry.mid_at_submit,
        )

    def _waterfall(self, entry: _Entry) -> Waterfall:
        order = entry.order
        key = order.origin.message_key
        record = self._alerts.record(key) if key else None
        revision = record.revision if record else None
        return Waterfall(
            cl_ord_id=order.cl_ord_id,
            message_key=key,
            posted=revision.sent_at if revision else None,
            received=revision.received_at if revision else None,
            decided=record.decided_at if record else None,
            intended=order.created_at,
            sent=entry.sent,
            acknowledged=entry.acknowledged,
            first_fill=entry.first_fill,
            last_fill=entry.last_fill,
        )
