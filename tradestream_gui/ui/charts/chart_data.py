"""What a chart is told, in plain values: bars, price lines, markers and curves. Needs neither numpy nor Qt."""

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


@dataclass(frozen=True, slots=True)
class BarValues:
    """One bar as floats, for the screen only."""

    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float


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
class Curve:
    """An indicator over the bars: one value per bar, not-a-number where it does not exist yet."""

    key: str
    title: str
    values: Sequence[float]
    token: str = "info"


@dataclass(frozen=True, slots=True)
class Shading:
    """A span of time with a darker ground (outside regular hours), UTC seconds."""

    start: int
    end: int
