"""What no test may do or leave behind: reach beyond loopback, leave a thread, a task or a window."""

import asyncio
import gc
import ipaddress
import sys
import threading
import time
from collections.abc import Iterable

OWN_THREADS = ("MainThread", "Dummy-", "execnet", "pytest_timeout", "ThreadPoolExecutor-execnet")
"""The runner's threads, and those that Qt started and Python merely met."""
THREAD_PATIENCE_S = 2.0


class SocketGuard:
    """Refuses every address but loopback, and remembers it in case the code under test swallowed the refusal."""

    def __init__(self) -> None:
        self.refusals: list[str] = []

    def install(self) -> None:
        """For the life of the process: an audit hook cannot be patched away, nor removed."""
        sys.addaudithook(self._audit)

    def take_refusals(self) -> list[str]:
        refusals, self.refusals = self.refusals, []
        return refusals

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.getaddrinfo":
            host = arguments[0]
        elif event in ("socket.connect", "socket.sendto"):
            address = arguments[1]
            if not isinstance(address, tuple):
                return  # a Unix socket's path
            host = address[0]
        else:
            return
        if not is_loopback(host):
            message = f"tests reach no address but loopback, this one asked for {host!r}"
            self.refusals.append(message)
            raise RuntimeError(message)


def is_loopback(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def leaked_threads(before: Iterable[threading.Thread]) -> list[str]:
    """Threads that are still alive a while after the test that started them."""
    known = set(before)
    deadline = time.monotonic() + THREAD_PATIENCE_S
    while True:
        alive = [
            thread
            for thread in threading.enumerate()
            if thread not in known and thread.is_alive() and not thread.name.startswith(OWN_THREADS)
        ]
        if not alive or time.monotonic() > deadline:
            return [thread.name for thread in alive]
        time.sleep(0.01)


def leaked_windows(before: Iterable[object]) -> list[str]:
    """Top-level widgets that outlive their test, after Qt and Python had their chance to delete them."""
    from PyQt6.QtCore import QCoreApplication, QEvent
    from PyQt6.QtWidgets import QApplication

    known = {id(widget) for widget in before}

    def remaining() -> list[str]:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        return [
            f"{type(widget).__name__} {widget.objectName()!r}"
            for widget in QApplication.topLevelWidgets()
            if id(widget) not in known
        ]

    if not remaining():
        return []
    gc.collect()
    return remaining()


def finish_loop(loop: asyncio.AbstractEventLoop) -> list[str]:
    """Ends what the test left on its loop, closes it, and names the tasks that were left."""
    left = [task for task in asyncio.all_tasks(loop) if not task.done()]
    for task in left:
        task.cancel()
    try:
        if left:
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    return [task.get_name() for task in left]
