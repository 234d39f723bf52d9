"""The watermark file: outside of the database, so that no restored backup can trade an old message again."""

import asyncio
import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.clock import Work
from tradestream_gui.domain.errors import StoreFailed

LINES_MOST = 20_000
"""The file is written anew at each start, and once it has so many lines."""


class FileWatermark:
    """One number per channel, raised by a line at the end of a small file, which is synced before anything is sent.

    One write and one sync: the order waits for them. A line that a crash tore was never vouched for, and is left out.
    """

    def __init__(self, path: Path, work: Work) -> None:
        self._path = path
        self._work = work
        self._marks: dict[str, int] = {}
        """As far as anything was asked for; `_durable` as far as the disk has taken it."""
        self._durable: dict[str, int] = {}
        self._lines = 0
        self._file: int | None = None
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="watermark")

    def load(self) -> None:
        """Reads the file; raises StoreFailed when it is there and cannot be read, because then nothing may open."""
        try:
            self._durable = _read(self._path)
            self._marks = dict(self._durable)
        except (OSError, ValueError, AttributeError) as error:
            raise StoreFailed(f"{self._path.name} cannot be read, so no alert may open: {error}") from error

    def allows(self, source: str, channel_id: str, order_no: int) -> bool:
        return order_no > self._marks.get(_key(source, channel_id), -1)

    def advance(self, source: str, channel_id: str, order_no: int) -> asyncio.Future[None]:
        """On its way at once; raises StoreFailed when it is awaited and could not be kept."""
        key, loop = _key(source, channel_id), asyncio.get_running_loop()
        if order_no <= self._durable.get(key, -1):
            known: asyncio.Future[None] = loop.create_future()
            known.set_result(None)
            return known
        self._marks[key] = max(order_no, self._marks.get(key, -1))
        self._work.begin()
        writing = loop.run_in_executor(self._executor, self._keep, {key: order_no}, dict(self._marks))
        writing.add_done_callback(partial(self._kept, key, order_no))
        return writing

    def _kept(self, key: str, order_no: int, writing: asyncio.Future[None]) -> None:
        self._work.end()
        if not writing.cancelled() and writing.exception() is None:
            self._durable[key] = max(order_no, self._durable.get(key, -1))

    def _keep(self, raised: dict[str, int], marks: dict[str, int]) -> None:
        try:
            self._write(raised, marks)
        except OSError as error:
            raise StoreFailed(f"the watermark could not be written: {error}") from error

    def close(self) -> None:
        self._executor.submit(self._shut)
        self._executor.shutdown(wait=True)

    def _write(self, raised: dict[str, int], marks: dict[str, int]) -> None:
        """On the file's own thread. After a failure, which may leave half a line, the file is written anew."""
        if self._file is None or self._lines >= LINES_MOST:
            self._shut()
            write_atomically(self._path, _line(marks))
            self._file, self._lines = os.open(self._path, os.O_WRONLY | os.O_APPEND), 1
            return
        try:
            _append(self._file, _line(raised))
        except OSError:
            self._shut()
            raise
        self._lines += 1

    def _shut(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _key(source: str, channel_id: str) -> str:
    return f"{source}:{channel_id}"


def _line(marks: dict[str, int]) -> bytes:
    return json.dumps(marks, sort_keys=True).encode() + b"\n"


def _append(file: int, line: bytes) -> None:
    if os.write(file, line) < len(line):
        raise OSError(errno.ENOSPC, "only a part of the line was taken")
    os.fsync(file)


def _read(path: Path) -> dict[str, int]:
    """The highest number of each channel. Raises ValueError for a line that is none, unless it is torn."""
    marks: dict[str, int] = {}
    try:
        whole, _, last = path.read_bytes().rpartition(b"\n")
    except FileNotFoundError:
        return marks
    lines = whole.splitlines()
    for line in [*lines, *([last] if _is_whole(last) or not lines else [])]:
        for key, value in json.loads(line or b"{}").items():
            marks[str(key)] = max(int(value), marks.get(str(key), -1))
    return marks


def _is_whole(line: bytes) -> bool:
    """A file of an older version is one line without an end."""
    return line.endswith(b"}")
