"""The highest that each account has stood: at a day's end, within the day, and what it has fallen from there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import FillBooked
from tradestream_gui.domain.ids import AccountId, LotId
from tradestream_gui.domain.money import ZERO


@dataclass(frozen=True, slots=True)
class WaterMark:
    """US dollars. `start` is what the account began with; `balance` that plus everything realised, net of fees.

    `high_close` is the highest balance at the end of an account day, the start included; `high_ever` also knows
    every balance and every open profit that was seen in between.
    """

    start: Decimal
    balance: Decimal
    high_close: Decimal
    high_ever: Decimal


@dataclass(slots=True)
class _Account:
    start: Decimal | None = None
    gained: Decimal = ZERO
    best_close: Decimal = ZERO
    best_ever: Decimal = ZERO
    day: date | None = None
    gained_by_day: dict[date, Decimal] = field(default_factory=dict)


class HighWater:
    """Counts what fills brought since the account began; the only writer of these marks.

    Gains are kept apart from the start, so that fills may be restored before the start is known. `day_of` maps a
    moment to the account's day (17:00 Chicago roll).
    """

    def __init__(self, bus: EventBus, day_of: Callable[[datetime], date]) -> None:
        self._day_of = day_of
        self._net_of_lot: dict[LotId, Decimal] = {}
        self._accounts: dict[AccountId, _Account] = {}
        bus.subscribe(FillBooked, self._on_fill, owns_state=True)

    def restore(self, booked: Iterable[FillBooked]) -> None:
        """Takes over stored fills, oldest first, each with its lot as it stood then."""
        for fact in booked:
            self._on_fill(fact)

    def restore_high(self, account_id: AccountId, gained: Decimal) -> None:
        """A gain that an earlier run saw while positions were open; fills alone do not tell it."""
        account = self._account(account_id)
        account.best_ever = max(account.best_ever, gained)

    def set_start(self, account_id: AccountId, start: Decimal) -> None:
        """What the account held before its first fill."""
        self._account(account_id).start = start

    def note(self, account_id: AccountId, open_pnl: Decimal | None, at: datetime) -> None:
        """Sees the open profit of this moment; what cannot be marked (None) raises no mark."""
        account = self._account(account_id)
        self._roll(account, at)
        if open_pnl is not None and open_pnl.is_finite():
            account.best_ever = max(account.best_ever, account.gained + open_pnl)

    def mark(self, account_id: AccountId, at: datetime) -> WaterMark | None:
        """None while nobody has said what the account began with."""
        account = self._account(account_id)
        self._roll(account, at)
        if account.start is None:
            return None
        return WaterMark(
            start=account.start,
            balance=account.start + account.gained,
            high_close=account.start + account.best_close,
            high_ever=account.start + account.best_ever,
        )

    def drawdown_fraction(self, account_id: AccountId, open_pnl: Decimal | None, at: datetime) -> Decimal | None:
        """How far the account stands below its highest close, open profit included, as a part of that close.

        Never negative; None where the start or the open profit is not known, or the account never held anything.
        """
        mark = self.mark(account_id, at)
        if mark is None or open_pnl is None or mark.high_close <= 0:
            return None
        return max((mark.high_close - mark.balance - open_pnl) / mark.high_close, ZERO)

    def net_by_day(self, account_id: AccountId) -> dict[date, Decimal]:
        """Realised net of each account day that had a fill, oldest first."""
        return dict(self._account(account_id).gained_by_day)

    def _on_fill(self, fact: FillBooked) -> None:
        lot, at = fact.lot, fact.fill.at
        account = self._account(lot.account_id)
        self._roll(account, at)
        gained = lot.net_pnl - self._net_of_lot.get(lot.lot_id, ZERO)
        self._net_of_lot[lot.lot_id] = lot.net_pnl
        account.gained += gained
        day = self._day_of(at)
        account.gained_by_day[day] = account.gained_by_day.get(day, ZERO) + gained
        account.best_ever = max(account.best_ever, account.gained)

    def _roll(self, account: _Account, at: datetime) -> None:
        """A day that has ended leaves its balance as a close; a fill told late belongs to the running day."""
        day = self._day_of(at)
        if account.day is None:
            account.day = day
        elif day > account.day:
            account.day = day
            account.best_close = max(account.best_close, account.gained)

    def _account(self, account_id: AccountId) -> _Account:
        return self._accounts.setdefault(account_id, _Account())
