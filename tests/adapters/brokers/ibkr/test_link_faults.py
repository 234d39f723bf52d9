"""Random faults of the link: no order lost, none doubled, each loss told in time, each taken up again."""

import pytest

from tests.contract.broker_faults import break_the_wire
from tests.contract.wire_faults import KINDS

FAULTS = 50
"""A quarter of what `python -m tests.contract.faults` plays."""


@pytest.mark.parametrize("seed", [1, 2])
async def test_random_faults_lose_and_double_nothing(seed: int) -> None:
    assert await break_the_wire("ibkr", seed, FAULTS) >= FAULTS // len(KINDS), "the faults were felt"
