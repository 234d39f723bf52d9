"""The last result of each outage drill, and the one that waits for the program's return, as a small JSON file."""

import json
import logging
from collections.abc import Callable
from pathlib import Path

from tradestream_gui.adapters.runtime.clock import WorkCounter
from tradestream_gui.adapters.storage.codec import DocumentCodec
from tradestream_gui.domain.drills import KeptDrills
from tradestream_gui.domain.errors import StoreFailed

FILE_NAME = "drills.json"
MAX_BYTES = 1_000_000
_CODEC = DocumentCodec(KeptDrills, ())
_log = logging.getLogger(__name__)


class DrillFile:
    """Replaced whole; one that cannot be read counts as none, because a drill can be practised again."""

    def __init__(self, path: Path, write: Callable[[Path, bytes], None], work: WorkCounter) -> None:
        self._path = path
        self._write = write
        self._work = work

    def load(self) -> KeptDrills:
        try:
            if self._path.stat().st_size > MAX_BYTES:
                raise ValueError("it is too large")
            return _CODEC.decode((self._path.read_text("utf-8"),))
        except FileNotFoundError:
            return KeptDrills()
        except (OSError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError) as error:
            _log.warning("the results of earlier drills cannot be read: %s", error)
            return KeptDrills()

    async def save(self, kept: KeptDrills) -> None:
        await self._work.in_thread(self._save, kept)

    def _save(self, kept: KeptDrills) -> None:
        (document,) = _CODEC.encode(kept)
        try:
            self._write(self._path, json.dumps(json.loads(str(document)), indent=1).encode())
        except OSError as error:
            raise StoreFailed(f"{self._path.name}: {error.strerror or error}") from error
