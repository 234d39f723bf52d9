"""Looks every second whether each lot has the stop that its plan wants, and acts when it has not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.events import ProtectionLost, ProtectionRestored
from tradestream_gui.domain.exits import ExitPlan
from tradestream_gui.domain.ids import LotId
from tradestream_gui.domain.orders import Order, OrderRole
from tradestream_gui.domain.positions import Lot
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.change_requests import CHANGEABLE
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.watch_beat import WatchBeat

FILLS_WITHIN_S = 3.0
"""How long a target that nothing links to the stop may rest in its stead."""


@dataclass(frozen=True, slots=True)
class SentinelTiming:
    """Seconds: how often it looks, after how long without a stop it raises the alarm, and when it flattens."""

    interval_s: float
    alarm_after_s: float
    flatten_after_s: float


class Sentinel:
    """Counts how long each lot has been short of its stop. A manual lot without a stop by choice is left alone;
    external quantity is never touched."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        blotter: Blotter,
        lots: LotBook,
        exits: ExitDesk,
        timing: SentinelTiming,
        beat: WatchBeat,
        is_linked: Callable[[Lot], bool],
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._blotter = blotter
        self._lots = lots
        self._exits = exits
        self._timing = timing
        self._beat = beat
        self._is_linked = is_linked
        self._naked_since: dict[LotId, float] = {}
        self._alarmed: set[LotId] = set()

    async def watch(self) -> None:
        """Runs until cancelled."""
        while True:
            await self._beat.next(self._timing.interval_s)
            self.look()

    def look(self) -> None:
        now_s = self._clock.monotonic()
        exits_of_lot = self._exits_of_lots()
        open_ids = set()
        for lot in self._lots.open_lots():
            open_ids.add(lot.lot_id)
            plan = self._exits.plan(lot.lot_id)
            if plan is None:
                self._alarm(lot, "has no exit plan; close it or give it one")
                continue
            covered = covered_qty(exits_of_lot.get(lot.lot_id, ()), plan)
            if plan.close_qty or covered != lot.open_qty:
                self._exits.align(lot.lot_id)
            if is_protected(lot, plan, covered) or not self._is_linked(lot):
                self._restored(lot.lot_id)
                continue
            self._naked(lot, plan, now_s - self._naked_since.setdefault(lot.lot_id, now_s))
        for lot_id in exits_of_lot.keys() - open_ids:  # their position is gone: a cancel was refused or lost
            self._exits.align(lot_id)
        for lot_id in (set(self._naked_since) | self._alarmed) - open_ids:
            self._restored(lot_id)
        self._exits.on_time(self._clock.now())

    def unprotected_lots(self) -> tuple[LotId, ...]:
        return tuple(self._alarmed)

    def _exits_of_lots(self) -> dict[LotId, list[Order]]:
        """Every exit that may fill; a target that nothing links to the stop fills at once or is taken back: one that
        rests says that the price which it was sent for does not stand."""
        found: dict[LotId, list[Order]] = {}
        for order in self._blotter.open_orders():
            if order.role is OrderRole.ENTRY:
                continue
            found.setdefault(order.lot_id, []).append(order)
            is_alone = order.role is OrderRole.TARGET and not order.oca_group and order.ord_status in CHANGEABLE
            is_planned = is_alone and self._exits.plan(order.lot_id) is not None
            if is_planned and (self._clock.now() - order.updated_at).total_seconds() > FILLS_WITHIN_S:
                self._exits.take_back_targets(order.lot_id)
        return found

    def _naked(self, lot: Lot, plan: ExitPlan, naked_s: float) -> None:
        if naked_s >= self._timing.alarm_after_s:
            self._alarm(lot, "has no stop of its size at the broker; placing it")
        if naked_s >= self._timing.flatten_after_s and plan.close_qty < lot.open_qty:
            words = f"{lot.open_qty} {named(lot.instrument_id)} could not be given a stop; closing at market"
            self._bus.publish(ProtectionLost(lot.lot_id, lot.account_id, words, self._clock.now()))
            self._exits.close(lot.lot_id, lot.open_qty, "no stop could be placed")

    def _alarm(self, lot: Lot, what: str) -> None:
        """Once for each time that the protection was lost."""
        if lot.lot_id not in self._alarmed:
            self._alarmed.add(lot.lot_id)
            words = f"{lot.open_qty} {named(lot.instrument_id)} {what}"
            self._bus.publish(ProtectionLost(lot.lot_id, lot.account_id, words, self._clock.now()))

    def _restored(self, lot_id: LotId) -> None:
        self._naked_since.pop(lot_id, None)
        if lot_id in self._alarmed:
            self._alarmed.discard(lot_id)
            self._bus.publish(ProtectionRestored(lot_id, self._clock.now()))


def covered_qty(exits: Iterable[Order], plan: ExitPlan) -> int:
    """What working stops, or what replaces them, take out of the lot: a closing, or a target that no link ties to the
    stop, as long as its price stands."""
    return sum(
        order.leaves_qty
        for order in exits
        if order.is_working and (order.role is not OrderRole.TARGET or _stands_in(order, plan))
    )


def _stands_in(target: Order, plan: ExitPlan) -> bool:
    return not target.oca_group and any(step.triggered and step.price == target.limit_price for step in plan.targets)


def is_protected(lot: Lot, plan: ExitPlan, covered_qty: int) -> bool:
    """True when what covers the lot is all that is open, or when its plan deliberately has no stop."""
    return (plan.stop_price is None and not plan.close_qty) or covered_qty >= lot.open_qty
