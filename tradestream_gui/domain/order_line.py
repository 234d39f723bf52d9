"""An order written as one line, `mes b 2 6326 s6316 t7/12`: its words, or the first word that is wrong."""

import re
from dataclasses import dataclass

from tradestream_gui.domain.orders import Side, TimeInForce

HOW = "symbol, b or s, quantity, limit price or mkt, s and the stop, t and the targets: mes b 2 6326 s6316 t7/12"
LONGEST = 120
"""Characters of a line; nobody types a longer order."""
LONGEST_SYMBOL = 32
MOST_QTY = 100_000
MOST_TARGETS = 4
SIDES = {"b": Side.BUY, "buy": Side.BUY, "s": Side.SELL, "sell": Side.SELL}
_MARKET = ("m", "mkt", "market")
_NO_STOP = ("ns", "nostop")
_TIMES = {time.value.lower(): time for time in TimeInForce}
_QTY = re.compile(r"[0-9]{1,7}\Z")
_PRICE = re.compile(r"-?(?:[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,8})?\Z|[0-9]{1,6}'[0-9]{1,3}\Z")


@dataclass(frozen=True, slots=True)
class Level:
    """A stop or a target as it was typed; `10p` is marked as points, a bare number says not which it is."""

    text: str
    is_points: bool = False

    @property
    def typed(self) -> str:
        return f"{self.text}p" if self.is_points else self.text


@dataclass(frozen=True, slots=True)
class OrderLine:
    """What the line asks for; prices stay text until the contract is known that they are read by."""

    symbol: str
    side: Side
    order_qty: int
    limit: str = ""
    """Empty: at the market."""
    stop: Level | None = None
    no_stop: bool = False
    targets: tuple[Level, ...] = ()
    time_in_force: TimeInForce = TimeInForce.DAY

    @property
    def text(self) -> str:
        """The line that reads as this order."""
        words = [self.symbol, "b" if self.side is Side.BUY else "s", str(self.order_qty), self.limit or "mkt"]
        words += [f"s{self.stop.typed}"] if self.stop is not None else []
        words += ["ns"] if self.no_stop else []
        words += ["t" + "/".join(target.typed for target in self.targets)] if self.targets else []
        words += [self.time_in_force.value.lower()] if self.time_in_force is not TimeInForce.DAY else []
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Misread:
    """Why the line is no order: the word at fault, empty where one is only missing."""

    word: str
    words: str

    @property
    def is_unfinished(self) -> bool:
        return not self.word


def is_order_line(text: str) -> bool:
    """Whether it is meant as an order: a side after the symbol and a number next, or any number as its third word."""
    words = text.split()
    place = _side_place(words)
    after = words[place + 1 : place + 2] if place is not None else words[2:3]
    return bool(after) and after[0][0] in "0123456789-"


def read_order_line(text: str) -> OrderLine | Misread:
    """Total: every text gives an order or the reason why it is none."""
    words = text.split()
    if len(text) > LONGEST:
        return Misread(_short(words[-1] if words else " "), f"The line is longer than {LONGEST} characters.")
    place = _side_place(words)
    if place is None:
        if len(words) < 2:
            return Misread("", f"Write {HOW}.")
        return Misread(words[1], f"“{_short(words[1])}” is no side: write b to buy or s to sell.")
    symbol, rest = " ".join(words[:place]).upper(), words[place + 1 :]
    if len(symbol) > LONGEST_SYMBOL:
        return Misread(symbol, f"“{_short(symbol)}” is too long for a symbol.")
    if not rest:
        return Misread("", "The quantity comes next.")
    qty = int(rest[0]) if _QTY.match(rest[0]) else 0
    if not 1 <= qty <= MOST_QTY:
        return Misread(rest[0], f"“{_short(rest[0])}” is no quantity: write a whole number from 1 to {MOST_QTY:,}.")
    if len(rest) < 2:
        return Misread("", "The limit price comes next, or mkt for the market.")
    is_market = rest[1].lower() in _MARKET
    if not is_market and not _PRICE.match(rest[1]):
        return Misread(rest[1], f"“{_short(rest[1])}” is no limit price: write a price, or mkt for the market.")
    return _with_exits(OrderLine(symbol, SIDES[words[place].lower()], qty, "" if is_market else rest[1]), rest[2:])


def _with_exits(line: OrderLine, words: list[str]) -> OrderLine | Misread:
    """The line with its stop, targets and time; each may be given once, in any order."""
    stop, targets, times = None, None, None
    no_stop = False
    for word in words:
        small = word.lower()
        if small in _NO_STOP or small[0] == "s":
            if stop is not None or no_stop:
                return Misread(word, f"“{_short(word)}”: the stop is given twice.")
            no_stop = small in _NO_STOP
            stop = None if no_stop else _level(small[1:])
            if not no_stop and stop is None:
                return Misread(word, f"“{_short(word)}” is no stop: write s6316 for a price, s10p for points, or ns.")
        elif small[0] == "t":
            if targets is not None:
                return Misread(word, f"“{_short(word)}”: the targets are given twice; write them as t7/12.")
            targets = _levels(small[1:])
            if targets is None:
                words_ = f"“{_short(word)}” is no target: write t6333 or t7p, and up to {MOST_TARGETS} as t7/12."
                return Misread(word, words_)
        elif small in _TIMES:
            if times is not None:
                return Misread(word, f"“{_short(word)}”: how long it stands is given twice.")
            times = _TIMES[small]
        else:
            return Misread(word, f"“{_short(word)}” is not known here: s, t, ns, day, gtc or ioc can follow the price.")
    return OrderLine(
        symbol=line.symbol,
        side=line.side,
        order_qty=line.order_qty,
        limit=line.limit,
        stop=stop,
        no_stop=no_stop,
        targets=targets or (),
        time_in_force=times or TimeInForce.DAY,
    )


def _side_place(words: list[str]) -> int | None:
    """Where the side stands; never first, because B and S are symbols too."""
    return next((number for number, word in enumerate(words) if number and word.lower() in SIDES), None)


def _levels(text: str) -> tuple[Level, ...] | None:
    found = [_level(part) for part in text.split("/")]
    known = tuple(level for level in found if level is not None)
    return known if len(known) == len(found) <= MOST_TARGETS else None


def _level(text: str) -> Level | None:
    is_points = text.endswith("p")
    bare = text.removesuffix("p")
    if not _PRICE.match(bare) or (is_points and not bare[0].isdigit()):
        return None
    return Level(bare, is_points)


def _short(word: str) -> str:
    return word if len(word) <= 24 else f"{word[:23]}…"
