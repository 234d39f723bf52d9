"""Ten thousand steps that hypothesis chooses: after each the checker finds nothing wrong."""

import pytest

from tests.sim.machine import run_machine, taken

STEPS = 10_000
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_no_sequence_of_steps_breaks_an_invariant(part: int) -> None:
    steps = run_machine(STEPS // PARTS, first=part)
    assert steps >= STEPS // PARTS
    assert len(taken) >= 22
