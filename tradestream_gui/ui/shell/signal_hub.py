"""The one bridge from the core's facts to Qt signals; quotes are gathered into one frame signal."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import (
    AccountStateChanged,
    AlertDecided,
    AlertReceived,
    BalanceChanged,
    BrokerLinkChanged,
    ExitPlanChanged,
    FillBooked,
    LotChanged,
    Notice,
    OrderChanged,
    PriceAlertsChanged,
    ProtectionLost,
    ProtectionRestored,
    SessionClosed,
    TalkForgotten,
)
from tradestream_gui.domain.events_market import (
    BarClosed,
    DepthUpdated,
    FeedLinkChanged,
    QuoteUpdated,
    StreamRevived,
    StreamWentStale,
    TradePrinted,
)
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.market.listings import ListingsChanged
from tradestream_gui.trading.broker_costs import BrokerCostsChanged
from tradestream_gui.trading.drills.drill import DrillChanged
from tradestream_gui.trading.external_orders import ExternalOrdersChanged
from tradestream_gui.ui.shell.frame_clock import FrameClock
from tradestream_gui.ui.shell.heartbeat import Heartbeat
from tradestream_gui.ui.shell.orders_first import OrdersFirst
from tradestream_gui.upkeep.backup_schedule import BackupFailed, BackupTaken
from tradestream_gui.upkeep.health import HealthChecked


class SignalHub(QObject):
    """Re-emits each fact as one signal that carries the fact itself. Hold it as long as the window lives.

    `frame` carries the set of instrument ids whose quote, print or depth changed since the last frame (33 ms);
    a widget looks the values up on the quote board, so a burst of ticks costs one repaint.
    """

    alert_received = pyqtSignal(object)
    alert_decided = pyqtSignal(object)
    talk_forgotten = pyqtSignal(object)
    order_changed = pyqtSignal(object)
    external_orders_changed = pyqtSignal(object)
    fill_booked = pyqtSignal(object)
    lot_changed = pyqtSignal(object)
    plan_changed = pyqtSignal(object)
    account_state_changed = pyqtSignal(object)
    balance_changed = pyqtSignal(object)
    broker_link_changed = pyqtSignal(object)
    feed_link_changed = pyqtSignal(object)
    stream_went_stale = pyqtSignal(object)
    stream_revived = pyqtSignal(object)
    protection_lost = pyqtSignal(object)
    protection_restored = pyqtSignal(object)
    notice = pyqtSignal(object)
    bar_closed = pyqtSignal(object)
    session_closed = pyqtSignal(object)
    price_alerts_changed = pyqtSignal(object)
    listings_changed = pyqtSignal(object)
    broker_costs_changed = pyqtSignal(object)
    health_checked = pyqtSignal(object)
    backup_told = pyqtSignal(object)
    drill_changed = pyqtSignal(object)
    frame = pyqtSignal(object)
    second = pyqtSignal()
    """Each second, for all that shows ages and countdowns; each fifth while the window rests."""
    late = pyqtSignal(float)
    """By how many milliseconds the second comes too late."""

    def __init__(self, bus: EventBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self.last_backup: BackupTaken | BackupFailed | None = None
        self.last_session: SessionClosed | None = None
        """The first ones may come before the tab that shows them is made."""
        self._changed: set[InstrumentId] = set()
        self._clock = FrameClock(self._on_frame)
        self._heart = Heartbeat(self._on_second, self)
        for signal in (self.frame, self.order_changed, self.lot_changed, self.account_state_changed):
            signal.connect(self._heart.stir)
        self._heart.start()
        told: tuple[tuple[type[Any], Callable[[Any], None]], ...] = (
            (AlertReceived, self.alert_received.emit),
            (AlertDecided, self.alert_decided.emit),
            (TalkForgotten, self.talk_forgotten.emit),
            (OrderChanged, self.order_changed.emit),
            (ExternalOrdersChanged, self.external_orders_changed.emit),
            (FillBooked, self.fill_booked.emit),
            (LotChanged, self.lot_changed.emit),
            (ExitPlanChanged, self.plan_changed.emit),
            (AccountStateChanged, self.account_state_changed.emit),
            (BalanceChanged, self.balance_changed.emit),
            (BrokerLinkChanged, self.broker_link_changed.emit),
            (FeedLinkChanged, self.feed_link_changed.emit),
            (StreamWentStale, self.stream_went_stale.emit),
            (StreamRevived, self.stream_revived.emit),
            (ProtectionLost, self.protection_lost.emit),
            (ProtectionRestored, self.protection_restored.emit),
            (Notice, self.notice.emit),
            (BarClosed, self.bar_closed.emit),
            (SessionClosed, self._on_session),
            (PriceAlertsChanged, self.price_alerts_changed.emit),
            (ListingsChanged, self.listings_changed.emit),
            (BrokerCostsChanged, self.broker_costs_changed.emit),
            (HealthChecked, self.health_checked.emit),
            (DrillChanged, self.drill_changed.emit),
            (BackupTaken, self._on_backup),
            (BackupFailed, self._on_backup),
        )
        self.orders_first = OrdersFirst(self)
        self._routes: tuple[tuple[type[Any], Callable[[Any], None]], ...] = (
            *((fact_type, partial(self.orders_first.pass_on, tell)) for fact_type, tell in told),
            (QuoteUpdated, self._on_quote),
            (DepthUpdated, self._on_depth),
            (TradePrinted, self._on_print),
        )
        for fact_type, handler in self._routes:
            bus.subscribe(fact_type, handler)

    @property
    def frame_ms(self) -> int:
        return self._clock.interval_ms

    def set_frame_ms(self, frame_ms: int) -> None:
        """The time between two frames."""
        self._clock.set_interval(frame_ms)

    def rest_while(self, is_resting: Callable[[], bool]) -> None:
        """Says when nothing on the screen needs its seconds; prices and orders that move end that at once."""
        self._heart.rest_while(is_resting)

    def detach(self) -> None:
        """Stops listening, before the core or the window goes."""
        for fact_type, handler in self._routes:
            self._bus.unsubscribe(fact_type, handler)
        self._clock.flush_now()
        self.orders_first.release()
        self._heart.stop()

    def _on_second(self, late_ms: float) -> None:
        self.late.emit(late_ms)
        self.second.emit()

    def _on_session(self, fact: SessionClosed) -> None:
        self.last_session = fact
        self.session_closed.emit(fact)

    def _on_backup(self, fact: BackupTaken | BackupFailed) -> None:
        self.last_backup = fact
        self.backup_told.emit(fact)

    def _on_quote(self, fact: QuoteUpdated) -> None:
        if not self._changed:
            self._clock.request()
        self._changed.add(fact.quote.instrument_id)

    def _on_depth(self, fact: DepthUpdated) -> None:
        self._mark(fact.depth.instrument_id)

    def _on_print(self, fact: TradePrinted) -> None:
        self._mark(fact.trade.instrument_id)

    def _mark(self, instrument_id: InstrumentId) -> None:
        if not self._changed:
            self._clock.request()
        self._changed.add(instrument_id)

    def _on_frame(self) -> None:
        changed, self._changed = self._changed, set()
        if changed:
            self.orders_first.pass_on(self.frame.emit, changed)
