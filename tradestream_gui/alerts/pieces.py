"""Tokens to typed pieces: lexicon classes and phrases, symbols, strikes with their right, dates, counts, gains."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from tradestream_gui.alerts.lexicon import PHRASES, WORDS, W, words_of
from tradestream_gui.alerts.symbols import (
    TICKERS,
    WORDS_THAT_ARE_TICKERS,
    futures_root,
    is_foreign_market,
    may_be_ticker,
)
from tradestream_gui.alerts.tokens import Token
from tradestream_gui.domain.instruments import Right


class P(StrEnum):
    """Kinds of pieces that are not words of the lexicon."""

    NUMBER = "number"
    PERCENT = "percent"
    R_MULTIPLE = "r multiple"
    STRIKE_RIGHT = "strike and right"
    OCC = "option symbol"
    TICKER = "ticker"
    ROOT = "futures root"
    DATE = "date"
    SLASH = "slash pair"
    DTE = "days to expiry"
    GAIN = "gain"
    COUNT = "count"
    ORDINAL = "ordinal"
    MEASURE = "measure"
    """A number with a unit that is neither price nor size: minutes, a moving average, a clock time."""
    BROKEN = "broken number"
    NEWLINE = "newline"
    END = "sentence end"
    ASK = "question mark"
    COMMA = "comma"
    DASH = "dash"
    COLON = "colon"
    PIPE = "pipe"
    BAR = "slash"
    OPENING = "opening bracket"
    CLOSING = "closing bracket"
    PLUS = "plus"
    ARROW = "arrow"
    STAR = "star"
    MENTION = "mention"
    URL = "link"
    LETTER = "letter"
    FOREIGN = "market not traded here"
    OTHER = "other word"
    SIGN = "sign"


class Piece(NamedTuple):
    """A typed piece with its raw span. `value` depends on the kind; `sure` marks a symbol that needs no context."""

    kind: str
    value: object
    start: int
    end: int
    text: str
    glued: bool = False
    dollar: bool = False
    sure: bool = False


_RIGHTS = {"c": Right.CALL, "call": Right.CALL, "calls": Right.CALL, "cs": Right.CALL, "p": Right.PUT, "put": Right.PUT,
           "puts": Right.PUT, "ps": Right.PUT}  # fmt: skip
_COUNT_UNITS = words_of(
    """
    x con cons contract contracts lot lots car cars cts ct
    """
)
_GAIN_UNITS = words_of(
    """
    pt pts point points tick ticks handle handles pip pips pnts
    """
)
_ORDINALS = frozenset(("st", "nd", "rd", "th"))
_FRACTION_SIGNS = {"\u00bd": Fraction(1, 2), "\u00bc": Fraction(1, 4), "\u00be": Fraction(3, 4),
                   "\u2153": Fraction(1, 3), "\u2154": Fraction(2, 3)}  # fmt: skip
_FRACTION_WORDS = {"half": Fraction(1, 2), "halves": Fraction(1, 2), "halfs": Fraction(1, 2), "third": Fraction(1, 3),
                   "quarter": Fraction(1, 4)}  # fmt: skip
_MONTH_NAMES = (
    ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",), ("jun", "june"), ("jul", "july"),
    ("aug", "august"), ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"), ("dec", "december"),
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}
_MARKS = {
    ".": P.END, "!": P.END, ";": P.END, "?": P.ASK, ",": P.COMMA, "-": P.DASH, ":": P.COLON, "|": P.PIPE, "/": P.BAR,
    "(": P.OPENING, ")": P.CLOSING, "[": P.OPENING, "]": P.CLOSING, "+": P.PLUS, "*": P.STAR, "\u2014": P.DASH,
}  # fmt: skip
_MEASURES = words_of(
    """
    m min mins minute minutes h hr hrs am pm ema sma ma d wk day days hour hours k mm b bps yr yrs year years sec s
    """
)
_PHRASES: dict[str, tuple[tuple[tuple[str, ...], W], ...]] = {}


def _index_phrases() -> None:
    table: dict[str, list[tuple[tuple[str, ...], W]]] = {}
    for phrase, cls in PHRASES.items():
        first, *rest = phrase.split(" ")
        table.setdefault(first, []).append((tuple(rest), cls))
    for first, found in table.items():
        _PHRASES[first] = tuple(sorted(found, key=lambda row: -len(row[0])))


_index_phrases()


def pieces_of(tokens: list[Token], extra_words: dict[str, W] | None = None) -> list[Piece]:
    """The typed pieces of a message; `extra_words` are those of the room's profile."""
    shouting = _is_shouting(tokens)
    out: list[Piece] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        kind = token.kind
        if kind == "word":
            index = _read_word(tokens, index, out, shouting, extra_words)
        elif kind == "number":
            index = _read_number(tokens, index, out)
        else:
            index = _read_other(tokens, index, out)
    return out


def _is_shouting(tokens: list[Token]) -> bool:
    """Whether the message is written in capitals, so that capitals say nothing about symbols."""
    words = [token.text for token in tokens if token.kind == "word" and len(token.text) > 2]
    return len(words) >= 5 and sum(1 for word in words if word.isupper()) * 10 >= len(words) * 7


def _read_word(
    tokens: list[Token], index: int, out: list[Piece], shouting: bool, extra_words: dict[str, W] | None
) -> int:
    token = tokens[index]
    lower = token.text.lower()
    after = _read_phrase(tokens, index, out)
    if after:
        return after
    month = _MONTHS.get(lower)
    if month is not None:
        following = _read_month_day(tokens, index, month, out)
        if following:
            return following
    cls_found = (extra_words.get(lower) if extra_words else None) or WORDS.get(lower)
    if cls_found is not None and not _is_ticker_before_strike(tokens, index, out):
        value: object = _RIGHTS.get(lower, lower)
        if cls_found is W.FRACTION:
            value = _FRACTION_WORDS[lower]
        kind: str = cls_found
        if cls_found is W.RIGHT and len(lower) == 1:
            kind, value = P.LETTER, lower.upper()
        out.append(Piece(kind, value, token.start, token.end, lower, token.glued))
        return index + 1
    out.append(_symbol_or_other(tokens, index, out, shouting, lower))
    return index + 1


def _read_phrase(tokens: list[Token], index: int, out: list[Piece]) -> int:
    """The longest phrase of the lexicon that starts here: the index after it, or 0."""
    token = tokens[index]
    lower = token.text.lower()
    for rest, cls in _PHRASES.get(lower, ()):
        last = index + len(rest)
        if last < len(tokens) and all(tokens[index + 1 + k].text.lower() == word for k, word in enumerate(rest)):
            text = " ".join((lower, *rest))
            out.append(Piece(cls, text, token.start, tokens[last].end, text, token.glued))
            return last + 1
    return 0


def _is_ticker_before_strike(tokens: list[Token], index: int, out: list[Piece]) -> bool:
    """`NOW 900c`: a dictionary word in capitals is a ticker when a strike with its right follows at once."""
    token = tokens[index]
    if token.text not in TICKERS or index + 1 >= len(tokens):
        return False
    follower = tokens[index + 1]
    return follower.kind == "number" and follower.suffix in _RIGHTS and not (out and out[-1].kind == P.TICKER)


def _symbol_or_other(tokens: list[Token], index: int, out: list[Piece], shouting: bool, lower: str) -> Piece:
    token = tokens[index]
    text = token.text
    size = len(text)
    if size == 1:
        return Piece(P.LETTER, text.upper(), token.start, token.end, lower, token.glued)
    if any(char.isdigit() for char in text):
        numbered = _numbered_word(token, lower)
        if numbered is not None:
            return numbered
    root = futures_root(text) if size <= 6 else None
    if root is not None:
        slashed = bool(out) and out[-1].kind == P.BAR and token.glued
        return Piece(P.ROOT, root, token.start, token.end, text, token.glued, False, slashed or text.isupper())
    if is_foreign_market(lower):
        return Piece(P.FOREIGN, lower, token.start, token.end, lower, token.glued)
    upper = text.upper()
    if upper in TICKERS and (text.isupper() or lower not in WORDS_THAT_ARE_TICKERS or _is_traded(tokens, index)):
        return Piece(P.TICKER, upper, token.start, token.end, text, token.glued, False, True)
    if text.isupper() and 2 <= size <= 5 and _is_traded(tokens, index):
        return Piece(P.TICKER, upper, token.start, token.end, text, token.glued, False, True)
    if may_be_ticker(text):
        return Piece(P.TICKER, upper, token.start, token.end, text, token.glued, False, False)
    return Piece(P.OTHER, lower, token.start, token.end, lower, token.glued)


def _is_traded(tokens: list[Token], index: int) -> bool:
    """Whether a strike with its right, a date or a word for shares follows, which makes any word a ticker."""
    if index + 1 >= len(tokens):
        return False
    follower = tokens[index + 1]
    if follower.kind in ("slash", "longdate", "strikeright"):
        return True
    if follower.kind == "number":
        return follower.suffix in _RIGHTS or (
            not follower.suffix and index + 2 < len(tokens) and tokens[index + 2].text.lower() in _RIGHTS
        )
    return follower.text.lower() in ("shares", "equity", "stock", "commons")


def _numbered_word(token: Token, lower: str) -> Piece | None:
    """`T1`, `TP2`, `SL1`, `x3`."""
    head = lower.rstrip("0123456789")
    tail = lower[len(head) :]
    if not tail or len(tail) > 4:
        return None
    if head == "x":
        return Piece(P.COUNT, Decimal(tail), token.start, token.end, lower, token.glued)
    if len(tail) == 1 and head in ("t", "tp", "pt", "target", "tgt"):
        return Piece(W.TARGET, int(tail), token.start, token.end, lower, token.glued)
    if len(tail) == 1 and head in ("sl", "stop"):
        return Piece(W.STOP, int(tail), token.start, token.end, lower, token.glued)
    return None


def _read_month_day(tokens: list[Token], index: int, month: int, out: list[Piece]) -> int:
    """`Dec 18`, `Dec 18th`, `Dec 18, 2026`: the index after it, or 0 when no day follows."""
    token = tokens[index]
    at = index + 1
    if at < len(tokens) and tokens[at].text == ".":
        at += 1
    if at >= len(tokens) or not _is_day(tokens[at]):
        return 0
    day = int(tokens[at].value or 0)
    last, year = at, 0
    for follow in (at + 1, at + 2):
        if follow >= len(tokens):
            break
        follower = tokens[follow]
        if follower.kind == "number" and follower.suffix == "" and not follower.dollar and len(follower.text) == 4:
            if follower.text.startswith("20"):
                last, year = follow, int(follower.text)
            break
        if follower.text not in (",", "'"):
            break
    out.append(Piece(P.DATE, (month, day, year), token.start, tokens[last].end, "", token.glued))
    return last + 1


def _is_day(token: Token) -> bool:
    return (
        token.kind == "number"
        and token.text[0].isdigit()
        and token.value is not None
        and len(token.text) <= 4
        and "." not in token.text
        and 1 <= token.value <= 31
        and (token.suffix == "" or token.suffix in _ORDINALS)
    )


def _read_number(tokens: list[Token], index: int, out: list[Piece]) -> int:
    token = tokens[index]
    value, suffix = token.value, token.suffix
    if suffix in _ORDINALS:
        after = _read_phrase(tokens, index, out)
        if after:
            return after
    if suffix:
        out.append(_suffixed_number(token, out))
        return index + 1
    follower = tokens[index + 1] if index + 1 < len(tokens) else None
    if follower is not None:
        taken = _number_with_unit(tokens, index, follower, out)
        if taken:
            return taken
    out.append(Piece(P.NUMBER, value, token.start, token.end, token.text, token.glued, token.dollar))
    return index + 1


def _suffixed_number(token: Token, out: list[Piece]) -> Piece:
    value, suffix, text = token.value, token.suffix, token.text
    kind: str = P.MEASURE
    found: object = value
    if suffix == "%":
        kind = P.PERCENT
    elif suffix in _RIGHTS:
        if out and out[-1].kind == W.AT and suffix in ("c", "cs"):
            kind = P.MEASURE
        else:
            kind, found = P.STRIKE_RIGHT, (value, _RIGHTS[suffix])
    elif suffix in ("dte", "dtes") or (suffix == "days" and value == 0):
        kind = P.DTE
    elif suffix in _COUNT_UNITS:
        kind = P.COUNT
    elif suffix in _GAIN_UNITS:
        kind = P.GAIN
    elif suffix == "r":
        kind = P.R_MULTIPLE
    elif suffix in _ORDINALS:
        kind = P.ORDINAL
    else:
        root = futures_root(text)
        if root is not None:
            return Piece(P.ROOT, root, token.start, token.end, text, token.glued, False, True)
    return Piece(kind, found, token.start, token.end, text, token.glued, token.dollar)


def _number_with_unit(tokens: list[Token], index: int, follower: Token, out: list[Piece]) -> int:
    """A number and the unit in the next token as one piece: the index after it, or 0 when there is no unit."""
    token = tokens[index]
    value = token.value
    assert value is not None
    if follower.kind == "word":
        unit = follower.text.lower()
        if unit in _RIGHTS and (len(unit) > 2 or _ends_strike(tokens, index + 1)):
            previous = out[-1].kind if out else ""
            if value < 20 and not token.dollar and previous not in (P.TICKER, P.DATE, P.SLASH) and len(unit) > 2:
                out.append(Piece(P.COUNT, value, token.start, token.end, token.text, token.glued))
                return index + 1
            return _joined(P.STRIKE_RIGHT, (value, _RIGHTS[unit]), tokens, index, index + 1, out)
        if unit in _COUNT_UNITS and unit != "x":
            return _joined(P.COUNT, value, tokens, index, index + 1, out)
        if unit in ("share", "shares", "shs"):
            out.append(Piece(P.COUNT, value, token.start, token.end, token.text, token.glued))
            return index + 1
        if unit in _GAIN_UNITS and unit != "pt" and unit != "pts":
            return _joined(P.GAIN, value, tokens, index, index + 1, out)
        if unit in ("dte", "dtes") or (unit == "days" and value == 0):
            return _joined(P.DTE, value, tokens, index, index + 1, out)
        if unit in ("pips", "bps", "min", "mins", "minute", "minutes", "ema", "sma", "ma", "am", "pm", "cents", "cent"):
            return _joined(P.MEASURE, value, tokens, index, index + 1, out)
        if not token.dollar and "." not in token.text and 1 <= value <= 31 and unit in _MONTHS:
            return _read_day_month(tokens, index, out)
    elif follower.text == "/" and index + 2 < len(tokens) and tokens[index + 2].text.lower() in _COUNT_UNITS:
        return _joined(P.GAIN, value, tokens, index, index + 2, out)
    elif follower.text == "%":
        return _joined(P.PERCENT, value, tokens, index, index + 1, out)
    elif follower.text == ":" and follower.glued and value <= 24 and index + 2 < len(tokens):
        minutes = tokens[index + 2]
        if minutes.glued and minutes.kind == "number" and len(minutes.text) - len(minutes.suffix) == 2:
            return _joined(P.MEASURE, value, tokens, index, index + 2, out)
    elif follower.text == "-" and follower.glued and index + 2 < len(tokens):
        day = tokens[index + 2]
        after = out[-1].kind if out else ""
        if (
            day.glued and _is_day(day) and day.suffix == "" and not token.dollar and 1 <= value <= 12
            and "." not in token.text and after in (P.TICKER, P.STRIKE_RIGHT, W.EXPIRY, W.RIGHT)
        ):  # fmt: skip
            return _joined(P.DATE, (int(value), int(day.value or 0), 0), tokens, index, index + 2, out)
    return 0


def _ends_strike(tokens: list[Token], index: int) -> bool:
    """Whether a lone C or P after a number is its right: nothing but a number, mark, date or the end may follow."""
    follower = tokens[index + 1] if index + 1 < len(tokens) else None
    return follower is None or follower.kind != "word" or follower.text.lower() in WORDS or follower.text.isupper()


def _read_day_month(tokens: list[Token], index: int, out: list[Piece]) -> int:
    """`15 Mar`, `15 Mar 24`, `15 Mar 2024`."""
    month, year, last = _MONTHS[tokens[index + 1].text.lower()], 0, index + 1
    if month == 5 and not tokens[index + 1].text[0].isupper():
        return 0
    if index + 2 < len(tokens):
        follower = tokens[index + 2]
        if follower.kind == "number" and not follower.suffix and not follower.dollar and follower.text.isdigit():
            if len(follower.text) == 4 and follower.text.startswith("20"):
                last, year = index + 2, int(follower.text)
            elif len(follower.text) == 2 and 20 <= int(follower.text) <= 40:
                last, year = index + 2, 2000 + int(follower.text)
    value = tokens[index].value
    return _joined(P.DATE, (month, int(value or 0), year), tokens, index, last, out)


def _joined(kind: str, value: object, tokens: list[Token], first: int, last: int, out: list[Piece]) -> int:
    head, tail = tokens[first], tokens[last]
    text = " ".join(token.text for token in tokens[first : last + 1])
    out.append(Piece(kind, value, head.start, tail.end, text, head.glued, head.dollar))
    return last + 1


def _read_other(tokens: list[Token], index: int, out: list[Piece]) -> int:
    token = tokens[index]
    kind, text = token.kind, token.text
    found: Piece
    if kind == "mark":
        if text == "@" or text == "~":
            found = Piece(W.AT, "@", token.start, token.end, text, token.glued)
        elif text == "&":
            found = Piece(W.AND, "&", token.start, token.end, text, token.glued)
        elif text == "=":
            found = Piece(W.IS, "=", token.start, token.end, text, token.glued)
        else:
            found = Piece(_MARKS.get(text, P.SIGN), text, token.start, token.end, text, token.glued)
    elif kind == "slash":
        first, second = text.split("/")
        found = Piece(P.SLASH, (int(first), int(second)), token.start, token.end, text, token.glued)
    elif kind == "longdate":
        found = Piece(P.DATE, _long_date(text), token.start, token.end, text, token.glued)
    elif kind == "ticker":
        found = _dollar_ticker(token)
    elif kind == "strikeright":
        if out and out[-1].kind == W.AT:
            found = Piece(P.NUMBER, Decimal(text[1:]), token.start + 1, token.end, text[1:], token.glued)
        else:
            value = (Decimal(text[1:]), _RIGHTS[text[0].lower()])
            found = Piece(P.STRIKE_RIGHT, value, token.start, token.end, text, token.glued)
    elif kind == "breakeven":
        found = Piece(W.BREAK_EVEN, "b/e", token.start, token.end, text, token.glued)
    elif kind == "fraction":
        found = Piece(W.FRACTION, _FRACTION_SIGNS[text], token.start, token.end, text, token.glued)
    else:
        found = Piece(_OTHER_KINDS.get(kind, P.SIGN), text, token.start, token.end, text, token.glued)
    out.append(found)
    return index + 1


_OTHER_KINDS: dict[str, str] = {"newline": P.NEWLINE, "mention": P.MENTION, "url": P.URL, "arrow": P.ARROW,
                "broken": P.BROKEN, "occ": P.OCC, "thirtyseconds": P.BROKEN, "alike": P.OTHER}  # fmt: skip


def _dollar_ticker(token: Token) -> Piece:
    name = token.text[1:].upper()
    root = futures_root(name)
    if root is not None and name not in TICKERS:
        return Piece(P.ROOT, root, token.start, token.end, token.text, token.glued, False, True)
    return Piece(P.TICKER, name, token.start, token.end, token.text, token.glued, True, True)


def _long_date(text: str) -> tuple[int, int, int]:
    """Month, day and year of `2026-12-18`, `12/18/26` or `12-18-2026`."""
    a, b, c = (int(part) for part in text.replace("-", "/").split("/"))
    if a > 31:
        return b, c, a
    return a, b, c if c > 99 else 2000 + c
