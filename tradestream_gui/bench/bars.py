"""P10: a tick into bars, five indicators a bar, and whole arrays of a million bars, against vnpy and pandas."""

import sys
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from tradestream_gui.bench.child import BenchFailed, give_figures, run_child
from tradestream_gui.bench.peers import FOLDER_VARIABLE, peer_python, run_peer
from tradestream_gui.bench.report import BenchReport, Figure, medians, spread_of

if TYPE_CHECKING:
    from collections.abc import Callable

MODULE = "tradestream_gui.bench.bars"
PEER_SCRIPT = Path(__file__).with_name("bars_peer.py")
TICKS, TICK_GAP_S, BARS, BATCH = 100_000, 0.03, 5_000, 1_000_000
BATCHES = ("sma", "ema", "rsi", "atr", "bollinger")


def measure(rounds: int) -> BenchReport:
    """Interleaved fresh processes over the same prices; CPU time."""
    found: list[dict[str, float]] = []
    peers: list[dict[str, float]] = []
    remarks: list[str] = []
    python = peer_python("peers")
    if python is None:
        remarks.append(f"vnpy and pandas were not measured: {FOLDER_VARIABLE} names no folder with 'peers'")
    for _ in range(rounds):
        found.append(run_child(MODULE, []))
        try:
            peers += [run_peer(python, PEER_SCRIPT, [])] if python is not None else []
        except BenchFailed as failed:
            remarks.append(str(failed))
    ours = medians(found)
    theirs = medians(peers) if peers else {}
    batches = [
        Figure("P10c", f"{name} over 1M bars, pandas", ours[name], "ms", theirs.get(name), 1.0, 1.3) for name in BATCHES
    ]
    return BenchReport(
        "bars",
        (
            Figure("P10a", "tick to nine bars, vnpy: one", ours["tick_us"], "us", theirs.get("tick_us"), 1 / 5, 1 / 3),
            Figure("P10b", "5 indicators a bar, vnpy", ours["bar_us"], "us", theirs.get("bar_us"), 1 / 10, 1 / 5),
            *batches,
        ),
        rounds,
        spread_of([figures["tick_us"] for figures in peers or found]),
        tuple(dict.fromkeys(remarks)),
    )  # fmt: skip


def _child() -> None:
    give_figures({"tick_us": _tick_us(), "bar_us": _bar_us()} | _batch_ms())


def _tick_us() -> float:
    """Prices as the feed gives them; bars of one second to a day."""
    from datetime import UTC, datetime
    from decimal import Decimal
    from random import Random

    from tradestream_gui.assembly.routes import trade_day_of
    from tradestream_gui.domain.ids import InstrumentId
    from tradestream_gui.domain.quotes import DataKind
    from tradestream_gui.market.bar_builder import BarBuilder
    from tradestream_gui.market.reference import ReferenceData
    from tradestream_gui.paths import resource_path

    trade_day = trade_day_of(ReferenceData.load(resource_path))
    chance, price, ticks = Random(1), Decimal(6000), list[tuple[int, Decimal, int]]()
    start, step = int(datetime(2026, 11, 19, 15, tzinfo=UTC).timestamp()), Decimal("0.25")
    for number in range(TICKS):
        price += step * chance.choice((-1, 0, 0, 1))
        ticks.append((start + int(number * TICK_GAP_S), price, chance.randint(1, 8)))
    kind = DataKind.REALTIME  # looked up once, as vnpy's ticks are made before its clock starts
    builder = BarBuilder(InstrumentId("ESZ6"), 20_000, trade_day, lambda bar: None)
    began = process_time()
    for second, paid, size in ticks:
        builder.add(second, paid, size, kind)
    return (process_time() - began) / TICKS * 1e6


def _bar_us() -> float:
    from random import Random

    from tradestream_gui.market.running import AverageRange, Bollinger, Ema, Rsi

    chance, closes = Random(1), [6000.0]
    for _ in range(BARS):
        closes.append(closes[-1] + chance.gauss(0, 1))
    mean, strength, reach, bands = Ema(20), Rsi(14), AverageRange(14), Bollinger(20, 2.0)  # whose middle is the SMA
    began = process_time()
    for close in closes:
        mean.update(close)
        strength.update(close)
        reach.update(close + 1, close - 1, close)
        bands.update(close)
    return (process_time() - began) / len(closes) * 1e6


def _batch_ms() -> dict[str, float]:
    import numpy as np

    from tradestream_gui.market import indicators

    closes = 6000 + np.cumsum(np.random.default_rng(3).normal(0, 0.6, BATCH))
    works: dict[str, Callable[[], object]] = {
        "sma": lambda: indicators.sma(closes, 20),
        "ema": lambda: indicators.ema(closes, 20),
        "rsi": lambda: indicators.rsi(closes, 14),
        "atr": lambda: indicators.atr(closes + 1, closes - 1, closes, 14),
        "bollinger": lambda: indicators.bollinger(closes, 20),
    }
    return {name: _ms(work) for name, work in works.items()}


def _ms(work: "Callable[[], object]") -> float:
    work()
    began = process_time()
    work()
    return (process_time() - began) * 1000


if __name__ == "__main__":
    assert not sys.argv[1:], "this measurement takes no arguments"
    _child()
