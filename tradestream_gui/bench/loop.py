"""P2: the event loop against plain asyncio and qasync: task switches, callback bursts, round trips, exact sleeps."""

import asyncio
import sys
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from tradestream_gui.bench.child import give_figures, run_child
from tradestream_gui.bench.report import BenchReport, Figure, medians, spread_of

if TYPE_CHECKING:
    from collections.abc import Callable

MODULE = "tradestream_gui.bench.loop"
LOOPS = ("asyncio", "qasync", "ours")
SWITCHES, TASKS, BURST, ROUND_TRIPS, SLEEPS = 20_000, 5_000, 20_000, 2_000, 60


def measure(rounds: int) -> BenchReport:
    """Interleaved fresh processes, one per loop and round."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in LOOPS}
    for _ in range(rounds):
        for name in LOOPS:
            found[name].append(run_child(MODULE, [name]))
    asyncio_, qasync_, ours = (medians(found[name]) for name in LOOPS)
    early = max(figures["sleep_early_ms"] for figures in found["ours"])
    return BenchReport(
        "loop",
        (
            Figure("P2a", "task switch", ours["switch_us"], "us", asyncio_["switch_us"], 1.8, 2.2),
            Figure("P2a", "socket round trip CPU", ours["round_trip_us"], "us", asyncio_["round_trip_us"], 1.4, 1.8),
            Figure("P2a", "call_soon burst", ours["burst_us"], "us", asyncio_["burst_us"], 2.5, 3.0),
            Figure("", "create and await a task", ours["task_us"], "us", asyncio_["task_us"]),
            Figure("", "qasync: call_soon burst", qasync_["burst_us"], "us", asyncio_["burst_us"]),
            Figure("", "qasync: socket round trip CPU", qasync_["round_trip_us"], "us", asyncio_["round_trip_us"]),
            Figure("P2b", "worst sleep error", ours["sleep_worst_ms"], "ms", qasync_["sleep_worst_ms"], 1 / 15, 1 / 8),
            Figure("P2b", "earliest wake before its time", early, "ms", None, 0.0, 0.0),
        ),
        rounds,
        spread_of([figures["switch_us"] for figures in found["asyncio"]]),
    )


def _make_loop(name: str) -> asyncio.AbstractEventLoop:
    if name == "asyncio":
        return asyncio.new_event_loop()
    from PyQt6.QtWidgets import QApplication

    app = QApplication([])
    if name == "qasync":
        import qasync

        plain: asyncio.AbstractEventLoop = qasync.QEventLoop(app)
        return plain
    from tradestream_gui.ui.shell.event_loop import make_event_loop

    return make_event_loop(app)


async def _figures() -> dict[str, float]:
    found = {"switch_us": await _switch_us(), "task_us": await _task_us(), "burst_us": await _burst_us()}
    found["round_trip_us"] = min([await _round_trip_us() for _ in range(3)])  # the first connection is not steady yet
    errors = await _sleep_errors_ms()
    return found | {"sleep_worst_ms": max(map(abs, errors)), "sleep_early_ms": max(-min(errors), 0.0)}


async def _switch_us() -> float:
    async def switch() -> None:
        for _ in range(SWITCHES):
            await asyncio.sleep(0)

    began = process_time()
    await asyncio.gather(switch(), switch())
    return (process_time() - began) / (2 * SWITCHES) * 1e6


async def _task_us() -> float:
    began = process_time()
    for _ in range(TASKS):
        await asyncio.create_task(asyncio.sleep(0))
    return (process_time() - began) / TASKS * 1e6


async def _burst_us() -> float:
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    left = [BURST]

    def count() -> None:
        left[0] -= 1
        if not left[0]:
            done.set_result(None)

    began = process_time()
    for _ in range(BURST):
        loop.call_soon(count)
    await done
    return (process_time() - began) / BURST * 1e6


class _Echo(asyncio.Protocol):
    """The far end: sends back what it receives."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert isinstance(self._transport, asyncio.Transport)
        self._transport.write(data)


class _Pinger(asyncio.Protocol):
    """Sends one small message at a time, the next when the last came back."""

    def __init__(self, finish: "Callable[[], None]") -> None:
        self._left = ROUND_TRIPS
        self._finish = finish

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._left -= 1
        if self._left:
            self._send()
        else:
            self._finish()

    def _send(self) -> None:
        assert isinstance(self._transport, asyncio.Transport)
        self._transport.write(b'{"type":"quote","bid":6326.25,"ask":6326.50}\n')


async def _round_trip_us() -> float:
    """CPU of both ends, which share the loop, per round trip over loopback."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    done = loop.create_future()
    began = process_time()
    transport, _ = await loop.create_connection(lambda: _Pinger(lambda: done.set_result(None)), "127.0.0.1", port)
    await done
    took = process_time() - began
    transport.close()
    server.close()
    return took / ROUND_TRIPS * 1e6


async def _sleep_errors_ms() -> list[float]:
    errors: list[float] = []

    async def sleep(seconds: float) -> None:
        began = perf_counter()
        await asyncio.sleep(seconds)
        errors.append((perf_counter() - began - seconds) * 1000)

    await asyncio.gather(*(sleep(0.3 + number * 0.0371) for number in range(SLEEPS)))
    return errors


if __name__ == "__main__":
    chosen = _make_loop(sys.argv[1])
    asyncio.set_event_loop(chosen)
    give_figures(chosen.run_until_complete(_figures()))
