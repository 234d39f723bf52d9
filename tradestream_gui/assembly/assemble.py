"""The one place where the parts meet: makes a Core from what is given, starts it and stops it; knows no Qt."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.sources.clipboard import ClipboardSource
from tradestream_gui.alerts.desk.clipboard_inbox import ClipboardInbox, Copied, copied_by
from tradestream_gui.alerts.desk.desk import AlertDesk
from tradestream_gui.alerts.desk.quote_log import AlertQuoteLog
from tradestream_gui.alerts.profiles.profile_files import ProfileFiles
from tradestream_gui.analytics.service import AnalyticsService
from tradestream_gui.assembly.brokers import join_brokers
from tradestream_gui.assembly.drills import outage_drill
from tradestream_gui.assembly.hand import hand_desk
from tradestream_gui.assembly.health import health_monitor, watch_core
from tradestream_gui.assembly.live import entry_lock
from tradestream_gui.assembly.notices import post_office, price_alerts
from tradestream_gui.assembly.parts import (
    Books,
    MarketParts,
    Outside,
    TradingParts,
    alert_desk,
    books,
    listing_book,
    market_parts,
    schedule_of,
    trading_parts,
)
from tradestream_gui.assembly.reconciling import reconciler_of
from tradestream_gui.assembly.risk import limits_of, loss_guard
from tradestream_gui.assembly.routes import feed_analytics, feed_desks
from tradestream_gui.assembly.sources import load_reader
from tradestream_gui.core import Core
from tradestream_gui.domain.accounts import Account, TradingState
from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.domain.decisions import Decision
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.events import AlertDecided, Notice, NoticeKind, Severity
from tradestream_gui.domain.ids import AccountId, ChannelId
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.market.watchdog import FlowWatchdog
from tradestream_gui.paths import resource_path
from tradestream_gui.ports.beats import until_beat
from tradestream_gui.ports.journal import StoredState
from tradestream_gui.trading.broker_costs import CostBook
from tradestream_gui.trading.day_ledger import rebooked
from tradestream_gui.trading.loss_guard import LossGuard
from tradestream_gui.trading.reconciler import Reconciler
from tradestream_gui.trading.risk_gate import RiskGate
from tradestream_gui.trading.rule_pack_watch import NOTES_READ
from tradestream_gui.trading.watch_beat import WatchBeat
from tradestream_gui.upkeep.diagnostics import Diagnostics
from tradestream_gui.upkeep.settings import policies
from tradestream_gui.upkeep.settings.service import SettingsChanged

if TYPE_CHECKING:
    from tradestream_gui.replay.dry_run import DryRunOrder
    from tradestream_gui.replay.run import Stage

CARDS_INTERVAL_S = 1.0
EQUITY_SAMPLE_S = 20.0
__all__ = ["Outside", "Running", "assemble", "schedule_of"]


@dataclass(frozen=True, slots=True)
class Running:
    """A core with what keeps it going: `start` once, `close` once."""

    core: Core
    outside: Outside
    reconciler: Reconciler
    quote_log: AlertQuoteLog
    loss_guard: LossGuard
    watchdog: FlowWatchdog

    async def start(self) -> None:
        """Recovers what is stored, connects feed and broker, reconciles, and only then lets alerts in."""
        core, outside = self.core, self.outside
        state = await core.journal.load()
        _restore(core, state, {setup.account_id for setup in policies.accounts(core.settings.current) if setup.enabled})
        for setup in policies.accounts(core.settings.current):
            core.high_water.set_start(setup.account_id, setup.starting_cash)
        notes = await core.journal.audit_notes(NOTES_READ)
        core.pack_watch.restore(notes)
        core.entry_lock.test.restore(notes)
        core.go_live.restore(core.lots.lots(), notes)
        core.post_office.start()
        await outside.feed.connect(core.board)
        await self._subscribe()
        await core.price_alerts.start()
        await self._connect_broker()
        join_brokers(core, self.reconciler, outside.beside, outside.live_refused)
        core.entries.resume()
        core.bars.start()
        self.watchdog.start()
        for name, watch in (
            ("sentinel", core.sentinel.watch()),
            ("loss guard", self.loss_guard.watch()),
            ("reconciler", self.reconciler.watch()),
            ("unlock test", core.entry_lock.test.watch()),
            ("alert quotes", self.quote_log.sample()),
            ("approval cards", self._watch_cards()),
            ("equity samples", self._sample_equity()),
            ("health", core.health.watch()),
            ("earlier alert quotes", self._recall_alert_quotes(state.decisions)),
        ):
            core.tasks.spawn(watch, name)
        if outside.backups is not None:
            core.tasks.spawn(outside.backups.run(), "backups")
        if core.drill is not None:
            core.tasks.spawn(core.drill.resume(), "outage drill")
        load_reader(core.settings.current, outside.sources)
        for source in outside.sources:
            await source.connect(core.alerts)

    async def close(self) -> None:
        """Stops intake first, then the watches, then the links; what rests at the broker stays there."""
        for source in self.outside.sources:
            await source.close()
        self.core.bars.close()
        self.watchdog.close()
        await self.outside.feed.close()
        await self.outside.tasks.close()
        await self.core.post_office.close()
        try:
            for broker in (*self.outside.beside, self.outside.broker):
                await broker.close()
        finally:
            self.outside.watermark.close()
            if self.outside.machine is not None:
                self.outside.machine.close()
            if self.outside.archive is not None:
                await self.outside.archive.close()
            await self.core.journal.close()
        if self.outside.backups is not None:
            await self.outside.backups.take_now("clean end")

    async def _subscribe(self) -> None:
        """The watchlist, and whatever is still held."""
        core = self.core
        wanted = [core.reference.resolve(symbol, core.clock.now()) for symbol in core.settings.current.market.watchlist]
        wanted += [core.market.instrument(lot.instrument_id) for lot in core.lots.open_lots()]
        for instrument in wanted:
            if instrument is not None:
                await core.subscriptions.subscribe(instrument)
                await asyncio.sleep(0)  # a past to chart is made for each: the window answers between them

    async def _connect_broker(self) -> None:
        """A broker that does not answer keeps nobody out of the program: its accounts wait, and it is asked again."""
        broker, core = self.outside.broker, self.core
        try:
            await broker.connect(core.order_desk)
            await self._open_accounts()
        except BrokerUnreachable as error:
            words = f"{broker_name(broker.name)} does not answer, it is tried again: {error}"
            core.bus.publish(Notice(NoticeKind.CONNECTION, Severity.DANGER, broker.name, words, core.clock.now()))
            for setup in policies.accounts(core.settings.current):
                if setup.enabled and setup.broker == broker.name:
                    core.order_desk.attach(Account(setup.account_id, setup.name, setup.kind, setup.broker), broker)
                    core.accounts.set_state(setup.account_id, TradingState.RECONCILING, words)

    async def _open_accounts(self) -> None:
        broker, core = self.outside.broker, self.core
        known = {account.account_id for account in await broker.accounts()}
        for setup in policies.accounts(core.settings.current):
            if setup.enabled and setup.broker == broker.name and setup.account_id not in known:
                await broker.create_account(setup.account_id, setup.name, setup.starting_cash)
        cash = {setup.account_id: setup.starting_cash for setup in policies.accounts(core.settings.current)}
        for account in await broker.accounts():
            if account.account_id not in cash:
                continue
            core.order_desk.attach(account, broker)
            core.analytics.set_start_equity(account.account_id, cash.get(account.account_id, Decimal(0)))
            await self.reconciler.start_account(account.account_id)

    async def _watch_cards(self) -> None:
        core = self.core
        beat = WatchBeat(
            bus=core.bus, clock=core.clock, is_at_stake=lambda: bool(core.alerts.cards()), stirring=(AlertDecided,)
        )
        while True:
            await beat.next(CARDS_INTERVAL_S)
            core.alerts.expire_cards()

    async def _sample_equity(self) -> None:
        while True:
            await self.core.clock.sleep(until_beat(self.core.clock.monotonic(), EQUITY_SAMPLE_S))
            self.core.analytics.sample(self.core.clock.now())

    async def _recall_alert_quotes(self, decisions: Sequence[Decision]) -> None:
        """Alerts of earlier days get their recorded quotes back one by one, behind everything that trades."""
        read = (decision.message_key for decision in decisions if '"action"' in decision.reading_json)
        for message_key in dict.fromkeys(read):
            for quote in await self.core.journal.alert_quotes(message_key):
                self.core.analytics.on_alert_quote(quote)


def assemble(outside: Outside) -> Running:
    """The core over what is given; nothing runs yet."""
    bus, clock, settings = outside.bus, outside.clock, outside.settings
    market = market_parts(outside)
    held = books(outside, market.view)
    trading = trading_parts(outside, held, market.view)
    quote_log = AlertQuoteLog(bus=bus, clock=clock, journal=outside.journal, quote_of=market.board.quote)
    alerts = alert_desk(outside, held, trading, market, quote_log)
    analytics = AnalyticsService(
        instrument_of=market.view.instrument,
        trade_date_of=outside.reference.calendar.trade_date,
        account_day=outside.reference.calendar.account_day,
        zone=ZoneInfo(settings.current.general.display_zone),
        analyst_of=followed_name(alerts),
        keep=lambda measured: outside.journal.append([measured]),
    )
    feed_desks(bus, outside.broker, trading.exits, market.board)
    feed_analytics(bus, analytics)
    follow_settings(outside, trading.gate, alerts)
    if outside.loosening is not None:
        outside.loosening.watch(held.lots, held.blotter)
    core = _core(outside, market, held, trading, alerts, analytics)
    if core.drill is not None:
        core.go_live.hear_of_drills(core.drill.passed_at)
    watch_core(core, market.watchdog, outside.sources)
    reconciler = reconciler_of(outside, held, trading, market.view)
    guard = loss_guard(outside, held, trading, market.view)
    return Running(core, outside, reconciler, quote_log, guard, market.watchdog)


def followed_name(alerts: AlertDesk) -> Callable[[MessageRevision], str]:
    """Whose a message is on screen: the followed analyst's name, else the author's own."""

    def name(revision: MessageRevision) -> str:
        analyst = alerts.rules.analyst_of(ChannelId(revision.channel_id), revision.author_id)
        return analyst.name if analyst else revision.author_name

    return name


def follow_settings(outside: Outside, gate: RiskGate, alerts: AlertDesk) -> None:
    """Rails and routes hold from the moment at which a change of the settings is told."""

    def on_change(fact: SettingsChanged) -> None:
        now = outside.settings.current
        gate.set_limits(limits_of(now), policies.manual_rules(now))
        alerts.set_rules(policies.routing_rules(now), policies.execution_policy(now))
        load_reader(now, outside.sources)

    outside.bus.subscribe(SettingsChanged, on_change, owns_state=True)


def _core(
    outside: Outside, market: MarketParts, held: Books, trading: TradingParts,
    alerts: AlertDesk, analytics: AnalyticsService,
) -> Core:  # fmt: skip
    health, own_profiles = health_monitor(outside), outside.settings.path.parent / "profiles"
    return Core(
        bus=outside.bus,
        clock=outside.clock,
        tasks=outside.tasks,
        journal=outside.journal,
        reference=outside.reference,
        settings=outside.settings,
        board=market.board,
        bars=market.bars,
        subscriptions=market.subscriptions,
        market=market.view,
        listings=listing_book(outside),
        accounts=held.accounts,
        blotter=held.blotter,
        lots=held.lots,
        ledger=held.ledger,
        high_water=held.high_water,
        exposure=trading.exposure,
        external_orders=held.external_orders,
        gate=trading.gate,
        packs=trading.packs,
        pack_watch=trading.pack_watch,
        order_desk=trading.desk,
        entries=trading.entries,
        costs=CostBook(bus=outside.bus, clock=outside.clock, tasks=outside.tasks, venues=outside.costs),
        hand=hand_desk(outside, held, trading, market.view),
        entry_lock=entry_lock(outside, held, trading, market.view),
        go_live=trading.go_live,
        exits=trading.exits,
        sentinel=trading.sentinel,
        kill=trading.kill,
        alerts=alerts,
        profile_files=ProfileFiles(resource_path("profiles"), own_profiles, write_atomically),
        dry_stage=partial(_dry_stage, outside),
        clipboard=_clipboard_inbox(outside, alerts),
        analytics=analytics,
        health=health,
        price_alerts=price_alerts(outside, market),
        post_office=post_office(outside, alerts),
        diagnostics=Diagnostics(outside.surroundings, health, outside.settings) if outside.surroundings else None,
        drill=outage_drill(outside, held, trading, market),
        secrets=outside.secrets,
        connection_checks=outside.connection_checks,
        archive=outside.archive,
    )


def _clipboard_inbox(outside: Outside, alerts: AlertDesk) -> ClipboardInbox:
    def whose() -> Copied | None:
        wanted = outside.settings.current.clipboard
        return copied_by(alerts, wanted.analyst, wanted.channel) if wanted.inbox else None

    source = next((each for each in outside.sources if isinstance(each, ClipboardSource)), None)
    return ClipboardInbox(
        bus=outside.bus, clock=outside.clock, tasks=outside.tasks, desk=alerts, source=source, whose=whose
    )


async def _dry_stage(outside: Outside, order: "DryRunOrder") -> "Stage":
    """Loaded when it is first wanted: a dry run makes a second core out of this same assembly."""
    from tradestream_gui.dry_run_stage import make_dry_stage

    return await make_dry_stage(order, outside.settings.current, outside.reference)


def _restore(core: Core, state: StoredState, configured: Collection[AccountId]) -> None:
    """Gives every owner its stored state; accounts that are no longer set up stay in the database only."""
    core.accounts.restore(
        [account for account in state.accounts if account.account_id in configured],
        [one for one in state.account_states if one.account_id in configured],
        [one for one in state.timed_states if one.account_id in configured],
    )
    external = [change for change in state.external if change.account_id in configured]
    core.blotter.restore(state.orders, state.fills, external)
    core.lots.restore(state.orders, state.fills, external)
    core.exits.restore(state.exit_plans)
    booked = tuple(rebooked(state.orders, state.fills, core.market.instrument))
    core.ledger.restore(state.orders, booked)
    core.high_water.restore(booked)
    core.alerts.restore(state.messages, state.decisions)
    core.analytics.restore(
        orders=state.orders,
        fills=state.fills,
        plans=state.exit_plans,
        messages=state.messages,
        decisions=state.decisions,
        extremes=state.extremes,
    )
