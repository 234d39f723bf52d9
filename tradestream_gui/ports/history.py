"""Reading what was kept, page by page, for the history screens; newest first."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from tradestream_gui.domain.decisions import Decision
from tradestream_gui.domain.ids import AccountId, ClOrdId, MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Fill, Order

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """Rows from the newest to the oldest; `older` asks for the next page, None at the end."""

    rows: tuple[RowT, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Empty parts do not filter. `words` must all occur, the last one as a beginning."""

    words: str = ""
    source: str = ""
    channel_id: str = ""
    author_id: str = ""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What checking the audit chain found; `problem` is empty when all is whole."""

    entries: int
    facts: int
    head: str
    problem: str

    @property
    def is_whole(self) -> bool:
        return not self.problem


class History(Protocol):
    """Reads beside the journal; never waits for its writes and never blocks them. All raise StoreFailed."""

    async def messages(
        self, wanted: MessageFilter, *, limit: int, older: int | None = None
    ) -> Page[MessageRevision]: ...

    async def orders(self, account_id: AccountId | None, *, limit: int, older: int | None = None) -> Page[Order]: ...

    async def fills(self, account_id: AccountId | None, *, limit: int, older: int | None = None) -> Page[Fill]: ...

    async def order_history(self, cl_ord_id: ClOrdId) -> tuple[Order, ...]:
        """Every state that the order stood in, oldest first, with its reasons."""

    async def orders_of(self, message_key: MessageKey) -> tuple[Order, ...]: ...

    async def decisions_of(self, message_key: MessageKey) -> tuple[Decision, ...]: ...

    async def verify_audit(self) -> AuditReport: ...

    async def close(self) -> None: ...
