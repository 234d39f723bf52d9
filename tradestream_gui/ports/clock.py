"""Time, tasks and ids: the only doors through which they enter the core."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Protocol

from tradestream_gui.domain.ids import AccountId, ClOrdId, LotId


class Timer(Protocol):
    def cancel(self) -> None: ...


class Clock(Protocol):
    """UTC now, monotonic seconds, and waiting; real in the window, virtual in demo, replay and simulation."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...

    async def sleep(self, seconds: float) -> None:
        """Returns no earlier than `seconds` later."""

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Calls back on the loop's thread, never early."""


class Tasks(Protocol):
    """The one way to start a task: it is kept until done, and its error is reported, never lost."""

    def spawn(self, coroutine: Coroutine[Any, Any, None], name: str) -> None: ...

    async def close(self) -> None:
        """Cancels what still runs and waits for it."""


class Ids(Protocol):
    """Ids that are unique over the life of a database, restarts and restores included. They bear the epoch of the
    database that keeps the account."""

    def next_cl_ord_id(self, account_id: AccountId, /) -> ClOrdId: ...

    def next_lot_id(self, account_id: AccountId, /) -> LotId: ...

    def is_of_now(self, cl_ord_id: ClOrdId) -> bool:
        """True for an id that a present database gave, since it was last restored."""

    def are_ours(self, cl_ord_id: ClOrdId) -> bool | None:
        """True for an id of this profile, also of a database that is lost or was replaced; False for one that another
        TradeStream made; None for any other text."""
