"""A trailed stop follows the best price in its steps, on the tick, and never loosens; targets take fills in order."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.domain.test_orders import MES
from tradestream_gui.domain.exits import (
    ExitPlan,
    PlanState,
    TargetStep,
    TrailRule,
    resized,
    trailed_stop,
    with_target_fill,
)
from tradestream_gui.domain.ids import AccountId, LotId
from tradestream_gui.domain.orders import Side

D = Decimal
ENTRY = D(6326)
TRAIL = TrailRule(distance=D(4), activate_after=D(6), step=D(2))
LONG = ExitPlan(
    LotId("L"), AccountId("A"), MES.instrument_id, Side.BUY, PlanState.ACTIVE, D(6316), D(6316), trail=TRAIL
)
SHORT = replace(LONG, side=Side.SELL, stop_price=D(6336), initial_stop_price=D(6336))
HALVES = ((D(6333), D("0.5")), (D(6338), D("0.5")))


def after(plan: ExitPlan, *prices: str) -> ExitPlan:
    for price in prices:
        plan = trailed_stop(plan, ENTRY, D(price), MES)
    return plan


def test_a_plan_without_a_trail_keeps_its_stop() -> None:
    assert after(replace(LONG, trail=None), "6400") == replace(LONG, trail=None)


@pytest.mark.parametrize(
    ("prices", "stop", "best"),
    [
        (("6331.75",), "6316", "6331.75"),
        (("6332",), "6328", "6332"),
        (("6332", "6330"), "6328", "6332"),
        (("6332", "6333.75"), "6328", "6333.75"),
        (("6332", "6334"), "6330", "6334"),
        (("6332", "6334", "6300"), "6330", "6334"),
        (("6332.13",), "6328", "6332.13"),
    ],
    ids=["too early", "just enough", "falls back", "less than a step", "a step", "never loosens", "between ticks"],
)
def test_the_stop_of_a_long_trails_the_best_price_in_steps(prices: tuple[str, ...], stop: str, best: str) -> None:
    plan = after(LONG, *prices)
    assert (plan.stop_price, plan.best_price) == (D(stop), D(best))


@pytest.mark.parametrize(
    ("prices", "stop", "best"),
    [
        (("6320.25",), "6336", "6320.25"),
        (("6320",), "6324", "6320"),
        (("6320", "6318.25"), "6324", "6318.25"),
        (("6320", "6318", "6350"), "6322", "6318"),
        (("6319.87",), "6324", "6319.87"),
    ],
)
def test_the_stop_of_a_short_is_its_mirror_image(prices: tuple[str, ...], stop: str, best: str) -> None:
    plan = after(SHORT, *prices)
    assert (plan.stop_price, plan.best_price) == (D(stop), D(best))


def test_a_plan_without_a_stop_gets_one_where_the_trail_begins() -> None:
    plan = after(replace(LONG, stop_price=None), "6331", "6333")
    assert plan.stop_price == D(6329)


def test_a_step_finer_than_the_tick_moves_by_ticks() -> None:
    fine = replace(LONG, trail=replace(TRAIL, step=D("0.01")))
    assert after(fine, "6332", "6332.20").stop_price == D(6328)
    assert after(fine, "6332", "6332.25").stop_price == D("6328.25")


def test_targets_grow_with_the_entry_and_keep_what_has_filled() -> None:
    plan = resized(replace(LONG, allocations=HALVES), 1)
    assert plan.targets == (TargetStep(D(6333), 1),)
    plan = resized(with_target_fill(plan, D(6333), 1), 4)
    assert plan.targets == (TargetStep(D(6333), 2, 1), TargetStep(D(6338), 2))
    assert resized(replace(plan, allocations=()), 9).targets == plan.targets


def test_one_contract_that_is_to_be_held_leaves_at_the_last_target() -> None:
    plan = resized(replace(LONG, allocations=HALVES, hold_one_contract=True), 1)
    assert plan.targets == (TargetStep(D(6338), 1),)


@pytest.mark.parametrize(
    ("price", "qty", "filled"),
    [("6333", 1, [1, 0]), ("6338", 2, [0, 2]), ("6338", 3, [1, 2]), (None, 2, [2, 0]), ("6340", 3, [2, 1])],
    ids=["its own", "the second", "one too many of the second", "without a price", "at a price of none"],
)
def test_a_target_fill_is_taken_by_the_step_at_its_price_first(
    price: str | None, qty: int, filled: list[int]
) -> None:
    plan = resized(replace(LONG, allocations=HALVES), 4)
    done = with_target_fill(plan, None if price is None else D(price), qty)
    assert [step.filled_qty for step in done.targets] == filled
