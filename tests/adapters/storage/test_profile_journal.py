"""Two databases as one journal: each record in the file of its account's kind, none lost by a kill, all told once."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.adapters.storage.records import NOON, decision, fill, message, order
from tradestream_gui.adapters.runtime.clock import RealClock, WorkCounter
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.adapters.storage.keeper import SqliteKeeper
from tradestream_gui.adapters.storage.profile_journal import ProfileJournal
from tradestream_gui.domain.accounts import Account, AccountKind, AccountState, TradingState
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.ids import AccountId, ClOrdId
from tradestream_gui.ports.journal import AuditNote

ROOT = Path(__file__).parents[3]
SIM, LIVE = AccountId("sim"), AccountId("U1234567")
OF_LIVE = {"account_id": LIVE, "cl_ord_id": ClOrdId("TSLBBBB-1")}


@asynccontextmanager
async def opened(
    folder: Path, *, with_live: bool = True, failures: list[str] | None = None
) -> AsyncIterator[ProfileJournal]:
    """`failures` takes what the disk refused; nothing may be where none are expected."""
    told: list[str] = [] if failures is None else failures

    async def one(name: str, danger: Danger) -> SqliteJournal:
        return await SqliteJournal.open(
            folder / name, danger=danger, clock=RealClock(), work=WorkCounter(),
            new_epoch=lambda: "AAAA" if danger is Danger.PAPER else "BBBB", on_failure=told.append,
        )  # fmt: skip

    live = await one("live.db", Danger.LIVE) if with_live else None
    journal = ProfileJournal(await one("paper.db", Danger.PAPER), live, [LIVE])
    try:
        yield journal
    finally:
        await journal.close()
    assert failures is not None or not told


def rows(path: Path, table: str) -> list[str | None]:
    with closing(sqlite3.connect(path)) as file:
        return [row[0] for row in file.execute(f"SELECT account_id FROM {table}")]  # noqa: S608  # our own names


async def test_each_record_lies_in_the_file_of_its_account_and_what_has_none_in_both(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        journal.append([Account(LIVE, "Live", AccountKind.LIVE, "ibkr live")])
        journal.append([Account(SIM, "Sim", AccountKind.SIMULATOR, "paper")])
        journal.append([AccountState(LIVE, TradingState.LOCKED, "killed", NOON)])
        await journal.commit([message(1), replace(decision(1), account_id=LIVE), order(1, **OF_LIVE)])
        await journal.commit([message(2), order(2)])
        journal.append([fill(1, **OF_LIVE), fill(2), message(3), decision(3)])
        journal.append([AuditNote(NOON, "user", "KILL", "pressed", LIVE), AuditNote(NOON, "user", "NOTE", "none")])
    paper, live = tmp_path / "paper.db", tmp_path / "live.db"
    for table in ("orders", "order_events", "fills", "accounts"):
        assert set(rows(paper, table)) == {SIM}
        assert set(rows(live, table)) == {LIVE}
    assert (rows(paper, "account_states"), rows(live, "account_states")) == ([], [LIVE])
    assert (rows(paper, "decisions"), rows(live, "decisions")) == ([None], [LIVE, None])
    assert LIVE not in rows(paper, "audit")
    keeper = SqliteKeeper(lambda: "CCCC")
    assert [keeper.examine(path).audit.is_whole for path in (paper, live)] == [True, True]
    assert [keeper.examine(path).rows["messages"] for path in (paper, live)] == [3, 3]


async def test_what_both_hold_is_told_once_and_in_time(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        later = replace(decision(1), account_id=LIVE, at=NOON + timedelta(seconds=5))
        await journal.commit([message(1), order(1, created_at=NOON + timedelta(seconds=9), **OF_LIVE), later])
        await journal.commit([message(2), decision(1), order(2)])
        journal.append([AuditNote(NOON + timedelta(seconds=1), "user", "B", "new", LIVE)])
        journal.append([AuditNote(NOON, "user", "A", "old")])
    async with opened(tmp_path) as journal:
        state = await journal.load()
        assert [one.message_key for one in state.messages] == ["discord:1:1", "discord:1:2"]
        assert [one.account_id for one in state.decisions] == [None, LIVE]
        assert [one.account_id for one in state.orders] == [SIM, LIVE]
        assert [note.kind for note in await journal.audit_notes(5)] == ["B", "A"]
        assert [note.kind for note in await journal.audit_notes(1)] == ["B"]


async def test_without_its_database_nothing_of_a_guarded_account_reaches_the_other(tmp_path: Path) -> None:
    async with opened(tmp_path, with_live=False) as journal:
        await journal.commit([message(1), replace(decision(1), account_id=LIVE), order(1, **OF_LIVE)])
        journal.append([fill(1, **OF_LIVE), AccountState(LIVE, TradingState.LOCKED, "killed", NOON)])
        state = await journal.load()
    assert (state.orders, state.fills, state.account_states) == ((), (), ())
    assert [one.account_id for one in state.decisions] == [None]


async def test_an_intent_that_its_database_refuses_is_not_copied_to_the_other(tmp_path: Path) -> None:
    failures: list[str] = []
    async with opened(tmp_path, failures=failures) as journal:
        live = journal._live
        assert live is not None
        await live._on_thread(lambda: _limit_pages(live, 0))
        with pytest.raises(StoreFailed, match=r"live\.db could not be written"):
            await journal.commit([message(1, "word " * 100_000), order(1, **OF_LIVE)])
        state = await journal.load()
        assert (state.messages, state.orders) == ((), ())
        await live._on_thread(lambda: _limit_pages(live, 1_000))
        await journal.commit([message(1), order(1, **OF_LIVE)])
        assert len((await journal.load()).orders) == 1
    assert failures


def _limit_pages(journal: SqliteJournal, spare: int) -> None:
    """So many pages more fit on the disk."""
    connection = journal._store.connection
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    connection.exec_driver_sql(f"PRAGMA max_page_count={pages + spare}")
    connection.rollback()


def killed_after(folder: Path, count: int) -> list[str]:
    """What a real child had acknowledged when SIGKILL came."""
    command = [sys.executable, str(Path(__file__).with_name("profile_child.py")), str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=folder) as child:
        assert child.stdout is not None
        printed = [child.stdout.readline().strip() for _ in range(count)]
        child.kill()
        printed += child.stdout.read().split("\n")[:-1]
    return printed


def test_kill_loses_nothing_acknowledged_in_either_file_and_mixes_nothing(tmp_path: Path) -> None:
    acknowledged = [name for count in (2, 9, 30) for name in killed_after(tmp_path, count)]

    async def reopen() -> tuple[list[str], list[int]]:
        async with opened(tmp_path) as journal:
            state = await journal.load()
            return [str(one.cl_ord_id) for one in state.orders], [one.sequence for one in state.messages]

    stored, sequences = asyncio.run(reopen())
    assert set(acknowledged) <= set(stored)
    assert len(stored) - len(acknowledged) <= 3, "at most one unacknowledged write per kill"
    assert len(set(stored)) == len(stored)
    assert sorted(sequences) == list(range(len(stored))), "each intent has its message, each message is told once"
    assert set(rows(tmp_path / "paper.db", "orders")) == {SIM}
    assert set(rows(tmp_path / "live.db", "orders")) == {LIVE}
    assert {name[:7] for name in stored} == {"TSPAAAA", "TSLBBBB"}
