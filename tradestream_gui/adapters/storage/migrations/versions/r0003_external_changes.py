"""What is held beyond our lots: the broker tells of an execution for some days only."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    """CREATE TABLE external_changes ( seq INTEGER NOT NULL, account_id TEXT NOT NULL, instrument_id TEXT NOT NULL,
    exec_id TEXT NOT NULL, signed_qty INTEGER NOT NULL, at TEXT NOT NULL, PRIMARY KEY (seq),
    UNIQUE (account_id, exec_id) )""",
    """CREATE TRIGGER external_changes_no_update BEFORE UPDATE ON external_changes BEGIN SELECT RAISE(ABORT,
    'external_changes is append-only'); END""",
    """CREATE TRIGGER external_changes_no_delete BEFORE DELETE ON external_changes BEGIN SELECT RAISE(ABORT,
    'external_changes is append-only'); END""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
