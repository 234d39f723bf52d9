"""A locked screen disarms: heard on a real message bus of the test's own, and harmless where there is none."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from PyQt6.QtDBus import QDBusConnection, QDBusMessage
from PyQt6.QtWidgets import QApplication

from tests.support import eventually
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.lock_watch import LockWatch


def test_without_a_bus_nothing_is_heard(qapp: QApplication) -> None:
    assert not LockWatch(address="unix:path=/nowhere/at/all").is_listening


@asynccontextmanager
async def session_bus(daemon: str) -> AsyncIterator[str]:
    """A message bus of one's own, ended whatever the test does."""
    process = await asyncio.create_subprocess_exec(
        daemon, "--session", "--nofork", "--print-address",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


DAEMON = shutil.which("dbus-daemon")
if DAEMON is not None:

    async def test_a_locked_screen_disarms_and_an_unlocked_one_arms_nothing(qapp: QApplication) -> None:
        assert DAEMON is not None
        async with session_bus(DAEMON) as address:
            arming, watch = Arming(), LockWatch(address=address)
            watch.locked.connect(arming.on_screen_lock)
            assert watch.is_listening
            arming.arm()
            desktop = QDBusConnection.connectToBus(address, "desktop")
            for is_locked in (True, False):
                path, interface = "/org/gnome/ScreenSaver", "org.gnome.ScreenSaver"
                told = QDBusMessage.createSignal(path, interface, "ActiveChanged")
                told.setArguments([is_locked])
                assert desktop.send(told)
            await eventually(lambda: not arming.is_armed)
            assert arming.why == "Disarmed: the screen was locked."
            for name in ("desktop", f"lock watch {address}"):
                QDBusConnection.disconnectFromBus(name)
