"""Random faults of the wire: no post lost, none doubled, each loss told in time, each line taken up again."""

import pytest

from tests.contract.discord_faults import break_the_line
from tests.contract.wire_faults import KINDS

FAULTS = 25
"""An eighth of what `python -m tests.contract.faults` plays."""


# discord.py drops a socket that dies while it is being opened without closing it, which aiohttp warns of.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("seed", [1, 2])
async def test_random_faults_lose_and_double_no_post(seed: int) -> None:
    assert await break_the_line(seed, FAULTS) >= FAULTS // len(KINDS), "the faults were felt"
