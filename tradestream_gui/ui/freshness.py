"""How old a price on screen may be before it is marked, and before it is not shown at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.quotes import DataKind, Quote
from tradestream_gui.ui.format import age_text

if TYPE_CHECKING:
    from tradestream_gui.core import Core

OTHER_HOURS_FACTOR = 6
"""Outside of regular hours a price may be this many times as old: fewer trade then."""
GONE_AFTER = 5
"""At this many times the limit a price is no price any more."""


class Freshness(Enum):
    FRESH = "fresh"
    STALE = "stale"
    GONE = "gone"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Seen:
    """The market of one instrument as the screen may show it: `last` and the quote are None when gone."""

    freshness: Freshness
    age_s: float | None
    quote: Quote | None
    last: Decimal | None

    @property
    def is_stale(self) -> bool:
        return self.freshness in (Freshness.STALE, Freshness.GONE)

    @property
    def is_demo(self) -> bool:
        return self.quote is not None and self.quote.kind is DataKind.DEMO

    @property
    def kind_words(self) -> tuple[str, ...]:
        """What kind of prices these are, and how old when they are old; then the same for less room, in which only
        invented ones still say what they are."""
        kind = self.quote.kind.value if self.quote is not None else "no price"
        if not self.is_stale or self.age_s is None:
            return (kind,)
        age = age_text(timedelta(seconds=self.age_s))
        return f"{kind} · {age} old", f"{kind} {age}" if self.is_demo else f"{age} old"

    @property
    def words(self) -> str:
        """For a tool tip: how old the price is and where it comes from."""
        if self.age_s is None:
            return "No price has come for this contract."
        age = f"Price {self.age_s:.0f} s old"
        if self.freshness is Freshness.GONE:
            return f"{age}: too old to be shown."
        return f"{age}, {self.quote.kind.value}." if self.quote else f"{age}."


def age_limit_s(core: "Core", instrument: Instrument, at: datetime) -> float:
    """Seconds after which the instrument's own quote counts as stale on screen."""
    limit_s = _shortest_limit_s(core, instrument)
    if instrument.asset_class is AssetClass.OPTION or core.reference.calendar.is_regular_hours(instrument, at):
        return limit_s
    return limit_s * OTHER_HOURS_FACTOR


def seen(core: "Core", instrument: Instrument) -> Seen:
    """What may be shown of the instrument now."""
    age_s = core.board.quote_age_s(instrument.instrument_id)
    if age_s is None:
        return Seen(Freshness.NONE, None, None, None)
    freshness = Freshness.FRESH
    if age_s > _shortest_limit_s(core, instrument):  # whose hours these are is asked of old prices only
        limit_s = age_limit_s(core, instrument, core.clock.now())
        if age_s > limit_s * GONE_AFTER:
            return Seen(Freshness.GONE, age_s, None, None)
        freshness = Freshness.STALE if age_s > limit_s else Freshness.FRESH
    quote = core.board.quote(instrument.instrument_id)
    last = core.board.last_price(instrument.instrument_id)
    return Seen(freshness, age_s, quote, last)


def _shortest_limit_s(core: "Core", instrument: Instrument) -> float:
    wanted = core.settings.current.market
    is_option = instrument.asset_class is AssetClass.OPTION
    return float(wanted.stale_after_option_s if is_option else wanted.stale_after_future_s)
