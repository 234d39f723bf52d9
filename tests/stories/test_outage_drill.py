"""The window killed by its own drill comes back by itself and shows that the stop stood and nothing doubled."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stories.drill_child import PICTURE, SHOWN
from tests.support import eventually
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.clock import WorkCounter
from tradestream_gui.adapters.runtime.file_lock import FileLock
from tradestream_gui.adapters.storage.drill_file import FILE_NAME, DrillFile
from tradestream_gui.cli import main
from tradestream_gui.domain.drills import DrillKind, Verdict
from tradestream_gui.paths import Paths
from tradestream_gui.relaunch import own_command, relaunch_command

ROOT = Path(__file__).parents[2]
ENDS_BY_ITSELF_S = 90


def live_until_killed(folder: Path) -> int:
    """The first life, in a process of its own, until it is over; answers how it ended."""
    words = ["--demo", "--data-dir", str(folder), "--seconds", str(ENDS_BY_ITSELF_S)]
    command = [sys.executable, "-m", "tests.stories.drill_child", *words]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as child:
        try:
            _, told = child.communicate(timeout=ENDS_BY_ITSELF_S)
        finally:
            child.kill()
    assert child.returncode == -signal.SIGKILL, told[-2_000:]
    return child.returncode


async def test_the_killed_window_opens_again_and_shows_what_the_drill_has_measured(tmp_path: Path) -> None:
    await asyncio.to_thread(live_until_killed, tmp_path)
    paths = Paths.for_profile("demo", data_dir=tmp_path)
    await eventually((tmp_path / SHOWN).exists, within_s=90, why="the program's return")
    lock = FileLock(paths.lock_file)
    await eventually(lock.acquire, within_s=30, why="the end of the second life")
    lock.release()
    kept = DrillFile(paths.data_dir / FILE_NAME, write_atomically, WorkCounter()).load()
    assert kept.pending is None
    (report,) = kept.reports
    assert (report.kind, report.verdict, report.problems) == (DrillKind.PROCESS, Verdict.PASSED, ())
    assert [lot.signed_qty for lot in report.before] == [lot.signed_qty for lot in report.after] == [1]
    (stop,) = report.stops
    assert (stop.looks, stop.covered, stop.order_qty) == (2, 2, 1)
    assert (report.doubled_orders, report.doubled_entries) == (0, 0)
    assert report.recovered_ms is not None
    shown = (tmp_path / SHOWN).read_text("utf-8")
    assert "The program is killed\npassed" in shown
    assert "Held after: +1 MES Dec26 of Manual" in shown
    assert "there in 2 of 2 looks" in shown
    assert (tmp_path / PICTURE).stat().st_size > 10_000


def test_the_relauncher_waits_for_the_lock_and_then_starts_exactly_the_command(tmp_path: Path) -> None:
    lock, proof = FileLock(tmp_path / "instance.lock"), tmp_path / "proof"
    assert lock.acquire()
    code = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(' '.join(sys.argv[2:]))"
    command = [sys.executable, "-c", code, str(proof), "--demo", "--", "-x"]
    with subprocess.Popen(relaunch_command(lock.path, command), cwd=ROOT, stderr=subprocess.PIPE) as waiting:
        try:
            waiting.wait(timeout=1.5)
        except subprocess.TimeoutExpired:
            assert not proof.exists()
        else:
            raise AssertionError("it did not wait for the lock")
        lock.release()
        assert waiting.wait(timeout=60) == 0
    wait_for(proof)
    assert proof.read_text() == "--demo -- -x"


def wait_for(path: Path) -> None:
    """Until the started command has written its whole line."""

    async def written() -> None:
        await eventually(lambda: path.exists() and path.read_text() != "", within_s=60)

    asyncio.run(written())


def test_the_same_command_line_is_used_again_with_what_the_next_life_needs_once() -> None:
    words = own_command("--resume")
    assert words[0] == sys.executable
    assert words[1:] == [*sys.orig_argv[1:], "--resume"]
    assert own_command(sys.orig_argv[-1]) == [sys.executable, *sys.orig_argv[1:]]


def test_the_way_back_is_not_among_the_commands_that_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "relaunch" not in capsys.readouterr().out.replace("{", "")
