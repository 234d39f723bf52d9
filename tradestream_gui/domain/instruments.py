"""What can be traded: futures, options and stocks, with their ticks, point values and families."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from enum import Enum

from tradestream_gui.domain.ids import InstrumentId


class AssetClass(Enum):
    FUTURE = "future"
    OPTION = "option"
    STOCK = "stock"


class Right(Enum):
    CALL = "C"
    PUT = "P"


class Toward(Enum):
    """Which way a price that is off its tick is moved."""

    DOWN = ROUND_FLOOR
    UP = ROUND_CEILING
    NEAREST = ROUND_HALF_EVEN


@dataclass(frozen=True, slots=True)
class TickBand:
    """The tick that holds at and above a price (options: 0.01 below 3.00, 0.05 from there on)."""

    from_price: Decimal
    tick_size: Decimal


@dataclass(frozen=True, slots=True)
class Instrument:
    """One tradable contract; two instruments are the same exactly when their ids are.

    `point_value` is US dollars per 1.0 of price for one contract or share. `family` groups contracts on the
    same underlying market whose positions offset one another (ES and MES); `mini_equivalents` is the size of
    one contract in minis of that family (ES 1, MES 0.1; options and stocks 0). `ticks` rises by `from_price`.
    """

    instrument_id: InstrumentId
    asset_class: AssetClass
    root: str
    exchange: str
    ticks: tuple[TickBand, ...]
    point_value: Decimal
    family: str
    mini_equivalents: Decimal
    currency: str = "USD"
    expiry: date | None = None
    strike: Decimal | None = None
    right: Right | None = None
    cash_settled: bool = True
    quoted_in_32nds: bool = False
    description: str = ""

    @property
    def tick_size(self) -> Decimal:
        """The smallest tick, the one at the bottom of the price scale."""
        return self.ticks[0].tick_size

    @property
    def tick_value(self) -> Decimal:
        """US dollars per smallest tick for one contract."""
        return self.tick_size * self.point_value

    def tick_at(self, price: Decimal) -> Decimal:
        """The tick that holds at this price (negative prices use the bottom band)."""
        tick = self.ticks[0].tick_size
        for band in self.ticks:
            if price >= band.from_price:
                tick = band.tick_size
        return tick

    def round_to_tick(self, price: Decimal, toward: Toward = Toward.NEAREST) -> Decimal:
        """The nearest tradable price in the given direction: the only rounding of prices there is."""
        tick = self.tick_at(price)
        steps = (price / tick).to_integral_value(rounding=toward.value)
        return (steps * tick).quantize(tick) if tick < 1 else steps * tick

    def is_on_tick(self, price: Decimal) -> bool:
        return price % self.tick_at(price) == 0

    def money(self, points: Decimal, qty: int) -> Decimal:
        """US dollars that `qty` contracts make when the price moves by `points`."""
        return points * self.point_value * qty

    def notional(self, price: Decimal, qty: int) -> Decimal:
        return self.money(price, abs(qty))
