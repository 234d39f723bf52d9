"""P15 and P16, the near end: the real window over the real core; Enter in the ticket, and a click on Flatten all."""

import asyncio
import json
import socket
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import TYPE_CHECKING

from tradestream_gui.assembly.assemble import Running
from tradestream_gui.bench.far_line import ACCOUNT, HOST
from tradestream_gui.bench.order_core import WARM_UP_S, Ends, bench_settings, open_core
from tradestream_gui.bench.order_storm import SymbolStorm
from tradestream_gui.bench.order_wire import PRICES, WireSource
from tradestream_gui.bench.resting_broker import RestingBroker
from tradestream_gui.bench.session_clock import SessionClock
from tradestream_gui.domain.orders import MANUAL, OrderRole, OrdType, Side, TimeInForce
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.upkeep.settings.model import Settings

if TYPE_CHECKING:
    from PyQt6.QtGui import QMouseEvent
    from PyQt6.QtWidgets import QWidget

    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.main_window import MainWindow
    from tradestream_gui.ui.tabs.order_entry.tab import OrderEntryTab

PRESSES, PRESS_GAP_S, UNCOUNTED = 30, 0.06, 5
ENTRIES, BURSTS = 20, 3
HELD = ("MES", "MNQ", "MGC", "M2K", "GC")
SAME_SIDE_S = 1.0
"""So long the rail on entries of one side looks back."""
PATIENCE_S, LOOK_S = 10.0, 0.005
"""Looks are rare: a loop that spins would keep the storage thread from its work."""
US = 1000


async def open_hand_core(
    folder: Path, broker_port: int, first: Callable[[], Settings] = bench_settings
) -> tuple[Running, RestingBroker]:
    """The core at a broker where orders rest; nobody posts."""
    clock = SessionClock()
    broker = RestingBroker(clock, broker_port)

    async def make(*_: object) -> Ends:
        return Ends(broker, WireSource(clock, broker_port))

    return await open_core(folder, clock, first, make), broker


async def press_enter(window: "MainWindow", core: "Core", broker: RestingBroker) -> dict[str, float]:
    """Microseconds from the key to the order's bytes, the median over orders at a price of their own each."""
    from tradestream_gui.ui.tabs.order_entry.tab import OrderEntryTab

    tab = window.show_tab("order_entry")
    assert isinstance(tab, OrderEntryTab)
    window.arming.arm()
    tab.arming.arm()
    assert tab.form.symbol.choose("MES"), "MES is listed"
    window.activateWindow()
    tab.form.stop.setFocus()
    await asyncio.sleep(WARM_UP_S)
    return {"enter": median([await _press(tab, broker, number) for number in range(PRESSES)][UNCOUNTED:])}


async def _press(tab: "OrderEntryTab", broker: RestingBroker, number: int) -> float:
    from PyQt6.QtCore import Qt
    from PyQt6.QtTest import QTest

    tab.form.set_side(Side.BUY)
    tab.form.qty.setValue(1)
    tab.form.set_limit(PRICES["MES"] - 20 - number)
    tab.form.stop.set_price(PRICES["MES"] - 60 - number)
    tab.flush()
    await asyncio.sleep(PRESS_GAP_S)
    before = len(broker.written)
    began = perf_counter_ns()
    QTest.keyClick(tab.form.stop, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)  # type: ignore[call-overload]  # the stub forgot "static"
    await _until(lambda: len(broker.written) > before, f"order {number} is written ({tab.bar.words})")
    taken = (broker.written[before][1] - began) / US
    await asyncio.sleep(PRESS_GAP_S)
    return taken


async def click_flatten(window: "MainWindow", core: "Core", broker: RestingBroker) -> dict[str, float]:
    """Microseconds from the click to the last of twenty cancels and five closing requests: the median over as many
    clicks as the floor has bursts, each after the same rest, and the first, which finds nothing prepared."""
    taken = [await _flatten_once(window, core, broker, number * ENTRIES) for number in range(BURSTS)]
    return {"flatten": median(taken), "first": taken[0]}


async def _flatten_once(window: "MainWindow", core: "Core", broker: RestingBroker, below: int) -> float:
    """The click is the release of the button, and comes as the window system brings it: from Qt's own queue."""
    from PyQt6.QtCore import QTimer
    from PyQt6.QtWidgets import QApplication

    for number in range(ENTRIES):
        await _enter(core, "ES", OrdType.LIMIT, PRICES["ES"] - 20 - Decimal(below + number) / 4)
    for root in HELD:
        await _enter(core, root, OrdType.MARKET, None)
    await _until(lambda: len(_working(core, OrderRole.STOP)) == len(HELD), "every position has its stop")
    await _until(lambda: len(_working(core, OrderRole.ENTRY)) == ENTRIES, "every entry rests")
    await asyncio.sleep(WARM_UP_S)
    before, wanted = len(broker.written), ENTRIES + len(HELD)
    button = window.risk_bar.flatten
    press, release = _mouse(button)
    QApplication.sendEvent(button, press)
    await asyncio.sleep(PRESS_GAP_S)
    began: list[int] = []

    def let_go() -> None:
        began.append(perf_counter_ns())
        QApplication.sendEvent(button, release)

    QTimer.singleShot(0, let_go)
    await _until(lambda: len(broker.written) >= before + wanted, "every request is written")
    kinds = [kind for kind, _ in broker.written[before : before + wanted]]
    assert (kinds.count("cancel"), kinds.count("replace")) == (ENTRIES, len(HELD)), kinds
    await _until(lambda: not core.blotter.open_orders(ACCOUNT) and not core.lots.open_lots(), "all is flat")
    await asyncio.sleep(SAME_SIDE_S)
    return (broker.written[before + wanted - 1][1] - began[0]) / US


def _mouse(button: "QWidget") -> tuple["QMouseEvent", "QMouseEvent"]:
    """Press and release as the window system makes them; QTest's own look-ups take as long as the release itself."""
    from PyQt6.QtCore import QEvent, QPointF, Qt
    from PyQt6.QtGui import QMouseEvent

    middle, left = QPointF(button.rect().center()), Qt.MouseButton.LeftButton
    there, none = QPointF(button.mapToGlobal(button.rect().center())), Qt.KeyboardModifier.NoModifier
    return (
        QMouseEvent(QEvent.Type.MouseButtonPress, middle, there, left, left, none),
        QMouseEvent(QEvent.Type.MouseButtonRelease, middle, there, left, Qt.MouseButton.NoButton, none),
    )


async def raw_writes(port: int) -> float:
    """Microseconds of as many writes by a plain socket, each of one request's length: a burst after the same rest,
    each line sent at once as asyncio's sockets send theirs; the median of some, since one burst is soon disturbed."""
    line = json.dumps({"cancel": "TSPAAAA-1000"}).encode() + b"\n"
    with socket.create_connection((HOST, port)) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.sendall(line)
        return median([await _burst(wire, line) for _ in range(BURSTS)])


async def _burst(wire: socket.socket, line: bytes) -> float:
    await asyncio.sleep(WARM_UP_S)
    began = perf_counter_ns()
    for _ in range(ENTRIES + len(HELD)):
        wire.sendall(line)
    return (perf_counter_ns() - began) / US


async def _enter(core: "Core", root: str, ord_type: OrdType, limit: Decimal | None) -> None:
    instrument = core.reference.resolve(root, core.clock.now())
    assert instrument is not None, root
    bid = PRICES[root]
    result = await core.entries.enter(
        EntryTicket(
            account_id=ACCOUNT, instrument_id=instrument.instrument_id, side=Side.BUY, ord_type=ord_type, order_qty=1,
            time_in_force=TimeInForce.DAY, origin=MANUAL, limit_price=limit, protective_stop=bid - bid / 100,
        )
    )  # fmt: skip
    assert result.is_sent, result.words


def _working(core: "Core", role: OrderRole) -> list[object]:
    return [order for order in core.blotter.open_orders(ACCOUNT, role=role) if order.is_working]


async def _until(is_so: Callable[[], bool], what: str) -> None:
    began = perf_counter_ns()
    while not is_so():
        if perf_counter_ns() - began > PATIENCE_S * 1e9:
            raise AssertionError(f"not in {PATIENCE_S:.0f} s: {what}")
        await asyncio.sleep(LOOK_S)


async def measure(kind: str, port: int, folder: Path) -> dict[str, float]:
    """`kind` is enter, kill, or storm: the kill while ticks storm into the window."""
    from PyQt6.QtWidgets import QApplication

    from tradestream_gui.app import settle_memory
    from tradestream_gui.paths import bundled_root
    from tradestream_gui.ui.shell.layout_store import LayoutStore
    from tradestream_gui.ui.shell.look import Look
    from tradestream_gui.ui.shell.main_window import MainWindow
    from tradestream_gui.ui.shell.parts import DOCKS, TABS
    from tradestream_gui.ui.shell.signal_hub import SignalHub
    from tradestream_gui.ui.shell.window_actions import WindowActions

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    layouts = LayoutStore(folder / "layouts")
    (folder / "layouts").mkdir()
    look = Look(app, themes_dir=bundled_root("themes"), resources_dir=bundled_root("resources"))
    window = MainWindow(look, TABS, DOCKS)
    window.default_layout()
    window.show()
    storm = SymbolStorm(SessionClock().now()) if kind == "storm" else None
    running, broker = await open_hand_core(folder, port, storm.settings if storm else bench_settings)
    hub = SignalHub(running.core.bus, window)
    await broker.is_open.wait()
    window.attach(running.core, hub)
    actions = WindowActions(window, look, running.core, hub, layouts)
    pouring = storm.pour(running) if storm else None
    await asyncio.sleep(WARM_UP_S)
    settle_memory()
    found = await (press_enter if kind == "enter" else click_flatten)(window, running.core, broker)
    if kind != "enter":
        found["raw"] = await raw_writes(port)
    if pouring is not None:
        pouring.cancel()
    hub.detach()
    actions.deleteLater()
    await running.close()
    return found


def main(arguments: list[str]) -> None:
    from PyQt6.QtWidgets import QApplication

    from tradestream_gui.bench.child import give_figures
    from tradestream_gui.ui.shell.event_loop import make_event_loop

    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    loop = make_event_loop(app)
    asyncio.set_event_loop(loop)
    give_figures(loop.run_until_complete(measure(arguments[0], int(arguments[1]), Path(arguments[2]))))


if __name__ == "__main__":
    main(sys.argv[1:])
