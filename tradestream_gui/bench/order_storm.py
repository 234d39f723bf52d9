"""P6c and P6d, the near end: alerts traded while ticks storm into the real window, and into a careless one."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from tradestream_gui.bench.order_core import WARM_UP_S, Ends, bench_settings, open_core
from tradestream_gui.bench.order_wire import PRICES, WireBroker, WireSource
from tradestream_gui.bench.real_window import LOOKED_AT, symbols
from tradestream_gui.bench.session_clock import SessionClock
from tradestream_gui.bench.storm import SYMBOLS, Storm
from tradestream_gui.domain.events_market import QuoteUpdated
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.model import Settings

if TYPE_CHECKING:
    from tradestream_gui.assembly.assemble import Running
    from tradestream_gui.domain.instruments import Instrument

RATE, CARELESS_RATE = 20_000, 5_000
"""Ticks a second. The careless window gets what it keeps up with: beside one that falls behind anything is quick."""
STORM_S = 600.0
"""Longer than the alerts last: the process ends with these."""
CHART_MS, CHART_POINTS, GRID_ALPHA = 33, 300, 128
PRICE_COLUMN = 5
SCREEN_PX = 1920, 1080
"""What both have: the program's window fills it, the careless one's table and chart share it."""


class SymbolStorm:
    """Two hundred symbols on the watchlist, and their ticks; the contracts that alerts call keep their one price."""

    def __init__(self, now: datetime) -> None:
        known = symbols(SYMBOLS + 2 * len(PRICES), now)
        self.instruments = [one for one in known if one.root not in PRICES][:SYMBOLS]

    def settings(self) -> Settings:
        wanted = plain(bench_settings())
        wanted["market"]["watchlist"] += [str(one.instrument_id) for one in self.instruments]
        return Settings.model_validate(wanted)

    def pour(self, running: "Running", rate: int = RATE) -> asyncio.Task[None]:
        """Goes on until it is cancelled."""
        storm = Storm(running, self.instruments, rate, STORM_S)
        return asyncio.get_running_loop().create_task(storm.run(), name="storm")


class RealWindow:
    """The program's own window with every tab and dock made."""

    def __init__(self, app: Any, folder: Path) -> None:
        from tradestream_gui.paths import bundled_root
        from tradestream_gui.ui.shell.look import Look
        from tradestream_gui.ui.shell.main_window import MainWindow
        from tradestream_gui.ui.shell.parts import DOCKS, TABS

        look = Look(app, themes_dir=bundled_root("themes"), resources_dir=bundled_root("resources"))
        self._window = MainWindow(look, TABS, DOCKS)
        self._window.default_layout()
        self._window.resize(*SCREEN_PX)
        self._window.show()

    def attach(self, running: "Running") -> None:
        from tradestream_gui.ui.shell.signal_hub import SignalHub

        hub = SignalHub(running.core.bus, self._window)
        self._window.attach(running.core, hub)
        for key in (*self._window.unmade(), *LOOKED_AT):
            self._window.part(key)


class CarelessWindow:
    """What a first attempt does: a price's cell is set at every tick, and the chart draws its grid anew each frame."""

    def __init__(self, instruments: "list[Instrument]") -> None:
        import pyqtgraph
        from PyQt6.QtCore import QTimer
        from PyQt6.QtWidgets import QTableWidget, QTableWidgetItem

        self._table = QTableWidget(len(instruments), 8)
        self._prices = {one.instrument_id: QTableWidgetItem("") for one in instruments}
        for row, item in enumerate(self._prices.values()):
            self._table.setItem(row, PRICE_COLUMN, item)
        width, height = SCREEN_PX
        self._table.resize(width // 2, height)
        self._table.show()
        self._plot = pyqtgraph.PlotWidget()
        for side in ("bottom", "left"):
            self._plot.getPlotItem().getAxis(side).setGrid(GRID_ALPHA)
        self._plot.resize(width // 2, height)
        self._plot.show()
        self._curve = self._plot.plot()
        self._random = Random(1)
        self._timer = QTimer()
        self._timer.timeout.connect(self._draw)

    def attach(self, running: "Running") -> None:
        running.core.bus.subscribe(QuoteUpdated, lambda fact: self._show(fact.quote))
        self._timer.start(CHART_MS)

    def _show(self, quote: Quote) -> None:
        item = self._prices.get(quote.instrument_id)
        if item is not None:
            item.setText(str(quote.last))

    def _draw(self) -> None:
        self._curve.setData([self._random.random() for _ in range(CHART_POINTS)])


async def trade(app: Any, kind: str, gateway_port: int, broker_port: int, folder: Path) -> None:
    """Opens core and window, lets the ticks storm, reads every alert that is posted, and leaves."""
    from tradestream_gui.app import settle_memory

    clock = SessionClock()
    storm = SymbolStorm(clock.now())
    broker, source = WireBroker(clock, broker_port), WireSource(clock, gateway_port)

    async def make(*_: object) -> Ends:
        return Ends(broker, source)

    window = RealWindow(app, folder) if kind == "storm" else CarelessWindow(storm.instruments)
    running = await open_core(folder, clock, storm.settings, make)
    await broker.is_open.wait()
    window.attach(running)
    pouring = storm.pour(running, RATE if kind == "storm" else CARELESS_RATE)
    await asyncio.sleep(WARM_UP_S)
    settle_memory()
    source.begin()
    await source.is_over.wait()
    pouring.cancel()


def main(arguments: list[str]) -> None:
    from PyQt6.QtWidgets import QApplication

    from tradestream_gui.bench.child import give_figures
    from tradestream_gui.ui.shell.event_loop import make_event_loop

    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    gateway, broker, folder, kind = arguments
    if kind == "storm":
        loop: asyncio.AbstractEventLoop = make_event_loop(app)
    else:
        import qasync

        loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    loop.run_until_complete(trade(app, kind, int(gateway), int(broker), Path(folder)))
    give_figures({})


if __name__ == "__main__":
    main(sys.argv[1:])
