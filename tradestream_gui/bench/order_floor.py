"""The floor of the order benchmark: a socket, JSON, one durable row, a socket; nothing is checked."""

import asyncio
import json
import sqlite3
import sys
from pathlib import Path

HOST = "127.0.0.1"


async def trade(gateway_port: int, broker_port: int, count: int, database: Path) -> None:
    """Plain asyncio; the commit is raw sqlite3 with the pragmas of our journal, on the loop's thread."""
    rows = sqlite3.connect(database, isolation_level=None)
    rows.execute("pragma journal_mode=wal")
    rows.execute("pragma synchronous=full")
    rows.execute("create table intents (id integer primary key, name text unique, qty int, price real, at text)")
    _, orders = await asyncio.open_connection(HOST, broker_port)
    alerts, ready = await asyncio.open_connection(HOST, gateway_port)
    ready.write(b"ready\n")
    for _ in range(count):
        alert = json.loads(await alerts.readline())
        price = float(alert["content"].partition("long ")[2].partition(":")[0])
        rows.execute("insert into intents values (null, ?, 3, ?, '')", (alert["id"], price))
        orders.write(json.dumps({"id": alert["id"], "qty": 3, "price": price}).encode() + b"\n")
    await alerts.read()
    rows.close()


if __name__ == "__main__":
    asyncio.run(trade(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])))
    print("{}")
