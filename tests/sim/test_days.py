"""Dense simulated days on the real core: nothing lost, nothing doubled, nothing unprotected, whatever goes wrong."""

import logging
from collections.abc import Iterator

import pytest

from tests.sim.coverage import Totals
from tests.sim.day import live_through
from tests.sim.plans import plan_of

DAYS_HERE = 100
"""Days of the suite; many more run by `python -m tests.sim --nightly`."""
ONCE_WRONG: tuple[int, ...] = ()
"""Seeds that showed a mistake once."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("first", range(0, DAYS_HERE, 2))
async def test_dense_days_hold_every_invariant(first: int) -> None:
    totals = Totals()
    for seed in range(first, first + 2):
        totals.add_day(await live_through(plan_of(seed)))
    assert totals.problems == []
    assert totals.figures["entries at the broker"] > 100
    assert totals.figures["timers"] < 2 * 60_000
    assert sum(totals.fired.values()) > 60


async def test_the_same_seed_gives_the_same_day() -> None:
    plan = plan_of(3, length_s=300, messages=60)
    one, two = await live_through(plan), await live_through(plan)
    assert (one.fired, one.figures, one.problems) == (two.fired, two.figures, two.problems)
