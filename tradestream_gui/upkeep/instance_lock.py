"""One TradeStream per data folder: a lock held for life, and a door through which a second start raises the first.

The door is a loopback TCP port (any platform has it) whose number and a secret word stand in a file that only this
user can read. Nothing but "raise the window" can be asked through it.
"""

import asyncio
import contextlib
import hmac
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

ALREADY_RUNNING = "TradeStream is already running."
EXIT_ALREADY_RUNNING = 4
LOOPBACK = "127.0.0.1"
PATIENCE_S = 2.0
"""How long either side waits for the other's line."""
MAX_LINE = 200
TOKEN_BYTES = 16
RAISED = b"raised\n"


class Lock(Protocol):
    """A lock that the system frees when its holder dies."""

    def acquire(self) -> bool: ...

    def release(self) -> None: ...


class InstanceLock:
    """Owns the lock and the door of one data folder.

    `acquire` is called before anything else touches the folder; `open_door` once a loop runs. `write` replaces a
    file for this user only; `token` gives random bytes.
    """

    def __init__(
        self, folder: Path, lock: Lock, *, write: Callable[[Path, bytes], None], token: Callable[[int], bytes]
    ) -> None:
        self._door_file = folder / "instance.door"
        self._lock = lock
        self._write = write
        self._word = token(TOKEN_BYTES).hex()
        self._server: asyncio.Server | None = None
        self._raise_window: Callable[[], None] | None = None

    def acquire(self) -> bool:
        """False when another TradeStream has the folder; then `ask_to_raise` and exit 4."""
        return self._lock.acquire()

    async def open_door(self, raise_window: Callable[[], None]) -> None:
        """From now on a second start brings our window to the front."""
        self._raise_window = raise_window
        self._server = await asyncio.start_server(self._answer, LOOPBACK, 0, limit=MAX_LINE)
        port = self._server.sockets[0].getsockname()[1]
        line = f"{port} {self._word} {os.getpid()}\n"
        await asyncio.to_thread(self._write, self._door_file, line.encode())

    async def close(self) -> None:
        """Shuts the door, then frees the lock."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            await asyncio.to_thread(self._door_file.unlink, missing_ok=True)
        self._lock.release()

    async def ask_to_raise(self) -> bool:
        """Asks the TradeStream that holds the folder to show itself; False when it does not answer."""
        try:
            text = await asyncio.to_thread(self._door_file.read_text)
            port, word = text.split()[:2]
            async with asyncio.timeout(PATIENCE_S):
                reader, writer = await asyncio.open_connection(LOOPBACK, int(port))
                writer.write(f"raise {word}\n".encode())
                answer = await reader.readline()
                writer.close()
                await writer.wait_closed()
        except (OSError, ValueError, TimeoutError):
            return False
        return answer == RAISED

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One line in, one line out; whoever does not know the word hears nothing."""
        with contextlib.suppress(OSError, ValueError, TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                line = await reader.readline()
            if hmac.compare_digest(line.strip(), f"raise {self._word}".encode()) and self._raise_window is not None:
                self._raise_window()
                writer.write(RAISED)
                await writer.drain()
        writer.close()
