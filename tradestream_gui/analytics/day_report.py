"""The end-of-day page: flat or not, orders left, alerts not taken, profit by analyst, room tomorrow, backup."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tradestream_gui.analytics.missed import MissedAlert, ReasonTotal, totals_by_reason
from tradestream_gui.analytics.statistic import plural
from tradestream_gui.analytics.trades import Trade
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.money import ZERO, signed, to_cents
from tradestream_gui.domain.orders import Order
from tradestream_gui.domain.positions import Lot


@dataclass(frozen=True, slots=True)
class AnalystDay:
    """What an analyst's lots realised on the day, commissions included; trades are those closed on it."""

    analyst: str
    net: Decimal
    trades: int


@dataclass(frozen=True, slots=True)
class BackupState:
    """Whether the day's backup was made, with when and where, or why not, in words."""

    done: bool
    words: str


@dataclass(frozen=True, slots=True)
class DayReport:
    """One trade date at its close. `room_tomorrow` is US dollars per account, None where a limit is not known."""

    day: date
    at: datetime
    open_lots: tuple[Lot, ...]
    orders_left: tuple[Order, ...]
    missed: tuple[MissedAlert, ...]
    by_analyst: tuple[AnalystDay, ...]
    room_tomorrow: tuple[tuple[AccountId, Decimal | None], ...]
    backup: BackupState | None
    external: tuple[tuple[AccountId, str, int], ...] = ()
    """Positions opened elsewhere as (account, instrument, signed quantity): shown, never counted as ours."""

    @property
    def is_flat(self) -> bool:
        return not self.open_lots

    @property
    def net(self) -> Decimal:
        return sum((analyst.net for analyst in self.by_analyst), ZERO)

    @property
    def trades(self) -> int:
        return sum(analyst.trades for analyst in self.by_analyst)

    @property
    def missed_reasons(self) -> tuple[ReasonTotal, ...]:
        return totals_by_reason(self.missed)

    def sections(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(title, lines) in reading order, for a page or a console."""
        return (
            ("Positions", self._position_lines()),
            ("Orders left", self._order_lines()),
            ("Result", self._result_lines()),
            ("Alerts not taken", self._missed_lines()),
            ("Tomorrow", self._tomorrow_lines()),
            ("Backup", (self._backup_line(),)),
        )

    def as_text(self) -> str:
        """The whole page as plain text."""
        lines = [f"End of day {self.day.isoformat()}"]
        for title, rows in self.sections():
            lines += ["", title, *(f"  {row}" for row in rows)]
        return "\n".join(lines) + "\n"

    def _position_lines(self) -> tuple[str, ...]:
        ours = tuple(
            f"{lot.account_id}: {signed(lot.signed_qty)} {named(lot.instrument_id)} ({lot.origin.label}) is still open"
            for lot in self.open_lots
        )
        others = tuple(
            f"{account}: {signed(qty)} {instrument} was opened elsewhere" for account, instrument, qty in self.external
        )
        return (ours or ("Flat.",)) + others

    def _order_lines(self) -> tuple[str, ...]:
        return tuple(
            f"{order.account_id}: {order.side.value} {order.leaves_qty} {named(order.instrument_id)} "
            f"{order.ord_type.value} {order.time_in_force.value} ({order.ord_status.value})"
            for order in self.orders_left
        ) or ("None.",)

    def _result_lines(self) -> tuple[str, ...]:
        if not self.by_analyst:
            return ("No fills.",)
        rows = tuple(
            f"{each.analyst}: {dollars(each.net)} ({plural(each.trades, 'trade')} closed)" for each in self.by_analyst
        )
        return (*rows, f"Total: {dollars(self.net)} ({plural(self.trades, 'trade')} closed)")

    def _missed_lines(self) -> tuple[str, ...]:
        lines = []
        for alert in self.missed:
            made = alert.would_have_made
            worth = f"–, {alert.worth.reason}" if made is None else f"{dollars(made)} with one contract"
            what = alert.instrument_id or "no contract"
            lines.append(f"{alert.analyst}: {what} {alert.outcome.value}: {alert.words} (would have made {worth})")
        return tuple(lines) or ("None.",)

    def _tomorrow_lines(self) -> tuple[str, ...]:
        return tuple(
            f"{account}: room {'–, the limit is not known' if room is None else dollars(room)}"
            for account, room in self.room_tomorrow
        ) or ("No account.",)

    def _backup_line(self) -> str:
        if self.backup is None:
            return "– (nobody has said whether a backup was made)"
        return f"{'Done' if self.backup.done else 'NOT done'}: {self.backup.words}"


def analyst_days(net: Mapping[str, Decimal], trades: Sequence[Trade], day: date) -> tuple[AnalystDay, ...]:
    """One row per analyst that realised or closed something on the day, best first; `net` is that day's."""
    counts = Counter(trade.analyst for trade in trades if trade.trade_date == day)
    rows = [AnalystDay(name, net.get(name, ZERO), counts[name]) for name in {*net, *counts}]
    return tuple(sorted(rows, key=lambda row: (-row.net, row.analyst)))


def day_report(
    day: date,
    at: datetime,
    lots: Sequence[Lot],
    orders: Sequence[Order],
    missed: Sequence[MissedAlert],
    by_analyst: Sequence[AnalystDay],
    room_tomorrow: Mapping[AccountId, Decimal | None],
    backup: BackupState | None,
    external: Mapping[tuple[AccountId, str], int] | None = None,
) -> DayReport:
    """Puts the page together; open lots and orders that may still fill are sorted out here."""
    return DayReport(
        day=day,
        at=at,
        open_lots=tuple(lot for lot in lots if not lot.is_flat),
        orders_left=tuple(order for order in orders if order.may_fill),
        missed=tuple(missed),
        by_analyst=tuple(by_analyst),
        room_tomorrow=tuple(sorted(room_tomorrow.items())),
        backup=backup,
        external=tuple((account, name, qty) for (account, name), qty in sorted((external or {}).items()) if qty),
    )


def dollars(amount: Decimal) -> str:
    """ "+$347.50", "-$12.00" or "$0.00"."""
    cents = to_cents(amount)
    sign = "+" if cents > 0 else "-" if cents < 0 else ""
    return f"{sign}${abs(cents):,.2f}"
