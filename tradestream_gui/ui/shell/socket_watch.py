"""Which sockets the event loop listens to: one Qt notifier per descriptor and direction, none left behind."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from PyQt6.QtCore import QSocketNotifier


class HasFileno(Protocol):
    def fileno(self) -> int: ...


class SocketWatches:
    """The only owner of the loop's notifiers; each runs its asyncio handle through `run`, which the loop gives."""

    def __init__(self, run: Callable[[asyncio.Handle], None]) -> None:
        self._run = run
        self._listening = False
        self._by_kind: dict[QSocketNotifier.Type, dict[int, _Watch]] = {
            QSocketNotifier.Type.Read: {},
            QSocketNotifier.Type.Write: {},
        }

    def watch(self, kind: QSocketNotifier.Type, fd: int | HasFileno, handle: asyncio.Handle) -> asyncio.Handle:
        """Runs the handle whenever the descriptor is ready, in place of the one that was watched before."""
        number = fd if isinstance(fd, int) else fd.fileno()
        self.unwatch(kind, number)
        notifier = QSocketNotifier(number, kind)  # type: ignore[call-overload]  # the stub knows voidptr only
        notifier.setEnabled(self._listening)
        self._by_kind[kind][number] = _Watch(notifier, handle, self._run)
        return handle

    def unwatch(self, kind: QSocketNotifier.Type, fd: int | HasFileno) -> bool:
        """False when this direction of the descriptor was not watched."""
        watch = self._by_kind[kind].pop(fd if isinstance(fd, int) else fd.fileno(), None)
        if watch is None:
            return False
        watch.close()
        return True

    def listen(self, enabled: bool) -> None:
        """A notifier left on without a running loop reports the same socket for ever."""
        self._listening = enabled
        for watches in self._by_kind.values():
            for watch in watches.values():
                watch.notifier.setEnabled(enabled)

    def close(self) -> None:
        for kind, watches in self._by_kind.items():
            for fd in list(watches):
                self.unwatch(kind, fd)

    def __len__(self) -> int:
        return sum(len(watches) for watches in self._by_kind.values())


class _Watch:
    """One notifier and the handle that it runs."""

    def __init__(self, notifier: QSocketNotifier, handle: asyncio.Handle, run: Callable[[asyncio.Handle], None]):
        self.notifier = notifier
        self._handle = handle
        self._run = run
        notifier.activated.connect(self.fire)

    def fire(self, *_: object) -> None:
        self._run(self._handle)

    def close(self) -> None:
        self._handle.cancel()
        self.notifier.setEnabled(False)
        self.notifier.activated.disconnect(self.fire)
        self.notifier.deleteLater()
