"""A process killed in the middle of its writes loses nothing that it was told is safe."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from tests.adapters.storage.conftest import Opener
from tradestream_gui.adapters.storage.keeper import SqliteKeeper
from tradestream_gui.ports.history import AuditReport
from tradestream_gui.ports.journal import StoredState

ROOT = Path(__file__).parents[3]


def acknowledged_until_killed(path: Path, count: int) -> list[str]:
    """What a real child printed before SIGKILL came, at some moment after `count` acknowledgements."""
    command = [sys.executable, str(Path(__file__).with_name("journal_child.py")), str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=path.parent) as child:
        assert child.stdout is not None
        printed = [child.stdout.readline().strip() for _ in range(count)]
        child.kill()
        printed += child.stdout.read().split("\n")[:-1]
    return printed


def test_all_that_was_acknowledged_is_there_after_each_kill_and_no_id_comes_twice(
    opened: Opener, db_path: Path
) -> None:
    acknowledged: list[str] = []
    for count in (1, 7, 40):
        acknowledged += acknowledged_until_killed(db_path, count)

    async def reopen() -> tuple[StoredState, AuditReport]:
        async with opened() as journal:
            return await journal.load(), SqliteKeeper(lambda: "BBBB").examine(db_path).audit

    found, report = asyncio.run(reopen())
    stored = [str(order.cl_ord_id) for order in found.orders]
    assert acknowledged == [name for name in stored if name in set(acknowledged)]
    assert len(stored) - len(acknowledged) <= 3, "at most one unacknowledged write per kill"
    assert len(set(stored)) == len(stored)
    assert [message.sequence for message in found.messages] == list(range(len(stored)))
    assert report.is_whole, report.problem
