"""Text to typed tokens in one pass: numbers with their units, dates, words, marks; each with its span."""

import re
from decimal import Decimal
from typing import NamedTuple

from tradestream_gui.alerts.words.text import LOOK_ALIKE_MARK, MENTION_MARK, URL_MARK

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
  | (?=[0-9.$])(?:
      (?P<longdate>[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}(?![0-9])
        |[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{2,4}}(?![0-9/])|[0-9]{{1,2}}-[0-9]{{1,2}}-(?:[0-9]{{4}}|[0-9]{{2}})(?![0-9-]))
    | (?P<slash>[0-9]{{1,2}}/[0-9]{{1,2}}(?![0-9/]|\.[0-9]))
    | (?P<thirtyseconds>[0-9]{{2,3}}'[0-3][0-9](?:\.[0-9])?\+?(?![0-9]))
    | (?P<broken>\$?[0-9]*\.[0-9]+\.[0-9][0-9.]*|[0-9]+\.\.+[0-9]+|[0-9]+_[0-9_]+|[0-9]+[eE][+-]?[0-9]{{2,}})
    | (?P<number>(?P<dollar>\$[ ]?)?
        (?P<digits>[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+)
        (?P<suffix>%|[A-Za-z]{{1,12}})?)
    )
  | (?=[.A-Za-z])(?:
      (?P<occ>\.?(?<![A-Za-z0-9])[A-Z]{{1,6}}[ _]{{0,5}}[0-9]{{6}}[CP][0-9]{{1,8}}(?:\.[0-9]{{1,3}})?(?![A-Za-z0-9]))
    | (?P<strikeright>(?<![A-Za-z0-9])[cCpP][0-9]{{1,5}}(?:\.[0-9]{{1,3}})?(?![A-Za-z0-9]))
    | (?P<breakeven>(?:b/e|s/l)(?![A-Za-z0-9]))
    | (?P<word>(?:SL|TP|PT|STOP)(?=[0-9]{{2,}}|[0-9]\.[0-9])
        |[A-Za-z][A-Za-z0-9]*(?:'[A-Za-z]+|\.[A-Z](?![A-Za-z0-9.]))?)
    )
  | (?P<mention>@(?![cCpP][0-9.]|[mM](?:kt|arket)?\b)[A-Za-z][A-Za-z0-9_-]*{_ROLE}|{MENTION_MARK})
  | (?P<url>{URL_MARK})
  | (?P<ticker>\$[A-Za-z]{{1,5}}(?:\.[A-Za-z](?![A-Za-z]))?(?![A-Za-z0-9]))
  | (?P<fraction>[\u00bd\u00bc\u00be\u2153\u2154])
  | (?P<alike>{LOOK_ALIKE_MARK}+)
  | (?P<arrow>-+>|\u2192|>+)
  | (?P<mark>[^\s])
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# IGNORECASE serves roles and suffixes; an OCC symbol's case is checked below, as lower-case words must not match it.

_GROUPS = _SCANNER.groupindex
_NUMBER, _DOLLAR, _DIGITS, _SUFFIX = (_GROUPS[name] for name in ("number", "dollar", "digits", "suffix"))
_KINDS = {number: name for name, number in _GROUPS.items()}
_new = tuple.__new__
"""Makes a token without the keyword handling of its class, which would cost more than the scan."""


def tokens_of(text: str) -> list[Token]:
    """The tokens of cleaned text, white space left out."""
    out: list[Token] = []
    previous_end = -1
    for match in _SCANNER.finditer(text.rstrip()):
        group = match.lastindex or 0
        end = match.end()
        if group == _NUMBER:
            start = match.start(_NUMBER)
            out.append(_number(match, start, end, start == previous_end))
        else:
            start = match.start(group)
            row = (_KINDS[group], text[start:end], start, end, None, False, "", start == previous_end)
            out.append(_new(Token, row))
        previous_end = end
    return out


def _number(match: "re.Match[str]", start: int, end: int, glued: bool) -> Token:
    text, dollar, digits, suffix = match.group(_NUMBER, _DOLLAR, _DIGITS, _SUFFIX)
    if "," in digits:
        digits = digits.replace(",", "")
    if len(digits) > MAX_DIGITS and (len(digits) > MAX_DIGITS + 6 or len(digits.partition(".")[0]) > MAX_DIGITS):
        return Token("broken", text, start, end, None, False, "", glued)
    row = ("number", text, start, end, Decimal(digits), dollar is not None, suffix.lower() if suffix else "", glued)
    return _new(Token, row)
