"""The watchlist's way out of a file and into one: asked of the user, without holding anything up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QWidget

from tradestream_gui.ui.docks.watchlist.file import ask_symbols, save_symbols

if TYPE_CHECKING:
    from tradestream_gui.core import Core


class ListFiles(QObject):
    """`take` follows the names of a file and answers what came of it; `symbols` are those of the list in sight."""

    said = pyqtSignal(str)

    def __init__(
        self, parent: QWidget, take: Callable[[Sequence[str]], str], symbols: Callable[[], Iterable[str]]
    ) -> None:
        super().__init__(parent)
        self._over = parent
        self._take, self._symbols = take, symbols
        self._core: Core | None = None

    def attach(self, core: Core) -> None:
        self._core = core

    def ask_import(self) -> None:
        if self._core is not None:
            self._core.tasks.spawn(self._import(), "import symbols")

    def ask_export(self) -> None:
        if self._core is not None:
            self._core.tasks.spawn(self._export(), "save symbols")

    async def _import(self) -> None:
        names, wrong = await ask_symbols(self._over)
        if names or wrong:
            self.said.emit(wrong or self._take(names))

    async def _export(self) -> None:
        if words := await save_symbols(self._over, list(self._symbols()), Path.home()):
            self.said.emit(words)
