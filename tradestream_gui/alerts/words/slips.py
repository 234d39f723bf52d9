"""Slips of the pen in the words of orders: a letter left out or doubled, two neighbours swapped: `boght`, `trimd`."""

from tradestream_gui.alerts.words.lexicon import WORDS, words_of
from tradestream_gui.alerts.words.symbols import TICKERS

_RIGHT = words_of(
    """
    bought buying grabbed grabbing entered entering entry filled adding added average averaged averaging trimmed
    trimming partial partials closed closing exited exiting selling covered covering cutting stopped breakeven target
    targets runner runners cancel cancelled cancelling correction sorry leaving holding shorted shorting longed opened
    opening taking scaled scaling remaining position contract contracts tomorrow friday expiry expiration moving raised
    raising flattened strike
    """
)
_VOWELS = "aeiou"
_OTHER_WORDS = words_of("rising contact filed ting trial casing costing losing sealed aired fired caned covet")
"""Words of their own that a slip would also give."""


def _slips_of(word: str) -> set[str]:
    """The word without one or two vowels or doubled letters, with a letter doubled, or with two neighbours swapped."""
    out = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1)}
    out |= {word[:i] + word[i] + word[i:] for i in range(1, len(word))}
    once = {word[:i] + word[i + 1 :] for i in range(1, len(word) - 1) if word[i] in _VOWELS or word[i] == word[i - 1]}
    once |= {word[:i] + word[i + 1 :] for i in range(2, len(word) - 1) if len(word) > MIN_SURE}
    out |= once
    for slip in once:
        out |= {
            slip[:i] + slip[i + 1 :] for i in range(1, len(slip) - 1) if slip[i] in _VOWELS or slip[i] == slip[i - 1]
        }
    return {slip for slip in out if len(slip) >= MIN_LENGTH}


MIN_LENGTH = 4
"""A shorter slip may be anything."""
MIN_SURE = 5
"""In words longer than this any one letter may be left out."""


def _table() -> dict[str, str]:
    found: dict[str, str] = {}
    unclear: set[str] = set()
    for word in sorted(_RIGHT):
        for slip in _slips_of(word):
            if slip in WORDS or slip.upper() in TICKERS or slip in _OTHER_WORDS:
                continue
            if slip in found and WORDS[found[slip]] != WORDS[word]:
                unclear.add(slip)
            found.setdefault(slip, word)
    return {slip: word for slip, word in found.items() if slip not in unclear}


SLIPS = _table()
"""Each slip with the word that was meant."""
