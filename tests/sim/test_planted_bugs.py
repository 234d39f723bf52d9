"""Each planted bug is seen by the simulation: the checker that never fails would prove nothing."""

import logging
from dataclasses import replace

import pytest

from tests.sim.day import live_through, plan_of
from tests.sim.planted import BUGS, Bug

SHORT_S = 600.0
MESSAGES = 120
TRIES = 12


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
async def test_the_simulation_sees(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    logging.disable(logging.CRITICAL)
    try:
        for seed in range(TRIES):
            with monkeypatch.context() as patch:
                bug(patch)
                try:
                    plan = replace(plan_of(seed, length_s=SHORT_S, messages=MESSAGES), incidents=12, permanent=False)
                    result = await live_through(plan)
                except (AssertionError, RecursionError):
                    return
            if result.problems:
                return
    finally:
        logging.disable(logging.NOTSET)
    pytest.fail(f"{TRIES} short days did not show {bug.__name__}")
