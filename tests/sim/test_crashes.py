"""A real process killed at 24 moments and started again: nothing lost, doubled or unprotected for long."""

from collections.abc import Iterator

import pytest

from tests.sim.crash import CrashRig
from tests.sim.kill_points import POINTS

ROUNDS = 10
GROUPS = 6
ONCE_WRONG = (
    ("K04 marked as sent", 11),
    ("K02 rows inserted, not committed", 30),
    ("K12 stop sent, no answer", 47),
    ("K13 between two targets", 65),
    ("K11 stop marked as sent", 80),
)
"""Deaths that showed a mistake once: a stop sized by the first fill of a list, a stop that was sent and never came,
a target sent beside the change of its stop."""


@pytest.fixture(scope="module")
def rig() -> Iterator[CrashRig]:
    """One host of all lives: to load the program costs more than to live."""
    with CrashRig() as opened:
        yield opened


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_death_at_any_of_the_24_moments_is_survived(rig: CrashRig, group: int) -> None:
    points = tuple(POINTS)[group::GROUPS]
    trials = rig.trials(range(ROUNDS), points)
    assert [problem for trial in trials for problem in trial.problems] == []
    assert sum(trial.was_killed for trial in trials) == ROUNDS * len(points)


def test_deaths_that_were_not_survived_once_are_now(rig: CrashRig) -> None:
    trials = [rig.trial(point, seed) for point, seed in ONCE_WRONG]
    assert [problem for trial in trials for problem in trial.problems] == []
    assert all(trial.was_killed for trial in trials)
