"""Brings accounts that end their day early to rest: entries off, everything closed, and a look that it is so."""

from collections.abc import Callable
from datetime import datetime

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import Notice, NoticeKind, Severity
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.orders import OrderRole
from tradestream_gui.domain.risk_day_end import DayEnd
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.kill_switch import KillSwitch
from tradestream_gui.trading.lot_book import LotBook

DayEndOf = Callable[[AccountId, datetime], DayEnd | None]
"""The moments of the account's present day; None for an account without an end of its own."""


class DayEndGuard:
    """Flattens once at its moment and once more, with an alarm, when the account is not flat by the last one."""

    def __init__(
        self, *, bus: EventBus, kill: KillSwitch, lots: LotBook, blotter: Blotter, day_end_of: DayEndOf
    ) -> None:
        self._bus = bus
        self._kill = kill
        self._lots = lots
        self._blotter = blotter
        self._day_end_of = day_end_of
        self._done: set[tuple[AccountId, datetime]] = set()

    def look(self, account_id: AccountId, now: datetime) -> None:
        """Called once a second for each account."""
        end = self._day_end_of(account_id, now)
        if end is None or now < end.flatten_at or not self._holds_anything(account_id):
            return
        if self._first(account_id, end.flatten_at):
            self._kill.flatten("the account's own end of day", (account_id,))
        if now >= end.verified_by and self._first(account_id, end.verified_by):
            report = self._kill.report(account_id)
            words = f"{report.words}; everything should have been closed by {end.verified_by:%H:%M %Z}"
            self._bus.publish(Notice(NoticeKind.RISK, Severity.DANGER, "Not flat at the end of the day", words, now))
            self._kill.flatten("not flat at the account's own end of day", (account_id,))

    def _first(self, account_id: AccountId, moment: datetime) -> bool:
        if (account_id, moment) in self._done:
            return False
        self._done.add((account_id, moment))
        return True

    def _holds_anything(self, account_id: AccountId) -> bool:
        return bool(
            self._lots.open_lots(account_id) or self._blotter.open_orders(account_id, role=OrderRole.ENTRY)
        )
