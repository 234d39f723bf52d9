"""The pages of the Config tab and which settings stand on each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradestream_gui.ui.tabs.config.labels import finds

if TYPE_CHECKING:
    from tradestream_gui.upkeep.settings.fields import SettingSpec


@dataclass(frozen=True, slots=True)
class Group:
    """Settings under one heading; `prefixes` are keys or the sections that they begin with."""

    title: str
    prefixes: tuple[str, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    key: str
    title: str
    icon: str
    words: str
    groups: tuple[Group, ...] = ()


PAGES = (
    Page(
        "general", "General", "config", "How the program behaves and what it watches.",
        (Group("Program", ("general",)), Group("Market data", ("market",))),
    ),
    Page(
        "appearance", "Appearance", "eye", "Shown at once; kept when you apply.",
        (Group("Window", ("appearance",)),),
    ),
    Page(
        "accounts", "Accounts & brokers", "wallet",
        "Where orders go. The kind of an account is fixed once it exists; passwords and keys never stand here.",
        (Group("Accounts", ("accounts",)), Group("Interactive Brokers", ("ibkr",)), Group("TopstepX", ("projectx",))),
    ),
    Page(
        "connect", "Connection wizard", "plug",
        "What each service needs, a test of its log-in with the raw answers, and what only your own account can prove.",
    ),
    Page(
        "routing", "Discord & channels", "messages",
        "Who is followed, where, and what a readable alert leads to. The analyst's row wins over the channel's, "
        "and that over the defaults.",
        (
            Group("Analysts", ("routing.analysts",)),
            Group("Channels", ("routing.channels",)),
            Group("Defaults", ("routing.defaults",)),
            Group("Discord bots", ("discord",)),
            Group("Webhook", ("webhook",)),
            Group("Clipboard inbox", ("clipboard",)),
        ),
    ),
    Page("parsers", "Parsers", "filter", "The alert profiles by which messages are read."),
    Page(
        "risk", "Risk & limits", "shield",
        "Tightening holds at once. Loosening a limit asks for your confirmation first.",
        (
            Group("Loss", ("risk.daily_loss_limit", "risk.daily_loss_action", "risk.max_drawdown_pct")),
            Group(
                "Size", ("risk.max_order_qty", "risk.max_notional", "risk.max_position_qty", "risk.max_minis",
                         "risk.max_open", "risk.max_heat", "risk.max_exposure"),
            ),
            Group("Pace", ("risk.max_entries", "risk.entries_per", "risk.same_side", "risk.breaker")),
            Group("Prices", ("risk.quote_max", "risk.max_clock", "risk.drift", "risk.spread")),
            Group("Stops", ("risk.stop",)),
            Group(
                "Times", ("risk.no_entry", "risk.day_end", "risk.entries_off", "risk.flatten_at", "risk.flat_verified",
                          "risk.allowed"),
            ),
            Group("Each analyst", ("risk.analyst",)),
            Group("Orders by hand", ("risk.manual",)),
            Group("Before real money", ("risk.go_live",)),
            Group("Simulator accounts", ("risk.simulator",)),
            Group("Broker paper accounts", ("risk.broker_paper",)),
            Group("Funded accounts", ("risk.funded",)),
            Group("Live accounts", ("risk.live",)),
        ),
    ),
    Page(
        "execution", "Execution", "bolt", "How a decided alert becomes orders, and how it is left again.",
        (
            Group("Orders", ("execution",)),
            Group("Orders by hand begin with", ("ticket",)),
            Group("Exit plans", ("exits",)),
        ),
    ),
    Page(
        "notifications", "Notifications", "bell", "What makes itself heard, and how.",
        (
            Group("Who is told what", ("notifications.grid",)),
            Group(
                "On this computer", ("notifications.sounds", "notifications.only", "notifications.quiet",
                                     "notifications.desktop", "notifications.toast"),
            ),
            Group("E-mail", ("notifications.email",)),
            Group("Discord webhook", ("notifications.discord",)),
            Group("Telegram", ("notifications.telegram",)),
        ),
    ),
    Page(
        "backups", "Data & backups", "database", "Copies of the databases and older settings.",
        (Group("Backups", ("backups",)),),
    ),
    Page("health", "Health", "pulse", "What is measured of the running program and of this computer."),
    Page(
        "keyboard", "Keyboard", "keyboard",
        "What each action listens to; F1 shows the same list. A key is given out once.",
        (Group("Keys", ("keyboard",)),),
    ),
    Page(
        "advanced", "Advanced", "edit", "Log and refresh.",
        (Group("Advanced", ("advanced",)),),
    ),
    Page("about", "About", "info", ""),
)  # fmt: skip


def specs_of(group: Group, specs: tuple[SettingSpec, ...]) -> tuple[SettingSpec, ...]:
    """The settings of a group in the order of the file."""
    return tuple(spec for spec in specs if any(_begins(spec.key, prefix) for prefix in group.prefixes))


def count_of(page: Page, specs: tuple[SettingSpec, ...], text: str) -> int:
    """How many settings of the page a search finds."""
    return sum(finds(text, spec) for group in page.groups for spec in specs_of(group, specs))


def page_of(key: str) -> Page | None:
    """The page on which a setting stands."""
    for page in PAGES:
        if any(_begins(key, prefix) for group in page.groups for prefix in group.prefixes):
            return page
    return None


def group_of(key: str) -> Group | None:
    """The heading under which a setting stands."""
    groups = (group for page in PAGES for group in page.groups)
    return next((group for group in groups if any(_begins(key, prefix) for prefix in group.prefixes)), None)


def _begins(key: str, prefix: str) -> bool:
    """`risk.stop` begins `risk.stop_required`; `exits` is itself; `risk.analyst` does not begin `risk.analysts`."""
    return key == prefix or key.startswith((f"{prefix}.", f"{prefix}_"))
