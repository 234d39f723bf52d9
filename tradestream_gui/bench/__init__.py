"""Benchmarks behind `tradestream bench NAME`: each measures ratios in one run and fails on its limits."""

from importlib import import_module
from pathlib import Path

MODULE_BY_NAME = {
    "startup": "tradestream_gui.bench.startup",
    "loop": "tradestream_gui.bench.loop",
    "table": "tradestream_gui.bench.table",
    "chart": "tradestream_gui.bench.chart",
    "orders": "tradestream_gui.bench.orders",
    "wire": "tradestream_gui.bench.wire",
    "parse": "tradestream_gui.bench.parse",
    "storm": "tradestream_gui.bench.storm",
    "load": "tradestream_gui.bench.load",
    "soak": "tradestream_gui.bench.soak",
    "idle": "tradestream_gui.bench.idle",
    "bars": "tradestream_gui.bench.bars",
}
"""A benchmark is a module with `measure(rounds) -> BenchReport`; it is imported when it is asked for."""


def run_bench(name: str, json_path: Path | None = None, rounds: int = 5) -> int:
    """Runs one benchmark, prints its table, writes JSON if asked: 0 within the limits, 1 beyond one, 2 unknown name."""
    module_name = MODULE_BY_NAME.get(name)
    if module_name is None:
        print(f"unknown benchmark {name!r}: choose one of {', '.join(sorted(MODULE_BY_NAME))}")
        return 2
    report = import_module(module_name).measure(rounds)
    print(report.table())
    if json_path is not None:
        json_path.write_text(report.to_json(), encoding="utf-8")
    return 0 if report.passed else 1
