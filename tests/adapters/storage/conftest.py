"""A journal on a real file, opened the way the program opens it."""

import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tradestream_gui.adapters.runtime.clock import RealClock, WorkCounter
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.journal import SqliteJournal

Opener = Callable[..., contextlib.AbstractAsyncContextManager[SqliteJournal]]


@pytest.fixture
def db_path(tmp_path: Path) -> Path:
    return tmp_path / "paper.db"


@pytest.fixture
def failures() -> list[str]:
    return []


@pytest.fixture
def opened(db_path: Path, failures: list[str]) -> Opener:
    """`async with opened() as journal`; keywords replace path, danger, work and epoch."""

    @contextlib.asynccontextmanager
    async def open_journal(
        path: Path = db_path, danger: Danger = Danger.PAPER, work: WorkCounter | None = None, epoch: str = "AAAA"
    ) -> AsyncIterator[SqliteJournal]:
        journal = await SqliteJournal.open(
            path,
            danger=danger,
            clock=RealClock(),
            work=work or WorkCounter(),
            new_epoch=lambda: epoch,
            on_failure=failures.append,
        )
        try:
            yield journal
        finally:
            await journal.close()

    return open_journal
