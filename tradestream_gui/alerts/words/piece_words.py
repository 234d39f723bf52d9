"""Short words whose sense hangs on their neighbours: `BOT +3`, `x 2`, `one lot`, `@ 5 LMT`, `| S |`, `BTC (CME)`."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from tradestream_gui.alerts.words.card_labels import starts_cell
from tradestream_gui.alerts.words.lexicon import WORDS, W, words_of
from tradestream_gui.alerts.words.piece_kinds import P, Piece
from tradestream_gui.alerts.words.piece_numbers import COUNT_UNITS, joined
from tradestream_gui.alerts.words.symbols import TICKERS, WORDS_THAT_ARE_TICKERS, Root, futures_root, is_plain_word
from tradestream_gui.alerts.words.tokens import Token

_PARTS = {"half": Fraction(1, 2), "third": Fraction(1, 3), "quarter": Fraction(1, 4), "fourth": Fraction(1, 4)}
COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10}


def read_short_word(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """Appends the piece that one of `SHORT_WORDS` makes beside its neighbours: the index after it, or 0 for none."""
    return SHORT_WORDS[lower](tokens, index, lower, out)


def is_subject(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> bool:
    """`uber stop 1.1`, `dumped the uber .70`: a listed name in lower case that can be nothing but the subject."""
    if lower not in WORDS_THAT_ARE_TICKERS or lower.upper() not in TICKERS or is_plain_word(lower) or len(lower) < 4:
        return False
    follower = tokens[index + 1] if index + 1 < len(tokens) else None
    if follower is None:
        return False
    cls = WORDS.get(follower.text.lower())
    numbered = index + 2 < len(tokens) and tokens[index + 2].kind == "number"
    if numbered and index + 3 < len(tokens):
        numbered = tokens[index + 3].kind != "word" or tokens[index + 3].text.lower() in ("now", "on", "here")
    if not out or out[-1].kind in (P.NEWLINE, P.END):
        return (cls in (W.STOP, W.TARGET) and numbered) or (cls in _ENDS and _priced_soon(tokens, index + 2))
    held = len(out) > 1 and out[-1].text in ("the", "my") and out[-2].kind in _ACTS
    return (held or (out[-1].kind == W.ADD and " " in out[-1].text)) and (
        follower.kind == "number" or follower.text == "," or cls in (W.AT, W.HERE)
    )


def _priced_soon(tokens: list[Token], index: int) -> bool:
    """`hood stopped .75`, `coin all out 6.10`: a premium right behind the words of an end."""
    near = tokens[index : index + 2]
    return any(token.kind == "number" and not token.suffix and "." in token.text for token in near)


_ENDS = frozenset((W.TRIM, W.STOPPED, W.OUT, W.ALL, W.SELL, W.EXIT, W.DONE))
_ACTS = frozenset((W.EXIT, W.SELL, W.TRIM, W.CUT, W.CLOSE, W.ADD))


def _bought(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """`BOT +3 ...`, `BOT 2 COST`: the abbreviation of a filled order, not the machine."""
    follower = tokens[index + 1] if index + 1 < len(tokens) else None
    heads = not out or out[-1].kind in (P.NEWLINE, P.MENTION)
    if heads and follower is not None and _is_traded_next(tokens, index + 1):
        return _put(W.BUY, tokens[index], lower, out, index)
    if follower is None or tokens[index].text != "BOT":
        return 0
    if follower.text != "+" and follower.kind not in ("number", "occ", "ticker"):
        return 0
    return _put(W.BUY, tokens[index], lower, out, index)


def _is_traded_next(tokens: list[Token], index: int) -> bool:
    """`bot 2 gld 370c`, `bot nq 25190`: a count or a name, and a number behind it."""
    at = index + 1 if tokens[index].kind == "number" else index
    at += at < len(tokens) and tokens[at].text.lower() == "more"
    if at + 1 >= len(tokens) or tokens[at].kind != "word":
        return False
    name = tokens[at].text
    known = name.upper() in TICKERS or futures_root(name.upper()) is not None
    numbered = any(token.kind == "number" for token in tokens[at + 1 : at + 4])
    return known and numbered and not is_plain_word(name.lower())


def _times(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """`6.15 x 2`: a count behind the price."""
    follower = tokens[index + 1] if index + 1 < len(tokens) else None
    whole = follower is not None and follower.kind == "number" and follower.text.isdigit() and len(follower.text) < 4
    if not whole or not out or out[-1].kind not in (P.NUMBER, P.STRIKE_RIGHT, P.OCC):
        return 0
    return joined(P.COUNT, tokens[index + 1].value, tokens, index, index + 1, out)


def _limit(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """`limit 2.10`, `@ 68.40 LMT`; `LMT` elsewhere is a company."""
    follower = tokens[index + 1] if index + 1 < len(tokens) else None
    before = out[-1].kind if out else ""
    leads = follower is not None and follower.kind == "number" and not follower.suffix
    if lower == "lmt":
        if before not in (P.NUMBER, P.COMMA) or (before == P.COMMA and not leads):
            return 0
    elif not leads:
        return 0
    kind = W.AT if leads else P.OTHER
    return _put(kind, tokens[index], "limit", out, index)


def _paid(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """`415c for Friday, paid 4.60`."""
    follower = tokens[index + 1] if index + 1 < len(tokens) else None
    if follower is None or follower.kind != "number" or follower.suffix or not out:
        return 0
    return _put(W.AT, tokens[index], lower, out, index)


def _got(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """`closed the AMD position, got 6.35 on the last piece`: a premium behind the word."""
    follower = tokens[index + 1] if index + 1 < len(tokens) else None
    if follower is None or follower.kind != "number" or follower.suffix or "." not in follower.text or not out:
        return 0
    unit = tokens[index + 2].text.lower() if index + 2 < len(tokens) else ""
    if unit == "%" or WORDS.get(unit) is W.POINTS or out[-1].kind not in (P.COMMA, W.AND, P.DASH, W.SELF):
        return 0
    return _put(W.AT, tokens[index], lower, out, index)


def _counted(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """`one lot`, `four of them`, `three of four`, `adding one more`."""
    if index + 1 >= len(tokens):
        return 0
    value, unit = Decimal(COUNTS[lower]), tokens[index + 1].text.lower()
    whole = COUNTS.get(tokens[index + 2].text.lower(), 0) if unit == "of" and index + 2 < len(tokens) else 0
    if whole > value:
        return joined(W.FRACTION, Fraction(COUNTS[lower], whole), tokens, index, index + 2, out)
    if lower == "one" and unit in _PARTS:
        return joined(W.FRACTION, _PARTS[unit], tokens, index, index + 1, out)
    if unit in COUNT_UNITS and unit != "x":
        return joined(P.COUNT, value, tokens, index, index + 1, out)
    if unit == "of" and index + 2 < len(tokens) and tokens[index + 2].text.lower() == "them" and out:
        return joined(P.COUNT, value, tokens, index, index + 2, out) if out[-1].kind == P.COMMA else 0
    if unit == "off" and out and out[-1].kind in (W.TAKE, W.SELL, W.TRIM):
        head = tokens[index]
        out.append(Piece(P.NUMBER, value, head.start, head.end, str(COUNTS[lower]), head.glued))
        return index + 1
    if unit == "more" and out and out[-1].kind == W.ADD:
        return joined(P.COUNT, value, tokens, index, index + 1, out)
    return 0


def _cell_side(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """`MNQ | S | 28482.75`, `NQ L 25590 / sl ...`: a lone letter beside a future is its side."""
    price = tokens[index + 1] if index + 1 < len(tokens) else None
    numbered = price is not None and price.kind == "number" and not price.suffix
    if numbered and out and starts_cell(out) and out[-1].kind == P.NEWLINE and lower == "s":
        return _put(W.STOP, tokens[index], lower, out, index)
    heads = out and out[-1].kind == P.ROOT and (tokens[index].text.isupper() or len(out) == 1)
    if heads and price is not None and price.kind == "number":
        return _put(W.SHORT if lower == "s" else W.LONG, tokens[index], lower, out, index) if not price.suffix else 0
    if len(out) < 2 or out[-1].kind != P.PIPE or out[-2].kind != P.ROOT or index + 1 >= len(tokens):
        return 0
    follower = tokens[index + 1].text.lower()
    if follower != "|" and not (follower == "stop" and index + 2 < len(tokens) and tokens[index + 2].text == "-"):
        return 0
    return _put(W.SHORT if lower == "s" else W.LONG, tokens[index], lower, out, index)


def _cell_target(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """`T 4.50 / 5.50` at the head of a cell, line or sentence."""
    follower = tokens[index + 1] if index + 1 < len(tokens) else None
    if follower is None or follower.kind != "number" or follower.suffix or not out:
        return 0
    if "." not in follower.text and out[-1].kind not in (P.NEWLINE, P.BAR):
        return 0
    if not (starts_cell(out) or out[-1].kind in (P.END, P.COMMA, P.BAR)):
        return 0
    return _put(W.TARGET, tokens[index], lower, out, index)


def _line_entry(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """`E 7861.50` as a line of its own below a direction, with `S` and `T` under it."""
    follower = tokens[index + 1] if index + 1 < len(tokens) else None
    if follower is None or follower.kind != "number" or follower.suffix or not out or out[-1].kind != P.NEWLINE:
        return 0
    return _put(W.ENTRY, tokens[index], lower, out, index)


def _all_of_it(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """`MNQ | -ALL | 28418.50`."""
    if len(out) < 3 or out[-1].kind != P.DASH or out[-2].kind != P.PIPE or out[-3].kind not in (P.ROOT, P.TICKER):
        return 0
    return _put(W.EXIT, tokens[index], "all off", out, index) if tokens[index].glued else 0


def _bitcoin(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """`BTC (CME)`, `BTC objective`: the future, where the letters alone may be a coin or an order to close."""
    if index + 1 < len(tokens) and WORDS.get(tokens[index + 1].text.lower()) == W.TARGET:
        head = tokens[index]
        out.append(Piece(P.ROOT, Root("BTC", ""), head.start, head.end, head.text, head.glued, False, True))
        return index + 1
    at = index + 2 if index + 1 < len(tokens) and tokens[index + 1].text == "(" else index + 1
    if at >= len(tokens) or tokens[at].text != "CME":
        return 0
    last = at + 1 if at + 1 < len(tokens) and tokens[at + 1].text == ")" else at
    head = tokens[index]
    out.append(Piece(P.ROOT, Root("BTC", ""), head.start, head.end, head.text, head.glued, False, True))
    return last + 1


def _agreed(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """`ok in small`, `okay, out here`: at the head of a sentence a word to begin with, which permits nothing."""
    if out and out[-1].kind not in (P.NEWLINE, P.END):
        return 0
    at = index + 2 if index + 2 < len(tokens) and tokens[index + 1].text == "," else index + 1
    if at >= len(tokens) or WORDS.get(tokens[at].text.lower()) not in _DONE | {W.IN, W.OUT}:
        return 0
    return _put(P.SIGN, tokens[index], lower, out, index)


def _bail(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """`bail moved to 4.10`, `bail is at entry`: the level at which the author leaves."""
    follower = WORDS.get(tokens[index + 1].text.lower()) if index + 1 < len(tokens) else None
    return _put(W.STOP, tokens[index], lower, out, index) if follower in (W.MOVE, W.IS) else 0


def _perfect(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """`I have opened ...`, `I've pulled ...` at the head of a sentence: done now, as the bare verb tells it."""
    follower = WORDS.get(tokens[index + 1].text.lower()) if index + 1 < len(tokens) else None
    head = out[:-1] if out and out[-1].kind == W.SELF else out
    if follower not in _DONE or (head and head[-1].kind not in (P.NEWLINE, P.END)):
        return 0
    if follower not in (W.PULL, W.CANCEL) and not any(each.kind == "number" for each in tokens[index + 2 : index + 20]):
        return 0
    if not _TELLS_HISTORY.isdisjoint([each.text.lower() for each in tokens[index + 2 : index + 14]]):
        return 0
    return _put(W.SELF, tokens[index], lower, out, index)


_TELLS_HISTORY = words_of(
    """
    already before twice times since lately recently always ever never many several ago yesterday earlier previously
    weeks week month months year years days monday tuesday wednesday thursday friday every often most been when how
    """
)
_DONE = frozenset((W.BUY, W.OPEN, W.ENTER, W.CLOSE, W.EXIT, W.SELL, W.TRIM, W.ADD, W.CUT, W.PULL, W.CANCEL))


def _paying(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """`paying half here`: taking it off."""
    follower = WORDS.get(tokens[index + 1].text.lower()) if index + 1 < len(tokens) else None
    return _put(W.TAKE, tokens[index], lower, out, index) if follower == W.FRACTION else 0


def _placing(tokens: list[Token], index: int, lower: str, out: list[Piece]) -> int:
    """`put the stop in entry`, `putting SL at 1.10`: the verb, not the option's right."""
    at = index + 2 if tokens[index + 1 : index + 2] and tokens[index + 1].text.lower() in _ARTICLES else index + 1
    if at >= len(tokens) or WORDS.get(tokens[at].text.lower()) not in (W.STOP, W.TARGET):
        return 0
    if out and out[-1].kind in (P.NUMBER, P.TICKER, P.STRIKE_RIGHT):
        return 0
    return _put(W.MOVE, tokens[index], lower, out, index)


_ARTICLES = frozenset(("the", "my", "a", "your", "our", "new"))


def _put(kind: str, token: Token, text: str, out: list[Piece], index: int) -> int:
    out.append(Piece(kind, text, token.start, token.end, text, token.glued))
    return index + 1


SHORT_WORDS: dict[str, Callable[[list[Token], int, str, list[Piece]], int]] = {
    "bot": _bought, "x": _times, "paid": _paid,
    "got": _got, "limit": _limit, "lmt": _limit, "s": _cell_side, "l": _cell_side,
    "t": _cell_target, "e": _line_entry, "all": _all_of_it, "btc": _bitcoin,
    "ok": _agreed, "okay": _agreed, "alright": _agreed,
    "put": _placing, "paying": _paying, "bail": _bail, "have": _perfect, "i've": _perfect, "we've": _perfect,
    **dict.fromkeys(COUNTS, _counted),
}  # fmt: skip
