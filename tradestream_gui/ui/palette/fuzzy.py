"""How well a few typed letters fit a name: whole words first, beginnings next, scattered letters last."""

from dataclasses import dataclass
from functools import lru_cache

REMEMBERED = 8192
"""Pairs of word and name; a palette of a few hundred names is looked through at every letter."""
_WHOLE, _BEGINS, _WORD, _INSIDE, _SCATTERED = 120, 100, 80, 40, 30
_WORD_START, _NEXT_TO, _GAP = 4, 3, 1


@dataclass(frozen=True, slots=True)
class Fit:
    score: int
    is_close: bool
    """Every typed word begins a word of the name."""


def fit(typed: str, name: str) -> Fit | None:
    """None where a typed word is not in the name, not even as scattered letters in its order."""
    words, among = typed.lower().split(), name.lower()
    scores = [_fit_word(word, among) for word in words]
    if not words or not all(scores):
        return None
    return Fit(sum(scores), min(scores) >= _WORD)


@lru_cache(maxsize=REMEMBERED)
def _fit_word(word: str, name: str) -> int:
    if name == word:
        return _WHOLE
    if name.startswith(word):
        return _BEGINS
    place = name.find(word)
    while place >= 0:
        if _starts_word(name, place):
            return _WORD
        place = name.find(word, place + 1)
    if word in name:
        return _INSIDE
    return _scattered(word, name)


def _scattered(word: str, name: str) -> int:
    """At most what a part of the name is worth; 0 where the letters do not come in this order from a word's start."""
    best: dict[int, int] = {
        place: _WORD_START for place, letter in enumerate(name) if letter == word[0] and _starts_word(name, place)
    }
    for letter in word[1:]:
        after: dict[int, int] = {}
        for place, worth in best.items():
            found = name.find(letter, place + 1)
            while found >= 0:
                gap = found - place - 1
                step = _WORD_START if _starts_word(name, found) else _NEXT_TO if gap == 0 else -min(gap, 6) * _GAP
                after[found] = max(after.get(found, -REMEMBERED), worth + step)
                found = name.find(letter, found + 1)
        best = after
    if not best:
        return 0
    worth = max(best.values())
    return max(min(worth, _SCATTERED), 1) if worth >= len(word) else 0


def _starts_word(name: str, place: int) -> bool:
    return place == 0 or (name[place].isalnum() and not name[place - 1].isalnum())
