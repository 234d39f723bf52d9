"""A real process killed at 24 moments and started again: nothing lost, doubled or unprotected for long."""

import pytest

from tests.sim.crash import run_trials
from tests.sim.kill_points import POINTS

ROUNDS = 10
GROUPS = 6


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_death_at_any_of_the_24_moments_is_survived(group: int) -> None:
    points = tuple(POINTS)[group::GROUPS]
    trials = run_trials(range(ROUNDS), points)
    assert [problem for trial in trials for problem in trial.problems] == []
    assert sum(trial.was_killed for trial in trials) == ROUNDS * len(points)
