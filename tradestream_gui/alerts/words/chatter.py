"""Tells plain chatter from what may be an alert by its words alone, before any token is made."""

import re
from collections.abc import Container

from tradestream_gui.alerts.words.card_labels import LABELS
from tradestream_gui.alerts.words.lexicon import WORDS, W
from tradestream_gui.alerts.words.phrases import PHRASES
from tradestream_gui.alerts.words.slips import SLIPS

_TELLING = frozenset((
    W.BUY, W.ENTER, W.LONG, W.SHORT, W.ADD, W.AVERAGED, W.TRIM, W.CLOSE, W.EXIT, W.SELL, W.CUT, W.FLAT, W.OUT,
    W.STOPPED, W.STOP, W.TARGET, W.CANCEL, W.CORRECT, W.SELL_TO_OPEN, W.PULL,
))  # fmt: skip
"""Classes whose words alone may make an alert."""
_WITH_NUMBER = frozenset((
    W.IN, W.TAKE, W.OPEN, W.AGAIN, W.ENTRY, W.FILLED, W.LEAVE, W.OFF, W.RISK, W.BREAK_EVEN, W.GONE, W.QUOTE, W.DONE,
))  # fmt: skip
"""Classes that need a number, or a phrase, to mean a trade."""

_WORD = re.compile(r"[a-z][a-z0-9]*(?:'[a-z]+)?")
_NUMBERED = re.compile(r"(?:[a-z]+)[0-9]\Z")
_CONTRACT_LIKE = re.compile(r"[0-9] ?(?:[cp]\b|cs\b|ps\b|call|put|dte|days\b)|[cp][0-9]|\*|\bcalls?\b|\bputs?\b")
_MEANT = WORDS | {slip: WORDS[word] for slip, word in SLIPS.items()}
_NUMBERED_LEVELS = frozenset(("slbe", "tp1", "tp2", "tp3", "pt1", "pt2", "pt3", "t1", "t2", "t3"))
_STRONG_WORDS = frozenset(word for word, cls in _MEANT.items() if cls in _TELLING) | _NUMBERED_LEVELS
_WEAK_WORDS = frozenset(word for word, cls in _MEANT.items() if cls in _WITH_NUMBER) | {"b/e"}


def _phrases() -> dict[str, tuple[str, ...]]:
    """Trading phrases that hold no telling word of their own, by their first word."""
    table: dict[str, list[str]] = {}
    for phrase, cls in PHRASES.items():
        if cls in _TELLING | _WITH_NUMBER and _STRONG_WORDS.isdisjoint(phrase.split(" ")):
            table.setdefault(phrase.split(" ")[0], []).append(phrase)
    return {first: tuple(found) for first, found in table.items()}


_PARTS = frozenset(("half", "third", "quarter", "most"))
_LABELS_OF_LEVELS = frozenset(
    first
    for first, (longer, alone) in LABELS.items()
    for _, cls, _ in [*(label for labels in longer.values() for label in labels), *([alone] if alone else [])]
    if cls in (W.STOP, W.TARGET)
)
_LABELLED_LEVEL = re.compile(
    rf"\b(?:{'|'.join(sorted(_LABELS_OF_LEVELS))})(?: \w{{1,12}})?[ ]?[:\u203a\u00bb\u25b8][ ]?"
    r"\$?[0-9.][0-9.,/ ]*+(?:now\b|$|\n|\||-|\()"
)
"""A label of a stop or target, its mark, its levels, and the end of the line."""
_ORDINAL_ADD = re.compile(r"\b[1-3](?:st|nd|rd) tranche\b(?: on| in| here)?,?(?: at| @)? ?\$?[0-9.]")
_QUOTES = frozenset(("bid", "bids", "offer", "offers"))
_TAKEN_DOWN = frozenset(("taken", "took", "taking", "take"))
_LAST = frozenset(("last", "final", "rest", "remaining", "remainder"))
_TAKEN = frozenset(("take", "taking", "took", "off"))
_REPORTS = ("recap", "recapping", "scoreboard", "webinar")
"""A message that begins so tells of what is over, or sells something."""
_PHRASES_BY_FIRST = _phrases()
_FIRST_WORDS = frozenset(_PHRASES_BY_FIRST)


MAX_CORRECTION = 8
"""A correction (`2.1 not 1.2`, `strike is 240`) has no more words than this."""


def is_chatter(text: str, room_words: Container[str] | None) -> bool:
    """Whether nothing in the cleaned text can be part of an alert; `room_words` are the room's own trading words."""
    lower = text.lower()
    listed = _WORD.findall(lower)
    if listed and listed[0] in _REPORTS:
        return True
    if not _STRONG_WORDS.isdisjoint(listed):
        return False
    words = set(listed)
    if room_words and any(word in room_words for word in words):
        return False
    has_number = not lower.isalpha() and any(map(str.isdigit, lower))
    if has_number and (not words.isdisjoint(_WEAK_WORDS) or _CONTRACT_LIKE.search(lower)):
        return False
    if has_number and not words.isdisjoint(_LABELS_OF_LEVELS) and _LABELLED_LEVEL.search(lower):
        return False
    if has_number and _ORDINAL_ADD.search(lower):
        return False
    if has_number and ("\U0001f3af" in text or "\U0001f6d1" in text):
        return False
    if len(listed) <= MAX_CORRECTION and ("not" in words or "strike" in words):
        return False
    if "*" in text or "b/e" in lower or "s/l" in lower or "| -all" in lower:
        return False
    if words & _PARTS and words & _TAKEN:
        return False
    if "off" in words and words & _LAST and words & _TAKEN_DOWN:
        return False
    if words & _QUOTES and words & _TAKEN_DOWN:
        return False
    starts = words & _FIRST_WORDS
    if starts:
        spoken = f" {' '.join(listed)} "
        for first in starts:
            if any(f" {phrase} " in spoken for phrase in _PHRASES_BY_FIRST[first]):
                return False
    return True
