"""What goes wrong on the server's side of the wire; set through the control, looked at wherever something passes."""

import asyncio
from dataclasses import dataclass, field


@dataclass(slots=True)
class Faults:
    """`frozen`: requests wait and are served later. `dead`: nothing passes either way and nothing is said.
    `deaf`: requests are lost before they are read. `mute`: they are served, and their answers are lost with all
    events. `events_twice`, `events_backwards` and `garbage` concern the user hub. `split`: records come in pieces.
    `throttle`: every authenticated request is one too many. `login` is an error code for log-ins, 0 none."""

    frozen: bool = False
    dead: bool = False
    deaf: bool = False
    mute: bool = False
    events_twice: bool = False
    events_backwards: bool = False
    wrapped: bool = False
    """Events come as `{action, data}` instead of bare."""
    as_lists: bool = False
    """Trades and depth of the market come as lists."""
    garbage: bool = False
    split: bool = False
    throttle: bool = False
    login: int = 0
    http_status: int = 0
    """The next request's status instead of an answer, having done nothing."""
    http_status_after: int = 0
    """The next order request is served, and its answer is this status."""
    no_token_at_hubs: bool = False
    silent_trades: bool = False
    """Trades are booked and listed, but no event tells of them."""
    silent_orders: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    nobody_waits: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: int = 0

    def __post_init__(self) -> None:
        self.nobody_waits.set()

    async def hold(self) -> None:
        """Returns when nothing holds requests back any more."""
        if self.frozen or self.dead:
            self._waiting += 1
            self.nobody_waits.clear()
            try:
                while self.frozen or self.dead:
                    self.changed.clear()
                    await self.changed.wait()
            finally:
                self._waiting -= 1
                if not self._waiting:
                    self.nobody_waits.set()

    def heal(self) -> None:
        self.frozen = self.dead = self.deaf = self.mute = self.throttle = False
        self.login = self.http_status = self.http_status_after = 0
        self.changed.set()
