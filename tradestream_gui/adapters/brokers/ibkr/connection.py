"""The one socket to TWS: log-in, requests with answers, heartbeat, and who is told when it breaks."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from ib_insync import client as tws_client

from tradestream_gui.adapters.brokers.ibkr import causes
from tradestream_gui.adapters.brokers.ibkr.hearing import Hearing, Row
from tradestream_gui.adapters.brokers.ibkr.log_in import Endpoint, log_in
from tradestream_gui.adapters.brokers.ibkr.rows import ErrorRow, OrderRow
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock, Tasks

CLOCK_TOLERANCE = timedelta(seconds=2)
"""TWS tells its time in whole seconds: smaller differences say nothing."""

Client: Any = tws_client.Client
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. A link that says nothing is told down after `beat_s` + `answer_s` at the latest."""

    log_in_s: float = 8.0
    answer_s: float = 8.0
    beat_s: float = 5.0
    commission_s: float = 0.5
    """How long a fill waits for its fees before it is told without them."""
    coalesce_s: float = 0.2
    """Position and account messages come in bursts; what follows from them is done once, so much later."""


class RequestRefused(Exception):
    """TWS answered a request with an error: certainly no result."""

    def __init__(self, row: ErrorRow) -> None:
        super().__init__(f"{row.words} (code {row.code})")
        self.code = row.code


class Listener(Protocol):
    """The broker's and the feed's side of the socket; all calls on the loop's thread."""

    def heard(self, key: object, row: Row) -> None: ...

    def error(self, row: ErrorRow) -> None: ...

    def link(self, state: LinkState, detail: str) -> None: ...

    def restored(self, *, data_lost: bool) -> None:
        """TWS has its own connection back."""

    def tick(self, request_id: int, kind: int, value: float | str, size: float) -> None: ...

    def data_type(self, request_id: int, data_type: int) -> None: ...

    def depth(self, request_id: int, row: int, operation: int, side: int, price: float, size: float) -> None: ...

    def chunk_read(self) -> None:
        """All messages of one reading of the socket have been handed on."""


@dataclass(slots=True)
class _Request:
    answer: "asyncio.Future[list[Row]]"
    rows: list[Row] = field(default_factory=list)


class Connection:
    """Shared by the broker and the feed. `proof` says why the accounts of a log-in must not be used, or nothing."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        clock: Clock,
        tasks: Tasks,
        proof: Callable[[tuple[str, ...]], str],
        timing: Timing,
    ) -> None:
        self.endpoint = endpoint
        self.timing = timing
        self.state = LinkState.OFF
        self.clock_offset = timedelta(0)
        """TWS's clock minus ours."""
        self.accounts: tuple[str, ...] = ()
        self._clock = clock
        self._tasks = tasks
        self._proof = proof
        self._client: Any = None
        self._backend_lost = ""
        self._complaint = ""
        self._listeners: list[Listener] = []
        self._requests: dict[object, _Request] = {}
        self._refusal: asyncio.Future[str] | None = None
        self._opening = asyncio.Lock()
        self._named: dict[str, asyncio.Lock] = {}

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    @property
    def is_open(self) -> bool:
        """Whether the socket carries requests and TWS is connected to IBKR."""
        return self._client is not None and self._client.isReady() and not self._backend_lost

    @property
    def is_logged_in(self) -> bool:
        """Whether there is a socket: TWS keeps subscriptions for as long as it lasts, unless it says otherwise."""
        return self._client is not None

    # -- opening and closing -------------------------------------------------------------------------------

    async def open(self) -> None:
        """Logs in, unless it is done. Tells CONNECTING; UP is said by whoever has read the books. Raises
        BrokerUnreachable with the cause and what to do."""
        async with self._opening:
            if self._client is not None:
                if self._backend_lost:
                    raise BrokerUnreachable(self._backend_lost)
                return
            self.tell(LinkState.CONNECTING, f"logging in to TWS at {self.endpoint}")
            self._complaint = ""
            hearing = Hearing(self)
            client = Client(hearing)
            self._client = client
            self._refusal = asyncio.get_running_loop().create_future()
            words = await log_in(client, self.endpoint, self.timing.log_in_s, self._refusal)
            self._refusal = None
            state = LinkState.DOWN
            if not words:
                words, state = self._proof(hearing.accounts), LinkState.AUTH_FAILED
            if words:
                self._hang_up()
                self.tell(state, words)
                raise BrokerUnreachable(words)
            self.accounts = hearing.accounts
            await self.measure_clock()
            self._tasks.spawn(self._beat(client), "TWS heartbeat")

    def up(self) -> None:
        self.tell(LinkState.UP, f"{', '.join(self.accounts)} at {self.endpoint}")

    def close(self) -> None:
        self._hang_up()
        if self.state is not LinkState.OFF:
            self.tell(LinkState.OFF, "")

    def drop(self, reason: str) -> None:
        """Gives the socket up: nothing that is under way has an answer any more."""
        if self._client is not None:
            self._hang_up()
            self.tell(LinkState.DOWN, reason)

    def tell(self, state: LinkState, detail: str) -> None:
        self.state = state
        for listener in self._listeners:
            listener.link(state, detail)

    # -- requests ------------------------------------------------------------------------------------------

    def client(self) -> Any:
        """The library's client, for messages without an answer; raises BrokerUnreachable while there is none."""
        if not self.is_open:
            words = self._backend_lost or f"there is no connection to TWS at {self.endpoint}"
            raise BrokerUnreachable(words)
        return self._client

    def send(self, message: Callable[[Any], None]) -> None:
        """Hands one message over; raises BrokerUnreachable."""
        try:
            message(self.client())
        except ConnectionError as error:
            raise BrokerUnreachable(f"TWS at {self.endpoint} is gone: {error}") from error

    def next_id(self) -> int:
        number: int = self.client().getReqId()
        return number

    async def request(self, send: Callable[[Any, int], None], *, timeout_s: float | None = None) -> list[Row]:
        """One request with a number of its own. Raises RequestRefused or BrokerUnreachable."""
        client, number = self.client(), self.next_id()
        return await self._answer(number, lambda: send(client, number), timeout_s)

    async def request_named(self, key: str, send: Callable[[Any], None]) -> list[Row]:
        """One request of a kind that has no number, so that only one may be under way. When it is not answered in
        time the socket is given up: a late answer would pass for that of the next one."""
        async with self._named.setdefault(key, asyncio.Lock()):
            client = self.client()
            try:
                return await self._answer(key, lambda: send(client), None)
            except BrokerUnreachable as error:
                self.drop(str(error))
                raise

    async def measure_clock(self) -> None:
        rows = await self.request_named("time", lambda client: client.reqCurrentTime())
        theirs = next((row for row in rows if isinstance(row, datetime)), None)
        if theirs is not None:
            offset = theirs - self._clock.now()
            self.clock_offset = offset if abs(offset) > CLOCK_TOLERANCE else timedelta(0)

    # -- what the decoder says (Ear) -----------------------------------------------------------------------

    def heard(self, key: object, row: Row) -> None:
        request = self._requests.get(key)
        if request is not None:
            request.rows.append(row)
        if isinstance(row, OrderRow) and row.client_id == self.endpoint.client_id and self._client is not None:
            self._client.updateReqId(row.order_id + 1)  # a number in use would change that order
        for listener in self._listeners:
            listener.heard(key, row)

    def finished(self, key: object) -> None:
        request = self._requests.get(key)
        if request is not None and not request.answer.done():
            request.answer.set_result(request.rows)

    def error(self, row: ErrorRow) -> None:
        _log.info("TWS message %s for %s: %s", row.code, row.request_id, row.words)
        if self._refusal is not None and not self._refusal.done() and row.code in causes.LOG_IN_REFUSED:
            self._refusal.set_result(causes.log_in_refused(row, self.endpoint.client_id))
        elif row.code in causes.BACKEND_LOST:
            self._backend_lost = f"TWS lost its connection to IBKR: {row.words} Orders there stay as they are."
            self._fail_requests(self._backend_lost)
            self.tell(LinkState.DOWN, self._backend_lost)
        elif row.code in causes.BACKEND_RESTORED:
            self._backend_lost = ""
            for listener in self._listeners:
                listener.restored(data_lost=row.code == causes.DATA_LOST)
        elif row.request_id < 0 and not causes.is_warning(row.code):
            self._complaint = f"{row.words} (code {row.code})"
        request = self._requests.get(row.request_id)
        is_note = causes.is_warning(row.code) or row.code in causes.ORDER_NOTES
        if request is not None and not is_note and not request.answer.done():
            request.answer.set_exception(RequestRefused(row))
            return
        for listener in self._listeners:
            listener.error(row)

    def tick(self, request_id: int, kind: int, value: float | str, size: float) -> None:
        for listener in self._listeners:
            listener.tick(request_id, kind, value, size)

    def data_type(self, request_id: int, data_type: int) -> None:
        for listener in self._listeners:
            listener.data_type(request_id, data_type)

    def depth(self, request_id: int, row: int, operation: int, side: int, price: float, size: float) -> None:
        for listener in self._listeners:
            listener.depth(request_id, row, operation, side, price, size)

    def chunk_read(self) -> None:
        for listener in self._listeners:
            listener.chunk_read()

    def closed(self) -> None:
        self.drop(f"TWS at {self.endpoint} closed the connection")

    # -- inside --------------------------------------------------------------------------------------------

    async def _answer(self, key: object, send: Callable[[], None], timeout_s: float | None) -> list[Row]:
        request = _Request(asyncio.get_running_loop().create_future())
        self._requests[key] = request
        wait_s = timeout_s or self.timing.answer_s
        try:
            send()
            return await asyncio.wait_for(request.answer, wait_s)
        except TimeoutError as error:
            words = f"TWS at {self.endpoint} gave no answer within {wait_s:g} s"
            raise BrokerUnreachable(f"{words}. It said: {self._complaint}" if self._complaint else words) from error
        except ConnectionError as error:
            raise BrokerUnreachable(f"TWS at {self.endpoint} is gone: {error}") from error
        finally:
            self._requests.pop(key, None)

    async def _beat(self, client: Any) -> None:
        while self._client is client:
            await self._clock.sleep(self.timing.beat_s)
            if self._client is not client:
                return
            if self._backend_lost:
                continue
            try:
                await self.measure_clock()
            except BrokerUnreachable as error:
                _log.warning("TWS heartbeat: %s", error)

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        self._backend_lost = ""
        if client is not None:
            transport = client.conn.transport
            client.disconnect()
            if transport is not None:
                transport.abort()  # a dead link would hold back what is still to be written
        self._fail_requests(f"the connection to TWS at {self.endpoint} ended")

    def _fail_requests(self, words: str) -> None:
        for request in self._requests.values():
            if not request.answer.done():
                request.answer.set_exception(BrokerUnreachable(words))
