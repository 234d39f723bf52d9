"""The journal keeps what it acknowledged, in order, whatever happens to the disk or the process."""

import asyncio
import contextlib
import sqlite3
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.storage.conftest import Opener
from tests.adapters.storage.records import NOON, account, decision, fill, message, order
from tradestream_gui.adapters.runtime.clock import WorkCounter
from tradestream_gui.adapters.storage.engine import Danger, refuse_shared_folder, shared_folder
from tradestream_gui.domain.accounts import AccountId, AccountKind, AccountState, Balance, TradingState
from tradestream_gui.domain.decisions import AlertQuote, Outcome
from tradestream_gui.domain.errors import StoreFailed, StoreTooNew
from tradestream_gui.domain.ids import InstrumentId, MessageKey
from tradestream_gui.domain.orders import OrdStatus
from tradestream_gui.ports.journal import AuditNote, StoredState


def test_what_was_committed_is_loaded_by_the_next_start(opened: Opener) -> None:
    state = AccountState(AccountId("sim"), TradingState.LOCKED, "daily loss", NOON, NOON + timedelta(hours=6))

    async def story() -> StoredState:
        async with opened() as journal:
            await journal.commit([account(), message(1), decision(1), order(1), fill(1), state])
        async with opened() as journal:
            return await journal.load()

    found = asyncio.run(story())
    assert found.accounts == (account(),)
    assert found.messages == (message(1),)
    assert found.decisions == (decision(1),)
    assert found.orders == (order(1),)
    assert found.fills == (fill(1),)
    assert found.account_states == (state,)


def test_an_order_shows_its_newest_state_and_keeps_its_history(opened: Opener, db_path: Path) -> None:
    sent = order(1).moved_to(OrdStatus.SENT, NOON)
    working = sent.moved_to(OrdStatus.NEW, NOON, "accepted")

    async def story() -> StoredState:
        async with opened() as journal:
            await journal.commit([order(1)])
            journal.append([sent])
            journal.append([working])
            return await journal.load()

    assert asyncio.run(story()).orders == (working,)
    with sqlite3.connect(db_path) as raw:
        history = [row[0] for row in raw.execute("SELECT ord_status FROM order_events ORDER BY seq")]
    raw.close()
    assert history == ["PENDING_NEW", "SENT", "NEW"]


def test_the_same_execution_and_the_same_revision_are_kept_once(opened: Opener) -> None:
    async def story() -> StoredState:
        async with opened() as journal:
            await journal.commit([fill(1), message(1)])
            await journal.commit([fill(1, last_px=Decimal("1")), message(1, text="another")])
            return await journal.load()

    found = asyncio.run(story())
    assert found.fills == (fill(1),)
    assert found.messages == (message(1),)


def test_a_later_decision_about_the_same_revision_stands_beside_the_first(opened: Opener) -> None:
    asked, said_no = decision(1, Outcome.AWAITING), decision(1, Outcome.SKIPPED, NOON + timedelta(seconds=9))

    async def story() -> StoredState:
        async with opened() as journal:
            await journal.commit([asked, asked, said_no])
            return await journal.load()

    assert asyncio.run(story()).decisions == (asked, said_no)


def test_a_commit_is_all_or_nothing(opened: Opener, failures: list[str]) -> None:
    broken = order(2, limit_price=Decimal("NaN"))

    async def story() -> StoredState:
        async with opened() as journal:
            with pytest.raises(StoreFailed, match="NaN"):
                await journal.commit([message(1), order(1), broken])
            return await journal.load()

    found = asyncio.run(story())
    assert found.messages == ()
    assert found.orders == ()
    assert len(failures) == 1


def test_a_bad_commit_takes_nobody_else_down(opened: Opener) -> None:
    async def story() -> tuple[list[Any], StoredState]:
        async with opened() as journal:
            wishes = [journal.commit([order(n, order_qty=n)]) for n in range(1, 4)]
            wishes.insert(1, journal.commit([order(9, limit_price=Decimal("NaN"))]))
            return await asyncio.gather(*wishes, return_exceptions=True), await journal.load()

    answers, found = asyncio.run(story())
    assert [isinstance(answer, StoreFailed) for answer in answers] == [False, True, False, False]
    assert [kept.order_qty for kept in found.orders] == [1, 2, 3]


def test_a_record_that_can_never_be_stored_does_not_block_what_follows(opened: Opener, failures: list[str]) -> None:
    async def story() -> StoredState:
        async with opened() as journal:
            journal.append([order(1, limit_price=Decimal("NaN"))])
            await journal.commit([order(2)])
            return await journal.load()

    assert [kept.cl_ord_id for kept in asyncio.run(story()).orders] == ["TSPAAAA-2"]
    assert len(failures) == 1
    assert "NaN" in failures[0]


def test_quotes_balances_and_notes_come_back_in_their_order(opened: Opener) -> None:
    key = MessageKey("discord:1:1")
    quote = AlertQuote(key, InstrumentId("ESZ6"), NOON, "received", Decimal("6326"), None, None, "DEMO")
    later = replace(quote, moment="decided", ask=Decimal("6326.25"))
    balance = Balance(AccountId("sim"), NOON, Decimal("50000"), None, None, None)
    notes = [AuditNote(NOON, "user", "kill", f"pressed {n}") for n in range(3)]

    async def story() -> tuple[Any, Any]:
        async with opened() as journal:
            journal.append([quote, balance, later, *notes])
            return await journal.alert_quotes(key), await journal.audit_notes(2)

    quotes, found = asyncio.run(story())
    assert quotes == (quote, later)
    assert found == (notes[2], notes[1])


def test_a_full_disk_refuses_the_commit_and_keeps_all_before_it(opened: Opener, failures: list[str]) -> None:
    async def story() -> tuple[int, StoredState]:
        async with opened() as journal:
            limit_pages(journal, spare=8)
            kept = 0
            while not failures:
                with contextlib.suppress(StoreFailed):
                    await journal.commit([message(kept, text="x" * 500)])
                    kept += 1
            limit_pages(journal, spare=4_000)
        async with opened() as journal:
            return kept, await journal.load()

    kept, found = asyncio.run(story())
    assert len(found.messages) == kept > 0
    assert failures
    assert "disk is full" in failures[0]


def test_what_could_not_be_appended_is_written_first_once_there_is_room(opened: Opener, failures: list[str]) -> None:
    async def story() -> StoredState:
        async with opened() as journal:
            limit_pages(journal, spare=0)
            journal.append([message(1, text="y" * 9_000)])
            with pytest.raises(StoreFailed):
                await journal.commit([message(2)])
            limit_pages(journal, spare=4_000)
            await journal.commit([message(3)])
        async with opened() as journal:
            return await journal.load()

    assert [kept.sequence for kept in asyncio.run(story()).messages] == [1, 3]
    assert len(failures) >= 2


def limit_pages(journal: Any, spare: int) -> None:
    """The disk has room for that many more pages."""
    connection = journal._store.connection.connection.driver_connection  # no other way to fill a disk

    def limit() -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + spare}").fetchall()

    journal._executor.submit(limit).result()


def test_two_journals_on_one_file_are_refused(opened: Opener, db_path: Path) -> None:
    async def story() -> None:
        async with opened():
            with pytest.raises(StoreFailed, match=r"paper\.db is in use by another TradeStream"):
                async with opened():
                    raise AssertionError("a second journal was opened")
        async with opened() as journal:
            assert journal.epoch == "AAAA"

    asyncio.run(story())


def test_facts_cannot_be_changed_or_removed_by_sql(opened: Opener, db_path: Path) -> None:
    async def story() -> None:
        async with opened() as journal:
            await journal.commit([message(1), decision(1), order(1), fill(1)])

    asyncio.run(story())
    raw = sqlite3.connect(db_path)
    raw.execute("PRAGMA recursive_triggers=ON")
    for table in ("messages", "decisions", "order_events", "fills", "audit", "lineage"):
        with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
            raw.execute(f"DELETE FROM {table}")  # noqa: S608  # our own names
        with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
            raw.execute(f"UPDATE {table} SET seq = seq + 100")  # noqa: S608  # our own names
        with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
            raw.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608  # as above
    raw.close()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(opened: Opener, db_path: Path) -> None:
    async def make() -> None:
        async with opened():
            pass

    async def reopen() -> None:
        async with opened():
            pass

    asyncio.run(make())
    with sqlite3.connect(db_path) as raw:
        raw.execute("UPDATE alembic_version SET version_num='0099'")
    raw.close()
    before = db_path.read_bytes()
    with pytest.raises(StoreTooNew) as refused:
        asyncio.run(reopen())
    assert str(refused.value) == (
        "paper.db was written by a newer TradeStream (revision 0099, this version knows up to 0003). "
        f"Nothing was changed. Open {db_path} with that version or restore a backup."
    )
    assert db_path.read_bytes() == before


def test_a_damaged_file_is_refused_and_left_alone(opened: Opener, db_path: Path) -> None:
    async def story(texts: int) -> None:
        async with opened() as journal:
            for number in range(texts):
                journal.append([message(number, text="z" * 2_000)])

    asyncio.run(story(60))
    damaged = bytearray(db_path.read_bytes())
    for at in range(8 * 4096, len(damaged), 4096 * 5):
        damaged[at : at + 512] = b"\xa5" * 512
    db_path.write_bytes(damaged)
    with pytest.raises(StoreFailed, match=r"damaged|malformed"):
        asyncio.run(story(0))
    assert db_path.read_bytes() == bytes(damaged)


def test_a_file_of_another_program_is_not_touched(opened: Opener, db_path: Path) -> None:
    raw = sqlite3.connect(db_path)
    raw.execute("CREATE TABLE recipes (cake TEXT)")
    raw.close()

    async def story() -> None:
        async with opened():
            pass

    with pytest.raises(StoreFailed, match="another program"):
        asyncio.run(story())


def test_paper_and_live_never_share_a_file(opened: Opener, tmp_path: Path) -> None:
    async def story() -> None:
        async with opened() as journal:
            with pytest.raises(StoreFailed, match="does not belong"):
                await journal.commit([account(AccountKind.LIVE)])
            await journal.commit([account(AccountKind.BROKER_PAPER)])
        with pytest.raises(StoreFailed, match="made for PAPER accounts"):
            async with opened(danger=Danger.LIVE):
                raise AssertionError("opened as live")
        async with opened(path=tmp_path / "live.db", danger=Danger.LIVE) as journal:
            await journal.commit([account(AccountKind.FUNDED)])

    asyncio.run(story())


def test_a_live_database_on_a_network_drive_or_in_a_cloud_folder_is_refused(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nnas:/home {tmp_path}/nas nfs4 rw 0 0\n")
    assert shared_folder(tmp_path / "here" / "live.db", mounts) is None
    with pytest.raises(StoreFailed, match="network drive"):
        refuse_shared_folder(tmp_path / "nas" / "live.db", Danger.LIVE, mounts)
    with pytest.raises(StoreFailed, match="cloud folder"):
        refuse_shared_folder(tmp_path / "Dropbox" / "live.db", Danger.LIVE, mounts)
    refuse_shared_folder(tmp_path / "Dropbox" / "paper.db", Danger.PAPER, mounts)


def test_virtual_time_waits_while_a_commit_is_under_way(opened: Opener) -> None:
    async def story() -> list[bool]:
        work = WorkCounter()
        async with opened(work=work) as journal:
            seen = [work.is_idle]
            pending = asyncio.ensure_future(journal.commit([message(1)]))
            await asyncio.sleep(0)
            seen.append(work.is_idle)
            await pending
            journal.append([message(2)])
            seen.append(work.is_idle)
            await work.wait_idle()
            seen.append(len((await journal.load()).messages) == 2)
            return seen

    assert asyncio.run(story()) == [True, False, False, True]
