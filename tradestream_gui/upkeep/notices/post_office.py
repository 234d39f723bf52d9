"""Sends what happens to e-mail, Discord and Telegram, as the grid of the settings says."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import Notice, NoticeKind, ProtectionLost, Severity
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.notify import NotDelivered, Post, RemoteOutlet
from tradestream_gui.upkeep.notices.lane import ANSWER_S, Lane
from tradestream_gui.upkeep.notices.link_watch import LinkWatch
from tradestream_gui.upkeep.quiet_hours import is_quiet
from tradestream_gui.upkeep.settings.notifications import NotificationSettings, Outlet, Telling
from tradestream_gui.upkeep.settings.service import SettingsChanged, SettingsService

TITLES = {Outlet.EMAIL: "E-mail", Outlet.DISCORD: "Discord webhook", Outlet.TELEGRAM: "Telegram"}
TROUBLE_ONLY = (NoticeKind.ALERT, NoticeKind.SYSTEM)
"""Of these only warnings and worse leave the window."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a test delivery came to; `error` is empty when it arrived."""

    elapsed_s: float
    error: str


class PostOffice:
    """Never waits for an outlet: each has a lane of its own. `label_of` says which account, and whose money it is."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        tasks: Tasks,
        settings: SettingsService,
        outlets: Mapping[Outlet, RemoteOutlet],
        label_of: Callable[[AccountId], str],
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._tasks = tasks
        self._settings = settings
        self._outlets = dict(outlets)
        self._label_of = label_of
        self._lanes = {
            outlet: Lane(remote, clock, partial(self._on_delivery, outlet)) for outlet, remote in outlets.items()
        }

    @property
    def outlets(self) -> tuple[Outlet, ...]:
        """The ones that this profile can use; none in the demo."""
        return tuple(self._outlets)

    def is_failing(self, outlet: Outlet) -> bool:
        return outlet in self._lanes and self._lanes[outlet].is_failing

    def start(self) -> None:
        if not self._lanes:
            return
        self._bus.subscribe(Notice, self._on_notice)
        self._bus.subscribe(ProtectionLost, self._on_unprotected)
        self._bus.subscribe(SettingsChanged, lambda fact: self.secrets_changed())
        LinkWatch(self._bus, self._clock, self._post)
        for outlet, lane in self._lanes.items():
            self._tasks.spawn(lane.run(), f"deliver by {TITLES[outlet]}")

    async def close(self) -> None:
        for remote in self._outlets.values():
            await remote.close()

    def secrets_changed(self) -> None:
        """What failed for good may be right now."""
        for lane in self._lanes.values():
            lane.wake()

    async def test(self, outlet: Outlet) -> Tried:
        """Sends one line now, past the queue, with the settings that hold; how long it took and the exact error."""
        began = self._clock.monotonic()
        words = "This is a test of TradeStream. Nothing happened in your accounts."
        post = Post(NoticeKind.SYSTEM, Severity.INFO, "Test", words, self._clock.now())
        error = ""
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._outlets[outlet].send([post])
        except NotDelivered as failure:
            error = str(failure)
        except TimeoutError:
            error = f"no answer within {ANSWER_S:.0f} s"
        if not error:
            self._lanes[outlet].wake()
        return Tried(self._clock.monotonic() - began, error)

    def _on_notice(self, notice: Notice) -> None:
        """What a link is told of comes from the watch, once it lasts."""
        if notice.kind is not NoticeKind.CONNECTION:
            self._post(notice)

    def _on_unprotected(self, fact: ProtectionLost) -> None:
        kind, severity = NoticeKind.UNPROTECTED, Severity.DANGER
        self._post(Notice(kind, severity, "Position without stop", fact.words, fact.at, fact.account_id))

    def _post(self, notice: Notice) -> None:
        if notice.kind in TROUBLE_ONLY and notice.severity in (Severity.INFO, Severity.SUCCESS):
            return
        wanted = self._settings.current.notifications
        label = self._label_of(notice.account_id) if notice.account_id is not None else ""
        title = f"{notice.title} · {label}" if label else notice.title
        for outlet, lane in self._lanes.items():
            telling = wanted.telling(notice.kind, outlet)
            if telling is Telling.OFF or not _is_on(wanted, outlet) or self._is_its_own(notice, outlet):
                continue
            silent = telling is Telling.SILENT or self._is_quiet(wanted, notice)
            lane.put(Post(notice.kind, notice.severity, title, notice.words, notice.at, silent))

    def _is_quiet(self, wanted: NotificationSettings, notice: Notice) -> bool:
        """At night posts come without noise, except for a position that lost its stop."""
        zone = ZoneInfo(self._settings.current.general.display_zone)
        at_night = is_quiet(wanted.quiet_from, wanted.quiet_until, self._clock.now().astimezone(zone))
        return at_night and notice.kind is not NoticeKind.UNPROTECTED

    def _on_delivery(self, outlet: Outlet, is_well: bool, words: str) -> None:
        severity = Severity.SUCCESS if is_well else Severity.WARNING
        title = f"{TITLES[outlet]} {'goes out again' if is_well else 'is not delivered'}"
        self._bus.publish(Notice(NoticeKind.SYSTEM, severity, title, words, self._clock.now()))

    def _is_its_own(self, notice: Notice, outlet: Outlet) -> bool:
        """The other outlets may tell of it, the one that fails cannot."""
        return notice.kind is NoticeKind.SYSTEM and notice.title.startswith(TITLES[outlet])


def _is_on(wanted: NotificationSettings, outlet: Outlet) -> bool:
    switches = {
        Outlet.EMAIL: wanted.email.enabled,
        Outlet.DISCORD: wanted.discord.enabled,
        Outlet.TELEGRAM: wanted.telegram.enabled,
    }
    return switches[outlet]
