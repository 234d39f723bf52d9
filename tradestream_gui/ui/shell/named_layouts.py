"""Layouts with names of the user's own for each set of monitors: save, switch, delete, and the first one again."""

from functools import partial
from hashlib import sha256

from PyQt6.QtCore import QByteArray
from PyQt6.QtGui import QGuiApplication

from tradestream_gui.ui.shell.built_in_layouts import BUILT_IN, put_in_place
from tradestream_gui.ui.shell.layout_store import LayoutStore
from tradestream_gui.ui.shell.main_window import MainWindow
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.shell.ways import Undo

Stored = tuple[QByteArray, QByteArray]
Done = tuple[str, Undo | None]
"""What was done, in words, and what takes it back, where it can be."""
LONGEST = 24
"""Characters of a name; its bytes, written as hex, make a file name of at most 255."""
MOST = 24


class NamedLayouts:
    """Each answers with what it has done, in words."""

    def __init__(self, window: MainWindow, store: LayoutStore) -> None:
        self._window = window
        self._store = store

    def names(self) -> list[str]:
        """Those of the monitors that are there now: a layout of three screens would hide docks on one."""
        return self._store.names(monitors())

    def save(self, name: str) -> str:
        name = one_line(name, LONGEST).strip()
        if not name:
            return "A layout needs a name."
        if name.casefold() in (each.name.casefold() for each in BUILT_IN):
            return f"“{name}” comes with the program: choose another name."
        if name not in self.names() and len(self.names()) >= MOST:
            return f"{MOST} layouts are kept already: delete one first."
        self._store.save_layout(*self._window.layout_state(), self._store.named(monitors(), name))
        return f"Layout “{name}” saved for these monitors."

    def switch(self, name: str) -> Done:
        stored = self._store.layout(self._store.named(monitors(), name))
        before = self._window.layout_state()
        if stored is None or not self._window.restore_layout(*stored):
            self._window.restore_layout(*before)
            return f"Layout “{name}” does not fit this version: the window stays as it is.", None
        return f"Layout “{name}”.", partial(self._go_back, before)

    def delete(self, name: str) -> Done:
        kept_as = self._store.named(monitors(), name)
        stored = self._store.layout(kept_as)
        self._store.forget(kept_as)
        undo = None if stored is None else partial(self._keep_again, name, kept_as, stored)
        return f"Layout “{name}” deleted.", undo

    def reset(self) -> tuple[str, Undo]:
        """Every dock in its first place; saved layouts stay."""
        before = self._window.layout_state()
        put_in_place(self._window, BUILT_IN[0])
        return "The window has its first layout again.", partial(self._go_back, before)

    def show_built_in(self, number: int) -> tuple[str, Undo]:
        """One of those that come with the program, by its key's number from 1, whatever the monitors."""
        before, layout = self._window.layout_state(), BUILT_IN[number - 1]
        put_in_place(self._window, layout)
        return f"Layout “{layout.name}”.", partial(self._go_back, before)

    def _go_back(self, before: Stored) -> str:
        self._window.restore_layout(*before)
        return "The window is as it was."

    def _keep_again(self, name: str, kept_as: str, stored: Stored) -> str:
        self._store.save_layout(*stored, kept_as)
        return f"Layout “{name}” is kept again."


def monitors() -> str:
    """Names the set of screens by where they stand and how large they are."""
    places = sorted(str(screen.geometry().getRect()) for screen in QGuiApplication.screens())
    return sha256("|".join(places).encode()).hexdigest()[:12]
