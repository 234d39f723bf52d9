"""Labels of alert cards: the word at the head of a line or cell, and what stands behind its mark.

A label counts only at the head of a line or cell with a mark behind it (`Paid > 2.20`, `Bail: 4.90`), or, for the
words that name nothing else, with a number behind it (`Debit 6.15`). Elsewhere the same words are ordinary talk.
"""

from tradestream_gui.alerts.words.lexicon import W, words_of
from tradestream_gui.alerts.words.piece_kinds import P, Piece
from tradestream_gui.alerts.words.tokens import Token

_ROWS: dict[str, str] = {
    W.LABEL: "name, product, underlying, market, asset, instrument, stock, what, contract, option, type, way, side, "
    "call / put, put / call, c / p, direction, pick, ticker, symbol",
    W.EXPIRY: "when, exp, expiry, expiration, expires, exp date, expiry date, date",
    W.ENTRY: "paid, fill, filled, filled at, debit, cost, entry, avg, avg fill, avg cost, avg price, average, "
    "entry price, entry range, entry zone, buy range, buy zone, price paid, fill price, in at, got in at, "
    "entry fill, my fill, entered, bought at",
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


Label = tuple[list[str], str, str]
"""The words behind the first one, the class and the text of a label."""


def _by_first_word() -> dict[str, tuple[dict[str, tuple[Label, ...]], Label | None]]:
    """The labels of several words by their second one, the longest first; and the label of the first word alone."""
    table: dict[str, list[Label]] = {"k": [([], W.LABEL, "strike")]}
    for cls, listed in _ROWS.items():
        for label in listed.split(", "):
            first, *rest = label.split(" ")
            table.setdefault(first, []).append((rest, cls, label))
    out: dict[str, tuple[dict[str, tuple[Label, ...]], Label | None]] = {}
    for first, rows in table.items():
        rows.sort(key=lambda row: -len(row[0]))
        longer = {row[0][0]: tuple(each for each in rows if each[0][:1] == row[0][:1]) for row in rows if row[0]}
        out[first] = longer, next((row for row in rows if not row[0]), None)
    return out


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
    if index + 1 >= len(tokens):
        return 0
    longer, alone = LABELS[lower]
    if longer:
        for label in longer.get(tokens[index + 1].text.lower(), ()):
            last = index + len(label[0])
            if last + 1 < len(tokens) and [each.text.lower() for each in tokens[index + 1 : last + 1]] == label[0]:
                after = _take_label(tokens, index, last, label, out)
                if after >= 0:
                    return after
    return max(_take_label(tokens, index, index, alone, out), 0) if alone is not None else 0


def _take_label(tokens: list[Token], index: int, last: int, label: Label, out: list[Piece]) -> int:
    """The index after a label whose words end at `last`; -1 where no mark follows, 0 where it is no label at all."""
    _, cls, text = label
    mark, words, start, end, _, _, _, glued = tokens[last + 1]
    marked = words in _MARKS or (mark == "arrow" and not glued)
    if not marked and not (mark == "number" and text in _WITH_NUMBER):
        return -1
    head = tokens[index]
    if cls == W.SIZE:
        at = last + 1 + marked
        if not _is_count(tokens, at):
            return 0
        count = tokens[at]
        out.append(Piece(P.COUNT, count.value, count.start, count.end, count.text))
        return at + 1
    out.append(_new(Piece, (cls, text, head.start, tokens[last].end, text, head.glued, False, False)))
    if marked and cls != W.SELL:
        out.append(_new(Piece, (P.COLON, ":", start, end, ":", glued, False, False)))
    return last + 1 + marked


def _is_count(tokens: list[Token], index: int) -> bool:
    if index >= len(tokens) or tokens[index].kind != "number":
        return False
    token = tokens[index]
    whole = token.text.isdigit() and len(token.text) <= 4
    ends = index + 1 >= len(tokens) or tokens[index + 1].kind == "newline" or tokens[index + 1].text in ("|", ",", "/")
    return whole and ends
