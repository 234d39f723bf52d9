"""The tables: one per kind of fact, columns spelled like the fields of the records they keep.

Tables of facts are appended only (triggers refuse change); those of newest states can be rebuilt from them.
"""

from typing import Any

from sqlalchemy import Column, Index, Integer, MetaData, Table, Text, UniqueConstraint, func

from tradestream_gui.adapters.storage.codec import Codec, DocumentCodec, RecordCodec
from tradestream_gui.domain.accounts import Account, AccountState, Balance
from tradestream_gui.domain.decisions import AlertQuote, Decision
from tradestream_gui.domain.exits import ExitPlan
from tradestream_gui.domain.extremes import TradeExtremes
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Fill, Order
from tradestream_gui.domain.positions import ExternalChange
from tradestream_gui.ports.journal import AuditNote

metadata = MetaData()

MESSAGE = RecordCodec(MessageRevision)
DECISION = RecordCodec(Decision)
ORDER = RecordCodec(Order)
FILL = RecordCodec(Fill)
EXTERNAL = RecordCodec(ExternalChange)
EXIT_PLAN = DocumentCodec(ExitPlan, ("lot_id", "account_id", "instrument_id", "state"))
ACCOUNT = RecordCodec(Account)
ACCOUNT_STATE = RecordCodec(AccountState)
BALANCE = RecordCodec(Balance)
ALERT_QUOTE = RecordCodec(AlertQuote)
EXTREMES = RecordCodec(TradeExtremes)
AUDIT_NOTE = RecordCodec(AuditNote)


def _numbered(name: str, codec: Codec[Any], *extras: Any) -> Table:
    """A table in order of writing: `seq` counts up and is what pages and the audit chain refer to."""
    columns = [
        Column(column, Integer if kind is int else Text, nullable=may_be_empty)
        for column, (kind, may_be_empty) in zip(codec.columns, codec.kinds, strict=True)
    ]
    return Table(name, metadata, Column("seq", Integer, primary_key=True), *columns, *extras)


messages = _numbered("messages", MESSAGE, UniqueConstraint("message_key", "revision"))
Index("messages_by_channel", messages.c.source, messages.c.channel_id, messages.c.seq)
Index("messages_by_author", messages.c.author_id, messages.c.seq)

decisions = _numbered("decisions", DECISION)
Index(
    "decisions_once",
    decisions.c.message_key,
    decisions.c.revision,
    func.coalesce(decisions.c.account_id, ""),
    decisions.c.at,
    decisions.c.outcome,
    unique=True,
)

orders = _numbered("orders", ORDER, UniqueConstraint("cl_ord_id"))
Index("orders_by_message", orders.c.origin_message_key)
order_events = _numbered("order_events", ORDER)
Index("order_events_by_order", order_events.c.cl_ord_id, order_events.c.seq)

fills = _numbered("fills", FILL, UniqueConstraint("account_id", "exec_id"))
Index("fills_by_order", fills.c.cl_ord_id)
external_changes = _numbered("external_changes", EXTERNAL, UniqueConstraint("account_id", "exec_id"))

exit_plans = _numbered("exit_plans", EXIT_PLAN, UniqueConstraint("lot_id"))
exit_plan_events = _numbered("exit_plan_events", EXIT_PLAN)

accounts = _numbered("accounts", ACCOUNT, UniqueConstraint("account_id"))
account_states = _numbered("account_states", ACCOUNT_STATE, UniqueConstraint("account_id"))
account_state_events = _numbered("account_state_events", ACCOUNT_STATE)
balances = _numbered("balances", BALANCE, UniqueConstraint("account_id", "at"))
alert_quotes = _numbered("alert_quotes", ALERT_QUOTE, UniqueConstraint("message_key", "instrument_id", "moment", "at"))
trade_extremes = _numbered("trade_extremes", EXTREMES, UniqueConstraint("account_id", "exec_id"))

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("account_id", Text),
    Column("words", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("prev", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
lineage = Table(
    "lineage",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("epoch", Text, nullable=False, unique=True),
    Column("danger", Text, nullable=False),
    Column("began_at", Text, nullable=False),
    Column("reason", Text, nullable=False),
)
sequences = Table(
    "sequences",
    metadata,
    Column("name", Text, primary_key=True),
    Column("next_value", Integer, nullable=False),
)

APPEND_ONLY = (
    messages,
    decisions,
    order_events,
    fills,
    external_changes,
    exit_plan_events,
    account_state_events,
    alert_quotes,
    trade_extremes,
    audit,
    lineage,
)

KNOWN_REVISIONS = ("0001", "0002", "0003")
"""Schema revisions that this version can open, oldest first; the last is the one it writes."""


def extra_statements() -> tuple[str, ...]:
    """What metadata cannot say: the triggers that keep facts and the full-text index over messages.

    The index is fed by the writer: with `trusted_schema` off no trigger may touch a virtual table.
    """
    made = []
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            made.append(
                f"CREATE TRIGGER {table.name}_no_{verb.lower()} BEFORE {verb} ON {table.name} "
                f"BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"
            )
    made.append(
        "CREATE VIRTUAL TABLE messages_fts USING fts5(text, author_name, channel_name, "
        "content='messages', content_rowid='seq', tokenize='unicode61')"
    )
    return tuple(made)
