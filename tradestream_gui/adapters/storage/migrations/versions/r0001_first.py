"""The first schema."""

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    """CREATE TABLE account_state_events ( seq INTEGER NOT NULL, account_id TEXT NOT NULL, trading_state TEXT NOT
    NULL, reason TEXT NOT NULL, since TEXT NOT NULL, locked_until TEXT, PRIMARY KEY (seq) )""",
    """CREATE TABLE account_states ( seq INTEGER NOT NULL, account_id TEXT NOT NULL, trading_state TEXT NOT NULL,
    reason TEXT NOT NULL, since TEXT NOT NULL, locked_until TEXT, PRIMARY KEY (seq), UNIQUE (account_id) )""",
    """CREATE TABLE accounts ( seq INTEGER NOT NULL, account_id TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT
    NULL, broker TEXT NOT NULL, PRIMARY KEY (seq), UNIQUE (account_id) )""",
    """CREATE TABLE alert_quotes ( seq INTEGER NOT NULL, message_key TEXT NOT NULL, instrument_id TEXT NOT NULL, at
    TEXT NOT NULL, moment TEXT NOT NULL, bid TEXT, ask TEXT, last TEXT, kind TEXT NOT NULL, PRIMARY KEY (seq),
    UNIQUE (message_key, instrument_id, moment, at) )""",
    """CREATE TABLE audit ( seq INTEGER NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL, kind TEXT NOT NULL,
    account_id TEXT, words TEXT NOT NULL, facts TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY
    KEY (seq) )""",
    """CREATE TABLE balances ( seq INTEGER NOT NULL, account_id TEXT NOT NULL, at TEXT NOT NULL, cash TEXT NOT NULL,
    net_liquidation TEXT, margin_used TEXT, buying_power TEXT, PRIMARY KEY (seq), UNIQUE (account_id, at) )""",
    """CREATE TABLE decisions ( seq INTEGER NOT NULL, message_key TEXT NOT NULL, revision INTEGER NOT NULL,
    account_id TEXT, at TEXT NOT NULL, outcome TEXT NOT NULL, code TEXT NOT NULL, words TEXT NOT NULL,
    reading_json TEXT NOT NULL, instrument_id TEXT, cl_ord_ids TEXT NOT NULL, checks TEXT NOT NULL, layers TEXT
    NOT NULL, expires_at TEXT, PRIMARY KEY (seq) )""",
    """CREATE UNIQUE INDEX decisions_once ON decisions (message_key, revision, coalesce(account_id, ''), at,
    outcome)""",
    """CREATE TABLE exit_plan_events ( seq INTEGER NOT NULL, lot_id TEXT NOT NULL, account_id TEXT NOT NULL,
    instrument_id TEXT NOT NULL, state TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (seq) )""",
    """CREATE TABLE exit_plans ( seq INTEGER NOT NULL, lot_id TEXT NOT NULL, account_id TEXT NOT NULL, instrument_id
    TEXT NOT NULL, state TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (seq), UNIQUE (lot_id) )""",
    """CREATE TABLE fills ( seq INTEGER NOT NULL, exec_id TEXT NOT NULL, cl_ord_id TEXT NOT NULL, account_id TEXT
    NOT NULL, instrument_id TEXT NOT NULL, lot_id TEXT NOT NULL, side TEXT NOT NULL, last_qty INTEGER NOT NULL,
    last_px TEXT NOT NULL, commission TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (seq), UNIQUE (account_id,
    exec_id) )""",
    """CREATE INDEX fills_by_order ON fills (cl_ord_id)""",
    """CREATE TABLE lineage ( seq INTEGER NOT NULL, epoch TEXT NOT NULL, danger TEXT NOT NULL, began_at TEXT NOT
    NULL, reason TEXT NOT NULL, PRIMARY KEY (seq), UNIQUE (epoch) )""",
    """CREATE TABLE messages ( seq INTEGER NOT NULL, message_key TEXT NOT NULL, revision INTEGER NOT NULL, source
    TEXT NOT NULL, channel_id TEXT NOT NULL, channel_name TEXT NOT NULL, author_id TEXT NOT NULL, author_name
    TEXT NOT NULL, text TEXT NOT NULL, sent_at TEXT NOT NULL, received_at TEXT NOT NULL, sequence INTEGER NOT
    NULL, arrival TEXT NOT NULL, reply_to TEXT, reply_text TEXT, embeds TEXT NOT NULL, deleted INTEGER NOT NULL,
    PRIMARY KEY (seq), UNIQUE (message_key, revision) )""",
    """CREATE INDEX messages_by_author ON messages (author_id, seq)""",
    """CREATE INDEX messages_by_channel ON messages (source, channel_id, seq)""",
    """CREATE TABLE order_events ( seq INTEGER NOT NULL, cl_ord_id TEXT NOT NULL, account_id TEXT NOT NULL,
    instrument_id TEXT NOT NULL, lot_id TEXT NOT NULL, origin_kind TEXT NOT NULL, origin_message_key TEXT,
    origin_analyst_id TEXT, origin_channel TEXT NOT NULL, origin_analyst_name TEXT NOT NULL, role TEXT NOT NULL,
    side TEXT NOT NULL, ord_type TEXT NOT NULL, order_qty INTEGER NOT NULL, time_in_force TEXT NOT NULL,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL, limit_price TEXT, stop_price TEXT, trail TEXT, expire_at
    TEXT, oca_group TEXT, ord_status TEXT NOT NULL, order_id TEXT, cum_qty INTEGER NOT NULL, avg_px TEXT, reason
    TEXT NOT NULL, PRIMARY KEY (seq) )""",
    """CREATE INDEX order_events_by_order ON order_events (cl_ord_id, seq)""",
    """CREATE TABLE orders ( seq INTEGER NOT NULL, cl_ord_id TEXT NOT NULL, account_id TEXT NOT NULL, instrument_id
    TEXT NOT NULL, lot_id TEXT NOT NULL, origin_kind TEXT NOT NULL, origin_message_key TEXT, origin_analyst_id
    TEXT, origin_channel TEXT NOT NULL, origin_analyst_name TEXT NOT NULL, role TEXT NOT NULL, side TEXT NOT
    NULL, ord_type TEXT NOT NULL, order_qty INTEGER NOT NULL, time_in_force TEXT NOT NULL, created_at TEXT NOT
    NULL, updated_at TEXT NOT NULL, limit_price TEXT, stop_price TEXT, trail TEXT, expire_at TEXT, oca_group
    TEXT, ord_status TEXT NOT NULL, order_id TEXT, cum_qty INTEGER NOT NULL, avg_px TEXT, reason TEXT NOT NULL,
    PRIMARY KEY (seq), UNIQUE (cl_ord_id) )""",
    """CREATE INDEX orders_by_message ON orders (origin_message_key)""",
    """CREATE TABLE sequences ( name TEXT NOT NULL, next_value INTEGER NOT NULL, PRIMARY KEY (name) )""",
    """CREATE TRIGGER messages_no_update BEFORE UPDATE ON messages BEGIN SELECT RAISE(ABORT,
    'messages is append-only'); END""",
    """CREATE TRIGGER messages_no_delete BEFORE DELETE ON messages BEGIN SELECT RAISE(ABORT,
    'messages is append-only'); END""",
    """CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT,
    'decisions is append-only'); END""",
    """CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT,
    'decisions is append-only'); END""",
    """CREATE TRIGGER order_events_no_update BEFORE UPDATE ON order_events BEGIN SELECT RAISE(ABORT,
    'order_events is append-only'); END""",
    """CREATE TRIGGER order_events_no_delete BEFORE DELETE ON order_events BEGIN SELECT RAISE(ABORT,
    'order_events is append-only'); END""",
    """CREATE TRIGGER fills_no_update BEFORE UPDATE ON fills BEGIN SELECT RAISE(ABORT, 'fills is append-only'); END""",
    """CREATE TRIGGER fills_no_delete BEFORE DELETE ON fills BEGIN SELECT RAISE(ABORT, 'fills is append-only'); END""",
    """CREATE TRIGGER exit_plan_events_no_update BEFORE UPDATE ON exit_plan_events BEGIN SELECT RAISE(ABORT,
    'exit_plan_events is append-only'); END""",
    """CREATE TRIGGER exit_plan_events_no_delete BEFORE DELETE ON exit_plan_events BEGIN SELECT RAISE(ABORT,
    'exit_plan_events is append-only'); END""",
    """CREATE TRIGGER account_state_events_no_update BEFORE UPDATE ON account_state_events BEGIN SELECT RAISE(ABORT,
    'account_state_events is append-only'); END""",
    """CREATE TRIGGER account_state_events_no_delete BEFORE DELETE ON account_state_events BEGIN SELECT RAISE(ABORT,
    'account_state_events is append-only'); END""",
    """CREATE TRIGGER alert_quotes_no_update BEFORE UPDATE ON alert_quotes BEGIN SELECT RAISE(ABORT,
    'alert_quotes is append-only'); END""",
    """CREATE TRIGGER alert_quotes_no_delete BEFORE DELETE ON alert_quotes BEGIN SELECT RAISE(ABORT,
    'alert_quotes is append-only'); END""",
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END""",
    """CREATE TRIGGER lineage_no_update BEFORE UPDATE ON lineage BEGIN SELECT RAISE(ABORT,
    'lineage is append-only'); END""",
    """CREATE TRIGGER lineage_no_delete BEFORE DELETE ON lineage BEGIN SELECT RAISE(ABORT,
    'lineage is append-only'); END""",
    """CREATE VIRTUAL TABLE messages_fts USING fts5(text, author_name, channel_name, content='messages',
    content_rowid='seq', tokenize='unicode61')""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
