"""A post office over real settings and a real clock, with outlets that write down what they get."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.clock import RealClock, VirtualClock, WorkCounter
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import Notice, NoticeKind, Severity
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.notify import NotDelivered, Post
from tradestream_gui.upkeep.notices.post_office import PostOffice
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings
from tradestream_gui.upkeep.settings.notifications import Outlet
from tradestream_gui.upkeep.settings.service import SettingsService

EMAIL_ON = {
    "enabled": True, "host": "127.0.0.1", "port": 25, "security": "none", "user": "", "sender": "a@example.org",
    "to": ["b@example.org"],
}  # fmt: skip
ALL_ON: dict[str, Any] = {"email": EMAIL_ON, "discord": {"enabled": True}, "telegram": {"enabled": True, "chat": "1"}}


@dataclass
class Drop:
    """An outlet that keeps what it gets; `fails` are raised one after the other before it works."""

    name: str
    gap_s: float = 0.01
    posts: list[Post] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    fails: list[NotDelivered] = field(default_factory=list)
    tries: int = 0
    hangs: bool = False

    async def send(self, posts: Sequence[Post]) -> None:
        self.tries += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails:
            raise self.fails.pop(0)
        self.posts += posts
        self.batches.append(len(posts))

    async def close(self) -> None:
        """Nothing stands open."""

    @property
    def titles(self) -> list[str]:
        return [post.title for post in self.posts]


@dataclass
class Office:
    bus: EventBus
    clock: Clock
    settings: SettingsService
    office: PostOffice
    drops: dict[Outlet, Drop]
    told: list[Notice] = field(default_factory=list)

    def tell(
        self, kind: NoticeKind = NoticeKind.FILL, severity: Severity = Severity.SUCCESS, title: str = "Something",
        account: str | None = None,
    ) -> None:  # fmt: skip
        of = AccountId(account) if account else None
        self.bus.publish(Notice(kind, severity, title, "happened", self.clock.now(), of))

    async def set(self, **values: Any) -> None:
        wanted = {f"notifications.{key}": value for key, value in values.items()}
        await self.settings.apply(self.settings.propose(wanted), confirmed=True)


@asynccontextmanager
async def office(
    folder: Path, *, clock: VirtualClock | None = None, notifications: dict[str, Any] | None = None
) -> AsyncIterator[Office]:
    def first() -> Settings:
        wanted = plain(first_settings())
        wanted["notifications"] |= ALL_ON | (notifications or {})
        return Settings.model_validate(wanted)

    broken: list[str] = []
    bus = EventBus(lambda fact, error: broken.append(f"{fact}: {error!r}"))
    tasks = LoopTasks(lambda name, error: broken.append(f"{name}: {error!r}"))
    settings = SettingsService(folder / "config.yaml", environment={}, bus=bus, write=write_atomically, first=first)
    await asyncio.to_thread(settings.load)
    drops = {outlet: Drop(outlet.value) for outlet in (Outlet.EMAIL, Outlet.DISCORD, Outlet.TELEGRAM)}
    label: Callable[[AccountId], str] = lambda account_id: f"{account_id} · SIMULATOR"  # noqa: E731  # one line of a rig
    used: Clock = clock or RealClock()
    made = PostOffice(bus=bus, clock=used, tasks=tasks, settings=settings, outlets=drops, label_of=label)
    made.start()
    here = Office(bus, used, settings, made, drops)
    bus.subscribe(Notice, here.told.append)
    try:
        yield here
    finally:
        await tasks.close()
        await made.close()
        assert not broken, broken


def virtual() -> VirtualClock:
    from datetime import UTC, datetime

    return VirtualClock(datetime(2026, 11, 20, 15, 0, tzinfo=UTC), WorkCounter())
