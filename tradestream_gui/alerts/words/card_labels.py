"""Labels of alert cards: the word at the head of a line or cell, and what stands behind its mark.

A label counts only at the head of a line or cell with a mark behind it (`Paid > 2.20`, `Bail: 4.90`), or, for the
words that name nothing else, with a number behind it (`Debit 6.15`). Elsewhere the same words are ordinary talk.
"""

from tradestream_gui.alerts.words.lexicon import W, words_of
from tradestream_gui.alerts.words.piece_kinds import P, Piece
from tradestream_gui.alerts.words.tokens import Token

_ROWS: dict[str, str] = {
    W.LABEL: "name, product, underlying, market, asset, instrument, stock, what, contract, option, type, way, side, "
    "direction, pick, ticker, symbol",
    W.EXPIRY: "when, exp, expiry, expiration, expires, exp date, expiry date, date",
    W.ENTRY: "paid, fill, filled, filled at, debit, cost, entry, avg, avg fill, avg cost, avg price, average, "
    "entry price, "
    "entry range, entry zone, buy range, buy zone, price paid, fill price, in at, got in at, entry fill, my fill, entered, bought at",
    W.STOP: "bail, out if wrong, invalidation, guard, exit if, wrong if, kill, hard stop, bail out, stop loss, stop, "
    "safety, cut at, cut below, out below, bail at",
    W.TARGET: "aim, aims, objective, objectives, pay zone, pay zones, scale at, scale levels, scales, goal, goals, "
    "take profit, targets, target, sell at, profit zones, profit zone",
    W.SIZE: "qty, quantity, size, lots, contracts, shares, cons, units, position size",
    W.SELL: "sold",
    W.ANNOUNCE: "new",
    W.AT: "at",
    W.HYPOTHESIS: "trigger, triggers at, trigger at, waits for",
}


def _by_first_word() -> dict[str, tuple[tuple[list[str], str], ...]]:
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for cls, listed in _ROWS.items():
        for label in listed.split(", "):
            first, *rest = label.split(" ")
            table.setdefault(first, []).append((tuple(rest), cls))
    table["k"] = [((), W.LABEL)]
    longest_first = {first: sorted(found, key=lambda row: -len(row[0])) for first, found in table.items()}
    return {first: tuple((list(rest), cls) for rest, cls in found) for first, found in longest_first.items()}


LABELS = _by_first_word()
_new = tuple.__new__
"""Makes a piece without the keyword handling of its class."""
_MARKS = frozenset((":", "\u203a", "\u00bb", "\u25b8", "=", "\u2192", "=>"))
_BEGINS = frozenset((P.NEWLINE, P.PIPE, P.SIGN, P.ARROW))
_WITH_NUMBER = words_of("debit guard objective objectives cost paid qty aim bail")
"""Labels that need no mark before their number."""


def starts_cell(out: list[Piece]) -> bool:
    """Whether the next word is the first of its line or cell, past a bullet."""
    if not out or out[-1].kind in _BEGINS:
        return True
    return out[-1].kind == P.DASH and (len(out) < 2 or out[-2].kind in _BEGINS)


def read_label(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """Appends the label and a colon for its mark: the index after them, or 0 where there is no label."""
    for rest, cls in LABELS[lower]:
        last = index + len(rest)
        if last + 1 >= len(tokens):
            continue
        if rest and [each.text.lower() for each in tokens[index + 1 : last + 1]] != rest:
            continue
        mark = tokens[last + 1]
        marked = mark.text in _MARKS or (mark.kind == "arrow" and not mark.glued)
        if not marked and not (not rest and lower in _WITH_NUMBER and mark.kind == "number"):
            continue
        if cls == W.SIZE and not _is_count(tokens, last + 1 + marked):
            return 0
        text = " ".join((lower, *rest)) if rest else "strike" if lower == "k" else lower
        head = tokens[index]
        out.append(_new(Piece, (cls, text, head.start, tokens[last].end, text, head.glued, False, False)))
        if cls == W.SIZE:
            count = tokens[last + 1 + marked]
            out[-1] = Piece(P.COUNT, count.value, count.start, count.end, count.text)
            return last + 2 + marked
        if marked and cls != W.SELL:
            out.append(_new(Piece, (P.COLON, ":", mark.start, mark.end, ":", mark.glued, False, False)))
        return last + 1 + marked
    return 0


def _is_count(tokens: list[Token], index: int) -> bool:
    if index >= len(tokens) or tokens[index].kind != "number":
        return False
    token = tokens[index]
    whole = token.text.isdigit() and len(token.text) <= 4
    ends = index + 1 >= len(tokens) or tokens[index + 1].kind == "newline" or tokens[index + 1].text in ("|", ",", "/")
    return whole and ends
