"""The far end of `tradestream bench wire`, a process of its own: Discord's gateway, a broker, and the clock of both.

Prints where it listens as one JSON line, posts once its console says `go`, says `taken` when the orders came, and
prints what it measured once it is asked for that.
"""

import argparse
import asyncio
import json
import sys
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from random import Random
from time import perf_counter_ns
from typing import Any

from tests.servers.discord import Channel, DiscordServer
from tests.servers.link_proxy import LinkProxy
from tests.servers.projectx import ACCOUNT_NAME, KEY, USER, ProjectXServer
from tests.servers.tws import TwsServer
from tests.servers.tws.wire import FrameReader
from tests.support import eventually

TOKEN, CODE, HOST = "bench-token", "DU7654321", "127.0.0.1"
PATIENCE_S = 20.0
CANCEL_AFTER_S = 0.002
"""An order is taken back as soon as it has come, so that none counts against the next."""
PLACE_ORDER = "3"
CALLS = (("ES", 6330.0, 0.25, 10), ("NQ", 22940.0, 0.25, 40), ("RTY", 2400.0, 0.1, 8), ("MNQ", 22950.0, 0.25, 40))
"""Root, first price, tick and distance of the stop; every fourth alert is of the same root, one tick higher."""
AUTHORS = 80
"""Each posts in turn: a second entry of one author in the same contract would rightly wait for a person."""


def alert_text(number: int) -> str:
    root, price, step, stop = CALLS[number % len(CALLS)]
    price += number // len(CALLS) * step
    return f"{root} long {price:g}: A / Stop: {price - stop:g}"


def chatter(number: int) -> str:
    return f"watching this closely, number {number} of the morning, nothing to do yet"


class Broker:
    """One of the practice brokers, or for the floor a socket that takes lines. `take` counts the orders in bytes."""

    def __init__(self, name: str, today: date, offset: timedelta) -> None:
        self._name = name
        self._frames = FrameReader()
        self._sink: asyncio.Server | None = None
        self._tws = TwsServer(account=CODE, today=today)
        self._topstep = ProjectXServer(today=today)
        for server in (self._tws, self._topstep):
            server.set_clock(offset)

    async def start(self) -> int:
        """The port at which it serves."""
        if self._name == "ibkr":
            await self._tws.start()
            for symbol in ("ESZ6", "NQZ6", "RTYZ6", "MNQZ6"):
                self._tws.price(symbol, "90000.00", "90000.50", "90000.50")  # far away: every limit rests
            return self._tws.port
        if self._name == "projectx":
            await self._topstep.start()
            return self._topstep.port
        self._sink = await asyncio.start_server(_swallow, HOST, 0)
        port: int = self._sink.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        await self._tws.stop()
        await self._topstep.stop()
        if self._sink is not None:
            self._sink.close()

    def count(self, data: bytes) -> int:
        """How many orders there are in what a client has just sent."""
        if self._name == "ibkr":
            return sum(fields[0] == PLACE_ORDER for fields in self._frames.feed(data))
        return data.count(b'"customTag"') if self._name == "projectx" else data.count(b"\n")

    def take_back(self) -> None:
        """Cancels whatever works."""
        for order in self._tws.exchange.working():
            self._tws.exchange.cancel(order.client_id, order.order_id)
        for order in self._topstep.exchange.working():
            self._topstep.exchange.cancel(order)


class FarEnd:
    """`posted` are the moments at which a message's frame is written, `taken` those at which an order's bytes come."""

    def __init__(self, name: str, channels: int, offset: timedelta) -> None:
        self.discord = DiscordServer()
        self.discord.set_clock(offset)
        guild = self.discord.guild("Room", self.discord.bot(TOKEN))
        self.channels: list[Channel] = [self.discord.channel(guild, f"alerts-{n}") for n in range(channels)]
        self.authors = [self.discord.person(f"analyst-{n}") for n in range(AUTHORS)]
        self.broker = Broker(name, (datetime.now(UTC) + offset).date(), offset)
        self.posted: list[int] = []
        self.taken: list[int] = []
        self._tap: LinkProxy | None = None

    async def open(self) -> dict[str, Any]:
        """Where all of it is."""
        await self.discord.start()
        self._tap = LinkProxy(await self.broker.start(), Random(1), heard=self._heard)
        await self._tap.start()
        return {
            "rest": self.discord.rest_url, "gateway": self.discord.gateway_url, "token": TOKEN,
            "broker": self._tap.port, "channels": [str(channel.id) for channel in self.channels],
            "authors": [str(one.id) for one in self.authors],
            "account": {"ibkr": CODE, "projectx": ACCOUNT_NAME}.get(self.broker._name, ""), "user": USER, "key": KEY,
        }  # fmt: skip

    async def post(self, each: int, gap_s: float, wanted: int) -> None:
        """So many messages into each channel, all at once or one each `gap_s`, the `wanted` alerts evenly among them;
        returns when as many orders came."""
        self._stamp_frames()
        among = each * len(self.channels) // wanted
        for number in range(each * len(self.channels)):
            channel, alert = self.channels[number % len(self.channels)], number // among
            text = chatter(number) if number % among else alert_text(alert)
            self.discord.post(channel, self.authors[alert % AUTHORS], text)
            if gap_s:
                await asyncio.sleep(gap_s)
        with suppress(AssertionError):  # the near end counts what did not come
            await eventually(lambda: len(self.taken) >= wanted, within_s=PATIENCE_S)

    async def close(self) -> None:
        if self._tap is not None:
            await self._tap.stop()
        await self.broker.stop()
        await self.discord.stop()

    def _heard(self, data: bytes) -> None:
        at = perf_counter_ns()
        came = self.broker.count(data)
        self.taken.extend([at] * came)
        if came:
            asyncio.get_running_loop().call_later(CANCEL_AFTER_S, self.broker.take_back)

    def _stamp_frames(self) -> None:
        """From now on each message is stamped as the very last thing before its frame is written."""
        for socket in self.discord.sessions.sockets:
            socket.before_write = self._stamp

    def _stamp(self, text: str) -> None:
        if '"MESSAGE_CREATE"' in text:
            self.posted.append(perf_counter_ns())


async def _swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(65536):
        pass
    writer.close()


async def run(chosen: argparse.Namespace) -> None:
    end = FarEnd(chosen.broker, chosen.channels, timedelta(seconds=chosen.offset_s))
    try:
        print(json.dumps(await end.open()), flush=True)
        if await asyncio.to_thread(sys.stdin.readline):
            await end.post(chosen.each, chosen.gap_s, chosen.wanted)
        print("taken", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        print(json.dumps({"posted": end.posted, "taken": end.taken}), flush=True)
    finally:
        await end.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.servers.wire_end", description="The far end of bench wire.")
    parser.add_argument("broker", choices=("floor", "ibkr", "projectx"))
    parser.add_argument("--channels", type=int, default=1)
    parser.add_argument("--each", type=int, default=80)
    parser.add_argument("--gap-s", type=float, default=0.0)
    parser.add_argument("--wanted", type=int, default=80)
    parser.add_argument("--offset-s", type=float, default=0.0)
    asyncio.run(run(parser.parse_args()))
