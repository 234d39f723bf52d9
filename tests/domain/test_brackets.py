"""What an exit plan makes of one entry: stop, targets, trail, on the ticks and on their side of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.domain.test_orders import MES
from tests.domain.test_risk_rails import TICKET
from tradestream_gui.domain.brackets import Bracket
from tradestream_gui.domain.exits import TrailRule
from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.policies import DistanceUnit, ExitTemplate, OneContract, TemplateTarget, TemplateTrail

D = Decimal
AT = datetime(2026, 11, 19, 15, tzinfo=UTC)
POINTS, R = DistanceUnit.POINTS, DistanceUnit.R
PLAN = ExitTemplate(
    name="plain", asset_class=AssetClass.FUTURE, stop_distance=D(10), stop_unit=POINTS,
    targets=(TemplateTarget(D(7), POINTS, D("0.5")), TemplateTarget(D(2), R, D("0.5"))), break_even_after=1,
    break_even_offset=D("0.5"), trail=TemplateTrail(D(1), D(2), D("0.5"), R), close_after=timedelta(minutes=30),
    one_contract=OneContract.HOLD, roots=frozenset(), elsewhere=None,
)  # fmt: skip
LONG = Bracket(PLAN, MES, Side.BUY, D(6326))
SHORT = replace(LONG, side=Side.SELL)


def test_the_stop_stands_on_the_side_of_the_loss_and_never_nearer_than_asked() -> None:
    assert (LONG.stop_at(D("10.10")), SHORT.stop_at(D("10.10"))) == (D("6315.75"), D("6336.25"))


def test_targets_that_count_in_r_need_a_stop() -> None:
    assert LONG.targets(D(6316)) == ((D(6333), D("0.5")), (D(6346), D("0.5")))
    assert SHORT.targets(D(6336)) == ((D(6319), D("0.5")), (D(6306), D("0.5")))
    assert LONG.targets(None) == ((D(6333), D("0.5")),)


def test_no_target_lies_at_nothing_or_below() -> None:
    far = replace(SHORT, plan=replace(PLAN, targets=(TemplateTarget(D(7000), POINTS, D(1)),)))
    assert far.targets(D(6336)) == ()


@pytest.mark.parametrize(
    ("trail", "stop", "rule"),
    [
        (PLAN.trail, D(6316), TrailRule(D(10), D(20), D(5))),
        (PLAN.trail, None, None),
        (None, D(6316), None),
        (TemplateTrail(D(4), D(6), D("0.25"), POINTS), None, TrailRule(D(4), D(6), D("0.25"))),
    ],
)
def test_a_trail_in_its_unit(trail: TemplateTrail | None, stop: Decimal | None, rule: TrailRule | None) -> None:
    assert replace(LONG, plan=replace(PLAN, trail=trail)).trail(stop) == rule


def test_a_ticket_takes_all_that_the_plan_says_about_leaving_and_keeps_its_stop() -> None:
    made = LONG.on(replace(TICKET, protective_stop=D(6316)), AT)
    assert (made.protective_stop, made.allocations, made.break_even_after) == (D(6316), LONG.targets(D(6316)), 1)
    assert (made.close_at, made.hold_one_contract) == (AT + timedelta(minutes=30), True)
    bare = replace(LONG, plan=replace(PLAN, targets=(), close_after=None, one_contract=OneContract.CLOSE))
    left = bare.on(TICKET, AT)
    assert (left.allocations, left.break_even_after, left.close_at, left.hold_one_contract) == ((), None, None, False)
