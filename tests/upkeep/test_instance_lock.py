"""A second TradeStream on the same data is refused and brings the first one to the front."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.file_lock import FileLock
from tradestream_gui.upkeep.instance_lock import InstanceLock

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from tradestream_gui.adapters.runtime.file_lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
time.sleep(60)
"""


def instance(folder: Path) -> InstanceLock:
    return InstanceLock(folder, FileLock(folder / "instance.lock"), write=write_atomically, token=os.urandom)


async def test_the_second_start_is_refused_and_the_first_window_raised(tmp_path: Path) -> None:
    raised: list[str] = []
    first, second = instance(tmp_path), instance(tmp_path)
    assert first.acquire()
    await first.open_door(lambda: raised.append("raised"))
    assert not second.acquire()
    assert await second.ask_to_raise()
    assert raised == ["raised"]
    await first.close()
    assert second.acquire()
    assert not await second.ask_to_raise()
    await second.close()


async def test_who_does_not_know_the_word_raises_nothing(tmp_path: Path) -> None:
    raised: list[str] = []
    first = instance(tmp_path)
    assert first.acquire()
    await first.open_door(lambda: raised.append("raised"))
    door = tmp_path / "instance.door"
    port = int(door.read_text().split()[0])
    for line in (b"raise wrong\n", b"raise\n", b"x" * 5_000 + b"\n", b"\n", b"GET / HTTP/1.1\r\n\r\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(line)
        try:
            assert await reader.read() == b""
        except ConnectionResetError:
            continue
        finally:
            writer.close()
    assert raised == []
    assert os.name == "nt" or door.stat().st_mode & 0o077 == 0
    await first.close()


def test_a_killed_holder_frees_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "instance.lock"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "True"
        lock = FileLock(path)
        assert not lock.acquire()
        child.kill()
        child.wait()
        assert lock.acquire()
        lock.release()
