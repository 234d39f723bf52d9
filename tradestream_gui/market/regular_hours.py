"""Sessions as a chart needs them: where each one opens, and which spans are regular hours."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tradestream_gui.domain.sessions import Product, Session, TradingCalendar

MAX_DAYS = 400
"""Longer histories are shaded and anchored over their newest days only."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to, not with, `end`; UTC seconds since 1970."""

    start: int
    end: int


def session_opens(calendar: TradingCalendar, product: Product, first: datetime, last: datetime) -> tuple[int, ...]:
    """UTC seconds at which the sessions between the two moments open, rising; with the one that `first` lies in."""
    return tuple(int(session.open.timestamp()) for session in _sessions(calendar, product, first, last))


def session_number(opens: Sequence[int], time: int) -> int:
    """How many of these sessions have opened at a time: the same for all bars of one session."""
    return bisect_right(opens, time)


def regular_spans(calendar: TradingCalendar, product: Product, first: datetime, last: datetime) -> tuple[Span, ...]:
    """The regular hours between the two moments; none for products that have no such split.

    A half-day's end with its session. The half-session of a holiday, which is booked to another day, has none.
    """
    hours = calendar.hours(product)
    opens, closes = hours.regular_open, hours.regular_close
    if opens is None or closes is None:
        return ()
    found = []
    for session in _sessions(calendar, product, first, last):
        day = session.close.astimezone(hours.zone).date()
        if session.trade_date != day:
            continue
        start = max(datetime.combine(day, opens, tzinfo=hours.zone), session.open)
        end = min(datetime.combine(day, closes, tzinfo=hours.zone), session.close)
        if start < min(end, last):
            found.append(Span(int(start.timestamp()), int(end.timestamp())))
    return tuple(found)


def closed_spans(calendar: TradingCalendar, product: Product, first: datetime, last: datetime) -> tuple[Span, ...]:
    """What lies between the regular hours, from `first` to `last`; none for products without such a split."""
    hours = calendar.hours(product)
    if hours.regular_open is None or hours.regular_close is None:
        return ()
    dark_from, end = int(first.timestamp()), int(last.timestamp())
    found = []
    for bright in regular_spans(calendar, product, first, last):
        if bright.start > dark_from:
            found.append(Span(dark_from, min(bright.start, end)))
        dark_from = max(bright.end, dark_from)
    if dark_from < end:
        found.append(Span(dark_from, end))
    return tuple(span for span in found if span.end > span.start)


def _sessions(calendar: TradingCalendar, product: Product, first: datetime, last: datetime) -> list[Session]:
    hours = calendar.hours(product)
    day = max(first.astimezone(hours.zone).date() - timedelta(days=1), last.date() - timedelta(days=MAX_DAYS))
    found: list[Session] = []
    until: date = last.astimezone(hours.zone).date() + timedelta(days=1)
    while day <= until:
        session = hours.session_on(day)
        if session is not None and session.close > first and session.open <= last:
            found.append(session)
        day += timedelta(days=1)
    return found
