"""What stands beside a name, a right, a day or a fraction: whether it is part of a contract at all."""

from collections.abc import Container
from decimal import Decimal

from tradestream_gui.alerts.grammar.contract import Contract
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P, Piece

_SURELY_EXPIRY = ("same day", "weeklies", "monthlies", "next fri", "next friday", "this fri", "this friday")
"""Beside an option these tell its expiry wherever they stand."""
_BESIDE_ROOT = frozenset((
    W.LONG, W.SHORT, W.FLAT, W.ENTER, W.BUY, W.EXIT, W.OUT, W.CLOSE, W.STOPPED, W.TRIM, W.ADD, W.SELL, W.OFF, W.CUT,
))  # fmt: skip
_BESIDE_LETTERS = _BESIDE_ROOT | {W.STOP}
_BESIDE_NAME = _BESIDE_ROOT - {W.BUY, W.ENTER, W.ADD, W.SELL}


def tells_expiry(pieces: list[Piece], index: int, gap: int | None, is_dated: bool) -> bool:
    """A day word is an expiry only right beside a contract or an expiry word; else it is talk. `gap` counts the pieces
    since the last option, None where none is near; `is_dated`: that one has its expiry."""
    text = pieces[index].text
    if text in ("0days", "zeroes", "zerodte", "zero dte"):
        return True
    before, after = _beside(pieces, index, -1), _beside(pieces, index, 1)
    if gap is not None and after in ("", P.NEWLINE, P.END) and " " in text:
        return True
    if gap is not None and not is_dated and text in _SURELY_EXPIRY:
        return True
    if before == P.COLON and index > 1 and pieces[index - 2].kind == W.EXPIRY:
        return True
    if after == W.EXPIRY or before == W.EXPIRY or after in (P.STRIKE_RIGHT, W.RIGHT):
        return True
    if before in (P.STRIKE_RIGHT, W.RIGHT):
        return True
    return before == W.FOR and ((gap is not None and gap <= FOR_REACH) or after == P.COLON)


FOR_REACH = 5
"""`209p @ .75 for tmrw`: how far behind the option a day may stand."""


def ends_position(pieces: list[Piece], index: int) -> bool:
    """`sold the puts`, `out of calls`, `puts stopped out`: the right alone names the position."""
    if len(pieces[index].text) < 3:
        return False
    at = index - 1
    while at >= 0 and (pieces[at].kind in (W.SELF, W.OF) or pieces[at].text in ("the", "last")):
        at -= 1
    after = pieces[index + 1].kind if index + 1 < len(pieces) else ""
    if at == index - 1 and not pieces[index].text.endswith("s"):
        return False
    return (at >= 0 and pieces[at].kind in _ENDINGS) or (at < 0 and after in (W.STOPPED, W.OUT, W.SELL))


_ENDINGS = frozenset((W.SELL, W.OUT, W.EXIT, W.CLOSE, W.CUT, W.TRIM, W.STOPPED))


def is_fraction(pieces: list[Piece], index: int, upper: int, lower: int) -> bool:
    """`1/2` is a part of a position beside words of reducing or size, else a date near an option."""
    if not (0 < upper < lower <= 10 and pieces[index].text[0] != "0"):
        return False
    before = pieces[index - 1].kind if index else ""
    after = pieces[index + 1].kind if index + 1 < len(pieces) else ""
    if after == P.STRIKE_RIGHT or before in (P.STRIKE_RIGHT, W.EXPIRY, W.RIGHT) or after == W.EXPIRY:
        return False
    if before == P.TICKER and after == P.NUMBER:
        return False
    if before == P.OPENING and after == P.CLOSING and lower > 5:
        return False
    if before == P.COLON and index > 1 and pieces[index - 2].kind == W.EXPIRY:
        return False
    return not (before in _BEFORE_DATED and after == P.TICKER and lower > 4)


_BEFORE_DATED = frozenset((
    W.BUY, W.IN, W.ENTER, W.LONG, W.ENTRY, P.COLON, P.NEWLINE, P.SIGN, P.MENTION, P.PIPE, "",
))  # fmt: skip


def has_direction(row: list[str], index: int) -> bool:
    """Whether a direction or an exit word stands beside, which a lower-case root needs to be one."""
    return not _BESIDE_LETTERS.isdisjoint(row[max(0, index - 4) : index + 4])


def beside_side(row: list[str], index: int) -> bool:
    """A market's name counts beside a direction or a word of exit; beside "buy" it is often a spot market."""
    return not _BESIDE_NAME.isdisjoint(row[max(0, index - 3) : index + 4])


def is_managed(row: list[str], index: int) -> bool:
    """`stop on gold to 4047`: the name of a market in an order about its stop or target."""
    return index > 1 and row[index - 1] == W.ON and row[index - 2] in (W.STOP, W.TARGET, W.BREAK_EVEN)


def _beside(pieces: list[Piece], index: int, step: int) -> str:
    at = index + step
    while 0 <= at < len(pieces) and pieces[at].kind in (
        P.MENTION,
        P.OPENING,
        P.CLOSING,
        P.PIPE,
        P.COMMA,
        P.SIGN,
    ):
        at += step
    return pieces[at].kind if 0 <= at < len(pieces) else ""


def strike_follows(pieces: list[Piece], index: int) -> bool:
    return any(piece.kind == P.STRIKE_RIGHT for piece in pieces[index + 1 : index + 3])


def is_strike_before(pieces: list[Piece], at: int, used: Container[int]) -> bool:
    """`some $230 AAPL calls`: the number right before a symbol that its right follows at once."""
    piece = pieces[at] if at >= 0 else None
    if piece is None or piece.kind != P.NUMBER or at in used or not isinstance(piece.value, Decimal):
        return False
    counted = not piece.dollar and piece.value < LEAST_BARE_STRIKE
    priced = at > 0 and pieces[at - 1].kind in (W.AT, W.FOR)
    return not counted and not priced and piece.value % Decimal("0.5") == 0


LEAST_BARE_STRIKE = 20
"""A smaller number without a dollar sign before a symbol is a count."""


def turns_round(row: list[str], index: int, ended: Contract) -> bool:
    """`closed ES long 6825. Short ES 6825`: behind the end of one side the same name begins the other."""
    between = row[ended.last + 1 : index]
    if P.END not in between or not _SIDES.intersection(row[index - 1 : index + 2]):
        return False
    return not _ENDED.isdisjoint(row[max(0, ended.first - 3) : index])


_SIDES = frozenset((W.LONG, W.SHORT))
_ENDED = frozenset((W.CLOSE, W.EXIT, W.OUT, W.STOPPED, W.CUT, W.FLAT))
