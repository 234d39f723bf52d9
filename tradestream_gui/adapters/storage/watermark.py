"""The watermark file: outside of the database, so that no restored backup can trade an old message again."""

import asyncio
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from tradestream_gui.domain.errors import StoreFailed


class Work(Protocol):
    def begin(self) -> None: ...

    def end(self) -> None: ...


class FileWatermark:
    """One number per channel in a small file that is replaced as a whole and synced before anything is sent."""

    def __init__(self, path: Path, work: Work) -> None:
        self._path = path
        self._work = work
        self._marks: dict[str, int] = {}
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="watermark")

    def load(self) -> None:
        """Reads the file; raises StoreFailed when it is there and cannot be read, because then nothing may open."""
        if not self._path.exists():
            return
        try:
            stored = json.loads(self._path.read_text(encoding="utf-8"))
            self._marks = {str(key): int(value) for key, value in stored.items()}
        except (OSError, ValueError, AttributeError) as error:
            raise StoreFailed(f"{self._path.name} cannot be read, so no alert may open: {error}") from error

    def allows(self, source: str, channel_id: str, order_no: int) -> bool:
        return order_no > self._marks.get(_key(source, channel_id), -1)

    async def advance(self, source: str, channel_id: str, order_no: int) -> None:
        key = _key(source, channel_id)
        if order_no <= self._marks.get(key, -1):
            return
        self._marks[key] = order_no
        text = json.dumps(self._marks, sort_keys=True)
        self._work.begin()
        try:
            await asyncio.get_running_loop().run_in_executor(self._executor, _replace, self._path, text)
        except OSError as error:
            raise StoreFailed(f"the watermark could not be written: {error}") from error
        finally:
            self._work.end()

    def close(self) -> None:
        self._executor.shutdown(wait=True)


def _key(source: str, channel_id: str) -> str:
    return f"{source}:{channel_id}"


def _replace(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
