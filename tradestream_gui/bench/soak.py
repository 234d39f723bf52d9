"""P12c: half an hour of a busy day in the running window; what it holds in memory must come to rest."""

import asyncio
import gc
import json
import os
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import linear_regression
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

from tradestream_gui.bench import day_load
from tradestream_gui.bench.child import run_child
from tradestream_gui.bench.real_window import look_around, run_in_window, symbols
from tradestream_gui.bench.report import BenchReport, Figure
from tradestream_gui.bench.storm import memory_mib

if TYPE_CHECKING:
    from tradestream_gui.app import WindowSession
    from tradestream_gui.core import Core
    from tradestream_gui.domain.instruments import Instrument

MODULE = "tradestream_gui.bench.soak"
MINUTES_VARIABLE = "BENCH_SOAK_MINUTES"
MINUTES, WARM_UP_SHARE = 30.0, 0.2
DAY_MESSAGES, TRADES, RECONNECTS = 10_000, 500, 20
"""In the whole soak: a compressed day's."""
SAMPLE_S = 10.0
TIMEOUT_MARGIN_S = 300


def measure(rounds: int) -> BenchReport:
    """One run whatever the rounds: it is long enough. Figures are those of the last four fifths."""
    minutes = float(os.environ.get(MINUTES_VARIABLE, MINUTES))
    with TemporaryDirectory(prefix="tradestream-bench-") as folder:
        found = run_child(MODULE, [str(minutes * 60), folder], timeout_s=minutes * 60 + TIMEOUT_MARGIN_S)
    return BenchReport(
        "soak",
        (
            Figure(
                "P12c", "memory at the end over after warm-up", found["end_mib"], "MiB", found["start_mib"], 1.03, 1.08
            ),
            Figure("P12c", "slope of the last half, an hour, of start", found["slope_share"], "", None, 0.02, 0.08),
            Figure("", "highest memory", found["highest_mib"], "MiB"),
            Figure("", "loop lag p99", found["lag_p99_ms"], "ms", None, 16.0, 50.0),
            Figure("", "ticks", found["ticks"], ""),
            Figure("", "messages", found["messages"], ""),
            Figure("", "orders", found["orders"], ""),
            Figure("", "objects gained", found["objects"], ""),
        ),
        1,
        1.0,
        (f"{minutes:g} minutes; {MINUTES_VARIABLE} sets another length",),
    )


class Memory:
    """A sample every ten seconds, printed to the error stream as it comes: a long run is watched."""

    def __init__(self) -> None:
        self.samples: list[tuple[float, float]] = []
        self._began = perf_counter()

    async def watch(self, seconds: float) -> None:
        while perf_counter() - self._began < seconds:
            await asyncio.sleep(SAMPLE_S)
            self.samples.append((perf_counter() - self._began, memory_mib()))
            print(json.dumps(self.samples[-1]), file=sys.stderr, flush=True)


async def _trade(core: "Core", instrument: "Instrument", seconds: float) -> None:
    """Buys one by hand and closes it, again and again, and pulls the feed's plug now and then."""
    from decimal import Decimal

    from tradestream_gui.domain.orders import MANUAL, OrdType, Side, TimeInForce
    from tradestream_gui.domain.tickets import EntryTicket
    from tradestream_gui.ports.broker import LinkState

    account_id = core.accounts.accounts()[0].account_id
    for number in range(TRADES):
        await asyncio.sleep(seconds / TRADES)
        if number % (TRADES // RECONNECTS) == 0:
            feed = core.subscriptions.feed.name
            core.board.on_feed_link(feed, LinkState.DOWN, "the bench pulled the plug")
            core.board.on_feed_link(feed, LinkState.UP, "")
        lots = core.lots.open_lots()
        if lots:
            core.exits.close(lots[0].lot_id, lots[0].open_qty, "the bench closes")
            continue
        quote = core.board.quote(instrument.instrument_id)
        if quote is None or quote.bid is None:
            continue
        ticket = EntryTicket(
            account_id=account_id, instrument_id=instrument.instrument_id, side=Side.BUY, ord_type=OrdType.MARKET,
            order_qty=1, time_in_force=TimeInForce.DAY, origin=MANUAL, protective_stop=quote.bid - Decimal(5),
        )  # fmt: skip
        result = await core.entries.enter(ticket)
        if not result.is_sent:
            print(result.decision.words, file=sys.stderr, flush=True)


async def _figures(instruments: "list[Instrument]", seconds: float, session: "WindowSession") -> dict[str, float]:
    core = session.core
    assert core is not None, "the profile is open"
    look_around(session)
    objects = len(gc.get_objects())
    memory = Memory()
    watching = asyncio.create_task(memory.watch(seconds), name="memory")
    trading = asyncio.create_task(_trade(core, instruments[0], seconds), name="trades")
    session.window.lag.start()
    storm, talk = await day_load.pour(session, instruments, seconds, DAY_MESSAGES / seconds)
    await watching
    trading.cancel()  # on a slow machine orders take longer than their share of the time
    settled = [sample for sample in memory.samples if sample[0] >= seconds * WARM_UP_SHARE]
    late = [sample for sample in memory.samples if sample[0] >= seconds / 2]
    slope, _ = linear_regression(*zip(*late, strict=True))
    return {
        "start_mib": settled[0][1],
        "end_mib": settled[-1][1],
        "highest_mib": max(held for _, held in memory.samples),
        "slope_share": slope * 3600 / settled[0][1],
        "lag_p99_ms": session.window.lag.percentile(0.99) or 0.0,
        "ticks": float(storm.taken),
        "messages": float(talk.posted),
        "orders": float(sum(1 for _ in core.blotter.orders())),
        "objects": float(len(gc.get_objects()) - objects),
    }


def main(arguments: list[str]) -> None:
    instruments = symbols(day_load.SYMBOLS, datetime.now(UTC))
    wanted = day_load.settings() | {"market": {"watchlist": [str(one.instrument_id) for one in instruments]}}
    run_in_window(Path(arguments[1]), partial(_figures, instruments, float(arguments[0])), wanted=wanted)


if __name__ == "__main__":
    main(sys.argv[1:])
