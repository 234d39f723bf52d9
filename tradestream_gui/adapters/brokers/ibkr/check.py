"""The read-only calls that show what a log-in at TWS can do."""

import asyncio
from functools import partial
from typing import Any

from tradestream_gui.adapters.brokers.ibkr import causes
from tradestream_gui.adapters.brokers.ibkr.connection import Connection, RequestRefused, Timing
from tradestream_gui.adapters.brokers.ibkr.contracts import Contract
from tradestream_gui.adapters.brokers.ibkr.hearing import Row
from tradestream_gui.adapters.brokers.ibkr.log_in import Endpoint
from tradestream_gui.adapters.brokers.ibkr.mapping import kind_of_account, kind_of_port
from tradestream_gui.adapters.brokers.ibkr.rows import DetailsRow, ErrorRow
from tradestream_gui.adapters.runtime.check_steps import CheckSteps
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.connection_check import Tell

PROBED, EXCHANGE = "ES", "CME"
DELAYED_ALLOWED = 3
PRICE_WAIT_S = 4.0
KINDS = {1: "real-time", 2: "frozen", 3: "delayed", 4: "delayed and frozen"}
FAILS = (RequestRefused, OSError, ValueError)


class _Prices:
    """Hears of one data line: its type, its first ticks, and what TWS says against it."""

    def __init__(self) -> None:
        self.number = -1
        self.kind = 0
        self.said: list[str] = []
        self.problem = ""
        self.is_there = asyncio.Event()

    def heard(self, key: object, row: Row) -> None:
        """The connection collects the answers."""

    def link(self, state: LinkState, detail: str) -> None:
        """The steps tell how it ends."""

    def restored(self, *, data_lost: bool) -> None:
        """Nothing is kept."""

    def depth(self, request_id: int, row: int, operation: int, side: int, price: float, size: float) -> None:
        """None is asked for."""

    def chunk_read(self) -> None:
        """Each tick is taken as it comes."""

    def error(self, row: ErrorRow) -> None:
        if row.request_id == self.number:
            self.said.append(f"error {row.code}: {row.words}")
            if row.code in causes.NO_SUBSCRIPTION or not causes.is_warning(row.code):
                self.problem = f"{row.words} (code {row.code})"
            self.is_there.set()

    def tick(self, request_id: int, kind: int, value: float | str, size: float) -> None:
        if request_id == self.number:
            self.said.append(f"tick {kind}: {value} x {size:g}")
            self.is_there.set()

    def data_type(self, request_id: int, data_type: int) -> None:
        if request_id == self.number:
            self.kind = data_type
            self.said.append(f"data type {data_type}")


async def check(endpoint: Endpoint, tell: Tell, *, clock: Clock, tasks: Tasks, timing: Timing) -> bool:
    """A log-in of its own beside any other, under a client id of its own; hung up at the end."""
    connection = Connection(endpoint, clock=clock, tasks=tasks, proof=lambda codes: "", timing=timing)
    steps = CheckSteps(tell, secrets=(), fails=FAILS)
    prices = _Prices()
    connection.listen(prices)
    try:
        let_in = True, f"TWS at {endpoint} let us in"
        if await steps.step("Log-in", partial(_log_in, connection), lambda raw: let_in) is None:
            return False
        await steps.step("Accounts", lambda: _codes(connection), lambda raw: _kinds(raw.split(", "), endpoint.port))
        await steps.step(
            "Positions", lambda: connection.request_named("positions", lambda client: client.reqPositions()),
            lambda rows: (True, f"{len(rows)} told"),
        )  # fmt: skip
        await steps.step(
            "Working orders", lambda: connection.request_named("orders", lambda client: client.reqAllOpenOrders()),
            lambda rows: (True, f"{len(rows)} told: the API is not read-only"),
        )  # fmt: skip
        found = await steps.step(f"Contracts of {PROBED}", lambda: _months(connection), _months_told)
        if found:
            ask = partial(_price, connection, prices, found[0], clock)
            await steps.step(f"Price of {PROBED}", ask, partial(_price_told, prices))
        return steps.is_good
    finally:
        connection.close()


async def _log_in(connection: Connection) -> str:
    await connection.open()
    offset_s = connection.clock_offset.total_seconds()
    return f"managed accounts: {', '.join(connection.accounts)}\nclock: {offset_s:+.0f} s against this computer's"


async def _codes(connection: Connection) -> str:
    return ", ".join(connection.accounts)


def _kinds(codes: list[str], port: int) -> tuple[bool, str]:
    by_port, told, is_good = kind_of_port(port), [], True
    for code in codes:
        kind = kind_of_account(code)
        words = "nobody can tell paper from live by this code" if kind is None else f"a {kind.value} account"
        if kind is not None and by_port is not None and by_port is not kind:
            is_good = False
            words += f", but {port} is the {by_port.value} port: set the port of the right log-in"
        told.append(f"{code} is {words}" if kind is not None else f"{code}: {words}")
    return is_good, "; ".join(told)


async def _months(connection: Connection) -> list[DetailsRow]:
    contract = Contract(symbol=PROBED, secType="FUT", tradingClass=PROBED, exchange=EXCHANGE, currency="USD")

    def send(client: Any, number: int) -> None:
        client.reqContractDetails(number, contract)

    rows = [row for row in await connection.request(send) if isinstance(row, DetailsRow)]
    return sorted(rows, key=lambda row: row.contract_month)


def _months_told(rows: list[DetailsRow]) -> tuple[bool, str]:
    months = ", ".join(row.contract.local_symbol for row in rows[:4])
    return bool(rows), f"listed: {months}" if rows else f"TWS lists no {PROBED}: switch on futures permissions"


async def _price(connection: Connection, prices: _Prices, row: DetailsRow, clock: Clock) -> str:
    contract = Contract(conId=row.contract.con_id, exchange=EXCHANGE)
    connection.send(lambda client: client.reqMarketDataType(DELAYED_ALLOWED))
    prices.number = connection.next_id()
    connection.send(lambda client: client.reqMktData(prices.number, contract, "", False, False, []))
    try:
        async with asyncio.timeout(PRICE_WAIT_S):
            await prices.is_there.wait()
        await clock.sleep(0.2)  # for the ticks that come with the first
    except TimeoutError:
        prices.said.append(f"nothing within {PRICE_WAIT_S:g} s")
    connection.send(lambda client: client.cancelMktData(prices.number))
    return "\n".join(prices.said)


def _price_told(prices: _Prices, raw: str) -> tuple[bool, str]:
    kind = KINDS.get(prices.kind, "of a kind that TWS did not tell")
    if "tick" in raw:
        return True, f"prices come, {kind}"
    if prices.problem:
        return False, f"no prices: {prices.problem}. Subscribe to the data in the Client Portal, Market Data"
    return False, "no price came: the market may be closed, or the data is not subscribed"
