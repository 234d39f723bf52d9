"""vnpy's own tick monitor under the ticks of the table benchmark; run by vnpy's interpreter."""

import datetime as dt
import importlib
import json
import os
import random
import sys
from time import process_time
from typing import Any

ROWS, FEW, MANY, FRAMES = 200, 20, 200, 6


def main() -> None:
    widgets: Any = importlib.import_module("PySide6.QtWidgets")
    app = widgets.QApplication([])
    events: Any = importlib.import_module("vnpy.event")
    monitors: Any = importlib.import_module("vnpy.trader.ui.widget")
    objects: Any = importlib.import_module("vnpy.trader.object")
    exchange = importlib.import_module("vnpy.trader.constant").Exchange.SMART
    monitor = monitors.TickMonitor(None, events.EventEngine())
    monitor.resize(1200, 800)
    monitor.verticalHeader().setDefaultSectionSize(22)
    monitor.show()
    now = dt.datetime.now(dt.UTC)
    ticks = [
        objects.TickData(symbol=f"S{row:03d}", exchange=exchange, datetime=now, gateway_name="IB", name=f"name{row}")
        for row in range(ROWS)
    ]
    for tick in ticks:
        monitor.process_event(events.Event("eTick.", tick))
    chance = random.Random(1)
    app.processEvents()

    def frame_ms(count: int) -> float:
        began = process_time()
        for frame in range(FRAMES):
            for number in range(frame * count, (frame + 1) * count):
                tick = ticks[chance.randrange(ROWS)]
                price = 6000 + number % 400 * 0.25
                tick.last_price, tick.bid_price_1, tick.ask_price_1 = price, price - 0.25, price + 0.25
                tick.bid_volume_1, tick.ask_volume_1, tick.volume = number % 90, number * 7 % 90, number * 3
                tick.high_price = tick.low_price = price
                monitor.process_event(events.Event("eTick.", tick))
            app.processEvents()
        return (process_time() - began) / FRAMES * 1000

    few, many = frame_ms(FEW), frame_ms(MANY)
    tick_us = max(many - few, 0.0) / (MANY - FEW) * 1000
    print(json.dumps({"few_ms": few + (200 - FEW) * tick_us / 1000, "tick_us": tick_us}))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
