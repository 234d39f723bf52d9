"""Builds the core's parts in groups: what the market says, what trades, and what reads alerts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tradestream_gui.adapters.brokers.paper import CuttableBroker, PaperBroker
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.alerts.binding.author_book import AuthorBook
from tradestream_gui.alerts.desk.desk import AlertDesk
from tradestream_gui.alerts.desk.executor import IntentExecutor
from tradestream_gui.alerts.desk.questions import desk_questions
from tradestream_gui.alerts.desk.quote_log import AlertQuoteLog
from tradestream_gui.assembly.brokers import NO_LIVE_DATABASE
from tradestream_gui.assembly.risk import circuit_breaker, go_live, risk_gate, rule_pack_book, rule_pack_watch
from tradestream_gui.assembly.routes import (
    LooseningGuard,
    daily_atr_of,
    flat_by_of,
    preload_of,
    tell_halt,
    trade_day_of,
)
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.fees import SIMULATOR_SCHEDULE
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.market.bars import BarBook
from tradestream_gui.market.listings import ListingBook
from tradestream_gui.market.quote_board import QuoteBoard
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.market.subscriptions import Subscriptions
from tradestream_gui.market.watchdog import FlowWatchdog
from tradestream_gui.ports.broker import Broker
from tradestream_gui.ports.broker_costs import CostPreview
from tradestream_gui.ports.clock import Clock, Ids
from tradestream_gui.ports.connection_check import ConnectionCheck
from tradestream_gui.ports.feed import FeedHistory, LateHistory, MarketDataFeed
from tradestream_gui.ports.history import MessageArchive
from tradestream_gui.ports.journal import Journal
from tradestream_gui.ports.listings import Listings
from tradestream_gui.ports.machine import Machine
from tradestream_gui.ports.notify import RemoteOutlet
from tradestream_gui.ports.price_alerts import PriceAlertStore
from tradestream_gui.ports.secrets import Secrets
from tradestream_gui.ports.source import AlertSource, Watermark
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.day_ledger import DayLedger
from tradestream_gui.trading.drills.drill import DrillTools
from tradestream_gui.trading.entry_desk import EntryDesk
from tradestream_gui.trading.exit_alignment import ExitAlignment
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.exposure import ExposureMeter
from tradestream_gui.trading.external_fills import ExternalFills
from tradestream_gui.trading.external_orders import ExternalOrders
from tradestream_gui.trading.failsafe import Failsafe
from tradestream_gui.trading.go_live import GoLive
from tradestream_gui.trading.high_water import HighWater
from tradestream_gui.trading.kill_switch import KillSwitch
from tradestream_gui.trading.limit_walk import LimitWalk
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.market_view import MarketView, market_view
from tradestream_gui.trading.order_desk import OrderDesk
from tradestream_gui.trading.recorder import Recorder
from tradestream_gui.trading.risk_gate import RiskGate
from tradestream_gui.trading.rule_pack_book import RulePackBook
from tradestream_gui.trading.rule_pack_watch import RulePackWatch
from tradestream_gui.trading.sentinel import Sentinel, SentinelTiming
from tradestream_gui.trading.uncertain_orders import OrderTiming
from tradestream_gui.trading.watch_beat import WatchBeat, trading_beat
from tradestream_gui.upkeep.backup_schedule import BackupSchedule
from tradestream_gui.upkeep.diagnostics import Surroundings
from tradestream_gui.upkeep.settings import policies
from tradestream_gui.upkeep.settings.notifications import Outlet
from tradestream_gui.upkeep.settings.service import SettingsChanged, SettingsService

ASK_INTERVAL_S = 2.0
ASK_COUNT = 5
NOT_FOUND_GAP_S = 5.0
SENTINEL_INTERVAL_S = 1.0


@dataclass(frozen=True, slots=True)
class Outside:
    """What a core is given: everything that touches the world, already opened."""

    bus: EventBus
    clock: Clock
    tasks: LoopTasks
    failsafe: Failsafe
    journal: Journal
    ids: Ids
    watermark: Watermark
    settings: SettingsService
    reference: ReferenceData
    profiles: Sequence[AlertProfile]
    feed: MarketDataFeed
    broker: PaperBroker | CuttableBroker
    """The simulator."""
    sources: tuple[AlertSource, ...]
    beside: tuple[Broker, ...] = ()
    """Brokers of other accounts."""
    listings: Mapping[str, Listings] = field(default_factory=dict)
    """Who says what is listed, by the broker's name; the simulator has the usual steps only."""
    costs: Mapping[str, CostPreview] = field(default_factory=dict)
    """Who says what an order would cost, by the broker's name."""
    live_refused: str = NO_LIVE_DATABASE
    """Why FUNDED and LIVE accounts are not connected; empty when the journal keeps them."""
    late_history: LateHistory | None = None
    """Bars from before the start that have to be fetched first."""
    history: FeedHistory | None = None
    """Bars from before the start, where the feed has them."""
    backups: BackupSchedule | None = None
    surroundings: Surroundings | None = None
    """What a diagnostics bundle takes from outside of the core."""
    secrets: Secrets | None = None
    """Where tokens and keys are kept; None in the demo, in tests and replays."""
    machine: Machine | None = None
    """The computer that the health page looks at; None in tests and replays, where it is not the point."""
    outlets: Mapping[Outlet, RemoteOutlet] = field(default_factory=dict)
    """Ways out of this computer for notices; none in the demo, in tests and replays."""
    price_alerts: PriceAlertStore | None = None
    drills: DrillTools | None = None
    """What an outage drill may break; None in tests and replays."""
    connection_checks: tuple[ConnectionCheck, ...] = ()
    archive: MessageArchive | None = None
    """Where all messages are searched; None in tests and replays."""
    loosening: LooseningGuard | None = None
    """What the settings ask before a rail may get looser."""


@dataclass(frozen=True, slots=True)
class MarketParts:
    board: QuoteBoard
    bars: BarBook
    view: MarketView
    subscriptions: Subscriptions
    watchdog: FlowWatchdog


@dataclass(frozen=True, slots=True)
class Books:
    """The owners of trading's state."""

    accounts: AccountBook
    blotter: Blotter
    lots: LotBook
    ledger: DayLedger
    high_water: HighWater
    external_orders: ExternalOrders


@dataclass(frozen=True, slots=True)
class TradingParts:
    desk: OrderDesk
    exits: ExitDesk
    exposure: ExposureMeter
    gate: RiskGate
    kill: KillSwitch
    sentinel: Sentinel
    entries: EntryDesk
    packs: RulePackBook
    pack_watch: RulePackWatch
    go_live: GoLive
    beat: WatchBeat


def market_parts(outside: Outside) -> MarketParts:
    bus, clock, reference = outside.bus, outside.clock, outside.reference
    trade_day = trade_day_of(reference)
    board = QuoteBoard(bus, clock, trade_day)
    bars = BarBook(bus, clock, trade_day)
    watchdog = FlowWatchdog(bus, clock, board)
    view = market_view(
        board,
        reference,
        frozen=watchdog.frozen,
        schedule_of=schedule_of(outside.settings, reference),
        clock_offset=own_clock_offset,
        daily_atr=daily_atr_of(bars),
    )
    preload = preload_of(outside.history, bars, board)
    if outside.late_history is not None:
        outside.late_history.when_history_is_known(preload)
    subscriptions = Subscriptions(
        bus=bus,
        clock=clock,
        board=board,
        feed=outside.feed,
        underlying_of=lambda option: reference.resolve(option.root, clock.now()),
        on_first=preload,
        on_last=lambda instrument: watchdog.forget(instrument.instrument_id),
    )
    return MarketParts(board, bars, view, subscriptions, watchdog)


def listing_book(outside: Outside) -> ListingBook:
    return ListingBook(
        bus=outside.bus, clock=outside.clock, tasks=outside.tasks, reference=outside.reference, venues=outside.listings
    )


def books(outside: Outside, view: MarketView) -> Books:
    """Made in the order in which they hear of a fact: the recorder after those whose facts it writes."""
    bus = outside.bus
    accounts = AccountBook(bus, outside.clock, outside.journal, outside.failsafe.clean)
    outside.failsafe.guard(accounts, tell_halt(bus, outside.clock))
    blotter = Blotter(bus)
    lots = LotBook(bus, view.instrument)
    Recorder(bus, outside.journal)
    account_day = outside.reference.calendar.account_day
    external_orders = ExternalOrders(bus=bus, clock=outside.clock, blotter=blotter)
    return Books(accounts, blotter, lots, DayLedger(bus, account_day), HighWater(bus, account_day), external_orders)


def beat_of(outside: Outside, held: Books) -> WatchBeat:
    """The looks of each second; a limit that was tightened is looked at in the next one."""
    return trading_beat(
        bus=outside.bus,
        clock=outside.clock,
        lots=held.lots,
        blotter=held.blotter,
        accounts=held.accounts,
        also=(SettingsChanged,),
    )


def sentinel_of(outside: Outside, held: Books, desk: OrderDesk, exits: ExitDesk, beat: WatchBeat) -> Sentinel:
    protection_s = policies.execution_policy(outside.settings.current).protection_timeout.total_seconds()
    return Sentinel(
        bus=outside.bus,
        clock=outside.clock,
        blotter=held.blotter,
        lots=held.lots,
        exits=exits,
        timing=SentinelTiming(SENTINEL_INTERVAL_S, protection_s / 2, protection_s),
        beat=beat,
        is_linked=lambda lot: desk.is_linked(lot.account_id),
    )


def trading_parts(outside: Outside, held: Books, view: MarketView) -> TradingParts:
    bus, clock = outside.bus, outside.clock
    execution = policies.execution_policy(outside.settings.current)
    desk = _order_desk(outside, held, execution.answer_timeout)
    exits = _exit_desk(outside, held, view, desk)
    exposure = ExposureMeter(
        lots=held.lots, blotter=held.blotter, exits=exits, market=view, external_orders=held.external_orders
    )
    packs = rule_pack_book(outside, held, view, exposure)
    live = go_live(outside, held)
    gate = risk_gate(outside, held, view, exposure, packs, live)
    kill = KillSwitch(
        bus=bus,
        clock=clock,
        tasks=outside.tasks,
        blotter=held.blotter,
        lots=held.lots,
        accounts=held.accounts,
        desk=desk,
        exits=exits,
        external_orders=held.external_orders,
    )
    circuit_breaker(outside, held, desk, gate)
    beat = beat_of(outside, held)
    sentinel = sentinel_of(outside, held, desk, exits, beat)
    entries = EntryDesk(
        clock=clock,
        ids=outside.ids,
        blotter=held.blotter,
        lots=held.lots,
        desk=desk,
        exits=exits,
        gate=gate,
        instrument_of=view.instrument,
        flat_by=flat_by_of(outside.reference.calendar, gate),
        walk=LimitWalk(
            clock=clock, blotter=held.blotter, desk=desk, instrument_of=view.instrument, quote_of=view.quote
        ),
    )
    pack_watch = rule_pack_watch(outside, held, view, exposure, packs, kill)
    return TradingParts(desk, exits, exposure, gate, kill, sentinel, entries, packs, pack_watch, live, beat)


def alert_desk(
    outside: Outside, held: Books, trading: TradingParts, market: MarketParts, quote_log: AlertQuoteLog
) -> AlertDesk:
    settings = outside.settings.current
    execution = policies.execution_policy(settings)
    authors = AuthorBook(
        lots=held.lots, blotter=held.blotter, exits=trading.exits, instrument_of=market.view.instrument
    )
    return AlertDesk(
        bus=outside.bus,
        clock=outside.clock,
        tasks=outside.tasks,
        journal=outside.journal,
        watermark=outside.watermark,
        executor=IntentExecutor(entries=trading.entries, exits=trading.exits, desk=trading.desk, blotter=held.blotter),
        quote_log=quote_log,
        rules=policies.routing_rules(settings),
        execution=execution,
        questions=desk_questions(
            reference=outside.reference,
            market=market.view,
            accounts=held.accounts,
            gate=trading.gate,
            profiles=outside.profiles,
            subscriptions=market.subscriptions,
            authors=authors,
            option_wait_s=execution.option_quote_wait.total_seconds(),
        ),
    )


def schedule_of(settings: SettingsService, reference: ReferenceData) -> Callable[[AccountId], str]:
    """Which fee schedule an account goes by; an unknown name means the simulator's."""

    def schedule(account_id: AccountId) -> str:
        setups = {setup.account_id: setup.fee_schedule for setup in policies.accounts(settings.current)}
        name = setups.get(account_id, SIMULATOR_SCHEDULE)
        return name if name in reference.fees.schedules else SIMULATOR_SCHEDULE

    return schedule


def own_clock_offset() -> timedelta:
    """Paper trading has no other clock to compare with: this machine's is the reference, so its offset is zero."""
    return timedelta(0)


def _order_desk(outside: Outside, held: Books, answer_timeout: timedelta) -> OrderDesk:
    return OrderDesk(
        bus=outside.bus,
        clock=outside.clock,
        tasks=outside.tasks,
        journal=outside.journal,
        blotter=held.blotter,
        lots=held.lots,
        accounts=held.accounts,
        timing=OrderTiming(answer_timeout.total_seconds(), ASK_INTERVAL_S, ASK_COUNT, NOT_FOUND_GAP_S),
        external=ExternalFills(bus=outside.bus, clock=outside.clock, blotter=held.blotter, lots=held.lots),
        external_orders=held.external_orders,
        clean=outside.failsafe.clean,
    )


def _exit_desk(outside: Outside, held: Books, view: MarketView, desk: OrderDesk) -> ExitDesk:
    alignment = ExitAlignment(
        clock=outside.clock,
        tasks=outside.tasks,
        ids=outside.ids,
        blotter=held.blotter,
        desk=desk,
        instrument_of=view.instrument,
        quote_of=view.quote,
    )
    return ExitDesk(
        bus=outside.bus,
        clock=outside.clock,
        blotter=held.blotter,
        lots=held.lots,
        alignment=alignment,
        instrument_of=view.instrument,
    )
