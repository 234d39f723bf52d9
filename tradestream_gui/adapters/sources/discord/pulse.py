"""Signs of life of the gateway more often than Discord asks for: a line that carries nothing must not look alive."""

import asyncio
import socket
import threading
from collections.abc import Callable

import aiohttp
import discord
from discord.gateway import KeepAliveHandler

from tradestream_gui.adapters.sources.discord.setup import Timing
from tradestream_gui.ports.clock import Clock

_FAILS = (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError, TimeoutError)
"""How a heartbeat ends on a line that is being closed; the line's own end is told elsewhere."""


class Pulse:
    """Discord wants a heartbeat every 41 seconds, which is too long to notice a dead line. It answers each one at
    once, also earlier ones; of the 120 messages that it takes a minute these are a dozen."""

    def __init__(
        self, client: discord.Client, *, clock: Clock, timing: Timing, is_up: Callable[[], bool],
        tell_dead: Callable[[float], None],
    ) -> None:  # fmt: skip
        """`tell_dead` hears of a line that has not answered for so many seconds, before it is hung up."""
        self._client = client
        self._clock = clock
        self._timing = timing
        self._is_up = is_up
        self._tell_dead = tell_dead
        self._answered: tuple[KeepAliveHandler, float] | None = None
        self._heard_s = 0.0

    async def watch(self) -> None:
        """Until the client is closed."""
        while not self._client.is_closed():
            await self._clock.sleep(self._timing.beat_s)
            heart = self._heart()
            if heart is None or not self._is_up():
                self._answered = None
                continue
            silent_s = self._silent_s(heart)
            if silent_s > self._timing.silent_s:
                self._answered = None
                self._tell_dead(silent_s)
                _hang_up(heart)
            else:
                await self._beat(heart)

    def _silent_s(self, heart: KeepAliveHandler) -> float:
        """Seconds since an answer came: each one changes what the library measured of the last."""
        now_s, answered = self._clock.monotonic(), (heart, heart.latency)
        if answered != self._answered:
            self._answered, self._heard_s = answered, now_s
        return now_s - self._heard_s

    async def _beat(self, heart: KeepAliveHandler) -> None:
        try:
            async with asyncio.timeout(self._timing.beat_s):
                await heart.ws.send_heartbeat(heart.beat())
        except _FAILS:
            return

    def _heart(self) -> KeepAliveHandler | None:
        ws = self._client.ws
        hearts = (thread for thread in threading.enumerate() if isinstance(thread, KeepAliveHandler))
        return next((heart for heart in hearts if heart.ws is ws), None)


def stop_hearts(token: str) -> None:
    """The library forgets the thread of a socket that died while it was being opened; that one beats on for a while."""
    for thread in threading.enumerate():
        if isinstance(thread, KeepAliveHandler) and thread.ws.token == token:
            thread.stop()


async def stop_waiting(client: discord.Client) -> None:
    """The library goes on waiting for the servers of a session that was ended in its first moments."""
    waiting = client._connection._ready_task  # no public way to it
    if waiting is not None and not waiting.done():
        waiting.cancel()
        await asyncio.wait([waiting], timeout=1.0)


def _hang_up(heart: KeepAliveHandler) -> None:
    """Without a farewell, for which the library would wait half a minute; it then calls again and resumes."""
    line = heart.ws.socket.get_extra_info("socket")
    if line is not None:
        try:
            line.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it is closed already
