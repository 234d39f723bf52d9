"""A message as the tokens that a person can point at: words, numbers, dates and telling signs, each with its span."""

import re
from decimal import Decimal
from typing import NamedTuple

from tradestream_gui.alerts.words.piece_numbers import MONTHS, is_day
from tradestream_gui.alerts.words.symbols import futures_root
from tradestream_gui.alerts.words.text import plain_text_of
from tradestream_gui.alerts.words.tokens import Token, tokens_of

MAX_TOKENS = 120
"""No alert is longer; the limit bounds the work of matching."""

WORD, NUMBER, DATE, SIGN, EMOJI, UNREADABLE = "word", "number", "date", "sign", "emoji", "unreadable"
"""Kinds of tokens. A sign changes what is said ("?", "+"); an emoji counts only where the room uses it as a word."""

_SILENT = frozenset(".,:;|-/()[]{}!*_'\"@~`^\\$#\u2014\u2022")
"""Marks between words that change nothing."""
VERDICTS = frozenset("\u2705\u274c\u2714\u2716\u274e\u26d4\U0001f6ab\U0001f6d1")
"""Emoji that report how something went: a form holds them only where an example did."""
_GLUED = re.compile(r"([A-Za-z]{1,6})([0-9]{2,9}(?:\.[0-9]+)?)\Z")
_TWO_WORDS = frozenset(("next week", "this week", "next friday", "this friday", "next month"))


class FormToken(NamedTuple):
    """`text` is in lower case, `raw` as written; `value` and `suffix` are those of a number."""

    kind: str
    text: str
    raw: str
    start: int
    end: int
    value: Decimal | None = None
    suffix: str = ""
    dollar: bool = False


def form_tokens(raw: str) -> list[FormToken]:
    """The tokens of a raw message; mentions, marks and line ends are left out. Spans are those of the raw text."""
    return tokens_of_plain(plain_text_of(raw).text)


def tokens_of_plain(plain: str) -> list[FormToken]:
    tokens = tokens_of(plain)
    out: list[FormToken] = []
    at = 0
    while at < len(tokens):
        at = _take(tokens, at, out)
    return out


def _take(tokens: list[Token], at: int, out: list[FormToken]) -> int:
    """Appends what stands at the index; the index after it."""
    token = tokens[at]
    kind = token.kind
    if kind == "word":
        return _take_word(tokens, at, out)
    if kind == "number":
        out.append(_number(token))
    elif kind in ("slash", "longdate"):
        out.append(_as(DATE, token))
    elif kind == "ticker":
        out.append(FormToken(WORD, token.text[1:].lower(), token.text[1:], token.start, token.end, dollar=True))
    elif kind == "strikeright":
        right = FormToken(WORD, token.text[0].lower(), token.text[0], token.start, token.start + 1)
        value = Decimal(token.text[1:])
        strike = FormToken(NUMBER, token.text[1:], token.text[1:], token.start + 1, token.end, value)
        out.extend((right, strike))
    elif kind in ("breakeven", "fraction"):
        out.append(_as(WORD, token))
    elif kind == "mark":
        if token.text not in _SILENT:
            emoji = ord(token.text) > 0x7F and token.text not in VERDICTS
            out.append(_as(EMOJI if emoji else SIGN, token))
    elif kind == "arrow":
        out.append(_as(SIGN, token))
    elif kind not in ("newline", "mention"):
        out.append(_as(UNREADABLE, token))
    return at + 1


def _take_word(tokens: list[Token], at: int, out: list[FormToken]) -> int:
    token = tokens[at]
    lower = token.text.lower()
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is not None and lower in MONTHS and is_day(following):
        out.append(_span(DATE, token, following))
        return at + 2
    if following is not None and f"{lower} {following.text.lower()}" in _TWO_WORDS:
        out.append(_span(DATE, token, following))
        return at + 2
    glued = None if futures_root(token.text) else _GLUED.match(token.text)
    if glued is None:
        out.append(_as(WORD, token))
        return at + 1
    cut = token.start + glued.end(1)
    digits, end, after = glued[2], token.end, at + 1
    if following is not None and following.glued and following.kind == "number" and following.text.startswith("."):
        digits, end, after = digits + following.text, following.end, at + 2
    out.append(FormToken(WORD, glued[1].lower(), glued[1], token.start, cut))
    out.append(FormToken(NUMBER, digits, digits, cut, end, Decimal(digits)))
    return after


def _number(token: Token) -> FormToken:
    if token.suffix and futures_root(token.text):
        return _as(WORD, token)
    return FormToken(
        NUMBER, token.text.lower(), token.text, token.start, token.end, token.value, token.suffix, token.dollar
    )


def _as(kind: str, token: Token) -> FormToken:
    return FormToken(kind, token.text.lower(), token.text, token.start, token.end)


def _span(kind: str, first: Token, last: Token) -> FormToken:
    text = f"{first.text} {last.text}"
    return FormToken(kind, text.lower(), text, first.start, last.end)
