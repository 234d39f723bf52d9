"""How late the window's loop runs its timers under a busy day: twenty rooms and fifty symbols at once."""

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tradestream_gui.bench import day_load
from tradestream_gui.bench.child import run_child
from tradestream_gui.bench.real_window import look_around, run_in_window, symbols
from tradestream_gui.bench.report import BenchReport, Figure, medians, spread_of

if TYPE_CHECKING:
    from tradestream_gui.app import WindowSession
    from tradestream_gui.domain.instruments import Instrument

MODULE = "tradestream_gui.bench.load"
WARM_UP_S, SECONDS = 3.0, 20.0


def measure(rounds: int) -> BenchReport:
    """Fresh processes; the lag is the program's own meter, a beat every twenty milliseconds."""
    found = []
    for _ in range(rounds):
        with TemporaryDirectory(prefix="tradestream-bench-") as folder:
            found.append(run_child(MODULE, [str(SECONDS), folder]))
    ours = medians(found)
    rooms = f"{day_load.ROOMS} rooms x {day_load.MESSAGES_A_SECOND:g} messages/s"
    return BenchReport(
        "load",
        (
            Figure("", "loop lag p50", ours["lag_p50_ms"], "ms"),
            Figure("", "loop lag p99", ours["lag_p99_ms"], "ms", None, 16.0, 50.0),
            Figure("", "loop lag, longest", ours["lag_max_ms"], "ms"),
            Figure("", "messages taken in", ours["messages"], "/s"),
            Figure("", "messages decided", ours["decided"], "/s"),
            Figure("", "ticks taken in", ours["ticks"], "/s"),
            Figure("", "CPU", ours["cpu_pct"], "%"),
        ),
        rounds,
        spread_of([figures["lag_p50_ms"] for figures in found]),
        (f"{rooms}, {day_load.SYMBOLS} symbols x {day_load.TICKS_A_SECOND} ticks/s for {SECONDS:g} s a round",),
    )


async def _figures(instruments: "list[Instrument]", seconds: float, session: "WindowSession") -> dict[str, float]:
    from time import perf_counter, process_time

    from tradestream_gui.domain.events import AlertDecided
    from tradestream_gui.ui.shell.lag_meter import QUICK_BEAT_MS

    assert session.core is not None, "the profile is open"
    look_around(session)
    decided: list[object] = []
    a_second = day_load.ROOMS * day_load.MESSAGES_A_SECOND
    _, warm_up = await day_load.pour(session, instruments, WARM_UP_S, a_second)
    session.core.bus.subscribe(AlertDecided, decided.append)
    lag = session.window.lag
    lag.start(QUICK_BEAT_MS)
    began, cpu = perf_counter(), process_time()
    storm, talk = await day_load.pour(session, instruments, seconds, a_second, warm_up.posted + 1)
    wall = perf_counter() - began
    return {
        "lag_p50_ms": lag.percentile(0.5) or 0.0,
        "lag_p99_ms": lag.percentile(0.99) or 0.0,
        "lag_max_ms": lag.percentile(1.0) or 0.0,
        "messages": talk.posted / wall,
        "decided": len(decided) / wall,
        "ticks": storm.taken / wall,
        "cpu_pct": (process_time() - cpu) / wall * 100,
    }


def main(arguments: list[str]) -> None:
    instruments = symbols(day_load.SYMBOLS, datetime.now(UTC))
    wanted = day_load.settings() | {"market": {"watchlist": [str(one.instrument_id) for one in instruments]}}
    run_in_window(Path(arguments[1]), partial(_figures, instruments, float(arguments[0])), wanted=wanted)


if __name__ == "__main__":
    main(sys.argv[1:])
