"""The kinds of typed pieces that the grammar reads, and the piece itself."""

from typing import NamedTuple


class PieceKinds:
    """Kinds of pieces that are not words of the lexicon."""

    def __init__(self) -> None:
        self.__dict__.update(vars(PieceKinds))

    NUMBER = "number"
    PERCENT = "percent"
    R_MULTIPLE = "r multiple"
    STRIKE_RIGHT = "strike and right"
    OCC = "option symbol"
    TICKER = "ticker"
    ROOT = "futures root"
    DATE = "date"
    MONTH = "month"
    """A month without a day; its value is (month, year or 0)."""
    SLASH = "slash pair"
    DTE = "days to expiry"
    TRAIL = "trailing percent"
    """`TS10%` behind a target: the trail that begins there."""
    GAIN = "gain"
    COUNT = "count"
    ORDINAL = "ordinal"
    MEASURE = "measure"
    """A number with a unit that is neither price nor size: minutes, a moving average, a clock time."""
    BROKEN = "broken number"
    NEWLINE = "newline"
    END = "sentence end"
    ASK = "question mark"
    COMMA = "comma"
    DASH = "dash"
    COLON = "colon"
    PIPE = "pipe"
    BAR = "slash"
    OPENING = "opening bracket"
    CLOSING = "closing bracket"
    PLUS = "plus"
    ARROW = "arrow"
    STAR = "star"
    MENTION = "mention"
    URL = "link"
    LETTER = "letter"
    FOREIGN = "market not traded here"
    OTHER = "other word"
    SIGN = "sign"


P = PieceKinds()
"""An instance that holds every name itself, as the rules ask for hundreds in a message."""


class Piece(NamedTuple):
    """A typed piece with its raw span. `value` depends on the kind; `sure` marks a symbol that needs no context."""

    kind: str
    value: object
    start: int
    end: int
    text: str
    glued: bool = False
    dollar: bool = False
    sure: bool = False
