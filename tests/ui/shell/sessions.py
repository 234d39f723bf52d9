"""A real window session for tests: started on a folder of its own, awaited, and closed whatever the test does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtWidgets import QApplication, QLabel

from tradestream_gui.app import StartMoments, WindowSession
from tradestream_gui.cli import build_parser, launch_from
from tradestream_gui.core import Core
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.instance import instance_lock
from tradestream_gui.paths import Paths
from tradestream_gui.ui.shell.excepthook import CrashHook

READY_S = 60.0


class Opened:
    """A window session that runs as a task, with the moments of its start in the order in which they came."""

    def __init__(self, qapp: QApplication, folder: Path, *arguments: str) -> None:
        self.launch = launch_from(build_parser().parse_args([*arguments, "--data-dir", str(folder)]))
        self.paths = Paths.for_profile(self.launch.profile, data_dir=folder)
        self.paths.create()
        self.hook = CrashHook()
        self.moments: list[str] = []
        self.ready = asyncio.Event()
        self.failed = asyncio.Event()
        self._qapp = qapp

    def start(self) -> None:
        lock = instance_lock(self.paths)
        assert lock.acquire()
        moments = StartMoments(self._painted, self._usable, self._ready, self.failed.set)
        self.session = WindowSession(self._qapp, self.launch, self.paths, self.hook, lock, monotonic(), moments)
        self.task = asyncio.create_task(self.session.run(), name="window")

    @property
    def core(self) -> Core:
        core = self.session.core
        assert core is not None, "the profile is not open"
        return core

    async def stands(self) -> None:
        """Until every part of the window is there."""
        ready = asyncio.create_task(self.ready.wait(), name="ready")
        await asyncio.wait({ready, self.task}, timeout=READY_S, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self.task.done():
            self.task.result()
        assert self.ready.is_set(), "the window did not open"

    async def close(self) -> int:
        self.session.window.close()
        answer = await asyncio.wait_for(self.task, READY_S)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return answer

    def trading_state(self) -> TradingState:
        account_id = self.session.window.risk_bar.account_id
        assert account_id is not None
        return self.core.accounts.state(account_id).trading_state

    def failure(self) -> str:
        return " ".join(label.text() for label in self.session.window.findChildren(QLabel) if label.isVisible())

    def _painted(self) -> None:
        self.moments.append("painted")

    def _usable(self) -> None:
        self.moments.append("usable")

    def _ready(self) -> None:
        self.moments.append("ready")
        self.ready.set()


@asynccontextmanager
async def ready(qapp: QApplication, folder: Path, *arguments: str) -> AsyncIterator[Opened]:
    opened = Opened(qapp, folder, *arguments)
    opened.start()
    await opened.stands()
    try:
        yield opened
    finally:
        if not opened.task.done():
            await opened.close()
