"""Decimal commas: `2,55` of a European hand, told from a list and from the marks of thousands."""

from decimal import Decimal

from tradestream_gui.alerts.grammar.scene import Draft, Scene
from tradestream_gui.alerts.words.piece_kinds import P, Piece

SMALL_WHOLE = 2
"""Digits of a premium before its comma: more of them before a comma may as well begin a list of levels."""


def with_cents(scene: Scene, index: int, hi: int) -> Decimal | None:
    """`2,55` where a list may stand too: a decimal comma when exactly two digits follow a small number."""
    if index >= hi or len(_digits(scene.pieces[index])) > SMALL_WHOLE:
        return None
    return _joined(scene, index, hi, (2,))


def single_level(scene: Scene, index: int, hi: int) -> Decimal | None:
    """`6316,5`, `1,80` where one level stands, and no list does."""
    return _joined(scene, index, hi, (1, 2))


def last_of_level(scene: Scene, index: int, hi: int) -> int:
    """The piece with which the level that begins at `index` ends."""
    return index if single_level(scene, index, hi) is None else index + 2


def check_commas(scene: Scene, draft: Draft) -> None:
    """`272,50c`, `target 60,10`, `SL 10,5 points`, `@ 2,5`: nobody knows whether the strike is 50, whether there are
    two targets, or what was meant by the part before the comma."""
    if P.COMMA not in scene.kinds:
        return
    contract, stop = draft.contract, draft.stop_words
    own = {words.at for words in draft.target_words}
    if stop is not None and last_of_level(scene, stop.at, len(scene.pieces)) == stop.at:
        own.add(stop.at)
    strikes = set() if contract is None else set(range(contract.first, contract.last + 1))
    prices = {end for name, _, end, _ in draft.evidence if name == "price"} if draft.kind.opens else set()
    for index in range(len(scene.pieces) - 2):
        first, second = _split_number(scene, index)
        levels = not own.isdisjoint((index, index + 2)) or index + 2 in strikes
        if (levels and may_be_one(first, second)) or (second and scene.pieces[index].end in prices):
            doubt_comma(draft, f"{first},{second}")


def doubt_comma(draft: Draft, text: str) -> None:
    draft.doubt("DECIMAL_COMMA", f"“{text}” may be one number or two")


def may_be_one(whole: str, second: str) -> bool:
    """Digits on the two sides of a comma: `60,10` may be one number, `3,4` and `6330,6340` are two."""
    return whole.isdigit() and second.isdigit() and len(second) <= 2 < len(whole) + len(second)


def _split_number(scene: Scene, index: int) -> tuple[str, str]:
    """The digits on the two sides of a comma behind the piece, at most two after it; both empty where none are, and in
    a longer list."""
    if not _is_glued_comma(scene, index + 1) or _is_glued_comma(scene, index - 1) or _is_glued_comma(scene, index + 3):
        return "", ""
    first, text = _digits(scene.pieces[index]), scene.pieces[index + 2].text
    second = text[: len(text) - len(text.lstrip("0123456789"))]
    return (first, second) if first and 0 < len(second) <= 2 else ("", "")


def _joined(scene: Scene, index: int, hi: int, decimals: tuple[int, ...]) -> Decimal | None:
    if index < 0 or index + 2 >= hi or not _is_glued_comma(scene, index + 1):
        return None
    first, second = _digits(scene.pieces[index]), _digits(scene.pieces[index + 2])
    if not (first and second and len(second) in decimals):
        return None
    if _is_glued_comma(scene, index - 1) or _is_glued_comma(scene, index + 3):
        return None  # one of a list: `6330,40,50`
    return Decimal(f"{first}.{second}")


def _is_glued_comma(scene: Scene, index: int) -> bool:
    """A comma with nothing between it and the numbers on its sides."""
    if index < 1 or index + 1 >= len(scene.pieces) or scene.kind_at(index) != P.COMMA:
        return False
    return scene.pieces[index].glued and scene.pieces[index + 1].glued


def _digits(piece: Piece) -> str:
    """Of a whole number, with a dollar sign or without; empty for anything else."""
    digits = piece.text.removeprefix("$").strip()
    return digits if piece.kind == P.NUMBER and digits.isdigit() else ""
