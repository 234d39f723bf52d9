"""The charts of vnpy, finplot and lightweight-charts under the same hands; run by the peer's own interpreter."""

import datetime as dt
import importlib
import json
import os
import sys
from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any

FRAMES, LIVE_FRAMES, CAP_S = 20, 30, 12.0
SETTLE_S, PAGE_S, SET_S = 2.0, 30.0, 90.0
ROUND_TRIPS = 40
Place = Callable[[float, float], None]


def prices(size: int) -> tuple[Any, ...]:
    """The same bars as the product's benchmark: open, high, low, close, volume."""
    numpy: Any = importlib.import_module("numpy")
    chance = numpy.random.default_rng(3)
    closes = 6000 + numpy.cumsum(chance.normal(0, 0.6, size))
    opens = numpy.r_[closes[0], closes[:-1]]
    highs, lows = numpy.maximum(opens, closes) + chance.random(size), numpy.minimum(opens, closes) - chance.random(size)
    return opens, highs, lows, closes, chance.integers(1, 500, size).astype(float)


def frame_ms(app: Any, step: Callable[[int], None], frames: int) -> float:
    """The median CPU time of a frame; slow programs get fewer frames."""
    took: list[float] = []
    until = perf_counter() + CAP_S
    for number in range(frames):
        began = process_time()
        step(number)
        app.processEvents()
        took.append((process_time() - began) * 1000)
        if perf_counter() > until:
            break
    return sorted(took)[len(took) // 2]


def told(app: Any, size: int, place: Place, live: Callable[[int], None], load_ms: float) -> None:
    wide = size * 0.9

    def pan_all(number: int) -> None:
        left = number % 5 * size * 0.01
        place(left, left + wide)

    place(0, wide)
    app.processEvents()
    found = {"load_ms": load_ms, "pan_all_ms": frame_ms(app, pan_all, FRAMES)}
    place(max(0, size - 300), size + 5)
    app.processEvents()
    found["live_ms"] = frame_ms(app, live, LIVE_FRAMES)
    print(json.dumps(found))
    sys.stdout.flush()
    os._exit(0)


def vnpy(size: int) -> None:
    widgets: Any = importlib.import_module("PySide6.QtWidgets")
    app = widgets.QApplication([])
    chart: Any = importlib.import_module("vnpy.chart")
    objects: Any = importlib.import_module("vnpy.trader.object")
    constant: Any = importlib.import_module("vnpy.trader.constant")
    opens, highs, lows, closes, volumes = prices(size)
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    bars = [
        objects.BarData(
            symbol="ES", exchange=constant.Exchange.CME, datetime=start + dt.timedelta(minutes=number),
            gateway_name="x", open_price=opens[number].item(), high_price=highs[number].item(),
            low_price=lows[number].item(), close_price=closes[number].item(), volume=volumes[number].item(),
        )
        for number in range(size)
    ]  # fmt: skip
    began = process_time()
    widget = chart.ChartWidget()
    widget.resize(1200, 800)
    widget.add_plot("candle")
    widget.add_item(chart.CandleItem, "candle", "candle")
    widget.add_cursor()
    widget.update_history(bars)
    widget.show()
    app.processEvents()
    load_ms = (process_time() - began) * 1000

    def place(left: float, right: float) -> None:
        widget._bar_count = int(right - left)
        for plot in widget.get_all_plots():
            plot.setRange(xRange=(left, right), padding=0)

    def live(number: int) -> None:
        bars[-1].close_price += (-0.25, 0.25)[number % 2]
        bars[-1].high_price = max(bars[-1].high_price, bars[-1].close_price)
        widget.update_bar(bars[-1])

    told(app, size, place, live, load_ms)


def finplot(size: int) -> None:
    pandas: Any = importlib.import_module("pandas")
    plots: Any = importlib.import_module("finplot")
    opens, highs, lows, closes, _ = prices(size)
    times = pandas.date_range("2020-01-01", periods=size, freq="1min")
    frame = pandas.DataFrame({"open": opens, "close": closes, "high": highs, "low": lows}, index=times)
    began = process_time()
    axis = plots.create_plot("x", rows=1, maximize=False)
    for window in plots.windows[:1]:
        window.resize(1200, 800)
    drawn = plots.candlestick_ochl(frame)
    plots.show(qt_exec=False)
    app = plots.app if getattr(plots, "app", None) else importlib.import_module("pyqtgraph").mkQApp()
    app.processEvents()
    load_ms = (process_time() - began) * 1000
    close, high = (frame.columns.get_loc(name) for name in ("close", "high"))

    def live(number: int) -> None:
        price = frame.iat[-1, close] + (-0.25, 0.25)[number % 2]
        frame.iat[-1, close] = price
        frame.iat[-1, high] = max(frame.iat[-1, high], price)
        drawn.update_data(frame)

    told(app, size, axis.vb.update_y_zoom, live, load_ms)


def lightweight(size: int) -> None:
    """A web page: wall time until it is idle, and the memory of the whole family of processes."""
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = "--no-sandbox --disable-gpu"
    os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    pandas: Any = importlib.import_module("pandas")
    widgets: Any = importlib.import_module("PyQt6.QtWidgets")
    charts: Any = importlib.import_module("lightweight_charts.widgets")
    app = widgets.QApplication(["x"])
    window = widgets.QMainWindow()
    window.resize(1200, 800)
    window.show()
    app.processEvents()
    bare = family_mib()
    holder = widgets.QWidget()
    layout = widgets.QVBoxLayout(holder)
    window.setCentralWidget(holder)
    chart = charts.QtChart(holder)
    view = chart.get_webview()
    layout.addWidget(view)
    wait(app, lambda: bool(chart.win.loaded), PAGE_S)
    wait(app, lambda: False, SETTLE_S)
    opens, highs, lows, closes, volumes = prices(size)
    times = pandas.date_range("2020-01-01", periods=size, freq="1min").astype("datetime64[ns]")
    columns = {"time": times, "open": opens, "high": highs, "low": lows, "close": closes, "volume": volumes}
    frame = pandas.DataFrame(columns)
    began = perf_counter()
    chart.set(frame)
    answered: list[object] = []
    view.page().runJavaScript("1", answered.append)
    wait(app, lambda: bool(answered), SET_S)
    load_ms = (perf_counter() - began) * 1000
    wait(app, lambda: False, SETTLE_S)
    print(json.dumps({"load_ms": load_ms, "memory_mib": family_mib() - bare}))
    sys.stdout.flush()
    os._exit(0)


def family_mib() -> float:
    """Proportional memory of this process and all below it."""
    psutil: Any = importlib.import_module("psutil")
    here = psutil.Process()
    found = 0.0
    for process in [here, *here.children(recursive=True)]:
        found += process.memory_full_info().pss / 2**20
    return found


def wait(app: Any, holds: Callable[[], bool], seconds: float) -> None:
    core: Any = importlib.import_module("PyQt6.QtCore")
    flags = core.QEventLoop.ProcessEventsFlag
    until = perf_counter() + seconds
    while not holds() and perf_counter() < until:
        app.processEvents(flags.WaitForMoreEvents | flags.AllEvents, 5)


if __name__ == "__main__":
    {"vnpy": vnpy, "finplot": finplot, "lightweight": lightweight}[sys.argv[1]](int(sys.argv[2]))
