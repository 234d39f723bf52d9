"""`python -m tests.servers.tws`: a practice TWS on loopback with a walking market, obeying lines on its console."""

import argparse
import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from random import Random

from tests.servers.practice import obey_console
from tests.servers.tws import TwsServer

PAPER_PORT = 7497
STEP_S = 0.25
BAR_S = 5
HELP = """commands: price SYMBOL BID ASK LAST [SIZE] | trade SYMBOL BUY|SELL QTY | fill PERM_ID QTY PRICE
          reject WORDS | drop | restart | freeze | thaw | garbage | twice | backend lost|data lost|back
          orders | quit"""
START = {"ES": "6326.00", "MES": "6326.00", "NQ": "22810.00", "MNQ": "22810.00", "QQQ": "500.00"}


class Practice:
    """The walking market and the console."""

    def __init__(self, server: TwsServer, seed: int) -> None:
        self._server = server
        self._random = Random(seed)
        self._last = {server.contracts.front(name).local_symbol: Decimal(px) for name, px in START.items()}

    async def walk(self) -> None:
        steps = 0
        while True:
            steps += 1
            for symbol, last in self._last.items():
                tick = self._server.contracts.by_local_symbol(symbol).min_tick
                last += tick * self._random.choice((-1, 0, 0, 1))
                self._last[symbol] = last
                self._server.price(symbol, str(last - tick), str(last), str(last))
                if steps % int(BAR_S / STEP_S) == 0:
                    epoch = int(self._server.now().timestamp()) // BAR_S * BAR_S
                    self._server.bar(symbol, epoch, str(last), str(last + tick), str(last - tick), str(last), 20)
            await asyncio.sleep(STEP_S)

    async def obey(self, line: str) -> bool:
        """False when the user wants to leave. Raises ValueError or StopIteration for what it cannot read."""
        server, faults = self._server, self._server.faults
        match line.split():
            case ["price", symbol, bid, ask, last, *size]:
                self._last.pop(symbol, None)
                server.price(symbol, bid, ask, last, size=int(size[0]) if size else 50)
            case ["trade", symbol, ("BUY" | "SELL") as action, qty]:
                server.trade_by_hand(symbol, action, int(qty))
            case ["fill", perm_id, qty, px]:
                server.fill(int(perm_id), int(qty), px)
            case ["reject", *words]:
                server.reject_next(201, " ".join(words))
            case ["drop"]:
                server.drop()
            case ["restart"]:
                await server.restart()
            case ["freeze"]:
                faults.frozen = True
            case ["thaw"]:
                server.thaw()
            case ["garbage"]:
                faults.garbage = not faults.garbage
            case ["twice"]:
                faults.events_twice = not faults.events_twice
            case ["backend", "lost"]:
                server.lose_backend()
            case ["backend", *how]:
                server.restore_backend(data_lost=how == ["data", "lost"])
            case ["orders"]:
                print(server.snapshot())
            case ["quit"]:
                return False
            case _:
                print(HELP)
        return True


async def run(port: int, account: str, seed: int) -> None:
    server = TwsServer(account=account, today=datetime.now(UTC).date())
    await server.start(port)
    print(f"TWS practice server for account {account} on 127.0.0.1:{server.port}; help for commands", flush=True)
    practice = Practice(server, seed)
    try:
        await obey_console(practice.obey, practice.walk)
    finally:
        await server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.servers.tws", description="A practice TWS on loopback.")
    parser.add_argument("--port", type=int, default=PAPER_PORT)
    parser.add_argument("--account", default="DU7654321")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    asyncio.run(run(chosen.port, chosen.account, chosen.seed))
