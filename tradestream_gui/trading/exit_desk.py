"""Owns every exit: keeps each lot's stop and targets as its plan wants them, stop first, never more than is open."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.events import (
    ExitPlanChanged,
    FillBooked,
    LotChanged,
    Notice,
    NoticeKind,
    OrderChanged,
    ProtectionLost,
    Severity,
)
from tradestream_gui.domain.exits import ExitPlan, PlanState, resized, trailed_stop, with_target_fill
from tradestream_gui.domain.ids import InstrumentId, LotId
from tradestream_gui.domain.instruments import Instrument, Toward
from tradestream_gui.domain.money import signed
from tradestream_gui.domain.orders import Fill, Order, OrderRole, OrdStatus
from tradestream_gui.domain.positions import Lot, closing_price
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.exit_alignment import ExitAlignment
from tradestream_gui.trading.lot_book import InstrumentLookup, LotBook

MAX_STOP_REFUSALS = 2
"""A stop refused so often is not tried again: the lot is flattened instead."""


class ExitDesk:
    """The only writer of exit plans. Every change of a plan, a fill or an order leads to one alignment, which
    compares what should rest at the broker with what does; so a restart needs nothing but the stored rows."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        blotter: Blotter,
        lots: LotBook,
        alignment: ExitAlignment,
        instrument_of: InstrumentLookup,
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._blotter, self._lots = blotter, lots
        self._alignment = alignment
        self._instrument_of = instrument_of
        self._plans: dict[LotId, ExitPlan] = {}
        self._refusals: dict[LotId, int] = {}
        bus.subscribe(FillBooked, self._on_fill, owns_state=True)
        bus.subscribe(LotChanged, lambda fact: self.align(fact.lot.lot_id), owns_state=True)
        bus.subscribe(OrderChanged, self._on_order, owns_state=True)

    def restore(self, plans: Iterable[ExitPlan]) -> None:
        """Takes over stored plans, those that are done too: a late fill may open their lot again."""
        self._plans = {plan.lot_id: plan for plan in plans}

    def plan(self, lot_id: LotId) -> ExitPlan | None:
        return self._plans.get(lot_id)

    def plans(self) -> tuple[ExitPlan, ...]:
        return tuple(self._plans.values())

    # -- commands ------------------------------------------------------------------------------------------

    def take(self, plan: ExitPlan, *, with_intent: bool = False) -> None:
        """Takes over the plan of a new lot, or of an adopted one, and acts on it at once if the lot is open.
        `with_intent`: the transaction of its entry's intent stores it."""
        self._put(plan, with_intent=with_intent)
        self.align(plan.lot_id)

    def ensure_plan(self, lot: Lot) -> ExitPlan:
        """The lot's plan; one that lost it gets one that keeps the stop which rests, so that it can be left."""
        plan = self._plans.get(lot.lot_id)
        if plan is None:
            plan = _plain_plan(lot, self._blotter.exits_of_lot(lot.lot_id, OrderRole.STOP))
            self.take(plan)
        return plan

    def move_stop(self, lot_id: LotId, stop_price: Decimal, *, at_break_even: bool = False) -> str:
        """Moves the stop to a tradable price; answers what was done in words."""
        plan, lot = self._plans[lot_id], self._lots.lot(lot_id)
        instrument = self._instrument_of(plan.instrument_id)
        price = instrument.round_to_tick(stop_price, Toward.DOWN if plan.side.sign > 0 else Toward.UP)
        initial = plan.initial_stop_price if plan.initial_stop_price is not None else price
        self._put(replace(plan, stop_price=price, initial_stop_price=initial, stop_at_break_even=at_break_even))
        self.align(lot_id)
        qty = lot.open_qty if lot else 0
        return f"stop for {qty} {self._name(plan.instrument_id)} moved to {price:,}"

    def move_to_break_even(self, lot_id: LotId) -> str:
        """Moves the stop to our own average entry; a stop that stands better already stays."""
        plan, lot = self._plans[lot_id], self._lots.lot(lot_id)
        entry = lot.avg_entry if lot else None
        if entry is None:
            return f"{self._name(plan.instrument_id)} has no open position, so its stop stays"
        wanted = entry + plan.break_even_offset * plan.side.sign
        if plan.stop_price is not None and (plan.stop_price - wanted) * plan.side.sign > 0:
            return f"stop of {self._name(plan.instrument_id)} stands at {plan.stop_price} already, better than {wanted}"
        return self.move_stop(lot_id, wanted, at_break_even=True)

    def set_targets(self, lot_id: LotId, allocations: tuple[tuple[Decimal, Decimal], ...]) -> str:
        """Replaces the targets that are not done; shares are of what is open now, or of the entry before it fills."""
        plan, lot = self._plans[lot_id], self._lots.lot(lot_id)
        if lot is None:
            self._put(replace(plan, allocations=allocations, targets=()))
            return f"targets of {self._name(plan.instrument_id)}: " + ", ".join(str(price) for price, _ in allocations)
        steps = resized(replace(plan, allocations=allocations, targets=()), lot.open_qty).targets
        done = tuple(target for target in plan.targets if target.is_done)
        self._put(replace(plan, targets=done + steps, allocations=()))
        self.align(lot_id)
        prices = ", ".join(str(step.price) for step in steps) or "none"
        return f"targets of {self._name(plan.instrument_id)}: {prices}"

    def move_target(self, lot_id: LotId, index: int, price: Decimal) -> None:
        plan = self._plans[lot_id]
        steps = list(plan.targets)
        steps[index] = replace(steps[index], price=self._instrument_of(plan.instrument_id).round_to_tick(price))
        self._put(replace(plan, targets=tuple(steps), allocations=()))
        self.align(lot_id)

    def close(self, lot_id: LotId, qty: int, reason: str) -> str:
        """Closes up to `qty` contracts at the market; what is open decides, asking twice closes once."""
        plan, lot = self._plans[lot_id], self._lots.lot(lot_id)
        if lot is None or lot.is_flat:
            return f"{self._name(plan.instrument_id)} has no open position"
        wanted = self.leave(lot, qty, reason)
        if wanted <= 0:
            return f"nothing to close of {lot.open_qty} {self._name(plan.instrument_id)}"
        verb = "sell" if lot.side.sign > 0 else "buy back"
        return f"{verb} {wanted} {self._name(plan.instrument_id)}, keep {lot.open_qty - wanted}"

    def leave(self, lot: Lot, qty: int, reason: str) -> int:
        """The same without words; answers how many leave. A lot that lost its plan is left too."""
        wanted = min(qty, lot.open_qty)
        if wanted > 0:
            plan = self.ensure_plan(lot)
            self._put(replace(plan, close_qty=max(plan.close_qty, wanted), close_reason=reason))
            self.align(lot.lot_id)
        return wanted

    def align(self, lot_id: LotId) -> None:
        """Sends what brings the exits at the broker nearer to the plan; safe to call at any time."""
        plan, lot = self._plans.get(lot_id), self._lots.lot(lot_id)
        if plan is not None and lot is not None:
            self._alignment.align(lot, plan)

    # -- facts ---------------------------------------------------------------------------------------------

    def on_quote(self, quote: Quote) -> None:
        """Trails stops and triggers the targets that run here; stale quotes must not be passed in."""
        for lot in self._lots.open_lots(instrument_id=quote.instrument_id):
            plan = self._plans.get(lot.lot_id)
            if plan is None or plan.state is not PlanState.ACTIVE:
                continue
            price = closing_price(lot.side, quote)
            if price is None:
                continue
            changed = self._seen_price(lot, plan, price)
            if changed != plan:
                self._put(changed)
                self.align(lot.lot_id)

    def take_back_targets(self, lot_id: LotId) -> None:
        """What was sent for a price that does not stand: the stop covers all again until a new price reaches it."""
        plan = self._plans[lot_id]
        self._put(replace(plan, targets=tuple(replace(step, triggered=False) for step in plan.targets)))
        self.align(lot_id)

    def on_time(self, now: datetime) -> None:
        """Closes what its time stop or flat-by time has reached."""
        for lot in self._lots.open_lots():
            plan = self._plans.get(lot.lot_id)
            if plan is None or plan.close_qty >= lot.open_qty:
                continue
            if plan.flat_by is not None and now >= plan.flat_by:
                self.close(lot.lot_id, lot.open_qty, "flat-by time")
            elif plan.close_at is not None and now >= plan.close_at:
                self.close(lot.lot_id, lot.open_qty, "time stop")

    def _seen_price(self, lot: Lot, plan: ExitPlan, price: Decimal) -> ExitPlan:
        assert lot.avg_entry is not None, "an open lot has an entry"
        plan = trailed_stop(plan, lot.avg_entry, price, self._instrument_of(lot.instrument_id))
        if self._alignment.targets_rest_at_broker(lot.account_id):
            return plan
        ahead = [(price - step.price) * lot.side.sign >= 0 for step in plan.targets]
        steps = tuple(
            step if step.is_done or step.triggered is now else replace(step, triggered=now)
            for step, now in zip(plan.targets, ahead, strict=True)
        )
        return plan if steps == plan.targets else replace(plan, targets=steps)

    def _name(self, instrument_id: InstrumentId) -> str:
        return contract_name(self._instrument_of(instrument_id))

    def _on_fill(self, fact: FillBooked) -> None:
        fill, lot = fact.fill, fact.lot
        plan = self._plans.get(lot.lot_id)
        if plan is None:
            return
        order = self._blotter.order(fill.cl_ord_id)
        if fill.side is plan.side:
            plan = _grown(plan, lot, fill, order)
        elif order is not None and order.role is OrderRole.TARGET:
            plan = with_target_fill(plan, order.limit_price, fill.last_qty)
        else:
            plan = replace(plan, close_qty=max(plan.close_qty - fill.last_qty, 0))
        plan = replace(plan, close_qty=min(plan.close_qty, lot.open_qty))
        if not lot.is_flat and lot.side is not plan.side:
            words = f"a fill too many left {signed(lot.signed_qty)} {self._name(lot.instrument_id)}; closing at market"
            self._bus.publish(ProtectionLost(lot.lot_id, lot.account_id, words, self._clock.now()))
            plan = _turned_round(plan, lot)
        entry = lot.avg_entry
        if plan.wants_break_even and entry is not None:
            plan = _at_break_even(plan, entry, self._instrument_of(plan.instrument_id))
        if lot.is_flat and not self._entry_may_fill(lot.lot_id):
            plan = replace(plan, state=PlanState.DONE, close_qty=0)
        self._put(plan)
        self.align(lot.lot_id)
        if order is not None:
            self._bus.publish(_told(order, fill, self._name(fill.instrument_id), self._clock.now()))

    def _on_order(self, fact: OrderChanged) -> None:
        order = fact.order
        plan = self._plans.get(order.lot_id)
        if plan is None:
            return
        if order.role is OrderRole.ENTRY:
            self._entry_ended(order, plan)
        elif order.ord_status is OrdStatus.REJECTED:
            self._exit_refused(order, plan)
        elif order.ord_status is OrdStatus.NEW and order.role is OrderRole.STOP:
            self._refusals.pop(order.lot_id, None)
            self.align(order.lot_id)
        elif order.ord_status not in (OrdStatus.PENDING_NEW, OrdStatus.SENT, OrdStatus.PENDING_REPLACE):
            self.align(order.lot_id)

    def _entry_ended(self, order: Order, plan: ExitPlan) -> None:
        lot = self._lots.lot(order.lot_id)
        never_filled = order.is_terminal and (lot is None or lot.is_flat) and plan.state is PlanState.WAITING
        if never_filled and not self._entry_may_fill(order.lot_id):
            self._put(replace(plan, state=PlanState.DONE))

    def _exit_refused(self, order: Order, plan: ExitPlan) -> None:
        """After a second refused stop the lot is flattened; after a refused close the stop covers all again. Where
        both are refused the sentinel tries on, once a second."""
        refusals = self._refusals.get(order.lot_id, 0)
        if order.role is OrderRole.STOP:
            refusals = self._refusals[order.lot_id] = refusals + 1
        lot = self._lots.lot(order.lot_id)
        if lot is None or lot.is_flat:
            return
        what = f"{order.role.value} order for {lot.open_qty} {self._name(order.instrument_id)}"
        words = f"{what} was rejected: {order.reason}"
        now = self._clock.now()
        if order.role is OrderRole.CLOSE:
            kind, severity = NoticeKind.REJECT, Severity.DANGER
            self._bus.publish(Notice(kind, severity, "Close rejected", words, now, order.account_id))
            if plan.stop_price is not None:
                self._put(replace(plan, close_qty=0))
            if plan.stop_price is not None and refusals < MAX_STOP_REFUSALS:
                self.align(order.lot_id)
        elif order.role is OrderRole.STOP and refusals >= MAX_STOP_REFUSALS:
            self._bus.publish(ProtectionLost(order.lot_id, order.account_id, f"{words}; closing at market", now))
            self._put(replace(plan, close_qty=lot.open_qty, close_reason="stop rejected"))
            self.align(order.lot_id)
        elif order.role is OrderRole.STOP:
            self._bus.publish(ProtectionLost(order.lot_id, order.account_id, f"{words}; trying once more", now))
            self.align(order.lot_id)

    def _entry_may_fill(self, lot_id: LotId) -> bool:
        return bool(self._blotter.exits_of_lot(lot_id, OrderRole.ENTRY))

    def _put(self, plan: ExitPlan, *, with_intent: bool = False) -> None:
        if self._plans.get(plan.lot_id) == plan:
            return
        self._plans[plan.lot_id] = plan
        self._bus.publish(ExitPlanChanged(plan, with_intent))


def _grown(plan: ExitPlan, lot: Lot, fill: Fill, order: Order | None) -> ExitPlan:
    """The plan of more contracts; those of an exit are one more piece of a fill too many, and are closed as well."""
    grown = replace(resized(plan, lot.entry_qty), state=PlanState.ACTIVE)
    if order is None or order.role is OrderRole.ENTRY:
        return grown
    return replace(grown, close_qty=grown.close_qty + fill.last_qty)


def _at_break_even(plan: ExitPlan, entry: Decimal, instrument: Instrument) -> ExitPlan:
    sign = plan.side.sign
    price = instrument.round_to_tick(entry + plan.break_even_offset * sign, Toward.DOWN if sign > 0 else Toward.UP)
    better = plan.stop_price is None or (price - plan.stop_price) * sign > 0
    return replace(plan, stop_price=price if better else plan.stop_price, stop_at_break_even=True)


def _turned_round(plan: ExitPlan, lot: Lot) -> ExitPlan:
    """A fill beyond flat opened the other side: nobody wanted that, so all of it is to be closed."""
    return replace(
        plan,
        side=lot.side,
        state=PlanState.ACTIVE,
        stop_price=None,
        trail=None,
        targets=(),
        allocations=(),
        break_even_after=None,
        close_qty=lot.open_qty,
        close_reason="a fill too many",
    )


def _plain_plan(lot: Lot, stops: Sequence[Order]) -> ExitPlan:
    stop_price = stops[0].stop_price if stops else None
    return ExitPlan(
        lot_id=lot.lot_id,
        account_id=lot.account_id,
        instrument_id=lot.instrument_id,
        side=lot.side,
        state=PlanState.ACTIVE,
        stop_price=stop_price,
        initial_stop_price=stop_price,
    )


def _told(order: Order, fill: Fill, name: str, now: datetime) -> Notice:
    role = order.purpose
    kind = {OrderRole.TARGET: NoticeKind.TARGET, OrderRole.STOP: NoticeKind.STOP}.get(role, NoticeKind.FILL)
    severity = Severity.WARNING if role is OrderRole.STOP else Severity.SUCCESS
    verb = "Bought" if order.side.sign > 0 else "Sold"
    words = f"{verb} {fill.last_qty} {name} at {fill.last_px:,} ({order.origin.label})"
    return Notice(kind, severity, f"{role.value.capitalize()} filled", words, now, order.account_id)
