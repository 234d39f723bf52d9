"""P13: the longest pause of Python's collector in the started program, frozen as the window freezes it, and not."""

import asyncio
import gc
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from tradestream_gui.bench.child import give_figures

LISTS, ROUNDS = 50_000, 4
"""New objects that stay, as a day's quotes and orders do, and how often as many die."""


class PauseWatch:
    """Times each collection through the collector's own callbacks."""

    def __init__(self) -> None:
        self._began = 0.0
        self.longest_ms = 0.0
        self.of_oldest = 0

    def __call__(self, phase: str, told: dict[str, int]) -> None:
        if phase == "start":
            self._began = perf_counter()
            return
        self.longest_ms = max(self.longest_ms, (perf_counter() - self._began) * 1000)
        self.of_oldest += told["generation"] == 2


async def measure(folder: Path, *, frozen: bool) -> dict[str, float]:
    from tradestream_gui.app import MODULES_OF_WINDOW, settle_memory
    from tradestream_gui.bench.order_hand import open_hand_core

    for name in ("tradestream_gui.startup", "discord", "ib_insync", "pandas", *MODULES_OF_WINDOW):
        import_module(name)
    server = await asyncio.start_server(_listen, "127.0.0.1", 0)
    async with server:
        running, _ = await open_hand_core(folder, server.sockets[0].getsockname()[1])
        gc.collect()
        if frozen:
            settle_memory()
        else:
            gc.enable()
        watch = PauseWatch()
        gc.callbacks.append(watch)
        kept = _storm()
        gc.collect()
        gc.callbacks.remove(watch)
        assert len(kept) == LISTS
        assert watch.of_oldest, "the oldest generation was collected"
        await running.close()
    return {"pause": watch.longest_ms}


def _storm() -> list[list[Any]]:
    kept: list[list[Any]] = [[number, None] for number in range(LISTS)]
    for _ in range(ROUNDS):
        for number in range(LISTS):
            ring: list[Any] = [number]
            ring.append(ring)
    return kept


async def _listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.readline():
        pass
    writer.close()


def main(arguments: list[str]) -> None:
    from PyQt6.QtWidgets import QApplication

    from tradestream_gui.ui.shell.event_loop import make_event_loop

    loop = make_event_loop(QApplication([]))
    asyncio.set_event_loop(loop)
    with TemporaryDirectory() as folder:
        give_figures(loop.run_until_complete(measure(Path(folder), frozen=arguments[0] == "frozen")))


if __name__ == "__main__":
    main(sys.argv[1:])
