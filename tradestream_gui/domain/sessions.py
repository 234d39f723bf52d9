"""When markets trade: sessions, trade dates, holidays and half-days, from a static table of exceptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from tradestream_gui.domain.instruments import AssetClass, Instrument

CHICAGO = ZoneInfo("America/Chicago")
NEW_YORK = ZoneInfo("America/New_York")

US_EQUITY = "us_equity"
US_OPTION = "us_option"
LATE_OPTION = "late_option"
EQUITY_INDEX = "equity_index"

ACCOUNT_DAY_END = time(17)
"""Chicago time at which an account's day ends for all its limits."""

_SATURDAY = 5
_DAYS_SEARCHED = 12
"""Longer than any run of closed days; the search for the next session ends here."""

Product: TypeAlias = Instrument | AssetClass | str
"""What hours are asked for: an instrument, a futures root or stock ticker, or an asset class as such."""


@dataclass(frozen=True, slots=True)
class Session:
    """One trading session in UTC; `close` itself is no longer inside. Breaks lie within and are closed."""

    open: datetime
    close: datetime
    trade_date: date
    is_half_day: bool
    breaks: tuple[tuple[datetime, datetime], ...] = ()

    def contains(self, at: datetime) -> bool:
        return self.open <= at < self.close and not any(start <= at < end for start, end in self.breaks)


@dataclass(frozen=True, slots=True)
class DayException:
    """How one date differs: closed (`close` None), or another open or close; `trade_date` where it is not the date."""

    close: time | None = None
    open: time | None = None
    opens_same_day: bool = False
    trade_date: date | None = None


@dataclass(frozen=True, slots=True)
class SessionHours:
    """The usual hours of a group of products in their own zone, and the dates that differ.

    `opens_day_before` is true where the session opens on the evening before its date. `regular_open` and
    `regular_close` are the pit or cash hours inside it. `confirmed` is false where the hours are not settled:
    a gate then shows no hours and does not rely on them.
    """

    group: str
    zone: ZoneInfo
    open: time
    close: time
    opens_day_before: bool
    confirmed: bool = True
    regular_open: time | None = None
    regular_close: time | None = None
    breaks: tuple[tuple[time, time], ...] = ()
    exceptions: Mapping[date, DayException] = field(default_factory=dict)

    def session_on(self, day: date) -> Session | None:
        """The session of one calendar date, or None when there is none."""
        if day.weekday() >= _SATURDAY:
            return None
        exception = self.exceptions.get(day)
        if exception is None:
            return self._session(day, self.open, self.close, self.opens_day_before, day, is_half_day=False)
        if exception.close is None:
            return None
        return self._session(
            day,
            exception.open or self.open,
            exception.close,
            self.opens_day_before and not exception.opens_same_day,
            exception.trade_date or day,
            is_half_day=exception.close < self.close,
        )

    def _session(
        self, day: date, open_: time, close: time, opens_day_before: bool, trade_date: date, *, is_half_day: bool
    ) -> Session:
        opens = self._utc(day - timedelta(days=1) if opens_day_before else day, open_)
        closes = self._utc(day, close)
        breaks = ((self._utc(day, start), self._utc(day, end)) for start, end in self.breaks)
        return Session(
            opens, closes, trade_date, is_half_day, tuple(b for b in breaks if opens <= b[0] and b[1] <= closes)
        )

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)


class TradingCalendar:
    """Answers for every product from the table; outside `covers_from`..`covers_until` only weekdays are known."""

    def __init__(
        self,
        hours_by_group: Mapping[str, SessionHours],
        group_by_root: Mapping[str, str],
        late_option_underlyings: frozenset[str],
        covers_from: date,
        covers_until: date,
    ) -> None:
        self._hours_by_group = hours_by_group
        self._group_by_root = group_by_root
        self._late_option_underlyings = late_option_underlyings
        self._sessions: dict[tuple[str, date], Session | None] = {}
        self.covers_from = covers_from
        self.covers_until = covers_until

    def covers(self, day: date) -> bool:
        return self.covers_from <= day <= self.covers_until

    def warning(self, today: date, notice_days: int = 60) -> str | None:
        """What to tell the user when the table runs out soon or has run out; None while all is well."""
        left = (self.covers_until - today).days
        if left < 0:
            return (
                f"The table of market holidays ended on {self.covers_until}: holidays and half-days are unknown. "
                "Update TradeStream."
            )
        if left < notice_days:
            return f"The table of market holidays ends on {self.covers_until}, in {left} days. Update TradeStream."
        return None

    def has_confirmed_hours(self, product: Product) -> bool:
        """False where the hours are not settled (crypto futures): show none and do not judge by them."""
        return self.hours(product).confirmed

    def hours(self, product: Product) -> SessionHours:
        return self._hours_by_group[self._group(product)]

    def is_trading_day(self, day: date) -> bool:
        """Whether the US stock market opens on this date."""
        return self._session_on(US_EQUITY, day) is not None

    def session_on(self, product: Product, day: date) -> Session | None:
        """The session of one calendar date, or None when there is none."""
        return self._session_on(self._group(product), day)

    def is_open(self, product: Product, at: datetime) -> bool:
        session = self.session_of(product, at)
        return session is not None and session.contains(at)

    def session_of(self, product: Product, at: datetime) -> Session | None:
        """The session around a moment (its breaks included), or None when there is none."""
        group = self._group(product)
        session = _ending_on_expiry(self._session_on(group, self._session_day(group, at)), product)
        if session is None or not session.open <= at < session.close:
            return None
        return session

    def next_session(self, product: Product, at: datetime) -> Session:
        """The first session that opens after a moment."""
        group = self._group(product)
        day = self._session_day(group, at)
        for _ in range(_DAYS_SEARCHED):
            session = self._session_on(group, day)
            if session is not None and session.open > at:
                return session
            day += timedelta(days=1)
        raise LookupError(f"no session of {group} within {_DAYS_SEARCHED} days after {at.isoformat()}")

    def next_open(self, product: Product, at: datetime) -> datetime:
        """When trading next starts: the end of a break, else the next session's open."""
        session = self.session_of(product, at)
        if session is not None:
            for start, end in session.breaks:
                if start <= at < end:
                    return end
        return self.next_session(product, at).open

    def next_close(self, product: Product, at: datetime) -> datetime:
        """When the running session ends, else when the next one does."""
        session = self.session_of(product, at) or self.next_session(product, at)
        return session.close

    def minutes_to_close(self, product: Product, at: datetime) -> int | None:
        """Whole minutes left in the running session, or None when none runs."""
        session = self.session_of(product, at)
        return None if session is None else int((session.close - at).total_seconds() // 60)

    def trade_date(self, product: Product, at: datetime) -> date:
        """The date that a fill at this moment is booked to; a fill outside hours goes to the day it follows or opens.

        Futures roll at the evening open, so the maintenance hour still belongs to the day that ended.
        """
        group = self._group(product)
        day = self._session_day(group, at)
        for _ in range(_DAYS_SEARCHED):
            session = self._session_on(group, day)
            if session is not None:
                return session.trade_date
            day += timedelta(days=1)
        raise LookupError(f"no trade date of {group} within {_DAYS_SEARCHED} days after {at.isoformat()}")

    def is_regular_hours(self, product: Product, at: datetime) -> bool | None:
        """Whether the cash or pit hours run (RTH, not ETH); None for products that have no such split."""
        hours = self.hours(product)
        if hours.regular_open is None or hours.regular_close is None:
            return None
        local = at.astimezone(hours.zone).time()
        return self.is_open(product, at) and hours.regular_open <= local < hours.regular_close

    def is_maintenance(self, product: Product, at: datetime) -> bool:
        """Whether this is the exchange's daily pause between a session of today and the one of this evening."""
        hours = self.hours(product)
        if not hours.opens_day_before or self.session_of(product, at) is not None:
            return False
        local = at.astimezone(hours.zone)
        today = self._session_on(hours.group, local.date())
        tomorrow = self._session_on(hours.group, local.date() + timedelta(days=1))
        if today is None or tomorrow is None:
            return False
        return hours.close <= local.time() and today.close <= at < tomorrow.open

    def account_day(self, at: datetime) -> date:
        """The day of an account's limits: it ends 17:00 Chicago; weekends belong to Monday."""
        local = at.astimezone(CHICAGO)
        day = local.date() + timedelta(days=1) if local.time() >= ACCOUNT_DAY_END else local.date()
        return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= _SATURDAY else day

    def account_day_end(self, at: datetime) -> datetime:
        """The moment (UTC) at which the account's day of `at` ends and its limits start anew."""
        return datetime.combine(self.account_day(at), ACCOUNT_DAY_END, tzinfo=CHICAGO).astimezone(UTC)

    def _group(self, product: Product) -> str:
        match product:
            case Instrument(asset_class=AssetClass.OPTION, root=root):
                return LATE_OPTION if root in self._late_option_underlyings else US_OPTION
            case Instrument(asset_class=AssetClass.STOCK) | AssetClass.STOCK:
                return US_EQUITY
            case Instrument(root=root):
                return self._group_by_root[root]
            case AssetClass.FUTURE:
                return EQUITY_INDEX
            case AssetClass.OPTION:
                return US_OPTION
            case _:
                return self._group_by_root.get(product, US_EQUITY)

    def _session_day(self, group: str, at: datetime) -> date:
        hours = self._hours_by_group[group]
        local = at.astimezone(hours.zone)
        belongs_to_next = hours.opens_day_before and local.time() >= hours.open
        return local.date() + timedelta(days=1) if belongs_to_next else local.date()

    def _session_on(self, group: str, day: date) -> Session | None:
        key = (group, day)
        if key not in self._sessions:
            self._sessions[key] = self._hours_by_group[group].session_on(day)
        return self._sessions[key]


def _ending_on_expiry(session: Session | None, product: Product) -> Session | None:
    """On its last day an option stops with the stock market, though its class trades on for 15 minutes."""
    if session is None or not isinstance(product, Instrument) or product.expiry != session.trade_date:
        return session
    if product.asset_class is not AssetClass.OPTION:
        return session
    local_close = session.close.astimezone(NEW_YORK)
    if local_close.minute != 15:
        return session
    return Session(session.open, session.close - timedelta(minutes=15), session.trade_date, session.is_half_day)
