"""The analytics service: told of every fill, quote and decision, it answers any filter with measured figures.

What listens is loaded with it; what only answers is loaded with the first question, as many days ask none.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING

from tradestream_gui.analytics.alert_book import AlertBook, AnalystOf
from tradestream_gui.analytics.alert_film import AlertFilms
from tradestream_gui.analytics.equity import TradingDays, weekdays_between
from tradestream_gui.analytics.equity_book import EquityBook
from tradestream_gui.analytics.excursion import ExcursionTracker, RunningExcursion
from tradestream_gui.analytics.execution import ExecutionSummary, Waterfall, execution_summary
from tradestream_gui.analytics.execution_book import ExecutionBook
from tradestream_gui.analytics.filters import EVERYTHING, Filter
from tradestream_gui.analytics.measured import MeasuredTrades, forget
from tradestream_gui.analytics.missed import MissedAlert
from tradestream_gui.analytics.obtainable import AlertWorth
from tradestream_gui.analytics.trades import InstrumentLookup, Trade, TradeDateOf, TradeLedger
from tradestream_gui.domain.decisions import AlertQuote, Decision
from tradestream_gui.domain.exits import ExitPlan
from tradestream_gui.domain.extremes import TradeExtremes
from tradestream_gui.domain.ids import AccountId, ClOrdId, ExecId, InstrumentId, LotId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import Fill, Order, Origin, OriginKind
from tradestream_gui.domain.positions import Lot
from tradestream_gui.domain.quotes import Quote, TradePrint

if TYPE_CHECKING:
    from tradestream_gui.analytics.day_report import BackupState, DayReport
    from tradestream_gui.analytics.grouping import Group, GroupBy
    from tradestream_gui.analytics.league import LeagueRow
    from tradestream_gui.analytics.summary import Summary


class AnalyticsService:
    """Keeps trades, excursions, equity, alerts and executions current; the only owner of their books.

    `account_day` maps a moment to the accounts' day, `zone` is the trader's for hours, `keep` stores what only a
    watched trade can tell. `version` rises with every change, so that a screen knows when its figures are old.
    """

    def __init__(
        self,
        *,
        instrument_of: InstrumentLookup,
        trade_date_of: TradeDateOf,
        account_day: Callable[[datetime], date],
        zone: tzinfo,
        analyst_of: AnalystOf = lambda revision: revision.author_name,
        trading_days: TradingDays = weekdays_between,
        keep: Callable[[TradeExtremes], None] = forget,
    ) -> None:
        self._measured = MeasuredTrades(keep)
        self._instrument_of = instrument_of
        self._trade_date_of = trade_date_of
        self._account_day = account_day
        self._zone = zone
        self._trading_days = trading_days
        self._ledger = TradeLedger(instrument_of, trade_date_of)
        self._excursions = ExcursionTracker()
        self._equity = EquityBook()
        self._alerts = AlertBook(instrument_of, analyst_of)
        self._executions = ExecutionBook(self._alerts, instrument_of, self._mid)
        self._quotes: dict[InstrumentId, Quote] = {}
        self._fills: dict[ExecId, tuple[Fill, Origin]] = {}
        self.films = AlertFilms(self._alerts, self._ledger, self._excursions, self.fills_of)
        self._orders: dict[ClOrdId, Order] = {}
        self.version = 0

    def restore(
        self,
        *,
        orders: Iterable[Order],
        fills: Iterable[Fill],
        plans: Iterable[ExitPlan],
        messages: Iterable[MessageRevision],
        decisions: Iterable[Decision],
        alert_quotes: Iterable[AlertQuote] = (),
        extremes: Iterable[TradeExtremes] = (),
    ) -> None:
        """Rebuilds everything from stored facts, oldest first; what nobody watched then stays unmeasured."""
        self._measured.restore(extremes)
        for message in messages:
            self.on_message(message)
        for decision in decisions:
            self.on_decision(decision)
        for quote in alert_quotes:
            self.on_alert_quote(quote)
        origins = {}
        for order in orders:
            origins[order.cl_ord_id] = order.origin
            self._note_order(order, watched=False)
        for plan in plans:
            self.on_plan(plan)
        for fill in fills:
            self._book(fill, origins.get(fill.cl_ord_id, Origin(OriginKind.ADOPTED)), watched=False)

    def set_start_equity(self, account_id: AccountId, equity: Decimal) -> None:
        """US dollars that the account had before its first fill; ratios of equity need it."""
        self._equity.set_start(account_id, equity)
        self.version += 1

    def on_message(self, revision: MessageRevision) -> None:
        self._alerts.on_message(revision)
        self.version += 1

    def on_decision(self, decision: Decision) -> None:
        self._alerts.on_decision(decision)
        self.version += 1

    def on_alert_quote(self, quote: AlertQuote) -> None:
        """A recorded quote of an alerted contract, in the order of recording."""
        self._alerts.on_quote(quote)

    def on_order(self, order: Order) -> None:
        self._note_order(order, watched=True)

    def on_plan(self, plan: ExitPlan) -> None:
        self._ledger.note_plan(plan)

    def on_fill(self, fill: Fill, origin: Origin) -> Trade | None:
        """Books a fill of the lot's origin once; answers the trade that it closed."""
        return self._book(fill, origin, watched=True)

    def on_lot(self, lot: Lot) -> None:
        """Takes over whether a lot holds a reduction that nobody attributed."""
        if lot.assumed:
            self._ledger.mark_assumed(lot.lot_id)
            self.version += 1

    def on_quote(self, quote: Quote) -> None:
        self._quotes[quote.instrument_id] = quote
        self._excursions.on_quote(quote)

    def on_print(self, trade_print: TradePrint) -> None:
        self._excursions.on_print(trade_print)

    def sample(self, at: datetime) -> bool:
        """Marks all open lots for the equity curve; False, and nothing kept, when one has no price."""
        return self._sample(at, at_fill=False)

    def running(self, lot: Lot) -> RunningExcursion | None:
        """The excursion of an open lot so far; its `measured` is None when it was not watched from the start."""
        return self._excursions.running(lot.lot_id, lot.instrument_id)

    def trades(self, chosen: Filter = EVERYTHING) -> tuple[Trade, ...]:
        return tuple(trade for trade in self._ledger.trades if chosen.admits(trade))

    def summary(self, chosen: Filter = EVERYTHING) -> "Summary":
        from tradestream_gui.analytics.summary import summary_of

        start = self._equity.start_equity(chosen)
        return summary_of(
            chosen,
            self.trades(chosen),
            points=self._equity.points(chosen, start if start is not None else ZERO),
            nets=self._equity.net_by_day(chosen),
            start=start,
            trading_days=self._trading_days,
            execution=self.execution(chosen),
            open_lots=sum(1 for lot, what in self._open() if _admits(chosen, lot.origin, lot.account_id, what)),
        )

    def groups(self, by: "GroupBy", chosen: Filter = EVERYTHING, today: date | None = None) -> "tuple[Group, ...]":
        from tradestream_gui.analytics.grouping import group_trades

        return group_trades(self.trades(chosen), by, self._zone, today)

    def league(self, chosen: Filter = EVERYTHING) -> "tuple[LeagueRow, ...]":
        """Analysts over the filter's trades; their alerts count by period, analyst and channel."""
        from tradestream_gui.analytics.league import league

        worths: dict[str, list[AlertWorth]] = {}
        for record in self._alerts.openings():
            analyst, channel = self._alerts.analyst(record), self._alerts.channel(record)
            at = record.revision.received_at if record.revision else record.decided_at
            is_covered = at is not None and chosen.period.covers(self._account_day(at))
            if is_covered and chosen.analyst in (None, analyst) and chosen.channel in (None, channel):
                worths.setdefault(analyst, []).append(self._alerts.worth(record.message_key))
        return league(self.trades(chosen), self._executions.executions(), worths)

    def execution(self, chosen: Filter = EVERYTHING) -> ExecutionSummary:
        orders = [order for order in self._executions.orders() if self._admits(chosen, order)]
        wanted = {order.cl_ord_id for order in orders}
        entries = [entry for entry in self._executions.executions() if entry.cl_ord_id in wanted]
        waterfalls = [each for each in self._executions.waterfalls() if each.cl_ord_id in wanted]
        return execution_summary(entries, orders, waterfalls)

    def waterfall(self, cl_ord_id: ClOrdId) -> Waterfall | None:
        """Where the time of one entry order went."""
        return next((each for each in self._executions.waterfalls() if each.cl_ord_id == cl_ord_id), None)

    def missed(self, day: date | None = None) -> tuple[MissedAlert, ...]:
        """Alerts not taken, of one account day or all."""
        return tuple(each for each in self._alerts.not_taken() if day in (None, self._account_day(each.at)))

    def day_report(
        self,
        at: datetime,
        *,
        room_tomorrow: Mapping[AccountId, Decimal | None],
        backup: "BackupState | None",
        external: Mapping[tuple[AccountId, str], int] | None = None,
        day: date | None = None,
    ) -> "DayReport":
        """The end-of-day page of the account day that `at` lies in or ends, or of `day`."""
        from tradestream_gui.analytics.day_report import analyst_days, day_report

        day = day or self._account_day(at - timedelta(microseconds=1))
        return day_report(
            day=day,
            at=at,
            lots=[lot for lot, _ in self._open()],
            orders=list(self._orders.values()),
            missed=self.missed(day),
            by_analyst=analyst_days(self._equity.net_by_analyst(day), self._ledger.trades, day),
            room_tomorrow=room_tomorrow,
            backup=backup,
            external=external,
        )

    def fills_of(self, lot_id: LotId) -> tuple[Fill, ...]:
        """The executions of one lot, oldest first."""
        return tuple(fill for fill, _ in self._fills.values() if fill.lot_id == lot_id)

    def fills_csv(self) -> bytes:
        """Every fill that was booked, oldest first."""
        from tradestream_gui.analytics.export import fills_csv

        return fills_csv(self._fills.values())

    def trades_csv(self, chosen: Filter = EVERYTHING) -> bytes:
        from tradestream_gui.analytics.export import trades_csv

        return trades_csv(self.trades(chosen))

    def _note_order(self, order: Order, *, watched: bool) -> None:
        self._orders[order.cl_ord_id] = order
        self._alerts.on_origin(order.origin)
        self._executions.on_order(order, watched=watched)
        self.version += 1

    def _book(self, fill: Fill, origin: Origin, *, watched: bool) -> Trade | None:
        if fill.exec_id in self._fills:
            return None
        instrument = self._instrument_of(fill.instrument_id)
        self._fills[fill.exec_id] = (fill, origin)
        self._alerts.on_origin(origin)
        self._executions.on_fill(fill)
        booking = self._ledger.book(fill, origin)
        trade = booking.trade
        for lot in booking.lots:
            seen = self._excursions.on_lot(lot, instrument, fill.last_px, watched=watched)
            if lot.is_flat and trade is not None:
                measured = self._measured.at_end(seen, fill, watched=watched)
                trade = replace(trade, excursion=measured, alert_price=self._alert_price(origin))
                self._ledger.amend(trade)
        self._equity.on_booking(booking, instrument, self._trade_date_of(instrument, fill.at))
        if watched:
            self._sample(fill.at, at_fill=True)
        self.version += 1
        return trade

    def _sample(self, at: datetime, *, at_fill: bool) -> bool:
        return self._equity.sample(at, self._account_day(at), self._open(), self._mark, at_fill=at_fill)

    def _open(self) -> Sequence[tuple[Lot, Instrument]]:
        return [(run.lot, self._instrument_of(run.lot.instrument_id)) for run in self._ledger.open_runs()]

    def _mark(self, lot: Lot) -> Decimal | None:
        return lot.unrealized_pnl(self._quotes.get(lot.instrument_id), self._instrument_of(lot.instrument_id))

    def _mid(self, instrument_id: InstrumentId) -> Decimal | None:
        quote = self._quotes.get(instrument_id)
        return quote.mid if quote else None

    def _alert_price(self, origin: Origin) -> Decimal | None:
        record = self._alerts.record(origin.message_key) if origin.message_key else None
        return record.call.price if record and record.call else None

    def _admits(self, chosen: Filter, order: Order) -> bool:
        return chosen.period.covers(self._account_day(order.created_at)) and _admits(
            chosen, order.origin, order.account_id, self._instrument_of(order.instrument_id)
        )


def _admits(chosen: Filter, origin: Origin, account_id: AccountId, instrument: Instrument) -> bool:
    return chosen.admits_origin(origin, account_id, instrument.root, instrument.asset_class)
