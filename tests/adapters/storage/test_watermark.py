"""The watermark's file: what it raised outlives the process, a torn line, and the file of an older version."""

import asyncio
import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tradestream_gui.adapters.runtime.clock import WorkCounter
from tradestream_gui.adapters.storage import watermark
from tradestream_gui.adapters.storage.watermark import FileWatermark
from tradestream_gui.domain.errors import StoreFailed


def opened(path: Path) -> FileWatermark:
    mark = FileWatermark(path, WorkCounter())
    mark.load()
    return mark


async def test_what_was_raised_is_known_to_the_next_start_and_to_a_torn_file(tmp_path: Path) -> None:
    path = tmp_path / "watermark.json"
    mark = opened(path)
    assert mark.allows("discord", "1", 5)
    await mark.advance("discord", "1", 5)
    await asyncio.gather(mark.advance("discord", "2", 9), mark.advance("discord", "1", 4), mark.advance("x", "1", 7))
    mark.close()
    path.write_bytes(path.read_bytes() + b'{"discord:1": 99')
    later = opened(path)
    assert not later.allows("discord", "1", 5)
    assert later.allows("discord", "1", 6)
    assert not later.allows("discord", "2", 9)
    assert not later.allows("x", "1", 7)
    await later.advance("discord", "1", 6)
    later.close()
    assert path.read_bytes().count(b"\n") == 1, "one line of all; what was torn is gone"
    assert not opened(path).allows("discord", "1", 6)


async def test_file_of_an_older_version_is_read_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "watermark.json"
    path.write_text(json.dumps({"discord:1": 5, "discord:2": 8}))
    mark = opened(path)
    assert not mark.allows("discord", "1", 5)
    await mark.advance("discord", "1", 6)
    mark.close()
    later = opened(path)
    assert [later.allows("discord", "1", 6), later.allows("discord", "2", 8)] == [False, False]
    later.close()


@pytest.mark.parametrize("kept", [b"not json", b'{"discord:1": 5}\n{"torn\n{"discord:2": 6}\n', b"[1, 2]", b'{"a"'])
def test_file_that_cannot_be_read_lets_nothing_open(tmp_path: Path, kept: bytes) -> None:
    path = tmp_path / "watermark.json"
    path.write_bytes(kept)
    mark = FileWatermark(path, WorkCounter())
    with pytest.raises(StoreFailed, match="no alert may open"):
        mark.load()
    mark.close()


async def test_long_file_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watermark, "LINES_MOST", 4)
    path = tmp_path / "watermark.json"
    mark = opened(path)
    for number in range(20):
        await mark.advance("discord", "1", number)
    mark.close()
    assert path.read_bytes().count(b"\n") <= 5
    assert not opened(path).allows("discord", "1", 19)


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """The kernel takes what fits and refuses the rest."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [0, 5])
async def test_line_that_the_disk_took_only_in_part_is_no_mark_until_it_is_written_whole(
    tmp_path: Path, room: int
) -> None:
    path = tmp_path / "watermark.json"
    mark = opened(path)
    await mark.advance("discord", "1", 1)
    with no_file_longer_than(path.stat().st_size + room), pytest.raises(StoreFailed, match="could not be written"):
        await mark.advance("discord", "1", 2)
    assert opened(path).allows("discord", "1", 2), "it was told that this was not kept"
    await mark.advance("discord", "1", 2)
    await mark.advance("discord", "1", 3)
    mark.close()
    assert not opened(path).allows("discord", "1", 3)


async def test_an_older_message_waits_until_the_newer_one_beside_it_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "watermark.json"
    mark = opened(path)
    newer = mark.advance("discord", "1", 9)
    await asyncio.sleep(0)
    await mark.advance("discord", "1", 8)
    assert not opened(path).allows("discord", "1", 8)
    await newer
    mark.close()
