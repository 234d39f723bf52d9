"""Each planted bug is seen by the simulation: the checker that never fails would prove nothing."""

import logging
from dataclasses import replace

import pytest

from tests.sim.day import live_through, plan_of
from tests.sim.planted import BUGS, Bug

SHORT_S, MESSAGES, INCIDENTS = 600.0, 300, 40
"""A short day, denser than those of `test_days`: each bug needs its own coincidence."""
TRIES = 24
SEEN_FIRST = {"replace_overtakes_the_link": 15}
"""Where to begin with a bug that needs a rare coincidence: days without it cost time and prove nothing."""


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
async def test_the_simulation_sees(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    logging.disable(logging.CRITICAL)
    try:
        first = SEEN_FIRST.get(bug.__name__, 0)
        for seed in range(first, first + TRIES):
            with monkeypatch.context() as patch:
                bug(patch)
                try:
                    plan = plan_of(seed, length_s=SHORT_S, messages=MESSAGES)
                    plan = replace(plan, incidents=INCIDENTS, permanent=False)
                    result = await live_through(plan)
                except (AssertionError, RecursionError):
                    return
            if result.problems:
                return
    finally:
        logging.disable(logging.NOTSET)
    pytest.fail(f"{TRIES} short days did not show {bug.__name__}")
