"""The one asyncio loop of the program: it runs inside Qt's event loop, keeps time exactly and answers sockets at once.

qasync 0.28 arms one coarse Qt timer per callback: sleeps end up to 98 ms early and a burst of callbacks costs
thirteen times what asyncio asks. This subclass keeps asyncio's own rules instead:

* ready callbacks share one queue, drained in order by one zero-delay Qt timer and for at most 4 ms at a time;
* deadlines live in one heap behind one precise timer, rounded up, and are compared with the clock again when it fires;
* a socket's callback runs inside its notifier and what it made ready runs in the same pass;
* SystemExit and KeyboardInterrupt leave through `run_forever`, not through Qt.
"""

import asyncio
import signal
import sys
import threading
from asyncio import events
from collections import deque
from collections.abc import Callable
from contextvars import Context
from time import monotonic, perf_counter

from PyQt6.QtCore import QObject, QSocketNotifier, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QApplication

from tradestream_gui.ui.shell.deadlines import Deadlines
from tradestream_gui.ui.shell.socket_watch import HasFileno, SocketWatches

import qasync  # isort: skip  (PyQt6 must be imported first: qasync picks the binding that is already loaded)

DRAIN_BUDGET_S = 0.004  # a quarter of a 60 Hz frame: callbacks may not hold painting and input longer than this
GENERATIONS_PER_DRAIN = 3  # reader -> future -> task step, in one pass as asyncio does it


class _Waker(QObject):
    """Carries a wake-up from any thread to the loop's thread."""

    woken = pyqtSignal()


class PreciseEventLoop(qasync.QEventLoop):  # type: ignore[misc]  # qasync ships no types
    """qasync's loop with asyncio's ordering, exact timers and no work left behind when it closes."""

    def __init__(self, app: QApplication) -> None:
        self._ready_handles: deque[asyncio.Handle] = deque()
        self._deadlines = Deadlines(self._run_due)
        self._sockets = SocketWatches(self._run_at_once)
        self._draining = False
        self._wake_pending = False
        self._zero_armed = False
        self._leaving: BaseException | None = None
        self._outer_wakeup_fd = -1
        self._qt_app = app
        self._zero_timer = QTimer()
        self._waker = _Waker()
        super().__init__(app)
        self._zero_timer.setInterval(0)
        self._zero_timer.timeout.connect(self._drain)
        queued = Qt.ConnectionType.QueuedConnection
        self._waker.woken.connect(self._on_woken, queued)  # type: ignore[call-arg]  # PyQt6's own stub lacks the type

    # asyncio's own code, in place of qasync's copies that keep apart state under private names
    run_until_complete = asyncio.BaseEventLoop.run_until_complete
    is_running = asyncio.BaseEventLoop.is_running
    run_in_executor = asyncio.BaseEventLoop.run_in_executor
    set_default_executor = asyncio.BaseEventLoop.set_default_executor
    set_exception_handler = asyncio.BaseEventLoop.set_exception_handler
    default_exception_handler = asyncio.BaseEventLoop.default_exception_handler
    call_exception_handler = asyncio.BaseEventLoop.call_exception_handler

    # running and stopping

    def run_forever(self) -> None:
        """Runs callbacks and the Qt window system until `stop()`; raises what a callback left the program with."""
        self._check_closed()
        self._check_running()
        self._leaving = None
        self._thread_id = threading.get_ident()
        hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(firstiter=self._asyncgen_firstiter_hook, finalizer=self._asyncgen_finalizer_hook)
        self._take_signals()
        self._before_run_forever()
        events._set_running_loop(self)
        self._sockets.listen(True)
        self._deadlines.arm()
        self._wake()
        try:
            self._qt_app.exec()
        finally:
            self._sockets.listen(False)
            self._zero_timer.stop()
            self._zero_armed = False
            self._deadlines.rest()
            events._set_running_loop(None)
            self._after_run_forever()
            self._give_signals_back()
            sys.set_asyncgen_hooks(*hooks)
            self._thread_id = None  # type: ignore[assignment]  # asyncio's own mark of a loop that rests
            self._stopping = False
        self._raise_leaving()

    def stop(self) -> None:
        """Ends `run_forever` after the callbacks that are ready now; called before it, the loop runs one pass."""
        self._stopping = True
        if self._thread_id is not None:
            self._wake()

    def close(self) -> None:
        """Drops every timer, notifier and callback; a closed loop takes nothing more."""
        if self.is_running():
            raise RuntimeError("a running event loop cannot be closed: stop it first")
        if self.is_closed():
            return
        super().close()
        self._sockets.close()
        self._zero_timer.stop()
        self._deadlines.close()
        self._waker.woken.disconnect(self._on_woken)
        self._ready_handles.clear()

    # scheduling

    def call_soon(
        self, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> asyncio.Handle:
        self._check_closed()
        if self._debug:
            self._check_thread()
            self._check_callback(callback, "call_soon")
        handle = asyncio.Handle(callback, args, self, context)
        self._ready_handles.append(handle)
        if not self._zero_armed and not self._draining:
            self._wake()
        return handle

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> asyncio.Handle:
        self._check_closed()
        if self._debug:
            self._check_callback(callback, "call_soon_threadsafe")
        handle = asyncio.Handle(callback, args, self, context)
        self._ready_handles.append(handle)
        if not self._wake_pending:  # cleared before a drain, so a handle appended meanwhile is always seen
            self._wake_pending = True
            self._waker.woken.emit()
        return handle

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(monotonic() + delay, callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> asyncio.TimerHandle:
        self._check_closed()
        if self._debug:
            self._check_thread()
            self._check_callback(callback, "call_at")
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        if self._deadlines.add(handle) and self._thread_id is not None:
            self._deadlines.arm()
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        self._deadlines.forget_cancelled()

    def _add_callback(self, handle: asyncio.Handle, delay: float = 0) -> asyncio.Handle:
        """asyncio's entry for handles that it made itself (signals, Windows completions)."""
        self._ready_handles.append(handle)
        if not self._draining:
            self._wake()
        return handle

    # sockets

    def _add_reader(self, fd: int | HasFileno, callback: Callable[..., object], *args: object) -> asyncio.Handle:
        self._check_closed()
        return self._sockets.watch(QSocketNotifier.Type.Read, fd, asyncio.Handle(callback, args, self))

    def _add_writer(self, fd: int | HasFileno, callback: Callable[..., object], *args: object) -> asyncio.Handle:
        self._check_closed()
        return self._sockets.watch(QSocketNotifier.Type.Write, fd, asyncio.Handle(callback, args, self))

    def _remove_reader(self, fd: int | HasFileno) -> bool:
        return self._sockets.unwatch(QSocketNotifier.Type.Read, fd)

    def _remove_writer(self, fd: int | HasFileno) -> bool:
        return self._sockets.unwatch(QSocketNotifier.Type.Write, fd)

    # signals

    def _take_signals(self) -> None:
        """A Unix signal ends Qt's wait at once; Ctrl+C leaves `run_forever` as KeyboardInterrupt."""
        if threading.current_thread() is not threading.main_thread():
            return
        if sys.platform != "win32":
            self._outer_wakeup_fd = signal.set_wakeup_fd(self._csock.fileno(), warn_on_full_buffer=False)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._on_interrupt)

    def _give_signals_back(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        if signal.getsignal(signal.SIGINT) == self._on_interrupt:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if sys.platform != "win32" and not self._signal_handlers:
            signal.set_wakeup_fd(self._outer_wakeup_fd)

    def _on_interrupt(self, *_: object) -> None:
        self._leaving = KeyboardInterrupt()
        self.stop()

    def _raise_leaving(self) -> None:
        leaving, self._leaving = self._leaving, None
        if leaving is not None:
            raise leaving

    # running what is ready

    def _wake(self) -> None:
        if not self._zero_armed and self._thread_id is not None:
            self._zero_armed = True
            self._zero_timer.start()

    def _on_woken(self) -> None:
        self._wake_pending = False
        self._drain()

    def run_ready(self) -> None:
        """Runs what is ready now instead of in the next turn; from within a turn it is left to that."""
        if not self._draining:
            self._drain()

    def _run_at_once(self, handle: asyncio.Handle) -> None:
        """A notifier fired. Inside a nested Qt loop it waits: the socket reports again once the outer callback ends."""
        if self._draining or self._thread_id is None:
            return
        self._ready_handles.appendleft(handle)
        self._drain()

    def _run_due(self) -> None:
        self._ready_handles.extend(self._deadlines.take_due())
        self._deadlines.arm()
        self._drain()

    def _drain(self) -> None:
        """Runs ready callbacks in order, at most three generations and 4 ms, then lets Qt paint and listen."""
        if self._draining or self._thread_id is None:
            self._rest()  # a nested Qt loop: the callback that opened it is still running and goes on later
            return
        ready = self._ready_handles
        ends = perf_counter() + DRAIN_BUDGET_S
        self._draining = True
        try:
            for _ in range(GENERATIONS_PER_DRAIN):
                for _ in range(len(ready)):
                    handle = ready.popleft()
                    if not handle._cancelled:
                        self._run_handle(handle) if self._debug else handle._run()
                    if perf_counter() > ends:
                        break
                if not ready or self._stopping or perf_counter() > ends:
                    break
        except (SystemExit, KeyboardInterrupt) as leaving:
            self._leaving = leaving
            self._stopping = True
        finally:
            self._draining = False
        if self._stopping:
            self._qt_app.exit()
        if ready:
            self._wake()
        else:
            self._rest()

    def _rest(self) -> None:
        if self._zero_armed:
            self._zero_armed = False
            self._zero_timer.stop()

    def _run_handle(self, handle: asyncio.Handle) -> None:
        """Debug mode: names the callback that held the loop too long."""
        started = perf_counter()
        handle._run()
        took_s = perf_counter() - started
        if took_s >= self.slow_callback_duration:
            self.call_exception_handler({"message": f"{handle!r} held the event loop for {took_s:.3f} s"})


def run_ready() -> None:
    """What a press has made ready runs before Qt paints the press; a loop that is not ours runs it in its next turn."""
    loop = asyncio.get_running_loop()
    if isinstance(loop, PreciseEventLoop):
        loop.run_ready()


def make_event_loop(app: QApplication) -> PreciseEventLoop:
    """The program's loop, set as current; call it before ib_insync is imported, which keeps the loop it finds."""
    app.setQuitOnLastWindowClosed(False)
    loop = PreciseEventLoop(app)
    asyncio.set_event_loop(loop)
    return loop
