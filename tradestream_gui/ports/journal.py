"""The one durable record: facts are committed together before anything that depends on them is sent."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tradestream_gui.domain.accounts import Account, AccountState, Balance
from tradestream_gui.domain.decisions import AlertQuote, Decision
from tradestream_gui.domain.exits import ExitPlan
from tradestream_gui.domain.extremes import TradeExtremes
from tradestream_gui.domain.ids import AccountId, MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Fill, Order
from tradestream_gui.domain.positions import ExternalChange


@dataclass(frozen=True, slots=True)
class AuditNote:
    """What somebody did: actor (`user`, `program`, `broker`), type and plain words."""

    at: datetime
    actor: str
    kind: str
    words: str
    account_id: AccountId | None = None


Record = (
    MessageRevision
    | Decision
    | Order
    | Fill
    | ExternalChange
    | ExitPlan
    | AccountState
    | Account
    | Balance
    | AlertQuote
    | TradeExtremes
    | AuditNote
)
"""What can be committed. Order and ExitPlan upsert their newest state and append it to a history; AccountState
and Account upsert; all others are appended, a second one with the same key is ignored."""


@dataclass(frozen=True, slots=True)
class StoredState:
    """What a start finds: enough to rebuild every owner's state."""

    accounts: tuple[Account, ...]
    account_states: tuple[AccountState, ...]
    orders: tuple[Order, ...]
    fills: tuple[Fill, ...]
    exit_plans: tuple[ExitPlan, ...]
    messages: tuple[MessageRevision, ...]
    """The newest 10,000 revisions, oldest first."""
    decisions: tuple[Decision, ...]
    extremes: tuple[TradeExtremes, ...] = ()
    timed_states: tuple[AccountState, ...] = ()
    """The last state of each account that had an end, whatever came after it."""
    external: tuple[ExternalChange, ...] = ()


@dataclass(frozen=True, slots=True)
class StorageUse:
    """How the disk keeps up: commits that wait, records that it refused and that are held in memory, and how many
    seconds the last durable commit took (None before the first)."""

    waiting: int
    held: int
    last_write_s: float | None


class Journal(Protocol):
    """One database of one profile and one danger class (paper or live)."""

    @property
    def use(self) -> StorageUse: ...

    def commit(self, records: Sequence[Record]) -> Awaitable[None]:
        """All or none of the records, durable once awaited (WAL, synchronous=FULL); raises StoreFailed then."""

    def append(self, records: Sequence[Record]) -> None:
        """Queues the records behind what was given before; a failure halts trading through the journal's callback."""

    async def load(self) -> StoredState: ...

    async def alert_quotes(self, message_key: MessageKey) -> tuple[AlertQuote, ...]: ...

    async def audit_notes(self, limit: int) -> tuple[AuditNote, ...]: ...

    async def flush(self) -> None:
        """Returns when everything queued before is durable."""

    async def close(self) -> None: ...
