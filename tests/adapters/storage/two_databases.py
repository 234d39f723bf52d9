"""Asks a profile's two databases while both are being written to."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

from tests.adapters.storage.conftest import Opener
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.ports.journal import Record

AnswerT = TypeVar("AnswerT")


def answer_of_both(
    opened: Opener,
    folder: Path,
    paper: Sequence[Record],
    live: Sequence[Record],
    ask: Callable[[tuple[Path, Path]], Awaitable[AnswerT]],
) -> AnswerT:
    async def story() -> AnswerT:
        databases = (folder / "paper.db", folder / "live.db")
        async with (
            opened(path=databases[0]) as first,
            opened(path=databases[1], danger=Danger.LIVE, epoch="BBBB") as second,
        ):
            await first.commit(paper)
            await second.commit(live)
            return await ask(databases)

    return asyncio.run(story())
