"""All lots, open and closed, and what is held outside of them; the only writer of lots."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import ExternalChanged, FillBooked, LotChanged
from tradestream_gui.domain.ids import AccountId, InstrumentId, LotId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import ADOPTED, ADOPTION_PREFIX, Fill, Order, Origin, OriginKind
from tradestream_gui.domain.positions import ExternalChange, Lot, new_lot

InstrumentLookup = Callable[[InstrumentId], Instrument]


class LotBook:
    """Owns the lots: each fill changes exactly one, or several when nobody attributed it.

    Lots of an (account, instrument) sum to the broker's net position less `external_qty`, which was opened
    elsewhere: it is shown and counted, and never touched.
    """

    def __init__(self, bus: EventBus, instrument_of: InstrumentLookup) -> None:
        self._bus = bus
        self._instrument_of = instrument_of
        self._lots: dict[LotId, Lot] = {}
        self._open: dict[LotId, Lot] = {}
        self._held: frozenset[InstrumentId] = frozenset()
        self._external: dict[tuple[AccountId, InstrumentId], int] = {}

    def restore(
        self, orders: Iterable[Order], fills: Iterable[Fill], external: Iterable[ExternalChange] = ()
    ) -> None:
        """Rebuilds every lot from stored fills, oldest first, and what is external from its stored changes. A fill that
        no order of ours made was assumed to be the lot's."""
        origin_of = {order.cl_ord_id: order.origin for order in orders}
        for fill in fills:
            origin = origin_of.get(fill.cl_ord_id, ADOPTED)
            lot = self._lots.get(fill.lot_id) or new_lot(fill, origin)
            lot = lot.with_fill(fill, self._instrument_of(fill.instrument_id))
            is_told = fill.cl_ord_id in origin_of or fill.exec_id.startswith(ADOPTION_PREFIX)
            self._keep(lot if is_told else replace(lot, assumed=True))
        for change in external:
            self._count(change)

    def lot(self, lot_id: LotId) -> Lot | None:
        return self._lots.get(lot_id)

    def lots(self) -> tuple[Lot, ...]:
        return tuple(self._lots.values())

    def open_lots(self, account_id: AccountId | None = None, instrument_id: InstrumentId | None = None) -> list[Lot]:
        """Lots that are not flat, oldest first."""
        if account_id is None and instrument_id is None:
            return list(self._open.values())
        if instrument_id is not None and instrument_id not in self._held:
            return []  # as at nearly every tick
        return [
            lot
            for lot in self._open.values()
            if (account_id is None or lot.account_id == account_id)
            and (instrument_id is None or lot.instrument_id == instrument_id)
        ]

    def net_qty(self, account_id: AccountId, instrument_id: InstrumentId) -> int:
        """Signed quantity of our lots, without what is external."""
        return sum(lot.signed_qty for lot in self.open_lots(account_id, instrument_id))

    def external_qty(self, account_id: AccountId, instrument_id: InstrumentId) -> int:
        return self._external.get((account_id, instrument_id), 0)

    def external(self) -> dict[tuple[AccountId, InstrumentId], int]:
        return dict(self._external)

    def change_external(self, change: ExternalChange) -> None:
        """Counts what came or went elsewhere and publishes ExternalChanged."""
        self._count(change)
        self._bus.publish(ExternalChanged(change))

    def book(self, fill: Fill, origin: Origin) -> Lot:
        """Books a fill to its lot and publishes FillBooked and LotChanged."""
        lot = self._lots.get(fill.lot_id) or new_lot(fill, origin)
        lot = lot.with_fill(fill, self._instrument_of(fill.instrument_id))
        self._keep(lot)
        self._bus.publish(FillBooked(fill, lot))
        self._bus.publish(LotChanged(lot))
        return lot

    def share_reduction(
        self, account_id: AccountId, instrument_id: InstrumentId, signed_qty: int, at: datetime
    ) -> list[tuple[Lot, int]]:
        """Which lots a reduction of this moment, that nobody attributed, takes: manual ones first, then the oldest.
        A lot that was opened later is never touched by it, and none is by what makes our net position larger: beside
        longs a purchase elsewhere is no end of a short lot.

        Answers (lot, contracts); what exceeds our lots belongs to the external quantity.
        """
        sign = 1 if signed_qty > 0 else -1
        if self.net_qty(account_id, instrument_id) * sign >= 0:
            return []
        against = [
            lot
            for lot in self.open_lots(account_id, instrument_id)
            if lot.signed_qty * sign < 0 and lot.opened_at is not None and lot.opened_at <= at
        ]
        against.sort(key=lambda lot: lot.origin.kind is not OriginKind.MANUAL)
        shares, left = [], abs(signed_qty)
        for lot in against:
            taken = min(lot.open_qty, left)
            if taken:
                shares.append((lot, taken))
            left -= taken
        return shares

    def announce(self, lot_id: LotId) -> None:
        """Publishes the lot as it stands, for whoever waited with it."""
        lot = self._lots.get(lot_id)
        if lot is not None:
            self._bus.publish(LotChanged(lot))

    def mark_assumed(self, lot_id: LotId) -> None:
        lot = replace(self._lots[lot_id], assumed=True)
        self._keep(lot)
        self._bus.publish(LotChanged(lot))

    def _count(self, change: ExternalChange) -> None:
        key = (change.account_id, change.instrument_id)
        self._external[key] = self._external.get(key, 0) + change.signed_qty
        if not self._external[key]:
            del self._external[key]

    def _keep(self, lot: Lot) -> None:
        self._lots[lot.lot_id] = lot
        if lot.is_flat:
            self._open.pop(lot.lot_id, None)
        else:
            self._open[lot.lot_id] = lot
        self._held = frozenset(each.instrument_id for each in self._open.values())
