"""A wire that breaks: a loopback proxy that resets, goes silent, dawdles, cuts a message short or talks nonsense."""

import asyncio
from collections import deque
from collections.abc import Callable
from random import Random


class _End:
    """One side of one connection: an asyncio protocol without its base class. Bytes wait for a side to be there."""

    def __init__(self, carry: Callable[["_End", bytes], None], ended: Callable[["_End"], None]) -> None:
        self._carry = carry
        self._ended = ended
        self._transport: asyncio.Transport | None = None
        self._waiting: list[bytes] = []
        self.far: _End | None = None
        self.due_s = 0.0
        """When what was heard last is passed on."""
        self.delayed: deque[bytes] = deque()
        """What was heard and is not yet passed on, oldest first: a wire delays, it lets no byte overtake another."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        for data in self._waiting:
            transport.write(data)
        self._waiting.clear()

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._ended(self)

    def eof_received(self) -> bool:
        return False

    def pause_writing(self) -> None:
        """Tests carry little."""

    def resume_writing(self) -> None:
        """Nothing was held back."""

    def data_received(self, data: bytes) -> None:
        self._carry(self, data)

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)
        else:
            self._waiting.append(data)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()


class LinkProxy:
    """Passes bytes between clients and one server at `target_port`."""

    def __init__(
        self, target_port: int, random: Random, *, heard: Callable[[bytes], None] | None = None
    ) -> None:
        """`heard` gets what clients send, before anything is done with it."""
        self._heard = heard
        self.target_port = target_port
        self.port = 0
        self.is_silent = False
        self.delay_s = 0.0
        self._cut_left: int | None = None
        self._random = random
        self._listener: asyncio.Server | None = None
        self._clients: list[_End] = []
        self._servers: list[_End] = []
        self._dials: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._accept, "127.0.0.1", 0)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._listener is not None:
            self._listener.close()
        self.reset()
        for dial in tuple(self._dials):
            dial.cancel()
        await asyncio.gather(*self._dials, return_exceptions=True)
        await asyncio.sleep(0.02)

    def heal(self) -> None:
        """New bytes pass again; connections that went silent stay dead."""
        if self.is_silent:
            self.reset()
        self.is_silent, self.delay_s, self._cut_left = False, 0.0, None

    def reset(self) -> None:
        for end in (*self._clients, *self._servers):
            end.abort()

    def cut_after(self, count: int) -> None:
        """So many bytes still pass, then every connection is closed in the middle of whatever it carried."""
        self._cut_left = count

    def babble(self) -> None:
        """Bytes that nobody sent, into every client."""
        noise = bytes(self._random.randrange(256) for _ in range(self._random.randrange(1, 40)))
        for client in self._clients:
            client.write(noise)

    def _accept(self) -> asyncio.Protocol:
        near = _End(self._carry, self._ended)
        near.far = far = _End(self._carry, self._ended)
        far.far = near
        self._clients.append(near)
        self._servers.append(far)
        dial = asyncio.get_running_loop().create_task(self._dial(near, far), name="proxy dials")
        self._dials.add(dial)
        dial.add_done_callback(self._dials.discard)
        return near  # type: ignore[return-value]  # asyncio asks for its methods only

    async def _dial(self, near: _End, far: _End) -> None:
        try:
            await asyncio.get_running_loop().create_connection(
                lambda: far,  # type: ignore[arg-type,return-value]  # asyncio asks for its methods only
                "127.0.0.1",
                self.target_port,
            )
        except OSError:
            near.abort()

    def _carry(self, source: _End, data: bytes) -> None:
        if self._heard is not None and source in self._clients:
            self._heard(data)
        loop = asyncio.get_running_loop()
        source.due_s = max(loop.time() + self.delay_s, source.due_s)
        if source.due_s > loop.time() or source.delayed:
            source.delayed.append(data)
            loop.call_at(source.due_s, self._pass_oldest_on, source)  # the loop wakes equal times in any order
        else:
            self._pass_on(source, data)

    def _pass_oldest_on(self, source: _End) -> None:
        self._pass_on(source, source.delayed.popleft())

    def _pass_on(self, source: _End, data: bytes) -> None:
        if self.is_silent or source.far is None:
            return
        if self._cut_left is None:
            source.far.write(data)
            return
        source.far.write(data[: self._cut_left])
        self._cut_left -= len(data)
        if self._cut_left <= 0:
            self._cut_left = None
            for end in (*self._clients, *self._servers):
                end.close()

    def _ended(self, end: _End) -> None:
        """One side is gone, so the other one goes too, unless nothing passes at all."""
        for ends in (self._clients, self._servers):
            if end in ends:
                ends.remove(end)
        if end.far is not None and not self.is_silent:
            end.far.close()
