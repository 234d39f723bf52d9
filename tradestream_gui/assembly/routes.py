"""Who hears which fact: the wiring between services that must not know one another."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from tradestream_gui.adapters.brokers.paper import CuttableBroker, PaperBroker
from tradestream_gui.analytics.service import AnalyticsService
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import (
    AlertDecided,
    AlertQuoted,
    AlertReceived,
    ExitPlanChanged,
    FillBooked,
    LotChanged,
    Notice,
    NoticeKind,
    OrderChanged,
    Severity,
)
from tradestream_gui.domain.events_market import QuoteUpdated, TradePrinted
from tradestream_gui.domain.ids import AccountId, InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.orders import OrderRole
from tradestream_gui.domain.risk_day_end import EARLY_CLOSE_MARGIN
from tradestream_gui.domain.sessions import TradingCalendar
from tradestream_gui.market.bars import DAY_S, BarBook
from tradestream_gui.market.quote_board import QuoteBoard
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.feed import FeedHistory
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.risk_gate import RiskGate

ATR_DAYS = 14
PRELOAD_S = (60, 300, 900)
PRELOAD_SPAN_S = 4 * 3600
"""How much of the past a chart begins with."""


def feed_desks(bus: EventBus, broker: PaperBroker | CuttableBroker, exits: ExitDesk, board: QuoteBoard) -> None:
    """Prices go to the simulated exchange first, then to the exits that run here."""
    to_exchange, to_exits = broker.on_quote, exits.on_quote

    def on_quote(fact: QuoteUpdated) -> None:
        quote = fact.quote
        to_exchange(quote)
        to_exits(quote)

    def on_print(fact: TradePrinted) -> None:
        broker.on_print(fact.trade)

    bus.subscribe(QuoteUpdated, on_quote, owns_state=True)
    bus.subscribe(TradePrinted, on_print, owns_state=True)


def feed_analytics(bus: EventBus, analytics: AnalyticsService) -> None:
    """Analytics hears everything and owns no part of trading: its failure stops no order."""
    bus.subscribe(AlertReceived, lambda fact: analytics.on_message(fact.revision))
    bus.subscribe(AlertDecided, lambda fact: analytics.on_decision(fact.decision))
    bus.subscribe(OrderChanged, lambda fact: analytics.on_order(fact.order))
    bus.subscribe(ExitPlanChanged, lambda fact: analytics.on_plan(fact.plan))
    bus.subscribe(FillBooked, lambda fact: _analyse_fill(analytics, fact))
    bus.subscribe(LotChanged, lambda fact: analytics.on_lot(fact.lot))
    bus.subscribe(QuoteUpdated, lambda fact: analytics.on_quote(fact.quote))
    bus.subscribe(TradePrinted, lambda fact: analytics.on_print(fact.trade))
    bus.subscribe(AlertQuoted, lambda fact: analytics.on_alert_quote(fact.quote))


def _analyse_fill(analytics: AnalyticsService, fact: FillBooked) -> None:
    analytics.on_fill(fact.fill, fact.lot.origin)


class LooseningGuard:
    """Says why no rail may get looser just now; before it watches the books nothing is open."""

    def __init__(self) -> None:
        self._lots: LotBook | None = None
        self._blotter: Blotter | None = None

    def watch(self, lots: LotBook, blotter: Blotter) -> None:
        self._lots, self._blotter = lots, blotter

    def __call__(self) -> str:
        if self._lots is not None and self._lots.open_lots():
            return "positions are open; a rail gets looser only when all is flat"
        if self._blotter is not None and self._blotter.open_orders(role=OrderRole.ENTRY):
            return "entries are working; a rail gets looser only when all is flat"
        return ""


def preload_of(history: FeedHistory | None, bars: BarBook, board: QuoteBoard) -> Callable[[Instrument], None]:
    """Puts the feed's own past in front of the live bars, so that a chart does not begin empty. Days are left out:
    the risk rails measure by days that were really seen."""

    def preload(instrument: Instrument) -> None:
        if history is None or len(bars.series(instrument.instrument_id, PRELOAD_S[0])):
            return
        for seconds in PRELOAD_S:
            bars.preload(history.history(instrument, seconds, PRELOAD_SPAN_S // seconds))
        close = history.previous_close(instrument)
        if close is not None:
            board.note_previous_close(instrument.instrument_id, close)

    return preload


def tell_halt(bus: EventBus, clock: Clock) -> Callable[[str], None]:
    def tell(reason: str) -> None:
        bus.publish(Notice(NoticeKind.SYSTEM, Severity.DANGER, "Trading halted", reason, clock.now()))

    return tell


def daily_atr_of(bars: BarBook) -> Callable[[Instrument], Decimal | None]:
    """The average true range of the last days that were really seen; None until there are enough of them."""

    def daily_atr(instrument: Instrument) -> Decimal | None:
        series = bars.series(instrument.instrument_id, DAY_S)
        if len(series) <= ATR_DAYS:
            return None
        days = series.last(ATR_DAYS + 1)
        ranges = [
            max(day.high, before.close) - min(day.low, before.close)
            for before, day in pairwise(days)
        ]
        return sum(ranges, Decimal(0)) / len(ranges)

    return daily_atr


def trade_day_of(reference: ReferenceData) -> Callable[[InstrumentId, datetime], tuple[datetime, datetime]]:
    """The trading day around a moment: the instrument's session, or the next one while it is closed."""

    def trade_day(instrument_id: InstrumentId, at: datetime) -> tuple[datetime, datetime]:
        instrument = reference.instrument(instrument_id)
        product: Instrument | AssetClass = instrument if instrument is not None else AssetClass.STOCK
        session = reference.calendar.session_of(product, at)
        if session is None:
            session = reference.calendar.next_session(product, at)
        return session.open, session.close

    return trade_day


def flat_by_of(
    calendar: TradingCalendar, gate: RiskGate
) -> Callable[[AccountId, Instrument, datetime], datetime | None]:
    """When a new position must be gone: the account's own end of day, and the last day of what settles physically."""

    def flat_by(account_id: AccountId, instrument: Instrument, at: datetime) -> datetime | None:
        times = []
        ends = gate.day_end(account_id, at)
        if ends is not None:
            times.append(min(ends.flatten_at, calendar.next_close(instrument, at) - EARLY_CLOSE_MARGIN))
        leave = gate.leaves_at(instrument)
        if leave is not None:
            times.append(leave)
        return min(times) if times else None

    return flat_by
