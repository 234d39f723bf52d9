"""Text to typed tokens in one pass: numbers with their units, dates, words, marks; each with its span."""

import re
from decimal import Decimal
from typing import NamedTuple

from tradestream_gui.alerts.text import LOOK_ALIKE_MARK, MENTION_MARK, URL_MARK

MAX_DIGITS = 9
"""A longer digit run is no price, strike or count of anything."""


class Token(NamedTuple):
    """One token. `kind` is a group name of the scanner below; `suffix` the letters or % glued to a number."""

    kind: str
    text: str
    start: int
    end: int
    value: Decimal | None = None
    dollar: bool = False
    suffix: str = ""
    glued: bool = False
    """Whether it touches the token before it."""


_ROLE = r"(?:[ ]?\((?:admin|mod|moderator|scribe|owner|staff|analyst|trader|bot)\))?"
_SCANNER = re.compile(
    rf"""[^\S\n]*+(?:
    (?P<newline>\n+)
  | (?P<occ>\.?(?<![A-Za-z0-9])[A-Z]{{1,6}}[ _]{{0,5}}[0-9]{{6}}[CP][0-9]{{1,8}}(?:\.[0-9]{{1,3}})?(?![A-Za-z0-9]))
  | (?P<longdate>[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}(?![0-9])
      |[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{2,4}}(?![0-9/])|[0-9]{{1,2}}-[0-9]{{1,2}}-(?:[0-9]{{4}}|[0-9]{{2}})(?![0-9-]))
  | (?P<slash>[0-9]{{1,2}}/[0-9]{{1,2}}(?![0-9/]|\.[0-9]))
  | (?P<thirtyseconds>[0-9]{{2,3}}'[0-3][0-9](?:\.[0-9])?\+?(?![0-9]))
  | (?P<broken>\$?[0-9]*\.[0-9]+\.[0-9][0-9.]*|[0-9]+_[0-9_]+|[0-9]+[eE][+-]?[0-9]{{2,}})
  | (?P<number>(?P<dollar>\$[ ]?)?
      (?P<digits>[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+)
      (?P<suffix>%|[A-Za-z]{{1,12}})?)
  | (?P<strikeright>(?<![A-Za-z0-9])[cCpP][0-9]{{1,5}}(?:\.[0-9]{{1,3}})?(?![A-Za-z0-9]))
  | (?P<mention>@(?![cCpP][0-9.]|[mM](?:kt|arket)?\b)[A-Za-z][A-Za-z0-9_-]*{_ROLE}|{MENTION_MARK})
  | (?P<url>{URL_MARK})
  | (?P<ticker>\$[A-Za-z]{{1,5}}(?:\.[A-Za-z](?![A-Za-z]))?(?![A-Za-z0-9]))
  | (?P<breakeven>(?:b/e|s/l)(?![A-Za-z0-9]))
  | (?P<word>[A-Za-z][A-Za-z0-9]*(?:'[A-Za-z]+|\.[A-Z](?![A-Za-z0-9.]))?)
  | (?P<fraction>[\u00bd\u00bc\u00be\u2153\u2154])
  | (?P<alike>{LOOK_ALIKE_MARK}+)
  | (?P<arrow>-+>|\u2192|>+)
  | (?P<mark>[^\s])
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# IGNORECASE serves roles and suffixes; an OCC symbol's case is checked below, as lower-case words must not match it.

_NUMBER_GROUPS = frozenset(("number", "suffix", "digits", "dollar"))


def tokens_of(text: str) -> list[Token]:
    """The tokens of cleaned text, white space left out."""
    out: list[Token] = []
    previous_end = -1
    for match in _SCANNER.finditer(text.rstrip()):
        kind = match.lastgroup or "mark"
        end = match.end()
        if kind in _NUMBER_GROUPS:
            start = match.start("number")
            out.append(_number(match, start, end, start == previous_end))
            previous_end = end
            continue
        start = match.start(kind)
        glued = start == previous_end
        previous_end = end
        out.append(Token(kind, text[start:end], start, end, None, False, "", glued))
    return out


def _number(match: "re.Match[str]", start: int, end: int, glued: bool) -> Token:
    digits = match["digits"].replace(",", "")
    suffix = match["suffix"] or ""
    if len(digits) > MAX_DIGITS + 6 or len(digits.partition(".")[0]) > MAX_DIGITS:
        return Token("broken", match["number"], start, end, None, False, "", glued)
    return Token(
        "number", match["number"], start, end, Decimal(digits), match["dollar"] is not None, suffix.lower(), glued
    )
