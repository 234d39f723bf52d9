"""The journal of a profile with guarded accounts: each record goes to the database of its account's kind."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import TypeVar

from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.adapters.storage.reading import NEWEST
from tradestream_gui.domain.accounts import Account
from tradestream_gui.domain.decisions import AlertQuote, Decision
from tradestream_gui.domain.ids import AccountId, MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.ports.journal import AuditNote, Record, StorageUse, StoredState

RecordT = TypeVar("RecordT")
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Split:
    """Records by database. What belongs to no account is kept by both, so that each holds whole chains from the
    revision to the fill; `own` says that something of an account is among them."""

    paper: list[Record] = field(default_factory=list)
    live: list[Record] = field(default_factory=list)
    paper_is_own: bool = False
    live_is_own: bool = False


class ProfileJournal:
    """paper.db and live.db as one journal. `guarded` are the accounts whose records are the live one's; accounts
    that are stored later are known from their own record.

    A transaction is one of one database: an order's intent with the revision, decision and plan that belong to it.
    The other one gets its copy of the revision when that is durable. Without a live database nothing of a guarded
    account is kept: such accounts are not connected then, and what was refused to them is a decision about a message.
    """

    def __init__(self, paper: SqliteJournal, live: SqliteJournal | None, guarded: Iterable[AccountId] = ()) -> None:
        self._paper = paper
        self._live = live
        self._guarded = set(guarded)

    def is_guarded(self, account_id: AccountId) -> bool:
        return account_id in self._guarded

    @property
    def use(self) -> StorageUse:
        """Both together; the slower one's last commit."""
        uses = [journal.use for journal in self._both()]
        took = [use.last_write_s for use in uses if use.last_write_s is not None]
        return StorageUse(
            sum(use.waiting for use in uses), sum(use.held for use in uses), max(took) if took else None
        )

    def commit(self, records: Sequence[Record]) -> Awaitable[None]:
        """On its way at once, whenever it is awaited."""
        split = self._split(records)
        if self._live is None:
            return self._paper.commit(split.paper)
        if split.paper_is_own and not split.live_is_own:
            return _then(self._paper.commit(split.paper), self._live, split.live)
        if split.live_is_own and not split.paper_is_own:
            return _then(self._live.commit(split.live), self._paper, split.paper)
        return _both(self._live.commit(split.live), self._paper.commit(split.paper))

    def append(self, records: Sequence[Record]) -> None:
        split = self._split(records)
        self._append(self._paper, split.paper)
        self._append(self._live, split.live)

    async def load(self) -> StoredState:
        state = await self._paper.load()
        if self._live is None:
            return state
        other = await self._live.load()
        self._guarded.update(account.account_id for account in other.accounts)
        return StoredState(
            accounts=(*state.accounts, *other.accounts),
            account_states=(*state.account_states, *other.account_states),
            orders=_in_time(state.orders, other.orders, attrgetter("created_at")),
            fills=_in_time(state.fills, other.fills, attrgetter("at")),
            exit_plans=(*state.exit_plans, *other.exit_plans),
            messages=_in_time(
                state.messages, _new_in(other.messages, state.messages, _revision_key), attrgetter("received_at")
            )[-NEWEST:],
            decisions=_in_time(
                state.decisions, _new_in(other.decisions, state.decisions, _decision_key), attrgetter("at")
            )[-NEWEST:],
            extremes=(*state.extremes, *other.extremes),
            timed_states=(*state.timed_states, *other.timed_states),
            external=(*state.external, *other.external),
        )

    async def alert_quotes(self, message_key: MessageKey) -> tuple[AlertQuote, ...]:
        return await self._paper.alert_quotes(message_key)

    async def audit_notes(self, limit: int) -> tuple[AuditNote, ...]:
        """The newest notes of both first."""
        notes = [note for journal in self._both() for note in await journal.audit_notes(limit)]
        return tuple(sorted(notes, key=attrgetter("at"), reverse=True)[:limit])

    async def flush(self) -> None:
        await asyncio.gather(*(journal.flush() for journal in self._both()))

    async def close(self) -> None:
        """Both are closed, also when the disk refuses what one of them still holds."""
        try:
            if self._live is not None:
                await self._live.close()
        finally:
            await self._paper.close()

    def _both(self) -> tuple[SqliteJournal, ...]:
        return (self._paper,) if self._live is None else (self._paper, self._live)

    def _append(self, journal: SqliteJournal | None, records: Sequence[Record]) -> None:
        if journal is not None and records:
            journal.append(records)

    def _split(self, records: Sequence[Record]) -> _Split:
        split = _Split()
        for record in records:
            if isinstance(record, Account):
                self._note(record)
            account_id = getattr(record, "account_id", None)
            if account_id is None:
                split.paper.append(record)
                if isinstance(record, MessageRevision | Decision):
                    split.live.append(record)
            elif account_id not in self._guarded:
                split.paper.append(record)
                split.paper_is_own = True
            elif self._live is not None:
                split.live.append(record)
                split.live_is_own = True
            elif isinstance(record, Decision):
                split.paper.append(replace(record, account_id=None))
            else:
                _log.info("not kept without live.db: %s of %s", type(record).__name__, account_id)
        return split

    def _note(self, account: Account) -> None:
        if account.kind.is_guarded:
            self._guarded.add(account.account_id)
        else:
            self._guarded.discard(account.account_id)


async def _then(stored: Awaitable[None], other: SqliteJournal, copies: Sequence[Record]) -> None:
    """What both keep goes to the other one when the transaction is durable."""
    await stored
    if copies:
        other.append(copies)


async def _both(*stored: Awaitable[None]) -> None:
    await asyncio.gather(*stored)


def _in_time(
    first: tuple[RecordT, ...], second: tuple[RecordT, ...], moment: Callable[[RecordT], datetime]
) -> tuple[RecordT, ...]:
    """Both in order of time; each database's own order stands where there is nothing of the other."""
    return tuple(sorted((*first, *second), key=moment)) if first and second else first or second


def _new_in(
    records: tuple[RecordT, ...], known: tuple[RecordT, ...], key: Callable[[RecordT], object]
) -> tuple[RecordT, ...]:
    keys = {key(record) for record in known}
    return tuple(record for record in records if key(record) not in keys)


def _revision_key(revision: MessageRevision) -> object:
    return revision.message_key, revision.revision


def _decision_key(decision: Decision) -> object:
    return decision.message_key, decision.revision, decision.account_id, decision.at, decision.outcome
