"""Numbers and times as the trader reads them: price at the tick, true minus, sign on every profit, exchange time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_EVEN, Decimal
from enum import Enum
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING

from tradestream_gui.domain.money import CENT, MINUS

if TYPE_CHECKING:
    from tradestream_gui.domain.instruments import Instrument
    from tradestream_gui.domain.orders import Side

NOTHING = "\u2013"  # what stands where nobody measured a number
ABOUT = "\u2248"
_THIRTY_SECOND = Decimal(1) / 32
_EIGHTHS = {0: "0", 1: "1", 2: "2", 3: "3", 4: "5", 5: "6", 6: "7", 7: "8"}


class ProfitUnit(Enum):
    """In what a profit column is read; a click on its header goes to the next one."""

    MONEY = "$"
    POINTS = "pts"
    TICKS = "ticks"
    PERCENT = "%"
    R = "R"

    def next(self) -> ProfitUnit:
        units = list(ProfitUnit)
        return units[(units.index(self) + 1) % len(units)]


def price_text(price: Decimal | None, instrument: Instrument) -> str:
    """The price with the decimals of its tick (ES 6,326.25), bonds in 32nds (118'16); a dash without one. An average
    between ticks has the decimals that it needs, and to the cent where it does not end."""
    if price is None:
        return NOTHING
    if instrument.quoted_in_32nds:
        return _in_32nds(price, instrument.tick_size)
    needed = decimals_of(price)
    return number_text(price, max(decimals_of(instrument.tick_at(price)), needed if needed <= 4 else 2))


def number_text(value: Decimal | int | None, decimals: int = 0, *, sign: bool = False) -> str:
    """Thousands separators and a true minus; `sign` writes the plus too (zero has none)."""
    if value is None:
        return NOTHING
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    digits = f"{abs(rounded):,.{decimals}f}"
    return _sign(rounded, sign) + digits


def money_text(amount: Decimal | None, *, sign: bool = False, cents: bool = True) -> str:
    """`$1,240.00`, `−$312.50`; with `sign` also `+$50.00`."""
    if amount is None:
        return NOTHING
    rounded = amount.quantize(CENT if cents else Decimal(1), rounding=ROUND_HALF_EVEN)
    return f"{_sign(rounded, sign)}${abs(rounded):,.{2 if cents else 0}f}"


def profit_text(amount: Decimal | None, *, cents: bool = True) -> str:
    """Money won or lost with mark, sign and dollar (`▲ +$25.00`, `▼ −$12.50`, `$0.00`): never colour alone."""
    if amount is None:
        return NOTHING
    return f"{mark(amount)}{money_text(amount, sign=True, cents=cents)}"


def mark(value: Decimal) -> str:
    """The triangle before a signed number; nothing at zero."""
    return "▲ " if value > 0 else "▼ " if value < 0 else ""


def points_text(points: Decimal | None, instrument: Instrument) -> str:
    """Points won or lost with the decimals of the tick, always signed."""
    return number_text(points, decimals_of(instrument.tick_size), sign=True)


def ratio_text(value: Decimal | float | None, decimals: int = 2) -> str:
    """A statistic; a dash when it was not measured or does not exist."""
    if value is None or value != value or value in (float("inf"), float("-inf")):  # nan is not equal to itself
        return NOTHING
    return number_text(Decimal(repr(value)) if isinstance(value, float) else value, decimals)


def percent_text(fraction: Decimal | None, decimals: int = 1, *, sign: bool = False) -> str:
    """0.62 as `62.0 %`."""
    return NOTHING if fraction is None else f"{number_text(fraction * 100, decimals, sign=sign)} %"


def r_text(multiple: Decimal | None) -> str:
    """A multiple of the risk with one decimal: `+1.5 R`."""
    return NOTHING if multiple is None else f"{number_text(multiple, 1, sign=True)} R"


def side_text(side: Side) -> str:
    return "▲ BUY" if side.sign > 0 else "▼ SELL"


def age_text(age: timedelta | None) -> str:
    """`3 s`, `4 min`, `2 h 05 min`, `3 d`; a dash without an age."""
    if age is None:
        return NOTHING
    seconds = max(int(age.total_seconds()), 0)
    if seconds < 100:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 86_400:
        return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"
    return f"{seconds // 86_400} d"


def countdown_text(left: timedelta, *, seconds: bool = True) -> str:
    """`6:18:53` or `00:42`, never below zero; without the seconds `31 h 05 min`, a begun minute counted whole."""
    left_s = left.total_seconds()
    whole = max(int(left_s) if seconds else ceil(left_s / 60) * 60, 0)
    hours, minutes = whole // 3600, whole % 3600 // 60
    if not seconds:
        return f"{hours} h {minutes:02d} min"
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes:02d}:{whole % 60:02d}"


def time_text(at: datetime | None, zone: tzinfo, *, seconds: bool = True) -> str:
    """The time of day in the exchange's zone: `09:41:07`."""
    return NOTHING if at is None else at.astimezone(zone).strftime("%H:%M:%S" if seconds else "%H:%M")


def zoned_time_text(at: datetime | None, zone: tzinfo) -> str:
    """The time of day with the zone's name: `09:41:07 ET`."""
    return NOTHING if at is None else f"{time_text(at, zone)} {zone_name(at, zone)}"


def date_time_text(at: datetime | None, zone: tzinfo) -> str:
    """`2026-11-20 09:41:07 ET`."""
    return NOTHING if at is None else f"{at.astimezone(zone):%Y-%m-%d} {zoned_time_text(at, zone)}"


def times_tooltip(at: datetime | None, zone: tzinfo, local: tzinfo | None = None) -> str:
    """Exchange, local and UTC time, one a line, for the tool tip of a time."""
    if at is None:
        return ""
    lines = [date_time_text(at, zone), f"{at.astimezone(local):%Y-%m-%d %H:%M:%S} here"]
    return "\n".join([*lines, f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"])


def zone_name(at: datetime, zone: tzinfo) -> str:
    """`ET` and `CT` as traders say, not EDT or EST."""
    name = at.astimezone(zone).tzname() or ""
    return name[0] + "T" if len(name) == 3 and name[1] in "SD" and name[2] == "T" else name


@lru_cache(maxsize=4096)
def decimals_of(step: Decimal) -> int:
    """How many decimals a tick needs: 0.25 has two, 5 has none."""
    exponent = step.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _sign(value: Decimal, plus: bool) -> str:
    return MINUS if value < 0 else "+" if plus and value > 0 else ""


def _in_32nds(price: Decimal, tick: Decimal) -> str:
    """Handle, 32nds and, for finer ticks, the eighth of a 32nd as exchanges print it (2 for a quarter, 5, 7)."""
    whole, fraction = divmod(abs(price), 1)
    eighths = int((fraction * 256).to_integral_value(rounding=ROUND_HALF_EVEN))
    text = f"{MINUS if price < 0 else ''}{int(whole):,}'{eighths // 8:02d}"
    return text if tick >= _THIRTY_SECOND else text + _EIGHTHS[eighths % 8]
