"""What this process and this computer use at the moment: processor, memory, disk, and pauses of the collector."""

import gc
import os
import shutil
import sys
import time
from pathlib import Path

from tradestream_gui.ports.machine import MachineUse

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
STATM = Path("/proc/self/statm")
MEMINFO = Path("/proc/meminfo")
STAT = Path("/proc/stat")


class MachineReader:
    """Reads use, and times each pause of the garbage collector until `close`. What a system does not tell is None."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own_before = (time.monotonic(), time.process_time())
        self._all_before = _processor_ticks()
        self._longest_pause_s = 0.0
        self._pause_began = 0.0
        gc.callbacks.append(self._on_collection)

    def close(self) -> None:
        if self._on_collection in gc.callbacks:
            gc.callbacks.remove(self._on_collection)

    def read(self) -> MachineUse:
        """The present use; processor shares are means since the call before."""
        disk = shutil.disk_usage(self._folder)
        return MachineUse(
            own_processor=self._own_processor(),
            processor=self._processor(),
            memory=_memory_share(),
            own_memory_bytes=_own_memory(),
            disk=1 - disk.free / disk.total,
            disk_free_bytes=disk.free,
            longest_pause_s=self._longest_pause_s,
        )

    def _own_processor(self) -> float | None:
        before_s, before_used_s = self._own_before
        now_s, used_s = self._own_before = (time.monotonic(), time.process_time())
        return (used_s - before_used_s) / (now_s - before_s) if now_s > before_s else None

    def _processor(self) -> float | None:
        before, now = self._all_before, _processor_ticks()
        self._all_before = now
        if before is None or now is None or now[1] <= before[1]:
            return None
        return 1 - (now[0] - before[0]) / (now[1] - before[1])

    def _on_collection(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._pause_began = time.perf_counter()
        else:
            self._longest_pause_s = max(self._longest_pause_s, time.perf_counter() - self._pause_began)


def _processor_ticks() -> tuple[int, int] | None:
    """Idle and all ticks of the computer since it started (proc(5)); None elsewhere than on Linux."""
    if not STAT.exists():
        return None
    ticks = [int(field) for field in STAT.read_text("ascii").split("\n", 1)[0].split()[1:9]]
    return ticks[3] + ticks[4], sum(ticks)


def _memory_share() -> float | None:
    if not MEMINFO.exists():
        return None
    lines = (line.split() for line in MEMINFO.read_text("ascii").splitlines())
    kilobytes = {words[0].rstrip(":"): int(words[1]) for words in lines if len(words) > 1}
    return 1 - kilobytes["MemAvailable"] / kilobytes["MemTotal"]


def _own_memory() -> int | None:
    """Resident bytes: the present ones on Linux, the highest so far on macOS, unknown on Windows."""
    if STATM.exists():
        return int(STATM.read_text("ascii").split()[1]) * PAGE_BYTES
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return None
