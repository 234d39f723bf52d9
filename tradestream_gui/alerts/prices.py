"""Entry and exit prices and quantities: which free number plays which part, by its mark and its place."""

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from tradestream_gui.alerts.contracts import Contract
from tradestream_gui.alerts.lexicon import W
from tradestream_gui.alerts.piece_kinds import P, Piece
from tradestream_gui.alerts.scene import Draft, Scene, Sentence
from tradestream_gui.domain.alerts import PriceRange, Quantity, QuantityUnit

BIG_PREMIUM = 400
"""A free number above this beside an option is a level of the underlying, not a premium."""
MAX_COUNT = 9999
SIZE_LETTERS = ("A", "B", "C")
NUMBER_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}


class Priced(NamedTuple):
    """A price with the pieces it was read from; `marked` when a mark (`@`, `at`, `$`) stood before it."""

    price: Decimal | PriceRange
    first: int
    last: int
    marked: bool
    arrow: bool
    """Whether it came from `a -> b` or `a - b`, which tells a result rather than an entry."""


def find_price(scene: Scene, lo: int, hi: int, contract: Contract | None, exiting: bool) -> Priced | None:
    """The price between two pieces: a marked number wins over a bare one beside the contract or the verb."""
    bare: Priced | None = None
    for index in range(lo, hi):
        piece = scene.pieces[index]
        if piece.kind != P.NUMBER or index in scene.used or not _may_be_price(scene, index, hi, contract):
            continue
        before = scene.kind_at(index - 1)
        if before == P.OPENING and scene.kind_at(index - 2) in (W.AT,):
            before = W.AT
        marked = (
            before in (W.AT, W.FOR, W.FILLED, W.ENTRY)
            or piece.dollar
            or (before in (P.COLON, W.IS) and scene.kind_at(index - 2) in (W.ENTRY, W.AT, W.FILLED))
        )
        found = _with_range(scene, index, hi, marked, exiting)
        if marked:
            return found
        if bare is None and _is_beside(scene, index, lo, contract):
            bare = found
    return bare


def _may_be_price(scene: Scene, index: int, hi: int, contract: Contract | None) -> bool:
    piece = scene.pieces[index]
    value = piece.value
    assert isinstance(value, Decimal)
    if value <= 0:
        return False
    before, after = scene.kind_at(index - 1), scene.kind_at(index + 1) if index + 1 < hi else ""
    if before == W.AVERAGE or (before == P.DASH and scene.kind_at(index - 2) == W.AVERAGE):
        return False
    if after in (W.LEVEL, W.POINTS, W.CONTRACTS, W.SHARES, P.TICKER, P.ROOT, W.AVERAGE) or before in (
        W.AVERAGE,
        W.FROM,
    ):
        return after in (P.TICKER, P.ROOT) and before == W.AT
    if after == W.RIGHT:
        return False
    if before in (W.BELOW, W.ABOVE, W.LEVEL, W.TARGET, W.STOP, W.BREAK, W.LEAVE, W.SIZE) or (
        before in (W.IS, P.COLON) and scene.kind_at(index - 2) in (W.AVERAGE, W.FROM, W.LEVEL, W.WATCH)
    ):
        return False
    if after == P.OTHER and scene.kind_at(index + 2) == W.AVERAGE and before != W.AT:
        return False
    if piece.glued and before in (P.DASH, P.PLUS) and scene.kind_at(index - 2) != P.NUMBER:
        return False
    if contract is not None and contract.strike is not None:
        return value < BIG_PREMIUM and value < contract.strike * 2
    return True


def _with_range(scene: Scene, index: int, hi: int, marked: bool, exiting: bool) -> Priced:
    """`2.45-2.55`, `2.45 to 2.55`, `0.16 - 0.31`, `3.1 -> 4.5`: a range for an entry, the last for an exit."""
    low = scene.pieces[index].value
    assert isinstance(low, Decimal)
    joint = scene.kind_at(index + 1)
    if index + 2 < hi and joint in (P.DASH, P.ARROW, W.TO, P.BAR):
        second = scene.pieces[index + 2]
        if second.kind == P.NUMBER and isinstance(second.value, Decimal) and index + 2 not in scene.used:
            high = second.value
            if joint == P.ARROW or exiting:
                return Priced(high, index + 2, index + 2, marked, True)
            if low < high:
                return Priced(
                    PriceRange(low, high), index, index + 2, marked, joint != P.DASH or high > low * Decimal("1.5")
                )
    decimals = _comma_decimals(scene, index, hi)
    if decimals is not None:
        return Priced(decimals, index, index + 2, marked, False)
    return Priced(low, index, index, marked, False)


def _comma_decimals(scene: Scene, index: int, hi: int) -> Decimal | None:
    """`2,55` after a mark: a decimal comma when exactly two digits follow it and nothing more is listed."""
    if index + 2 >= hi or scene.kind_at(index + 1) != P.COMMA or not scene.pieces[index + 1].glued:
        return None
    first, second = scene.pieces[index], scene.pieces[index + 2]
    if second.kind != P.NUMBER or not second.glued or len(second.text) != 2 or "." in first.text or len(first.text) > 2:
        return None
    if scene.kind_at(index + 3) == P.COMMA:
        return None
    return Decimal(f"{first.text}.{second.text}")


def _is_beside(scene: Scene, index: int, lo: int, contract: Contract | None) -> bool:
    """Whether a bare number stands right after the contract, its expiry or the verb, with no talk between."""
    at = index - 1
    while at >= lo and scene.kind_at(at) in _THIN:
        at -= 1
    if at < lo:
        return contract is None or contract.last == at
    if contract is not None and at <= contract.last and at >= contract.first:
        return True
    return (at in scene.used and scene.kind_at(at) in (P.TICKER, P.ROOT)) or scene.kind_at(at) in _PRICE_AFTER


_THIN = frozenset((
    P.MENTION, P.PIPE, P.COMMA, P.DASH, P.OPENING, P.CLOSING, W.HERE, P.SIGN, P.COLON, W.SIZE_WORD, W.NOW, W.ALL,
    W.EXPIRY, W.MARKET, W.SHARES,
))  # fmt: skip
_PRICE_AFTER = frozenset((
    W.LONG, W.SHORT, W.BUY, W.ENTER, W.IN, W.FILLED, W.TRIM, W.CLOSE, W.EXIT, W.OUT, W.SELL, W.ADD, W.AVERAGED,
    W.STOPPED, W.ENTRY, W.AGAIN, W.TAKE, W.FRACTION, P.SLASH, W.OPEN, P.COUNT,
))  # fmt: skip


def average_price(scene: Scene, lo: int, hi: int) -> Priced | None:
    """`.88 avg`, `AVG - 2398.4` with an entry: the author's own fill."""
    for index in range(lo, hi):
        piece = scene.pieces[index]
        if piece.kind != P.NUMBER or index in scene.used or not isinstance(piece.value, Decimal) or piece.value <= 0:
            continue
        at = index - 1
        while scene.kind_at(at) in (P.DASH, P.COLON, W.IS, W.AT):
            at -= 1
        if scene.kind_at(at) == W.AVERAGE or scene.kind_at(index + 1) == W.AVERAGE:
            return Priced(piece.value, index, index, False, False)
    return None


def number_before(scene: Scene, sentence: Sentence, index: int) -> Priced | None:
    """A premium or price that opens the message before the verb: `29641 averaged down`, `2.34! closing ...`."""
    at = index - 1
    while at >= 0 and (scene.kind_at(at) in _THIN or scene.kind_at(at) in (P.END, W.TARGET, W.HIT, P.OTHER, W.ENTRY)):
        at -= 1
    if at < 0 or at in scene.used or scene.kind_at(at) != P.NUMBER:
        return None
    if any(scene.kind_at(k) not in (P.MENTION, P.SIGN, P.NEWLINE) for k in range(at)):
        return None
    value = scene.pieces[at].value
    assert isinstance(value, Decimal)
    if value <= 0 or ("." not in scene.pieces[at].text and value < 1000):
        return None
    return Priced(value, at, at, False, False)


def entry_quantity(scene: Scene, draft: Draft, lo: int, hi: int) -> None:
    """A count only from a count's place: with a unit, `x3`, or a small whole number between verb and symbol."""
    for index in range(lo, hi):
        piece = scene.pieces[index]
        if piece.kind == P.COUNT and index not in scene.used:
            _set_count(scene, draft, index, piece, "count with unit")
            return
        if piece.kind == P.NUMBER and index not in scene.used and _is_bare_count(scene, index, piece):
            _set_count(scene, draft, index, piece, "count before the symbol")
            return
        if piece.kind == P.LETTER and _is_size_letter(scene, index, piece):
            if piece.value not in SIZE_LETTERS:
                draft.doubt("SIZE_UNKNOWN", f"{piece.value} is no known size letter")
                return
            draft.quantity = Quantity(QuantityUnit.LETTER, None, str(piece.value))
            draft.note("qty", piece, "size letter")
            return


def _set_count(scene: Scene, draft: Draft, index: int, piece: Piece, rule: str) -> None:
    value = piece.value
    if isinstance(value, Decimal) and value == value.to_integral_value() and 0 < value <= MAX_COUNT:
        draft.quantity = Quantity(QuantityUnit.COUNT, Fraction(int(value)))
        draft.note("qty", piece, rule)
        scene.used.add(index)
    else:
        draft.doubt("QUANTITY", f"{piece.text} is no usable quantity")


def _is_bare_count(scene: Scene, index: int, piece: Piece) -> bool:
    """`BTO 2 AAPL`, `long 2 MES`: verb or direction before, symbol after, no mark and no decimals."""
    if piece.dollar or "." in piece.text or "," in piece.text or not _symbol_follows(scene, index):
        return False
    before = scene.kind_at(index - 2 if scene.kind_at(index - 1) == P.OPENING else index - 1)
    return before in (
        W.BUY,
        W.LONG,
        W.SHORT,
        W.ENTER,
        W.IN,
        W.OPEN,
        W.TAKE,
        P.MENTION,
        W.SELL_TO_OPEN,
        W.ADD,
    )


def _symbol_follows(scene: Scene, index: int) -> bool:
    at = index + 2 if scene.kind_at(index + 1) == P.CLOSING else index + 1
    if scene.kind_at(at) == W.MORE:
        at += 1
    return scene.kind_at(at) in (P.TICKER, P.ROOT)


def _is_size_letter(scene: Scene, index: int, piece: Piece) -> bool:
    before, after = scene.kind_at(index - 1), scene.kind_at(index + 1)
    if before == P.COLON and piece.value not in SIZE_LETTERS:
        return after in ("", P.NEWLINE, P.MENTION, W.STOP)
    if piece.value not in SIZE_LETTERS:
        return False
    return (
        before in (P.COLON, W.SIZE)
        or after == W.SIZE
        or (before == P.NUMBER and after in ("", P.NEWLINE, P.MENTION, W.STOP) and index - 1 not in scene.used)
    )


def size_words(scene: Scene, lo: int, hi: int) -> tuple[str, ...]:
    """Words about size that are no quantity; "half size" and "5% size" are such words too."""
    found = [piece.text for piece in scene.pieces[lo:hi] if piece.kind == W.SIZE_WORD]
    for index in range(lo, hi - 1):
        if scene.kind_at(index + 1) == W.SIZE and scene.kind_at(index) in (W.FRACTION, P.SLASH, P.PERCENT, W.ALL):
            found.append(f"{scene.pieces[index].text} size")
    return tuple(dict.fromkeys(found))


def exit_quantity(scene: Scene, draft: Draft, sentence: Sentence, verb: int) -> None:
    """How much goes or stays: a fraction, `leaving 2`, a count beside the verb, `80 % of my position`."""
    for index in range(sentence.lo, sentence.hi):
        piece = scene.pieces[index]
        if index in scene.used:
            continue
        if (
            piece.kind == W.BUT
            and index > verb
            and (scene.kind_at(index - 1) == W.ALL or "all" in scene.pieces[verb].text)
        ):
            left = _count_after(scene, sentence, index)
            draft.quantity = Quantity(QuantityUnit.LEAVE, Fraction(left[1])) if left else None
            draft.note("qty", piece, "what is left")
            return
        if piece.kind == W.LEAVE or (piece.kind == W.HOLD and index > verb):
            left = _count_after(scene, sentence, index)
            if left is not None:
                at, count = left
                draft.quantity = Quantity(QuantityUnit.LEAVE, Fraction(count))
                draft.note("qty", scene.pieces[at], "what is left")
                if piece.kind == W.LEAVE:
                    return
                draft.quantity = None
    for index in range(sentence.lo, sentence.hi):
        piece = scene.pieces[index]
        if index in scene.used:
            continue
        fraction = fraction_at(scene, index)
        if fraction is not None:
            draft.quantity = Quantity(QuantityUnit.FRACTION, fraction)
            draft.note("qty", piece, "part of the position")
            return
        if piece.kind == P.PERCENT and (
            scene.kind_at(index + 1) == W.OFF or (scene.kind_at(index + 1) == W.OF and _is_position(scene, index + 2))
        ):
            assert isinstance(piece.value, Decimal)
            draft.quantity = Quantity(QuantityUnit.PERCENT, Fraction(piece.value))
            draft.note("qty", piece, "percent of the position")
            return
        if (
            index > verb
            and piece.kind in (P.NUMBER, P.COUNT)
            and index - verb <= 1
            and _is_small_count(scene, index, piece)
        ):
            _set_count(scene, draft, index, piece, "count after the verb")
            return
        if piece.kind == P.COUNT and index != verb and scene.kind_at(index - 1) not in (W.LEAVE, W.HOLD):
            _set_count(scene, draft, index, piece, "count with unit")
            return


def fraction_at(scene: Scene, index: int) -> Fraction | None:
    """`half`, `1/2`, `1/4`, `most` (three quarters)."""
    piece = scene.pieces[index]
    if piece.kind == P.NUMBER and scene.kind_at(index + 1) == W.OF and scene.kind_at(index + 2) == P.NUMBER:
        upper_part, lower_part = piece.value, scene.pieces[index + 2].value
        if isinstance(upper_part, Decimal) and isinstance(lower_part, Decimal) and 0 < upper_part < lower_part <= 20:
            return Fraction(upper_part) / Fraction(lower_part)
    if piece.kind == W.FRACTION and isinstance(piece.value, Fraction):
        return piece.value if scene.kind_at(index + 1) not in (W.SIZE, W.PAST) else None
    if piece.kind == P.SLASH and isinstance(piece.value, tuple) and scene.kind_at(index + 1) != W.SIZE:
        upper, lower = piece.value
        return Fraction(upper, lower) if 0 < upper < lower <= 10 else None
    if piece.kind == W.MOST:
        return Fraction(3, 4)
    return None


def _is_position(scene: Scene, index: int) -> bool:
    return any(scene.kind_at(at) == W.POSITION for at in range(index, index + 3)) or scene.kind_at(index) == W.HERE


def _is_small_count(scene: Scene, index: int, piece: Piece) -> bool:
    value = piece.value
    after = scene.kind_at(index + 1)
    return (
        isinstance(value, Decimal) and not piece.dollar and "." not in piece.text and 0 < value <= 500
        and after not in (P.PERCENT, W.POINTS, P.DASH, W.TARGET, P.ARROW, W.LEVEL)
        and scene.kind_at(index - 1) != W.AT
    )  # fmt: skip


def _count_after(scene: Scene, sentence: Sentence, index: int) -> tuple[int, int] | None:
    for at in range(index + 1, min(index + 3, sentence.hi)):
        piece = scene.pieces[at]
        if piece.kind in (P.NUMBER, P.COUNT) and isinstance(piece.value, Decimal) and "." not in piece.text:
            return (at, int(piece.value)) if 0 < piece.value <= MAX_COUNT else None
        if piece.kind == P.OTHER and piece.text in NUMBER_WORDS:
            return at, NUMBER_WORDS[piece.text]
        if piece.kind not in (P.OTHER, W.SELF, W.ALL):
            return None
    return None
