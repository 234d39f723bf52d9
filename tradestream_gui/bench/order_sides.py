"""P8, P13, P15 and P16 of the order benchmark: the disk, what it holds, the collector, Enter and the way out."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from time import sleep

from tradestream_gui.bench.child import run_child
from tradestream_gui.bench.report import Figure, medians

HOST, MOST_ROUNDS, GULP_S = "127.0.0.1", 3, 0.01


def side_figures(rounds: int, alert_p50_us: float) -> tuple[Figure, ...]:
    """Ours and the floor of each take turns; `alert_p50_us` is P6a of the same run, which judges the hand."""
    found: dict[str, list[dict[str, float]]] = {}
    for _ in range(min(rounds, MOST_ROUNDS)):
        for name, figures in _round().items():
            found.setdefault(name, []).append(figures)
    told = {name: medians(figures) for name, figures in found.items()}
    kill, storm = told["kill"], told["storm"]
    frozen, unfrozen = told["frozen"]["pause"], told["unfrozen"]["pause"]
    return (
        Figure(
            "P8a", "durable intent, p50, raw sqlite3 beside", told["commits ours"]["p50"], "us",
            told["commits raw"]["p50"], 1.2, 1.5,
        ),
        Figure(
            "P8e", "stall at 12 ms syncs, p99, in GUI thread", told["stalls ours"]["p99"], "ms",
            told["stalls raw"]["p99"], 0.1, 0.2,
        ),
        Figure("P13", "longest GC pause, frozen", frozen, "ms", unfrozen, 0.05, 0.125),
        Figure("P15", "Enter to order bytes, beside P6a", told["enter"]["enter"], "us", alert_p50_us, 1.3, 2.0),
        Figure("P16", "flatten click to 25th request", kill["flatten"], "us", kill["raw"], 5.0, 10.0),
        Figure("P16", "same under 20,000 ticks/s", storm["flatten"], "us", storm["raw"], 5.0, 10.0),
        Figure("", "the first click of a run, of the quiet ones", kill["first"], "us", kill["raw"]),
    )  # fmt: skip


def store_figures() -> tuple[Figure, ...]:
    """One process fills its own databases; the rounds of each figure take turns in it."""
    with _folder() as folder:
        told = run_child("tradestream_gui.bench.message_store", [folder])
    return (
        Figure("P8b", "row of a batch of 1,000, the ORM beside", told["bulk"], "us", told["orm"], 1 / 8, 1 / 5),
        Figure(
            "P8c", "message behind 100,000, whole file written", told["append_many"], "us", told["whole_file"],
            1 / 5000, 1 / 500,
        ),
        Figure("P8d", "same, behind 1,000", told["append_many"], "us", told["append_few"], 1.5, 2.0),
        Figure("P8f", "rare word in 100,000, LIKE beside", told["search"], "us", told["scan"], 1 / 100, 1 / 20),
    )  # fmt: skip


def _round() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for what in ("commits", "stalls"):
        for whose in ("raw", "ours"):
            with _folder() as folder:
                found[f"{what} {whose}"] = run_child("tradestream_gui.bench.disk_stall", [what, whose, folder])
    for kind in ("unfrozen", "frozen"):
        found[kind] = run_child("tradestream_gui.bench.gc_pause", [kind])
    for kind in ("enter", "kill", "storm"):
        with _folder() as folder, _listener() as port:
            found[kind] = run_child("tradestream_gui.bench.order_hand", [kind, str(port), folder])
    return found


@contextmanager
def _folder() -> Iterator[str]:
    with TemporaryDirectory(prefix="bench-orders-", dir=os.environ.get("BENCH_DB_DIR")) as folder:
        yield folder


@contextmanager
def _listener() -> Iterator[int]:
    """A far end that only takes."""
    threads: list[threading.Thread] = []
    with socket.create_server((HOST, 0)) as server:
        accepting = threading.Thread(target=_accept, args=(server, threads), name="far end")
        accepting.start()
        try:
            yield int(server.getsockname()[1])
        finally:
            server.shutdown(socket.SHUT_RDWR)
            for thread in (accepting, *threads):
                thread.join()


def _accept(server: socket.socket, threads: list[threading.Thread]) -> None:
    while True:
        try:
            wire, _ = server.accept()
        except OSError:
            return  # the measurement is over
        threads.append(threading.Thread(target=_take, args=(wire,), name="far end"))
        threads[-1].start()


def _take(wire: socket.socket) -> None:
    """Reads in gulps, so that it is woken once by a burst of any pace: another machine's wake-ups cost the near side
    nothing, but here each is paid by whoever writes."""
    with wire:
        while wire.recv(65_536):
            sleep(GULP_S)
