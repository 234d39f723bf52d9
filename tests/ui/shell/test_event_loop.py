"""The event loop keeps asyncio's rules and never wakes anybody early."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from PyQt6.QtCore import QSocketNotifier, QTimer
from PyQt6.QtWidgets import QApplication

from tradestream_gui.ui.shell.event_loop import PreciseEventLoop, make_event_loop, run_ready


def test_no_sleep_ends_before_its_time(loop: PreciseEventLoop) -> None:
    early: list[float] = []

    async def sleep(seconds: float) -> None:
        began = time.monotonic()
        await asyncio.sleep(seconds)
        early.append(time.monotonic() - began - seconds)

    async def many() -> None:
        await asyncio.gather(*(sleep(0.0004 + number * 0.0071) for number in range(60)))

    loop.run_until_complete(many())
    assert len(early) == 60
    assert min(early) >= 0


def test_call_at_waits_for_the_loops_own_clock(loop: PreciseEventLoop) -> None:
    seen: list[float] = []
    when = loop.time() + 0.05
    handle = loop.call_at(when, lambda: seen.append(loop.time()))
    assert handle.when() == when
    loop.call_later(0.08, loop.stop)
    loop.run_forever()
    assert seen
    assert seen[0] >= when


def test_what_a_qt_event_made_ready_can_run_before_it_ends(loop: PreciseEventLoop) -> None:
    order: list[str] = []

    def on_event() -> None:
        loop.call_soon(order.append, "ready")
        run_ready()
        order.append("event ends")
        loop.call_soon(from_a_callback)

    def from_a_callback() -> None:
        loop.call_soon(order.append, "next")
        run_ready()
        order.append("callback ends")
        loop.call_soon(loop.stop)

    QTimer.singleShot(0, on_event)
    loop.run_forever()
    assert order == ["ready", "event ends", "callback ends", "next"]


async def test_another_loop_runs_it_in_its_next_turn() -> None:
    order: list[str] = []
    asyncio.get_running_loop().call_soon(order.append, "ready")
    run_ready()
    assert not order
    await asyncio.sleep(0)
    assert order == ["ready"]


def test_callbacks_run_in_the_order_of_their_calls(loop: PreciseEventLoop) -> None:
    order: list[int] = []
    for number in range(500):
        loop.call_soon(order.append, number)
    loop.call_soon(loop.stop)
    loop.run_forever()
    assert order == list(range(500))


def test_deadlines_of_one_moment_run_in_the_order_of_their_calls(loop: PreciseEventLoop) -> None:
    order: list[int] = []
    when = loop.time() + 0.01
    for number in range(50):
        loop.call_at(when, order.append, number)
    loop.call_at(when + 0.01, loop.stop)
    loop.run_forever()
    assert order == list(range(50))


def test_a_callback_called_from_a_callback_runs_after_those_that_wait(loop: PreciseEventLoop) -> None:
    order: list[str] = []

    def first() -> None:
        order.append("first")
        loop.call_soon(order.append, "called by first")
        loop.call_soon(loop.stop)

    loop.call_soon(first)
    loop.call_soon(order.append, "second")
    loop.run_forever()
    assert order == ["first", "second", "called by first"]


def test_a_cancelled_callback_or_deadline_never_runs(loop: PreciseEventLoop) -> None:
    ran: list[str] = []
    loop.call_soon(ran.append, "soon").cancel()
    loop.call_later(0.005, ran.append, "later").cancel()
    loop.call_later(0.03, loop.stop)
    loop.run_forever()
    assert ran == []


def test_thousands_of_cancelled_timeouts_are_forgotten(loop: PreciseEventLoop) -> None:
    for _ in range(3000):
        loop.call_later(3600, loop.stop).cancel()
    assert len(loop._deadlines) < 300


def test_a_thread_wakes_an_idle_loop_and_its_calls_keep_their_order(loop: PreciseEventLoop) -> None:
    order: list[int] = []

    def feed() -> None:
        for number in range(300):
            loop.call_soon_threadsafe(order.append, number)
        loop.call_soon_threadsafe(loop.stop)

    thread = threading.Thread(target=feed)
    loop.call_later(0.01, thread.start)
    loop.run_forever()
    thread.join()
    assert order == list(range(300))


def test_work_in_a_thread_comes_back_with_its_result_or_its_error(loop: PreciseEventLoop) -> None:
    async def work() -> None:
        assert await asyncio.to_thread(sum, [1, 2, 3]) == 6
        with pytest.raises(ZeroDivisionError):
            await loop.run_in_executor(None, lambda: 1 // 0)
        await loop.shutdown_default_executor()

    loop.run_until_complete(work())


def test_a_timeout_cancels_and_the_loop_goes_on(loop: PreciseEventLoop) -> None:
    async def work() -> str:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.sleep(60), 0.01)
        return "went on"

    assert loop.run_until_complete(work()) == "went on"


def test_an_error_in_a_callback_is_reported_and_does_not_stop_the_others(loop: PreciseEventLoop) -> None:
    reported: list[object] = []
    ran: list[str] = []
    loop.set_exception_handler(lambda _, context: reported.append(context["exception"]))
    loop.call_soon(lambda: 1 // 0)
    loop.call_soon(ran.append, "next")
    loop.call_soon(loop.stop)
    loop.run_forever()
    assert [type(error) for error in reported] == [ZeroDivisionError]
    assert ran == ["next"]


def test_an_error_of_the_main_coroutine_reaches_the_caller(loop: PreciseEventLoop) -> None:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise LookupError("no such contract")

    with pytest.raises(LookupError, match="no such contract"):
        loop.run_until_complete(fail())


def test_system_exit_leaves_the_loop_with_its_code(loop: PreciseEventLoop) -> None:
    loop.call_soon(sys.exit, 3)
    with pytest.raises(SystemExit) as left:
        loop.run_forever()
    assert left.value.code == 3
    assert not loop.is_running()


def test_a_long_queue_of_callbacks_does_not_keep_qt_from_its_timers(loop: PreciseEventLoop) -> None:
    qt_ticks: list[int] = []
    timer = QTimer()
    timer.setInterval(1)
    timer.timeout.connect(lambda: qt_ticks.append(1))
    timer.start()
    left = [400]

    def busy() -> None:
        until = time.perf_counter() + 0.0003
        while time.perf_counter() < until:
            pass
        left[0] -= 1
        loop.call_soon(busy if left[0] else loop.stop)

    loop.call_soon(busy)
    loop.run_forever()
    assert len(qt_ticks) > 3


def test_nothing_runs_while_only_qt_runs(loop: PreciseEventLoop, qapp: QApplication) -> None:
    ran: list[str] = []
    loop.call_soon(ran.append, "soon")
    for _ in range(5):
        qapp.processEvents()
    assert ran == []
    loop.call_soon(loop.stop)
    loop.run_forever()
    assert ran == ["soon"]


def test_stop_before_the_start_runs_one_pass(loop: PreciseEventLoop) -> None:
    ran: list[str] = []
    loop.call_soon(ran.append, "soon")
    loop.stop()
    loop.run_forever()
    assert ran == ["soon"]


def test_the_loop_can_run_again_after_it_stopped(loop: PreciseEventLoop) -> None:
    assert [loop.run_until_complete(asyncio.sleep(0.001, number)) for number in range(3)] == [0, 1, 2]


def test_a_closed_loop_takes_nothing_and_leaves_no_notifier(qapp: QApplication) -> None:
    loop = make_event_loop(qapp)
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    assert len(loop._sockets) == 0
    assert loop.is_closed()
    with pytest.raises(RuntimeError):
        loop.call_soon(print)
    assert not [notifier for notifier in qapp.findChildren(QSocketNotifier) if notifier.isEnabled()]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGUSR1")
def test_a_signal_wakes_an_idle_loop(loop: PreciseEventLoop) -> None:
    heard: list[str] = []

    def hear() -> None:
        heard.append("signal")
        loop.stop()

    loop.add_signal_handler(signal.SIGUSR1, hear)
    killer = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1))
    killer.start()
    try:
        loop.run_forever()
    finally:
        killer.join()
        loop.remove_signal_handler(signal.SIGUSR1)
    assert heard == ["signal"]


CTRL_C = """
import asyncio, os, signal, threading
from PyQt6.QtWidgets import QApplication
from tradestream_gui.ui.shell.event_loop import make_event_loop
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background starts with it ignored
app = QApplication([])
loop = make_event_loop(app)
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    loop.run_forever()
except KeyboardInterrupt:
    print("left by Ctrl+C")
loop.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="os.kill with SIGINT ends the whole console on Windows")
def test_ctrl_c_leaves_an_idle_loop_as_keyboard_interrupt() -> None:
    done = subprocess.run([sys.executable, "-c", CTRL_C], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "left by Ctrl+C"), done.stderr
