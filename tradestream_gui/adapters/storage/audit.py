"""Checks the audit chain: every link, and every fact against the digest that was kept when it was written."""

import json
from typing import Any

from sqlalchemy import Connection, Table

from tradestream_gui.adapters.storage.codec import Codec
from tradestream_gui.adapters.storage.writer import CHAIN_START, CHAINED, chain_hash, fact_digest
from tradestream_gui.ports.history import AuditReport

CHUNK = 500
"""Rows of a table that are read at once; the chain names them in their order."""
_ROWS = "SELECT seq, at, actor, kind, account_id, words, facts, prev, hash FROM audit ORDER BY seq"


def verify_chain(connection: Connection) -> AuditReport:
    """Walks the whole chain; stops at the first thing that is not as it was written."""
    head, entries, facts, last = CHAIN_START, 0, 0, 0
    vouched: dict[str, set[int]] = {name: set() for name in CHAINED}
    kept_rows = _KeptRows(connection)
    for row in connection.exec_driver_sql(_ROWS):
        seq, prev, kept = row[0], row[7], row[8]
        if seq != last + 1:
            return AuditReport(entries, facts, head, f"audit entries {last + 1} to {seq - 1} are missing")
        if prev != head or chain_hash(prev, tuple(row[:7])) != kept:
            return AuditReport(entries, facts, head, f"audit entry {seq} was changed")
        for table, fact, digest in json.loads(row[6]):
            problem = _fact_problem(kept_rows, table, fact, digest)
            if problem:
                return AuditReport(entries, facts, head, problem)
            vouched[table].add(fact)
            facts += 1
        head, last, entries = kept, seq, entries + 1
    return AuditReport(entries, facts, head, _unvouched(connection, vouched))


class _KeptRows:
    """The rows that the chain vouches for, read a chunk ahead of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ahead: dict[str, dict[int, tuple[Any, ...]]] = {name: {} for name in CHAINED}

    def take(self, table: Table, codec: Codec[Any], seq: int) -> tuple[Any, ...] | None:
        ahead = self._ahead[table.name]
        if seq not in ahead:
            sql = f"SELECT seq,{','.join(codec.columns)} FROM {table.name} WHERE seq>=? AND seq<?"  # noqa: S608  # our own names
            found = self._connection.exec_driver_sql(sql, (seq, seq + CHUNK))
            ahead.clear()
            ahead.update((row[0], tuple(row[1:])) for row in found)
        return ahead.pop(seq, None)


def _fact_problem(kept_rows: _KeptRows, table: str, seq: int, digest: str) -> str:
    plan = CHAINED.get(table)
    if plan is None or plan.appended is None:
        return f"the chain names a table {table} that does not exist"
    row = kept_rows.take(plan.appended, plan.codec, seq)
    if row is None:
        return f"row {seq} of {table} is missing"
    return "" if fact_digest(table, row) == digest else f"row {seq} of {table} was changed"


def _unvouched(connection: Connection, vouched: dict[str, set[int]]) -> str:
    """Rows that no entry of the chain knows: they were put there by somebody else."""
    for table, known in vouched.items():
        for (seq,) in connection.exec_driver_sql(f"SELECT seq FROM {table}"):  # noqa: S608  # our own names
            if seq not in known:
                return f"row {seq} of {table} was added from outside"
    return ""
