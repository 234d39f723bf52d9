"""The gateway that foreign clients judge: its market walks, its events change their shape by turns."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

from tests.servers.projectx import ProjectXServer

TURN_S = 0.05
NAME = "ESZ6"


@asynccontextmanager
async def projectx() -> AsyncIterator[int]:
    server = ProjectXServer(today=date(2026, 11, 20))
    server.user_hub.keep_alive_s = server.market_hub.keep_alive_s = 0.3
    server.bars(NAME, *(str(6300 + number % 20) for number in range(240)))
    server.price(NAME, "6326.00", "6326.25", "6326.25", size=500)
    await server.start()
    moving = asyncio.create_task(_move(server), name="market")
    try:
        yield server.port
    finally:
        moving.cancel()
        await server.stop()


async def _move(server: ProjectXServer) -> None:
    for turn in range(1_000_000):
        server.faults.wrapped = turn % 20 >= 10
        server.faults.as_lists = turn % 6 >= 3
        bid = 6326 + (turn // 4) % 4
        server.price(NAME, f"{bid}.00", f"{bid}.25", f"{bid}.25", size=500)
        if turn % 10 == 9:
            server.reset_depth(NAME)
        await asyncio.sleep(TURN_S)
