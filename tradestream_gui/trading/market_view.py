"""What trading needs to know of the market and the calendar, as one set of questions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tradestream_gui.domain.ids import AccountId, InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.market.quote_board import QuoteBoard
from tradestream_gui.market.reference import ReferenceData

EXPIRY_HOUR = time(16, 0)
"""New York time after which nothing that expires on the day is worth opening."""
EXCHANGE_ZONE = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class MarketView:
    """Each question is asked at the moment of use; None means not known. Money is US dollars.

    `fee_per_side` is for one contract or share. `day_of` is the account's day (17:00 Chicago roll);
    `frozen` says why the instrument's prices are no live ones although they came, empty while nothing is known against
    them. `early_close` is when a product closes on a half-day, None on every other day.
    """

    instrument: Callable[[InstrumentId], Instrument]
    quote: Callable[[InstrumentId], Quote | None]
    stream_age_s: Callable[[InstrumentId], float | None]
    frozen: Callable[[InstrumentId], str]
    is_open: Callable[[Instrument, datetime], bool]
    until_close: Callable[[Instrument, datetime], timedelta | None]
    until_expiry: Callable[[Instrument, datetime], timedelta | None]
    day_of: Callable[[datetime], date]
    next_day: Callable[[datetime], datetime]
    fee_per_side: Callable[[AccountId, Instrument, datetime], Decimal | None]
    margin: Callable[[Instrument, datetime], Decimal | None]
    daily_atr: Callable[[Instrument], Decimal | None]
    clock_offset: Callable[[], timedelta | None]
    sector: Callable[[Instrument], str | None]
    early_close: Callable[[Instrument | AssetClass, datetime], datetime | None]


def market_view(
    board: QuoteBoard,
    reference: ReferenceData,
    *,
    frozen: Callable[[InstrumentId], str],
    schedule_of: Callable[[AccountId], str],
    clock_offset: Callable[[], timedelta | None],
    daily_atr: Callable[[Instrument], Decimal | None],
) -> MarketView:
    """The questions answered by the quote board and the reference data; `schedule_of` names an account's fees."""
    calendar = reference.calendar

    def is_open(product: Instrument, at: datetime) -> bool:
        return calendar.is_open(product, at) and not reference.is_expired(product, at)

    def until_close(product: Instrument, at: datetime) -> timedelta | None:
        return calendar.next_close(product, at) - at if calendar.is_open(product, at) else None

    def fee_per_side(account_id: AccountId, product: Instrument, at: datetime) -> Decimal | None:
        return reference.fees.fee_per_side(product, schedule_of(account_id), at.date())

    def early_close(product: Instrument | AssetClass, at: datetime) -> datetime | None:
        session = calendar.session_on(product, calendar.account_day(at))
        return session.close if session is not None and session.is_half_day else None

    def margin(product: Instrument, at: datetime) -> Decimal | None:
        row = reference.margin(product, at.date())
        return row.day if row is not None else None

    return MarketView(
        instrument=_lookup(reference),
        quote=board.quote,
        stream_age_s=board.stream_age_s,
        frozen=frozen,
        is_open=is_open,
        until_close=until_close,
        until_expiry=_until_expiry,
        day_of=calendar.account_day,
        next_day=calendar.account_day_end,
        fee_per_side=fee_per_side,
        margin=margin,
        daily_atr=daily_atr,
        clock_offset=clock_offset,
        sector=reference.sector,
        early_close=early_close,
    )


def _lookup(reference: ReferenceData) -> Callable[[InstrumentId], Instrument]:
    """Instruments of the books by id, each looked for once."""
    known: dict[InstrumentId, Instrument] = {}

    def instrument(instrument_id: InstrumentId) -> Instrument:
        found = known.get(instrument_id) or reference.instrument(instrument_id)
        assert found is not None, f"{instrument_id} is in the books but names no instrument"
        known[instrument_id] = found
        return found

    return instrument


def _until_expiry(product: Instrument, at: datetime) -> timedelta | None:
    if product.expiry is None:
        return None
    return datetime.combine(product.expiry, EXPIRY_HOUR, tzinfo=EXCHANGE_ZONE) - at
