"""The ladder's keys: which action a key press means now, and their lines on the help sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PyQt6.QtCore import QKeyCombination, Qt
from PyQt6.QtGui import QKeyEvent, QKeySequence

from tradestream_gui.domain.orders import Side
from tradestream_gui.upkeep.settings.keys import ACTIONS, KEYS, KeyPlace, canonical
from tradestream_gui.upkeep.settings.service import SettingsChanged

if TYPE_CHECKING:
    from tradestream_gui.core import Core

JOINS = {"ladder_join_bid": Side.BUY, "ladder_join_ask": Side.SELL}
MARKETS = {"ladder_buy_market": Side.BUY, "ladder_sell_market": Side.SELL}
QTY_STEPS = {"ladder_more": 1, "ladder_less": -1}
SIZES = ("ladder_size_1", "ladder_size_2", "ladder_size_3", "ladder_size_4")
FIXED_LINES = (
    ("Up", "Move the cursor"),
    ("Return", "Limit at the cursor"),
    ("Ctrl+Return", "Stop at the cursor"),
    ("Alt+Return", "Bracket at the cursor"),
    ("Shift+Up", "Move the order under the cursor"),
    ("Alt+Up", "Move its whole bracket"),
)
"""Keys that nobody can give away; the arrow down does the same the other way."""
_ALIASES = {"=": "+", "backspace": "del"}


class LadderKeys:
    """The only holder of the ladder's map from keys to actions."""

    def __init__(self) -> None:
        self._name_of: dict[str, str] = {}
        self.set_map(KEYS)

    def follow(self, core: Core, show: Callable[[Mapping[str, str]], None]) -> None:
        """Takes the keys of the settings, now and whenever they change, and has them shown."""

        def adopt(fact: SettingsChanged | None = None) -> None:
            keys_of = core.settings.current.keyboard.map()
            self.set_map(keys_of)
            show(keys_of)

        core.bus.subscribe(SettingsChanged, adopt)
        adopt()

    def set_map(self, keys_of: Mapping[str, str]) -> None:
        self._name_of = {
            canonical(keys): name
            for name, keys in keys_of.items()
            if keys and ACTIONS[name].place is KeyPlace.LADDER
        }

    def action_of(self, event: QKeyEvent) -> str | None:
        """The action's name; None for a key that means nothing here."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        keys = canonical(QKeySequence(QKeyCombination(held, Qt.Key(event.key()))).toString())
        found = self._name_of.get(keys) or self._name_of.get(_ALIASES.get(keys, keys))
        if found is None and held == Qt.KeyboardModifier.ShiftModifier and not event.text().isalpha():
            found = self._name_of.get(canonical(event.text()))  # a sign that this keyboard has on Shift
        return found


def ladder_sheet(core: Core) -> tuple[tuple[str, str], ...]:
    """(keys, words) of the ladder as they are bound now."""
    keys_of = core.settings.current.keyboard.map()
    bound = tuple(
        (keys_of[name], f"{action.words}, armed only" if action.trades else action.words)
        for name, action in ACTIONS.items()
        if action.place is KeyPlace.LADDER and keys_of[name]
    )
    return bound + FIXED_LINES
