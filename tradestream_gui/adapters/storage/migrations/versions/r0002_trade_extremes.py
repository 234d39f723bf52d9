"""How far each finished trade went while it was open."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    """CREATE TABLE trade_extremes ( seq INTEGER NOT NULL, account_id TEXT NOT NULL, exec_id TEXT NOT NULL,
    lot_id TEXT NOT NULL, instrument_id TEXT NOT NULL, mae TEXT NOT NULL, mfe TEXT NOT NULL, high TEXT NOT NULL,
    low TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (seq), UNIQUE (account_id, exec_id) )""",
    """CREATE TRIGGER trade_extremes_no_update BEFORE UPDATE ON trade_extremes BEGIN SELECT RAISE(ABORT,
    'trade_extremes is append-only'); END""",
    """CREATE TRIGGER trade_extremes_no_delete BEFORE DELETE ON trade_extremes BEGIN SELECT RAISE(ABORT,
    'trade_extremes is append-only'); END""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
