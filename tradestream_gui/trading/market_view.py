"""What trading needs to know of the market and the calendar, as one set of questions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from tradestream_gui.domain.ids import AccountId, InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Quote


@dataclass(frozen=True, slots=True)
class MarketView:
    """Each question is asked at the moment of use; None means not known. Money is US dollars.

    `fee_per_side` is for one contract or share. `day_of` is the account's day (17:00 Chicago roll).
    """

    instrument: Callable[[InstrumentId], Instrument]
    quote: Callable[[InstrumentId], Quote | None]
    stream_age_s: Callable[[InstrumentId], float | None]
    is_open: Callable[[Instrument, datetime], bool]
    until_close: Callable[[Instrument, datetime], timedelta | None]
    until_expiry: Callable[[Instrument, datetime], timedelta | None]
    day_of: Callable[[datetime], date]
    next_day: Callable[[datetime], datetime]
    fee_per_side: Callable[[AccountId, Instrument, datetime], Decimal | None]
    margin: Callable[[Instrument], Decimal | None]
    daily_atr: Callable[[Instrument], Decimal | None]
    clock_offset: Callable[[], timedelta | None]
