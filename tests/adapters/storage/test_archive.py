"""Messages found in all databases of a profile, on the files that two running journals write."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.adapters.storage.conftest import Opener
from tests.adapters.storage.records import NOON, decision, message
from tests.adapters.storage.two_databases import answer_of_both
from tradestream_gui.adapters.storage.archive import PAGE, SqliteArchive
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.ports.history import FoundMessages
from tradestream_gui.ports.journal import Record


def find(
    opened: Opener,
    folder: Path,
    paper: list[Record],
    live: list[Record],
    words: str,
    limit: int = 10,
    leave_out: Callable[[MessageKey], bool] = lambda key: False,
) -> FoundMessages:
    async def ask(databases: tuple[Path, Path]) -> FoundMessages:
        archive = SqliteArchive(databases)
        try:
            return await archive.find(words, limit=limit, leave_out=leave_out)
        finally:
            await archive.close()

    return answer_of_both(opened, folder, paper, live, ask)


def numbers(found: FoundMessages) -> list[int]:
    return [each.versions[0].sequence for each in found.messages]


def test_a_message_of_both_databases_comes_once_with_all_versions_and_the_last_decision(
    opened: Opener, tmp_path: Path
) -> None:
    edited = replace(message(1), revision=1, text="no long after all")
    later = decision(1, Outcome.REFUSED, NOON + timedelta(seconds=9))
    found = find(opened, tmp_path, [message(1), decision(1), edited, message(2)], [message(1), later], "long")
    assert numbers(found) == [2, 1]
    last, first = found.messages
    assert last.decision is None
    assert [version.text for version in first.versions] == [message(1).text, "no long after all"]
    assert first.decision == later
    assert not found.has_more


def test_no_more_than_the_limit_the_newest_and_none_that_is_left_out(opened: Opener, tmp_path: Path) -> None:
    many: list[Record] = [message(number) for number in range(PAGE + 5)]
    held = {message(number).message_key for number in range(5, PAGE + 5)}
    found = find(opened, tmp_path, many, [], "long", limit=3, leave_out=held.__contains__)
    assert numbers(found) == [4, 3, 2], "held ones that fill the first page hide nothing behind them"
    assert found.has_more
    assert numbers(find(opened, tmp_path, [], [], "long", limit=5, leave_out=held.__contains__)) == [4, 3, 2, 1, 0]


def test_a_question_that_comes_after_the_end_opens_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        archive = SqliteArchive((tmp_path / "paper.db",))
        await archive.close()
        with pytest.raises(StoreFailed, match="closed"):
            await archive.find("long", limit=1, leave_out=lambda key: False)

    asyncio.run(story())


def test_signs_alone_find_nothing_rather_than_everything(opened: Opener, tmp_path: Path) -> None:
    assert find(opened, tmp_path, [message(1)], [], "% *") == FoundMessages((), has_more=False)
