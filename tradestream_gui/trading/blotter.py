"""All orders as last known; the only writer of them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import OrderChanged
from tradestream_gui.domain.ids import AccountId, ClOrdId, ExecId, InstrumentId, LotId, MessageKey, OrderId
from tradestream_gui.domain.orders import Fill, Order, OrderRole
from tradestream_gui.domain.positions import ExternalChange
from tradestream_gui.ports.broker import ExecutionReport


class Blotter:
    """Owns every order of the day and those still open; publishes OrderChanged after each change.

    Executions are booked once by their id, in whatever state the order stands.
    """

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self._orders: dict[ClOrdId, Order] = {}
        self._open: dict[ClOrdId, Order] = {}
        self._by_lot: dict[LotId, list[ClOrdId]] = {}
        self._by_message: dict[MessageKey, list[ClOrdId]] = {}
        self._by_order_id: dict[tuple[AccountId, OrderId], ClOrdId] = {}
        self._booked: set[tuple[AccountId, ExecId]] = set()
        self._taken: Counter[tuple[AccountId, ExecId]] = Counter()

    def restore(
        self, orders: Iterable[Order], fills: Iterable[Fill], external: Iterable[ExternalChange] = ()
    ) -> None:
        """Takes over stored orders without publishing them, and what is known of executions."""
        for order in orders:
            self._keep(order)
        for fill in fills:
            self._booked.add((fill.account_id, fill.exec_id))
            execution = ExecId(fill.cl_ord_id)
            if fill.exec_id == execution or fill.exec_id.startswith(f"{execution}/"):
                self._taken[fill.account_id, execution] += fill.last_qty
        for change in external:
            self._taken[change.account_id, change.exec_id] += abs(change.signed_qty)
        self._booked -= self._taken.keys()

    def taken(self, account_id: AccountId, exec_id: ExecId) -> int:
        """Contracts that a run before has booked, to lots of ours or as external, of an execution that nobody ordered
        here. A run that died between the two has left a rest: it is booked when it is told again."""
        return self._taken[account_id, exec_id]

    def order(self, cl_ord_id: ClOrdId) -> Order | None:
        return self._orders.get(cl_ord_id)

    def order_by_broker_id(self, account_id: AccountId, order_id: OrderId) -> Order | None:
        cl_ord_id = self._by_order_id.get((account_id, order_id))
        return self._orders[cl_ord_id] if cl_ord_id else None

    def orders(self) -> Iterator[Order]:
        """Every order, oldest first."""
        return iter(tuple(self._orders.values()))

    def open_orders(
        self,
        account_id: AccountId | None = None,
        *,
        role: OrderRole | None = None,
        instrument_id: InstrumentId | None = None,
    ) -> list[Order]:
        """Orders that may still fill, in flight or uncertain ones included."""
        return [
            order
            for order in self._open.values()
            if (account_id is None or order.account_id == account_id)
            and (role is None or order.role is role)
            and (instrument_id is None or order.instrument_id == instrument_id)
        ]

    def orders_of_lot(self, lot_id: LotId) -> list[Order]:
        return [self._orders[cl_ord_id] for cl_ord_id in self._by_lot.get(lot_id, ())]

    def orders_of_message(self, message_key: MessageKey) -> list[Order]:
        """Every order that an alert made, entries and exits."""
        return [self._orders[cl_ord_id] for cl_ord_id in self._by_message.get(message_key, ())]

    def exits_of_lot(self, lot_id: LotId, role: OrderRole) -> list[Order]:
        """Exit orders of a role that may still fill."""
        return [order for order in self.orders_of_lot(lot_id) if order.role is role and order.may_fill]

    def add(self, order: Order) -> None:
        assert order.cl_ord_id not in self._orders, f"{order.cl_ord_id} is already in the blotter"
        self.put(order)

    def put(self, order: Order) -> Order:
        """Takes over a changed order, checked by the caller through `moved_to` or `with_fill`."""
        self._keep(order)
        self._bus.publish(OrderChanged(order))
        return order

    def is_booked(self, account_id: AccountId, exec_id: ExecId) -> bool:
        return (account_id, exec_id) in self._booked

    def unbooked(self, executions: Iterable[ExecutionReport]) -> list[ExecutionReport]:
        """What of a broker's list is news: the list is the whole day's, and is asked for again and again."""
        booked = self._booked
        return [one for one in executions if (one.account_id, one.exec_id) not in booked]

    def mark_booked(self, account_id: AccountId, exec_id: ExecId) -> None:
        """This execution is accounted for and must not be booked again."""
        self._booked.add((account_id, exec_id))

    def widen(self, order: Order, order_qty: int) -> None:
        """The order may be this large at the broker, so that a fill does not end it too early; published with it."""
        self._keep(replace(order, order_qty=order_qty))

    def book(self, fill: Fill) -> Order | None:
        """The order after the fill, or None when this execution was booked before or no order of ours made it.

        It is not published yet: the lot must hold the fill first, or a listener would see an order that has
        filled beside a position that has not. `announce` follows.
        """
        if self.is_booked(fill.account_id, fill.exec_id):
            return None
        self.mark_booked(fill.account_id, fill.exec_id)
        order = self._orders.get(fill.cl_ord_id)
        if order is None:
            return None
        filled = order.with_fill(fill)
        self._keep(filled)
        return filled

    def announce(self, order: Order) -> None:
        """Publishes an order that `book` has changed."""
        self._bus.publish(OrderChanged(order))

    def _keep(self, order: Order) -> None:
        if order.cl_ord_id not in self._orders:
            self._by_lot.setdefault(order.lot_id, []).append(order.cl_ord_id)
            if order.origin.message_key is not None:
                self._by_message.setdefault(order.origin.message_key, []).append(order.cl_ord_id)
        self._orders[order.cl_ord_id] = order
        if order.order_id is not None:
            self._by_order_id[order.account_id, order.order_id] = order.cl_ord_id
        if not order.is_terminal:
            self._open[order.cl_ord_id] = order
        else:
            self._open.pop(order.cl_ord_id, None)
