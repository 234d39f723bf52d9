"""The one declared model of all settings: what the file holds, what the form shows, what is checked."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Annotated

from pydantic import ValidationError, model_validator

from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.broker_names import BROKER_IDS
from tradestream_gui.upkeep.settings.brokers import IbkrSettings, ProjectXSettings, check_account
from tradestream_gui.upkeep.settings.exits import ExitTemplateRow, RoutingSettings, TicketSettings
from tradestream_gui.upkeep.settings.fields import Section, name_text, option, rail, rows
from tradestream_gui.upkeep.settings.keys import KeyboardSettings
from tradestream_gui.upkeep.settings.notifications import NotificationSettings
from tradestream_gui.upkeep.settings.rails import (
    ExecutionSettings,
    KindRails,
    RiskSettings,
    ZoneText,
    effective_risk,
)
from tradestream_gui.upkeep.settings.sources import WEBHOOK, DiscordSettings, WebhookSettings

Name = Annotated[str, name_text()]
"""An id: letters, digits, dot, dash and underscore."""


class Theme(Enum):
    DARK = "dark"
    LIGHT = "light"
    HIGH_CONTRAST = "high-contrast"
    SYSTEM = "system"


class ProfitColours(Enum):
    TEAL_CORAL = "teal-coral"
    BLUE_ORANGE = "blue-orange"
    RED_UP = "red-up"


class Density(Enum):
    COMPACT = "compact"
    COMFORTABLE = "comfortable"
    TOUCH = "touch"


class LogLevel(Enum):
    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"


class GeneralSettings(Section):
    """How the program behaves."""

    display_zone: ZoneText = option("America/New_York", "Time zone in which moments are shown.", restart=True)
    confirm_quit: bool = option(True, "Ask before closing while orders work or positions are open.")


class AppearanceSettings(Section):
    """How the window looks."""

    theme: Theme = option(Theme.DARK, "Colours of the window; system: light or dark as the desktop is.")
    profit_colours: ProfitColours = option(
        ProfitColours.TEAL_CORAL,
        "Gains and losses: teal and coral, blue and orange for eyes that mix up red and green, or East Asian red up.",
    )
    density: Density = option(Density.COMPACT, "Height of the rows.")
    font_size: int = option(10, "Size of the text.", unit="pt", low=8, high=20)
    reduce_motion: bool = option(False, "No flashing and no animation.")
    alert_strip: bool = option(False, "A small window on top of all others for an alert that waits for approval.")


class AccountRow(Section):
    """One account. Starting cash, slippage and fees serve the simulator only."""

    id: Name = rail("sim", "Short name that never changes.", "")
    name: str = rail("Simulator", "Name on screen.", "")
    kind: AccountKind = rail(AccountKind.SIMULATOR, "Where orders really go; fixed once the account exists.", "")
    broker: str = rail(
        "paper", "Who trades it: paper, ibkr (Interactive Brokers) or projectx (TopstepX).", "", choices=BROKER_IDS
    )
    enabled: bool = option(True, "Connect it at start.", restart=True)
    starting_cash: Decimal = option(
        Decimal(50_000), "Cash of a new simulator account.", unit="$", low=0, high=100_000_000
    )
    slippage_ticks: int = option(1, "Slippage of market and stop orders.", unit="ticks", low=0, high=100, restart=True)
    fee_schedule: str = option("default", "Row of the dated fee table.")
    rule_pack: str = option("", "Rules of a funded account, as topstep-50k-combine; empty: none.", tighter="lower")
    pack_share_pct: int = option(
        80, "Part of their loss limits at which we act ourselves.", unit="%", low=10, high=100, tighter="lower"
    )
    pack_paid_out: bool = option(False, "The first payout is made: the loss line stands locked.", tighter="on")
    avoid_news: bool = option(False, "No entries round scheduled releases, under such rules.", tighter="on")
    limits: dict[str, bool | int | Decimal | str | tuple[str, ...]] = option(
        {}, "Rails of this account alone, by the names of the risk page."
    )


class WatchlistRow(Section):
    """A watchlist that is out of sight."""

    id: str = rail("More", "Its name.", "")
    symbols: tuple[str, ...] = option((), "Its symbols, futures by their root.")


class MarketSettings(Section):
    """Where prices come from."""

    watchlist: tuple[str, ...] = option(
        ("ES", "MES", "NQ", "MNQ", "RTY", "CL", "GC"),
        "Symbols of the watchlist, futures by their root.",
        restart=True,
    )
    watchlist_name: str = option("Main", "Name of the watchlist in sight.", restart=True)
    other_watchlists: tuple[WatchlistRow, ...] = rows("Lists out of sight: the watchlist's own box brings them up.")
    stale_after_future_s: int = option(5, "Age at which a price greys in regular hours.", unit="s", low=1, high=600)
    stale_after_option_s: int = option(60, "Age at which an option's price greys.", unit="s", low=1, high=3_600)


class ClipboardSettings(Section):
    """Alerts copied by hand, from rooms that allow no bot."""

    inbox: bool = option(False, "Show a card when the text of an alert is copied; a key sends it.")
    analyst: str | None = option(None, "Whose alerts are copied: the id of the analyst's row.")
    channel: str | None = option(None, "Channel they count for: the id of its row; empty: the analyst's first.")


class BackupSettings(Section):
    """Copies of the databases."""

    every_hours: int = option(6, "Time between backups.", unit="h", low=1, high=168)
    keep_recent: int = option(28, "Newest backups kept.", low=3, high=1_000)
    keep_daily: int = option(30, "Days of which the last backup is kept.", low=0, high=1_000)
    keep_monthly: int = option(12, "Months of which the last backup is kept.", low=0, high=240)
    second_folder: str = option("", "Folder that gets a copy of each backup; empty for none.")


class AdvancedSettings(Section):
    """Log and refresh."""

    log_level: LogLevel = option(LogLevel.INFO, "How much is logged.")
    log_files: int = option(10, "Log files of 10 MB kept.", low=1, high=100)
    frame_ms: int = option(33, "Time between two refreshes of ticking tables.", unit="ms", low=16, high=200)


class Settings(Section):
    """All settings of one profile."""

    general: GeneralSettings = GeneralSettings()
    appearance: AppearanceSettings = AppearanceSettings()
    accounts: tuple[AccountRow, ...] = rows("Accounts of this profile.")
    risk: RiskSettings
    execution: ExecutionSettings
    routing: RoutingSettings
    exits: tuple[ExitTemplateRow, ...] = rows("Exit plans for alerts that give none.")
    ticket: TicketSettings = TicketSettings()
    market: MarketSettings = MarketSettings()
    ibkr: IbkrSettings = IbkrSettings()
    projectx: ProjectXSettings = ProjectXSettings()
    discord: DiscordSettings = DiscordSettings()
    webhook: WebhookSettings = WebhookSettings()
    clipboard: ClipboardSettings = ClipboardSettings()
    notifications: NotificationSettings = NotificationSettings()
    backups: BackupSettings = BackupSettings()
    keyboard: KeyboardSettings = KeyboardSettings()
    advanced: AdvancedSettings = AdvancedSettings()

    @model_validator(mode="after")
    def _names_exist(self) -> "Settings":
        accounts = unique([row.id for row in self.accounts], "accounts")
        templates = unique([row.id for row in self.exits], "exits")
        channels = unique([row.id for row in self.routing.channels], "routing.channels")
        analysts = unique([row.id for row in self.routing.analysts], "routing.analysts")
        _check_elsewhere(self.exits)
        unique([row.id for row in self.ticket.contracts], "ticket.contracts")
        for start in self.ticket.contracts:
            _known(f"ticket.contracts.{start.id}", "exit template", start.exit_plan, templates)
        for row in self.accounts:
            _check_limits(row, self.risk)
            check_account(row.id, row.kind, row.broker)
        for where, rule in self.routing.rules():
            _known(where, "account", rule.account, accounts)
            for name in (rule.exit_future, rule.exit_option, rule.exit_stock):
                _known(where, "exit template", name, templates)
        for channel in self.routing.channels:
            _known(f"routing.channels.{channel.id}", "analyst", channel.speaks_for, analysts)
        _known("clipboard", "analyst", self.clipboard.analyst, analysts)
        _known("clipboard", "channel", self.clipboard.channel, channels)
        for analyst in self.routing.analysts:
            for channel_id in analyst.channels:
                _known(f"routing.analysts.{analyst.id}", "channel", channel_id, channels)
        _check_webhook_groups(self.routing, {row.id: row.kind for row in self.accounts})
        return self


def _check_limits(row: AccountRow, risk: RiskSettings) -> None:
    """Raises ValueError where an account's own rail is unknown or out of range."""
    known = {name for name in RiskSettings.model_fields if not isinstance(getattr(risk, name), Section)}
    for name in row.limits:
        if name not in known | set(KindRails.model_fields):
            raise ValueError(f"accounts[{row.id}].limits: {name} is no limit of the risk page")
    try:
        effective_risk(risk, row.kind, row.limits)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        raise ValueError(f"accounts[{row.id}].limits: {found['loc'][-1]}: {found['msg']}") from error


PAPER_GROUP = "paper_"
PAPER_KINDS = (AccountKind.SIMULATOR, AccountKind.BROKER_PAPER)


def _check_webhook_groups(routing: RoutingSettings, kinds: Mapping[str, AccountKind]) -> None:
    """Nobody is named in a webhook's body, so its channel says whose it is; a group that is called paper stays so."""
    analysts = {row.id: row for row in routing.analysts}
    for channel in routing.channels:
        if channel.source != WEBHOOK:
            continue
        where, analyst = f"routing.channels.{channel.id}", analysts.get(channel.speaks_for or "")
        if analyst is None:
            raise ValueError(f"{where}: a webhook's group needs speaks_for, the analyst whose posts these are")
        account = analyst.account or channel.account or routing.defaults.account
        kind = kinds.get(account)
        if channel.id.startswith(PAPER_GROUP) and kind is not None and kind not in PAPER_KINDS:
            raise ValueError(f"{where}: a group named {PAPER_GROUP} never trades {account}, which is {kind.value}")


def unique(names: list[str], where: str) -> set[str]:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{where}: the id {name} stands there twice")
    return set(names)


def _check_elsewhere(rows: Sequence[ExitTemplateRow]) -> None:
    """A plan for other roots is a plain one of the same kind: a chain of them would be nobody's to follow."""
    by_id = {row.id: row for row in rows}
    for row in rows:
        _known(f"exits.{row.id}", "exit template", row.elsewhere, set(by_id))
        other = by_id.get(row.elsewhere or "")
        if other is not None and (other.elsewhere is not None or other.asset_class is not row.asset_class):
            raise ValueError(f"exits.{row.id}: {other.id} cannot stand in for it: it must be a plain plan of its kind")


def _known(where: str, what: str, name: str | None, known: set[str]) -> None:
    if name and name not in known:
        raise ValueError(f"{where}: there is no {what} {name}; known: {', '.join(sorted(known)) or 'none'}")
