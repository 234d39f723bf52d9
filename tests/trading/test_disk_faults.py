"""Each of the first forty writes fails in turn, on a full disk and a broken one: nothing lost, doubled or invented."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trading.disk_faults import no_more_pages, play

FIRST_WRITES = 40
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
