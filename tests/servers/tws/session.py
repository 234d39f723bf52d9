"""One client's connection: greeting, log-in, and the bytes both ways, with the faults that the control asks for."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from tests.servers.tws import messages
from tests.servers.tws.dialect import spoken
from tests.servers.tws.faults import Faults
from tests.servers.tws.market import Subscriptions
from tests.servers.tws.messages import Fields
from tests.servers.tws.wire import FrameReader, frame

SERVER_VERSION = 176
START_API = 71


class Host(Protocol):
    """What a session asks of its server."""

    faults: Faults
    account: str

    def greeting_time(self) -> str: ...

    def connected(self, session: "Session") -> None: ...

    def may_log_in(self, session: "Session") -> bool:
        """False when this client id is taken."""

    def closed(self, session: "Session") -> None: ...

    def free_order_id(self, client_id: int) -> int: ...

    def answer(self, session: "Session", fields: list[str]) -> None: ...


class Session:
    """An asyncio protocol without its base class: `asyncio` asks for these methods only."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._reader = FrameReader()
        self._transport: asyncio.Transport | None = None
        self._unread: list[bytes] = []
        self._unsent: list[bytes] = []
        self._events: list[Fields] = []
        self._greeted = False
        self.client_id = -1
        self.version = SERVER_VERSION
        self.is_ready = False
        self.is_dead = False
        self.wants_positions = False
        self.account_requests: dict[int, str] = {}
        self.wants_portfolio = False
        self.market = Subscriptions()
        self.received_at: list[float] = []

    # -- bytes ---------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._host.connected(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._host.closed(self)

    def eof_received(self) -> bool:
        return False

    def pause_writing(self) -> None:
        """A client that does not read gets what fits; tests are small."""

    def resume_writing(self) -> None:
        """Nothing was held back."""

    def data_received(self, data: bytes) -> None:
        faults = self._host.faults
        if self.is_dead or faults.dead or faults.deaf:
            self.is_dead = self.is_dead or faults.dead
            return
        if faults.frozen:
            self._unread.append(data)
            return
        try:
            for fields in self._reader.feed(data):
                self._take(fields)
        except ValueError:
            self.close()

    def thaw(self) -> None:
        """Everything that was held back, in its order."""
        unsent, self._unsent = self._unsent, []
        for data in unsent:
            self._write(data)
        unread, self._unread = self._unread, []
        for data in unread:
            self.data_received(data)

    def send(self, *fields: object) -> None:
        self._write(frame(spoken(fields, self.version)))

    def tell(self, events: Sequence[Fields]) -> None:
        """Order events, with what may happen to them on the way."""
        faults = self._host.faults
        if faults.events_backwards:
            if not self._events:
                asyncio.get_running_loop().call_soon(self._tell_backwards)
            self._events.extend(events)
            return
        for event in events:
            if faults.garbage:
                self._babble()
            self.send(*event)
            if faults.events_twice:
                self.send(*event)

    def raw(self, data: bytes) -> None:
        """Bytes as they are, valid or not."""
        self._write(data)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """A reset instead of an orderly end."""
        if self._transport is not None:
            self._transport.abort()

    # -- inside --------------------------------------------------------------------------------------------

    def _write(self, data: bytes) -> None:
        faults = self._host.faults
        if self._transport is None or self.is_dead or faults.dead or faults.mute:
            return
        if faults.frozen:
            self._unsent.append(data)
            return
        for piece in [data[i : i + 1] for i in range(len(data))] if faults.split else [data]:
            self._transport.write(piece)

    def _take(self, fields: list[str]) -> None:
        if not self._greeted:
            self._greet(fields[0])
            return
        if not self.is_ready:
            self._log_in(fields)
            return
        self.received_at.append(asyncio.get_running_loop().time())
        if self._host.faults.throttle:
            self._host.faults.throttle = False
            self.send(*messages.error(-1, 100, "Max rate of messages per second has been exceeded"))
            self.close()
            self._reader = FrameReader()
            return
        self._host.answer(self, fields)

    def _greet(self, versions: str) -> None:
        least, _, most = versions.removeprefix("v").partition("..")
        most = (most or least).split(" ")[0]
        self.version = min(SERVER_VERSION, int(most))
        self._greeted = True
        self.send(self.version, self._host.greeting_time())

    def _log_in(self, fields: list[str]) -> None:
        if int(fields[0]) != START_API:
            self.close()
            return
        self.client_id = int(fields[2])
        if self._host.faults.login == "silent":
            self.close()
            return
        if self._host.faults.login == "in use" or not self._host.may_log_in(self):
            words = "Unable to connect as the client id is already in use. Retry with a unique client id."
            self.send(*messages.error(-1, 326, words))
            self.close()
            return
        self.is_ready = True
        self.send(15, 1, self._host.account)
        self.send(9, 1, 1 if self._host.faults.stale_ids else self._host.free_order_id(self.client_id))
        for code, farm in ((2104, "usfuture"), (2106, "ushmds"), (2158, "secdefnj")):
            self.send(*messages.error(-1, code, f"data farm connection is OK:{farm}"))

    def _tell_backwards(self) -> None:
        events, self._events = self._events[::-1], []
        for event in events:
            self.send(*event)

    def _babble(self) -> None:
        """An unknown message, a status of an unknown order, and a message that ends too soon."""
        self.send(999, "nobody", "knows", "this")
        self.send(3, 987_654, "Submitted", 0, 1, 0, 5, 0, 0, self.client_id, "", 0)
        self.send(11, -1, 3)
        self.send(5, "x")
        self.raw(b"\0\0\0\3\xff\xfe\0")
