"""vnpy's quote table under the same pouring: its event engine and its own monitor; run by vnpy's interpreter."""

import datetime as dt
import importlib
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

SYMBOLS, BEAT_MS, PAUSE_S = 200, 10, 0.002


def produce(rate: int, seconds: float, put: Any, watch: "Watch") -> None:
    began, made, end = time.perf_counter(), 0, int(rate * seconds)
    while made < end:
        due = min(end, int((time.perf_counter() - began) * rate))
        while made < due:
            put(made)
            made += 1
        watch.making_s = time.thread_time()
        time.sleep(PAUSE_S)


def memory_mib() -> float:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 2**20


class Watch:
    """How late a beat of ten milliseconds comes, how old what was shown is, CPU without the producer's, memory."""

    def __init__(self, core: Any) -> None:
        self.ages: list[float] = []
        self.making_s = 0.0
        self._stalls: list[float] = []
        self._timer = core.QTimer()
        self._timer.setTimerType(core.Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def begin(self) -> None:
        self._memory, self._cpu = memory_mib(), time.process_time()
        self._began = self._beat_at = time.perf_counter()
        self._timer.start(BEAT_MS)

    def figures(self) -> dict[str, float]:
        wall = time.perf_counter() - self._began
        tail = sorted(self.ages[-max(len(self.ages) // 10, 1) :])
        return {
            "age_end_ms": tail[len(tail) // 2],
            "stall_p99_ms": sorted(self._stalls)[int(len(self._stalls) * 0.99)],
            "cpu_pct": (time.process_time() - self._cpu - self.making_s) / wall * 100,
            "making_pct": self.making_s / wall * 100,
            "growth_mib_s": (memory_mib() - self._memory) / wall,
        }

    def _beat(self) -> None:
        at = time.perf_counter()
        self._stalls.append((at - self._beat_at) * 1000 - BEAT_MS)
        self._beat_at = at


def producer(engine: Any) -> Any:
    """Puts tick after tick into the program's own engine."""
    events: Any = importlib.import_module("vnpy.event")
    objects: Any = importlib.import_module("vnpy.trader.object")
    exchange = importlib.import_module("vnpy.trader.constant").Exchange.SMART
    now = dt.datetime.now(dt.UTC)

    def put(number: int) -> None:
        price = 6000 + number % 400 * 0.25
        tick = objects.TickData(
            symbol=f"S{number * 7919 % SYMBOLS:03d}", exchange=exchange, datetime=now, gateway_name="IB",
            last_price=price, bid_price_1=price - 0.25, ask_price_1=price + 0.25, bid_volume_1=number % 90,
            ask_volume_1=number % 80, volume=number, high_price=price, low_price=price, localtime=time.perf_counter(),
        )  # fmt: skip
        engine.put(events.Event("eTick.", tick))

    return put


def main(rate: int, seconds: float) -> None:
    widgets: Any = importlib.import_module("PySide6.QtWidgets")
    core: Any = importlib.import_module("PySide6.QtCore")
    app = widgets.QApplication([])
    engine = importlib.import_module("vnpy.event").EventEngine()
    engine.start()
    monitor: Any = importlib.import_module("vnpy.trader.ui.widget").TickMonitor(None, engine)
    watch = Watch(core)
    shown = monitor.process_event

    def process(event: Any) -> None:
        shown(event)
        watch.ages.append((time.perf_counter() - event.data.localtime) * 1000)

    monitor.signal.disconnect(monitor.process_event)
    monitor.signal.connect(process)
    monitor.resize(1200, 800)
    monitor.verticalHeader().setDefaultSectionSize(22)
    monitor.show()
    app.processEvents()
    watch.begin()
    threading.Thread(target=produce, args=(rate, seconds, producer(engine), watch), daemon=True).start()
    core.QTimer.singleShot(int(seconds * 1000), app.quit)
    app.exec()
    print(json.dumps(watch.figures()))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
