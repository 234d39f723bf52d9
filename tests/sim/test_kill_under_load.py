"""KILL held in the middle of dense trading: flat within five seconds at every kind of broker, never turned round."""

import logging

import pytest

from tests.sim.kills import kill_run
from tests.sim.venue import PERSONALITIES

RUNS_EACH = 16
"""128 runs in all; the nightly makes 500."""


@pytest.mark.parametrize("number", range(len(PERSONALITIES)), ids=[one.name for one in PERSONALITIES])
async def test_kill_held_under_load_leaves_the_broker_flat(number: int) -> None:
    logging.disable(logging.ERROR)
    try:
        runs = [await kill_run(number + turn * len(PERSONALITIES)) for turn in range(RUNS_EACH)]
    finally:
        logging.disable(logging.NOTSET)
    assert [problem for run in runs for problem in run.problems] == []
    assert sum(run.open_before for run in runs) > 0
