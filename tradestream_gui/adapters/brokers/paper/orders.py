"""The exchange's order list: every order by its ids, the live ones by instrument and by linked group."""

from collections.abc import Iterable

from tradestream_gui.adapters.brokers.paper.state import PaperOrder
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId, OrderId
from tradestream_gui.domain.matching import STOP_TYPES
from tradestream_gui.domain.orders import OrderRole


class OrderList:
    """The only holder of the exchange's orders; dictionaries keep them in the order of arrival."""

    def __init__(self) -> None:
        self._orders: dict[OrderId, PaperOrder] = {}
        self._by_client_id: dict[tuple[AccountId, ClOrdId], OrderId] = {}
        self._live: dict[InstrumentId, dict[OrderId, None]] = {}
        self._groups: dict[tuple[AccountId, str], dict[OrderId, None]] = {}

    def __len__(self) -> int:
        return len(self._orders)

    def put(self, order: PaperOrder) -> None:
        self._orders[order.order_id] = order
        if order.cl_ord_id is not None:
            self._by_client_id[order.account_id, order.cl_ord_id] = order.order_id
        live = self._live.setdefault(order.instrument_id, {})
        group = self._groups.setdefault((order.account_id, order.oca_group), {}) if order.oca_group else {}
        if order.is_working:
            live[order.order_id] = None
            group[order.order_id] = None
        else:
            live.pop(order.order_id, None)
            group.pop(order.order_id, None)

    def get(self, order_id: OrderId) -> PaperOrder:
        return self._orders[order_id]

    def by_client_id(self, account_id: AccountId, cl_ord_id: ClOrdId) -> PaperOrder | None:
        order_id = self._by_client_id.get((account_id, cl_ord_id))
        return None if order_id is None else self._orders[order_id]

    def has_live(self, instrument_id: InstrumentId) -> bool:
        return bool(self._live.get(instrument_id))

    def live(self, instrument_id: InstrumentId) -> list[PaperOrder]:
        """Working orders of an instrument, stops first so that a disputed moment counts against us."""
        orders = [self._orders[order_id] for order_id in self._live.get(instrument_id, ())]
        return sorted(orders, key=lambda order: order.resting.ord_type not in STOP_TYPES)

    def live_of_account(self, account_id: AccountId) -> list[PaperOrder]:
        return [order for order in self._all_live() if order.account_id == account_id]

    def group(self, order: PaperOrder) -> list[PaperOrder]:
        """The live orders linked with this one, itself left out."""
        if order.oca_group is None:
            return []
        members = self._groups.get((order.account_id, order.oca_group), {})
        return [self._orders[order_id] for order_id in members if order_id != order.order_id]

    def _all_live(self) -> Iterable[PaperOrder]:
        return (self._orders[order_id] for live in self._live.values() for order_id in live)


def stop_of(orders: Iterable[PaperOrder]) -> PaperOrder | None:
    """The protective stop of a group, also when it was amended to another type."""
    return next((order for order in orders if order.role is OrderRole.STOP), None)


def targets_of(orders: Iterable[PaperOrder]) -> list[PaperOrder]:
    """The targets of a group, the one farthest from the market first."""
    targets = [order for order in orders if order.role is OrderRole.TARGET and order.resting.limit_price is not None]
    return sorted(
        targets, key=lambda order: (order.resting.limit_price or 0) * order.resting.side.sign
    )
