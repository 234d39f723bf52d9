"""The floor of the wire benchmark: a raw websocket, zlib, JSON, one durable row, a socket; nothing is checked."""

import asyncio
import json
import sqlite3
import sys
import zlib
from pathlib import Path
from typing import Any

import aiohttp

HELLO, IDENTIFY, DISPATCH = 10, 2, 0
INTENTS = 33281
ASKED = {"v": "10", "encoding": "json", "compress": "zlib-stream"}
"""As discord.py asks it: the same bytes come to both."""


async def trade(far: dict[str, Any], database: Path) -> None:
    """Plain asyncio; the commit is raw sqlite3 with the pragmas of our journal, on the loop's thread."""
    rows = sqlite3.connect(database, isolation_level=None)
    rows.execute("pragma journal_mode=wal")
    rows.execute("pragma synchronous=full")
    rows.execute("create table intents (id integer primary key, name text unique, qty int, price real, at text)")
    _, orders = await asyncio.open_connection("127.0.0.1", far["broker"])
    leaving = asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    async with aiohttp.ClientSession() as session, session.ws_connect(far["gateway"], params=ASKED) as gateway:
        reading = asyncio.create_task(_read(gateway, far, rows, orders), name="gateway")
        await leaving
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    orders.close()
    rows.close()


async def _read(
    gateway: aiohttp.ClientWebSocketResponse, far: dict[str, Any], rows: sqlite3.Connection,
    orders: asyncio.StreamWriter,
) -> None:  # fmt: skip
    stream = zlib.decompressobj()
    async for message in gateway:
        frame = json.loads(stream.decompress(message.data))
        if frame["op"] == HELLO:
            asked = {"token": far["token"], "intents": INTENTS, "properties": {}}
            await gateway.send_json({"op": IDENTIFY, "d": asked})
        elif frame["t"] == "READY":
            print("ready", flush=True)
        elif frame["t"] == "MESSAGE_CREATE":
            alert = frame["d"]
            price = float(alert["content"].partition("long ")[2].partition(":")[0])
            rows.execute("insert into intents values (null, ?, 3, ?, '')", (alert["id"], price))
            orders.write(json.dumps({"id": alert["id"], "qty": 3, "price": price}).encode() + b"\n")


if __name__ == "__main__":
    asyncio.run(trade(json.loads(sys.argv[1]), Path(sys.argv[2])))
    print("over\n{}")
