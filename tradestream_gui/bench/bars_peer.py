"""vnpy's bar generator and array manager, pandas' rolling windows: the same prices; by their interpreter."""

import datetime as dt
import importlib
import json
import random
from collections.abc import Callable
from time import process_time
from typing import Any

TICKS, TICK_GAP_S, BARS, BATCH = 100_000, 0.03, 5_000, 1_000_000


def tick_us(objects: Any, exchange: Any, generator: Any) -> float:
    chance, price, volume = random.Random(1), 6000.0, 0
    start = dt.datetime(2026, 11, 19, 15, tzinfo=dt.UTC)
    ticks = []
    for number in range(TICKS):
        price += 0.25 * chance.choice((-1, 0, 0, 1))
        volume += chance.randint(1, 8)
        at = start + dt.timedelta(seconds=number * TICK_GAP_S)
        ticks.append(
            objects.TickData(
                symbol="ES", exchange=exchange, datetime=at, gateway_name="x", last_price=price, volume=float(volume)
            )
        )
    made: list[Any] = []
    bars = generator(made.append)
    began = process_time()
    for tick in ticks:
        bars.update_tick(tick)
    return (process_time() - began) / TICKS * 1e6


def bar_us(objects: Any, exchange: Any, manager: Any) -> float:
    chance, closes = random.Random(1), [6000.0]
    for _ in range(BARS):
        closes.append(closes[-1] + chance.gauss(0, 1))
    at = dt.datetime(2026, 11, 19, 15, tzinfo=dt.UTC)
    bars = [
        objects.BarData(
            symbol="ES", exchange=exchange, datetime=at, gateway_name="x", open_price=close, high_price=close + 1,
            low_price=close - 1, close_price=close, volume=1.0,
        )
        for close in closes
    ]  # fmt: skip
    held = manager(100)
    began = process_time()
    for bar in bars:
        held.update_bar(bar)
        if held.inited:
            held.sma(20), held.ema(20), held.rsi(14), held.atr(14), held.boll(20, 2)
    return (process_time() - began) / len(bars) * 1e6


def batches() -> dict[str, float]:
    numpy: Any = importlib.import_module("numpy")
    pandas: Any = importlib.import_module("pandas")
    closes = pandas.Series(6000 + numpy.cumsum(numpy.random.default_rng(3).normal(0, 0.6, BATCH)))

    def rsi() -> Any:
        move = closes.diff()
        gains = move.clip(lower=0).ewm(alpha=1 / 14, adjust=False).mean()
        losses = (-move.clip(upper=0)).ewm(alpha=1 / 14, adjust=False).mean()
        return 100 - 100 / (1 + gains / losses)

    def atr() -> Any:
        before, high, low = closes.shift(), closes + 1, closes - 1
        reach = numpy.maximum(high, before) - numpy.minimum(low, before)
        return reach.ewm(alpha=1 / 14, adjust=False).mean()

    def bollinger() -> Any:
        window = closes.rolling(20)
        middle, reach = window.mean(), 2 * window.std(ddof=0)
        return middle - reach, middle, middle + reach

    works: dict[str, Callable[[], Any]] = {
        "sma": lambda: closes.rolling(20).mean(),
        "ema": lambda: closes.ewm(span=20, adjust=False).mean(),
        "rsi": rsi,
        "atr": atr,
        "bollinger": bollinger,
    }
    found = {}
    for name, work in works.items():
        work()
        began = process_time()
        work()
        found[name] = (process_time() - began) * 1000
    return found


if __name__ == "__main__":
    utility: Any = importlib.import_module("vnpy.trader.utility")
    data: Any = importlib.import_module("vnpy.trader.object")
    place = importlib.import_module("vnpy.trader.constant").Exchange.CME
    figures = batches()
    figures["tick_us"] = tick_us(data, place, utility.BarGenerator)
    figures["bar_us"] = bar_us(data, place, utility.ArrayManager)
    print(json.dumps(figures))
