"""P6 and P17: from the words of an alert to the order on a broker's socket, the durable intent between, against a floor
and without own metering; and what stands beside that way: P8, P13, P15, P16."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tradestream_gui.bench.child import BenchFailed
from tradestream_gui.bench.order_sides import side_figures, store_figures
from tradestream_gui.bench.report import BenchReport, Figure, medians, share_of, spread_of

COUNT, GAP_S, WARM_UP = 80, 0.03, 10
"""Alerts of a round; the rate stays under the pace that the rails can be opened to."""
CHILD_TIMEOUT_S = 60
FLOOR, OURS, UNMETERED, STORM, CARELESS = "floor", "ours", "unmetered", "storm", "careless"
CARELESS_COUNT, CARELESS_GAP_S = 30, 0.3
"""A careless window needs longer for one alert than the others have between two."""
NEAR_ENDS = {FLOOR: "order_floor", STORM: "order_storm", CARELESS: "order_storm"}
"""Modules of this folder; the others are the core without a window."""


def measure(rounds: int) -> BenchReport:
    """Interleaved fresh processes: the far end in one, the floor or the core in another."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in (FLOOR, OURS, UNMETERED, STORM, CARELESS)}
    for _ in range(rounds):
        for name in found:
            found[name].append(_round(name))
    floor, ours, bare, storm, careless = (medians(of_one) for of_one in found.values())
    return BenchReport(
        "orders",
        (
            Figure("P6a", "alert text to order bytes, p50", ours["p50"], "us", floor["p50"], 3.0, 5.0),
            Figure("P6a", "alert text to order bytes, p99", ours["p99"], "us", floor["p99"], 3.0, 6.0),
            Figure("P6c", "under 20,000 ticks/s in the window, p50", storm["p50"], "us", ours["p50"], 1.25, 1.6),
            Figure("P6d", "same p99, a careless window's p50", storm["p99"], "us", careless["p50"], 1 / 12, 1 / 6),
            Figure("P6e", "slowest of a round, against our p50", ours["max"], "us", ours["p50"], 4.0, 10.0),
            *side_figures(rounds, ours["p50"]),
            *store_figures(),
            Figure("P17", "with own metering, p50", ours["p50"], "us", bare["p50"], 1.02, 1.05),
        ),
        rounds,
        spread_of([figures["p50"] for figures in found[FLOOR]]),
        (f"{COUNT} alerts a round, one each {GAP_S * 1000:.0f} ms, the first {WARM_UP} not counted; no Discord client "
         "between: that is bench wire",),
    )  # fmt: skip


def _round(name: str) -> dict[str, float]:
    count, gap_s = (CARELESS_COUNT, CARELESS_GAP_S) if name == CARELESS else (COUNT, GAP_S)
    with tempfile.TemporaryDirectory(prefix="bench-orders-", dir=os.environ.get("BENCH_DB_DIR")) as folder:
        far_end = _start("tradestream_gui.bench.far_end", str(count), str(gap_s))
        assert far_end.stdout is not None
        gateway, broker = json.loads(far_end.stdout.readline())
        ports = (str(gateway), str(broker))
        module = f"tradestream_gui.bench.{NEAR_ENDS.get(name, 'order_core')}"
        if name == FLOOR:
            near = _start(module, *ports, str(COUNT), str(Path(folder) / "floor.db"))
        else:
            near = _start(module, *ports, folder, name)
        try:
            told, wrong = far_end.communicate(timeout=CHILD_TIMEOUT_S)
            _, near_wrong = near.communicate(timeout=CHILD_TIMEOUT_S)
        except subprocess.TimeoutExpired as error:
            raise BenchFailed(f"bench orders, {name}: a process did not end in {CHILD_TIMEOUT_S} s") from error
        finally:
            for process in (far_end, near):
                process.kill()
                process.wait()
    latencies = json.loads(told.strip().splitlines()[-1])
    if len(latencies) < count:
        raise BenchFailed(f"bench orders, {name}: {len(latencies)} of {count} orders came. {wrong}{near_wrong[-800:]}")
    counted = sorted(latencies[WARM_UP:])
    return {"p50": share_of(counted, 0.5), "p99": share_of(counted, 0.99), "max": counted[-1]}


def _start(module: str, *arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

