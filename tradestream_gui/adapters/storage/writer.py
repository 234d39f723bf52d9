"""Writes records inside a transaction: facts are appended and chained, newest states are replaced."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from tradestream_gui.adapters.storage import tables
from tradestream_gui.adapters.storage.codec import Codec, Scalar
from tradestream_gui.domain.accounts import Account, AccountState, Balance
from tradestream_gui.domain.decisions import AlertQuote, Decision
from tradestream_gui.domain.exits import ExitPlan
from tradestream_gui.domain.extremes import TradeExtremes
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Fill, Order
from tradestream_gui.domain.positions import ExternalChange
from tradestream_gui.ports.journal import AuditNote, Record

CHAIN_START = "0" * 64
PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Plan:
    """Where records of one type go: `appended` keeps every version, `newest` (by `key`) the last one."""

    codec: Codec[Any]
    appended: Table | None
    newest: Table | None = None
    key: str = ""
    chained: bool = True


PLANS: dict[type[Any], Plan] = {
    MessageRevision: Plan(tables.MESSAGE, tables.messages),
    Decision: Plan(tables.DECISION, tables.decisions),
    Order: Plan(tables.ORDER, tables.order_events, tables.orders, "cl_ord_id"),
    Fill: Plan(tables.FILL, tables.fills),
    ExternalChange: Plan(tables.EXTERNAL, tables.external_changes),
    ExitPlan: Plan(tables.EXIT_PLAN, tables.exit_plan_events, tables.exit_plans, "lot_id"),
    AccountState: Plan(tables.ACCOUNT_STATE, tables.account_state_events, tables.account_states, "account_id"),
    Account: Plan(tables.ACCOUNT, None, tables.accounts, "account_id"),
    Balance: Plan(tables.BALANCE, tables.balances, chained=False),
    AlertQuote: Plan(tables.ALERT_QUOTE, tables.alert_quotes, chained=False),
    TradeExtremes: Plan(tables.EXTREMES, tables.trade_extremes, chained=False),
}
CHAINED = {plan.appended.name: plan for plan in PLANS.values() if plan.appended is not None and plan.chained}


def fact_digest(table: str, values: Sequence[Scalar]) -> str:
    """What the audit chain remembers of one row."""
    return hashlib.sha256(canonical_json([table, *values])).hexdigest()


def chain_hash(prev: str, values: Sequence[Scalar]) -> str:
    """The hash of one audit row over its predecessor's and its own columns."""
    return hashlib.sha256(prev.encode() + canonical_json(list(values))).hexdigest()


_CANONICAL = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def canonical_json(value: Any) -> bytes:
    return _CANONICAL(value).encode()


def _append_sql(table: Table) -> str:
    columns = [column.name for column in table.columns]
    marks = ",".join("?" * len(columns))
    return (
        f"INSERT INTO {table.name} ({','.join(columns)}) VALUES ({marks}) "  # noqa: S608  # our own names
        "ON CONFLICT DO NOTHING"
    )


def _upsert_sql(table: Table, key: str) -> str:
    columns = [column.name for column in table.columns if column.name != "seq"]
    sets = ",".join(f"{name}=excluded.{name}" for name in columns if name != key)
    marks = ",".join("?" * len(columns))
    return (
        f"INSERT INTO {table.name} ({','.join(columns)}) VALUES ({marks}) "  # noqa: S608  # our own names
        f"ON CONFLICT({key}) DO UPDATE SET {sets}"
    )


_APPEND = {plan.appended: _append_sql(plan.appended) for plan in PLANS.values() if plan.appended is not None}
_UPSERT = {plan.newest: _upsert_sql(plan.newest, plan.key) for plan in PLANS.values() if plan.newest is not None}
_AUDIT = _append_sql(tables.audit)
_SEARCHED = tuple(tables.MESSAGE.columns.index(name) for name in ("text", "author_name", "channel_name"))
_SEARCH = "INSERT INTO messages_fts(rowid, text, author_name, channel_name) VALUES (?,?,?,?)"


class RecordWriter:
    """The only writer of a database; knows the next row numbers and the head of the audit chain.

    Works on the driver's own connection: an order waits for its rows. After a transaction that was rolled back
    `reload` must be called: the numbers are those of the database again.
    """

    def __init__(self, connection: sqlite3.Connection, now_text: Callable[[], str]) -> None:
        self._run, self._run_many = connection.execute, connection.executemany
        self._now_text = now_text
        self._next: dict[str, int] = {}
        self._head = CHAIN_START
        self.reload()

    @property
    def head(self) -> str:
        return self._head

    def reload(self) -> None:
        for table in (*_APPEND, tables.audit):
            (found,) = self._run(f"SELECT max(seq) FROM {table.name}").fetchone()  # noqa: S608  # our own names
            self._next[table.name] = (found or 0) + 1
        head = self._run("SELECT hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
        self._head = str(head[0]) if head else CHAIN_START

    def write(self, records: Sequence[Record]) -> None:
        """Writes inside the caller's transaction; one audit row vouches for all its facts."""
        facts: list[list[Any]] = []
        plain: dict[Table, list[tuple[Scalar, ...]]] = {}
        for record in records:
            if isinstance(record, AuditNote):
                self._write_note(record)
                continue
            plan = PLANS[type(record)]
            values = plan.codec.encode(record)
            if plan.newest is not None:
                self._run(_UPSERT[plan.newest], values)
            if plan.appended is not None and plan.chained:
                self._append(plan.appended, values, facts)
            elif plan.appended is not None:
                plain.setdefault(plan.appended, []).append((self._take_seq(plan.appended), *values))
        for table, rows in plain.items():
            self._run_many(_APPEND[table], rows)
        if facts:
            self._chain(self._now_text(), PROGRAM, "facts", None, _counted(facts), facts)

    def _take_seq(self, table: Table) -> int:
        """The next number of what is not chained; one whose row was there already stays unused."""
        seq = self._next[table.name]
        self._next[table.name] = seq + 1
        return seq

    def _append(self, table: Table, values: tuple[Scalar, ...], facts: list[list[Any]]) -> None:
        seq = self._next[table.name]
        done = self._run(_APPEND[table], (seq, *values))
        if done.rowcount != 1:
            return
        self._next[table.name] = seq + 1
        if table is tables.messages:
            texts = tuple(values[at] for at in _SEARCHED)
            self._run(_SEARCH, (seq, *texts))
        facts.append([table.name, seq, fact_digest(table.name, values)])

    def _write_note(self, note: AuditNote) -> None:
        at, actor, kind, words, account_id = tables.AUDIT_NOTE.encode(note)
        self._chain(str(at), str(actor), str(kind), None if account_id is None else str(account_id), str(words), [])

    def _chain(
        self, at: str, actor: str, kind: str, account_id: str | None, words: str, facts: list[list[Any]]
    ) -> None:
        seq = self._next["audit"]
        values = (seq, at, actor, kind, account_id, words, _CANONICAL(facts))
        digest = chain_hash(self._head, values)
        self._run(_AUDIT, (*values, self._head, digest))
        self._next["audit"] = seq + 1
        self._head = digest


def _counted(facts: list[list[Any]]) -> str:
    """`fills 1, order_events 2`: what a transaction appended."""
    counts: dict[str, int] = {}
    for table, _, _ in facts:
        counts[table] = counts.get(table, 0) + 1
    return ", ".join(f"{table} {count}" for table, count in sorted(counts.items()))
