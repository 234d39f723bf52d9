"""Each of the first forty writes fails in turn, on a full disk and a broken one: nothing lost, doubled or invented."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trading import disk_moments
from tests.trading.disk_faults import (
    BreakIt,
    locked_by_another,
    no_more_pages,
    no_more_writing,
    play,
    slow,
)
from tests.trading.disk_moments import Moment, Played
from tradestream_gui.domain.accounts import TradingState

FIRST_WRITES = 40
FAULTS: dict[str, BreakIt] = {
    "full": no_more_pages, "read only": no_more_writing, "locked": locked_by_another, "slow": slow,
}  # fmt: skip
"""An I/O error is played in a process of its own; what must hold is the same."""
CHECKOUT = Path(__file__).parents[2]


@pytest.mark.parametrize("number", range(1, FIRST_WRITES + 1))
async def test_a_disk_that_is_full_from_a_write_on_stops_entries_and_loses_nothing(tmp_path: Path, number: int) -> None:
    disk = await play(tmp_path, number, no_more_pages)
    assert disk.writes >= number
    assert disk.refused, "the disk was never full"


async def test_an_error_of_the_disk_at_each_write_stops_entries_and_loses_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.trading.disk_faults", str(tmp_path), "1", str(FIRST_WRITES)]
    ended = await asyncio.to_thread(subprocess.run, command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
    played = [[int(figure) for figure in line.split()] for line in ended.stdout.splitlines()]
    assert [number for number, _, _ in played] == list(range(1, FIRST_WRITES + 1))
    assert all(refused for _, _, refused in played), "a write that was to fail did not"


def assert_what_must_hold(fault: str, moment: Moment, played: Played) -> None:
    """Nothing leaves without a stored intent; what has left is known to the next life, which `play` asks."""
    assert played.all_stored_before
    if fault == "slow":
        assert (played.entries, played.refused, played.state) == (1, 0, TradingState.ACTIVE)
        return
    assert played.entries == (1 if moment is Moment.AFTER else 0)
    assert played.refused, "the disk failed"
    assert played.state is TradingState.HALTED


@pytest.mark.parametrize("moment", Moment, ids=lambda moment: moment.value)
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_at_each_moment_of_an_order_sends_nothing_unstored_and_forgets_nothing_sent(
    tmp_path: Path, fault: str, moment: Moment
) -> None:
    assert_what_must_hold(fault, moment, await disk_moments.play(tmp_path, FAULTS[fault], moment))


async def test_an_error_of_the_disk_at_each_moment_of_an_order_does_neither(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.trading.disk_moments", str(tmp_path)]
    ended = await asyncio.to_thread(subprocess.run, command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
    lines = [line.split() for line in ended.stdout.splitlines()]
    assert [name for name, *_ in lines] == [moment.name for moment in Moment]
    for name, entries, stored, state, refused in lines:
        played = Played(int(entries), stored == "1", TradingState[state], int(refused))
        assert_what_must_hold("I/O error", Moment[name], played)
