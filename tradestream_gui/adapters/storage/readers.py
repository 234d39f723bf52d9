"""History pages from a second, read-only connection on a thread of its own."""

import asyncio
import sqlite3
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.exc import SQLAlchemyError

from tradestream_gui.adapters.storage import tables
from tradestream_gui.adapters.storage.codec import Codec
from tradestream_gui.adapters.storage.engine import driver_of, open_engine
from tradestream_gui.adapters.storage.reading import decoded, select_sql
from tradestream_gui.domain.decisions import Decision
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.ids import AccountId, ClOrdId, MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Order
from tradestream_gui.ports.history import MessageFilter, Page

RowT = TypeVar("RowT")
ResultT = TypeVar("ResultT")
MAX_PAGE = 1_000
Kept = tuple[tuple[MessageRevision, ...], tuple[Decision, ...]]
"""Versions and decisions of one message, as one database has them."""
_Where = list[tuple[str, str | int]]


class _Rows(Generic[RowT]):
    """Rows that are read by pages: their number first, then what the codec knows."""

    def __init__(self, table: Table, codec: Codec[RowT]) -> None:
        self.codec = codec
        self.select = select_sql(table, codec).replace("SELECT ", "SELECT seq,", 1)


_MESSAGES = _Rows(tables.messages, tables.MESSAGE)
_ORDERS = _Rows(tables.orders, tables.ORDER)


class HistoryReader:
    """Pages by row number, never by offset, so that a page far back costs what the first one costs.

    Each question is one statement, and so a reading of one moment, on the driver's own connection: finding a word
    among all messages takes SQLite less than a wrapper takes to ask for it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=f"history-{path.stem}")
        self._connection: Connection | None = None
        self._driver: sqlite3.Connection | None = None

    async def messages(self, wanted: MessageFilter, *, limit: int, older: int | None = None) -> Page[MessageRevision]:
        where: _Where = []
        if wanted.words:
            search = search_query(wanted.words)
            if search:
                where.append(("seq IN (SELECT rowid FROM messages_fts WHERE messages_fts MATCH ?)", search))
        if wanted.source:
            where.append(("source=?", wanted.source))
        if wanted.channel_id:
            where.append(("channel_id=?", wanted.channel_id))
        if wanted.author_id:
            where.append(("author_id=?", wanted.author_id))
        return await self._page(_MESSAGES, where, limit, older)

    async def orders(self, account_id: AccountId | None, *, limit: int, older: int | None = None) -> Page[Order]:
        return await self._page(_ORDERS, _of_account(account_id), limit, older)

    async def order_history(self, cl_ord_id: ClOrdId) -> tuple[Order, ...]:
        return await self._all(tables.order_events, tables.ORDER, "cl_ord_id", cl_ord_id)

    async def orders_of(self, message_key: MessageKey) -> tuple[Order, ...]:
        return await self._all(tables.orders, tables.ORDER, "origin_message_key", message_key)

    async def decisions_of(self, message_key: MessageKey) -> tuple[Decision, ...]:
        return await self._all(tables.decisions, tables.DECISION, "message_key", message_key)

    async def kept_of(self, message_keys: Sequence[MessageKey]) -> tuple[Kept, ...]:
        """All versions and decisions of each of these messages, in their order, at one go."""
        versions = f"{select_sql(tables.messages, tables.MESSAGE)} WHERE message_key=? ORDER BY revision"
        decisions = f"{select_sql(tables.decisions, tables.DECISION)} WHERE message_key=? ORDER BY seq"

        def read(driver: sqlite3.Connection) -> tuple[Kept, ...]:
            return tuple(
                (
                    decoded(tables.MESSAGE, driver.execute(versions, (key,)).fetchall()),
                    decoded(tables.DECISION, driver.execute(decisions, (key,)).fetchall()),
                )
                for key in message_keys
            )

        return await self._on_thread(read)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._executor, self._close)
        self._executor.shutdown()

    async def _page(self, rows: "_Rows[RowT]", where: _Where, limit: int, older: int | None) -> Page[RowT]:
        if older is not None:
            where = [*where, ("seq<?", older)]
        limit = min(limit, MAX_PAGE)
        conditions = f" WHERE {' AND '.join(condition for condition, _ in where)}" if where else ""
        sql = f"{rows.select}{conditions} ORDER BY seq DESC LIMIT ?"
        values = (*(value for _, value in where), limit + 1)

        def read(driver: sqlite3.Connection) -> Page[RowT]:
            found = driver.execute(sql, values).fetchall()
            shown = found[:limit]
            return Page(decoded(rows.codec, [row[1:] for row in shown]), shown[-1][0] if len(found) > limit else None)

        return await self._on_thread(read)

    async def _all(self, table: Table, codec: Codec[RowT], column: str, value: str) -> tuple[RowT, ...]:
        sql = f"{select_sql(table, codec)} WHERE {column}=? ORDER BY seq"

        def read(driver: sqlite3.Connection) -> tuple[RowT, ...]:
            return decoded(codec, driver.execute(sql, (value,)).fetchall())

        return await self._on_thread(read)

    async def _on_thread(self, read: Callable[[sqlite3.Connection], ResultT]) -> ResultT:
        """What asyncio itself puts between a thread and whoever waits for it takes longer than finding a word."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[ResultT] = loop.create_future()
        self._executor.submit(self._answer, read, loop, answer)
        return await answer

    def _answer(
        self,
        read: Callable[[sqlite3.Connection], ResultT],
        loop: asyncio.AbstractEventLoop,
        answer: "asyncio.Future[ResultT]",
    ) -> None:
        found: ResultT | None = None
        try:
            found = self._read(read)
        finally:
            loop.call_soon_threadsafe(_hand_over, answer, found, sys.exc_info()[1])

    def _read(self, read: Callable[[sqlite3.Connection], ResultT]) -> ResultT:
        try:
            if self._driver is None:
                self._connection = open_engine(self._path, read_only=True).connect()
                self._driver = driver_of(self._connection)
            return read(self._driver)
        except (SQLAlchemyError, sqlite3.Error) as error:
            cause = getattr(error, "orig", None) or error
            raise StoreFailed(f"{self._path.name} could not be read: {cause}") from error

    def _close(self) -> None:
        if self._connection is not None:
            engine = self._connection.engine
            self._connection.close()
            engine.dispose()


def search_query(words: str) -> str:
    """What a person typed as a full-text query: each word literally, the last one as a beginning."""
    terms = ['"' + word.replace('"', '""') + '"' for word in words.split() if any(map(str.isalnum, word))]
    return " ".join(terms) + "*" if terms else ""


def _hand_over(answer: "asyncio.Future[Any]", found: object, error: BaseException | None) -> None:
    if answer.done():
        return  # nobody waits any more
    if error is None:
        answer.set_result(found)
    else:
        answer.set_exception(error)


def _of_account(account_id: AccountId | None) -> _Where:
    return [] if account_id is None else [("account_id=?", account_id)]
