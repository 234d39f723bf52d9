"""Raw message to readable text of the same length: look-alikes, invisible signs, markdown and mentions; offsets stay.

Every replacement is one character for one character, so a span of the cleaned text is the same span of the raw one.
"""

import re
import unicodedata
from typing import NamedTuple

MAX_CHARS = 4000
"""Longer texts are not read: no alert needs more, and the limit bounds the work."""

MENTION_MARK = "\x01"
URL_MARK = "\x02"
"""One mark stands where a mention or a link stood, so that no digit of it can be read as a number."""
LOOK_ALIKE_MARK = "\x03"
"""A letter or digit of a script that is used to imitate Latin ones."""
FOREIGN_MARK = "\x04"
"""Any other letter or number sign that is not Latin."""

_READABLE = re.compile(r"[\n -)+-;=?-\[\]^a-{}]*+\Z")
"""Nothing to clean: no control, no sign beyond ASCII, none of markdown."""
_MARKDOWN = re.compile(r"[*_~|`<>\\]|ttps?://", re.IGNORECASE)
_MENTION = re.compile(
    r"<(?:@[!&]?\d{1,25}|#\d{1,25}|a?:\w{1,40}:\d{1,25}|t:-?\d{1,15}(?::[a-zA-Z])?|/[^<>\n]{1,60}:\d{1,25})>"
)
_MEMBER_ACTED = re.compile(
    r"<@!?\d{1,25}>(?=[ ](?:just[ ])?"
    r"(?:bought|sold|closed|trimmed|added|took|grabbed|entered|exited|shorted|longed)\b)",
    re.IGNORECASE,
)
"""A member is named and then what was done: it was he who did it."""
_MEMBER = "he"
_URL = re.compile(r"https?://[^\s<>]{1,2000}", re.IGNORECASE)
_STRUCK = re.compile(r"~~[^~\n]{1,1000}~~")
_QUOTED_LINE = re.compile(r"^[ \t]{0,8}>{1,3}[ \t][^\n]*", re.MULTILINE)
_QUOTED_CARD = re.compile(r"\A[ \t]*>[ \t]*[A-Za-z]{3,12}:?[ \t]*+\n(?:[ \t]*+>[^\n]*+(?:\n|\Z))++\Z")
"""Every line is quoted and the first is a heading of one word: a card in the author's own style, no quotation."""
_QUOTE_MARK = re.compile(r"^[ \t]{0,8}>", re.MULTILINE)
_PAIRED_STARS = re.compile(r"(\*{1,3})([^*\n]{1,500})\1")
_LOOSE_MARKS = re.compile(
    r"\|\||`+|\\(?=[^\w\s])|(?<![A-Za-z0-9])_+|_+(?![A-Za-z0-9])|(?<![A-Za-z0-9)*])\*+(?![A-Za-z0-9$*])"
)
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_KEYCAP = re.compile(r"[0-9#*]\ufe0f?\u20e3")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f"
_INVISIBLE_INSIDE = re.compile(f"[A-Za-z0-9][{_INVISIBLE}]+[A-Za-z0-9]")
_REVERSING = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_MIXED = re.compile(r"[A-Za-z0-9]\x04|\x04[A-Za-z0-9]")
_COMBINED = re.compile("[A-Za-z0-9][\u0300-\u036f\u0489\u20d0-\u20df]")

_IMITATING = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "GOTHIC", "LATIN LETTER SMALL CAPITAL")
_SIGNS = {
    "\u00a0": " ", "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-",
    "\u2012": "-", "\u2010": "-", "\u2011": "-", "\u2212": "-", "\u2026": ".", "\u2028": "\n", "\u2029": "\n",
    "\u0085": "\n", "\u2022": "\n", "\u2192": "\u2192", "\u27a1": "\u2192", "\u279c": "\u2192", "\u2794": "\u2192",
}  # fmt: skip
_FRACTIONS = "\u00bd\u00bc\u00be\u2153\u2154"


class PlainText(NamedTuple):
    """Cleaned text whose offsets are those of the raw text.

    `suspicious` says in words what may be an attempt to deceive the reader: such text never trades by itself.
    `retracted` says that struck-out text was removed.
    """

    text: str
    suspicious: str = ""
    retracted: bool = False


class _Folding(dict[int, str]):
    """Maps each non-ASCII character to one readable character, worked out at its first use."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code)) if code > 0x7F else chr(code)
        return folded


_FOLDING = _Folding()


def plain_text_of(raw: str) -> PlainText:
    """The text the tokenizer reads; linear in the length of `raw`."""
    if _READABLE.match(raw) and "://" not in raw:
        return PlainText(raw)
    suspicious = ""
    text = raw
    if _CONTROLS.search(raw):
        text = raw = _CONTROLS.sub(lambda m: "\n" if m.group() == "\r" else " ", raw)
    if not raw.isascii():
        suspicious = _deceit_in(raw)
        text = _KEYCAP.sub(lambda m: " " * len(m.group()), raw).translate(_FOLDING)
        if not suspicious and (LOOK_ALIKE_MARK in text or _MIXED.search(text)):
            suspicious = "letters or digits of another script"
    retracted = False
    if _MARKDOWN.search(text):
        text, retracted = _without_markdown(text)
    return PlainText(text, suspicious, retracted)


def _deceit_in(raw: str) -> str:
    if _INVISIBLE_INSIDE.search(raw):
        return "an invisible sign inside a word or number"
    if _COMBINED.search(raw):
        return "a sign drawn over a letter or digit"
    reversing = _REVERSING.search(raw)
    if reversing and any(char.isalnum() for char in raw[reversing.end() :]):
        return "a sign that reverses the reading order"
    return ""


def _without_markdown(text: str) -> tuple[str, bool]:
    """Mentions, links, struck and quoted text and markdown signs blanked; and whether anything was struck out."""
    retracted = 0
    if "<" in text:
        text = _MEMBER_ACTED.sub(lambda m: _MEMBER + " " * (m.end() - m.start() - len(_MEMBER)), text)
        text = _MENTION.sub(lambda m: MENTION_MARK + " " * (m.end() - m.start() - 1), text)
    if "ttp" in text or "TTP" in text:
        text = _URL.sub(lambda m: URL_MARK + " " * (m.end() - m.start() - 1), text)
    if "~~" in text:
        text, retracted = _STRUCK.subn(_blank, text)
    if ">" in text:
        text = (_QUOTE_MARK if _QUOTED_CARD.match(text) else _QUOTED_LINE).sub(_blank, text)
    if "*" in text:
        text = _PAIRED_STARS.sub(lambda m: " " * len(m[1]) + m[2] + " " * len(m[1]), text)
    return _LOOSE_MARKS.sub(_blank, text), retracted > 0


def _blank(match: "re.Match[str]") -> str:
    return " " * (match.end() - match.start())


def _fold(char: str) -> str:
    sign = _SIGNS.get(char)
    if sign is not None:
        return sign
    if char in _INVISIBLE or char in _FRACTIONS or _REVERSING.match(char) or "\ufe00" <= char <= "\ufe0f":
        return char if char in _FRACTIONS else " "
    category = unicodedata.category(char)
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) == 1 and plain.isascii() and category not in ("No", "Lm"):
        return plain
    if category[0] == "Z":
        return " "
    if category == "Nd" or unicodedata.name(char, "").startswith(_IMITATING):
        return LOOK_ALIKE_MARK
    base = unicodedata.normalize("NFKD", char)[0]
    if category[0] == "L" and base.isascii() and base.isalpha() and len(plain) == 1:
        return base
    if category[0] in "LN":
        return FOREIGN_MARK
    if category[0] == "M":
        return " "
    return char
