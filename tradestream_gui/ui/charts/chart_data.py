"""What a chart is told, in plain values: bars, price lines, markers and films. Needs neither numpy nor Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class BarArrays:
    """Bars in columns of equal length, oldest first. `times` are UTC seconds of each bar's start, strictly rising."""

    times: Sequence[int]
    opens: Sequence[float]
    highs: Sequence[float]
    lows: Sequence[float]
    closes: Sequence[float]
    volumes: Sequence[float]


NO_BARS = BarArrays((), (), (), (), (), ())


@dataclass(frozen=True, slots=True)
class BarValues:
    """One bar as floats, for the screen only."""

    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class ChartStyle(Enum):
    """How bars are drawn; the value is the word on the screen."""

    CANDLES = "Candles"
    BARS = "Bars"
    LINE = "Line"
    HEIKIN_ASHI = "Heikin-Ashi"


class LineKind(Enum):
    """(colour token, dashed?)."""

    POSITION = ("text_2", False)
    BREAKEVEN = ("muted", True)
    BUY_ORDER = ("buy", True)
    SELL_ORDER = ("sell", True)
    STOP = ("down", False)
    TARGET = ("up", False)
    ALERT = ("warn", True)

    @property
    def token(self) -> str:
        return self.value[0]

    @property
    def dashed(self) -> bool:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A horizontal line with a label; a draggable one reports where it was dropped, and moves only when told to."""

    line_id: str
    price: float
    kind: LineKind
    label: str
    draggable: bool = False


@dataclass(frozen=True, slots=True)
class MoveWords:
    """What would come of a line that is let go here; `token` is the colour of the words."""

    text: str
    token: str = "text"
    may_go: bool = True


class MarkerKind(Enum):
    """(colour token, stands below the bar?)."""

    BUY_FILL = ("buy", True)
    SELL_FILL = ("sell", False)
    ALERT = ("warn", False)

    @property
    def token(self) -> str:
        return self.value[0]

    @property
    def below(self) -> bool:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Marker:
    """Something that happened at a time; `price` is where it happened, `text` is shown when the pointer is on it."""

    key: str
    time: int
    price: float
    kind: MarkerKind
    text: str


@dataclass(frozen=True, slots=True)
class FilmFill:
    time: int
    price: float


@dataclass(frozen=True, slots=True)
class Film:
    """An alert's whole way: its claimed price, the market at that moment, our fills and how far it went meanwhile.

    What was not measured is None and is not drawn. `until` is the last exit, or now while the trade is open.
    """

    key: str
    time: int
    is_long: bool
    claimed: float | None
    bid: float | None
    ask: float | None
    entry: FilmFill | None
    exits: tuple[FilmFill, ...]
    best: float | None
    worst: float | None
    until: int
    is_open: bool
    words: str
    """The whole film in words, for the tool tip."""


@dataclass(frozen=True, slots=True)
class Shading:
    """A span of time with a darker ground (outside regular hours), UTC seconds."""

    start: int
    end: int
