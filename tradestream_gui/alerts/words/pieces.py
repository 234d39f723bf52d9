"""Tokens to typed pieces: lexicon classes and phrases, symbols, strikes with their right, dates, counts, gains."""

from decimal import Decimal
from fractions import Fraction

from tradestream_gui.alerts.words.card_labels import LABELS, read_label, starts_cell
from tradestream_gui.alerts.words.lexicon import WORDS, W, words_of
from tradestream_gui.alerts.words.phrases import FOLLOWERS
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
from tradestream_gui.alerts.words.piece_symbols import dollar_ticker, is_ticker_before_strike, symbol_or_other
from tradestream_gui.alerts.words.piece_words import SHORT_WORDS, read_short_word
from tradestream_gui.alerts.words.slips import SLIPS
from tradestream_gui.alerts.words.symbols import ROOTS_WITH_32NDS, TICKERS
from tradestream_gui.alerts.words.tokens import Token

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


PRICE_LABELS = frozenset(("price", "premium", "cost", "paid", "debit", "px", "fill", "filled"))
"""Words that with a colon and a number behind them name a price."""
_HOOKS = frozenset((*LABELS, *FOLLOWERS, *MONTHS, *SHORT_WORDS, *PRICE_LABELS))
"""Words whose neighbours may make something else of them."""


def _value_of(lower: str, cls: str) -> tuple[str, object]:
    """Kind and value of a word of the lexicon."""
    if cls is W.FRACTION:
        return cls, _FRACTION_WORDS[lower]
    if cls is W.RIGHT and len(lower) == 1:
        return P.LETTER, lower.upper()
    return cls, RIGHTS.get(lower, lower)


_LEXICON = {word: _value_of(word, cls) for word, cls in WORDS.items()}
_PLAIN = {word: told for word, told in _LEXICON.items() if word not in _HOOKS and word.upper() not in TICKERS}
"""Words that mean one thing wherever they stand."""


def pieces_of(tokens: list[Token], extra_words: dict[str, str] | None = None) -> list[Piece]:
    """The typed pieces of a message; `extra_words` are those of the room's profile."""
    shouting: list[bool] = []
    out: list[Piece] = []
    index = 0
    end = len(tokens)
    while index < end:
        token = tokens[index]
        kind, text, start, stop, _, _, _, glued = token
        if kind == "word":
            lower = text.lower()
            plain = _PLAIN.get(lower)
            if plain is not None and not (extra_words and lower in extra_words):
                out.append(_new(Piece, (plain[0], plain[1], start, stop, lower, glued, False, False)))
                index += 1
            else:
                index = _read_word(tokens, index, lower, out, shouting, extra_words)
        elif kind == "number":
            index = _read_number(tokens, index, out)
        elif kind == "newline" or (kind == "mark" and text in _MARKS):
            out.append(_new(Piece, (_MARKS.get(text, P.NEWLINE), text, start, stop, text, glued, False, False)))
            index += 1
        else:
            index = _read_other(tokens, index, out)
    return out[_tag_length(out) :]


def _tag_length(out: list[Piece]) -> int:
    """`[NQBOT] EXIT LONG ...`, `Robin → opened ...`, `**Dan**: long ... @role`: how many pieces name the poster."""
    if len(out) < 4:
        return 0
    if out[0].text == "[" and out[1].kind == P.OTHER and out[2].text == "]":
        return 3
    if out[0].kind == P.OTHER and out[1].kind == P.COLON and not out[1].glued and out[0].text not in _HEADINGS:
        return 2 if any(piece.kind == P.MENTION for piece in out) else 0
    return 2 if out[0].kind == P.OTHER and out[1].kind == P.ARROW else 0


_HEADINGS = words_of(
    """
    strategy question rumor rumour note notes news update homework poll context today theory method approach quote
    story background structure logic why tomorrow reminder caution warning disclaimer hint fact
    """
)
"""In bold before a colon these head a text; any other single word there names the member whose alert is passed on."""


def _read_word(
    tokens: list[Token],
    index: int,
    lower: str,
    out: list[Piece],
    shouting: list[bool],
    extra_words: dict[str, str] | None,
) -> int:
    lower = SLIPS.get(lower, lower)
    if lower in _HOOKS:
        after = _read_hooked(tokens, index, lower, out)
        if after:
            return after
    extra = extra_words.get(lower) if extra_words else None
    told = _value_of(lower, extra) if extra else _LEXICON.get(lower)
    if told is not None and not is_ticker_before_strike(tokens, index, out):
        _, _, start, end, _, _, _, glued = tokens[index]
        out.append(_new(Piece, (*told, start, end, lower, glued, False, False)))
        return index + 1
    if lower[:2] == "ts" and lower[2:].isdigit() and index + 1 < len(tokens) and tokens[index + 1].text == "%":
        token = tokens[index]
        out.append(Piece(P.TRAIL, Decimal(lower[2:4]), token.start, tokens[index + 1].end, lower, token.glued))
        return index + 2
    found = symbol_or_other(tokens, index, out, shouting, lower)
    if found.kind == P.DATE:
        return glued_year(tokens, index, found, out)
    out.append(found)
    return index + 1


def _read_hooked(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """A label of a card, a phrase, a month or a word that its neighbours turn: the index after it, or 0."""
    if lower in LABELS and starts_cell(out):
        after = read_label(tokens, index, lower, out)
        if after:
            return after
    if lower in FOLLOWERS:
        after = _read_phrase(tokens, index, lower, out)
        if after:
            return after
    month = MONTHS.get(lower)
    if month is not None:
        after = read_month_day(tokens, index, month, out) or read_month_alone(tokens, index, month, out)
        if after:
            return after
    if lower in SHORT_WORDS:
        after = read_short_word(tokens, index, lower, out)
        if after:
            return after
    if lower == "price" and out and out[-1].kind in _BEFORE_PRICE and _is_premium_next(tokens, index):
        token = tokens[index]
        out.append(Piece(W.AT, lower, token.start, token.end, lower, token.glued))
        return index + 1
    if lower in PRICE_LABELS and _labels_number(tokens, index):
        token = tokens[index]
        out.append(Piece(W.AT, lower, token.start, tokens[index + 1].end, lower, token.glued))
        return index + 2
    return 0


_BEFORE_PRICE = frozenset((P.COMMA, P.STRIKE_RIGHT, P.DATE, P.SLASH, P.PIPE, P.DASH, W.EXPIRY))


def _is_premium_next(tokens: list[Token], index: int) -> bool:
    """`AMD 240 call 20 Nov, price 2.10`: a number with decimals behind the word."""
    follower = tokens[index + 1] if index + 1 < len(tokens) else None
    return follower is not None and follower.kind == "number" and "." in follower.text and not follower.suffix


def _labels_number(tokens: list[Token], index: int) -> bool:
    return (
        index + 2 < len(tokens)
        and tokens[index + 1].text in (":", "=")
        and (tokens[index + 2].kind == "number" or tokens[index + 2].text in ("@", "$"))
    )


_NONE: tuple[tuple[list[str], str, str], ...] = ()


def _read_phrase(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """The longest phrase of the lexicon that starts here: the index after it, or 0."""
    if index + 1 >= len(tokens):
        return 0
    token = tokens[index]
    for rest, cls, text in FOLLOWERS[lower].get(tokens[index + 1].text.lower(), _NONE):
        last = index + 1 + len(rest)
        if last >= len(tokens):
            continue
        if not rest or [each.text.lower() for each in tokens[index + 2 : last + 1]] == rest:
            out.append(Piece(cls, text, token.start, tokens[last].end, text, token.glued))
            return last + 1
    return 0


def _read_number(tokens: list[Token], index: int, out: list[Piece]) -> int:
    token = tokens[index]
    _, text, start, end, value, dollar, suffix, glued = token
    if suffix:
        return _read_suffixed(tokens, index, out)
    if glued and _is_signed_count(tokens, index, out):
        out.append(Piece(P.COUNT, value, start, end, text, True))
        return index + 1
    if len(text) == 8 and read_compact_date(token, out):
        return index + 1
    if index + 1 < len(tokens):
        follower = tokens[index + 1]
        if follower.kind == "word" or follower.text in _UNIT_MARKS:
            taken = number_with_unit(tokens, index, follower, out)
            if taken:
                return taken
    out.append(_new(Piece, (P.NUMBER, value, start, end, text, glued, dollar, False)))
    return index + 1


_UNIT_MARKS = frozenset(("/", "%", ":", "-"))
"""Marks that may join a number with what follows."""


def _read_suffixed(tokens: list[Token], index: int, out: list[Piece]) -> int:
    token = tokens[index]
    suffix = token.suffix
    if suffix in ORDINALS:
        lower = token.text.lower()
        after = _read_phrase(tokens, index, lower, out) if lower in FOLLOWERS else 0
        if after:
            return after
        if index + 1 < len(tokens) and tokens[index + 1].text.lower() in MONTHS and is_day(token):
            return read_day_month(tokens, index, out)
    elif suffix == "ts" and index + 1 < len(tokens) and tokens[index + 1].suffix == "%":
        trail = tokens[index + 1]
        out.append(Piece(P.NUMBER, token.value, token.start, token.end - 2, token.text[:-2], token.glued, token.dollar))
        out.append(Piece(P.TRAIL, trail.value, token.end - 2, trail.end, "", True))
        return index + 2
    elif suffix in MONTHS:
        return day_of_month(tokens, index, out)
    out.append(suffixed_number(token, out))
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
    if simple == P.SIGN and text in _LEVEL_SIGNS and _leads_level(tokens, index, out):
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
        found = dollar_ticker(token)
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
"""A dart board or a stop sign right before a number, or at the head of a sentence that puts a level somewhere."""
SIGN_REACH = 9


def _leads_level(tokens: list[Token], index: int, out: list[Piece]) -> bool:
    """`🎯 4.50`, `🛑 up to 3.5 on AMD`, `🎯 on the AMD puts is now 5`."""
    if index + 1 < len(tokens) and tokens[index + 1].kind == "number":
        return True
    if out and out[-1].kind not in (P.NEWLINE, P.END):
        return False
    for at in range(index + 1, min(index + SIGN_REACH, len(tokens))):
        word, before = tokens[at].text, tokens[at - 1].text.lower()
        if tokens[at].kind == "number":
            return before in ("to", "now")
        named = before in ("on", "for", "the") and word.upper() in TICKERS
        if not (named or word.lower() in _ON_THE_WAY):
            return False
    return False


_ON_THE_WAY = frozenset(RIGHTS) | words_of(
    """
    on for the my our is now to up down moved moving move slid raised raising lowered goes new
    """
)
"""What may stand between such a sign and its level."""


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


def _long_date(text: str) -> tuple[int, int, int]:
    """Month, day and year of `2026-12-18`, `12/18/26` or `12-18-2026`."""
    a, b, c = (int(part) for part in text.replace("-", "/").split("/"))
    if a > 31:
        return b, c, a
    return a, b, c if c > 99 else 2000 + c
