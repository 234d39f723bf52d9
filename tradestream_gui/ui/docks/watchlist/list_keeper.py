"""Keeps the named watchlists in the settings: chosen, made, renamed, deleted, and brought back."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QWidget

from tradestream_gui.ui.docks.watchlist.lists import Watchlists
from tradestream_gui.ui.docks.watchlist.lists_bar import ListsBar
from tradestream_gui.ui.widgets.name_dialog import ask_name

if TYPE_CHECKING:
    from tradestream_gui.core import Core


class ListKeeper(QObject):
    """The only writer of the lists."""

    changed = pyqtSignal()
    """Another list is in sight, or its symbols are others."""
    said = pyqtSignal(str)
    undoable = pyqtSignal(str, object)  # words and what takes it back

    def __init__(self, bar: ListsBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._bar = bar
        self._core: Core | None = None
        self.lists = Watchlists("", ())
        bar.chosen.connect(self._on_chosen)
        bar.new_wanted.connect(partial(self._ask, self._new))
        bar.rename_wanted.connect(partial(self._ask, self._rename))
        bar.delete_wanted.connect(self.delete)

    def attach(self, core: Core) -> None:
        self._core = core
        self._show(Watchlists.of(core.settings.current.market))

    def keep(self, symbols: Iterable[str]) -> None:
        """Writes down what the list in sight holds now."""
        self.lists = replace(self.lists, symbols=tuple(symbols))
        core = self._core
        if core is not None:
            proposal = core.settings.propose(self.lists.settings())
            core.tasks.spawn(core.settings.apply(proposal), "keep the watchlists")

    def offer_back(self, symbol: str, at: int) -> None:
        """A symbol was taken off the list in sight, where it stood at this place."""
        name = self.lists.name
        self.undoable.emit(f"{symbol} taken off “{name}”", partial(self._put_back, name, symbol, at))

    def delete(self) -> None:
        """The list in sight, which can be brought back; the last one stays."""
        gone = self.lists
        if gone.others:
            self._take(gone.delete())
            undo = partial(self._bring_back, gone.name, gone.symbols)
            self.undoable.emit(f"Watchlist “{gone.name}” deleted", undo)

    # inside

    def _show(self, lists: Watchlists) -> None:
        self.lists = lists
        self._bar.show_lists(lists.names(), lists.name)
        self.changed.emit()

    def _take(self, lists: Watchlists) -> None:
        self._show(lists)
        self.keep(lists.symbols)

    def _on_chosen(self, name: str) -> None:
        self._take(self.lists.choose(name))

    def _ask(self, question: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if self._core is not None:
            self._core.tasks.spawn(question(), "ask for a watchlist's name")

    async def _new(self) -> None:
        if self.lists.full():
            self.said.emit(self.lists.full())
            return
        name = await ask_name(self._parent, title="New watchlist", confirm="Make list", refusal=self._refusal)
        if name is not None:
            self._take(self.lists.add(name))

    async def _rename(self) -> None:
        before = self.lists.name
        title = f"Rename “{before}”"
        name = await ask_name(self._parent, title=title, confirm="Rename", refusal=self._refusal, name=before)
        if name is not None:
            self._take(self.lists.rename(name))

    def _refusal(self, name: str) -> str:
        return self.lists.refusal(name)

    def _bring_back(self, name: str, symbols: tuple[str, ...]) -> str:
        refused = self.lists.refusal(name) or self.lists.full()
        if refused:
            return f"Watchlist “{name}” stays deleted: {refused}"
        self._take(self.lists.add(name, symbols))
        return f"Watchlist “{name}” is back."

    def _put_back(self, name: str, symbol: str, at: int) -> str:
        if name not in self.lists.names():
            return f"{symbol} stays off: “{name}” is gone."
        self._take(self.lists.put_back(name, symbol, at))
        return f"{symbol} is on “{name}” again."
