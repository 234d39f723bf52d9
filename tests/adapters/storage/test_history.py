"""History pages, search and the audit check, beside a journal that goes on writing."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.storage.conftest import Opener
from tests.adapters.storage.records import NOON, decision, fill, message, order
from tradestream_gui.adapters.storage.keeper import SqliteKeeper
from tradestream_gui.adapters.storage.readers import HistoryReader, search_query
from tradestream_gui.domain.ids import AccountId, ClOrdId, MessageKey
from tradestream_gui.domain.orders import OrdStatus, Origin, OriginKind
from tradestream_gui.ports.history import AuditReport, MessageFilter
from tradestream_gui.ports.journal import AuditNote, Record


def read(opened: Opener, path: Path, records: list[Record], question: Callable[[HistoryReader], Awaitable[Any]]) -> Any:
    async def story() -> Any:
        async with opened() as journal:
            await journal.commit(records)
            reader = HistoryReader(path)
            try:
                return await question(reader)
            finally:
                await reader.close()

    return asyncio.run(story())


def test_pages_go_back_to_the_first_message_without_a_gap_or_a_double(opened: Opener, db_path: Path) -> None:
    async def all_pages(reader: HistoryReader) -> list[list[int]]:
        pages, older = [], None
        while True:
            page = await reader.messages(MessageFilter(), limit=10, older=older)
            pages.append([row.sequence for row in page.rows])
            older = page.older
            if older is None:
                return pages

    pages = read(opened, db_path, [message(n) for n in range(25)], all_pages)
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [number for page in pages for number in page] == list(range(24, -1, -1))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (MessageFilter(words="long"), [3, 1]),
        (MessageFilter(words="ES lo"), [1]),
        (MessageFilter(words="lo ES"), []),
        (MessageFilter(words='" OR *'), []),
        (MessageFilter(words="'; DROP TABLE messages; --"), []),
        (MessageFilter(words="JMon"), [3, 2, 1]),
        (MessageFilter(channel_id="2"), [3]),
        (MessageFilter(words="nothing"), []),
    ],
)
def test_messages_are_found_by_their_words(
    opened: Opener, db_path: Path, wanted: MessageFilter, found: list[int]
) -> None:
    kept: list[Record] = [message(1, "ES long 6326"), message(2, "flat for today"), message(3, "NQ long", channel="2")]
    page = read(opened, db_path, kept, lambda reader: reader.messages(wanted, limit=10))
    assert [row.sequence for row in page.rows] == found


def test_signs_alone_are_no_search() -> None:
    assert search_query(' " * ( ') == ""


def test_an_order_shows_each_state_with_its_reason(opened: Opener, db_path: Path) -> None:
    first = order(1)
    denied = first.moved_to(OrdStatus.DENIED, NOON, "the account limit is 3")
    history = read(opened, db_path, [first, denied], lambda reader: reader.order_history(ClOrdId("TSPAAAA-1")))
    assert [(state.ord_status, state.reason) for state in history] == [
        (OrdStatus.PENDING_NEW, ""),
        (OrdStatus.DENIED, "the account limit is 3"),
    ]


def test_a_message_leads_to_its_decisions_and_orders(opened: Opener, db_path: Path) -> None:
    key = MessageKey("discord:1:1")
    ours = order(1, origin=Origin(OriginKind.ALERT, key))

    async def question(reader: HistoryReader) -> Any:
        return await reader.orders_of(key), await reader.decisions_of(key)

    found = read(opened, db_path, [ours, order(2), decision(1), decision(2)], question)
    assert found == ((ours,), (decision(1),))


def test_orders_are_listed_per_account(opened: Opener, db_path: Path) -> None:
    other = AccountId("other")

    async def question(reader: HistoryReader) -> Any:
        pages = [await reader.orders(account_id, limit=5) for account_id in (other, None)]
        return [[row.cl_ord_id for row in page.rows] for page in pages]

    kept: list[Record] = [order(1), order(2, account_id=other)]
    assert read(opened, db_path, kept, question) == [["TSPAAAA-2"], ["TSPAAAA-2", "TSPAAAA-1"]]


def test_a_row_that_nobody_understands_is_told_to_who_asked_and_the_next_question_is_answered(
    opened: Opener, db_path: Path
) -> None:
    async def question(reader: HistoryReader) -> Any:
        with sqlite3.connect(db_path) as driver:
            driver.execute("UPDATE orders SET side='NEITHER'")
        with pytest.raises(ValueError, match="NEITHER"):
            await reader.orders(None, limit=5)
        page = await reader.messages(MessageFilter(), limit=5)
        return len(page.rows)

    assert read(opened, db_path, [order(1), message(1)], question) == 1


def test_a_question_that_nobody_waits_for_any_more_disturbs_no_other(opened: Opener, db_path: Path) -> None:
    async def question(reader: HistoryReader) -> Any:
        left = asyncio.ensure_future(reader.messages(MessageFilter(), limit=5))
        await asyncio.sleep(0)
        left.cancel()
        page = await reader.messages(MessageFilter(), limit=5)
        return left.cancelled(), len(page.rows)

    assert read(opened, db_path, [message(1)], question) == (True, 1)


def audited(opened: Opener, path: Path, tampering: str) -> AuditReport:
    async def write() -> None:
        async with opened() as journal:
            for number in range(3):
                await journal.commit([message(number), order(number), fill(number), decision(number)])
            await journal.commit([AuditNote(NOON, "user", "kill", "pressed")])

    asyncio.run(write())
    raw = sqlite3.connect(path)
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    raw.executescript(tampering)
    raw.close()
    return SqliteKeeper(lambda: "BBBB").examine(path).audit


@pytest.mark.parametrize(
    ("tampering", "problem"),
    [
        ("", ""),
        ("UPDATE fills SET last_px='6000' WHERE seq=2", "row 2 of fills was changed"),
        ("DELETE FROM decisions WHERE seq=1", "row 1 of decisions is missing"),
        ("DELETE FROM audit WHERE seq=2", "audit entries 2 to 2 are missing"),
        ("UPDATE audit SET words='nothing happened' WHERE seq=4", "audit entry 4 was changed"),
        (
            "CREATE TABLE copied AS SELECT * FROM fills WHERE seq=1; UPDATE copied SET seq=99, exec_id='X'; "
            "INSERT INTO fills SELECT * FROM copied",
            "row 99 of fills was added from outside",
        ),
    ],
)
def test_the_audit_finds_what_was_changed_behind_its_back(
    opened: Opener, db_path: Path, tampering: str, problem: str
) -> None:
    report = audited(opened, db_path, tampering)
    assert report.problem == problem
    if not tampering:
        assert (report.entries, report.facts) == (4, 12)
