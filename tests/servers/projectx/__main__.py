"""`python -m tests.servers.projectx`: a practice gateway on loopback with a walking market, obeying its console."""

import argparse
import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from random import Random

from tests.servers.practice import obey_console
from tests.servers.projectx import ACCOUNT_NAME, KEY, USER, ProjectXServer
from tests.servers.projectx.orders import BUY, SELL

PORT = 5390
STEP_S = 0.25
HELP = """commands: price NAME BID ASK LAST [SIZE] | trade NAME BUY|SELL QTY | fill ORDER_ID QTY PRICE | void TRADE_ID
          reject CODE WORDS | brackets STOP_TICKS TARGET_TICKS|off | liquidate | expire | drop | freeze | heal
          wrapped | lists | garbage | twice | status CODE | reset NAME | roll NAME | orders | quit"""
START = {"ES": "6326.00", "MES": "6326.00", "NQ": "22810.00", "MNQ": "22810.00", "CL": "61.20", "GC": "4020.00"}
SWITCHES = {"wrapped": "wrapped", "lists": "as_lists", "garbage": "garbage", "twice": "events_twice"}


class Practice:
    """The walking market and the console."""

    def __init__(self, server: ProjectXServer, seed: int) -> None:
        self._server = server
        self._random = Random(seed)
        self._last = {server.contracts.front(root).name: Decimal(px) for root, px in START.items()}
        for name, last in self._last.items():
            closes = [str(last + server.contracts.named(name).tick_size * (step % 8)) for step in range(240)]
            server.bars(name, *closes)

    async def walk(self) -> None:
        while True:
            for name, last in self._last.items():
                tick = self._server.contracts.named(name).tick_size
                last += tick * self._random.choice((-1, 0, 0, 1))
                self._last[name] = last
                self._server.price(name, str(last - tick), str(last), str(last))
            await asyncio.sleep(STEP_S)

    async def obey(self, line: str) -> bool:
        """False when the user wants to leave. Raises ValueError or StopIteration for what it cannot read."""
        server, faults = self._server, self._server.faults
        match line.split():
            case ["price", name, bid, ask, last, *size]:
                self._last.pop(name, None)
                server.price(name, bid, ask, last, size=int(size[0]) if size else 50)
            case ["trade", name, ("BUY" | "SELL") as side, qty]:
                server.trade_by_hand(name, BUY if side == "BUY" else SELL, int(qty))
            case ["fill", order_id, qty, px]:
                server.fill(int(order_id), int(qty), px)
            case ["void", trade_id]:
                server.void_trade(next(one for one in server.exchange.trades if one.id == int(trade_id)))
            case ["reject", code, *words]:
                server.reject_next(int(code), " ".join(words) or None)
            case ["brackets", "off"]:
                server.account.position_brackets = None
            case ["brackets", stop, target]:
                server.account.position_brackets = (int(stop), int(target))
            case [("wrapped" | "lists" | "garbage" | "twice") as name]:
                setattr(faults, SWITCHES[name], not getattr(faults, SWITCHES[name]))
            case ["status", code]:
                server.http_status_next(int(code))
            case ["reset", name]:
                server.reset_depth(name)
            case ["roll", name]:
                server.roll(name)
            case ["heal"]:
                await server.heal()
            case [("liquidate" | "expire" | "drop" | "freeze" | "orders") as word]:
                self._simple(word)
            case ["quit"]:
                return False
            case _:
                print(HELP)
        return True

    def _simple(self, word: str) -> None:
        match word:
            case "liquidate":
                self._server.liquidate()
            case "expire":
                self._server.expire_tokens()
            case "drop":
                self._server.drop()
            case "freeze":
                self._server.freeze()
            case "orders":
                print(self._server.snapshot())


async def run(port: int, account: str, seed: int) -> None:
    server = ProjectXServer(today=datetime.now(UTC).date(), account=account)
    await server.start(port)
    print(f"ProjectX practice gateway: {server.api_url}, hubs {server.user_hub_url} and {server.market_hub_url}")
    print(f"account {account}, user name {USER}, API key {KEY}; help for commands", flush=True)
    practice = Practice(server, seed)
    try:
        await obey_console(practice.obey, practice.walk)
    finally:
        await server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m tests.servers.projectx", description="A practice ProjectX gateway on loopback."
    )
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--account", default=ACCOUNT_NAME)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    asyncio.run(run(chosen.port, chosen.account, chosen.seed))
