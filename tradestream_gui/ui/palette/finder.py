"""Finds what the palette offers for a text, remembers what was chosen lately, and knows the way to each of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.market.reference import SearchHit
from tradestream_gui.ui.palette.items import (
    PaletteItem,
    action_items,
    dock_items,
    ranked,
    setting_items,
    symbol_items,
)
from tradestream_gui.ui.palette.layout_items import SAVE_AS, layout_items, save_items
from tradestream_gui.ui.shell.key_bindings import KeyBindings
from tradestream_gui.ui.shell.main_window import MainWindow
from tradestream_gui.ui.shell.named_layouts import NamedLayouts
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.shell.ways import Undo
from tradestream_gui.ui.tabs.config.tab import ConfigTab, reveal_setting
from tradestream_gui.upkeep.settings.first import describe_settings

if TYPE_CHECKING:
    from tradestream_gui.core import Core

MOST_HITS = 8
MOST_RECENT = 12


class Finder(QObject):
    """The only holder of what was chosen lately."""

    show_instrument = pyqtSignal(object)
    said = pyqtSignal(str)
    undoable = pyqtSignal(str, object)
    typed = pyqtSignal(str)
    """The palette is to be opened again with this text begun."""

    def __init__(self, window: MainWindow, core: Core, keys: KeyBindings, layouts: NamedLayouts) -> None:
        super().__init__(window)
        self._window = window
        self._core = core
        self._keys = keys
        self._layouts = layouts
        self._specs = describe_settings()
        self._items: list[PaletteItem] = []
        self.recent: tuple[str, ...] = ()

    def begin(self) -> None:
        """Takes actions, docks and keys as they are now."""
        self._items = [
            *action_items(self._keys.commands),
            *dock_items(self._window.docks()),
            *layout_items(self._layouts, self._tell, self.typed.emit),
            *setting_items(self._specs, self._show_setting, self._show_page),
        ]

    def find(self, text: str) -> list[PaletteItem]:
        if text.lower().startswith(SAVE_AS):
            return save_items(self._layouts, text[len(SAVE_AS) :], self.said.emit)
        return ranked(text, [*self._symbols(text), *self._items], self.recent)

    def run(self, item: PaletteItem) -> None:
        if not item.is_careful:
            others = (each for each in self.recent if each != item.item_id)
            self.recent = (item.item_id, *others)[:MOST_RECENT]
        item.run()

    def remember(self, recent: object) -> None:
        """What was chosen in the last run."""
        if isinstance(recent, list):
            self.recent = tuple(each for each in recent if isinstance(each, str))[:MOST_RECENT]

    def _symbols(self, text: str) -> list[PaletteItem]:
        """What the reference finds, and a whole symbol (ESH7, an option) that names a contract; without a text the
        ones that were chosen lately."""
        reference, typed = self._core.reference, text.strip()
        if not typed:
            lately = [name.rpartition(":")[2] for name in self.recent if name.startswith("symbol:")]
            found = [hit for name in dict.fromkeys(lately) for hit in reference.search(name, MOST_HITS)]
            return [item for item in symbol_items(dict.fromkeys(found), self._open) if item.item_id in self.recent]
        hits = list(reference.search(typed, MOST_HITS))
        whole = reference.resolve(typed, self._core.clock.now())
        if whole is not None and typed.upper() not in {hit.symbol for hit in hits}:
            hits.insert(0, SearchHit(typed.upper(), contract_name(whole), whole.asset_class))
        return symbol_items(hits, self._open)

    def _open(self, hit: SearchHit) -> None:
        """Its chart comes forward; ladder and ticket follow as at any other choice."""
        found = self._core.reference.resolve(hit.symbol, self._core.clock.now(), hit.asset_class)
        if found is None:
            self.said.emit(f"{one_line(hit.symbol, 24)} is an index: only its options and futures trade.")
            return
        self._core.tasks.spawn(self._core.subscriptions.hold("finder", (found,)), "prices of the found contract")
        self.show_instrument.emit(found.instrument_id)
        chart = next((dock for dock in self._window.docks() if dock.objectName() == "chart"), None)
        if chart is not None:
            chart.show()
            chart.raise_()

    def _tell(self, words: str, undo: Undo | None) -> None:
        if undo is None:
            self.said.emit(words)
        else:
            self.undoable.emit(words, undo)

    def _show_setting(self, key: str) -> None:
        self._window.look_at("config", partial(_reveal_setting, key))

    def _show_page(self, key: str) -> None:
        self._window.look_at("config", partial(_show_page, key))


def _reveal_setting(key: str, part: QWidget) -> None:
    if isinstance(part, ConfigTab):
        reveal_setting(part, key)


def _show_page(key: str, part: QWidget) -> None:
    if isinstance(part, ConfigTab):
        part.show_page(key)
