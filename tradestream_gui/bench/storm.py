"""P3: ticks of two hundred symbols poured into the running window: how old is what it shows, does it still answer."""

import asyncio
import gc
import sys
import threading
import time
from collections import deque
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol

from tradestream_gui.bench.child import BenchFailed, run_child
from tradestream_gui.bench.peers import FOLDER_VARIABLE, peer_python, run_peer
from tradestream_gui.bench.real_window import look_around, run_in_window, symbols
from tradestream_gui.bench.report import BenchReport, Figure, medians, spread_of

if TYPE_CHECKING:
    from tradestream_gui.app import WindowSession
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import InstrumentId
    from tradestream_gui.domain.instruments import Instrument
    from tradestream_gui.domain.quotes import Quote

MODULE = "tradestream_gui.bench.storm"
PEER_SCRIPT = Path(__file__).with_name("storm_peer.py")
SYMBOLS = 200
SECONDS = 8
RATES = (1_000, 20_000, 30_000, 50_000, 100_000)
JUDGED = 20_000
PEER_RATES = (1_000, 20_000)
SOON_MS, HALF_A_CORE = 33.0, 50.0
BEAT_MS = 10
PAUSE_S = 0.002
ONE_READING = 500
"""Ticks: about what a socket's buffer of 64 KiB holds."""
Rounds = dict[int, list[dict[str, float]]]


def measure(rounds: int) -> BenchReport:
    """Interleaved fresh processes. Each side gets its ticks as its own feeds give them: here on the loop, in vnpy from
    a gateway's thread; what making them costs is counted on neither side."""
    found: Rounds = {rate: [] for rate in RATES}
    peers: Rounds = {rate: [] for rate in PEER_RATES}
    remarks: list[str] = []
    python = peer_python("peers")
    if python is None:
        remarks.append(f"vnpy was not measured: {FOLDER_VARIABLE} names no folder with the environment 'peers'")
    for _ in range(rounds):
        for rate in RATES:
            with TemporaryDirectory(prefix="tradestream-bench-") as folder:
                found[rate].append(run_child(MODULE, [str(rate), str(SECONDS), folder]))
        for rate in PEER_RATES:
            try:
                peers[rate] += [run_peer(python, PEER_SCRIPT, [str(rate), str(SECONDS)])] if python is not None else []
            except BenchFailed as failed:
                remarks.append(str(failed))
    ours = {rate: medians(told) for rate, told in found.items()}
    theirs = {rate: medians(told) for rate, told in peers.items() if told}
    spread = spread_of([figures["cpu_pct"] for figures in found[RATES[0]]])
    return BenchReport("storm", tuple(_figures(ours, theirs)), rounds, spread, tuple(dict.fromkeys(remarks)))


def _figures(ours: dict[int, dict[str, float]], theirs: dict[int, dict[str, float]]) -> list[Figure]:
    storm, calm, flood = ours[JUDGED], theirs.get(1_000, {}), theirs.get(JUDGED, {})
    held = [rate for rate in RATES if _holds(ours[rate])]
    words = f"{JUDGED:,} ticks/s"
    age, cpu, growth = (flood.get("age_end_ms"), calm.get("cpu_pct"), flood.get("growth_mib_s"))
    shown = [
        Figure("P3a", f"age of what is shown, p99, {words}", storm["age_p99_ms"], "ms", age, 1 / 150, 1 / 50),
        Figure("P3b", f"CPU at {words}, vnpy at 1,000", storm["cpu_pct"], "%", cpu, 1 / 5, 1 / 3),
        Figure("P3c", "1,000/s over the highest rate held", 1_000.0 / max(held, default=1), "", None, 1 / 100, 1 / 30),
        Figure("P3d", f"stall p99 at {words}", storm["stall_p99_ms"], "ms", None, 8.0, 16.0),
        Figure("P3e", f"growth at {words}", storm["growth_mib_s"], "MiB/s", growth, 1 / 100, 1 / 40),
        Figure("P13", f"longest collection at {words}", storm["collection_ms"], "ms"),
        Figure("", f"CPU of making {words}, not counted", storm["making_pct"], "%"),
        Figure("", "vnpy: of making 1,000 ticks/s, not counted", calm.get("making_pct", 0.0), "%"),
    ]
    for rate, figures in ours.items():
        shown.append(Figure("", f"{rate:,}/s: age p99", figures["age_p99_ms"], "ms", None))
        shown.append(Figure("", f"{rate:,}/s: CPU", figures["cpu_pct"], "%", None))
        shown.append(Figure("", f"{rate:,}/s: ticks taken in", figures["taken"], "/s", None))
    return shown


def _holds(figures: dict[str, float]) -> bool:
    return figures["age_p99_ms"] <= SOON_MS and figures["cpu_pct"] <= HALF_A_CORE


# -- in the child -------------------------------------------------------------------------------------------


class HasCore(Protocol):
    """A window's session, or a core that runs without one."""

    @property
    def core(self) -> "Core | None": ...


class Storm:
    """A feed as this program's own are: a far end says how many ticks have come by now, the loop makes quotes of them
    and gives each to the board.

    `newest` holds for each symbol when its last tick came, `making_s` what far end and making have cost: both are the
    bench's own."""

    def __init__(self, session: HasCore, instruments: "list[Instrument]", rate: int, seconds: float) -> None:
        from tradestream_gui.domain.quotes import DataKind, Quote

        assert session.core is not None, "the profile is open"
        self._sink, self._clock = session.core.board, session.core.clock
        self._ids = [one.instrument_id for one in instruments]
        self._rate, self._seconds = rate, seconds
        self._make = partial(Quote, kind=DataKind.REALTIME)
        self._due: deque[tuple[int, float]] = deque()
        self._loop = asyncio.get_running_loop()
        self._is_called = self._is_over = False
        self._prices = [[one.tick_size * (4_000 + step) for step in range(402)] for one in instruments]
        self._far_s = self._near_s = 0.0
        self.newest: dict[InstrumentId, float] = {}
        self.taken = 0

    @property
    def making_s(self) -> float:
        return self._far_s + self._near_s

    async def run(self) -> None:
        thread = threading.Thread(target=self._send, daemon=True, name="storm")
        thread.start()
        try:
            await asyncio.sleep(self._seconds)
        finally:
            self._is_over = True

    def _send(self) -> None:
        """The far end, in a thread of its own."""
        began, sent, end = time.perf_counter(), 0, int(self._rate * self._seconds)
        while sent < end and not self._is_over:
            now = time.perf_counter()
            due = min(end, int((now - began) * self._rate))
            if due > sent:
                self._due.append((due, now))
                sent = due
                if not self._is_called:
                    self._is_called = True
                    self._loop.call_soon_threadsafe(self._take)
            self._far_s = time.thread_time()
            time.sleep(PAUSE_S)

    def _take(self) -> None:
        """One reading of a socket; what is more than fits it is read in the loop's next turn."""
        self._is_called = False
        take_in, enough = self._sink.on_quote, self.taken + ONE_READING
        while self._due and self.taken < enough:
            due, came = self._due.popleft()
            began = time.thread_time()
            quotes = self._quotes(due)
            came_at = dict.fromkeys((quote.instrument_id for quote in quotes), came)
            self._near_s += time.thread_time() - began
            for quote in quotes:
                take_in(quote)
            self.newest |= came_at
            self.taken = due
        if self._due and not self._is_called:
            self._is_called = True
            self._loop.call_soon(self._take)

    def _quotes(self, due: int) -> "list[Quote]":
        at, made = self._clock.now(), []
        for number in range(self.taken, due):
            place = number * 7919 % len(self._ids)
            bid, ask = self._prices[place][number % 400 : number % 400 + 2]
            quote = self._make(
                instrument_id=self._ids[place], at=at, bid=bid, bid_size=number % 90 + 1, ask=ask,
                ask_size=number % 80 + 1, last=bid,
            )  # fmt: skip
            made.append(quote)
        return made


class Watch:
    """Notes the age of each row when it is shown, how late a beat of ten milliseconds comes, collections, memory."""

    def __init__(self, session: "WindowSession", storm: Storm) -> None:
        from PyQt6.QtCore import Qt, QTimer

        self._storm = storm
        self._model = session.window.part("watchlist").model  # type: ignore[attr-defined]  # the dock, not any widget
        self._model.dataChanged.connect(self._on_shown)
        self._ages: list[float] = []
        self._stalls: list[float] = []
        self._collections: list[float] = [0.0]
        self._beat_at = self._collecting_since = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def begin(self) -> None:
        self._began = time.perf_counter()
        self._cpu, self._memory = time.process_time(), memory_mib()
        self._beat_at = self._began
        gc.callbacks.append(self._on_collection)
        self._timer.start(BEAT_MS)

    def figures(self) -> dict[str, float]:
        wall = time.perf_counter() - self._began
        gc.callbacks.remove(self._on_collection)
        tail = self._ages[-max(len(self._ages) // 10, 1) :]
        return {
            "age_p99_ms": percentile(self._ages, 0.99),
            "age_end_ms": percentile(tail, 0.5),
            "stall_p99_ms": percentile(self._stalls, 0.99),
            "stall_max_ms": max(self._stalls),
            "cpu_pct": (time.process_time() - self._cpu - self._storm.making_s) / wall * 100,
            "making_pct": self._storm.making_s / wall * 100,
            "growth_mib_s": max(memory_mib() - self._memory, 0.0) / wall,
            "collection_ms": max(self._collections),
            "taken": self._storm.taken / wall,
        }

    def _on_shown(self, first: Any, last: Any) -> None:
        now = time.perf_counter()
        for position in range(first.row(), last.row() + 1):
            made = self._storm.newest.get(self._model.key_at(position))
            if made is not None:
                self._ages.append((now - made) * 1000)

    def _beat(self) -> None:
        now = time.perf_counter()
        self._stalls.append((now - self._beat_at) * 1000 - BEAT_MS)
        self._beat_at = now

    def _on_collection(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self._collecting_since = time.perf_counter()
        else:
            self._collections.append((time.perf_counter() - self._collecting_since) * 1000)


def percentile(values: list[float], share: float) -> float:
    """Values in milliseconds; endless when nothing was measured, so that no limit is met by silence."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else float("inf")


def memory_mib() -> float:
    """What the process holds in memory now; 0 where the system does not tell."""
    told = Path("/proc/self/statm")
    return int(told.read_text(encoding="ascii").split()[1]) * 4096 / 2**20 if told.exists() else 0.0


WARM_UP_S = 2.0


async def _pour(
    instruments: "list[Instrument]", rate: int, seconds: float, session: "WindowSession"
) -> dict[str, float]:
    look_around(session)
    await Storm(session, instruments, rate, WARM_UP_S).run()
    storm = Storm(session, instruments, rate, seconds)
    watch = Watch(session, storm)
    watch.begin()
    await storm.run()
    return watch.figures()


def main(arguments: list[str]) -> None:
    rate, seconds, folder = int(arguments[0]), float(arguments[1]), Path(arguments[2])
    instruments = symbols(SYMBOLS, datetime.now(UTC))
    watched = [str(one.instrument_id) for one in instruments]
    run_in_window(folder, partial(_pour, instruments, rate, seconds), wanted={"market": {"watchlist": watched}})


if __name__ == "__main__":
    main(sys.argv[1:])
