"""The far end of the order benchmark, a process of its own: a gateway that posts alerts, a broker that takes orders."""

import asyncio
import json
import sys
from time import perf_counter_ns

PATIENCE_S = 20.0
HOST = "127.0.0.1"
CALLS = (("ES", 6330.0, 0.25, 10), ("NQ", 22940.0, 0.25, 40), ("GC", 4080.0, 0.1, 8), ("RTY", 2400.0, 0.1, 8))
"""Root, first price, tick and distance of the stop; every fourth alert is of the same root, one tick higher."""


class FarEnd:
    """Posts `count` alerts, one each `gap_s`, once its one visitor is ready, and times each until its order is here.

    Both moments are read from the clock of this process, so nothing else has to agree on the time.
    """

    def __init__(self, count: int, gap_s: float) -> None:
        self._count = count
        self._gap_s = gap_s
        self._posted: dict[str, int] = {}
        self._taken: dict[str, int] = {}
        self._all_taken = asyncio.Event()

    async def run(self) -> list[float]:
        """Microseconds from posting to order, in the order of posting. An alert without an order is missing."""
        gateway, broker = (
            await asyncio.start_server(self._post, HOST, 0),
            await asyncio.start_server(self._take, HOST, 0),
        )
        async with gateway, broker:
            print(json.dumps([server.sockets[0].getsockname()[1] for server in (gateway, broker)]), flush=True)
            try:
                await asyncio.wait_for(self._all_taken.wait(), PATIENCE_S + self._count * self._gap_s)
            except TimeoutError:
                print(f"only {len(self._taken)} of {self._count} orders came", file=sys.stderr)
        return [(self._taken[name] - at) / 1000 for name, at in self._posted.items() if name in self._taken]

    async def _post(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        for number in range(self._count):
            name = str(number)
            line = json.dumps({"id": name, "content": alert_text(number)}).encode() + b"\n"
            self._posted[name] = perf_counter_ns()
            writer.write(line)
            await asyncio.sleep(self._gap_s)
        await self._all_taken.wait()
        writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            at = perf_counter_ns()
            name = json.loads(line)["id"]
            if self._taken.setdefault(name, at) == at and len(self._taken) == self._count:
                self._all_taken.set()
        writer.close()


def alert_text(number: int) -> str:
    """A call of its own each time, of another contract than the last: a repeat would rightly open nothing."""
    root, price, step, stop = CALLS[number % len(CALLS)]
    price += number // len(CALLS) * step
    return f"🚨 {root} long {price:g}: A / Stop: {price - stop:g}"


if __name__ == "__main__":
    latencies = asyncio.run(FarEnd(int(sys.argv[1]), float(sys.argv[2])).run())
    print(json.dumps(latencies), flush=True)
