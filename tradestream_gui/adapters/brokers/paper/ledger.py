"""The paper exchange's ledger in SQLite, on one thread of its own, each save durable before it returns."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    Engine,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    create_engine,
    event,
    literal_column,
    select,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from tradestream_gui.adapters.brokers.paper.state import LedgerState, PaperAccount, PaperExecution, PaperOrder
from tradestream_gui.domain.errors import StoreFailed, StoreTooNew
from tradestream_gui.domain.ids import AccountId, ClOrdId, ExecId, InstrumentId, OrderId
from tradestream_gui.domain.matching import RestingOrder
from tradestream_gui.domain.orders import OrderRole, OrdStatus, OrdType, Side, TimeInForce
from tradestream_gui.ports.broker import ExecutionReport

LAYOUT = 1
"""`user_version` of the file; a higher one was written by a newer program."""

_Answer = TypeVar("_Answer")
_metadata = MetaData()
_ROWID = literal_column("rowid", Integer)

_accounts = Table(
    "paper_accounts",
    _metadata,
    Column("account_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("starting_cash", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("epoch", Integer, nullable=False),
)
_orders = Table(
    "paper_orders",
    _metadata,
    Column("order_id", String, primary_key=True),
    Column("account_id", String, nullable=False),
    Column("cl_ord_id", String),
    Column("instrument_id", String, nullable=False),
    Column("role", String, nullable=False),
    Column("time_in_force", String, nullable=False),
    Column("side", String, nullable=False),
    Column("ord_type", String, nullable=False),
    Column("order_qty", Integer, nullable=False),
    Column("cum_qty", Integer, nullable=False),
    Column("limit_price", String),
    Column("stop_price", String),
    Column("trail", String),
    Column("is_triggered", Integer, nullable=False),
    Column("is_passive", Integer, nullable=False),
    Column("oca_group", String),
    Column("expire_at", String),
    Column("ord_status", String, nullable=False),
    Column("placed_at", String, nullable=False),
    Column("updated_at", String, nullable=False),
    Column("text", String, nullable=False),
)
_executions = Table(
    "paper_executions",
    _metadata,
    Column("exec_id", String, primary_key=True),
    Column("account_id", String, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("order_id", String, nullable=False),
    Column("cl_ord_id", String),
    Column("instrument_id", String, nullable=False),
    Column("side", String, nullable=False),
    Column("last_qty", Integer, nullable=False),
    Column("last_px", String, nullable=False),
    Column("commission", String, nullable=False),
    Column("at", String, nullable=False),
    Column("text", String, nullable=False),
)


class SqlitePaperLedger:
    """Owns one file; a queue position is not kept, so after a restart an order joins its queue anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine: Engine | None = None
        self._thread: ThreadPoolExecutor | None = None

    async def load(self) -> LedgerState:
        return await self._run(self._load)

    async def save(self, changes: LedgerState) -> None:
        await self._run(lambda: self._save(changes))

    async def close(self) -> None:
        """Lets go of file and thread; the next load opens them again."""
        if self._thread is not None:
            await self._run(self._dispose)
            self._thread.shutdown()
            self._thread = None

    async def _run(self, work: Callable[[], _Answer]) -> _Answer:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="paper-ledger")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except (SQLAlchemyError, OSError) as error:
            raise StoreFailed(f"{self._path.name}: {error}") from error

    def _open(self) -> Engine:
        if self._engine is None:
            engine = create_engine(f"sqlite:///{self._path}")
            event.listen(engine, "connect", _set_pragmas)
            with engine.begin() as connection:
                found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
                refuse_newer_layout(self._path, found)
                _metadata.create_all(connection)
                connection.exec_driver_sql("PRAGMA user_version = 1")  # LAYOUT; a pragma takes no parameter
            self._engine = engine
        return self._engine

    def _load(self) -> LedgerState:
        with self._open().connect() as connection:
            accounts = connection.execute(select(_accounts).order_by(_ROWID)).all()
            orders = connection.execute(select(_orders).order_by(_ROWID)).all()
            executions = connection.execute(select(_executions).order_by(_ROWID)).all()
        return LedgerState(
            tuple(_account(row) for row in accounts),
            tuple(_order(row) for row in orders),
            tuple(_execution(row) for row in executions),
        )

    def _save(self, changes: LedgerState) -> None:
        with self._open().begin() as connection:
            for table, rows in (
                (_accounts, [_account_row(account) for account in changes.accounts]),
                (_orders, [_order_row(order) for order in changes.orders]),
                (_executions, [_execution_row(execution) for execution in changes.executions]),
            ):
                if not rows:
                    continue
                upsert = insert(table)
                fresh = {column.name: upsert.excluded[column.name] for column in table.columns}
                connection.execute(upsert.on_conflict_do_update(index_elements=[*table.primary_key], set_=fresh), rows)

    def _dispose(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None


def refuse_newer_layout(path: Path, layout: int) -> None:
    """Raises StoreTooNew for a file of a later version; nothing is changed then."""
    if layout > LAYOUT:
        raise StoreTooNew(
            f"{path.name} was written by a newer TradeStream (layout {layout}, this version knows up to {LAYOUT}). "
            f"Nothing was changed. Open {path} with that version or restore a backup."
        )


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA busy_timeout = 5000")  # milliseconds that a second reader, such as a backup, may hold it
    cursor.close()


def _account_row(account: PaperAccount) -> dict[str, object]:
    return {
        "account_id": account.account_id,
        "name": account.name,
        "starting_cash": str(account.starting_cash),
        "created_at": account.created_at.isoformat(),
        "epoch": account.epoch,
    }


def _order_row(order: PaperOrder) -> dict[str, object]:
    resting = order.resting
    return {
        "order_id": order.order_id,
        "account_id": order.account_id,
        "cl_ord_id": order.cl_ord_id,
        "instrument_id": order.instrument_id,
        "role": order.role.value,
        "time_in_force": order.time_in_force.value,
        "side": resting.side.value,
        "ord_type": resting.ord_type.value,
        "order_qty": resting.order_qty,
        "cum_qty": resting.cum_qty,
        "limit_price": _text(resting.limit_price),
        "stop_price": _text(resting.stop_price),
        "trail": _text(resting.trail),
        "is_triggered": int(resting.is_triggered),
        "is_passive": int(resting.is_passive),
        "oca_group": order.oca_group,
        "expire_at": None if order.expire_at is None else order.expire_at.isoformat(),
        "ord_status": order.ord_status.value,
        "placed_at": order.placed_at.isoformat(),
        "updated_at": order.updated_at.isoformat(),
        "text": order.text,
    }


def _execution_row(execution: PaperExecution) -> dict[str, object]:
    report = execution.report
    return {
        "exec_id": report.exec_id,
        "account_id": report.account_id,
        "epoch": execution.epoch,
        "order_id": report.order_id,
        "cl_ord_id": report.cl_ord_id,
        "instrument_id": report.instrument_id,
        "side": report.side.value,
        "last_qty": report.last_qty,
        "last_px": str(report.last_px),
        "commission": str(report.commission),
        "at": report.at.isoformat(),
        "text": report.text,
    }


def _account(row: Row[Any]) -> PaperAccount:
    return PaperAccount(
        AccountId(row.account_id),
        row.name,
        Decimal(row.starting_cash),
        datetime.fromisoformat(row.created_at),
        row.epoch,
    )


def _order(row: Row[Any]) -> PaperOrder:
    return PaperOrder(
        account_id=AccountId(row.account_id),
        order_id=OrderId(row.order_id),
        cl_ord_id=None if row.cl_ord_id is None else ClOrdId(row.cl_ord_id),
        instrument_id=InstrumentId(row.instrument_id),
        role=OrderRole(row.role),
        time_in_force=TimeInForce(row.time_in_force),
        resting=RestingOrder(
            side=Side(row.side),
            ord_type=OrdType(row.ord_type),
            order_qty=row.order_qty,
            cum_qty=row.cum_qty,
            limit_price=_price(row.limit_price),
            stop_price=_price(row.stop_price),
            trail=_price(row.trail),
            is_triggered=bool(row.is_triggered),
            is_passive=bool(row.is_passive),
        ),
        oca_group=row.oca_group,
        expire_at=None if row.expire_at is None else datetime.fromisoformat(row.expire_at),
        ord_status=OrdStatus(row.ord_status),
        placed_at=datetime.fromisoformat(row.placed_at),
        updated_at=datetime.fromisoformat(row.updated_at),
        text=row.text,
    )


def _execution(row: Row[Any]) -> PaperExecution:
    return PaperExecution(
        ExecutionReport(
            account_id=AccountId(row.account_id),
            order_id=OrderId(row.order_id),
            cl_ord_id=None if row.cl_ord_id is None else ClOrdId(row.cl_ord_id),
            exec_id=ExecId(row.exec_id),
            instrument_id=InstrumentId(row.instrument_id),
            side=Side(row.side),
            last_qty=row.last_qty,
            last_px=Decimal(row.last_px),
            commission=Decimal(row.commission),
            at=datetime.fromisoformat(row.at),
            text=row.text,
        ),
        row.epoch,
    )


def _text(price: Decimal | None) -> str | None:
    return None if price is None else str(price)


def _price(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
