"""The entry that a hand sent last: the same one again is asked about, whichever part of the window sends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from tradestream_gui.domain.tickets import EntryTicket


@dataclass(frozen=True, slots=True)
class Sent:
    """The last ticket that went, and when."""

    ticket: EntryTicket
    at: datetime


class LastEntry:
    """Remembers the entry that a hand sent last, from whichever part of the window; its only writer."""

    def __init__(self) -> None:
        self._last: Sent | None = None

    def note(self, ticket: EntryTicket, now: datetime) -> None:
        self._last = Sent(ticket, now)

    def seconds_since_same(self, ticket: EntryTicket, now: datetime, window: timedelta) -> int | None:
        """How long ago the very same entry was sent, whatever its exits; None outside the window."""
        if self._last is None or _entry_of(self._last.ticket) != _entry_of(ticket) or now - self._last.at >= window:
            return None
        return int((now - self._last.at).total_seconds())


def _entry_of(ticket: EntryTicket) -> tuple[object, ...]:
    """What makes two tickets the same order: exits of a plan move with the market and do not count."""
    return (
        ticket.account_id,
        ticket.instrument_id,
        ticket.side,
        ticket.ord_type,
        ticket.order_qty,
        ticket.limit_price,
        ticket.stop_price,
    )
