"""Quantities: counts, parts and size letters, each only from a place where a quantity stands."""

from decimal import Decimal
from fractions import Fraction

from tradestream_gui.alerts.grammar.scene import Draft, Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P, Piece
from tradestream_gui.domain.alerts import Quantity, QuantityUnit

MAX_COUNT = 9999
SIZE_LETTERS = ("A", "B", "C")
NUMBER_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}


def exit_quantity(scene: Scene, draft: Draft, sentence: Sentence, verb: int) -> None:
    """How much goes or stays: `leaving 2`, a fraction, a count beside the verb, `80 % of my position`."""
    free = [index for index in range(sentence.lo, sentence.hi) if index not in scene.used]
    if _is_told_count(scene, verb) and _what_goes(scene, draft, verb, verb + 1):
        return
    if not any(_what_is_left(scene, draft, sentence, verb, index) for index in free):
        for index in free:
            if _what_goes(scene, draft, verb, index):
                return


def _is_told_count(scene: Scene, verb: int) -> bool:
    """`took 1, 1 left`, `STC 2 AMD 240c (3 left)`: how many went stands beside the verb; what stays echoes it."""
    row = scene.row
    counted = row[verb + 1] == P.COUNT or (row[verb + 1] == P.NUMBER and scene.pieces[verb + 1].text.isdigit())
    return counted and row[verb] in (W.TAKE, W.SELL, W.EXIT, W.TRIM) and "left" in scene.words


def part_on_card(scene: Scene, draft: Draft) -> None:
    """`Size: 50%`, `Size: 1/2` on a card of a trim."""
    for at in range(len(scene.pieces) - 2):
        if scene.row[at : at + 2] != [W.SIZE, P.COLON]:
            continue
        piece = scene.pieces[at + 2]
        part = fraction_at(scene, at + 2)
        if part is not None:
            draft.quantity = Quantity(QuantityUnit.FRACTION, part)
        elif piece.kind == P.PERCENT and isinstance(piece.value, Decimal) and 0 < piece.value < 100:
            draft.quantity = Quantity(QuantityUnit.PERCENT, Fraction(piece.value))
        else:
            continue
        draft.note("qty", piece, "part on the card")
        return


def _what_is_left(scene: Scene, draft: Draft, sentence: Sentence, verb: int, index: int) -> bool:
    piece = scene.pieces[index]
    after_all = scene.kind_at(index - 1) == W.ALL or "all" in scene.pieces[verb].text
    if piece.kind == W.RUNNER and scene.kind_at(index + 1) == P.COUNT and scene.kind_at(verb) == W.GONE:
        return _leave(draft, scene.pieces[index + 1])
    but = piece.kind == W.BUT and (index > verb or index == sentence.lo + 1) and after_all
    if not but and piece.kind != W.LEAVE:
        return False
    left = _count_after(scene, sentence, index) or _count_before(scene, index)
    if left is None:
        return but
    at, count = left
    draft.quantity = Quantity(QuantityUnit.LEAVE, Fraction(count))
    draft.note("qty", scene.pieces[at], "what is left")
    return True


def _leave(draft: Draft, piece: Piece) -> bool:
    """`RUNNER x1 | rest gone`."""
    assert isinstance(piece.value, Decimal)
    draft.quantity = Quantity(QuantityUnit.LEAVE, Fraction(int(piece.value)))
    draft.note("qty", piece, "what is left")
    return True


def _what_goes(scene: Scene, draft: Draft, verb: int, index: int) -> bool:
    piece = scene.pieces[index]
    fraction = fraction_at(scene, index)
    if fraction is not None:
        draft.quantity = Quantity(QuantityUnit.FRACTION, fraction)
        draft.note("qty", piece, "part of the position")
        return True
    follower = scene.kind_at(index + 1)
    beside_verb = index == verb + 1 or (index == verb + 2 and scene.kind_at(verb + 1) == W.MORE)
    sold_part = beside_verb and scene.kind_at(verb) == W.SELL and follower == W.HERE
    sold_part = sold_part or (index == verb + 1 and percent_is_part(scene, verb))
    sold_part = sold_part or (scene.kind_at(verb) == W.TRIM and scene.pieces[index - 1].text == "by")
    sold_part = sold_part or follower == W.OFF or (follower == W.OUT and scene.kind_at(index + 2) != W.OF)
    sold_part = sold_part or (follower == W.OF and _is_position(scene, index + 2))
    sold_part = sold_part or (index == verb + 1 and scene.pieces[verb].text.endswith("ed out"))
    sold_part = sold_part or (index == verb + 2 and scene.row[verb : verb + 2] == [W.TRIM, W.OFF])
    if piece.kind == P.PERCENT and sold_part:
        assert isinstance(piece.value, Decimal)
        draft.quantity = Quantity(QuantityUnit.PERCENT, Fraction(piece.value))
        draft.note("qty", piece, "percent of the position")
        return True
    beside = index == verb + 1 and piece.kind in (P.NUMBER, P.COUNT) and _is_small_count(scene, index, piece)
    counted = piece.kind == P.COUNT and scene.kind_at(index - 1) not in (W.LEAVE, W.HOLD)
    taken_off = index == verb - 1 and scene.kind_at(verb) == W.OFF and piece.kind == P.NUMBER and piece.text.isdigit()
    if index == verb - 2 and scene.kind_at(verb) == W.OFF and follower == W.MORE:
        return _set_more(draft, piece)
    if beside or counted or taken_off:
        set_count(scene, draft, index, piece, "count with unit" if counted else "count beside the verb")
        return True
    return False


def _set_more(draft: Draft, piece: Piece) -> bool:
    """`one more off`, `2 more off`."""
    count = NUMBER_WORDS.get(piece.text, int(piece.text) if piece.text.isdigit() else 0)
    if 0 < count <= MAX_COUNT:
        draft.quantity = Quantity(QuantityUnit.COUNT, Fraction(count))
        draft.note("qty", piece, "count beside the verb")
    return count > 0


def entry_quantity(scene: Scene, draft: Draft, lo: int, hi: int) -> None:
    """A count only from a count's place: with a unit, `x3`, or a small whole number between verb and symbol."""
    row = scene.row
    for index in [at for at in range(lo, hi) if row[at] in _COUNTS]:
        piece = scene.pieces[index]
        if piece.kind == P.COUNT and index not in scene.used and not _is_bound(scene, index):
            set_count(scene, draft, index, piece, "count with unit")
            return
        if piece.kind == P.NUMBER and index not in scene.used and _is_bare_count(scene, index, piece, draft.strong):
            set_count(scene, draft, index, piece, "count before the symbol")
            return
        if piece.kind == P.LETTER and _is_size_letter(scene, index, piece):
            if piece.value not in SIZE_LETTERS:
                draft.doubt("SIZE_UNKNOWN", f"{piece.value} is no known size letter")
                return
            draft.quantity = Quantity(QuantityUnit.LETTER, None, str(piece.value))
            draft.note("qty", piece, "size letter")
            return


def _is_bound(scene: Scene, index: int) -> bool:
    """`1 or 2 cons max`: how many at most, which is not how many."""
    behind = [piece.text for piece in scene.pieces[index + 1 : index + 3]]
    return scene.kind_at(index - 1) == W.OR or "max" in behind


_COUNTS = frozenset((P.COUNT, P.NUMBER, P.LETTER))


def set_count(scene: Scene, draft: Draft, index: int, piece: Piece, rule: str) -> None:
    value = piece.value
    if isinstance(value, Decimal) and value == value.to_integral_value() and 0 < value <= MAX_COUNT:
        draft.quantity = Quantity(QuantityUnit.COUNT, Fraction(int(value)))
        draft.note("qty", piece, rule)
        scene.used.add(index)
    else:
        draft.doubt("QUANTITY", f"{piece.text} is no usable quantity")


def _is_bare_count(scene: Scene, index: int, piece: Piece, draft_is_strong: bool) -> bool:
    """`BTO 2 AAPL`, `long 2 MES`: verb or direction before, symbol after, no mark and no decimals."""
    row = scene.row
    if row[index - 1] == W.BUY and _is_count_at_end(scene, index, piece):
        return True
    if row[index + 1] not in _BEHIND_COUNT or piece.dollar or not piece.text.isdigit():
        return False
    if len(piece.text) > 3 and row[index + 1] == P.ROOT:
        return False
    counted = row[index + 1] == W.MORE and row[index + 2] in (W.CONTRACTS, W.SHARES)
    if scene.kind_at(index - 1) == W.ADD and scene.kind_at(index + 1) == W.AT:
        counted = isinstance(piece.value, Decimal) and piece.value < 100
    if scene.kind_at(index - 1) == W.MORE and scene.kind_at(index + 1) == W.AT:
        return isinstance(piece.value, Decimal) and piece.value < 100
    if not counted and not _symbol_follows(scene, index):
        return False
    before = scene.kind_at(index - 2 if scene.kind_at(index - 1) in (P.OPENING, P.PLUS) else index - 1)
    if before in ("", P.NEWLINE) and scene.kind_at(index + 1) == P.TICKER:
        return draft_is_strong
    if before in ("", P.NEWLINE) and scene.kind_at(index + 1) == P.ROOT:
        return scene.kind_at(index + 2) in (W.LONG, W.SHORT)
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
        W.SELL,
        W.ADD,
    )


_BEHIND_COUNT = frozenset((P.CLOSING, W.MORE, P.BAR, W.OF, P.TICKER, P.ROOT, P.OCC, W.AT))


def _is_count_at_end(scene: Scene, index: int, piece: Piece) -> bool:
    """`AMD 160c .22 bought 5`: behind the verb at the end of the alert."""
    whole = piece.text.isdigit() and len(piece.text) <= 2 and not piece.dollar
    ends = scene.kind_at(index + 1) in ("", P.NEWLINE, P.END, P.MENTION)
    return whole and ends and scene.kind_at(index - 1) == W.BUY and any(c.last < index - 1 for c in scene.contracts)


def _symbol_follows(scene: Scene, index: int) -> bool:
    at = index + 2 if scene.kind_at(index + 1) == P.CLOSING else index + 1
    if scene.kind_at(at) == W.MORE:
        at += 1
    if scene.kind_at(at) == P.BAR:
        at += 1
    if scene.kind_at(at) == W.OF:
        at += 2 if scene.pieces[at + 1 : at + 2] and scene.pieces[at + 1].text in ("the", "those", "these") else 1
    return scene.kind_at(at) in (P.TICKER, P.ROOT, P.OCC)


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
    if W.SIZE_WORD not in scene.kinds and W.SIZE not in scene.kinds:
        return ()
    found = [piece.text for piece in scene.pieces[lo:hi] if piece.kind == W.SIZE_WORD]
    for index in range(lo, hi - 1):
        if scene.kind_at(index + 1) == W.SIZE and scene.kind_at(index) in (W.FRACTION, P.SLASH, P.PERCENT, W.ALL):
            found.append(f"{scene.pieces[index].text} size")
        elif scene.row[index : index + 2] == [W.SIZE, P.COLON] and scene.kind_at(index + 2) in _PARTS_OF_SIZE:
            found.append(f"{scene.pieces[index + 2].text} size")
    return tuple(dict.fromkeys(found))


_PARTS_OF_SIZE = frozenset((W.FRACTION, P.SLASH, P.PERCENT))


def fraction_at(scene: Scene, index: int) -> Fraction | None:
    """`half`, `1/2`, `1/4`, `most` (three quarters)."""
    if not 0 <= index < len(scene.pieces):
        return None
    piece = scene.pieces[index]
    of = index + 2 if scene.kind_at(index + 1) == W.OUT else index + 1
    the = of
    if scene.kind_at(of) == W.OF and of + 1 < len(scene.pieces) and scene.pieces[of + 1].text in _OF_WHOLE:
        the = of + 1
    if piece.kind == P.NUMBER and scene.kind_at(of) == W.OF and scene.kind_at(the + 1) == P.NUMBER:
        upper_part, lower_part = piece.value, scene.pieces[the + 1].value
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


_OF_WHOLE = ("the", "my", "our")


def percent_is_part(scene: Scene, verb: int) -> bool:
    """`Close 50% and move SL`, `STC 50% SPY 668P`: a percentage between the verb and its object is a part."""
    if scene.kind_at(verb + 1) != P.PERCENT:
        return False
    after = scene.kind_at(verb + 2)
    if after == W.AT and scene.kind_at(verb) == W.SELL and scene.kind_at(verb + 3) == P.NUMBER:
        return True
    return after in (W.AND, W.OF, W.HERE, W.OFF, W.OUT, P.TICKER, P.ROOT, P.COMMA, P.STRIKE_RIGHT) or (
        after in ("", P.NEWLINE, P.END, P.MENTION) and scene.pieces[verb].text in ("close", "sell", "stc", "exit")
    )


def _is_position(scene: Scene, index: int) -> bool:
    return W.POSITION in scene.row[index : index + 3] or scene.kind_at(index) == W.HERE


def _is_small_count(scene: Scene, index: int, piece: Piece) -> bool:
    value = piece.value
    after = scene.kind_at(index + 1)
    return (
        isinstance(value, Decimal) and not piece.dollar and "." not in piece.text and 0 < value <= 500
        and after not in (P.PERCENT, W.POINTS, P.DASH, W.TARGET, P.ARROW, W.LEVEL, W.FILLED, W.HIT, W.DONE)
        and scene.kind_at(index - 1) != W.AT
    )  # fmt: skip


def _count_before(scene: Scene, index: int) -> tuple[int, int] | None:
    """`(5 left)`: how many stay, told before the word."""
    piece = scene.pieces[index - 1] if index else None
    if piece is None or piece.kind not in (P.NUMBER, P.COUNT) or not piece.text.isdigit():
        return None
    count = int(piece.text)
    return (index - 1, count) if scene.pieces[index].text == "left" and 0 < count <= MAX_COUNT else None


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
