"""Freezes the present tables as the first migration: run by hand before its release, never after.

PYTHONPATH=. python tests/adapters/storage/freeze_schema.py
"""

import re
from pathlib import Path

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from tradestream_gui.adapters.storage import migrate
from tradestream_gui.adapters.storage.tables import extra_statements, metadata

TARGET = migrate.SCRIPTS / "versions" / "r0001_first.py"
HEAD = '''"""The first schema."""

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
'''
TAIL = """)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
"""


def frozen_source() -> str:
    """The migration's text for the tables as they stand."""
    dialect = sqlite.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    statements = []
    for table in metadata.sorted_tables:
        statements.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        statements.extend(str(CreateIndex(index).compile(dialect=dialect)) for index in indexes)
    statements.extend(extra_statements())
    return HEAD + "".join(f'    """{_wrapped(statement)}""",\n' for statement in statements) + TAIL


def _wrapped(statement: str) -> str:
    lines = [line.strip() for line in statement.strip().splitlines()]
    text = " ".join(line for line in lines if line)
    pieces, line = [], ""
    for word in re.findall(r"\(?'[^']*'\)?[,;]?|\S+", text):
        if len(line) + len(word) > 108:
            pieces.append(line)
            line = ""
        line = f"{line} {word}" if line else word
    return "\n    ".join([*pieces, line])


if __name__ == "__main__":
    Path(TARGET).write_text(frozen_source(), "utf-8")
