"""One price path: free between minute marks, bridged exactly through the anchors, reflected into the band."""

from bisect import bisect_right, insort
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from tradestream_gui.adapters.feeds.synthetic.noise import gauss, mix, seed_of
from tradestream_gui.adapters.feeds.synthetic.script import PathAnchor

MARK_US = 60_000_000
FAR_US = 4 * 3_600_000_000
"""A seek farther than this does not walk every minute: by then the price has come home."""
REVERSION_S = 3600.0
"""Without an anchor ahead the price is drawn back to the last one over about an hour."""


@dataclass(frozen=True, slots=True)
class Band:
    low: Decimal | None
    high: Decimal | None

    @property
    def low_float(self) -> float:
        return float("-inf") if self.low is None else float(self.low)

    @property
    def high_float(self) -> float:
        return float("inf") if self.high is None else float(self.high)


@dataclass(frozen=True, slots=True)
class PathPoint:
    """The fair price at a moment; `exact` is set at an anchor, `rose` tells the way it came."""

    at_us: int
    fair: float
    exact: Decimal | None
    rose: bool
    band: Band


@dataclass(frozen=True, slots=True)
class _Mark:
    """The next moment whose price is fixed already."""

    at_us: int
    fair: float
    exact: Decimal | None


class PricePath:
    """Walks forward in time on a fixed grid of `step_us`; anchors add moments of their own between the grid's.

    Every draw is a function of (seed, moment), so the walk from any minute mark repeats itself exactly.
    `vol` is price units per square root of a second.
    """

    def __init__(self, *, seed: int, name: str, start_price: float, vol: float, step_us: int, rest: Band) -> None:
        self._mark_seed = seed_of(seed, f"{name}/mark")
        self._step_seed = seed_of(seed, f"{name}/step")
        self._vol = vol
        self._step_us = step_us
        self._rest = rest
        self._anchors: list[PathAnchor] = []
        self._anchor_us: list[int] = []
        self._at_us = -1
        self._fair = start_price
        self._home = start_price
        self._next: _Mark | None = None

    @property
    def at_us(self) -> int:
        """The moment of the newest point; -1 before the first, which stands at 0."""
        return self._at_us

    def add_anchor(self, anchor: PathAnchor) -> None:
        """An anchor ahead of the walk; one at the very beginning sets the start price."""
        at_us = round(anchor.at_s * 1_000_000)
        assert at_us > self._at_us, "the path has passed that moment already"
        place = bisect_right(self._anchor_us, at_us)
        if place and self._anchor_us[place - 1] == at_us:
            self._anchors[place - 1] = anchor
        else:
            insort(self._anchor_us, at_us)
            self._anchors.insert(place, anchor)
        if at_us == 0:
            self._fair = self._home = float(anchor.price)
        self._next = None

    def next_us(self) -> int:
        """The moment of the next point: the next on the grid, or an anchor before it."""
        grid = (self._at_us // self._step_us + 1) * self._step_us
        ahead = bisect_right(self._anchor_us, self._at_us)
        return min(grid, self._anchor_us[ahead]) if ahead < len(self._anchor_us) else grid

    def step(self) -> PathPoint:
        """Walks to the next point."""
        at_us = self.next_us()
        mark = self._mark()
        band = self._band(at_us)
        before = self._fair
        if at_us >= mark.at_us:
            fair, exact = mark.fair, mark.exact
            self._next = None
        else:
            fair, exact = self._between(at_us, mark, mix(self._step_seed, at_us), band), None
        if exact is not None:
            self._home = fair
        self._at_us, self._fair = at_us, fair
        return PathPoint(at_us, fair, exact, fair >= before, band)

    def seek(self, to_us: int) -> None:
        """Jumps to the last minute mark (or anchor) at or before a moment ahead, as if it had walked there."""
        if to_us - self._at_us > FAR_US:
            self._skip_to(to_us)
        while (mark := self._mark()).at_us <= to_us:
            self._at_us, self._fair = mark.at_us, mark.fair
            if mark.exact is not None:
                self._home = mark.fair
            self._next = None

    def _skip_to(self, to_us: int) -> None:
        """Straight to the last anchor on the way, whose price is fixed, and on to the last hours, from home."""
        passed = bisect_right(self._anchor_us, to_us)
        if passed and self._anchor_us[passed - 1] > self._at_us:
            self._at_us = self._anchor_us[passed - 1]
            self._fair = self._home = float(self._anchors[passed - 1].price)
        if to_us - self._at_us > FAR_US:
            self._at_us, self._fair = (to_us - FAR_US) // MARK_US * MARK_US, self._home
        self._next = None

    def _mark(self) -> _Mark:
        if self._next is None:
            self._next = self._find_mark()
        return self._next

    def _find_mark(self) -> _Mark:
        minute_us = (self._at_us // MARK_US + 1) * MARK_US
        ahead = bisect_right(self._anchor_us, self._at_us)
        if ahead == len(self._anchors):
            return self._free_mark(minute_us)
        anchor = _Mark(self._anchor_us[ahead], float(self._anchors[ahead].price), self._anchors[ahead].price)
        if anchor.at_us <= minute_us:
            return anchor
        bits = mix(self._mark_seed, minute_us)
        return _Mark(minute_us, self._between(minute_us, anchor, bits, self._band(minute_us)), None)

    def _free_mark(self, at_us: int) -> _Mark:
        seconds = (at_us - self._at_us) / 1e6
        drawn = gauss(mix(self._mark_seed, at_us)) * self._vol * sqrt(seconds)
        fair = self._fair + (self._home - self._fair) * seconds / REVERSION_S + drawn
        return _Mark(at_us, _reflected(fair, self._band(at_us)), None)

    def _between(self, at_us: int, mark: _Mark, bits: int, band: Band) -> float:
        """A Brownian bridge from here to the mark, at a moment in between."""
        whole, done = (mark.at_us - self._at_us) / 1e6, (at_us - self._at_us) / 1e6
        mean = self._fair + (mark.fair - self._fair) * done / whole
        return _reflected(mean + gauss(bits) * self._vol * sqrt(done * (whole - done) / whole), band)

    def _band(self, at_us: int) -> Band:
        """The band of the stretch that ends at the first anchor at or after a moment."""
        place = bisect_right(self._anchor_us, at_us - 1)
        if place == len(self._anchors):
            return self._rest
        return Band(self._anchors[place].low, self._anchors[place].high)


def _reflected(fair: float, band: Band) -> float:
    low, high = band.low_float, band.high_float
    if fair > high:
        fair = 2 * high - fair
    if fair < low:
        fair = 2 * low - fair
    return min(max(fair, low), high)
