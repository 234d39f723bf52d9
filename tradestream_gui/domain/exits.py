"""Exit plans: how a lot is to be left, kept as plain rows so that a restart resumes them."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from enum import Enum

from tradestream_gui.domain.ids import AccountId, InstrumentId, LotId
from tradestream_gui.domain.instruments import Instrument, Toward
from tradestream_gui.domain.orders import Side

SHARE_STEP = Decimal("0.001")
"""Finer parts of a contract come from shares that no decimal holds, such as two thirds."""


class PlanState(Enum):
    WAITING = "waiting"
    """The entry has not filled yet."""
    ACTIVE = "active"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class TargetStep:
    """Leave `qty` contracts at `price`; `filled_qty` counts what is done."""

    price: Decimal
    qty: int
    filled_qty: int = 0
    triggered: bool = False
    """Set when a target that runs here has seen its price and is on its way out."""

    @property
    def left_qty(self) -> int:
        return max(self.qty - self.filled_qty, 0)

    @property
    def is_done(self) -> bool:
        return self.filled_qty >= self.qty


@dataclass(frozen=True, slots=True)
class TrailRule:
    """Trail the stop by `distance` in price once the position is `activate_after` in profit (price units)."""

    distance: Decimal
    activate_after: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True)
class ExitPlan:
    """Where a lot is left. Prices are in the instrument's unit; `stop_price` None means deliberately no stop.

    `break_even_after` is the number of targets that must be done before the stop moves to our own entry.
    """

    lot_id: LotId
    account_id: AccountId
    instrument_id: InstrumentId
    side: Side
    """Side of the position that the plan leaves."""
    state: PlanState
    stop_price: Decimal | None
    initial_stop_price: Decimal | None
    targets: tuple[TargetStep, ...] = ()
    break_even_after: int | None = None
    break_even_offset: Decimal = Decimal(0)
    stop_at_break_even: bool = False
    trail: TrailRule | None = None
    best_price: Decimal | None = None
    close_at: datetime | None = None
    """Time stop: close what is left at this time."""
    flat_by: datetime | None = None
    """The session's or the account's own time at which the lot must be flat."""
    allocations: tuple[tuple[Decimal, Decimal], ...] = ()
    """(price, share of the entry) of each target, from which the steps are made as the entry fills."""
    close_qty: int = 0
    """Contracts that are to be closed at once and have not been closed yet."""
    close_reason: str = ""
    hold_one_contract: bool = False
    """With a single contract the first target is passed over: it leaves at the last."""

    @property
    def triggered_qty(self) -> int:
        return sum(target.left_qty for target in self.targets if target.triggered)

    @property
    def targets_done(self) -> int:
        return sum(1 for target in self.targets if target.is_done)

    @property
    def wants_break_even(self) -> bool:
        return (
            self.break_even_after is not None
            and not self.stop_at_break_even
            and self.targets_done >= self.break_even_after
        )


def split_targets(qty: int, allocations: tuple[tuple[Decimal, Decimal], ...]) -> tuple[TargetStep, ...]:
    """Targets in whole contracts: each share rounded up in order, the last takes what is left, never more than `qty`.

    One contract leaves at the first target; shares that add up to less than 1 leave a runner without target.
    """
    left, steps, total = qty, [], Decimal(0)
    for price, share in allocations:
        total += share
        wanted = (share * qty).quantize(SHARE_STEP).to_integral_value(rounding=ROUND_CEILING)
        take = min(left, int(wanted)) if total < 1 else left
        if take:
            steps.append(TargetStep(price, take))
        left -= take
    return tuple(steps)


def resized(plan: ExitPlan, entry_qty: int) -> ExitPlan:
    """The plan with its targets split anew for the whole entry so far; what has filled stays filled."""
    if not plan.allocations:
        return plan
    single = plan.hold_one_contract and entry_qty == 1
    steps = split_targets(entry_qty, plan.allocations[-1:] if single else plan.allocations)
    kept = tuple(
        replace(step, filled_qty=plan.targets[index].filled_qty, triggered=plan.targets[index].triggered)
        if index < len(plan.targets)
        else step
        for index, step in enumerate(steps)
    )
    return replace(plan, targets=kept)


def with_target_fill(plan: ExitPlan, price: Decimal | None, qty: int) -> ExitPlan:
    """The plan after a target order filled: the step at that price takes it, else the first that is not done."""
    steps = list(plan.targets)
    order = sorted(range(len(steps)), key=lambda index: (steps[index].price != price, index))
    for index in order:
        taken = min(steps[index].left_qty, qty)
        if taken:
            steps[index] = replace(steps[index], filled_qty=steps[index].filled_qty + taken)
            qty -= taken
    return replace(plan, targets=tuple(steps))


def trailed_stop(plan: ExitPlan, entry: Decimal, price: Decimal, instrument: Instrument) -> ExitPlan:
    """The plan after a price was seen: the stop follows the best price in steps and never loosens."""
    rule = plan.trail
    if rule is None:
        return plan
    sign = plan.side.sign
    best = price if plan.best_price is None or (price - plan.best_price) * sign > 0 else plan.best_price
    plan = replace(plan, best_price=best)
    if (best - entry) * sign < rule.activate_after:
        return plan
    wanted = instrument.round_to_tick(best - rule.distance * sign, Toward.DOWN if sign > 0 else Toward.UP)
    if plan.stop_price is None or (wanted - plan.stop_price) * sign >= max(rule.step, instrument.tick_size):
        return replace(plan, stop_price=wanted)
    return plan
