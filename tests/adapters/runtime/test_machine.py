"""The computer's figures are those of this computer, and the collector's pauses are timed until the end."""

import gc
import os
import shutil
from pathlib import Path

from tradestream_gui.adapters.runtime.machine import MachineReader


def test_the_disk_is_the_one_that_the_data_lies_on(tmp_path: Path) -> None:
    reader = MachineReader(tmp_path)
    use = reader.read()
    disk = shutil.disk_usage(tmp_path)
    reader.close()
    assert abs(use.disk_free_bytes - disk.free) < 200_000_000
    assert 0 < use.disk < 1


def test_memory_grows_by_what_is_allocated(tmp_path: Path) -> None:
    reader = MachineReader(tmp_path)
    before = reader.read().own_memory_bytes
    kept = bytearray(os.urandom(60_000_000))
    after = reader.read().own_memory_bytes
    reader.close()
    assert before is not None
    assert after is not None
    assert after - before > 40_000_000, f"{len(kept)} bytes were taken"


def test_work_shows_in_the_programs_own_processor(tmp_path: Path) -> None:
    reader = MachineReader(tmp_path)
    sum(number * number for number in range(400_000))
    use = reader.read()
    reader.close()
    assert use.own_processor
    assert use.memory is None or 0 < use.memory < 1


def test_collections_are_timed_until_it_is_closed(tmp_path: Path) -> None:
    reader = MachineReader(tmp_path)
    gc.collect()
    seen = reader.read().longest_pause_s
    reader.close()
    assert seen > 0
    hooks = len(gc.callbacks)
    reader.close()
    assert len(gc.callbacks) == hooks
