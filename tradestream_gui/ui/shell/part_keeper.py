"""Keeps what the parts of the window were set to from one run to the next: a part says itself what that is."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from PyQt6.QtCore import QObject

from tradestream_gui.ui.shell.layout_store import LayoutStore


@runtime_checkable
class Kept(Protocol):
    """A tab or dock with something to keep, under a name of its own; what it answers is written down as JSON."""

    kept_as: str

    def keep_state(self) -> Mapping[str, object]: ...

    def restore_state(self, stored: Mapping[str, object]) -> None: ...


class PartKeeper(QObject):
    """A part that was never made in this run keeps what the last run left of it; `fresh` begins without that."""

    def __init__(self, layouts: LayoutStore, parent: QObject | None = None, *, fresh: bool = False) -> None:
        super().__init__(parent)
        self._layouts = layouts
        self._kept = {} if fresh else layouts.parts()
        self._parts: dict[str, Kept] = {}

    def take(self, part: object) -> None:
        """Sets a tab or dock as it was left."""
        if isinstance(part, Kept):
            self._parts[part.kept_as] = part
            stored = self._kept.get(part.kept_as)
            if stored is not None:
                part.restore_state(stored)

    def save(self) -> None:
        for key, part in self._parts.items():
            self._kept[key] = dict(part.keep_state())
        self._layouts.save_parts(self._kept)
