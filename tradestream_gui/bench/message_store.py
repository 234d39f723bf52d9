"""P8b, P8c, P8d and P8f: rows in bulk, one more message behind many, and a rare word among all of them."""

import asyncio
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from tradestream_gui.adapters.storage import tables
from tradestream_gui.adapters.storage.engine import Danger, open_engine
from tradestream_gui.adapters.storage.readers import HistoryReader
from tradestream_gui.adapters.storage.store import Store
from tradestream_gui.bench.child import give_figures
from tradestream_gui.domain.decisions import AlertQuote
from tradestream_gui.domain.ids import InstrumentId, MessageKey
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.ports.history import MessageFilter

FEW, MANY, BATCH = 1_000, 100_000, 1_000
ROUNDS, APPENDS, SEARCHES = 5, 60, 9
AT = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
WORDS = ("watching", "the", "open", "size", "down", "vix", "flat", "long", "short", "level", "patience", "chop")
RARE, RARE_AT = "kumquat", 41_337
LIKE = "SELECT * FROM messages WHERE text LIKE ? ORDER BY seq DESC LIMIT 100"


def message(number: int) -> MessageRevision:
    text = " ".join(WORDS[(number * step) % len(WORDS)] for step in (1, 3, 5, 7, 11, 2, 4, 6))
    at = AT + timedelta(seconds=number)
    return MessageRevision(
        message_key=MessageKey(f"discord:1:{number}"), revision=0, source="discord", channel_id="1",
        channel_name="futures", author_id="2", author_name="somebody", sent_at=at, received_at=at, sequence=number,
        text=f"{text} {RARE if number == RARE_AT else number}", arrival=Arrival.LIVE,
    )  # fmt: skip


def quote(number: int) -> AlertQuote:
    price = Decimal("6326.25") + number
    return AlertQuote(
        message_key=MessageKey(f"discord:1:{number}"), instrument_id=InstrumentId("MESZ6"), kind="REALTIME",
        at=AT + timedelta(seconds=number), moment="sample", bid=price, ask=price + 1, last=price,
    )  # fmt: skip


def opened(path: Path) -> Store:
    return Store.open(path, Danger.PAPER, lambda: AT, lambda: "AAAA")


def fill(store: Store, count: int) -> None:
    for first in range(0, count, BATCH):
        store.write([message(number) for number in range(first, first + BATCH)])


def timed_ms(job: Callable[[], object]) -> float:
    began = perf_counter()
    job()
    return (perf_counter() - began) * 1000


def appends_ms(store: Store, first: int) -> float:
    """One durable message after the other."""
    return median(timed_ms(partial(store.write, [message(number)])) for number in range(first, first + APPENDS))


def whole_file_ms(folder: Path, rows: int) -> float:
    """What a history kept as one table costs per message: it grows by a row and is written anew."""
    import pandas as pd

    columns = ("id", "channel", "author", "text", "sent", "received", "symbol", "action", "price", "stop", "target")
    table = pd.DataFrame({name: [f"{name} {number}" for number in range(rows)] for name in columns})
    row = pd.DataFrame([dict.fromkeys(columns, "one more")])

    def rewrite() -> None:
        pd.concat([table, row], ignore_index=True).to_csv(folder / "history.csv", index=False)

    return median(timed_ms(rewrite) for _ in range(3))


def in_bulk(folder: Path) -> tuple[float, float]:
    """Rows a second of a batch of quotes: by our own writer, and by the ORM into the same table."""
    ours, theirs = [], []
    store, by_orm = opened(folder / "bulk.db"), _orm_insert(folder)
    for number in range(ROUNDS):
        rows = [quote(number * BATCH + each) for each in range(BATCH)]
        ours.append(BATCH / timed_ms(partial(store.write, rows)) * 1000)
        theirs.append(BATCH / timed_ms(partial(by_orm, rows)) * 1000)
    store.close()
    return median(ours), median(theirs)


def _orm_insert(folder: Path) -> Callable[[list[AlertQuote]], None]:
    """The same rows as objects of a mapped class, in one session each."""
    from sqlalchemy.orm import Session, registry

    opened(folder / "orm.db").close()
    engine = open_engine(folder / "orm.db")

    class Row:
        pass

    registry().map_imperatively(Row, tables.alert_quotes)
    names = [column.name for column in tables.alert_quotes.columns][1:]

    def insert(quotes: list[AlertQuote]) -> None:
        with Session(engine) as session, session.begin():
            for each in quotes:
                row = Row()
                for name, value in zip(names, tables.ALERT_QUOTE.encode(each), strict=True):
                    setattr(row, name, value)
                session.add(row)

    return insert


async def searches_ms(path: Path) -> tuple[float, float]:
    """The history's own search for the rare word, and a scan of every text."""
    reader, plain = HistoryReader(path), sqlite3.connect(path)
    wanted = MessageFilter(words=RARE)
    ours, scans = [], []
    for _ in range(SEARCHES):
        began = perf_counter()
        page = await reader.messages(wanted, limit=100)
        ours.append((perf_counter() - began) * 1000)
        began = perf_counter()
        found = plain.execute(LIKE, (f"%{RARE}%",)).fetchall()
        scans.append((perf_counter() - began) * 1000)
        assert [row.message_key for row in page.rows] == [row[1] for row in found], "both find the same one message"
    await reader.close()
    plain.close()
    return median(ours), median(scans)


def measure(folder: Path) -> dict[str, float]:
    """Rounds of both sides of each figure take turns."""
    stores = [(opened(folder / f"{count}.db"), count) for count in (FEW, MANY)]
    appended: dict[int, list[float]] = {FEW: [], MANY: []}
    for store, count in stores:
        fill(store, count)
    for number in range(ROUNDS):
        for store, count in stores:
            appended[count].append(appends_ms(store, count + number * APPENDS))
    for store, _ in stores:
        store.close()
    ours, scan = asyncio.run(searches_ms(folder / f"{MANY}.db"))
    rows, orm_rows = in_bulk(folder)
    return {
        "append_few": median(appended[FEW]) * 1000, "append_many": median(appended[MANY]) * 1000,
        "whole_file": whole_file_ms(folder, MANY) * 1000, "search": ours * 1000, "scan": scan * 1000,
        "bulk": 1e6 / rows, "orm": 1e6 / orm_rows,
    }  # fmt: skip


if __name__ == "__main__":
    give_figures(measure(Path(sys.argv[1])))
