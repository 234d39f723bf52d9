"""Entry and exit prices and quantities: which free number plays which part, by its mark and its place."""

from decimal import Decimal
from typing import NamedTuple

from tradestream_gui.alerts.grammar.contract import Contract
from tradestream_gui.alerts.grammar.decimal_commas import with_cents
from tradestream_gui.alerts.grammar.quantities import fraction_at
from tradestream_gui.alerts.grammar.scene import Scene, Sentence
from tradestream_gui.alerts.words.lexicon import W
from tradestream_gui.alerts.words.piece_kinds import P
from tradestream_gui.domain.alerts import PriceRange

BIG_PREMIUM = 400
"""A free number above this beside an option is a level of the underlying, not a premium."""
MIN_INDEX = 1000
"""From here on a number between a direction and its root is the price; a smaller one is a count."""
MAX_PRICE = Decimal(1_000_000)


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
    row = scene.row
    for index in [at for at in range(lo, hi) if row[at] == P.NUMBER]:
        if index in scene.used or not _may_be_price(scene, index, hi, contract):
            continue
        piece = scene.pieces[index]
        if exiting and isinstance(piece.value, Decimal) and piece.value >= MAX_PRICE:
            continue
        before = row[index - 1]
        if before == P.OPENING and row[index - 2] == W.AT:
            before = W.AT
        marked = (
            before in (W.AT, W.FOR, W.FILLED, W.ENTRY)
            or piece.dollar
            or (before in (P.COLON, W.IS) and row[index - 2] in (W.ENTRY, W.AT, W.FILLED))
        )
        found = _with_range(scene, index, hi, marked, exiting)
        if marked:
            return found
        if bare is None and _is_beside(scene, index, lo, contract):
            bare = found
    return bare


def _may_be_price(scene: Scene, index: int, hi: int, contract: Contract | None) -> bool:
    piece = scene.pieces[index]
    value, row = piece.value, scene.row
    assert isinstance(value, Decimal)
    if value <= 0 or (row[index - 1] == W.FOR and row[index - 2] in (W.REST, W.RUNNER)):
        return False  # `rest for 7.50` tells what is to come
    before, after = row[index - 1], row[index + 1] if index + 1 < hi else ""
    if before in _PLAIN_BEFORE and after in _PLAIN_AFTER:
        return contract is None or contract.strike is None or _is_premium(value, contract.strike)
    if before == W.AVERAGE or (before == P.DASH and scene.kind_at(index - 2) == W.AVERAGE):
        return False
    if (after in _BEHIND_COUNTS or before in _BEFORE_COUNTS) and _is_how_many(scene, index, contract):
        return False
    if after == W.OF and before in (W.BUY, W.ENTER, W.IN, W.TAKE) and "." not in piece.text:
        return False
    if piece.dollar and after == P.GAIN:
        return False
    each = after == W.POINTS and scene.pieces[index + 1].text in _EACH and "." in piece.text
    if each and before in (W.AT, W.FOR) and contract is not None and contract.is_option:
        return value < BIG_PREMIUM
    if before == P.SIGN and scene.pieces[index - 1].text == "#":
        return False
    beside = contract is not None and contract.is_full and contract.last == index - 1 and "." in piece.text
    if beside and after == P.TICKER:
        return True
    if W.OF in (before, after) and P.NUMBER in (scene.kind_at(index - 2), scene.kind_at(index + 2)):
        return False
    if before in (W.LONG, W.SHORT) and after == P.ROOT and (value >= MIN_INDEX or "." in piece.text):
        return True
    if after == W.AVERAGE and before == P.COLON and row[index - 2] in (W.ENTRY, W.FILLED):
        return contract is None or contract.strike is None or _is_premium(value, contract.strike)
    if (after == W.AVERAGE and scene.kind_at(index + 2) == P.NUMBER) or (after == W.SHARES and "." in piece.text):
        after = ""
    if after in (W.LEVEL, W.POINTS, W.CONTRACTS, W.SHARES, P.TICKER, P.ROOT, W.AVERAGE) or before in (
        W.AVERAGE,
        W.FROM,
    ):
        return after in (P.TICKER, P.ROOT) and before == W.AT
    if after == W.RIGHT or (after in (W.LEAVE, W.STATUS) and "." not in piece.text and before != W.AT):
        return False
    if before in (W.BELOW, W.ABOVE, W.LEVEL, W.TARGET, W.STOP, W.BREAK, W.LEAVE, W.SIZE) or (
        before in (W.IS, P.COLON) and scene.kind_at(index - 2) in (W.AVERAGE, W.FROM, W.LEVEL, W.WATCH)
    ):
        return False
    if after == P.OTHER and scene.kind_at(index + 2) == W.AVERAGE and before != W.AT:
        return False
    if piece.glued and before in (P.DASH, P.PLUS) and scene.kind_at(index - 2) != P.NUMBER:
        return False
    return contract is None or contract.strike is None or _is_premium(value, contract.strike)


_BEHIND_COUNTS = frozenset((W.RUNNER, W.MORE, W.OF))
_BEFORE_COUNTS = frozenset((W.TAKE, W.IN, W.BUY))


def _is_how_many(scene: Scene, index: int, contract: Contract | None) -> bool:
    """`1 runner`, `50 more shares`, `AMD 160c .22 bought 5`: how many, and not for how much."""
    piece, row = scene.pieces[index], scene.row
    few = piece.text.isdigit() and not piece.dollar and len(piece.text) <= 2
    if few and (row[index + 1] == W.RUNNER or (row[index - 1] == W.IN and contract is not None and contract.is_root)):
        return True
    if few and row[index - 1] == W.TAKE:
        return True
    if row[index + 1] == W.MORE and row[index + 2] in (W.SHARES, W.CONTRACTS):
        return True
    if row[index + 1] == W.OF and row[index - 1] not in (W.AT, W.FOR) and fraction_at(scene, index) is not None:
        return True
    return few and row[index - 1] == W.BUY and contract is not None and contract.last < index - 1


def _is_premium(value: Decimal, strike: Decimal) -> bool:
    return value < BIG_PREMIUM and value < strike * 2


_PLAIN_BEFORE = frozenset((W.AT, W.FOR, W.FILLED, W.ENTRY, W.RIGHT, P.STRIKE_RIGHT, P.TICKER, P.ROOT, P.NEWLINE))
_PLAIN_AFTER = frozenset(("", P.NEWLINE, P.COMMA, P.END, P.MENTION, W.TARGET, W.STOP, P.NUMBER, P.PIPE, P.COLON))
"""Between neighbours of these kinds only a number's size says whether it is a price."""
_SMALL = ("same", "one", "futures", "future")
_EACH = ("a contract", "per contract", "a con", "per con")


def _with_range(scene: Scene, index: int, hi: int, marked: bool, exiting: bool) -> Priced:
    """`3.10-3.20`, `3.10 to 3.20`, `0.40 - 0.75`, `3.1 -> 4.5`: a range for an entry, the last for an exit."""
    low = scene.pieces[index].value
    assert isinstance(low, Decimal)
    joint = scene.kind_at(index + 1)
    if index + 2 < hi and joint in (P.DASH, P.ARROW, W.TO, P.BAR):
        second = scene.pieces[index + 2]
        if second.kind == P.NUMBER and isinstance(second.value, Decimal) and index + 2 not in scene.used:
            high = second.value
            if (joint == P.ARROW or exiting) and 0 < high < MAX_PRICE:
                return Priced(high, index + 2, index + 2, marked, True)
            if low < high:
                return Priced(
                    PriceRange(low, high), index, index + 2, marked, joint != P.DASH or high > low * Decimal("1.5")
                )
    decimals = with_cents(scene, index, hi)
    if decimals is not None:
        return Priced(decimals, index, index + 2, marked, False)
    return Priced(low, index, index, marked, False)


def _is_beside(scene: Scene, index: int, lo: int, contract: Contract | None) -> bool:
    """Whether a bare number stands right after the contract, its expiry or the verb, with no talk between."""
    at = index - 1
    while at >= lo and (scene.kind_at(at) in _THIN or scene.pieces[at].text in _SMALL):
        at -= 1
    if scene.kind_at(at) == W.OF and scene.kind_at(at + 1) == W.REST:
        at -= 1
    if at < lo:
        return contract is None or contract.last == at
    if contract is not None and at <= contract.last and at >= contract.first:
        return True
    if scene.kind_at(at) in _PRICE_AFTER:
        return True
    return at in scene.used and (scene.kind_at(at) in (P.TICKER, P.ROOT) or scene.contract_at(at) is not None)


_THIN = frozenset((
    P.MENTION, P.PIPE, P.COMMA, P.DASH, P.OPENING, P.CLOSING, W.HERE, P.SIGN, P.COLON, W.SIZE_WORD, W.NOW, W.ALL,
    W.EXPIRY, W.MARKET, W.SHARES, W.RUNNER, W.REST, W.MORE, W.CONTRACTS,
))  # fmt: skip
_PRICE_AFTER = frozenset((
    W.LONG, W.SHORT, W.BUY, W.ENTER, W.IN, W.FILLED, W.TRIM, W.CLOSE, W.EXIT, W.OUT, W.SELL, W.ADD, W.AVERAGED,
    W.STOPPED, W.ENTRY, W.AGAIN, W.TAKE, W.FRACTION, P.SLASH, W.OPEN, P.COUNT, W.OFF, W.MOST, W.PART, W.GONE, W.CUT,
    W.DONE,
))  # fmt: skip


def average_price(scene: Scene, lo: int, hi: int) -> Priced | None:
    """`.88 avg`, `AVG - 2412.6` with an entry: the author's own fill."""
    if W.AVERAGE not in scene.kinds:
        return None
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


_BETWEEN_PRICE_AND_VERB = frozenset((
    P.END, W.TARGET, W.HIT, W.DONE, P.OTHER, W.ENTRY, W.FRACTION, P.SLASH, W.PART, W.MOST, W.IS,
))  # fmt: skip


def number_before(scene: Scene, sentence: Sentence, index: int) -> Priced | None:
    """A premium or price that opens the message before the verb: `24870 averaged in`, `1.95! closing ...`."""
    at = index - 1
    while at >= 0 and (scene.kind_at(at) in _THIN or scene.kind_at(at) in _BETWEEN_PRICE_AND_VERB):
        at -= 1
    if at < 0 or at in scene.used or scene.kind_at(at) != P.NUMBER:
        return None
    beside = at == index - 1 and scene.kind_at(at - 1) == P.COMMA
    if not beside and any(scene.kind_at(k) not in (P.MENTION, P.SIGN, P.NEWLINE) for k in range(at)):
        return None
    value = scene.pieces[at].value
    assert isinstance(value, Decimal)
    if not 0 < value < MAX_PRICE or ("." not in scene.pieces[at].text and value < 1000):
        return None
    return Priced(value, at, at, False, False)
