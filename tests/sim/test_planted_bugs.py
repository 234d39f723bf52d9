"""Each planted bug is seen by the simulation: the checker that never fails would prove nothing."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.sim.day import Day, live_through
from tests.sim.plans import GONE_BY, DayPlan, plan_of
from tests.sim.planted import BUGS, NAMED, Bug, a_lost_day_forgotten_at_the_start, nobody_looks_at_the_loss
from tests.sim.venue import PERSONALITIES

SHORT_S, MESSAGES, INCIDENTS = 600.0, 300, 40
"""A short day, denser than those of `test_days`: each bug needs its own coincidence."""
TRIES = 24
SEEN_FIRST = {
    "replace_overtakes_the_link": 24, "expiry_not_looked_at": 6, "edits_taken_for_new_messages": 12,
    "fills_dropped_while_disconnected": 1, "no_answer_taken_for_empty": 2, "a_part_taken_for_the_whole": 2,
    "targets_rest_beside_an_unlinked_stop": 1, "lost_stop_not_replaced": 1, "errors_kept_as_they_come": 1,
}  # fmt: skip
"""Where to begin with a bug that needs a rare coincidence: days without it cost time and prove nothing."""


LINKED = PERSONALITIES[0]
LOSS: dict[Bug, Decimal] = {bug: Decimal(400) for bug in (nobody_looks_at_the_loss, a_lost_day_forgotten_at_the_start)}
BEFORE_EXPIRY_S, TO_THE_END_S = 780.0, 900.0
"""What expires today is still bought for three minutes, and must be gone before the end."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


async def problems_of(plan: DayPlan, bug: Bug, monkeypatch: pytest.MonkeyPatch, rule: str = "") -> list[str]:
    """What a day with the bug shows, until it has shown that; a core that stumbles over it shows it too."""
    days: list[Day] = []

    def prepare(day: Day) -> None:
        days.append(day)
        day.has_shown_enough = lambda: any(rule in words for checker in day.checkers for words in checker.problems)

    with monkeypatch.context() as patch:
        bug(patch)
        try:
            return (await live_through(plan, prepare)).problems
        except (AssertionError, RecursionError, KeyError) as error:
            if days[0].program is not None:
                await days[0].program.die()
            return [*days[0].problems, f"the day ended with {error!r}"]


def short_day(seed: int) -> DayPlan:
    plan = plan_of(seed, length_s=SHORT_S, messages=MESSAGES)
    return replace(plan, incidents=INCIDENTS, permanent=False, loss_limit=None, beside=None)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
async def test_the_simulation_sees(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    first = SEEN_FIRST.get(bug.__name__, 0)
    for seed in range(first, first + TRIES):
        if await problems_of(short_day(seed), bug, monkeypatch):
            return
    pytest.fail(f"{TRIES} short days did not show {bug.__name__}")


@pytest.mark.parametrize("bug", NAMED, ids=lambda bug: bug.__name__)
async def test_the_simulation_names_the_rule_that(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each day has a live account beside the simulator, a limit that is soon lost, and an expiry in its midst."""
    first = SEEN_FIRST.get(bug.__name__, 0)
    for seed in range(first, first + TRIES):
        plan = replace(
            short_day(seed), opening=GONE_BY - timedelta(seconds=BEFORE_EXPIRY_S), length_s=TO_THE_END_S,
            beside=LINKED, loss_limit=LOSS.get(bug),
        )  # fmt: skip
        if any(NAMED[bug] in words for words in await problems_of(plan, bug, monkeypatch, NAMED[bug])):
            return
    pytest.fail(f"{TRIES} short days did not show {bug.__name__}")
