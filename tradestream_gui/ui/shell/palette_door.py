"""Opens the command palette, which is made at its first key and then a part of the window like the tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradestream_gui.ui.shell.find_field import go_to_find_field
from tradestream_gui.ui.shell.key_bindings import KeyBindings
from tradestream_gui.ui.shell.layout_store import LayoutStore
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.main_window import MainWindow
from tradestream_gui.ui.shell.ways import Ways

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.palette.palette import Palette
    from tradestream_gui.ui.shell.named_layouts import NamedLayouts
    from tradestream_gui.ui.shell.signal_hub import SignalHub


class PaletteDoor:
    def __init__(
        self,
        window: MainWindow,
        look: Look,
        core: Core,
        hub: SignalHub,
        keys: KeyBindings,
        layouts: LayoutStore,
        ways: Ways,
    ) -> None:
        self._window = window
        self._look = look
        self._core = core
        self._hub = hub
        self._keys = keys
        self._layouts = layouts
        self._ways = ways
        self._palette: Palette | None = None

    def open(self) -> None:
        self._made().open()

    def find(self) -> None:
        """The search field of what is in sight; where nothing can be searched, this finds everything else."""
        if not go_to_find_field(self._window.tabs.currentWidget()):
            self.open()

    def open_layouts(self) -> None:
        """The same field with its search for layouts begun."""
        self._made().open("layout ")

    def show_layout(self, number: int) -> None:
        """One of those that come with the program."""
        self._ways.offer_undo(*self._named().show_built_in(number))

    def _named(self) -> NamedLayouts:
        from tradestream_gui.ui.shell.named_layouts import NamedLayouts

        return NamedLayouts(self._window, self._layouts)

    def _made(self) -> Palette:
        from tradestream_gui.ui.palette.palette import Palette

        if self._palette is None:
            self._palette = Palette(self._look, self._window, self._core, self._hub, self._keys, self._named())
            self._window.part_made.emit(self._palette)
        return self._palette
