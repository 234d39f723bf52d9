"""Opens the program again after it was killed: waits until its instance lock is free, then starts the same command."""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tradestream_gui.adapters.runtime.file_lock import FileLock
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import Notice, NoticeKind, Severity
from tradestream_gui.ports.clock import Clock

COMMAND = "relaunch"
PATIENCE_S = 60.0
LOOK_S = 0.05
OPENED_FROM = "APPIMAGE"
"""Set by an AppImage: the file that was started. Its inside is gone once the program has ended."""


def run_relaunch(options: argparse.Namespace) -> int:
    """0 when the command was started. The lock is freed by the system when its holder is gone, however it ended, and
    by nothing else while it lives: a free lock is the proof that the old program is gone, even where its number stays
    listed for a while."""
    lock = FileLock(options.lock)
    deadline = time.monotonic() + PATIENCE_S
    while not lock.acquire():
        if time.monotonic() > deadline:
            print(f"the program still runs after {PATIENCE_S:g} s; it was not opened again", file=sys.stderr)
            return 1
        time.sleep(LOOK_S)
    lock.release()
    start_apart(options.command)
    return 0


def start_apart(command: Sequence[str]) -> None:
    """A process that outlives this one and shares neither its terminal nor its window's session."""
    quiet = subprocess.DEVNULL
    if sys.platform == "win32":
        flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
        subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, close_fds=True, creationflags=flags)
    else:
        subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, close_fds=True, start_new_session=True)


def own_command(*more: str) -> list[str]:
    """The command line by which this process was started, with `more` at its end unless it stands there already."""
    if getattr(sys, "frozen", False):
        words = [os.environ.get(OPENED_FROM) or sys.executable, *sys.argv[1:]]
    else:
        words = [sys.executable, *sys.orig_argv[1:]]
    return [*words, *(word for word in more if word not in words)]


def relaunch_command(lock: Path, command: Sequence[str]) -> list[str]:
    """What waits for this process to be gone and then starts `command`."""
    return [*_program(), COMMAND, "--lock", str(lock), "--", *command]


def demo_command(data_dir: Path | None) -> list[str]:
    """What opens the demo day in a window and profile of its own, kept where this program keeps its own."""
    return [*_program(), *(() if data_dir is None else ("--data-dir", str(data_dir))), "--demo"]


def open_demo(bus: EventBus, clock: Clock, data_dir: Path | None) -> None:
    """Starts the demo beside this program; where the system refuses, a notice says so and how to start it by hand."""
    command = demo_command(data_dir)
    try:
        start_apart(command)
    except OSError as error:
        words = f"{command[0]} could not be started: {error.strerror}. Start it yourself: tradestream --demo"
        bus.publish(Notice(NoticeKind.SYSTEM, Severity.WARNING, "The demo did not open", words, clock.now()))


def _program() -> list[str]:
    if getattr(sys, "frozen", False):
        return [os.environ.get(OPENED_FROM) or sys.executable]
    return [sys.executable, "-m", "tradestream_gui"]


class ProcessRestarter:
    """Kills this process as a crash would. `more` is what the next life needs besides the same command line."""

    def __init__(self, lock: Path, *more: str) -> None:
        self._lock = lock
        self._more = more

    def restart(self) -> None:
        """Does not return. Raises OSError, and kills nothing, when what opens the program again cannot be started."""
        start_apart(relaunch_command(self._lock, own_command(*self._more)))
        os.kill(os.getpid(), signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
