"""vnpy's main window while nothing happens: CPU and memory; run by vnpy's own interpreter."""

import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

SETTLE_MS = 4000


def main(seconds: float) -> None:
    core: Any = importlib.import_module("PySide6.QtCore")
    events: Any = importlib.import_module("vnpy.event")
    trader: Any = importlib.import_module("vnpy.trader.engine")
    screens: Any = importlib.import_module("vnpy.trader.ui")
    app = screens.create_qapp()
    engine = events.EventEngine()
    window = screens.MainWindow(trader.MainEngine(engine), engine)
    window.showMaximized()
    began = [0.0, 0.0]

    def begin() -> None:
        began[:] = time.perf_counter(), time.process_time()
        core.QTimer.singleShot(int(seconds * 1000), finish)

    def finish() -> None:
        cpu = (time.process_time() - began[1]) / (time.perf_counter() - began[0]) * 100
        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 2**20
        print(json.dumps({"cpu_pct": cpu, "mib": held}))
        sys.stdout.flush()
        os._exit(0)

    core.QTimer.singleShot(SETTLE_MS, begin)
    app.exec()


if __name__ == "__main__":
    main(float(sys.argv[1]))
