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


_ROLE = r"(?i:[ ]?\((?:admin|mod|moderator|scribe|owner|staff|analyst|trader|bot)\))?"
_OCC = r"[A-Za-z]{1,6}+[ _]{0,5}+[0-9]{6}[CcPp][0-9]{1,8}(?:\.[0-9]{1,3})?(?![A-Za-z0-9])"
_SCANNER = re.compile(
    rf"""[^\S\n]*+(?:
    (?P<newline>\n+)
  | (?P<simple>[A-Za-z][a-z]{{2,}}+(?=[ ][A-Za-z@$(]|[:\n]|\Z))
  | (?=[A-Za-z])(?:
      (?<![A-Za-z0-9])(?:
        (?P<occ>{_OCC})
      | (?P<strikeright>[cCpP][0-9]{{1,5}}(?:\.[0-9]{{1,3}})?(?![A-Za-z0-9]))
      )
    | (?P<breakeven>(?:[bB]/[eE]|[sS]/[lL])(?![A-Za-z0-9]))
    | (?P<word>(?:[sS][lL]|[tT][pP]|[pP][tT]|[sS][tT][oO][pP])(?=[0-9]{{2,}}|[0-9]\.[0-9])
        |[A-Za-z][A-Za-z0-9]*+(?:'[A-Za-z]+|\.[A-Za-z](?![A-Za-z0-9.]))?)
    )
  | (?P<plain>[0-9]{{1,9}}+(?:\.[0-9]{{1,5}}+)?+(?=[ \n]|\Z))
  | (?=[0-9.$])(?:
      (?P<longdate>[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}(?![0-9])
        |[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{2,4}}(?![0-9/])|[0-9]{{1,2}}-[0-9]{{1,2}}-(?:[0-9]{{4}}|[0-9]{{2}})(?![0-9-]))
    | (?P<slash>[0-9]{{1,2}}/[0-9]{{1,2}}(?![0-9/]|\.[0-9]))
    | (?P<thirtyseconds>[0-9]{{2,3}}'[0-3][0-9](?:\.[0-9])?\+?(?![0-9]))
    | (?P<broken>\$?[0-9]*+\.[0-9]++\.[0-9][0-9.]*|[0-9]++\.\.+[0-9]+|[0-9]++_[0-9_]+|[0-9]++[eE][+-]?[0-9]{{2,}})
    | (?P<number>(?P<dollar>\$[ ]?)?
        (?P<digits>[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9])(?:\.[0-9]+)?|[0-9]++(?:\.[0-9]+)?|\.[0-9]+)
        (?P<suffix>%|[A-Za-z]{{1,12}})?)
    | (?P<dotted>\.(?<![A-Za-z0-9]){_OCC})
    )
  | (?P<mention>@(?![cCpP][0-9.]|[mM](?:[kK][tT]|[aA][rR][kK][eE][tT])?\b)[A-Za-z][A-Za-z0-9_-]*{_ROLE}|{MENTION_MARK})
  | (?P<url>{URL_MARK})
  | (?P<ticker>\$[A-Za-z]{{1,5}}(?:\.[A-Za-z](?![A-Za-z]))?(?![A-Za-z0-9]))
  | (?P<fraction>[\u00bd\u00bc\u00be\u2153\u2154])
  | (?P<alike>{LOOK_ALIKE_MARK}+)
  | (?P<arrow>-+>|\u2192|>+)
  | (?P<mark>[^\s])
    )""",
    re.VERBOSE,
)
# Words that can be nothing else stand first, then other words, then numbers alone, as most tokens are such. Letters
# are spelled out in both cases, as IGNORECASE would slow every class.

_GROUPS = _SCANNER.groupindex
_PLAIN, _NUMBER, _DOLLAR, _DIGITS, _SUFFIX = (
    _GROUPS[name] for name in ("plain", "number", "dollar", "digits", "suffix")
)
_OTHER_NAMES = {"dotted": "occ", "plain": "number", "simple": "word"}
_KINDS = {number: _OTHER_NAMES.get(name, name) for name, number in _GROUPS.items()}
_new = tuple.__new__
"""Makes a token without the keyword handling of its class, which would cost more than the scan."""


def tokens_of(text: str) -> list[Token]:
    """The tokens of cleaned text, white space left out."""
    out: list[Token] = []
    add = out.append
    previous_end = -1
    for match in _SCANNER.finditer(text.rstrip()):
        group = match.lastindex or 0
        start, end = match.span(group)
        words = text[start:end]
        if group == _NUMBER:
            add(_number(match, words, start, end, start == previous_end))
        else:
            value = Decimal(words) if group == _PLAIN else None
            add(_new(Token, (_KINDS[group], words, start, end, value, False, "", start == previous_end)))
        previous_end = end
    return out


def _number(match: "re.Match[str]", text: str, start: int, end: int, glued: bool) -> Token:
    dollar, digits, suffix = match.group(_DOLLAR, _DIGITS, _SUFFIX)
    if "," in digits:
        digits = digits.replace(",", "")
    if len(digits) > MAX_DIGITS and (len(digits) > MAX_DIGITS + 6 or len(digits.partition(".")[0]) > MAX_DIGITS):
        return Token("broken", text, start, end, None, False, "", glued)
    row = ("number", text, start, end, Decimal(digits), dollar is not None, suffix.lower() if suffix else "", glued)
    return _new(Token, row)
