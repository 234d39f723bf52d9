"""Changes of a lot's exit plan by hand that are more than one price: a trail, a shift."""

from dataclasses import replace
from decimal import Decimal

from tradestream_gui.domain.exits import ExitPlan, TargetStep, TrailRule, trailed_stop
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.positions import Lot
from tradestream_gui.trading.exit_desk import ExitDesk


def trail(exits: ExitDesk, lot: Lot, rule: TrailRule | None, mark: Decimal | None, instrument: Instrument) -> ExitPlan:
    """Trails the lot's stop by a rule, or stops trailing; the stop never loosens by it. A rule that asks for no profit
    first holds from the present price on, though the lot may stand at a loss."""
    entry = lot.avg_entry
    if rule is not None and mark is not None and entry is not None and not rule.activate_after:
        rule = replace(rule, activate_after=min((mark - entry) * lot.side.sign, ZERO))
    plan = replace(exits.ensure_plan(lot), trail=rule, best_price=mark if rule is not None else None)
    if rule is not None and mark is not None and entry is not None:
        plan = trailed_stop(plan, entry, mark, instrument)
    if plan.stop_price is not None and plan.initial_stop_price is None:
        plan = replace(plan, initial_stop_price=plan.stop_price)
    exits.take(plan)
    return plan


def shifted(plan: ExitPlan, by: Decimal) -> ExitPlan:
    """The plan with its stop and every target that is not done moved by the same distance in price."""

    def moved(price: Decimal | None) -> Decimal | None:
        return None if price is None else price + by

    def step(target: TargetStep) -> TargetStep:
        return target if target.is_done else replace(target, price=target.price + by)

    return replace(
        plan,
        stop_price=moved(plan.stop_price),
        initial_stop_price=moved(plan.initial_stop_price),
        targets=tuple(step(target) for target in plan.targets),
        allocations=tuple((price + by, share) for price, share in plan.allocations),
        stop_at_break_even=False,
    )
