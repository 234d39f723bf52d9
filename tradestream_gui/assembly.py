"""The one place where the parts meet: makes a Core from what is given, starts it and stops it; knows no Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tradestream_gui.adapters.brokers.paper import PaperBroker
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.alerts.author_book import AuthorBook
from tradestream_gui.alerts.desk import AlertDesk
from tradestream_gui.alerts.executor import IntentExecutor
from tradestream_gui.alerts.questions import desk_questions
from tradestream_gui.alerts.quote_log import AlertQuoteLog
from tradestream_gui.analytics.service import AnalyticsService
from tradestream_gui.assembly_routes import (
    daily_atr_of,
    feed_analytics,
    feed_desks,
    flat_by_of,
    tell_halt,
    trade_day_of,
)
from tradestream_gui.bus import EventBus
from tradestream_gui.core import Core
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.decisions import Decision
from tradestream_gui.domain.fees import SIMULATOR_SCHEDULE
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.orders import Origin
from tradestream_gui.domain.policies import AnalystLimits
from tradestream_gui.market.bars import BarBook
from tradestream_gui.market.quote_board import QuoteBoard
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.market.subscriptions import Subscriptions
from tradestream_gui.ports.clock import Clock, Ids
from tradestream_gui.ports.feed import MarketDataFeed
from tradestream_gui.ports.journal import Journal, StoredState
from tradestream_gui.ports.source import AlertSource, Watermark
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.day_ledger import DayLedger
from tradestream_gui.trading.entry_desk import EntryDesk
from tradestream_gui.trading.exit_alignment import ExitAlignment
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.exposure import ExposureMeter
from tradestream_gui.trading.external_fills import ExternalFills
from tradestream_gui.trading.failsafe import Failsafe
from tradestream_gui.trading.kill_switch import KillSwitch
from tradestream_gui.trading.loss_guard import LossGuard
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.market_view import MarketView, market_view
from tradestream_gui.trading.order_desk import OrderDesk
from tradestream_gui.trading.reconciler import Reconciler
from tradestream_gui.trading.recorder import Recorder
from tradestream_gui.trading.risk_gate import RiskGate
from tradestream_gui.trading.sentinel import Sentinel, SentinelTiming
from tradestream_gui.trading.uncertain_orders import OrderTiming
from tradestream_gui.upkeep.settings import policies
from tradestream_gui.upkeep.settings.service import SettingsService

ASK_INTERVAL_S = 2.0
ASK_COUNT = 5
NOT_FOUND_GAP_S = 5.0
SENTINEL_INTERVAL_S = 1.0
CARDS_INTERVAL_S = 1.0
EQUITY_SAMPLE_S = 20.0


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
    broker: PaperBroker
    sources: tuple[AlertSource, ...]


@dataclass(frozen=True, slots=True)
class Running:
    """A core with what keeps it going: `start` once, `close` once."""

    core: Core
    outside: Outside
    reconciler: Reconciler
    quote_log: AlertQuoteLog
    loss_guard: LossGuard

    async def start(self) -> None:
        """Recovers what is stored, connects feed and broker, reconciles, and only then lets alerts in."""
        core, outside = self.core, self.outside
        state = await core.journal.load()
        _restore(core, state)
        await outside.feed.connect(core.board)
        await self._subscribe()
        await outside.broker.connect(core.order_desk)
        await self._open_accounts()
        core.bars.start()
        for name, watch in (
            ("sentinel", core.sentinel.watch()),
            ("loss guard", self.loss_guard.watch()),
            ("reconciler", self.reconciler.watch()),
            ("alert quotes", self.quote_log.sample()),
            ("approval cards", self._watch_cards()),
            ("equity samples", self._sample_equity()),
            ("earlier alert quotes", self._recall_alert_quotes(state.decisions)),
        ):
            core.tasks.spawn(watch, name)
        for source in outside.sources:
            await source.connect(core.alerts)

    async def close(self) -> None:
        """Stops intake first, then the watches, then the links; what rests at the broker stays there."""
        for source in self.outside.sources:
            await source.close()
        self.core.bars.close()
        await self.outside.feed.close()
        await self.outside.tasks.close()
        await self.outside.broker.close()
        await self.core.journal.flush()
        await self.core.journal.close()

    async def _subscribe(self) -> None:
        """The watchlist, and whatever is still held."""
        core = self.core
        wanted = [core.reference.resolve(symbol, core.clock.now()) for symbol in core.settings.current.market.watchlist]
        wanted += [core.market.instrument(lot.instrument_id) for lot in core.lots.open_lots()]
        for instrument in wanted:
            if instrument is not None:
                await core.subscriptions.subscribe(instrument)

    async def _open_accounts(self) -> None:
        broker, core = self.outside.broker, self.core
        known = {account.account_id for account in await broker.accounts()}
        for setup in policies.accounts(core.settings.current):
            if setup.enabled and setup.broker == broker.name and setup.account_id not in known:
                await broker.create_account(setup.account_id, setup.name, setup.starting_cash)
        cash = {setup.account_id: setup.starting_cash for setup in policies.accounts(core.settings.current)}
        for account in await broker.accounts():
            core.order_desk.attach(account, broker)
            core.analytics.set_start_equity(account.account_id, cash.get(account.account_id, Decimal(0)))
            await self.reconciler.start_account(account.account_id)

    async def _watch_cards(self) -> None:
        while True:
            await self.core.clock.sleep(CARDS_INTERVAL_S)
            self.core.alerts.expire_cards()

    async def _sample_equity(self) -> None:
        while True:
            await self.core.clock.sleep(EQUITY_SAMPLE_S)
            self.core.analytics.sample(self.core.clock.now())

    async def _recall_alert_quotes(self, decisions: Sequence[Decision]) -> None:
        """Alerts of earlier days get their recorded quotes back one by one, behind everything that trades."""
        read = (decision.message_key for decision in decisions if '"action"' in decision.reading_json)
        for message_key in dict.fromkeys(read):
            for quote in await self.core.journal.alert_quotes(message_key):
                self.core.analytics.on_alert_quote(quote)


def assemble(outside: Outside) -> Running:
    """The core over what is given; nothing runs yet."""
    bus, clock, reference = outside.bus, outside.clock, outside.reference
    settings = outside.settings.current
    execution = policies.execution_policy(settings)
    trade_day = trade_day_of(reference)
    board = QuoteBoard(bus, clock, trade_day)
    bars = BarBook(bus, clock, trade_day)
    market = market_view(
        board,
        reference,
        schedule_of=schedule_of(outside.settings, reference),
        clock_offset=own_clock_offset,
        daily_atr=daily_atr_of(bars),
    )
    subscriptions = Subscriptions(
        bus=bus,
        clock=clock,
        board=board,
        feed=outside.feed,
        underlying_of=lambda option: reference.resolve(option.root, clock.now()),
    )
    accounts = AccountBook(bus, clock, outside.journal)
    outside.failsafe.guard(accounts, tell_halt(bus, clock))
    blotter = Blotter(bus)
    lots = LotBook(bus, market.instrument)
    Recorder(bus, outside.journal)
    ledger = DayLedger(bus, reference.calendar.account_day)
    desk = OrderDesk(
        bus=bus,
        clock=clock,
        tasks=outside.tasks,
        journal=outside.journal,
        blotter=blotter,
        lots=lots,
        accounts=accounts,
        timing=OrderTiming(execution.answer_timeout.total_seconds(), ASK_INTERVAL_S, ASK_COUNT, NOT_FOUND_GAP_S),
        external=ExternalFills(bus=bus, clock=clock, blotter=blotter, lots=lots),
    )
    exits = _exit_desk(outside, market, blotter, lots, desk)
    exposure = ExposureMeter(lots=lots, blotter=blotter, exits=exits, market=market)
    gate = _risk_gate(outside, market, accounts, lots, ledger, exposure)
    kill = KillSwitch(
        bus=bus,
        clock=clock,
        tasks=outside.tasks,
        blotter=blotter,
        lots=lots,
        accounts=accounts,
        desk=desk,
        exits=exits,
    )
    sentinel = Sentinel(
        bus=bus,
        clock=clock,
        blotter=blotter,
        lots=lots,
        exits=exits,
        timing=SentinelTiming(
            SENTINEL_INTERVAL_S,
            execution.protection_timeout.total_seconds(),
            execution.protection_timeout.total_seconds() * 2,
        ),
        is_linked=lambda lot: desk.is_linked(lot.account_id),
    )
    entries = EntryDesk(
        clock=clock,
        ids=outside.ids,
        blotter=blotter,
        lots=lots,
        desk=desk,
        exits=exits,
        gate=gate,
        instrument_of=market.instrument,
        flat_by=flat_by_of(reference.calendar, gate, execution),
    )
    quote_log = AlertQuoteLog(bus=bus, clock=clock, journal=outside.journal, quote_of=board.quote)
    alerts = AlertDesk(
        bus=bus,
        clock=clock,
        tasks=outside.tasks,
        journal=outside.journal,
        watermark=outside.watermark,
        executor=IntentExecutor(entries=entries, exits=exits, desk=desk, blotter=blotter),
        quote_log=quote_log,
        rules=policies.routing_rules(settings),
        execution=execution,
        questions=desk_questions(
            reference=reference,
            market=market,
            accounts=accounts,
            gate=gate,
            profiles=outside.profiles,
            subscriptions=subscriptions,
            authors=AuthorBook(lots=lots, blotter=blotter, exits=exits, instrument_of=market.instrument),
            option_wait_s=execution.option_quote_wait.total_seconds(),
        ),
    )
    analytics = AnalyticsService(
        instrument_of=market.instrument,
        trade_date_of=reference.calendar.trade_date,
        account_day=reference.calendar.account_day,
        zone=ZoneInfo(settings.general.display_zone),
    )
    feed_desks(bus, outside.broker, exits, board)
    feed_analytics(bus, analytics)
    core = Core(
        bus=bus,
        clock=clock,
        tasks=outside.tasks,
        journal=outside.journal,
        reference=reference,
        settings=outside.settings,
        board=board,
        bars=bars,
        subscriptions=subscriptions,
        market=market,
        accounts=accounts,
        blotter=blotter,
        lots=lots,
        ledger=ledger,
        exposure=exposure,
        gate=gate,
        order_desk=desk,
        entries=entries,
        exits=exits,
        sentinel=sentinel,
        kill=kill,
        alerts=alerts,
        analytics=analytics,
    )
    reconciler = Reconciler(bus=bus, clock=clock, blotter=blotter, lots=lots, accounts=accounts, desk=desk, exits=exits)
    loss_guard = LossGuard(bus=bus, clock=clock, accounts=accounts, gate=gate, kill=kill, market=market)
    return Running(core, outside, reconciler, quote_log, loss_guard)


def _exit_desk(outside: Outside, market: MarketView, blotter: Blotter, lots: LotBook, desk: OrderDesk) -> ExitDesk:
    alignment = ExitAlignment(
        clock=outside.clock,
        tasks=outside.tasks,
        ids=outside.ids,
        blotter=blotter,
        desk=desk,
        instrument_of=market.instrument,
        quote_of=market.quote,
    )
    return ExitDesk(
        bus=outside.bus,
        clock=outside.clock,
        blotter=blotter,
        lots=lots,
        alignment=alignment,
        instrument_of=market.instrument,
    )


def _risk_gate(
    outside: Outside,
    market: MarketView,
    accounts: AccountBook,
    lots: LotBook,
    ledger: DayLedger,
    exposure: ExposureMeter,
) -> RiskGate:
    settings = outside.settings

    def analyst_limits(origin: Origin) -> AnalystLimits | None:
        rules = policies.routing_rules(settings.current)
        analyst = rules.analysts.get(origin.analyst_id) if origin.analyst_id else None
        return analyst.rule.limits if analyst else rules.defaults.limits

    current = settings.current
    return RiskGate(
        clock=outside.clock,
        market=market,
        accounts=accounts,
        lots=lots,
        ledger=ledger,
        exposure=exposure,
        limits={
            setup.account_id: policies.risk_limits(current, setup.account_id) for setup in policies.accounts(current)
        },
        manual=policies.manual_rules(current),
        analyst_limits=analyst_limits,
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


def _restore(core: Core, state: StoredState) -> None:
    core.accounts.restore(state.accounts, state.account_states)
    core.blotter.restore(state.orders, state.fills)
    core.lots.restore(state.orders, state.fills)
    core.exits.restore(state.exit_plans)
    core.ledger.restore(state.orders, state.fills, core.market.instrument)
    core.alerts.restore(state.messages, state.decisions)
    core.analytics.restore(
        orders=state.orders,
        fills=state.fills,
        plans=state.exit_plans,
        messages=state.messages,
        decisions=state.decisions,
    )
