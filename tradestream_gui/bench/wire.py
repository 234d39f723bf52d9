"""P6: from a frame of Discord's gateway to an order's bytes at a broker, by the real adapters, against a floor."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from tradestream_gui.bench.child import BenchFailed
from tradestream_gui.bench.report import BenchReport, Figure, medians, share_of, spread_of
from tradestream_gui.bench.session_clock import IN_SESSION

FAR_END = "tests.servers.wire_end"
COUNT, GAP_S, WARM_UP = 80, 0.05, 10
"""Alerts of a paced round; the rate stays under the pace that the rails can be opened to."""
BURST_CHANNELS, BURST_EACH = 8, 10
FLOOD_CHANNELS, FLOOD_EACH, FLOOD_ALERTS = 25, 20, 50
TIMEOUT_S = 60.0
"""For one line of a child."""
FLOOR, SOCKET, REST = "floor", "ibkr", "projectx"


@dataclass(frozen=True, slots=True)
class Posting:
    """What is posted; `wanted` of the messages are alerts, and each of these becomes an order."""

    channels: int
    each: int
    gap_s: float
    wanted: int


PACED = Posting(1, COUNT, GAP_S, COUNT)
BURST = Posting(BURST_CHANNELS, BURST_EACH, 0.0, BURST_CHANNELS * BURST_EACH)
FLOOD = Posting(FLOOD_CHANNELS, FLOOD_EACH, 0.0, FLOOD_ALERTS)


def measure(rounds: int) -> BenchReport:
    """Interleaved fresh processes: the far end in one, the floor or the program in another."""
    if find_spec("tests") is None or find_spec(FAR_END) is None:
        raise BenchFailed(f"bench wire needs the practice servers ({FAR_END}): run it in the source checkout")
    paced: dict[str, list[dict[str, float]]] = {FLOOR: [], SOCKET: [], REST: []}
    bursts: dict[str, list[dict[str, float]]] = {SOCKET: [], REST: []}
    floods: list[dict[str, float]] = []
    for _ in range(rounds):
        for name, found in paced.items():
            found.append(latencies(name))
        for name, found in bursts.items():
            found.append(burst(name))
        floods.append(flood())
    floor, socket, rest = (medians(paced[name]) for name in (FLOOR, SOCKET, REST))
    figures = [
        Figure("P6a", "frame to order bytes, socket, p50", socket["p50"], "us", floor["p50"], 3.0, 5.0),
        Figure("P6a", "frame to order bytes, socket, p99", socket["p99"], "us", floor["p99"], 3.0, 6.0),
        Figure("P6b", "frame to order bytes, REST, p50", rest["p50"], "us", floor["p50"], 4.5, 7.0),
        Figure("P6b", "frame to order bytes, REST, p99", rest["p99"], "us", floor["p99"]),
    ]
    for name, words in ((SOCKET, "socket"), (REST, "REST")):
        alone_us = medians(paced[name])["cpu"] * BURST.wanted
        last_us = medians(bursts[name])["last"]
        figures.append(Figure("P6f", f"8 channels x 10, last order, {words}", last_us, "us", alone_us, 1.3, 2.0))
    flooded_ms = medians(floods)["last"] / 1000
    figures.append(Figure("N16", "25 channels x 20, all decided", flooded_ms, "ms", None, 1000.0, 2000.0))
    return BenchReport(
        "wire",
        tuple(figures),
        rounds,
        spread_of([found["p50"] for found in paced[FLOOR]]),
        (f"{COUNT} alerts a round, one each {GAP_S * 1000:.0f} ms, the first {WARM_UP} not counted; floor of P6f: "
         f"{BURST.wanted} times the processor time of one paced alert; TWS's 50 requests a second are set aside",),
    )  # fmt: skip


def latencies(name: str) -> dict[str, float]:
    """Microseconds from frame to order of one paced round, and the processor time of one alert."""
    far, near = _round(name, PACED)
    each = sorted((taken - posted) / 1000 for posted, taken in _pairs(name, far)[WARM_UP:])
    cpu_us = near.get("cpu_s", 0.0) * 1e6 / COUNT
    return {"p50": share_of(each, 0.5), "p99": share_of(each, 0.99), "max": each[-1], "cpu": cpu_us}


def burst(name: str) -> dict[str, float]:
    """Microseconds from the first frame to the last order."""
    far, _ = _round(name, BURST)
    if len(far["taken"]) != BURST.wanted:
        raise BenchFailed(f"bench wire, {name}: {len(far['taken'])} orders came of a burst of {BURST.wanted}")
    return {"last": (max(far["taken"]) - min(far["posted"])) / 1000}


def flood() -> dict[str, float]:
    """Microseconds from the first frame to the last decision."""
    posted = FLOOD.channels * FLOOD.each
    far, near = _round(SOCKET, FLOOD, posted)
    if near["decided"] != posted:
        raise BenchFailed(f"bench wire: {near['decided']:.0f} of {posted} messages were decided")
    return {"last": (near["last_ns"] - min(far["posted"])) / 1000}


def _pairs(name: str, far: dict[str, list[int]]) -> list[tuple[int, int]]:
    """Each alert with its order: both came one after another, and every alert became one."""
    posted, taken = far["posted"], far["taken"]
    if len(taken) != len(posted):
        raise BenchFailed(f"bench wire, {name}: {len(taken)} orders came of {len(posted)} alerts")
    return list(zip(posted, taken, strict=True))


def _round(name: str, posting: Posting, decisions: int = 0) -> tuple[dict[str, list[int]], dict[str, float]]:
    """What the far end measured, and what the near end did; with `decisions` it goes on until there are so many."""
    offset_s = str((IN_SESSION - datetime.now(UTC)).total_seconds())
    with tempfile.TemporaryDirectory(prefix="bench-wire-", dir=os.environ.get("BENCH_DB_DIR")) as folder:
        far = _End(
            f"the far end of {name}", FAR_END, name, "--channels", str(posting.channels), "--each", str(posting.each),
            "--gap-s", str(posting.gap_s), "--wanted", str(posting.wanted), "--offset-s", offset_s,
        )  # fmt: skip
        near = None
        try:
            where = far.line()
            if name == FLOOR:
                near = _End(name, "tradestream_gui.bench.wire_floor", where, str(Path(folder) / "floor.db"))
            else:
                near = _End(name, "tradestream_gui.bench.wire_core", name, where, folder, offset_s, str(decisions))
            near.line()
            far.say("go")
            far.line()
            if decisions:
                near.line()
            far.say("tell")
            measured: dict[str, list[int]] = json.loads(far.line())
            near.say("over")
            return measured, json.loads(near.last_line())
        finally:
            for end in (far, near):
                if end is not None:
                    end.kill()


class _End:
    """A child process that is spoken with line by line. Raises BenchFailed with what it complained of."""

    def __init__(self, name: str, module: str, *arguments: str) -> None:
        environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
        command, pipe = [sys.executable, "-m", module, *arguments], subprocess.PIPE
        self._name = name
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  # open as long as the child lives
        self._process = subprocess.Popen(
            command, env=environment, stdin=pipe, stdout=pipe, stderr=self._errors, text=True
        )

    def line(self) -> str:
        assert self._process.stdout is not None, "it was piped"
        timer = threading.Timer(TIMEOUT_S, self._process.kill)
        timer.start()
        said = self._process.stdout.readline().strip()
        timer.cancel()
        if not said:
            self._process.wait()
            self._errors.seek(0)
            raise BenchFailed(f"bench wire: {self._name} said nothing more: {self._errors.read()[-800:]}")
        return said

    def last_line(self) -> str:
        """What comes after `over`."""
        said = self.line()
        return self.line() if said == "over" else said

    def say(self, word: str) -> None:
        assert self._process.stdin is not None, "it was piped"
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            if pipe is not None:
                pipe.close()
