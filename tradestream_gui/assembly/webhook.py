"""The webhook source of a profile: its groups out of the settings, its token out of the secrets, durable receipts."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from tradestream_gui.adapters.sources.webhook import SOURCE, BodyNotes, Group, WebhookSetup, WebhookSource
from tradestream_gui.alerts.desk.inbox import message_key
from tradestream_gui.alerts.machine.webhook_fields import Fields, UnreadableBody, fields_of
from tradestream_gui.alerts.parser import parse
from tradestream_gui.assembly.sources import kept_secret
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import AlertText
from tradestream_gui.domain.events import AlertReceived
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.journal import Journal
from tradestream_gui.ports.secrets import Secrets
from tradestream_gui.ports.source import IncomingMessage
from tradestream_gui.upkeep.settings.model import Settings
from tradestream_gui.upkeep.settings.service import SettingsService
from tradestream_gui.upkeep.settings.sources import WEBHOOK_TOKEN

GROUP_KEYS = ("group", "account_group", "stub", "account")
TIME_KEYS = ("time", "timestamp", "timenow")
MILLISECONDS_FROM = 10_000_000_000
"""A larger number of a moment counts milliseconds."""


def webhook_source(
    *,
    settings: SettingsService,
    secrets: Secrets,
    bus: EventBus,
    journal: Journal,
    reference: ReferenceData,
    profiles: Sequence[AlertProfile],
    clock: Clock,
    tasks: Tasks,
) -> WebhookSource:
    """Opens its port once it is connected; made only where the settings switch it on."""
    setup = WebhookSetup(
        port=settings.current.webhook.port,
        group_of=lambda name: group_of(name, settings.current),
        is_signed=lambda: settings.current.webhook.signed,
        notes_of=notes_reader(profiles[0], reference, clock),
    )
    token = kept_secret(secrets, WEBHOOK_TOKEN, "token", "the webhook")
    return WebhookSource(setup, token, receipts(bus, journal), clock=clock, tasks=tasks)


def group_of(name: str, settings: Settings) -> Group | None:
    """The channel of that name with the source webhook, else the longest pattern that serves it, as `paper_*`."""
    rows = [row for row in settings.routing.channels if row.source == SOURCE]
    serving = [row for row in rows if row.id == name or (row.id.endswith("*") and fnmatchcase(name, row.id))]
    best = max(serving, key=lambda row: (row.id == name, len(row.id)), default=None)
    if best is None:
        return None
    return Group(best.id, best.name if best.id == name else f"{best.name} · {name}")


def notes_reader(profile: AlertProfile, reference: ReferenceData, clock: Clock) -> Callable[[str], BodyNotes]:
    """What a body says of itself. Whether it only reduces is read as the desk will read it, by the plainest profile;
    a text that this cannot read counts as one that opens."""

    def notes(body: str) -> BodyNotes:
        try:
            fields = fields_of(body) or {}
        except UnreadableBody:
            fields = {}
        sent_at, fault = _moment(fields)
        alert = AlertText(body, (), None, clock.now(), SOURCE, SOURCE)
        reading = parse(alert, profile, reference.calendar.is_trading_day)
        kinds = [action.kind for action in (*reading.actions, *reading.candidate)]
        return BodyNotes(
            group=_first(fields, GROUP_KEYS),
            id=_first(fields, ("id",)),
            sent_at=sent_at,
            time_fault=fault,
            only_reduces=bool(kinds) and not any(kind.opens for kind in kinds),
        )

    return notes


def receipts(bus: EventBus, journal: Journal) -> Callable[[IncomingMessage], Awaitable[None]]:
    """Makes a handed-over post durable before its sender hears of it; its decision follows on its own."""
    received: dict[str, MessageRevision] = {}

    def on_received(fact: AlertReceived) -> None:
        if fact.revision.source == SOURCE:
            received[fact.revision.message_key] = fact.revision

    async def keep(message: IncomingMessage) -> None:
        revision = received.pop(message_key(message), None)
        if revision is not None:
            await asyncio.shield(journal.commit([revision]))

    bus.subscribe(AlertReceived, on_received)
    return keep


def _first(fields: Fields, keys: Sequence[str]) -> str:
    return next((fields[key].text.strip() for key in keys if key in fields and fields[key].text.strip()), "")


def _moment(fields: Fields) -> tuple[datetime | None, str]:
    """When the sender says that it posted, or why that is no moment; a placeholder is left to the parser to refuse."""
    text = _first(fields, TIME_KEYS)
    if not text or "{{" in text:
        return None, ""
    try:
        if text.isascii() and text.isdigit() and len(text) <= 14:
            number = int(text)
            return datetime.fromtimestamp(number / 1000 if number >= MILLISECONDS_FROM else number, UTC), ""
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None, f"the body's time {text[:40]} is no moment; give it as 2026-11-20T14:30:00Z or leave it out"
    return (found if found.tzinfo is not None else found.replace(tzinfo=UTC)), ""
