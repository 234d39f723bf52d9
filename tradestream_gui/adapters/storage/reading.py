"""Reads of the journal's own connection: what a start needs, and small look-ups."""

from typing import Any, TypeVar

from sqlalchemy import Connection, Table

from tradestream_gui.adapters.storage import tables
from tradestream_gui.adapters.storage.codec import Codec
from tradestream_gui.domain.accounts import AccountState
from tradestream_gui.domain.decisions import AlertQuote
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.ports.journal import AuditNote, StoredState

RecordT = TypeVar("RecordT")
NEWEST = 10_000
"""Message revisions and decisions that a start loads; older ones are paged in by the history readers."""


def load(connection: Connection) -> StoredState:
    """Everything that rebuilds the owners' states, in the order of writing."""
    with connection.begin():
        return StoredState(
            accounts=_all(connection, tables.accounts, tables.ACCOUNT),
            account_states=_all(connection, tables.account_states, tables.ACCOUNT_STATE),
            orders=_all(connection, tables.orders, tables.ORDER),
            fills=_all(connection, tables.fills, tables.FILL),
            exit_plans=_all(connection, tables.exit_plans, tables.EXIT_PLAN),
            messages=_newest(connection, tables.messages, tables.MESSAGE),
            decisions=_newest(connection, tables.decisions, tables.DECISION),
            extremes=_all(connection, tables.trade_extremes, tables.EXTREMES),
            timed_states=_timed_states(connection),
            external=_all(connection, tables.external_changes, tables.EXTERNAL),
        )


def alert_quotes(connection: Connection, message_key: MessageKey) -> tuple[AlertQuote, ...]:
    sql = f"{select_sql(tables.alert_quotes, tables.ALERT_QUOTE)} WHERE message_key=? ORDER BY seq"
    with connection.begin():
        return decoded(tables.ALERT_QUOTE, connection.exec_driver_sql(sql, (message_key,)).fetchall())


def audit_notes(connection: Connection, limit: int) -> tuple[AuditNote, ...]:
    sql = f"{select_sql(tables.audit, tables.AUDIT_NOTE)} WHERE kind<>'facts' ORDER BY seq DESC LIMIT ?"
    with connection.begin():
        return decoded(tables.AUDIT_NOTE, connection.exec_driver_sql(sql, (limit,)).fetchall())


def select_sql(table: Table, codec: Codec[Any]) -> str:
    return f"SELECT {','.join(codec.columns)} FROM {table.name}"  # noqa: S608  # our own names


def decoded(codec: Codec[RecordT], rows: Any) -> tuple[RecordT, ...]:
    return tuple(codec.decode(row) for row in rows)


def _all(connection: Connection, table: Table, codec: Codec[RecordT]) -> tuple[RecordT, ...]:
    return decoded(codec, connection.exec_driver_sql(f"{select_sql(table, codec)} ORDER BY seq").fetchall())


def _timed_states(connection: Connection) -> tuple[AccountState, ...]:
    table = tables.account_state_events
    newest = f"SELECT max(seq) FROM {table.name} WHERE locked_until IS NOT NULL GROUP BY account_id"  # noqa: S608  # our own names
    sql = f"{select_sql(table, tables.ACCOUNT_STATE)} WHERE seq IN ({newest})"
    return decoded(tables.ACCOUNT_STATE, connection.exec_driver_sql(sql).fetchall())


def _newest(connection: Connection, table: Table, codec: Codec[RecordT]) -> tuple[RecordT, ...]:
    sql = f"{select_sql(table, codec)} ORDER BY seq DESC LIMIT ?"
    return decoded(codec, reversed(connection.exec_driver_sql(sql, (NEWEST,)).fetchall()))
