"""Where bars and prices lie on the screen, and which round prices and times are labelled."""

from dataclasses import dataclass, field
from math import ceil, floor, log10

VOLUME_SHARE = 0.18  # of the prices' height
PANE_SHARE, PANES_AT_MOST = 0.2, 0.5  # of the plot's height: each pane below the prices, and all together
GAP_PX = 6  # between prices and volume
NICE_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
NICE_SECONDS = (
    *(10, 15, 30, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800),
    *(86_400, 2 * 86_400, 7 * 86_400, 14 * 86_400, 30 * 86_400, 91 * 86_400, 365 * 86_400, 5 * 365 * 86_400),
)


@dataclass(frozen=True, slots=True)
class Scale:
    """Bar positions (bar i spans i to i + 1) and prices to pixels. The axes stand right of and below the plot."""

    left: float  # bar position at the plot's left edge
    px_per_bar: float
    low: float  # price at the bottom of the price area
    high: float  # price at its top
    width: int  # of the plot, without the price axis
    height: int  # of the plot with its panes, without the time axis
    top: int  # room above the prices for the values
    panes: int = 0  # below the prices
    has_volume: bool = True

    right: float = field(init=False)  # bar position at the plot's right edge
    main_height: int = field(init=False)  # where prices and volume end and the first pane begins
    volume_top: int = field(init=False)  # where the volume area begins
    price_bottom: int = field(init=False)
    px_per_price: float = field(init=False)

    def __post_init__(self) -> None:
        """What every layer asks for many times a frame is computed once."""
        main = round(self.height * (1 - min(self.panes * PANE_SHARE, PANES_AT_MOST)))
        volume = round(main * (1 - VOLUME_SHARE)) if self.has_volume else main
        bottom = volume - GAP_PX
        found = {
            "right": self.left + self.width / self.px_per_bar,
            "main_height": main,
            "volume_top": volume,
            "price_bottom": bottom,
            "px_per_price": max(bottom - self.top, 1) / max(self.high - self.low, 1e-12),
        }
        for name, value in found.items():
            object.__setattr__(self, name, value)

    def x(self, position: float) -> float:
        return (position - self.left) * self.px_per_bar

    def y(self, price: float) -> float:
        return self.top + (self.high - price) * self.px_per_price

    def position(self, x: float) -> float:
        return self.left + x / self.px_per_bar

    def price(self, y: float) -> float:
        return self.high - (y - self.top) / self.px_per_price

    def pane_span(self, number: int) -> tuple[int, int]:
        """First pixel of a pane, and the first one below it."""
        tall = (self.height - self.main_height) / max(self.panes, 1)
        return round(self.main_height + number * tall), round(self.main_height + (number + 1) * tall)


@dataclass(frozen=True, slots=True)
class PaneScale:
    """Values to pixels in a pane; `top` leaves room for its title."""

    top: float
    bottom: float
    low: float
    high: float

    @property
    def px_per_unit(self) -> float:
        return max(self.bottom - self.top, 1) / max(self.high - self.low, 1e-12)

    def y(self, value: float) -> float:
        return self.top + (self.high - value) * self.px_per_unit


def price_ticks(low: float, high: float, most: int, tick: float) -> list[float]:
    """At most `most` round prices between low and high, never finer than the instrument's tick."""
    if high <= low or most < 1:
        return []
    rough = max((high - low) / most, tick)
    power = 10.0 ** floor(log10(rough))
    step = next(nice * power for nice in NICE_STEPS if nice * power >= rough * 0.999)
    step = max(ceil(step / tick - 1e-9), 1) * tick
    first = ceil(low / step - 1e-9)
    return [number * step for number in range(first, floor(high / step + 1e-9) + 1)]


def time_step(seconds_per_label: float) -> int:
    """The smallest round interval that leaves a label enough room."""
    return next((step for step in NICE_SECONDS if step >= seconds_per_label), NICE_SECONDS[-1])
