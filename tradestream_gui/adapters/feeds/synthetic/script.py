"""What a scripted market must do: prices at given moments, bands in between, and times of silence."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from tradestream_gui.domain.instruments import Instrument


@dataclass(frozen=True, slots=True)
class PathAnchor:
    """At `at_s` seconds after the feed's start one trade prints at exactly `price`.

    `low` and `high` bound every bid, ask and print since the anchor before, this one included.
    """

    at_s: float
    price: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PathScript:
    """The anchors of one instrument in order of time; a future's script moves its whole family (ES and MES).

    An option without a script of its own is priced from its underlying. `rest_low` and `rest_high` bound the prices
    after the last anchor. Raises ValueError for anchors out of order, off the tick or outside their band.
    """

    instrument: Instrument
    anchors: tuple[PathAnchor, ...]
    rest_low: Decimal | None = None
    rest_high: Decimal | None = None

    def __post_init__(self) -> None:
        for anchor in self.anchors:
            check_anchor(self.instrument, anchor)
        for before, after in pairwise(self.anchors):
            if after.at_s <= before.at_s:
                raise ValueError(f"{self._name}: the anchor at {after.at_s} s does not follow that at {before.at_s} s")
            _check_within(self._name, before.price, after.low, after.high, f"before the anchor at {after.at_s} s")
        if self.anchors:
            _check_within(self._name, self.anchors[-1].price, self.rest_low, self.rest_high, "after the last anchor")

    @property
    def _name(self) -> str:
        return str(self.instrument.instrument_id)


@dataclass(frozen=True, slots=True)
class Outage:
    """The feed says nothing from `start_s` to `end_s`; an announced outage also reports the link down and up."""

    start_s: float
    end_s: float
    is_announced: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.start_s < self.end_s:
            raise ValueError(f"an outage from {self.start_s} s to {self.end_s} s has no length")


def check_anchor(instrument: Instrument, anchor: PathAnchor) -> None:
    """Raises ValueError for an anchor that the instrument's prices cannot meet."""
    name = str(instrument.instrument_id)
    if anchor.at_s < 0:
        raise ValueError(f"{name}: the anchor at {anchor.at_s} s lies before the start")
    if not instrument.is_on_tick(anchor.price):
        raise ValueError(f"{name}: the anchor price {anchor.price} is not on the tick {instrument.tick_size}")
    _check_within(name, anchor.price, anchor.low, anchor.high, f"at {anchor.at_s} s")
    if anchor.low is not None and anchor.high is not None:
        narrowest = instrument.tick_at(anchor.high)
        if anchor.high - anchor.low < narrowest:
            raise ValueError(f"{name}: the band {anchor.low} to {anchor.high} is narrower than one tick")


def _check_within(name: str, price: Decimal, low: Decimal | None, high: Decimal | None, where: str) -> None:
    if (low is not None and price < low) or (high is not None and price > high):
        raise ValueError(f"{name}: the price {price} {where} lies outside the band {low} to {high}")
