"""The core as one value: every service that the window, the console, replay and the tests may talk to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradestream_gui.alerts.desk.clipboard_inbox import ClipboardInbox
from tradestream_gui.alerts.desk.desk import AlertDesk
from tradestream_gui.alerts.profiles.profile_files import ProfileFiles
from tradestream_gui.analytics.service import AnalyticsService
from tradestream_gui.bus import EventBus
from tradestream_gui.market.bars import BarBook
from tradestream_gui.market.listings import ListingBook
from tradestream_gui.market.price_alerts import PriceAlertBook
from tradestream_gui.market.quote_board import QuoteBoard
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.market.subscriptions import Subscriptions
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.connection_check import ConnectionCheck
from tradestream_gui.ports.history import MessageArchive
from tradestream_gui.ports.journal import Journal
from tradestream_gui.ports.secrets import Secrets
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.broker_costs import CostBook
from tradestream_gui.trading.day_ledger import DayLedger
from tradestream_gui.trading.drills.drill import OutageDrill
from tradestream_gui.trading.entry_desk import EntryDesk
from tradestream_gui.trading.entry_lock import EntryLock
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.exposure import ExposureMeter
from tradestream_gui.trading.external_orders import ExternalOrders
from tradestream_gui.trading.go_live import GoLive
from tradestream_gui.trading.hand_desk import HandDesk
from tradestream_gui.trading.high_water import HighWater
from tradestream_gui.trading.kill_switch import KillSwitch
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.market_view import MarketView
from tradestream_gui.trading.order_desk import OrderDesk
from tradestream_gui.trading.risk_gate import RiskGate
from tradestream_gui.trading.rule_pack_book import RulePackBook
from tradestream_gui.trading.rule_pack_watch import RulePackWatch
from tradestream_gui.trading.sentinel import Sentinel
from tradestream_gui.upkeep.diagnostics import Diagnostics
from tradestream_gui.upkeep.health import HealthMonitor
from tradestream_gui.upkeep.notices.post_office import PostOffice
from tradestream_gui.upkeep.settings.service import SettingsService

if TYPE_CHECKING:
    from tradestream_gui.replay.dry_run import DryStage


@dataclass(frozen=True, slots=True)
class Core:
    """Made by `assembly` only. Reading is free; changing goes through the desks' commands."""

    bus: EventBus
    clock: Clock
    tasks: Tasks
    journal: Journal
    reference: ReferenceData
    settings: SettingsService
    board: QuoteBoard
    bars: BarBook
    subscriptions: Subscriptions
    market: MarketView
    listings: ListingBook
    accounts: AccountBook
    blotter: Blotter
    lots: LotBook
    ledger: DayLedger
    high_water: HighWater
    exposure: ExposureMeter
    external_orders: ExternalOrders
    gate: RiskGate
    packs: RulePackBook
    pack_watch: RulePackWatch
    order_desk: OrderDesk
    entries: EntryDesk
    costs: CostBook
    hand: HandDesk
    entry_lock: EntryLock
    go_live: GoLive
    exits: ExitDesk
    sentinel: Sentinel
    kill: KillSwitch
    alerts: AlertDesk
    profile_files: ProfileFiles
    dry_stage: "DryStage"
    clipboard: ClipboardInbox
    analytics: AnalyticsService
    health: HealthMonitor
    price_alerts: PriceAlertBook
    post_office: PostOffice
    diagnostics: Diagnostics | None
    """What packs the bundle for whoever helps; None where there is no log, as in a replay."""
    drill: OutageDrill | None
    """Practises outages on the simulator; None where nothing may be broken, as in a replay."""
    secrets: Secrets | None
    """Where tokens and keys are kept; None where there are none, as in the demo."""
    archive: MessageArchive | None = None
    """Where messages are found that the desk holds no more; None where nothing is searched, as in a replay."""
    connection_checks: tuple[ConnectionCheck, ...] = ()
    """Log-ins that a person may try before anything depends on them; none in the demo, in tests and replays."""
