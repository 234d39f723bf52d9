"""The epochs of every database a profile has had, kept outside of them: their order ids are ours, all others are not.

Beside the watermark's file; it only ever grows. An order at a broker that bears a listed epoch is recovered, one
with an unlisted epoch was sent by another TradeStream.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

from tradestream_gui.domain.errors import StoreFailed

_OURS = re.compile(r"TS[PL]([A-Z2-7]{4})-[0-9]+")


class EpochFile:
    """Owns the file; `write` replaces it durably. Blocking: used while the databases are opened."""

    def __init__(self, path: Path, write: Callable[[Path, bytes], None]) -> None:
        self._path = path
        self._write = write
        self._epochs = self._read()

    @property
    def epochs(self) -> tuple[str, ...]:
        """Oldest first."""
        return self._epochs

    def add(self, *epochs: str) -> None:
        """Lists them, durable on return; raises StoreFailed."""
        new = tuple(epoch for epoch in dict.fromkeys(epochs) if epoch not in self._epochs)
        if not new:
            return
        try:
            self._write(self._path, json.dumps([*self._epochs, *new]).encode())
        except OSError as error:
            raise StoreFailed(f"{self._path.name} could not be written: {error}") from error
        self._epochs = (*self._epochs, *new)

    def _read(self) -> tuple[str, ...]:
        try:
            kept = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError) as error:
            raise StoreFailed(f"{self._path.name} cannot be read: {error}") from error
        if not isinstance(kept, list):
            raise StoreFailed(f"{self._path.name} holds no list of epochs")
        return tuple(str(epoch) for epoch in kept)


def epoch_of(cl_ord_id: str) -> str | None:
    """The four letters of an id that some TradeStream made; None for any other text."""
    found = _OURS.fullmatch(cl_ord_id)
    return found.group(1) if found else None
