"""A contract as it is read from a message, and option symbols in the forms of exchanges and platforms."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tradestream_gui.alerts.words.piece_kinds import Piece
from tradestream_gui.domain.instruments import Right

MAX_STRIKE = Decimal(100_000)

Note = tuple[str, int, int, str]
"""Field, span and rule: where a part of a contract was read."""


@dataclass(slots=True)
class Contract:
    """A contract under construction; the reader of one message is its only writer."""

    first: int
    last: int
    symbol: str | None = None
    is_root: bool = False
    sure: bool = False
    month_code: str = ""
    strike: Decimal | None = None
    right: Right | None = None
    expiry: date | None = None
    said_expiry: bool = False
    doubt: str = ""
    shares: bool = False
    evidence: list[Note] = field(default_factory=list)

    @property
    def is_option(self) -> bool:
        return self.strike is not None or self.right is not None

    @property
    def is_full(self) -> bool:
        """Symbol, strike and right: enough to name an option once the expiry is known."""
        return self.symbol is not None and self.strike is not None and self.right is not None

    def note(self, name: str, piece: Piece, rule: str) -> None:
        self.evidence.append((name, piece.start, piece.end, rule))


def occ_parts(text: str) -> tuple[str, tuple[int, int, int], Right, Decimal] | None:
    """Root, date, right and strike of the OSI, thinkorswim and underscore (month first) forms."""
    compact = text.lstrip(".")
    at = len(compact) - 1
    while at >= 0 and compact[at] not in "CPcp":
        at -= 1
    if at < 7 or compact[at].islower():
        return None
    head, digits, strike = compact[: at - 6], compact[at - 6 : at], compact[at + 1 :]
    root = head.strip(" _")
    if not root.isalpha() or not root.isupper() or not digits.isdigit():
        return None
    a, b, c = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    when = (a, b, 2000 + c) if "_" in head else (b, c, 2000 + a)
    if not strike.replace(".", "", 1).isdigit():
        return None
    value = Decimal(strike) / 1000 if len(strike) == 8 and "." not in strike else Decimal(strike)
    if not 0 < value <= MAX_STRIKE:
        return None
    return root, when, Right(compact[at]), value.quantize(Decimal(1)) if value == value.to_integral_value() else value
