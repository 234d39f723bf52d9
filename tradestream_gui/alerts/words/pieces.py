"""Tokens to typed pieces: lexicon classes and phrases, symbols, strikes with their right, dates, counts, gains."""

from decimal import Decimal
from fractions import Fraction

from tradestream_gui.alerts.words.card_labels import LABELS, read_label, starts_cell
from tradestream_gui.alerts.words.lexicon import WORDS, W
from tradestream_gui.alerts.words.phrases import PHRASES
from tradestream_gui.alerts.words.piece_kinds import P, Piece
from tradestream_gui.alerts.words.piece_numbers import (
    MONTHS,
    ORDINALS,
    RIGHTS,
    day_of_month,
    glued_year,
    is_day,
    number_with_unit,
    read_compact_date,
    read_day_month,
    read_month_alone,
    read_month_day,
    suffixed_number,
)
from tradestream_gui.alerts.words.piece_words import is_subject, read_short_word
from tradestream_gui.alerts.words.symbols import (
    ROOTS_WITH_32NDS,
    TICKERS,
    WORDS_THAT_ARE_TICKERS,
    futures_root,
    is_foreign_market,
    may_be_ticker,
)
from tradestream_gui.alerts.words.tokens import Token


def _phrases_by_first_word() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Phrases by their first word, the longest first."""
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, cls in PHRASES.items():
        first, *rest = phrase.split(" ")
        table.setdefault(first, []).append((tuple(rest), cls))
    return {first: tuple(sorted(found, key=lambda row: -len(row[0]))) for first, found in table.items()}


_PHRASES = _phrases_by_first_word()
_new = tuple.__new__
"""Makes a piece without the keyword handling of its class, where many are made."""

_FRACTION_SIGNS = {"\u00bd": Fraction(1, 2), "\u00bc": Fraction(1, 4), "\u00be": Fraction(3, 4),
                   "\u2153": Fraction(1, 3), "\u2154": Fraction(2, 3)}  # fmt: skip


_FRACTION_WORDS = {"half": Fraction(1, 2), "halves": Fraction(1, 2), "halfs": Fraction(1, 2), "third": Fraction(1, 3),
                   "quarter": Fraction(1, 4)}  # fmt: skip


_MARKS: dict[str, str] = {
    ".": P.END, "!": P.END, ";": P.END, "?": P.ASK, ",": P.COMMA, "-": P.DASH, ":": P.COLON, "|": P.PIPE, "/": P.BAR,
    "(": P.OPENING, ")": P.CLOSING, "[": P.OPENING, "]": P.CLOSING, "+": P.PLUS, "*": P.STAR, "\u2014": P.DASH,
    "@": W.AT, "~": W.AT, "&": W.AND, "=": W.IS,
}  # fmt: skip


def pieces_of(tokens: list[Token], extra_words: dict[str, str] | None = None) -> list[Piece]:
    """The typed pieces of a message; `extra_words` are those of the room's profile."""
    shouting: list[bool] = []
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
    return out[3:] if _is_tagged(out) else out


def _is_tagged(out: list[Piece]) -> bool:
    """`[NQBOT] EXIT LONG ...`: a bracket with one unknown word at the head names the poster."""
    return len(out) > 3 and out[0].text == "[" and out[1].kind == P.OTHER and out[2].text == "]"


def _is_loud(tokens: list[Token], known: list[bool]) -> bool:
    """Whether the message is written in capitals, worked out at the first word that asks."""
    if not known:
        known.append(_is_shouting(tokens))
    return known[0]


def _is_shouting(tokens: list[Token]) -> bool:
    """Whether the message is written in capitals, so that capitals say nothing about symbols."""
    words = [token.text for token in tokens if token.kind == "word" and len(token.text) > 2 and token.text.isalpha()]
    return len(words) >= 5 and sum(1 for word in words if word.isupper()) * 10 >= len(words) * 7


def _read_word(
    tokens: list[Token], index: int, out: list[Piece], shouting: list[bool], extra_words: dict[str, str] | None
) -> int:
    token = tokens[index]
    lower = token.text.lower()
    if lower in LABELS and starts_cell(out):
        after = read_label(tokens, index, lower, out)
        if after:
            return after
    if lower in _PHRASES:
        after = _read_phrase(tokens, index, out)
        if after:
            return after
    month = MONTHS.get(lower)
    if month is not None:
        following = read_month_day(tokens, index, month, out) or read_month_alone(tokens, index, month, out)
        if following:
            return following
    after = read_short_word(tokens, index, lower, out)
    if after:
        return after
    if lower in PRICE_LABELS and _labels_number(tokens, index):
        out.append(Piece(W.AT, lower, token.start, tokens[index + 1].end, lower, token.glued))
        return index + 2
    cls_found = (extra_words.get(lower) if extra_words else None) or WORDS.get(lower)
    if cls_found is not None and not _is_ticker_before_strike(tokens, index, out):
        value: object = RIGHTS.get(lower, lower)
        if cls_found is W.FRACTION:
            value = _FRACTION_WORDS[lower]
        kind: str = cls_found
        if cls_found is W.RIGHT and len(lower) == 1:
            kind, value = P.LETTER, lower.upper()
        out.append(_new(Piece, (kind, value, token.start, token.end, lower, token.glued, False, False)))
        return index + 1
    if lower[:2] == "ts" and lower[2:].isdigit() and index + 1 < len(tokens) and tokens[index + 1].text == "%":
        out.append(Piece(P.TRAIL, Decimal(lower[2:4]), token.start, tokens[index + 1].end, lower, token.glued))
        return index + 2
    found = _symbol_or_other(tokens, index, out, shouting, lower)
    if found.kind == P.DATE:
        return glued_year(tokens, index, found, out)
    out.append(found)
    return index + 1


PRICE_LABELS = frozenset(("price", "premium", "cost", "paid", "debit", "px", "fill", "filled"))
"""Words that with a colon and a number behind them name a price."""


def _labels_number(tokens: list[Token], index: int) -> bool:
    return (
        index + 2 < len(tokens)
        and tokens[index + 1].text in (":", "=")
        and (tokens[index + 2].kind == "number" or tokens[index + 2].text in ("@", "$"))
    )


def _read_phrase(tokens: list[Token], index: int, out: list[Piece]) -> int:
    """The longest phrase of the lexicon that starts here: the index after it, or 0."""
    token = tokens[index]
    lower = token.text.lower()
    for rest, cls in _PHRASES.get(lower, ()):
        last = index + len(rest)
        if last >= len(tokens) or tokens[index + 1].text.lower() != rest[0]:
            continue
        if len(rest) < 2 or [each.text.lower() for each in tokens[index + 1 : last + 1]] == list(rest):
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
    return follower.kind == "number" and follower.suffix in RIGHTS and not (out and out[-1].kind == P.TICKER)


def _symbol_or_other(tokens: list[Token], index: int, out: list[Piece], shouting: list[bool], lower: str) -> Piece:
    token = tokens[index]
    text = token.text
    size = len(text)
    if size == 1 and text.isupper() and text in TICKERS and _is_traded(tokens, index):
        return Piece(P.TICKER, text, token.start, token.end, text, token.glued, False, True)
    if size == 1:
        return Piece(P.LETTER, text.upper(), token.start, token.end, lower, token.glued)
    if not text.isalpha():
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
    if may_be_ticker(text) and not _is_loud(tokens, shouting):
        return Piece(P.TICKER, upper, token.start, token.end, text, token.glued, False, False)
    if is_subject(tokens, index, lower, out):
        return Piece(P.TICKER, upper, token.start, token.end, text, token.glued, False, True)
    return Piece(P.OTHER, lower, token.start, token.end, lower, token.glued)


def _is_traded(tokens: list[Token], index: int) -> bool:
    """Whether a strike with its right, a date or a word for shares follows, which makes any word a ticker."""
    if index + 1 >= len(tokens):
        return False
    follower = tokens[index + 1]
    if follower.kind in ("slash", "longdate", "strikeright"):
        return True
    if follower.kind == "number":
        return follower.suffix in RIGHTS or (
            not follower.suffix and index + 2 < len(tokens) and tokens[index + 2].text.lower() in RIGHTS
        )
    return follower.text.lower() in ("shares", "equity", "stock", "commons")


def _numbered_word(token: Token, lower: str) -> Piece | None:
    """`T1`, `TP2`, `SL1`, `x3`."""
    head = lower.rstrip("0123456789")
    tail = lower[len(head) :]
    if not tail or len(tail) > 4:
        return None
    if head in MONTHS and len(tail) <= 2 and 1 <= int(tail) <= 31:
        return Piece(P.DATE, (MONTHS[head], int(tail), 0), token.start, token.end, lower, token.glued)
    if head == "x":
        return Piece(P.COUNT, Decimal(tail), token.start, token.end, lower, token.glued)
    if len(tail) == 1 and head in ("t", "tp", "pt", "target", "tgt"):
        return Piece(W.TARGET, int(tail), token.start, token.end, lower, token.glued)
    if len(tail) == 1 and head in ("sl", "stop"):
        return Piece(W.STOP, int(tail), token.start, token.end, lower, token.glued)
    return None


def _read_number(tokens: list[Token], index: int, out: list[Piece]) -> int:
    token = tokens[index]
    value, suffix = token.value, token.suffix
    if suffix in ORDINALS:
        after = _read_phrase(tokens, index, out)
        if after:
            return after
    if not suffix and _is_signed_count(tokens, index, out):
        out.append(Piece(P.COUNT, value, token.start, token.end, token.text, token.glued))
        return index + 1
    if suffix == "ts" and index + 1 < len(tokens) and tokens[index + 1].suffix == "%":
        trail = tokens[index + 1]
        out.append(Piece(P.NUMBER, value, token.start, token.end - 2, token.text[:-2], token.glued, token.dollar))
        out.append(Piece(P.TRAIL, trail.value, token.end - 2, trail.end, "", True))
        return index + 2
    if suffix in MONTHS:
        return day_of_month(tokens, index, out)
    if suffix in ORDINALS and index + 1 < len(tokens) and tokens[index + 1].text.lower() in MONTHS and is_day(token):
        return read_day_month(tokens, index, out)
    if suffix:
        out.append(suffixed_number(token, out))
        return index + 1
    if len(token.text) == 8 and read_compact_date(token, out):
        return index + 1
    follower = tokens[index + 1] if index + 1 < len(tokens) else None
    if follower is not None:
        taken = number_with_unit(tokens, index, follower, out)
        if taken:
            return taken
    row = (P.NUMBER, value, token.start, token.end, token.text, token.glued, token.dollar, False)
    out.append(_new(Piece, row))
    return index + 1


def _is_signed_count(tokens: list[Token], index: int, out: list[Piece]) -> bool:
    """`| +2 @ 3.10`, `BOT +3 .MU...`, `SOLD -2 MU`: the signed count of an execution."""
    token = tokens[index]
    if not token.glued or len(out) < 2 or out[-1].kind not in (P.PLUS, P.DASH) or not token.text.isdigit():
        return False
    if len(token.text) > 4 or index + 1 >= len(tokens):
        return False
    follower = tokens[index + 1]
    if out[-2].kind == P.PIPE:
        return follower.text == "@"
    return out[-2].kind in (W.BUY, W.SELL) and follower.kind in ("word", "occ", "ticker")


def _read_other(tokens: list[Token], index: int, out: list[Piece]) -> int:
    token = tokens[index]
    kind, text = token.kind, token.text
    simple = _MARKS.get(text, P.SIGN) if kind == "mark" else _OTHER_KINDS.get(kind)
    if simple == P.SIGN and text in _LEVEL_SIGNS and index + 1 < len(tokens) and tokens[index + 1].kind == "number":
        simple = _LEVEL_SIGNS[text]
    if simple is not None:
        out.append(_new(Piece, (simple, text, token.start, token.end, text, token.glued, False, False)))
        return index + 1
    found: Piece
    if kind == "slash":
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
            value = (Decimal(text[1:]), RIGHTS[text[0].lower()])
            found = Piece(P.STRIKE_RIGHT, value, token.start, token.end, text, token.glued)
    elif kind == "breakeven":
        found = Piece(
            W.BREAK_EVEN if text[0] in "bB" else W.STOP, text.lower(), token.start, token.end, text, token.glued
        )
    elif kind == "fraction":
        found = Piece(W.FRACTION, _FRACTION_SIGNS[text], token.start, token.end, text, token.glued)
    elif kind == "thirtyseconds":
        found = _thirty_seconds(tokens, token)
    else:
        found = Piece(P.SIGN, text, token.start, token.end, text, token.glued)
    out.append(found)
    return index + 1


_LEVEL_SIGNS = {"\U0001f3af": W.TARGET, "\U0001f6d1": W.STOP}
"""A dart board or a stop sign right before a number."""
_OTHER_KINDS: dict[str, str] = {"newline": P.NEWLINE, "mention": P.MENTION, "url": P.URL, "arrow": P.ARROW,
                "broken": P.BROKEN, "occ": P.OCC, "alike": P.OTHER}  # fmt: skip


def _thirty_seconds(tokens: list[Token], token: Token) -> Piece:
    """`112'16`, `112'16.5`, `112'16+`: points and 32nds where the message names such a contract; else unreadable."""
    if not any(each.kind == "word" and each.text[:2].upper() in ROOTS_WITH_32NDS for each in tokens[:MAX_NAMES]):
        return Piece(P.BROKEN, token.text, token.start, token.end, token.text, token.glued)
    points, _, parts = token.text.partition("'")
    parts = parts.removesuffix("+") + (".5" if parts.endswith("+") and "." not in parts else "")
    value = Decimal(points) + Decimal(parts) / 32
    if Decimal(parts) >= 32:
        return Piece(P.BROKEN, token.text, token.start, token.end, token.text, token.glued)
    return Piece(P.NUMBER, value, token.start, token.end, token.text.replace("'", "."), token.glued)


MAX_NAMES = 60
"""A future priced in 32nds is named near the head of its alert; the limit bounds the work."""


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
