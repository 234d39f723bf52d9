"""P14 and P12: what the window costs while nothing happens, and what it holds in memory, against vnpy and its parts.

P14 is `o_idle` over its sixty seconds: processor time from the moment at which a window stands, without a time to
settle in. vnpy stands at `show()`, all that it has being made before, and still paints then. This program shows first
and makes its parts after; it stands when the last one does. The second figure leaves the first twenty seconds out on
both sides: there vnpy does nothing at all any more, while this window still tells the minute, looks every five seconds
whether something came to be at stake, and compares its account with the broker. Neither side has a connection to a
server: the session's one account is that of the simulator, and its clock says Saturday. Both figures are the whole
process's, threads included; neither side has another process. What a wake-up costs is what the caches have forgotten
since the last one, on both sides: beside other work both figures rise.

P12 is resident memory as the system counts it, shared pages of libraries included, after four seconds of rest. A
futures session is the window with its docks and Portfolio, without prices and without a log-in to Discord: what reads
alerts is loaded with the first source of them, or the first text that is handed in. The other tabs were not looked at,
nor Portfolio's closed pages, and are made when they are, as is the ladder, which has no place in a window of this
width. A row of its own tells it after Messages, Order entry and ladder were.
The floor is a bare window in a process that has imported the packages this program is built of.
"""

import asyncio
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from tradestream_gui.bench.child import BenchFailed, give_figures, run_child
from tradestream_gui.bench.peers import FOLDER_VARIABLE, peer_python, run_peer
from tradestream_gui.bench.real_window import look_around, run_in_window
from tradestream_gui.bench.report import BenchReport, Figure, medians, spread_of
from tradestream_gui.bench.session_clock import WEEKEND
from tradestream_gui.bench.storm import memory_mib

if TYPE_CHECKING:
    from tradestream_gui.app import WindowSession

MODULE = "tradestream_gui.bench.idle"
PEER_SCRIPT = Path(__file__).with_name("idle_peer.py")
SECONDS, UNSETTLED_S, REST_S = 60.0, 20.0, 4.0
PARTS = ("qasync", "sqlite3", "httpx", "sqlalchemy.orm", "numpy", "pyqtgraph", "discord", "ib_insync", "pandas")
"""What the figures of `performance.md` k add up: the window with each of these loaded, as far as they are installed."""
LATE = ("discord", "tradestream_gui.adapters.brokers.ibkr", "tradestream_gui.adapters.brokers.projectx")
"""What a profile with every kind of connection loads beyond the plain one."""


def measure(rounds: int) -> BenchReport:
    """Interleaved fresh processes."""
    found: dict[str, list[dict[str, float]]] = {"window": [], "everything": [], "parts": [], "vnpy": []}
    remarks: list[str] = []
    python = peer_python("peers")
    if python is None:
        remarks.append(f"vnpy was not measured: {FOLDER_VARIABLE} names no folder with the environment 'peers'")
    for _ in range(rounds):
        for variant in ("window", "everything", "parts"):
            with TemporaryDirectory(prefix="tradestream-bench-") as folder:
                found[variant].append(run_child(MODULE, [variant, folder]))
        try:
            found["vnpy"] += (
                [run_peer(python, PEER_SCRIPT, [str(SECONDS), str(UNSETTLED_S)])] if python is not None else []
            )
        except BenchFailed as failed:
            remarks.append(str(failed))
    window, everything, parts = (medians(found[name]) for name in ("window", "everything", "parts"))
    vnpy = medians(found["vnpy"]) if found["vnpy"] else {}
    return BenchReport(
        "idle",
        (
            Figure("P14", "idle CPU of a core, vnpy", window["cpu_pct"], "%", vnpy.get("cpu_pct"), 0.5, 1.0),
            Figure("", "the same, settled, vnpy", window["settled_pct"], "%", vnpy.get("settled_pct")),
            Figure("P12a", "memory, all tabs and connectors", everything["mib"], "MiB", parts["mib"], 1.15, 1.35),
            Figure("P12b", "memory of a futures session", window["mib"], "MiB", parts["mib"], 0.75, 0.9),
            Figure("", "the same, Messages, Order entry, ladder made", window["looked_at_mib"], "MiB", parts["mib"]),
            Figure("", "memory of vnpy's bare window", vnpy.get("mib", 0.0), "MiB"),
        ),
        rounds,
        spread_of([figures["mib"] for figures in found["parts"]]),
        (f"parts: {parts['loaded']:.0f} of {len(PARTS)} packages are installed", *dict.fromkeys(remarks)),
    )


async def _rest(session: "WindowSession") -> dict[str, float]:
    marks, held = [(perf_counter(), process_time())], 0.0
    for until_s in (REST_S, UNSETTLED_S, SECONDS):
        await asyncio.sleep(marks[0][0] + until_s - perf_counter())
        marks.append((perf_counter(), process_time()))
        held = held or memory_mib()
    begun, _, unsettled, ended = marks
    shares = {"cpu_pct": _share_pct(begun, ended), "settled_pct": _share_pct(unsettled, ended)}
    look_around(session)
    await asyncio.sleep(REST_S)
    return {"mib": held, "looked_at_mib": memory_mib(), **shares}


def _share_pct(begun: tuple[float, float], ended: tuple[float, float]) -> float:
    """Processor time over time, between two marks of both."""
    return (ended[1] - begun[1]) / (ended[0] - begun[0]) * 100


async def _open_all(session: "WindowSession") -> dict[str, float]:
    from tradestream_gui.ui.shell.parts import TABS

    for name in LATE:
        import_module(name)  # the Interactive Brokers library must meet the loop that runs
    for plan in TABS:
        session.window.show_tab(plan.key)
        await asyncio.sleep(0.3)
    await asyncio.sleep(REST_S)
    return {"mib": memory_mib()}


def _parts() -> None:
    """A bare window with the packages loaded that the program is built of."""
    from PyQt6.QtWidgets import QApplication, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    window.resize(1200, 800)
    window.show()
    app.processEvents()
    loaded = 0
    for name in PARTS:
        try:
            import_module(name)
            loaded += 1
        except ImportError:
            continue
    give_figures({"mib": memory_mib(), "loaded": float(loaded)})


def main(variant: str, folder: Path) -> None:
    if variant == "parts":
        _parts()
    run_in_window(folder, _rest if variant == "window" else _open_all, moment=WEEKEND)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
