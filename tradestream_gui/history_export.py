"""The whole history of a profile as CSV, page by page: each message with what became of it, each state of orders."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from pathlib import Path

from tradestream_gui.adapters.storage.readers import MAX_PAGE, HistoryReader
from tradestream_gui.analytics.export import csv_bytes, safe_text
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Order
from tradestream_gui.ports.history import MessageFilter

MESSAGE_COLUMNS = (
    "received_at", "sent_at", "source", "channel", "author", "message_key", "revision", "arrival", "deleted", "text",
    "outcome", "code", "words", "orders",
)  # fmt: skip
ORDER_COLUMNS = (
    "at", "account_id", "cl_ord_id", "order_id", "lot_id", "instrument_id", "role", "side", "ord_type", "order_qty",
    "cum_qty", "limit_price", "stop_price", "avg_px", "ord_status", "reason", "analyst", "message_key",
)  # fmt: skip
Rows = list[tuple[str, ...]]


async def history_csv(what: str, databases: tuple[Path, ...], words: str) -> bytes:
    """`messages`, only those with these words where any are given, or `orders`; each database in the order of writing,
    the states of an order together. Raises StoreFailed."""
    readers = [HistoryReader(database) for database in databases]
    try:
        if what == "messages":
            return csv_bytes(MESSAGE_COLUMNS, await _messages(readers, words))
        return csv_bytes(ORDER_COLUMNS, [row for reader in readers for row in await _orders(reader)])
    finally:
        for reader in readers:
            await reader.close()


async def _messages(readers: Sequence[HistoryReader], words: str) -> Rows:
    """Each revision once, though both databases keep it, with the decisions and orders of both."""
    rows: Rows = []
    seen: set[tuple[MessageKey, int]] = set()
    for reader in readers:
        found: Rows = []
        for revision in await _revisions(reader, words):
            if (revision.message_key, revision.revision) not in seen:
                seen.add((revision.message_key, revision.revision))
                found.append(await _message_row(revision, readers))
        rows += found[::-1]
    return rows


async def _revisions(reader: HistoryReader, words: str) -> list[MessageRevision]:
    """Newest first."""
    found: list[MessageRevision] = []
    older: int | None = None
    while True:
        page = await reader.messages(MessageFilter(words=words), limit=MAX_PAGE, older=older)
        found += page.rows
        if page.older is None:
            return found
        older = page.older


async def _orders(reader: HistoryReader) -> Rows:
    rows: Rows = []
    older: int | None = None
    while True:
        page = await reader.orders(None, limit=MAX_PAGE, older=older)
        for order in page.rows:
            rows += [_order_row(state) for state in reversed(await reader.order_history(order.cl_ord_id))]
        if page.older is None:
            return rows[::-1]
        older = page.older


async def _message_row(revision: MessageRevision, readers: Sequence[HistoryReader]) -> tuple[str, ...]:
    """What was decided last about this revision, in words."""
    decisions = [each for reader in readers for each in await reader.decisions_of(revision.message_key)]
    orders = [each for reader in readers for each in await reader.orders_of(revision.message_key)]
    about = sorted((one for one in decisions if one.revision == revision.revision), key=attrgetter("at"))
    last = about[-1] if about else None
    return (
        _time(revision.received_at),
        _time(revision.sent_at),
        revision.source,
        safe_text(revision.channel_name),
        safe_text(revision.author_name),
        safe_text(revision.message_key),
        str(revision.revision),
        revision.arrival.value,
        "yes" if revision.deleted else "no",
        safe_text(revision.text),
        last.outcome.value if last else "",
        last.code if last else "",
        safe_text(last.words) if last else "",
        " ".join(order.cl_ord_id for order in orders),
    )


def _order_row(order: Order) -> tuple[str, ...]:
    return (
        _time(order.updated_at),
        order.account_id,
        order.cl_ord_id,
        order.order_id or "",
        order.lot_id,
        order.instrument_id,
        order.role.value,
        order.side.value,
        order.ord_type.value,
        str(order.order_qty),
        str(order.cum_qty),
        _price(order.limit_price),
        _price(order.stop_price),
        _price(order.avg_px),
        order.ord_status.value,
        safe_text(order.reason),
        safe_text(order.origin.label),
        safe_text(order.origin.message_key or ""),
    )


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _price(price: Decimal | None) -> str:
    return "" if price is None else format(price, "f")
