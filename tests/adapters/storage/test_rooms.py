"""A room read from all databases of a profile, on the files that two running journals write."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.adapters.storage.conftest import Opener
from tests.adapters.storage.records import message
from tests.adapters.storage.two_databases import answer_of_both
from tradestream_gui.adapters.storage.readers import MAX_PAGE
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.ports.history import RoomMessages
from tradestream_gui.ports.journal import Record
from tradestream_gui.profile.message_archive import ProfileArchive


def room(opened: Opener, folder: Path, paper: list[Record], live: list[Record], limit: int = 10) -> RoomMessages:
    async def ask(databases: tuple[Path, Path]) -> RoomMessages:
        archive = ProfileArchive(databases)
        try:
            return await archive.room("1", limit=limit)
        finally:
            await archive.close()

    return answer_of_both(opened, folder, paper, live, ask)


def test_each_message_of_the_channel_comes_once_in_its_newest_version(opened: Opener, tmp_path: Path) -> None:
    edited = replace(message(1), revision=1, text="no long after all")
    taken_back = replace(message(3), revision=1, deleted=True)
    elsewhere = message(2, channel="2")
    found = room(opened, tmp_path, [message(1), elsewhere, message(3), message(4)], [message(1), edited, taken_back])
    assert found == RoomMessages((message(4), taken_back, edited), has_more=False)


def test_no_more_than_the_limit_and_the_newest(opened: Opener, tmp_path: Path) -> None:
    edits = [replace(message(0), revision=number) for number in range(1, MAX_PAGE + 5)]
    found = room(opened, tmp_path, [message(number) for number in range(4)] + edits, [], limit=3)
    assert [each.sequence for each in found.messages] == [3, 2, 1], "a page full of edits hides nothing behind it"
    assert found.has_more
    assert [each.sequence for each in room(opened, tmp_path, [], [], limit=4).messages] == [3, 2, 1, 0]


def test_a_damaged_database_and_a_closed_archive_say_so(tmp_path: Path) -> None:
    async def story() -> None:
        damaged = tmp_path / "damaged.db"
        damaged.write_bytes(b"no database" * 1_000)
        archive = ProfileArchive((damaged,))
        with pytest.raises(StoreFailed, match=r"damaged\.db could not be read"):
            await archive.room("1", limit=1)
        await archive.close()
        with pytest.raises(StoreFailed, match="closed"):
            await archive.room("1", limit=1)

    asyncio.run(story())
