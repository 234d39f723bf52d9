"""vnpy's main window while nothing happens: CPU and memory; run by vnpy's own interpreter."""

import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

REST_MS = 4000


def main(seconds: float, unsettled_s: float) -> None:
    core: Any = importlib.import_module("PySide6.QtCore")
    events: Any = importlib.import_module("vnpy.event")
    trader: Any = importlib.import_module("vnpy.trader.engine")
    screens: Any = importlib.import_module("vnpy.trader.ui")
    app = screens.create_qapp()
    engine = events.EventEngine()
    window = screens.MainWindow(trader.MainEngine(engine), engine)
    window.showMaximized()
    marks = [(time.perf_counter(), time.process_time())]
    held: list[float] = []

    def mark() -> None:
        marks.append((time.perf_counter(), time.process_time()))

    def weigh() -> None:
        held.append(int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 2**20)

    def finish() -> None:
        mark()
        begun, unsettled, ended = marks
        share, settled = _share_pct(begun, ended), _share_pct(unsettled, ended)
        print(json.dumps({"cpu_pct": share, "settled_pct": settled, "mib": held[0]}))
        sys.stdout.flush()
        os._exit(0)

    core.QTimer.singleShot(REST_MS, weigh)
    core.QTimer.singleShot(int(unsettled_s * 1000), mark)
    core.QTimer.singleShot(int(seconds * 1000), finish)
    app.exec()


def _share_pct(begun: tuple[float, float], ended: tuple[float, float]) -> float:
    return (ended[1] - begun[1]) / (ended[0] - begun[0]) * 100


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]))
