"""Outlets beyond this computer: where notices go when nobody sits before the window."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tradestream_gui.domain.events import NoticeKind, Severity


@dataclass(frozen=True, slots=True)
class Post:
    """One notice on its way; `is_silent` asks for a delivery without noise."""

    kind: NoticeKind
    severity: Severity
    title: str
    words: str
    at: datetime
    is_silent: bool = False


class NotDelivered(Exception):
    """Says why in words without any secret. `is_final`: as it stands it will never do (a wrong password, an unknown
    address); `retry_after_s`: what the other side asked for."""

    def __init__(self, words: str, *, is_final: bool = False, retry_after_s: float | None = None) -> None:
        super().__init__(words)
        self.is_final = is_final
        self.retry_after_s = retry_after_s


class RemoteOutlet(Protocol):
    """One way out. `name` is shown; `gap_s` is the least time between two deliveries there."""

    @property
    def name(self) -> str: ...

    @property
    def gap_s(self) -> float: ...

    async def send(self, posts: Sequence[Post]) -> None:
        """Delivers the posts together, oldest first; raises NotDelivered."""

    async def close(self) -> None: ...
