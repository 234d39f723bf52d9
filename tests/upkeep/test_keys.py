"""Keys are given out once, each to what may bear it; the map as it is printed has no conflict."""

import pytest
from pydantic import ValidationError

from tradestream_gui.upkeep.settings.keys import ACTIONS, KEYS, KeyboardSettings, KeyPlace, canonical, conflict, refusal


def test_the_printed_map_keeps_its_own_rules() -> None:
    assert conflict(KEYS) == ""
    assert [words for name, keys in KEYS.items() if (words := refusal(name, keys))] == []


def test_one_combination_has_one_spelling() -> None:
    assert canonical("Shift+Ctrl+k") == canonical("Ctrl+Shift+K") == "ctrl+shift+k"
    assert canonical("Ctrl++") == "ctrl++"
    assert canonical("Delete") == canonical("Del")
    assert canonical("") == ""


@pytest.mark.parametrize(
    ("name", "keys", "words"),
    [
        ("flatten", "Shift+Ctrl+k", "is given to both"),
        ("ladder_join_bid", "Space", "is given to both"),
        ("kill", "", "must keep a key"),
        ("help", "Ctrl+Blah", "names no key"),
        ("new_order", "N", "would be typed into fields"),
        ("ladder_buy_market", "Alt+P", "chat programs"),
        ("ladder_reverse", "F11", "order keys end at F6"),
        ("ladder_half", "Shift+Up", "moves the ladder's cursor"),
        ("no_such_action", "Ctrl+J", "is no action"),
    ],
)
def test_what_cannot_be_given_is_refused_in_words(name: str, keys: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        KeyboardSettings(shortcuts={name: keys})


def test_keys_of_ones_own_are_laid_over_the_printed_ones() -> None:
    settings = KeyboardSettings(shortcuts={"ladder_join_bid": "Q", "next_theme": ""})
    assert settings.map()["ladder_join_bid"] == "Q"
    assert settings.map()["ladder_join_ask"] == "S"


def test_what_only_reduces_is_no_order_key() -> None:
    reducing = ("ladder_close", "ladder_half", "ladder_break_even", "ladder_pull", "ladder_cancel", "kill", "flatten")
    assert not any(ACTIONS[name].trades for name in reducing)
    assert all(action.place is KeyPlace.LADDER for action in ACTIONS.values() if action.trades)
