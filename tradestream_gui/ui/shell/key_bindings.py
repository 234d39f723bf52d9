"""The keys that the window listens to: bound from the settings, bound anew when they change, none outside of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6 import sip
from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PyQt6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from tradestream_gui.core import Core

IN_DIALOGS = ("kill", "flatten")
"""Qt keeps every shortcut of the window from a modal dialog; what only reduces risk must reach it."""


@dataclass(frozen=True, slots=True)
class Command:
    """An action of the window: its name in the settings, its words, the keys that it has now, and what it does."""

    name: str
    words: str
    keys: str
    run: Callable[[], None]


class KeyBindings(QObject):
    """Each action is given once by name; which keys it has is read from the settings."""

    def __init__(self, window: QWidget, core: Core) -> None:
        super().__init__(window)
        from tradestream_gui.upkeep.settings.service import SettingsChanged

        self._window = window
        self._core = core
        self._actions: dict[str, Callable[[], None]] = {}
        self._shortcuts: dict[str, QShortcut] = {}
        self._reached: dict[QWidget, tuple[QShortcut, ...]] = {}
        core.bus.subscribe(SettingsChanged, self._on_settings)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._reach_dialog)

    def bind(self, name: str, action: Callable[[], None]) -> None:
        """Keys without text leave the action without a key."""
        shortcut = QShortcut(self._window)
        shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)
        shortcut.activated.connect(action)
        self._actions[name] = action
        self._shortcuts[name] = shortcut
        shortcut.setKey(QKeySequence(self._keys(name)))

    @property
    def sheet(self) -> tuple[tuple[str, str], ...]:
        """(keys, words) of every action of the window that has keys now, as the help sheet shows them."""
        from tradestream_gui.upkeep.settings.keys import ACTIONS

        return tuple((self._keys(name), ACTIONS[name].words) for name in self._actions if self._keys(name))

    @property
    def commands(self) -> tuple[Command, ...]:
        """Every action of the window as it can be run now, with or without a key."""
        from tradestream_gui.upkeep.settings.keys import ACTIONS

        return tuple(Command(name, ACTIONS[name].words, self._keys(name), act) for name, act in self._actions.items())

    def _keys(self, name: str) -> str:
        return self._core.settings.current.keyboard.map()[name]

    def _on_settings(self, fact: object) -> None:
        if sip.isdeleted(self):
            return
        for name, shortcut in self._shortcuts.items():
            shortcut.setKey(QKeySequence(self._keys(name)))

    def _reach_dialog(self) -> None:
        self._reached = {widget: keys for widget, keys in self._reached.items() if not sip.isdeleted(widget)}
        dialog = QApplication.activeModalWidget()
        if dialog is None or dialog in self._reached:
            return
        made = []
        for name in IN_DIALOGS:
            shortcut = QShortcut(QKeySequence(self._keys(name)), dialog)
            shortcut.activated.connect(self._actions[name])
            made.append(shortcut)
        self._reached[dialog] = tuple(made)
