"""Builds what a person hears of: price alerts, notices of decisions, and the ways out of this computer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tradestream_gui.adapters.notify import DiscordWebhookOutlet, EmailOutlet, MailServer, TelegramOutlet
from tradestream_gui.adapters.notify.discord_webhook import BASES
from tradestream_gui.adapters.notify.telegram import BASE
from tradestream_gui.alerts.desk.desk import AlertDesk
from tradestream_gui.assembly.sources import kept_secret
from tradestream_gui.domain.ids import AccountId, MessageKey
from tradestream_gui.market.price_alerts import PriceAlertBook
from tradestream_gui.ports.notify import RemoteOutlet
from tradestream_gui.ports.secrets import Secrets
from tradestream_gui.upkeep.notices.decisions import DecisionNotices
from tradestream_gui.upkeep.notices.post_office import PostOffice
from tradestream_gui.upkeep.settings.notifications import (
    DISCORD_URL,
    EMAIL_PASSWORD,
    TELEGRAM_TOKEN,
    MailSecurity,
    Outlet,
)
from tradestream_gui.upkeep.settings.service import SettingsService

if TYPE_CHECKING:
    from tradestream_gui.assembly.parts import MarketParts, Outside


def remote_outlets(
    settings: SettingsService,
    secrets: Secrets,
    *,
    discord_bases: Sequence[str] = BASES,
    telegram_base: str = BASE,
) -> Mapping[Outlet, RemoteOutlet]:
    """Every outlet, switched on or not: a test delivery is possible before."""

    def zone() -> ZoneInfo:
        return ZoneInfo(settings.current.general.display_zone)

    def server() -> MailServer:
        wanted = settings.current.notifications.email
        return MailServer(
            host=wanted.host,
            port=wanted.port,
            is_tls=wanted.security is MailSecurity.TLS,
            starts_tls=wanted.security is MailSecurity.STARTTLS,
            user=wanted.user,
            sender=wanted.sender,
            to=wanted.to,
        )

    return {
        Outlet.EMAIL: EmailOutlet(server, kept_secret(secrets, EMAIL_PASSWORD, "password", "e-mail"), zone),
        Outlet.DISCORD: DiscordWebhookOutlet(
            kept_secret(secrets, DISCORD_URL, "URL", "the Discord webhook"), zone, discord_bases
        ),
        Outlet.TELEGRAM: TelegramOutlet(
            kept_secret(secrets, TELEGRAM_TOKEN, "token", "the Telegram bot"),
            lambda: settings.current.notifications.telegram.chat,
            zone,
            telegram_base,
        ),
    }


def post_office(outside: Outside, alerts: AlertDesk) -> PostOffice:
    """Decisions become notices here, too: window and outlets hear the same."""

    def author_of(message_key: MessageKey) -> str:
        revision = alerts.message(message_key)
        return revision.author_name if revision is not None else "nobody known"

    def label_of(account_id: AccountId) -> str:
        row = next((row for row in outside.settings.current.accounts if row.id == account_id), None)
        return f"{row.name} · {row.kind.value}" if row is not None else account_id

    DecisionNotices(outside.bus, outside.clock, author_of)
    return PostOffice(
        bus=outside.bus,
        clock=outside.clock,
        tasks=outside.tasks,
        settings=outside.settings,
        outlets=outside.outlets,
        label_of=label_of,
    )


def price_alerts(outside: Outside, market: MarketParts) -> PriceAlertBook:
    return PriceAlertBook(
        bus=outside.bus,
        clock=outside.clock,
        tasks=outside.tasks,
        board=market.board,
        reference=outside.reference,
        store=outside.price_alerts,
        subscribe=market.subscriptions.subscribe,
    )
