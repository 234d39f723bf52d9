"""Words that are instruments: futures roots, tickers, markets not traded here, and numbered words such as `T1`."""

from decimal import Decimal

from tradestream_gui.alerts.words.company_names import COMPANIES
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P, Piece
from tradestream_gui.alerts.words.piece_numbers import MONTHS, RIGHTS
from tradestream_gui.alerts.words.piece_words import is_subject
from tradestream_gui.alerts.words.symbols import (
    FUTURES_ROOTS,
    TICKERS,
    WORDS_THAT_ARE_TICKERS,
    futures_root,
    is_foreign_market,
    may_be_ticker,
)
from tradestream_gui.alerts.words.tokens import Token

_new = tuple.__new__
"""Makes a piece without the keyword handling of its class."""
_SURE_TICKERS = frozenset(
    ticker
    for ticker in TICKERS
    if len(ticker) > 1 and ticker.isalpha() and ticker not in FUTURES_ROOTS and not is_foreign_market(ticker.lower())
)
"""Tickers that as they are written here, in capitals, can be nothing else."""


_BEFORE_SIZE = frozenset((P.COLON, P.NUMBER, P.PIPE, P.NEWLINE, P.COMMA, P.DASH, P.OPENING, W.SIZE, P.BAR))
"""Behind one of these a lone letter may be a size; elsewhere a small "a" is the article."""


def is_ticker_before_strike(tokens: list[Token], index: int, out: list[Piece]) -> bool:
    """`NOW 900c`: a dictionary word in capitals is a ticker when a strike with its right follows at once."""
    token = tokens[index]
    if token.text not in TICKERS or index + 1 >= len(tokens):
        return False
    follower = tokens[index + 1]
    return follower.kind == "number" and follower.suffix in RIGHTS and not (out and out[-1].kind == P.TICKER)


def symbol_or_other(tokens: list[Token], index: int, out: list[Piece], shouting: list[bool], lower: str) -> Piece:
    """The piece of a word that the lexicon lacks; `shouting` keeps whether the message is in capitals."""
    token = tokens[index]
    _, text, start, end, _, _, _, glued = token
    if text in _SURE_TICKERS:
        return _new(Piece, (P.TICKER, text, start, end, text, glued, False, True))
    size = len(text)
    if size == 1 and text.isupper() and text in TICKERS and _is_traded(tokens, index):
        return Piece(P.TICKER, text, token.start, token.end, text, token.glued, False, True)
    if size == 1 and text.isupper() and text in TICKERS and out and out[-1].kind == W.SHARES:
        return Piece(P.TICKER, text, token.start, token.end, text, token.glued, False, True)
    if text == "a" and not (out and out[-1].kind in _BEFORE_SIZE):
        return _new(Piece, (P.OTHER, text, start, end, text, glued, False, False))
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
    company = COMPANIES.get(lower)
    if company is not None and _is_option_of(tokens, index):
        return Piece(P.TICKER, company, token.start, token.end, text, token.glued, False, True)
    if may_be_ticker(text) and not _is_loud(tokens, shouting):
        return Piece(P.TICKER, upper, token.start, token.end, text, token.glued, False, False)
    if is_subject(tokens, index, lower, out):
        return Piece(P.TICKER, upper, token.start, token.end, text, token.glued, False, True)
    return _new(Piece, (P.OTHER, lower, start, end, lower, glued, False, False))


def dollar_ticker(token: Token) -> Piece:
    """`$AMD`, `$ES`: a symbol without doubt."""
    name = token.text[1:].upper()
    root = futures_root(name)
    if root is not None and name not in TICKERS:
        return Piece(P.ROOT, root, token.start, token.end, token.text, token.glued, False, True)
    return Piece(P.TICKER, name, token.start, token.end, token.text, token.glued, True, True)


def _is_loud(tokens: list[Token], known: list[bool]) -> bool:
    """Whether the message is written in capitals, worked out at the first word that asks."""
    if not known:
        known.append(_is_shouting(tokens))
    return known[0]


def _is_shouting(tokens: list[Token]) -> bool:
    """Whether the message is written in capitals, so that capitals say nothing about symbols."""
    words = [token.text for token in tokens if token.kind == "word" and len(token.text) > 2 and token.text.isalpha()]
    return len(words) >= 5 and sum(1 for word in words if word.isupper()) * 10 >= len(words) * 7


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


def _is_option_of(tokens: list[Token], index: int) -> bool:
    """`Exxon calls`, `Disney 118c`: an option follows, so that the company's name stands for its symbol."""
    if _is_traded(tokens, index):
        return True
    return index + 1 < len(tokens) and tokens[index + 1].text.lower() in ("calls", "puts", "call", "put")


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
